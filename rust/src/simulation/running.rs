//! Which strategies are in a run.

use crate::error::Error;
use pyo3::prelude::*;
use std::{
    sync::{Mutex, PoisonError},
    thread::{self, ThreadId},
};

/// A run in a callback of a run in a callback ... ends here, well before the stack does.
const NESTED_RUNS: usize = 16;

/// Marks a strategy as running for as long as it lives: two engines cannot share one.
pub struct Running {
    strategy: usize,
    thread: ThreadId,
}

static RUNNING: Mutex<Vec<(usize, ThreadId)>> = Mutex::new(Vec::new());

impl Running {
    pub fn start(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        let (strategy, thread) = (object.as_ptr() as usize, thread::current().id());
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        if running.iter().any(|(other, _)| *other == strategy) {
            return Err(Error::Busy(format!(
                "this {} is in a run already, which it cannot start or join again; \
                 give each run a strategy of its own",
                object.get_type().name()?
            ))
            .into());
        }
        if running.iter().filter(|(_, other)| *other == thread).count() >= NESTED_RUNS {
            return Err(Error::Busy(format!(
                "{NESTED_RUNS} runs are going on inside one another on this thread already: start this one \
                 after them, or on another thread"
            ))
            .into());
        }
        running.push((strategy, thread));
        Ok(Self { strategy, thread })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        running.retain(|run| *run != (self.strategy, self.thread));
    }
}
