//! Requests and commands as the Python layer's dataclasses.

use crate::{
    execution::{order_request_cancel, order_request_open},
    state::PyInstrumentFilter,
};
use barter::engine::command::Command;
use barter_execution::order::request::{OrderRequestCancel, OrderRequestOpen};
use pyo3::{call::PyCallArgs, prelude::*, types::PyTuple};

/// Where the dataclasses of commands and audits are.
pub const ENGINE: &str = "barter_python.engine";

/// An instance of a dataclass of `barter_python.engine` or `barter_python.risk`.
pub fn make<'py>(
    py: Python<'py>,
    module: &str,
    class: &str,
    arguments: impl PyCallArgs<'py>,
) -> PyResult<Bound<'py, PyAny>> {
    py.import(module)?.getattr(class)?.call1(arguments)
}

/// A tuple of what `object` makes of the items.
pub fn tuple<'py, 'a, T: 'a>(
    py: Python<'py>,
    items: impl IntoIterator<Item = &'a T>,
    object: impl Fn(Python<'py>, &T) -> PyResult<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyTuple>> {
    let objects = items.into_iter().map(|item| object(py, item));
    PyTuple::new(py, objects.collect::<PyResult<Vec<_>>>()?)
}

/// The dataclass `OrderRequestCancel`.
pub fn cancel_object<'py>(
    py: Python<'py>,
    request: &OrderRequestCancel,
) -> PyResult<Bound<'py, PyAny>> {
    order_request_cancel(py, request.clone())
}

/// The dataclass `OrderRequestOpen`.
pub fn open_object<'py>(
    py: Python<'py>,
    request: &OrderRequestOpen,
) -> PyResult<Bound<'py, PyAny>> {
    order_request_open(py, request.clone())
}

/// The dataclass of a command.
pub fn command_object<'py>(py: Python<'py>, command: &Command) -> PyResult<Bound<'py, PyAny>> {
    match command {
        Command::SendCancelRequests(requests) => {
            let requests = tuple(py, requests, cancel_object)?;
            make(py, ENGINE, "SendCancelRequests", (requests,))
        }
        Command::SendOpenRequests(requests) => {
            let requests = tuple(py, requests, open_object)?;
            make(py, ENGINE, "SendOpenRequests", (requests,))
        }
        Command::ClosePositions(filter) => {
            let filter = PyInstrumentFilter(filter.clone());
            make(py, ENGINE, "ClosePositions", (filter,))
        }
        Command::CancelOrders(filter) => {
            let filter = PyInstrumentFilter(filter.clone());
            make(py, ENGINE, "CancelOrders", (filter,))
        }
    }
}
