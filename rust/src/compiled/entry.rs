//! The address of a compiled function: the one place of this room with `unsafe`.

use super::layout::{Instrument, Requests};
use crate::convert::shown;
use pyo3::{
    PyTraverseError, PyVisit,
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    types::PyTuple,
};
use pyo3_stub_gen::{PyStubType, TypeInfo};
use std::{mem, ptr, sync::atomic::AtomicU64};

/// Time in nanoseconds, instrument, own state, requests; 0 if all went well.
type EventFunction = extern "C" fn(i64, *const Instrument, *mut u64, *mut Requests) -> i64;

/// A C function that was declared with the signature of `EventFunction`.
#[derive(Debug)]
pub struct Entry {
    address: usize,
    /// What the address is valid as long as.
    function: Py<PyAny>,
}

impl<'a, 'py> FromPyObject<'a, 'py> for Entry {
    type Error = PyErr;

    /// Takes a function of ctypes, whose declared signature must be the right one.
    ///
    /// Nothing else has an address here, least of all a number.
    fn extract(function: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let py = function.py();
        let ctypes = py.import("ctypes")?;
        if !function.is_instance(&py.import("_ctypes")?.getattr("CFuncPtr")?)? {
            return Err(PyTypeError::new_err(format!(
                "function must be a C function of ctypes, got {} {}",
                function.get_type().name()?,
                shown(&function)?
            )));
        }
        let (number, pointer) = (ctypes.getattr("c_int64")?, ctypes.getattr("c_void_p")?);
        let expected = PyTuple::new(py, [&number, &pointer, &pointer, &pointer])?;
        let arguments = function.getattr("argtypes")?;
        if !function.getattr("restype")?.is(&number) || !arguments.eq(expected)? {
            return Err(PyTypeError::new_err(
                "function must be declared with the signature of barter_python.compiled.CFunction",
            ));
        }
        let address = ctypes.call_method1("cast", (function, pointer))?;
        let address: Option<usize> = address.getattr("value")?.extract()?;
        match address {
            None | Some(0) => Err(PyValueError::new_err("function is a null pointer")),
            Some(address) => Ok(Self {
                address,
                function: function.to_owned().unbind(),
            }),
        }
    }
}

impl PyStubType for Entry {
    fn type_output() -> TypeInfo {
        TypeInfo::builtin("object")
    }
}

impl Entry {
    /// For `__traverse__` of the one owner.
    pub fn visit(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.function)
    }

    /// Calls the function with an instrument to read, own state to change and room for requests.
    #[inline]
    pub fn call(
        &self,
        time: i64,
        instrument: &Instrument,
        own: &[AtomicU64],
        requests: &mut Requests,
    ) -> i64 {
        let address = ptr::with_exposed_provenance::<()>(self.address);
        // SAFETY: the address is not null and comes from a function object of ctypes, which
        // is kept alive beside it, and which was declared with the signature of `EventFunction`. That
        // the declaration is true, and that the function stays within what it is given, is the promise of
        // whoever hands over a C function: nobody can check it, and `c_function` says so. The functions
        // that numba and ctypes make of Python functions keep it, since the glue that reads and writes the
        // structures is ours and looks at the counts. What the function gets lives until it returns:
        // references borrowed here, and behind the addresses in them the buffers of `Compiled`, which is
        // borrowed by whoever called this. It writes to cells, atomics and the one exclusive borrow only.
        #[allow(unsafe_code)]
        let function = unsafe { mem::transmute::<*const (), EventFunction>(address) };
        let own = own.first().map_or(ptr::null_mut(), AtomicU64::as_ptr);
        function(time, instrument, own, requests)
    }
}
