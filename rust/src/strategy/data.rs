//! Data of a strategy's own that barter keeps beside its own: it sees each event, is part of the state,
//! and is really copied with it.

use crate::{
    data::{MarketEvent, StoredMarketEvent},
    engine::State,
    execution::AccountEvent,
    instrument::{Indexed, PyIndexedInstruments},
};
use barter::engine::Processor;
use pyo3::{exceptions::PyTypeError, prelude::*, types::PyType};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::sync::{Arc, Mutex, PoisonError};

/// Where the first exception of a state's data is kept: barter's hooks of data cannot fail.
#[derive(Clone, Debug, Default)]
pub struct DataFailure(Arc<Mutex<Option<PyErr>>>);

impl DataFailure {
    /// The exception, if there is one.
    pub fn take(&self) -> Option<PyErr> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Whether there is one: no later hook runs then.
    pub fn is_set(&self) -> bool {
        let failure = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        failure.is_some()
    }

    fn set(&self, error: PyErr) {
        let mut failure = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        failure.get_or_insert(error);
    }
}

/// A Python object that sees each event that barter shows to the data it belongs to.
///
/// A clone shares the object: what is to be kept goes through `copied`.
#[derive(Clone, Debug)]
pub struct StrategyData {
    object: Arc<Py<PyAny>>,
    failure: DataFailure,
}

impl StrategyData {
    /// The object that the strategy's method has given; `None` where it wants no data.
    fn new(
        returned: &Bound<'_, PyAny>,
        method: &str,
        failure: &DataFailure,
    ) -> PyResult<Option<Self>> {
        if returned.is_none() {
            return Ok(None);
        }
        if returned.is_instance_of::<PyType>() {
            return Err(PyTypeError::new_err(format!(
                "{method} returned the class {}, expected an instance",
                returned.repr()?
            )));
        }
        for hook in ["on_market", "on_account"] {
            let callable = returned.getattr_opt(hook)?;
            if !callable.is_some_and(|callable| callable.is_callable()) {
                return Err(PyTypeError::new_err(format!(
                    "{method} returned {}, which has no method {hook}(event)",
                    returned.get_type().name()?
                )));
            }
        }
        Ok(Some(Self {
            object: Arc::new(returned.clone().unbind()),
            failure: failure.clone(),
        }))
    }

    /// The object itself.
    pub fn object<'py>(&self, py: Python<'py>) -> Bound<'py, PyAny> {
        self.object.bind(py).clone()
    }

    fn copied(&self, py: Python<'_>, failure: &DataFailure) -> PyResult<Self> {
        let deepcopy = py.import("copy")?.getattr("deepcopy")?;
        Ok(Self {
            object: Arc::new(deepcopy.call1((&*self.object,))?.unbind()),
            failure: failure.clone(),
        })
    }

    /// Shows an event of a market.
    pub fn on_market(&self, event: &StoredMarketEvent) {
        self.show(|object| {
            let hook = pyo3::intern!(object.py(), "on_market");
            object
                .call_method1(hook, (MarketEvent::from(event),))
                .map(drop)
        });
    }

    /// Shows an event of an account.
    pub fn on_account(&self, event: &barter_execution::AccountEvent) {
        self.show(|object| {
            let hook = pyo3::intern!(object.py(), "on_account");
            object
                .call_method1(hook, (AccountEvent::from(event),))
                .map(drop)
        });
    }

    fn show(&self, call: impl FnOnce(&Bound<'_, PyAny>) -> PyResult<()>) {
        if self.failure.is_set() {
            return;
        }
        Python::attach(|py| {
            if let Err(error) = call(self.object.bind(py)) {
                self.failure.set(error);
            }
        });
    }
}

/// As Python compares them; what cannot be compared is not equal.
impl PartialEq for StrategyData {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.object, &other.object)
            || Python::attach(|py| self.object.bind(py).eq(&*other.object)).unwrap_or(false)
    }
}

/// A strategy's data for the whole engine, of which barter knows as its global data.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct GlobalData(pub Option<StrategyData>);

/// Objects of Python are pickled beside the text of a state.
impl Serialize for GlobalData {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

impl<'de> Deserialize<'de> for GlobalData {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <()>::deserialize(deserializer)?;
        Ok(Self::default())
    }
}

impl Processor<&StoredMarketEvent> for GlobalData {
    type Audit = ();

    fn process(&mut self, event: &StoredMarketEvent) {
        if let Some(data) = &self.0 {
            data.on_market(event);
        }
    }
}

impl Processor<&barter_execution::AccountEvent> for GlobalData {
    type Audit = ();

    fn process(&mut self, event: &barter_execution::AccountEvent) {
        if let Some(data) = &self.0 {
            data.on_account(event);
        }
    }
}

/// Asks the strategy for its data, and puts it into the state.
pub fn give_data(
    strategy: &Bound<'_, PyAny>,
    state: &mut State,
    indexed: &Arc<Indexed>,
) -> PyResult<Option<DataFailure>> {
    let name = strategy.get_type().name()?.to_string();
    let failure = DataFailure::default();
    let mut any = false;
    if let Some(method) = strategy.getattr_opt("global_data")? {
        let place = format!("{name}.global_data");
        state.global.0 = StrategyData::new(&method.call0()?, &place, &failure)?;
        any |= state.global.0.is_some();
    }
    if let Some(method) = strategy.getattr_opt("instrument_data")? {
        let place = format!("{name}.instrument_data");
        let definitions = PyIndexedInstruments(Arc::clone(indexed)).definitions();
        for (instrument, definition) in state.instruments.0.values_mut().zip(definitions) {
            let returned = method.call1((definition,))?;
            instrument.data.own = StrategyData::new(&returned, &place, &failure)?;
            any |= instrument.data.own.is_some();
        }
    }
    Ok(any.then_some(failure))
}

/// The strategy's own objects in the state: the global one, and each instrument's.
pub fn objects(state: &State, py: Python<'_>) -> Vec<Option<Py<PyAny>>> {
    let instruments = state.instruments.0.values();
    let places = instruments.map(|instrument| &instrument.data.own);
    [&state.global.0]
        .into_iter()
        .chain(places)
        .map(|data| data.as_ref().map(|data| data.object.clone_ref(py)))
        .collect()
}

/// Puts them back.
pub fn put_objects(state: &mut State, objects: Vec<Option<Py<PyAny>>>) {
    let failure = DataFailure::default();
    let instruments = state.instruments.0.values_mut();
    let places = instruments.map(|instrument| &mut instrument.data.own);
    for (place, object) in [&mut state.global.0].into_iter().chain(places).zip(objects) {
        *place = object.map(|object| StrategyData {
            object: Arc::new(object),
            failure: failure.clone(),
        });
    }
}

/// A copy of the state that shares nothing with it, with its own place for an exception.
pub fn copied(state: &State) -> PyResult<(State, DataFailure)> {
    let mut copy = state.clone();
    let failure = DataFailure::default();
    let instruments = copy.instruments.0.values_mut();
    let places = instruments.map(|instrument| &mut instrument.data.own);
    for data in places.chain([&mut copy.global.0]).flatten() {
        *data = Python::attach(|py| data.copied(py, &failure))?;
    }
    Ok((copy, failure))
}
