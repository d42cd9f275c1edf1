//! Orders and their states: `barter_execution::order`.

use super::{
    OrderFailure, PyOrderKind, PyTimeInForce,
    contradiction::{Case, Contradiction},
    order_request_cancel,
};
use crate::{
    convert::{Dec, Index, UtcTime, nanos, py_enum, record},
    instrument::PySide,
};
use barter_execution::{
    error::OrderError,
    order::{
        OrderKey,
        id::{ClientOrderId, OrderId, StrategyId},
        state::{
            ActiveOrderState, CancelInFlight, Cancelled, InactiveOrderState, Open, OpenInFlight,
            OrderState,
        },
    },
};
use barter_instrument::{exchange::ExchangeIndex, instrument::InstrumentIndex};
use pyo3::prelude::*;
use pyo3_stub_gen::derive::gen_stub_pymethods;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

type BarterOrder<State> = barter_execution::order::Order<ExchangeIndex, InstrumentIndex, State>;

/// The states of `barter_execution::order::state::OrderState`, without their fields.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum OrderStatus {
    /// `ActiveOrderState::OpenInFlight`
    OpenInFlight,
    /// `ActiveOrderState::Open`
    Open,
    /// `ActiveOrderState::CancelInFlight`
    CancelInFlight,
    /// `InactiveOrderState::Cancelled`
    Cancelled,
    /// `InactiveOrderState::FullyFilled`
    FullyFilled,
    /// `InactiveOrderState::OpenFailed`
    OpenFailed,
    /// `InactiveOrderState::Expired`
    Expired,
}

py_enum! {
    /// Where an order stands (`barter_execution::order::state::OrderState`).
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import OrderStatus
    /// >>> OrderStatus.FULLY_FILLED.value, OrderStatus("open")
    /// ('fully_filled', <OrderStatus.OPEN: 'open'>)
    pub enum PyOrderStatus(OrderStatus) as "OrderStatus" {
        /// Sent, not yet answered.
        OPEN_IN_FLIGHT = "open_in_flight" => OrderStatus::OpenInFlight,
        /// Open on the exchange.
        OPEN = "open" => OrderStatus::Open,
        /// A cancel was sent and not yet answered.
        CANCEL_IN_FLIGHT = "cancel_in_flight" => OrderStatus::CancelInFlight,
        /// Cancelled.
        CANCELLED = "cancelled" => OrderStatus::Cancelled,
        /// Filled wholly.
        FULLY_FILLED = "fully_filled" => OrderStatus::FullyFilled,
        /// Refused; `failure` says why.
        OPEN_FAILED = "open_failed" => OrderStatus::OpenFailed,
        /// Expired.
        EXPIRED = "expired" => OrderStatus::Expired,
    }
}

record! {
    /// An order and its state (`barter_execution::order::Order`).
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If the fields after `status` contradict it. Each status has these fields and no others:
    ///
    ///     - OPEN: `order_id`, `filled_quantity`, `time_exchange`;
    ///     - CANCEL_IN_FLIGHT: the same, or `filled_quantity` zero alone, where the order was not known to be open;
    ///     - CANCELLED: `order_id`, `time_exchange`;
    ///     - FULLY_FILLED: `filled_quantity`, which is `quantity`;
    ///     - OPEN_IN_FLIGHT: `filled_quantity` zero;
    ///     - OPEN_FAILED: `filled_quantity` zero, `failure`;
    ///     - EXPIRED: none of them.
    ///
    /// Examples
    /// --------
    /// >>> from decimal import Decimal
    /// >>> from barter_python import Order, OrderKind, OrderStatus, Side, TimeInForce
    /// >>> order = Order(
    /// ...     exchange=0, instrument=1, strategy_id="ema", client_order_id="cid-1", side=Side.BUY,
    /// ...     price=Decimal("9.75"), quantity=2, kind=OrderKind.LIMIT,
    /// ...     time_in_force=TimeInForce.GOOD_UNTIL_CANCELLED, status=OrderStatus.OPEN, order_id="42",
    /// ...     filled_quantity=Decimal("0.5"), time_exchange="2024-01-01T00:00:00Z")
    /// >>> order.quantity - (order.filled_quantity or 0)
    /// Decimal('1.5')
    #[derive(Serialize, Deserialize)]
    #[checked(
        *, exchange, instrument, strategy_id, client_order_id, side, price, quantity, kind,
        time_in_force, status, order_id=None, filled_quantity=None, time_exchange=None, failure=None
    )]
    pub struct Order {
        /// Index of the exchange.
        exchange: Index,
        /// Index of the instrument.
        instrument: Index,
        /// Id of the strategy that sent it.
        strategy_id: String,
        /// The order's id, chosen by the strategy.
        client_order_id: String,
        /// Side of the order.
        side: PySide,
        /// Price of the request, in the quote asset.
        price: Dec,
        /// Quantity of the request, in the base asset.
        quantity: Dec,
        /// Kind of the order.
        kind: PyOrderKind,
        /// How long it stays open.
        time_in_force: PyTimeInForce,
        /// Its state.
        status: PyOrderStatus,
        /// The exchange's id, once it has one.
        order_id: Option<String>,
        /// Quantity filled so far, in the base asset; `None` if barter's state does not say, which is
        /// after a cancel and an expiry.
        filled_quantity: Option<Dec>,
        /// When the exchange opened, last changed or cancelled it, in UTC; `None` if barter's state
        /// does not say.
        time_exchange: Option<UtcTime>,
        /// The reason of the failure; `None` for other states.
        failure: Option<OrderFailure>,
    }
}

impl Order {
    fn check(&self) -> Result<(), Contradiction> {
        OrderState::try_from(self).map(drop)
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl Order {
    /// `time_exchange` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_exchange_ns(&self) -> PyResult<Option<i64>> {
        self.time_exchange.map(|time| nanos(time.0)).transpose()
    }

    /// The request that cancels it (`barter_execution::order::Order::to_request_cancel`).
    ///
    /// Returns
    /// -------
    /// OrderRequestCancel or None
    ///     `None` if a cancel is under way, or the order has ended.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import EngineView, Orders
    /// >>> class Impatient:
    /// ...     def generate_algo_orders(self, state: EngineView, /) -> Orders:
    /// ...         orders = [order for view in state.instruments for order in view.orders]
    /// ...         cancels = [order.to_request_cancel() for order in orders]
    /// ...         return [cancel for cancel in cancels if cancel is not None], []
    #[gen_stub(override_return_type(
        type_repr = "barter_python.OrderRequestCancel | None",
        imports = ("barter_python")
    ))]
    fn to_request_cancel<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let order: BarterOrder<OrderState> = self.try_into()?;
        let request = order
            .to_active()
            .and_then(|order| order.to_request_cancel());
        request
            .map(|request| order_request_cancel(py, request))
            .transpose()
    }
}

/// The fields of a state.
pub struct StateParts {
    status: OrderStatus,
    order_id: Option<String>,
    filled_quantity: Option<Decimal>,
    time_exchange: Option<UtcTime>,
    failure: Option<OrderFailure>,
}

impl StateParts {
    const fn new(status: OrderStatus, filled_quantity: Option<Decimal>) -> Self {
        Self {
            status,
            order_id: None,
            filled_quantity,
            time_exchange: None,
            failure: None,
        }
    }

    fn open(status: OrderStatus, open: &Open) -> Self {
        let Open {
            id,
            time_exchange,
            filled_quantity,
        } = open;
        Self {
            order_id: Some(id.to_string()),
            time_exchange: Some(UtcTime(*time_exchange)),
            ..Self::new(status, Some(*filled_quantity))
        }
    }
}

/// A state of an order, taken apart.
pub trait State {
    /// The fields of the state, of an order with that quantity.
    fn parts(&self, quantity: Decimal) -> StateParts;
}

impl State for ActiveOrderState {
    fn parts(&self, _: Decimal) -> StateParts {
        match self {
            Self::OpenInFlight(OpenInFlight) => {
                StateParts::new(OrderStatus::OpenInFlight, Some(Decimal::ZERO))
            }
            Self::Open(open) => StateParts::open(OrderStatus::Open, open),
            Self::CancelInFlight(CancelInFlight { order: Some(open) }) => {
                StateParts::open(OrderStatus::CancelInFlight, open)
            }
            Self::CancelInFlight(CancelInFlight { order: None }) => {
                StateParts::new(OrderStatus::CancelInFlight, Some(Decimal::ZERO))
            }
        }
    }
}

impl State for OrderState {
    fn parts(&self, quantity: Decimal) -> StateParts {
        match self {
            Self::Active(active) => active.parts(quantity),
            Self::Inactive(inactive) => match inactive {
                InactiveOrderState::Cancelled(Cancelled { id, time_exchange }) => StateParts {
                    order_id: Some(id.to_string()),
                    time_exchange: Some(UtcTime(*time_exchange)),
                    ..StateParts::new(OrderStatus::Cancelled, None)
                },
                InactiveOrderState::FullyFilled => {
                    StateParts::new(OrderStatus::FullyFilled, Some(quantity))
                }
                InactiveOrderState::OpenFailed(error) => StateParts {
                    failure: Some(error.into()),
                    ..StateParts::new(OrderStatus::OpenFailed, Some(Decimal::ZERO))
                },
                InactiveOrderState::Expired => StateParts::new(OrderStatus::Expired, None),
            },
        }
    }
}

impl<S: State> From<&BarterOrder<S>> for Order {
    fn from(order: &BarterOrder<S>) -> Self {
        let BarterOrder {
            key,
            side,
            price,
            quantity,
            kind,
            time_in_force,
            state,
        } = order;
        let OrderKey {
            exchange,
            instrument,
            strategy,
            cid,
        } = key;
        let StateParts {
            status,
            order_id,
            filled_quantity,
            time_exchange,
            failure,
        } = state.parts(*quantity);
        Self {
            exchange: Index(exchange.index()),
            instrument: Index(instrument.index()),
            strategy_id: strategy.to_string(),
            client_order_id: cid.to_string(),
            side: (*side).into(),
            price: Dec(*price),
            quantity: Dec(*quantity),
            kind: (*kind).into(),
            time_in_force: (*time_in_force).into(),
            status: status.into(),
            order_id,
            filled_quantity: filled_quantity.map(Dec),
            time_exchange,
            failure,
        }
    }
}

/// The fields that depend on a state: each is taken where the state has it, and none may be left.
pub struct Fields<'a> {
    /// The condition that decides which fields are set.
    pub case: Case,
    /// The exchange's id.
    pub order_id: Option<&'a String>,
    /// The filled quantity.
    pub filled_quantity: Option<Dec>,
    /// The exchange's time.
    pub time_exchange: Option<UtcTime>,
    /// The reason of the failure.
    pub failure: Option<&'a OrderFailure>,
}

impl Fields<'_> {
    /// The fields of a cancelled order.
    pub fn cancelled(&mut self) -> Result<Cancelled, Contradiction> {
        let id = self.case.has("order_id", self.order_id.take())?;
        let time = self.case.has("time_exchange", self.time_exchange.take())?;
        Ok(Cancelled {
            id: OrderId::new(id),
            time_exchange: time.0,
        })
    }

    fn open(&mut self) -> Result<Open, Contradiction> {
        let Cancelled { id, time_exchange } = self.cancelled()?;
        let filled = self
            .case
            .has("filled_quantity", self.filled_quantity.take())?;
        Ok(Open {
            id,
            time_exchange,
            filled_quantity: filled.0,
        })
    }

    fn filled(&mut self, only: Decimal) -> Result<(), Contradiction> {
        let filled = self.filled_quantity.take().map(|filled| filled.0);
        self.case.has_only("filled_quantity", filled, only)
    }

    /// The fields of a failed request.
    pub fn failure(&mut self) -> Result<OrderError, Contradiction> {
        self.case.has("failure", self.failure.take())?.try_into()
    }

    /// Refuses the fields that were not taken.
    pub fn nothing_else(self) -> Result<(), Contradiction> {
        let Self {
            case,
            order_id,
            filled_quantity,
            time_exchange,
            failure,
        } = self;
        case.has_not("order_id", order_id)?;
        case.has_not("filled_quantity", filled_quantity.map(|filled| filled.0))?;
        case.has_not("time_exchange", time_exchange.map(|time| time.0))?;
        case.has_not("failure", failure.map(|failure| failure.kind.0))
    }
}

impl TryFrom<&Order> for OrderState {
    type Error = Contradiction;

    fn try_from(order: &Order) -> Result<Self, Contradiction> {
        let status = PyOrderStatus::MEMBERS.get(order.status.index());
        let name = status.map_or("", |member| member.name);
        let mut fields = Fields {
            case: Case(format!("with OrderStatus.{name}")),
            order_id: order.order_id.as_ref(),
            filled_quantity: order.filled_quantity,
            time_exchange: order.time_exchange,
            failure: order.failure.as_ref(),
        };
        let state = match order.status.0 {
            OrderStatus::OpenInFlight => {
                fields.filled(Decimal::ZERO)?;
                Self::active(OpenInFlight)
            }
            OrderStatus::Open => Self::active(fields.open()?),
            OrderStatus::CancelInFlight => {
                let known_open = fields.order_id.is_some() || fields.time_exchange.is_some();
                let open = known_open.then(|| fields.open()).transpose()?;
                if open.is_none() {
                    fields.filled(Decimal::ZERO)?;
                }
                Self::active(CancelInFlight { order: open })
            }
            OrderStatus::Cancelled => Self::inactive(fields.cancelled()?),
            OrderStatus::FullyFilled => {
                fields.filled(order.quantity.0)?;
                Self::fully_filled()
            }
            OrderStatus::OpenFailed => {
                fields.filled(Decimal::ZERO)?;
                Self::inactive(fields.failure()?)
            }
            OrderStatus::Expired => Self::expired(),
        };
        fields.nothing_else()?;
        Ok(state)
    }
}

impl TryFrom<&Order> for BarterOrder<OrderState> {
    type Error = Contradiction;

    fn try_from(order: &Order) -> Result<Self, Contradiction> {
        let state = order.try_into()?;
        let Order {
            exchange,
            instrument,
            strategy_id,
            client_order_id,
            side,
            price,
            quantity,
            kind,
            time_in_force,
            // What the state is made of.
            status: _,
            order_id: _,
            filled_quantity: _,
            time_exchange: _,
            failure: _,
        } = order;
        Ok(Self {
            key: OrderKey {
                exchange: ExchangeIndex(exchange.0),
                instrument: InstrumentIndex(instrument.0),
                strategy: StrategyId::new(strategy_id),
                cid: ClientOrderId::new(client_order_id),
            },
            side: side.0,
            price: price.0,
            quantity: quantity.0,
            kind: kind.0,
            time_in_force: time_in_force.0,
            state,
        })
    }
}
