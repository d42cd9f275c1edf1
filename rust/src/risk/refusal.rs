//! What was refused, as a run reports it.

use crate::{
    convert::{PythonClass, UtcTime, datetime_from_nanos},
    execution::{order_request_cancel, order_request_open},
};
use barter::risk::RiskRefused;
use barter_execution::order::request::{OrderRequestCancel, OrderRequestOpen};
use pyo3::{prelude::*, sync::PyOnceLock};
use pyo3_stub_gen::{PyStubType, TypeInfo};

/// A request of either kind.
#[derive(Clone, Debug)]
pub enum Request {
    /// To cancel an order.
    Cancel(OrderRequestCancel),
    /// To open one.
    Open(OrderRequestOpen),
}

/// A refused request of either kind, with its reason.
pub type Refused = RiskRefused<Request>;

impl From<OrderRequestCancel> for Request {
    fn from(request: OrderRequestCancel) -> Self {
        Self::Cancel(request)
    }
}

impl From<OrderRequestOpen> for Request {
    fn from(request: OrderRequestOpen) -> Self {
        Self::Open(request)
    }
}

/// barter's refusal of one kind, among those of both.
pub fn refused<T: Into<Request>>(refused: RiskRefused<T>) -> Refused {
    let RiskRefused { item, reason } = refused;
    RiskRefused {
        item: item.into(),
        reason,
    }
}

/// `barter_python.RiskRefusal`: what was refused, and when.
#[derive(Clone, Debug)]
pub struct Refusal {
    refused: Refused,
    /// In nanoseconds since 1970.
    time: i64,
}

impl Refusal {
    /// A refusal at a time, in nanoseconds since 1970.
    pub const fn new(refused: Refused, time: i64) -> Self {
        Self { refused, time }
    }
}

impl PythonClass for Refusal {
    const MODULE: &'static str = "risk";
    const NAME: &'static str = "RiskRefusal";
    const WHAT: &'static str = "refusal";

    fn cell() -> &'static PyOnceLock<Py<PyAny>> {
        static CELL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        &CELL
    }
}

impl<'py> IntoPyObject<'py> for Refusal {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        let RiskRefused { item, reason } = self.refused;
        let item = match item {
            Request::Cancel(request) => order_request_cancel(py, request)?,
            Request::Open(request) => order_request_open(py, request)?,
        };
        let time = UtcTime(datetime_from_nanos(self.time));
        Self::class(py)?.call1((time, self.time, item, reason))
    }
}

impl PyStubType for Refusal {
    fn type_output() -> TypeInfo {
        Self::type_info()
    }
}
