//! A part of a scan, not yet opened.

use super::MarketData;
use crate::data::market_data::{BlockFile, is_saved};
use pyo3::{PyTraverseError, PyVisit, exceptions::PyTypeError, prelude::*, types::PyString};
use std::path::PathBuf;

/// A part of a scan that is open.
pub enum Opened {
    /// A history in memory.
    Whole(MarketData),
    /// A file that is read block by block.
    Blocks(BlockFile),
}

/// A part of a scan, not yet opened.
pub enum Part {
    /// A file, and what named it.
    File(PathBuf, Py<PyAny>),
    /// A function that returns the history.
    Factory(Py<PyAny>),
    /// A history in memory.
    Data(Py<MarketData>),
}

impl<'a, 'py> FromPyObject<'a, 'py> for Part {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(data) = object.cast::<MarketData>() {
            return Ok(Self::Data(data.to_owned().unbind()));
        }
        let has_path = object.is_instance_of::<PyString>()
            || object.hasattr(pyo3::intern!(object.py(), "__fspath__"))?;
        if has_path {
            return Ok(Self::File(object.extract()?, object.to_owned().unbind()));
        }
        if object.is_callable() {
            return Ok(Self::Factory(object.to_owned().unbind()));
        }
        Err(PyTypeError::new_err(format!(
            "expected a path, a function that returns a MarketData, or a MarketData, got {}",
            object.get_type().name()?
        )))
    }
}

impl Part {
    /// What it was made of.
    pub fn given(&self, py: Python<'_>) -> Py<PyAny> {
        match self {
            Self::File(_, given) | Self::Factory(given) => given.clone_ref(py),
            Self::Data(data) => data.clone_ref(py).into_any(),
        }
    }

    /// Opens it anew; `place` names it in errors. An exception of a function arrives unchanged.
    pub fn open(&self, py: Python<'_>, place: &str) -> PyResult<Opened> {
        match self {
            Self::File(path, _) if is_saved(path) => {
                BlockFile::open(py, path.clone()).map(Opened::Blocks)
            }
            Self::File(path, _) => MarketData::read_json(py, path.clone()).map(Opened::Whole),
            Self::Factory(factory) => {
                let made = factory.bind(py).call0()?;
                match made.cast::<MarketData>() {
                    Ok(data) => Ok(Opened::Whole(data.get().shared())),
                    Err(_) => Err(PyTypeError::new_err(format!(
                        "{place} must return a MarketData, got {}",
                        made.get_type().name()?
                    ))),
                }
            }
            Self::Data(data) => Ok(Opened::Whole(data.get().shared())),
        }
    }

    /// For `__traverse__` of its scan.
    pub fn visit(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        match self {
            Self::File(_, given) | Self::Factory(given) => visit.call(given),
            Self::Data(data) => visit.call(data),
        }
    }
}
