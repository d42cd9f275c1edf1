//! Order requests: between barter's own and the dataclasses of `barter_python.execution`.

use super::{PyOrderKind, PyTimeInForce};
use crate::{
    convert::{Dec, Id, Index, PythonClass, explained, extract_field, import, quoted, record},
    instrument::PySide,
};
use barter_execution::order::{
    OrderKey,
    id::{ClientOrderId, OrderId, StrategyId},
    request::{OrderRequestCancel, OrderRequestOpen, RequestCancel, RequestOpen},
};
use barter_instrument::{exchange::ExchangeIndex, instrument::InstrumentIndex};
use pyo3::{exceptions::PyTypeError, prelude::*, sync::PyOnceLock};

/// Index of an order among all orders that a run has sent, in the order of sending.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct OrderIndex(pub usize);

record! {
    /// barter's request to open an order, as the native function gives it.
    ///
    /// Wraps `barter_execution::order::request::OrderRequestOpen`. In strategies, write the dataclass
    /// `barter_python.OrderRequestOpen` instead.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import Side, build_ioc_market_order_to_close_position
    /// >>> request = build_ioc_market_order_to_close_position(0, 1, Side.BUY, 2, "me", 100)
    /// >>> request.side, request.quantity, request.kind
    /// (<Side.SELL: 'sell'>, Decimal('2'), <OrderKind.MARKET: 'market'>)
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
            strategy_id: strategy.0.into(),
            client_order_id: cid.0.into(),
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

/// The field `name` of a request, of `class` of `barter_python.execution`.
fn part<'py>(
    request: &Bound<'py, PyAny>,
    name: &str,
    cell: &'static PyOnceLock<Py<PyAny>>,
    class: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let part = request.getattr(name)?;
    if is_request(&part, cell, class)? {
        return Ok(part);
    }
    Err(PyTypeError::new_err(format!(
        "{name} must be of the class {class}, got {}",
        part.get_type().name()?
    )))
}

/// The dataclass `OrderKey`, read.
fn order_key(request: &Bound<'_, PyAny>) -> PyResult<OrderKey> {
    static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let key = part(request, "key", &CLASS, "OrderKey")?;
    // The id first: messages about the other fields begin with it.
    let cid: Id<ClientOrderIdClass> = extract_field(&key, "cid")?;
    let in_order = |error| explained(request.py(), &format!("order {}", quoted(&cid.0)), error);
    let exchange: Index = extract_field(&key, "exchange").map_err(in_order)?;
    let instrument: Index = extract_field(&key, "instrument").map_err(in_order)?;
    let strategy: Id<StrategyIdClass> = extract_field(&key, "strategy").map_err(in_order)?;
    Ok(OrderKey {
        exchange: ExchangeIndex(exchange.0),
        instrument: InstrumentIndex(instrument.0),
        strategy: StrategyId(strategy.0),
        cid: ClientOrderId(cid.0),
    })
}

/// The dataclass `RequestOpen`, read.
fn request_open(request: &Bound<'_, PyAny>) -> PyResult<RequestOpen> {
    static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let state = part(request, "state", &CLASS, "RequestOpen")?;
    Ok(RequestOpen {
        side: extract_field::<PySide>(&state, "side")?.0,
        price: extract_field::<Dec>(&state, "price")?.0,
        quantity: extract_field::<Dec>(&state, "quantity")?.0,
        kind: extract_field::<PyOrderKind>(&state, "kind")?.0,
        time_in_force: extract_field::<PyTimeInForce>(&state, "time_in_force")?.0,
    })
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
    if object.is_instance_of::<PyOrderRequestOpen>() {
        return PyTypeError::new_err(format!(
            "expected {class}, got the native PyOrderRequestOpen: \
             barter_python.strategy.build_ioc_market_order_to_close_position gives what strategies \
             return, and barter_python.build_ioc_market_order_to_close_position does not"
        ));
    }
    match object.get_type().name() {
        Ok(found) => PyTypeError::new_err(format!("expected {class}, got {found}")),
        Err(error) => error,
    }
}

/// The dataclass `OrderRequestOpen`, read.
pub struct OpenRequest(pub OrderRequestOpen);

impl<'a, 'py> FromPyObject<'a, 'py> for OpenRequest {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let py = object.py();
        if !is_request(&object, &CLASS, "OrderRequestOpen")? {
            return Err(wrong_class(&object, "OrderRequestOpen"));
        }
        let key = order_key(&object)?;
        let state = request_open(&object)
            .map_err(|error| explained(py, &format!("order {}", quoted(&key.cid.0)), error))?;
        Ok(Self(OrderRequestOpen { key, state }))
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
        let key = order_key(&object)?;
        let id: Option<Id<OrderIdClass>> = extract_field(&object, "id")
            .map_err(|error| explained(py, &format!("order {}", quoted(&key.cid.0)), error))?;
        let state = RequestCancel {
            id: id.map(|id| OrderId(id.0)),
        };
        Ok(Self(OrderRequestCancel { key, state }))
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

/// The dataclass `OrderRequestCancel`, made from barter's own.
pub fn order_request_cancel(
    py: Python<'_>,
    request: OrderRequestCancel,
) -> PyResult<Bound<'_, PyAny>> {
    static FUNCTION: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let OrderRequestCancel {
        key:
            OrderKey {
                exchange,
                instrument,
                strategy,
                cid,
            },
        state: RequestCancel { id },
    } = request;
    let from_native = import(
        py,
        &FUNCTION,
        "barter_python.execution",
        "_order_request_cancel",
    )?;
    from_native.call1((
        exchange.index(),
        instrument.index(),
        strategy.0.as_str(),
        cid.0.as_str(),
        id.as_ref().map(|id| id.0.as_str()),
    ))
}
