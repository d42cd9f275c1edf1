//! Guards between barter's unchecked arithmetic and Python.

use pyo3::{exceptions::PyValueError, prelude::*};
use serde::{Serialize, de::DeserializeOwned};
use std::{
    cell::Cell,
    panic::{self, AssertUnwindSafe},
    sync::{Mutex, MutexGuard, Once, PoisonError},
};

thread_local! {
    /// Whether a panic of this thread becomes an exception, and needs no text on standard error.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Calls barter. Its decimals panic if a result does not fit, which no check of single arguments can
/// foresee in a running sum of squares: the panic becomes a `ValueError` with the text of `what`.
pub fn guarded<T>(what: impl FnOnce() -> String, calculate: impl FnOnce() -> T) -> PyResult<T> {
    static QUIET: Once = Once::new();
    // The hook is that of this library alone: its copy of the standard library is linked in.
    QUIET.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !GUARDED.get() {
                usual(info);
            }
        }));
    });
    let before = GUARDED.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(calculate));
    GUARDED.set(before);
    result.map_err(|_| PyValueError::new_err(what()))
}

/// The error of an exact check that comes before barter is called.
pub fn too_large(what: &str, arguments: &[(&str, rust_decimal::Decimal)]) -> PyErr {
    let arguments = arguments
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect::<Vec<_>>()
        .join(", ");
    PyValueError::new_err(format!(
        "{what} does not fit into 28 significant digits: {arguments}"
    ))
}

/// State that changes inside a frozen class, from any thread.
#[derive(Default)]
pub struct Held<T>(Mutex<T>);

impl<T: Clone> Held<T> {
    /// Holds the value.
    pub const fn new(value: T) -> Self {
        Self(Mutex::new(value))
    }

    /// The state itself. Nothing panics while it is locked, so that it is never half changed.
    pub fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A copy of the state.
    pub fn get(&self) -> T {
        self.lock().clone()
    }

    /// Changes the state whole, or not at all with an error.
    pub fn change<R>(
        &self,
        what: impl FnOnce() -> String,
        change: impl FnOnce(&mut T) -> R,
    ) -> PyResult<R> {
        let mut held = self.lock();
        let mut next = held.clone();
        let result = guarded(what, || change(&mut next))?;
        *held = next;
        Ok(result)
    }
}

/// The state of a generator as text, for pickling.
pub fn to_json(state: &impl Serialize) -> PyResult<String> {
    serde_json::to_string(state).map_err(|error| PyValueError::new_err(error.to_string()))
}

/// The state of a generator from the text that pickling has written.
pub fn from_json<T: DeserializeOwned>(text: &str) -> PyResult<T> {
    serde_json::from_str(text).map_err(|error| {
        PyValueError::new_err(format!("this is not what pickling has written: {error}"))
    })
}

/// Pickles a class over `Held` by the JSON of its state.
macro_rules! pickled_as_json {
    ($name:ident) => {
        #[::pyo3_stub_gen::derive::gen_stub_pymethods]
        #[::pyo3::pymethods]
        impl $name {
            /// Reads what pickling has written.
            #[staticmethod]
            fn _from_json(text: &str) -> ::pyo3::PyResult<Self> {
                let state = $crate::statistic::guard::from_json(text)?;
                Ok(Self($crate::statistic::guard::Held::new(state)))
            }

            fn __reduce__<'py>(
                slf: &::pyo3::Bound<'py, Self>,
            ) -> ::pyo3::PyResult<$crate::convert::ReducedByMethod<'py, Self>> {
                let text = $crate::statistic::guard::to_json(&slf.get().0.get())?;
                $crate::convert::reduce_by_method(slf.as_any(), ("_from_json", text))
            }
        }
    };
}
pub(crate) use pickled_as_json;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_that_panics_changes_nothing() {
        let held = Held::new((1, 2));
        let result = held.change(
            || "does not fit".to_owned(),
            |state| {
                state.0 = 7;
                assert!(state.1 != 2, "half way");
                state.1 = 7;
            },
        );
        assert!(result.is_err());
        assert_eq!(held.get(), (1, 2));
        assert!(held.change(String::new, |state| state.0 = 3).is_ok());
        assert_eq!(held.get(), (3, 2));
    }
}
