//! Reports of the progress of a run to Python.

use pyo3::prelude::*;
use std::time::{Duration, Instant};

/// Reports the progress of a run to a Python callable.
pub struct Progress {
    callable: Py<PyAny>,
    last_call: Instant,
}

impl Progress {
    const INTERVAL: Duration = Duration::from_millis(50);
    /// How many events are processed between two looks at the machine's clock.
    const EVENTS_AT_ONCE: usize = 16;

    /// Calls `callable(done, total)` at most twenty times a second.
    pub fn new(callable: Py<PyAny>) -> Self {
        Self {
            callable,
            last_call: Instant::now(),
        }
    }

    /// Calls the callable if it is time to, before the event at `position`.
    pub fn report(
        &mut self,
        position: usize,
        done_and_total: impl FnOnce() -> (usize, usize),
    ) -> PyResult<()> {
        if position.is_multiple_of(Self::EVENTS_AT_ONCE)
            && self.last_call.elapsed() >= Self::INTERVAL
        {
            Python::attach(|py| self.callable.call1(py, done_and_total()))?;
            self.last_call = Instant::now();
        }
        Ok(())
    }

    /// Says that all is done.
    pub fn finish(self, py: Python<'_>, total: usize) -> PyResult<()> {
        self.callable.call1(py, (total, total)).map(drop)
    }
}
