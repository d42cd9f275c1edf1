//! Tables of other libraries: the batches of Arrow's C stream interface.

use super::text::shown;
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use pyo3::{
    exceptions::{PyImportError, PyTypeError, PyValueError},
    prelude::*,
    sync::critical_section::with_critical_section,
    types::{PyCapsule, PyType},
};

/// The name that Arrow gives a capsule that holds a stream.
const STREAM: &std::ffi::CStr = c"arrow_array_stream";

/// The batches of an object with the method `__arrow_c_stream__`.
pub fn batches_of(table: &Bound<'_, PyAny>) -> PyResult<RecordBatchStreamReader> {
    let py = table.py();
    let method = pyo3::intern!(py, "__arrow_c_stream__");
    if table.is_instance_of::<PyType>() || table.getattr_opt(method)?.is_none() {
        return Err(no_table(table)?);
    }
    let capsule = match table.call_method0(method) {
        Ok(capsule) => capsule,
        Err(error) if error.is_instance_of::<PyImportError>(py) => {
            return Err(needs_library(py, error)?);
        }
        Err(error) => return Err(error),
    };
    let Ok(capsule) = capsule.cast::<PyCapsule>() else {
        return Err(PyTypeError::new_err(format!(
            "table: __arrow_c_stream__ must give a capsule, got {} {}",
            capsule.get_type().name()?,
            shown(&capsule)?
        )));
    };
    with_critical_section(capsule, || taken(capsule))
}

/// Takes the stream out of its capsule, which is locked where the interpreter has no lock of its own.
fn taken(capsule: &Bound<'_, PyCapsule>) -> PyResult<RecordBatchStreamReader> {
    let wrong = |reason: &str| {
        PyValueError::new_err(format!(
            "table: __arrow_c_stream__ gives no table: {reason}"
        ))
    };
    let Ok(pointer) = capsule.pointer_checked(Some(STREAM)) else {
        return Err(wrong("its capsule is not called arrow_array_stream"));
    };
    let stream = pointer.cast::<FFI_ArrowArrayStream>();
    if !stream.is_aligned() {
        return Err(wrong("its pointer is not aligned"));
    }
    // SAFETY: by Arrow's PyCapsule interface, a capsule of this name points to an initialized
    // `ArrowArrayStream`, which the capsule keeps alive and which nobody else uses now: the
    // interpreter's lock is held, or on an interpreter without one that of the capsule, and no Python code
    // runs between the look at the name and the end of this call. (A capsule is for one consumer: without
    // the interpreter's lock, another library that takes the same one at the same moment breaks the
    // interface.) The pointer is not null (`pointer_checked`) and aligned. The call moves the stream out
    // and leaves a released one behind, so that neither the capsule nor a second call can use it
    // again; a stream that is released already is an error of the call. A capsule of this name that
    // points to something else, which only code that is not Python can make, is undefined behaviour in
    // every library that takes Arrow's streams.
    #[allow(unsafe_code)]
    let batches = unsafe { RecordBatchStreamReader::from_raw(stream.as_ptr()) };
    batches.map_err(|error| wrong(&error.to_string()))
}

fn no_table(table: &Bound<'_, PyAny>) -> PyResult<PyErr> {
    let is_lazy = !table.is_instance_of::<PyType>()
        && table
            .getattr_opt(pyo3::intern!(table.py(), "collect"))?
            .is_some();
    let cure = if is_lazy {
        ": call its method .collect() first"
    } else {
        ""
    };
    Ok(PyTypeError::new_err(format!(
        "table must have the method __arrow_c_stream__, as tables of polars, pyarrow, pandas and duckdb \
         have, got {} {}{cure}",
        table.get_type().name()?,
        shown(table)?
    )))
}

/// pandas gives its tables as Arrow by pyarrow only.
fn needs_library(py: Python<'_>, error: PyErr) -> PyResult<PyErr> {
    let reason = error.value(py).str()?;
    let text = format!(
        "table gives its rows as Arrow only with another library, which for pandas is pyarrow (pip \
         install pyarrow): {}",
        reason.to_string_lossy()
    );
    let explained = PyImportError::new_err(text);
    explained.set_cause(py, Some(error));
    Ok(explained)
}
