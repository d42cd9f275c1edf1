//! A Python object as a risk manager.

use super::manager::Reviewed;
use crate::{
    command::{check_orders, sequence},
    convert::{extract_field, import, quoted},
    error::Error,
    execution::{CancelRequest, OpenRequest, order_request_cancel, order_request_open},
    state::{Run, SharedRun, State},
    view::EngineView,
};
use barter::risk::RiskRefused;
use barter_execution::order::{
    OrderEvent, OrderKey,
    request::{OrderRequestCancel, OrderRequestOpen},
};
use pyo3::{
    PyTraverseError, PyVisit, exceptions::PyTypeError, prelude::*, sync::PyOnceLock, types::PyList,
};
use std::{collections::HashMap, sync::Arc};

/// The method `check` of a Python object.
pub struct PythonRisk {
    run: Arc<Run>,
    view: Py<EngineView>,
    check: Py<PyAny>,
    /// How messages call it.
    name: String,
}

/// The dataclass `RiskDecision`, read.
struct Decision {
    cancels: Vec<OrderRequestCancel>,
    opens: Vec<OrderRequestOpen>,
    refused_cancels: Vec<RiskRefused<OrderRequestCancel>>,
    refused_opens: Vec<RiskRefused<OrderRequestOpen>>,
}

impl PythonRisk {
    /// Looks the method up.
    pub fn new(object: &Bound<'_, PyAny>, run: &Arc<Run>) -> PyResult<Self> {
        let py = object.py();
        let class = object.get_type().name()?;
        let Some(check) = object.getattr_opt("check")?.filter(Bound::is_callable) else {
            return Err(PyTypeError::new_err(format!(
                "risk_manager must be RiskLimits or have the method check(state, cancels, opens), \
                 which {class} has not"
            )));
        };
        Ok(Self {
            run: Arc::clone(run),
            view: Py::new(
                py,
                EngineView::new(py, SharedRun::of_engine(Arc::clone(run)))?,
            )?,
            check: check.unbind(),
            name: format!("{class}.check"),
        })
    }

    /// For `__traverse__` of its one owner.
    pub fn visit(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        let Self {
            run: _,
            view,
            check,
            name: _,
        } = self;
        visit.call(view)?;
        visit.call(check)
    }

    /// Asks, where there is something to ask for.
    pub fn review(
        &self,
        state: &State,
        cancels: Vec<OrderRequestCancel>,
        opens: Vec<OrderRequestOpen>,
    ) -> PyResult<Reviewed> {
        if cancels.is_empty() && opens.is_empty() {
            return Ok(Reviewed::default());
        }
        Python::attach(|py| {
            self.run
                .state
                .lend(state, || self.ask(py, state, &cancels, &opens))
        })
    }

    fn ask(
        &self,
        py: Python<'_>,
        state: &State,
        cancels: &[OrderRequestCancel],
        opens: &[OrderRequestOpen],
    ) -> PyResult<Reviewed> {
        let asked_cancels = cancels
            .iter()
            .map(|request| order_request_cancel(py, request.clone()));
        let asked_opens = opens
            .iter()
            .map(|request| order_request_open(py, request.clone()));
        let decision = self.check.bind(py).call1((
            &self.view,
            PyList::new(py, asked_cancels.collect::<PyResult<Vec<_>>>()?)?,
            PyList::new(py, asked_opens.collect::<PyResult<Vec<_>>>()?)?,
        ))?;
        let Decision {
            cancels: approved_cancels,
            opens: approved_opens,
            refused_cancels,
            refused_opens,
        } = self.read(&decision)?;
        self.account_for(
            "cancel of order",
            cancels,
            &approved_cancels,
            &refused_cancels,
        )?;
        self.account_for("order", opens, &approved_opens, &refused_opens)?;
        check_orders(&self.name, &approved_cancels, &approved_opens, state)?;
        Ok(Reviewed {
            cancels: approved_cancels.into(),
            opens: approved_opens.into(),
            refused_cancels: refused_cancels.into(),
            refused_opens: refused_opens.into(),
        })
    }

    /// Reads the `RiskDecision`.
    fn read(&self, decision: &Bound<'_, PyAny>) -> PyResult<Decision> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let class = import(decision.py(), &CLASS, "barter_python.risk", "RiskDecision")?;
        if !decision.is_instance(class)? {
            return Err(PyTypeError::new_err(format!(
                "{} returned {}: expected a RiskDecision",
                self.name,
                decision.get_type().name()?
            )));
        }
        Ok(Decision {
            cancels: self
                .items(decision, "cancels")?
                .into_iter()
                .map(|CancelRequest(request)| request)
                .collect(),
            opens: self
                .items(decision, "opens")?
                .into_iter()
                .map(|OpenRequest(request)| request)
                .collect(),
            refused_cancels: self
                .items(decision, "refused_cancels")?
                .into_iter()
                .map(|PyRiskRefused(CancelRequest(request), reason)| {
                    RiskRefused::new(request, reason)
                })
                .collect(),
            refused_opens: self
                .items(decision, "refused_opens")?
                .into_iter()
                .map(|PyRiskRefused(OpenRequest(request), reason)| {
                    RiskRefused::new(request, reason)
                })
                .collect(),
        })
    }

    fn items<'py, T>(&self, decision: &Bound<'py, PyAny>, field: &str) -> PyResult<Vec<T>>
    where
        T: for<'x> FromPyObject<'x, 'py, Error = PyErr>,
    {
        sequence(&self.name, field, &decision.getattr(field)?)
    }

    /// Each request that was asked for is to be decided once, and no other.
    fn account_for<S>(
        &self,
        what: &str,
        asked: &[OrderEvent<S>],
        approved: &[OrderEvent<S>],
        refused: &[RiskRefused<OrderEvent<S>>],
    ) -> Result<(), Error> {
        let wrong = |key: &OrderKey, reason: &str| {
            let text = format!(
                "{}: {what} {} on instrument {} {reason}",
                self.name,
                quoted(&key.cid.0),
                key.instrument.index()
            );
            Err(Error::order(key, text, reason.to_owned()))
        };
        let mut undecided: HashMap<&OrderKey, usize> = HashMap::new();
        for request in asked {
            let count = undecided.entry(&request.key).or_default();
            *count = count.saturating_add(1);
        }
        let refused = refused.iter().map(|refused| &refused.item);
        for request in approved.iter().chain(refused) {
            let Some(count) = undecided.get_mut(&request.key) else {
                return wrong(
                    &request.key,
                    "was not asked for (a request may be changed, but not its key)",
                );
            };
            let Some(fewer) = count.checked_sub(1) else {
                return wrong(&request.key, "was decided twice");
            };
            *count = fewer;
        }
        for request in asked {
            if undecided.get(&request.key).is_some_and(|count| *count > 0) {
                return wrong(&request.key, "was neither approved nor refused");
            }
        }
        Ok(())
    }
}

/// The dataclass `RiskRefused`, read.
struct PyRiskRefused<T>(T, String);

impl<'a, 'py, T> FromPyObject<'a, 'py> for PyRiskRefused<T>
where
    T: for<'x> FromPyObject<'x, 'py, Error = PyErr>,
{
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let class = import(object.py(), &CLASS, "barter_python.risk", "RiskRefused")?;
        if !object.is_instance(class)? {
            return Err(PyTypeError::new_err(format!(
                "expected RiskRefused, got {}",
                object.get_type().name()?
            )));
        }
        Ok(Self(
            extract_field(&object, "item")?,
            extract_field(&object, "reason")?,
        ))
    }
}
