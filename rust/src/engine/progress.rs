//! How far a run is, told to Python.

use pyo3::prelude::*;
use std::time::{Duration, Instant};

/// Tells Python how far a run is.
pub struct Progress {
    callable: Py<PyAny>,
    told: Instant,
}

impl Progress {
    const INTERVAL: Duration = Duration::from_millis(50);
    /// How many events are processed between two looks at the machine's clock.
    const EVENTS_AT_ONCE: usize = 16;

    /// Calls `callable(done, total)` at most twenty times a second.
    pub fn new(callable: Py<PyAny>) -> Self {
        Self {
            callable,
            told: Instant::now(),
        }
    }

    /// Tells, if it is time, or the last event is done.
    pub fn tell(&mut self, py: Python<'_>, done: usize, total: usize) -> PyResult<()> {
        let last = done == total;
        if last
            || done.is_multiple_of(Self::EVENTS_AT_ONCE) && self.told.elapsed() >= Self::INTERVAL
        {
            self.callable.call1(py, (done, total))?;
            self.told = Instant::now();
        }
        Ok(())
    }
}
