//! The exception of user code that barter calls: barter's hooks cannot fail.

use pyo3::PyErr;
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

/// Where the first exception of a strategy, its data or its risk manager waits for the driver.
///
/// While one waits, no callback runs.
#[derive(Clone, Debug, Default)]
pub struct Failure(Arc<Pending>);

#[derive(Debug, Default)]
struct Pending {
    /// Whether there is one: looked at at every event.
    is_set: AtomicBool,
    error: Mutex<Option<PyErr>>,
}

impl Failure {
    /// Whether an exception waits.
    #[inline]
    pub fn is_set(&self) -> bool {
        self.0.is_set.load(Ordering::Relaxed)
    }

    /// Keeps an exception, unless one waits already.
    pub fn set(&self, error: PyErr) {
        let mut waiting = self.0.error.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.get_or_insert(error);
        self.0.is_set.store(true, Ordering::Relaxed);
    }

    /// Takes the exception, if one waits; callbacks run again.
    pub fn take(&self) -> Option<PyErr> {
        if !self.is_set() {
            return None;
        }
        let mut waiting = self.0.error.lock().unwrap_or_else(PoisonError::into_inner);
        self.0.is_set.store(false, Ordering::Relaxed);
        waiting.take()
    }
}
