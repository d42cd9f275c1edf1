//! Order requests: between barter's own and the dataclasses of `barter_python.execution`.

use super::{PyOrderKind, PyTimeInForce};
use crate::{
    convert::{Dec, Id, Index, PythonClass, import},
    instrument::PySide,
    record,
};
use barter_execution::order::{
    OrderKey,
    id::{ClientOrderId, OrderId, StrategyId},
    request::{OrderRequestCancel, OrderRequestOpen, RequestCancel, RequestOpen},
};
use barter_instrument::{exchange::ExchangeIndex, instrument::InstrumentIndex};
use pyo3::{prelude::*, sync::PyOnceLock};

record! {
    /// barter's request to open an order, as the native function gives it.
    ///
    /// Wraps `barter_execution::order::request::OrderRequestOpen`. In strategies, write the dataclass
    /// `barter_python.OrderRequestOpen` instead.
    pub struct PyOrderRequestOpen {
        /// Index of the exchange.
        exchange: Index,
        /// Index of the instrument.
        instrument: Index,
        /// Id of the strategy that asks.
        strategy_id: String,
        /// The order's id, chosen by the strategy.
        client_order_id: String,
        /// Side of the order.
        side: PySide,
        /// Price, in the instrument's quote asset.
        price: Dec,
        /// Quantity, in the instrument's base asset.
        quantity: Dec,
        /// Kind of the order.
        kind: PyOrderKind,
        /// How long it stays open.
        time_in_force: PyTimeInForce,
    }
}

impl From<OrderRequestOpen> for PyOrderRequestOpen {
    fn from(request: OrderRequestOpen) -> Self {
        let OrderRequestOpen {
            key:
                OrderKey {
                    exchange,
                    instrument,
                    strategy,
                    cid,
                },
            state,
        } = request;
        let RequestOpen {
            side,
            price,
            quantity,
            kind,
            time_in_force,
        } = state;
        Self {
            exchange: Index(exchange.index()),
            instrument: Index(instrument.index()),
            strategy_id: strategy.to_string(),
            client_order_id: cid.to_string(),
            side: side.into(),
            price: Dec(price),
            quantity: Dec(quantity),
            kind: kind.into(),
            time_in_force: time_in_force.into(),
        }
    }
}

macro_rules! id_class {
    ($class:ident, $name:literal, $what:literal) => {
        #[doc = concat!("`barter_python.execution.", $name, "`.")]
        #[derive(Clone, Debug)]
        pub struct $class;

        impl PythonClass for $class {
            const MODULE: &'static str = "execution";
            const NAME: &'static str = $name;
            const WHAT: &'static str = $what;

            fn cell() -> &'static PyOnceLock<Py<PyAny>> {
                static CELL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
                &CELL
            }
        }
    };
}

id_class!(StrategyIdClass, "StrategyId", "strategy id");
id_class!(ClientOrderIdClass, "ClientOrderId", "client order id");
id_class!(OrderIdClass, "OrderId", "order id");

#[derive(FromPyObject)]
struct Key {
    exchange: Index,
    instrument: Index,
    strategy: Id<StrategyIdClass>,
    cid: Id<ClientOrderIdClass>,
}

impl From<Key> for OrderKey {
    fn from(
        Key {
            exchange,
            instrument,
            strategy,
            cid,
        }: Key,
    ) -> Self {
        Self {
            exchange: ExchangeIndex(exchange.0),
            instrument: InstrumentIndex(instrument.0),
            strategy: StrategyId(strategy.0),
            cid: ClientOrderId(cid.0),
        }
    }
}

/// Whether the object is an instance of `class` of `barter_python.execution`, imported once.
fn is_request(
    object: &Bound<'_, PyAny>,
    cell: &'static PyOnceLock<Py<PyAny>>,
    class: &str,
) -> PyResult<bool> {
    object.is_instance(import(object.py(), cell, "barter_python.execution", class)?)
}

fn wrong_class(object: &Bound<'_, PyAny>, class: &str) -> PyErr {
    let found = object
        .get_type()
        .name()
        .map_or_else(|_| "?".to_owned(), |name| name.to_string());
    pyo3::exceptions::PyTypeError::new_err(format!("expected {class}, got {found}"))
}

/// The dataclass `OrderRequestOpen`, read.
pub struct OpenRequest(pub OrderRequestOpen);

impl<'a, 'py> FromPyObject<'a, 'py> for OpenRequest {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        #[derive(FromPyObject)]
        struct State {
            side: PySide,
            price: Dec,
            quantity: Dec,
            kind: PyOrderKind,
            time_in_force: PyTimeInForce,
        }
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let py = object.py();
        if !is_request(&object, &CLASS, "OrderRequestOpen")? {
            return Err(wrong_class(&object, "OrderRequestOpen"));
        }
        let key: Key = object.getattr(pyo3::intern!(py, "key"))?.extract()?;
        let state: State = object.getattr(pyo3::intern!(py, "state"))?.extract()?;
        let State {
            side,
            price,
            quantity,
            kind,
            time_in_force,
        } = state;
        Ok(Self(OrderRequestOpen {
            key: key.into(),
            state: RequestOpen {
                side: side.0,
                price: price.0,
                quantity: quantity.0,
                kind: kind.0,
                time_in_force: time_in_force.0,
            },
        }))
    }
}

/// The dataclass `OrderRequestCancel`, read.
pub struct CancelRequest(pub OrderRequestCancel);

impl<'a, 'py> FromPyObject<'a, 'py> for CancelRequest {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let py = object.py();
        if !is_request(&object, &CLASS, "OrderRequestCancel")? {
            return Err(wrong_class(&object, "OrderRequestCancel"));
        }
        let key: Key = object.getattr(pyo3::intern!(py, "key"))?.extract()?;
        let id: Option<Id<OrderIdClass>> = object.getattr(pyo3::intern!(py, "id"))?.extract()?;
        Ok(Self(OrderRequestCancel {
            key: key.into(),
            state: RequestCancel {
                id: id.map(|id| OrderId(id.0)),
            },
        }))
    }
}

/// The dataclass `OrderRequestOpen`, made from barter's own.
pub fn order_request_open(py: Python<'_>, request: OrderRequestOpen) -> PyResult<Bound<'_, PyAny>> {
    static FUNCTION: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let from_native = import(
        py,
        &FUNCTION,
        "barter_python.execution",
        "_order_request_open",
    )?;
    from_native.call1((PyOrderRequestOpen::from(request),))
}
