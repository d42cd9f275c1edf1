//! Requests that a risk manager has refused, as a run reports them.

use crate::{
    convert::{
        Columns, Dec, EnumText, Index, PythonClass, UtcTime, datetime_from_nanos, extract_field,
        quoted, rows,
    },
    execution::{
        CancelRequest, OpenRequest, PyOrderKind, PyTimeInForce, order_request_cancel,
        order_request_open,
    },
    instrument::{PyIndexedInstruments, PySide},
};
use barter::risk::RiskRefused;
use barter_execution::order::{
    OrderKey,
    id::{ClientOrderId, OrderId, StrategyId},
    request::{OrderRequestCancel, OrderRequestOpen, RequestCancel, RequestOpen},
};
use barter_instrument::{exchange::ExchangeIndex, instrument::InstrumentIndex};
use pyo3::{prelude::*, sync::PyOnceLock};
use pyo3_stub_gen::{PyStubType, TypeInfo};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A request of either kind.
#[derive(Clone, PartialEq, Debug)]
pub enum Request {
    /// Asks for an order to be cancelled.
    Cancel(OrderRequestCancel),
    /// Asks for an order to be opened.
    Open(OrderRequestOpen),
}

impl Request {
    const fn key(&self) -> &OrderKey {
        match self {
            Self::Cancel(request) => &request.key,
            Self::Open(request) => &request.key,
        }
    }

    const fn open(&self) -> Option<&RequestOpen> {
        match self {
            Self::Cancel(_) => None,
            Self::Open(request) => Some(&request.state),
        }
    }
}

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

/// A refused request of one kind as one of either kind.
pub fn of_either_kind<T: Into<Request>>(refused: RiskRefused<T>) -> RiskRefused<Request> {
    let RiskRefused { item, reason } = refused;
    RiskRefused {
        item: item.into(),
        reason,
    }
}

/// `barter_python.RefusedRequest`: a refused request with its time.
#[derive(Clone, PartialEq, Debug)]
pub struct RefusedRequest {
    refused: RiskRefused<Request>,
    /// In nanoseconds since 1970.
    time: i64,
}

impl RefusedRequest {
    /// A request that was refused at a time, in nanoseconds since 1970.
    pub const fn new(refused: RiskRefused<Request>, time: i64) -> Self {
        Self { refused, time }
    }

    /// When it was refused, in nanoseconds since 1970, which one and why.
    pub fn told(&self) -> (i64, String) {
        let id = quoted(&self.key().cid.0);
        (
            self.time,
            format!("{id}, by the risk manager: {}", self.refused.reason),
        )
    }

    const fn key(&self) -> &OrderKey {
        self.refused.item.key()
    }

    const fn open(&self) -> Option<&RequestOpen> {
        self.refused.item.open()
    }

    fn columns(PyIndexedInstruments(indexed): &PyIndexedInstruments) -> Columns<Self> {
        let mut columns = Columns::new();
        columns
            .time("time", |row: &Self| {
                Some(UtcTime(datetime_from_nanos(row.time)))
            })
            .text("request", |row| {
                Some(row.open().map_or("cancel", |_| "open").into())
            })
            .named("exchange", indexed.exchange_names(), |row| {
                Some(Index(row.key().exchange.index()))
            })
            .named("instrument", indexed.instrument_names(), |row| {
                Some(Index(row.key().instrument.index()))
            })
            .text("strategy_id", |row| {
                Some(row.key().strategy.0.as_str().into())
            })
            .text("client_order_id", |row| {
                Some(row.key().cid.0.as_str().into())
            })
            .text("order_id", |row| match &row.refused.item {
                Request::Cancel(request) => Some(request.state.id.as_ref()?.0.as_str().into()),
                Request::Open(_) => None,
            })
            .text("side", |row| Some(PySide(row.open()?.side).text().into()))
            .decimal("price", |row| Some(Dec(row.open()?.price)))
            .decimal("quantity", |row| Some(Dec(row.open()?.quantity)))
            .text("kind", |row| {
                Some(PyOrderKind(row.open()?.kind).text().into())
            })
            .text("time_in_force", |row| {
                Some(PyTimeInForce(row.open()?.time_in_force).text().into())
            })
            .text("reason", |row| Some(row.refused.reason.as_str().into()));
        columns
    }
}

rows! {
    /// Requests that the risk manager has refused, for `barter_python.Records`.
    pub struct RefusedRequestRows of RefusedRequest, named by PyIndexedInstruments
}

/// A refusal as JSON: flat, with what an order asks for or the id that a cancel has.
#[derive(Serialize)]
struct Flat<'a> {
    time: UtcTime,
    reason: &'a str,
    request: &'static str,
    exchange: Index,
    instrument: Index,
    strategy_id: &'a str,
    client_order_id: &'a str,
    #[serde(flatten)]
    asked: Asked<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Asked<'a> {
    Cancel {
        id: Option<&'a str>,
    },
    Open {
        side: PySide,
        price: Dec,
        quantity: Dec,
        kind: PyOrderKind,
        time_in_force: PyTimeInForce,
    },
}

/// A refusal as bytes.
#[derive(Serialize, Deserialize)]
struct Packed {
    time: i64,
    reason: String,
    exchange: Index,
    instrument: Index,
    strategy: String,
    cid: String,
    asked: PackedAsked,
}

#[derive(Serialize, Deserialize)]
enum PackedAsked {
    Cancel(Option<String>),
    Open(PySide, Dec, Dec, PyOrderKind, PyTimeInForce),
}

impl Serialize for RefusedRequest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let RiskRefused { item, reason } = &self.refused;
        let OrderKey {
            exchange,
            instrument,
            strategy,
            cid,
        } = item.key();
        let (exchange, instrument) = (Index(exchange.index()), Index(instrument.index()));
        if serializer.is_human_readable() {
            let asked = match item {
                Request::Cancel(request) => Asked::Cancel {
                    id: request.state.id.as_ref().map(|id| id.0.as_str()),
                },
                Request::Open(request) => Asked::Open {
                    side: PySide(request.state.side),
                    price: Dec(request.state.price),
                    quantity: Dec(request.state.quantity),
                    kind: PyOrderKind(request.state.kind),
                    time_in_force: PyTimeInForce(request.state.time_in_force),
                },
            };
            return Flat {
                time: UtcTime(datetime_from_nanos(self.time)),
                reason,
                request: self.open().map_or("cancel", |_| "open"),
                exchange,
                instrument,
                strategy_id: strategy.0.as_str(),
                client_order_id: cid.0.as_str(),
                asked,
            }
            .serialize(serializer);
        }
        let asked = match item {
            Request::Cancel(request) => {
                PackedAsked::Cancel(request.state.id.as_ref().map(|id| id.0.to_string()))
            }
            Request::Open(request) => {
                let RequestOpen {
                    side,
                    price,
                    quantity,
                    kind,
                    time_in_force,
                } = request.state;
                PackedAsked::Open(
                    PySide(side),
                    Dec(price),
                    Dec(quantity),
                    PyOrderKind(kind),
                    PyTimeInForce(time_in_force),
                )
            }
        };
        Packed {
            time: self.time,
            reason: reason.clone(),
            exchange,
            instrument,
            strategy: strategy.0.to_string(),
            cid: cid.0.to_string(),
            asked,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for RefusedRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let packed = Packed::deserialize(deserializer)?;
        let key = OrderKey {
            exchange: ExchangeIndex(packed.exchange.0),
            instrument: InstrumentIndex(packed.instrument.0),
            strategy: StrategyId::new(packed.strategy),
            cid: ClientOrderId::new(packed.cid),
        };
        let item = match packed.asked {
            PackedAsked::Cancel(id) => Request::Cancel(OrderRequestCancel {
                key,
                state: RequestCancel {
                    id: id.map(OrderId::new),
                },
            }),
            PackedAsked::Open(side, price, quantity, kind, time_in_force) => {
                Request::Open(OrderRequestOpen {
                    key,
                    state: RequestOpen {
                        side: side.0,
                        price: price.0,
                        quantity: quantity.0,
                        kind: kind.0,
                        time_in_force: time_in_force.0,
                    },
                })
            }
        };
        let reason = packed.reason;
        Ok(Self::new(RiskRefused { item, reason }, packed.time))
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for RefusedRequest {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let object = object.to_owned();
        let item = object.getattr("item")?;
        let item = match item.extract() {
            Ok(OpenRequest(request)) => Request::Open(request),
            Err(_) => Request::Cancel(extract_field::<CancelRequest>(&object, "item")?.0),
        };
        let reason = extract_field(&object, "reason")?;
        let time = extract_field(&object, "time_ns")?;
        Ok(Self::new(RiskRefused { item, reason }, time))
    }
}

impl PythonClass for RefusedRequest {
    const MODULE: &'static str = "risk";
    const NAME: &'static str = "RefusedRequest";
    const WHAT: &'static str = "refused request";

    fn cell() -> &'static PyOnceLock<Py<PyAny>> {
        static CELL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        &CELL
    }
}

impl<'py> IntoPyObject<'py> for RefusedRequest {
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

impl PyStubType for RefusedRequest {
    fn type_output() -> TypeInfo {
        Self::type_info()
    }
}
