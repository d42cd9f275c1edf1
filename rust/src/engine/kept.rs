//! Snapshots of the engine's state as text, for pickling: barter's JSON, exactly.

use super::{Run, SeenEvent, State, run::Source};
use crate::{error::Error, instrument::Indexed, strategy::put_objects};
use barter_instrument::Keyed;
use pyo3::{exceptions::PyTypeError, prelude::*};
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, sync::Arc};

/// What a snapshot has beside its instruments.
#[derive(Serialize, Deserialize)]
struct Kept<'a> {
    time_ns: i64,
    updated: Option<usize>,
    event: Option<SeenEvent>,
    client_order_ids: u64,
    state: Cow<'a, State>,
}

/// The text of a snapshot; a `TypeError` where the state is a running engine's.
pub fn write(run: &Run) -> PyResult<String> {
    let Source::Kept(state) = &run.state else {
        return Err(PyTypeError::new_err(
            "a view of a running engine cannot be pickled or copied: take a snapshot() of it inside \
             a callback, and pickle that",
        ));
    };
    let count = run.indexed.instruments.instruments().len();
    let kept = Kept {
        time_ns: run.now(),
        updated: Some(run.updated()).filter(|index| *index < count),
        event: run.event(),
        client_order_ids: run.client_order_ids(),
        state: Cow::Borrowed(state),
    };
    serde_json::to_string(&kept).map_err(|error| Error::Config(error.to_string()).into())
}

/// The snapshot of a text that `write` has made, with the same instruments.
pub fn read(indexed: &Arc<Indexed>, text: &str, own_data: Vec<Option<Py<PyAny>>>) -> PyResult<Run> {
    let kept: Kept<'_> = serde_json::from_str(text)
        .map_err(|error| Error::Config(format!("not a snapshot of an engine: {error}")))?;
    let Kept {
        time_ns,
        updated,
        event,
        client_order_ids,
        state,
    } = kept;
    let mut state = state.into_owned();
    let known = indexed.instruments.instruments();
    let names = known.iter().map(|known| &known.value.name_internal);
    if !names.eq(state.instruments.0.keys()) {
        return Err(Error::Config("the snapshot is of other instruments".to_owned()).into());
    }
    // barter's JSON cuts expiries to milliseconds.
    for (Keyed { value, .. }, state) in known.iter().zip(state.instruments.0.values_mut()) {
        let exchange = value.exchange.key;
        state.instrument = value.clone().map_exchange_key(exchange);
    }
    put_objects(&mut state, own_data);
    let indexed = Arc::clone(indexed);
    Ok(Run::restored(
        indexed,
        state,
        time_ns,
        event,
        updated,
        client_order_ids,
    ))
}
