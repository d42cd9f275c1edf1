//! Paths of files.

use pyo3::prelude::*;
use pyo3_stub_gen::{PyStubType, TypeInfo};
use std::path::PathBuf;

/// A `str` or an `os.PathLike`.
#[derive(Clone, Debug)]
pub struct FilePath(pub PathBuf);

impl<'a, 'py> FromPyObject<'a, 'py> for FilePath {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        object.extract().map(Self)
    }
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
