//! A run as several Python objects hold it, in a way that Python's cycle collector understands.

use super::{
    Run,
    copies::{has_own_data, visit_own_data},
    run::Source,
};
use pyo3::{PyTraverseError, PyVisit, prelude::*};
use std::{ops::Deref, sync::Arc};

/// A run, shared by its views.
///
/// The state of a snapshot may hold objects of the strategy. The run is shared through an `Arc`, so
/// none of its holders owns those objects alone, and each would visit them if all did. So one Python
/// object visits them, and each holder visits that.
pub struct SharedRun {
    run: Arc<Run>,
    /// `None` if the run's state holds no Python objects, or belongs to an engine.
    own_data: Option<Py<OwnData>>,
}

/// Visits a snapshot's Python objects, for all who share the snapshot.
#[pyclass(frozen, module = "barter_python._core")]
struct OwnData(Arc<Run>);

#[pymethods]
impl OwnData {
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        match &self.0.state {
            Source::Snapshot(state) => visit_own_data(state, &visit),
            Source::Lent(_) => Ok(()),
        }
    }
}

impl SharedRun {
    /// The run of an engine, which visits its state itself.
    pub const fn of_engine(run: Arc<Run>) -> Self {
        Self {
            run,
            own_data: None,
        }
    }

    /// The run of a snapshot; taken by value, so that there is one visitor of its objects.
    pub fn of_snapshot(py: Python<'_>, run: Run) -> PyResult<Self> {
        let run = Arc::new(run);
        let own_data = match &run.state {
            Source::Snapshot(state) if has_own_data(state) => {
                Some(Py::new(py, OwnData(Arc::clone(&run)))?)
            }
            Source::Snapshot(_) | Source::Lent(_) => None,
        };
        Ok(Self { run, own_data })
    }

    /// The same run, shared.
    pub fn clone_ref(&self, py: Python<'_>) -> Self {
        Self {
            run: Arc::clone(&self.run),
            own_data: self.own_data.as_ref().map(|data| data.clone_ref(py)),
        }
    }

    /// For `__traverse__` of who holds it.
    pub fn visit(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.own_data)
    }
}

impl Deref for SharedRun {
    type Target = Arc<Run>;

    fn deref(&self) -> &Arc<Run> {
        &self.run
    }
}
