//! Data of a strategy's own in barter's state: it sees each event, and snapshots hold a deep copy of it.

use super::Failure;
use crate::{
    convert::shown,
    data::{MarketEvent, StoredMarketEvent},
    execution::AccountEvent,
};
use barter::engine::Processor;
use pyo3::{PyTraverseError, PyVisit, exceptions::PyTypeError, prelude::*, types::PyType};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::sync::Arc;

/// A Python object that sees each event that barter shows to the data it belongs to.
///
/// A clone shares the object: a snapshot is made by `copied`.
#[derive(Clone, Debug)]
pub struct StrategyData {
    object: Arc<Py<PyAny>>,
    failure: Failure,
}

impl StrategyData {
    /// The object that the strategy's method has given; `None` if it wants no data.
    pub fn new(
        returned: &Bound<'_, PyAny>,
        method: &str,
        failure: &Failure,
    ) -> PyResult<Option<Self>> {
        if returned.is_none() {
            return Ok(None);
        }
        if returned.is_instance_of::<PyType>() {
            return Err(PyTypeError::new_err(format!(
                "{method} returned the class {}, expected an instance",
                shown(returned)?
            )));
        }
        for hook in ["on_market", "on_account"] {
            let callable = returned.getattr_opt(hook)?;
            if !callable.is_some_and(|callable| callable.is_callable()) {
                return Err(PyTypeError::new_err(format!(
                    "{method} returned {}, which has no method {hook}(event)",
                    returned.get_type().name()?
                )));
            }
        }
        Ok(Some(Self {
            object: Arc::new(returned.clone().unbind()),
            failure: failure.clone(),
        }))
    }

    /// Data that was stored outside of a state.
    pub fn restored(object: Py<PyAny>, failure: &Failure) -> Self {
        Self {
            object: Arc::new(object),
            failure: failure.clone(),
        }
    }

    /// For `__traverse__`: an object that another clone shares is left to itself.
    pub fn visit(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        if Arc::strong_count(&self.object) > 1 {
            return Ok(());
        }
        visit.call(&*self.object)
    }

    /// The object itself.
    pub fn object<'py>(&self, py: Python<'py>) -> Bound<'py, PyAny> {
        self.object.bind(py).clone()
    }

    /// A deep copy of the object, with its own place for an exception.
    pub fn copied(&self, py: Python<'_>, failure: &Failure) -> PyResult<Self> {
        let deepcopy = py.import("copy")?.getattr("deepcopy")?;
        Ok(Self {
            object: Arc::new(deepcopy.call1((&*self.object,))?.unbind()),
            failure: failure.clone(),
        })
    }

    /// Shows an event of a market.
    pub fn on_market(&self, event: &StoredMarketEvent) {
        self.show(|object| {
            let hook = pyo3::intern!(object.py(), "on_market");
            object
                .call_method1(hook, (MarketEvent::from(event),))
                .map(drop)
        });
    }

    /// Shows an event of an account.
    pub fn on_account(&self, event: &barter_execution::AccountEvent) {
        self.show(|object| {
            let hook = pyo3::intern!(object.py(), "on_account");
            object
                .call_method1(hook, (AccountEvent::from(event),))
                .map(drop)
        });
    }

    fn show(&self, call: impl FnOnce(&Bound<'_, PyAny>) -> PyResult<()>) {
        if self.failure.is_set() {
            return;
        }
        Python::attach(|py| {
            if let Err(error) = call(self.object.bind(py)) {
                self.failure.set(error);
            }
        });
    }
}

/// As Python compares them; what cannot be compared is not equal.
impl PartialEq for StrategyData {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.object, &other.object)
            || Python::attach(|py| self.object.bind(py).eq(&*other.object)).unwrap_or(false)
    }
}

/// A strategy's data for the whole engine, of which barter knows as its global data.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct GlobalData(pub Option<StrategyData>);

/// Objects of Python are pickled beside the text of a state.
impl Serialize for GlobalData {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

impl<'de> Deserialize<'de> for GlobalData {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <()>::deserialize(deserializer)?;
        Ok(Self::default())
    }
}

impl Processor<&StoredMarketEvent> for GlobalData {
    type Audit = ();

    fn process(&mut self, event: &StoredMarketEvent) {
        if let Some(data) = &self.0 {
            data.on_market(event);
        }
    }
}

impl Processor<&barter_execution::AccountEvent> for GlobalData {
    type Audit = ();

    fn process(&mut self, event: &barter_execution::AccountEvent) {
        if let Some(data) = &self.0 {
            data.on_account(event);
        }
    }
}
