//! Snapshots of the engine's state as text, for pickling: barter's JSON, exactly.

use super::{Run, SeenEvent, State, put_objects, run::Source};
use crate::{error::Error, instrument::Indexed, stops::PlacedStops};
use barter_instrument::{Keyed, instrument::InstrumentIndex};
use pyo3::{exceptions::PyTypeError, prelude::*};
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, sync::Arc};

/// The text of a snapshot has everything but the instruments.
#[derive(Serialize, Deserialize)]
struct SnapshotText<'a> {
    time_ns: i64,
    updated: Option<usize>,
    event: Option<SeenEvent>,
    client_order_ids: u64,
    #[serde(default)]
    stops: PlacedStops,
    state: Cow<'a, State>,
}

/// The text of a snapshot; a `TypeError` if the state is that of a running engine.
pub fn write(run: &Run) -> PyResult<String> {
    let Source::Snapshot(state) = &run.state else {
        return Err(PyTypeError::new_err(
            "a view of a running engine cannot be pickled or copied: take a snapshot() of it inside \
             a callback, and pickle that",
        ));
    };
    let snapshot = SnapshotText {
        time_ns: run.now(),
        updated: run.updated_instrument().map(|index| index.index()),
        event: run.event(),
        client_order_ids: run.client_order_ids(),
        stops: run.stops.placed(),
        state: Cow::Borrowed(state),
    };
    serde_json::to_string(&snapshot).map_err(|error| Error::config(error.to_string()).into())
}

/// Reads a snapshot from a text that `write` has made, for the same instruments.
pub fn read(indexed: &Arc<Indexed>, text: &str, own_data: &Bound<'_, PyAny>) -> PyResult<Run> {
    let snapshot: SnapshotText<'_> = serde_json::from_str(text)
        .map_err(|error| Error::config(format!("not a snapshot of an engine: {error}")))?;
    let SnapshotText {
        time_ns,
        updated,
        event,
        client_order_ids,
        stops,
        state,
    } = snapshot;
    let mut state = state.into_owned();
    let known = indexed.instruments.instruments();
    let names = known.iter().map(|known| &known.value.name_internal);
    if !names.eq(state.instruments.0.keys()) {
        return Err(Error::config("the snapshot is of other instruments".to_owned()).into());
    }
    // barter's JSON cuts expiries to milliseconds.
    for (Keyed { value, .. }, state) in known.iter().zip(state.instruments.0.values_mut()) {
        let exchange = value.exchange.key;
        state.instrument = value.clone().map_exchange_key(exchange);
    }
    put_objects(&mut state, own_data)?;
    let indexed = Arc::clone(indexed);
    Ok(Run::restored(
        indexed,
        state,
        time_ns,
        event,
        updated.map(InstrumentIndex),
        client_order_ids,
        stops,
    ))
}
