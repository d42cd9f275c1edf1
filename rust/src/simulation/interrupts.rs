//! Ctrl-C in a run that does not call Python.

use pyo3::prelude::*;

/// So many chances to look are let pass: a look needs the interpreter's lock, which another thread may have.
const BETWEEN_LOOKS: u32 = 64;

/// Raises `KeyboardInterrupt` if the process is to be interrupted.
// The method alone is not general enough for the lifetime of the token.
#[allow(clippy::redundant_closure_for_method_calls)]
pub fn look_now() -> PyResult<()> {
    Python::attach(|py| py.check_signals())
}

/// Looks at times whether the process is to be interrupted.
#[derive(Default)]
pub struct Interrupts {
    chances: u32,
}

impl Interrupts {
    /// Looks, at some of the calls.
    pub fn look(&mut self) -> PyResult<()> {
        self.chances = self.chances.wrapping_add(1);
        if self.chances.is_multiple_of(BETWEEN_LOOKS) {
            look_now()?;
        }
        Ok(())
    }
}
