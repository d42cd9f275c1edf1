//! Paths of files.

use super::shown;
use pyo3::{exceptions::PyTypeError, prelude::*, types::PyString};
use pyo3_stub_gen::{PyStubType, TypeInfo};
use std::path::PathBuf;

/// A `str` or an `os.PathLike`.
#[derive(Clone, Debug)]
pub struct FilePath(pub PathBuf);

impl<'a, 'py> FromPyObject<'a, 'py> for FilePath {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        file_path("path", &object).map(Self)
    }
}

/// Reads the path of one file; `place` is what an error names.
pub fn file_path(place: &str, object: &Bound<'_, PyAny>) -> PyResult<PathBuf> {
    if object.is_instance_of::<PyString>() || object.hasattr("__fspath__")? {
        return object.extract();
    }
    Err(PyTypeError::new_err(format!(
        "{place} must be a str or os.PathLike, got {} {}",
        object.get_type().name()?,
        shown(object)?
    )))
}

impl PyStubType for FilePath {
    fn type_output() -> TypeInfo {
        TypeInfo {
            name: "str | os.PathLike[str]".to_owned(),
            source_module: None,
            import: ["os".into()].into(),
            type_refs: std::collections::HashMap::new(),
        }
    }
}
