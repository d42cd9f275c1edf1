//! A native function with its own state, as a strategy holds it.

use super::{entry::Entry, memory::Memory};
use crate::{
    convert::{Index, Sequence, named_argument},
    error::{Error, KeyKind},
};
use pyo3::{PyTraverseError, PyVisit, exceptions::PyValueError, prelude::*, types::PyBytes};
use pyo3_stub_gen::{
    PyStubType, TypeInfo,
    derive::{gen_stub_pyclass, gen_stub_pymethods},
};
use std::sync::{Arc, Mutex, PoisonError};

named_argument! {
    levels: Index,
}

/// A native function, with what its own state is at the start of a run.
///
/// `barter_python.compiled` makes it; nobody else needs to.
///
/// Parameters
/// ----------
/// function : ctypes function
///     A C function of ctypes, declared with the signature of `CFunction`.
/// name : str
///     The name of the function in errors.
/// instruments : sequence of str
///     The names of the instruments whose events it is called with.
/// own : bytes
///     The records of these instruments, one behind the other, each a multiple of 8 bytes.
/// failure : callable
///     Called without arguments where the function has failed; returns its exception, what else is known
///     in words, or `None`.
/// levels : int
///     How many levels of each side of the book it reads.
/// account_events : bool
///     Whether it is called after events of the account too.
/// is_python : bool
///     Whether it is Python behind ctypes, for which the interpreter's lock is kept.
///
/// Raises
/// ------
/// TypeError
///     If the function is of another type or signature.
/// ValueError
///     If it is a null pointer, or the records have no common size.
#[gen_stub_pyclass]
#[pyclass(frozen, module = "barter_python._core")]
pub struct NativeFunction {
    pub(super) entry: Entry,
    pub(super) name: String,
    pub(super) instruments: Vec<String>,
    pub(super) own: Vec<u8>,
    failure: AsksReason,
    pub(super) levels: usize,
    pub(super) account_events: bool,
    pub(super) is_python: bool,
    /// Of the run that has begun last.
    last: Mutex<Option<Arc<Memory>>>,
}

/// A callable that says why a function has failed.
#[derive(FromPyObject)]
pub struct AsksReason(Py<PyAny>);

impl PyStubType for AsksReason {
    fn type_output() -> TypeInfo {
        TypeInfo::builtin("object")
    }
}

/// Why a function has failed.
pub enum Reason {
    /// In words.
    Text(String),
    /// An exception of Python.
    Exception(PyErr),
}

impl NativeFunction {
    /// How many words a record has.
    pub(super) fn record_words(&self) -> usize {
        let words = self
            .own
            .len()
            .checked_div(size_of::<u64>())
            .unwrap_or_default();
        words
            .checked_div(self.instruments.len())
            .unwrap_or_default()
    }

    /// The records of a run that begins.
    pub(super) fn begin(&self) -> Arc<Memory> {
        let memory = Arc::new(Memory::new(&self.own));
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last = Some(Arc::clone(&memory));
        memory
    }

    /// Why the function has failed, if it says so.
    pub(super) fn reason(&self, py: Python<'_>) -> PyResult<Option<Reason>> {
        let raised = self.failure.0.bind(py).call0()?;
        if raised.is_none() {
            return Ok(None);
        }
        Ok(Some(match raised.extract() {
            Ok(text) => Reason::Text(text),
            Err(_) => Reason::Exception(PyErr::from_value(raised)),
        }))
    }
}

#[pymethods]
impl NativeFunction {
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.entry.visit(&visit)?;
        visit.call(&self.failure.0)
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl NativeFunction {
    #[new]
    #[pyo3(signature = (function, name, *, instruments, own, failure, levels, account_events, is_python))]
    #[allow(clippy::too_many_arguments)]
    fn __new__(
        function: Entry,
        name: String,
        instruments: Sequence<String>,
        own: &Bound<'_, PyBytes>,
        failure: AsksReason,
        #[pyo3(from_py_with = levels)] levels: Index,
        account_events: bool,
        is_python: bool,
    ) -> PyResult<Self> {
        let native = Self {
            entry: function,
            name,
            instruments: instruments.0,
            own: own.as_bytes().to_vec(),
            failure,
            levels: levels.0,
            account_events,
            is_python,
            last: Mutex::default(),
        };
        let whole = native.record_words().checked_mul(native.instruments.len());
        let bytes = whole.and_then(|words| words.checked_mul(size_of::<u64>()));
        if bytes != Some(native.own.len()) {
            return Err(PyValueError::new_err(format!(
                "own has {} bytes, which are not {} records of whole words",
                native.own.len(),
                native.instruments.len()
            )));
        }
        Ok(native)
    }

    /// The record of an instrument, in the run that has begun last; before that, as it is at a start.
    ///
    /// Parameters
    /// ----------
    /// instrument : str
    ///     The name of the instrument.
    ///
    /// Raises
    /// ------
    /// UnknownKeyError
    ///     If the function has no state of that instrument.
    /// ViewError
    ///     If the run goes on in another thread.
    fn record<'py>(&self, py: Python<'py>, instrument: &str) -> PyResult<Bound<'py, PyBytes>> {
        let place = self.instruments.iter().position(|name| name == instrument);
        let Some(place) = place else {
            let text = format!(
                "{} has no state of instrument {instrument:?}; it has one of {}",
                self.name,
                self.instruments.join(", ")
            );
            return Err(Error::unknown(KeyKind::Instrument, instrument, text).into());
        };
        let last = self
            .last
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let memory = last.unwrap_or_else(|| {
            let memory = Memory::new(&self.own);
            memory.end();
            Arc::new(memory)
        });
        let words = self.record_words();
        let bytes = memory.read(place.saturating_mul(words), words)?;
        Ok(PyBytes::new(py, &bytes))
    }
}
