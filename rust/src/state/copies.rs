//! The strategy's own objects in the state: how they get there, and how they are copied with it.

use super::{Failure, State, StrategyData};
use crate::{
    convert::each_item,
    error::Error,
    instrument::{Indexed, PyIndexedInstruments},
};
use pyo3::{PyTraverseError, PyVisit, prelude::*};
use std::sync::Arc;

/// Asks the strategy for its data, and puts it into the state; `failure` is that of the whole engine.
pub fn give_data(
    strategy: &Bound<'_, PyAny>,
    state: &mut State,
    indexed: &Arc<Indexed>,
    failure: &Failure,
) -> PyResult<()> {
    let name = strategy.get_type().name()?.to_string();
    if let Some(method) = strategy.getattr_opt("global_data")? {
        let place = format!("{name}.global_data");
        state.global.0 = StrategyData::new(&method.call0()?, &place, failure)?;
    }
    if let Some(method) = strategy.getattr_opt("instrument_data")? {
        let place = format!("{name}.instrument_data");
        let definitions = PyIndexedInstruments(Arc::clone(indexed)).definitions();
        for (instrument, definition) in state.instruments.0.values_mut().zip(definitions) {
            let returned = method.call1((definition,))?;
            instrument.data.own = StrategyData::new(&returned, &place, failure)?;
        }
    }
    Ok(())
}

fn own_data(state: &State) -> impl Iterator<Item = &StrategyData> {
    let instruments = state.instruments.0.values();
    let places = instruments.filter_map(|instrument| instrument.data.own.as_ref());
    state.global.0.iter().chain(places)
}

/// Whether a state has Python objects in it.
pub fn has_own_data(state: &State) -> bool {
    own_data(state).next().is_some()
}

/// Visits the Python objects of a state, for `__traverse__` of its one owner.
pub fn visit_own_data(state: &State, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
    own_data(state).try_for_each(|data| data.visit(visit))
}

/// Takes the Python objects out of a state, for `__clear__`.
pub fn take_own_data(state: &mut State) -> Vec<StrategyData> {
    let instruments = state.instruments.0.values_mut();
    let places = instruments.filter_map(|instrument| instrument.data.own.take());
    state.global.0.take().into_iter().chain(places).collect()
}

/// The strategy's own objects in the state: the global one, and each instrument's.
pub fn objects(state: &State, py: Python<'_>) -> Vec<Option<Py<PyAny>>> {
    let instruments = state.instruments.0.values();
    let places = instruments.map(|instrument| &instrument.data.own);
    [&state.global.0]
        .into_iter()
        .chain(places)
        .map(|data| data.as_ref().map(|data| data.object(py).unbind()))
        .collect()
}

/// Puts them back; more objects than places are an error.
pub fn put_objects(state: &mut State, objects: &Bound<'_, PyAny>) -> PyResult<()> {
    let failure = Failure::default();
    let instruments = state.instruments.0.values_mut();
    let places = instruments.map(|instrument| &mut instrument.data.own);
    let mut places = [&mut state.global.0].into_iter().chain(places);
    each_item(objects, |_, object| {
        let Some(place) = places.next() else {
            return Err(Error::config("the snapshot is of other instruments".to_owned()).into());
        };
        let object = Some(object).filter(|object| !object.is_none());
        *place = object.map(|object| StrategyData::restored(object.clone().unbind(), &failure));
        Ok(())
    })
}

/// A copy of the state that shares nothing with it, with its own place for an exception.
pub fn copied(state: &State) -> PyResult<(State, Failure)> {
    let mut copy = state.clone();
    let failure = Failure::default();
    let instruments = copy.instruments.0.values_mut();
    let places = instruments.map(|instrument| &mut instrument.data.own);
    for data in places.chain([&mut copy.global.0]).flatten() {
        *data = Python::attach(|py| data.copied(py, &failure))?;
    }
    Ok((copy, failure))
}
