//! Commands from outside at their places among the market events.

use super::driver::Driver;
use crate::{data::MarketKind, engine::Event};
use barter::{
    EngineEvent, engine::state::instrument::filter::InstrumentFilter,
    execution::request::ExecutionRequest,
};
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
};
use std::collections::VecDeque;

/// A command, or trading on or off, from outside a run.
pub struct ScriptedCommand {
    /// How many market events come before it.
    pub after: usize,
    /// When it comes, in nanoseconds since 1970.
    pub time: i64,
    /// What is commanded.
    pub event: Event,
}

impl<'a, 'py> FromPyObject<'a, 'py> for ScriptedCommand {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let (after, time, event): (usize, i64, Event) = object.extract()?;
        check_command(&event)?;
        Ok(Self { after, time, event })
    }
}

/// Refuses events that are no commands.
pub fn check_command(event: &Event) -> PyResult<()> {
    match event {
        Event::Command(_) | Event::Trading(_) => Ok(()),
        Event::Market(_) | Event::Account(_) | Event::Shutdown => Err(PyTypeError::new_err(
            "expected a command (CancelOrders, ClosePositions, SendCancelRequests, SendOpenRequests) or a \
             TradingState",
        )),
    }
}

/// The commands that are to come, the next first.
#[derive(Default)]
pub struct Script(VecDeque<ScriptedCommand>);

impl Script {
    /// The next command, if it comes before the market event after `events` of them.
    pub fn next(&mut self, events: usize) -> Option<ScriptedCommand> {
        if self.0.front()?.after <= events {
            self.0.pop_front()
        } else {
            None
        }
    }
}

impl From<Vec<ScriptedCommand>> for Script {
    fn from(commands: Vec<ScriptedCommand>) -> Self {
        Self(commands.into())
    }
}

/// A request of the engine and when it was sent, in nanoseconds since 1970.
pub struct SentRequest {
    /// When.
    pub time: i64,
    /// What.
    pub request: ExecutionRequest,
}

/// A command that the engine can process now.
pub struct ReadyCommand {
    event: EngineEvent<MarketKind>,
    /// The instruments whose stops it withdraws.
    cancelled: Option<InstrumentFilter>,
}

impl SentRequest {
    /// When it was sent, and the request as barter's JSON.
    pub fn to_row(&self) -> PyResult<(i64, String)> {
        let text = serde_json::to_string(&self.request)
            .map_err(|error| PyValueError::new_err(error.to_string()))?;
        Ok((self.time, text))
    }
}

impl Driver {
    /// Does everything that is due by `time`, and checks a command against the state then.
    pub fn ready(&mut self, time: i64, event: Event) -> PyResult<ReadyCommand> {
        self.reach(time)?;
        let cancelled = event.cancelled();
        let event = event.for_engine(&self.driven.engine.state, &self.driven.run)?;
        Ok(ReadyCommand { event, cancelled })
    }

    /// Has the engine process a command.
    pub fn command(&mut self, command: ReadyCommand) -> PyResult<()> {
        let ReadyCommand { event, cancelled } = command;
        self.driven.run.set_other_event(None);
        let event = self.driven.guard(event, cancelled)?;
        let turn = self.driven.turn_guarded(event);
        self.settle(*turn)?;
        self.change_trading()?;
        self.deliver(self.now)
    }
}
