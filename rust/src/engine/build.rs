//! The engine assembled: barter's, with our state in it and a Python strategy.

use super::{clock::DriverClock, requests::RequestTxs};
use crate::{
    convert::datetime_from_nanos,
    risk::PyRiskManager,
    state::{Failure, GlobalData, InstrumentData, Run, State, give_data},
    strategy::{PyStrategy, give_indicators, wake_on},
};
use barter::engine::Engine;
use pyo3::prelude::*;
use std::sync::Arc;

/// barter's engine as a run drives it.
pub type RunEngine = Engine<DriverClock, State, RequestTxs, PyStrategy, PyRiskManager>;

/// The engine at the start of a run, with a Python strategy in it.
pub fn engine_of(
    strategy: &Bound<'_, PyAny>,
    risk_manager: Option<&Bound<'_, PyAny>>,
    guard_commands: bool,
    run: &Arc<Run>,
) -> PyResult<RunEngine> {
    // One for all user code: after the first exception none of it runs.
    let failure = Failure::default();
    let risk = match risk_manager {
        Some(risk_manager) => PyRiskManager::new(risk_manager, run, failure.clone())?,
        None => PyRiskManager::Default,
    };
    let guard = if guard_commands {
        risk.clone()
    } else {
        PyRiskManager::Default
    };
    let object = strategy;
    let conditions = wake_on(object, run.indexed.instruments.instruments().len())?;
    let strategy = PyStrategy::new(
        object,
        conditions.is_some(),
        Arc::clone(run),
        guard,
        failure.clone(),
    )?;
    let mut state = initial_state(object, run, &failure)?;
    give_indicators(conditions.as_deref(), &mut state);
    Ok(RunEngine::new(
        DriverClock::new(run.now()),
        state,
        RequestTxs::new(run.indexed.instruments.exchanges().len()),
        strategy,
        risk,
    ))
}

/// The state at the start of a run, with the strategy's own data in it.
fn initial_state(strategy: &Bound<'_, PyAny>, run: &Run, failure: &Failure) -> PyResult<State> {
    let global = GlobalData::default();
    let mut state = State::builder(&run.indexed.instruments, global, |_| {
        InstrumentData::default()
    })
    .time_engine_start(datetime_from_nanos(run.now()))
    .build();
    give_data(strategy, &mut state, &run.indexed, failure)?;
    Ok(state)
}
