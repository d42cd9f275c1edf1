//! What an exchange tells of an account.

use super::{PyOrderKind, PyTimeInForce};
use crate::{
    convert::{Dec, Index, UtcTime, nanos},
    instrument::PySide,
    py_enum, record,
};
use barter_execution::{
    AccountEventKind,
    error::{ApiError, OrderError},
    order::{
        OrderEvent, OrderKey,
        request::OrderResponseCancel as BarterResponseCancel,
        state::{
            ActiveOrderState, CancelInFlight, Cancelled, InactiveOrderState, Open, OrderState,
        },
    },
    trade::AssetFees,
};
use barter_instrument::asset::QuoteAsset;
use pyo3::prelude::*;
use pyo3_stub_gen::{PyStubType, TypeInfo, derive::gen_stub_pymethods};

/// The states of `barter_execution::order::state::OrderState`, without what they carry.
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

/// The variants of `barter_execution::error::{OrderError, ApiError}`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum OrderFailureKind {
    /// `OrderError::Connectivity`
    Connectivity,
    /// `ApiError::AssetInvalid`
    AssetInvalid,
    /// `ApiError::InstrumentInvalid`
    InstrumentInvalid,
    /// `ApiError::RateLimit`
    RateLimit,
    /// `ApiError::BalanceInsufficient`
    BalanceInsufficient,
    /// `ApiError::OrderRejected`
    OrderRejected,
    /// `ApiError::OrderAlreadyCancelled`
    OrderAlreadyCancelled,
    /// `ApiError::OrderAlreadyFullyFilled`
    OrderAlreadyFullyFilled,
}

py_enum! {
    /// Why an exchange refused a request (`barter_execution::error::ApiError`).
    pub enum PyOrderFailureKind(OrderFailureKind) as "OrderFailureKind" {
        /// The request did not reach the exchange, or the answer did not come.
        CONNECTIVITY = "connectivity" => OrderFailureKind::Connectivity,
        /// The exchange does not know the asset.
        ASSET_INVALID = "asset_invalid" => OrderFailureKind::AssetInvalid,
        /// The exchange does not know the instrument.
        INSTRUMENT_INVALID = "instrument_invalid" => OrderFailureKind::InstrumentInvalid,
        /// Too many requests.
        RATE_LIMIT = "rate_limit" => OrderFailureKind::RateLimit,
        /// The free balance does not cover the order.
        BALANCE_INSUFFICIENT = "balance_insufficient" => OrderFailureKind::BalanceInsufficient,
        /// Refused for another reason, which the message gives.
        ORDER_REJECTED = "order_rejected" => OrderFailureKind::OrderRejected,
        /// A cancel came for an order that is cancelled already.
        ORDER_ALREADY_CANCELLED = "order_already_cancelled" => OrderFailureKind::OrderAlreadyCancelled,
        /// A cancel came for an order that is filled already.
        ORDER_ALREADY_FULLY_FILLED = "order_already_fully_filled" => OrderFailureKind::OrderAlreadyFullyFilled,
    }
}

record! {
    /// Why an exchange refused a request (`barter_execution::error::OrderError`).
    pub struct OrderFailure {
        /// The reason as a kind, to act on.
        kind: PyOrderFailureKind,
        /// barter's text, to read.
        message: String,
    }
}

impl From<&OrderError> for OrderFailure {
    fn from(error: &OrderError) -> Self {
        let kind = match error {
            OrderError::Connectivity(_) => OrderFailureKind::Connectivity,
            OrderError::Rejected(api) => match api {
                ApiError::AssetInvalid(..) => OrderFailureKind::AssetInvalid,
                ApiError::InstrumentInvalid(..) => OrderFailureKind::InstrumentInvalid,
                ApiError::RateLimit => OrderFailureKind::RateLimit,
                ApiError::BalanceInsufficient(..) => OrderFailureKind::BalanceInsufficient,
                ApiError::OrderRejected(_) => OrderFailureKind::OrderRejected,
                ApiError::OrderAlreadyCancelled => OrderFailureKind::OrderAlreadyCancelled,
                ApiError::OrderAlreadyFullyFilled => OrderFailureKind::OrderAlreadyFullyFilled,
            },
        };
        Self {
            kind: kind.into(),
            message: error.to_string(),
        }
    }
}

record! {
    /// An order and where it stands (`barter_execution::order::Order`).
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
        /// Where it stands.
        status: PyOrderStatus,
        /// The exchange's id, once it has one.
        order_id: Option<String>,
        /// Quantity filled so far, in the base asset; `None` where barter's state does not say, which is
        /// after a cancel and an expiry.
        filled_quantity: Option<Dec>,
        /// Why it failed, where it did.
        failure: Option<OrderFailure>,
    }
}

struct StateParts {
    status: OrderStatus,
    open: Option<Open>,
    order_id: Option<String>,
    failure: Option<OrderFailure>,
}

impl StateParts {
    const fn new(status: OrderStatus) -> Self {
        Self {
            status,
            open: None,
            order_id: None,
            failure: None,
        }
    }
}

impl From<&ActiveOrderState> for StateParts {
    fn from(state: &ActiveOrderState) -> Self {
        match state {
            ActiveOrderState::OpenInFlight(_) => Self::new(OrderStatus::OpenInFlight),
            ActiveOrderState::Open(open) => Self {
                open: Some(open.clone()),
                ..Self::new(OrderStatus::Open)
            },
            ActiveOrderState::CancelInFlight(CancelInFlight { order }) => Self {
                open: order.clone(),
                ..Self::new(OrderStatus::CancelInFlight)
            },
        }
    }
}

impl From<&OrderState> for StateParts {
    fn from(state: &OrderState) -> Self {
        match state {
            OrderState::Active(active) => active.into(),
            OrderState::Inactive(inactive) => match inactive {
                InactiveOrderState::Cancelled(Cancelled {
                    id,
                    time_exchange: _,
                }) => Self {
                    order_id: Some(id.to_string()),
                    ..Self::new(OrderStatus::Cancelled)
                },
                InactiveOrderState::FullyFilled => Self::new(OrderStatus::FullyFilled),
                InactiveOrderState::OpenFailed(error) => Self {
                    failure: Some(error.into()),
                    ..Self::new(OrderStatus::OpenFailed)
                },
                InactiveOrderState::Expired => Self::new(OrderStatus::Expired),
            },
        }
    }
}

impl<State>
    From<
        &barter_execution::order::Order<
            barter_instrument::exchange::ExchangeIndex,
            barter_instrument::instrument::InstrumentIndex,
            State,
        >,
    > for Order
where
    for<'a> StateParts: From<&'a State>,
{
    fn from(
        order: &barter_execution::order::Order<
            barter_instrument::exchange::ExchangeIndex,
            barter_instrument::instrument::InstrumentIndex,
            State,
        >,
    ) -> Self {
        let barter_execution::order::Order {
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
            open,
            order_id,
            failure,
        } = state.into();
        let filled = match status {
            OrderStatus::FullyFilled => Some(*quantity),
            OrderStatus::OpenInFlight
            | OrderStatus::Open
            | OrderStatus::CancelInFlight
            | OrderStatus::OpenFailed => Some(
                open.as_ref()
                    .map(|open| open.filled_quantity)
                    .unwrap_or_default(),
            ),
            OrderStatus::Cancelled | OrderStatus::Expired => None,
        };
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
            filled_quantity: filled.map(Dec),
            order_id: order_id.or_else(|| open.map(|open| open.id.to_string())),
            failure,
        }
    }
}

record! {
    /// One of our fills (`barter_execution::trade::Trade`).
    pub struct Trade {
        /// The exchange's id of the trade.
        id: String,
        /// The exchange's id of the order.
        order_id: String,
        /// Index of the instrument.
        instrument: Index,
        /// Id of the strategy whose order it was.
        strategy_id: String,
        /// When it happened, in UTC.
        time_exchange: UtcTime,
        /// Side of our order.
        side: PySide,
        /// Price, in the quote asset.
        price: Dec,
        /// Quantity, in the base asset.
        quantity: Dec,
        /// Fees, in the quote asset.
        fees: Dec,
    }
}

impl
    From<
        &barter_execution::trade::Trade<QuoteAsset, barter_instrument::instrument::InstrumentIndex>,
    > for Trade
{
    fn from(
        trade: &barter_execution::trade::Trade<
            QuoteAsset,
            barter_instrument::instrument::InstrumentIndex,
        >,
    ) -> Self {
        let barter_execution::trade::Trade {
            id,
            order_id,
            instrument,
            strategy,
            time_exchange,
            side,
            price,
            quantity,
            fees: AssetFees {
                asset: QuoteAsset,
                fees,
            },
        } = trade;
        Self {
            id: id.0.to_string(),
            order_id: order_id.to_string(),
            instrument: Index(instrument.index()),
            strategy_id: strategy.to_string(),
            time_exchange: UtcTime(*time_exchange),
            side: (*side).into(),
            price: Dec(*price),
            quantity: Dec(*quantity),
            fees: Dec(*fees),
        }
    }
}

record! {
    /// An amount of an asset (`barter_execution::balance::Balance`).
    pub struct Balance {
        /// All that is held.
        total: Dec,
        /// What is not reserved by orders.
        free: Dec,
    }
}

impl From<barter_execution::balance::Balance> for Balance {
    fn from(balance: barter_execution::balance::Balance) -> Self {
        let barter_execution::balance::Balance { total, free } = balance;
        Self {
            total: Dec(total),
            free: Dec(free),
        }
    }
}

record! {
    /// The new balance of an asset (`barter_execution::balance::AssetBalance`).
    pub struct AssetBalance {
        /// Index of the asset.
        asset: Index,
        /// Its balance.
        balance: Balance,
        /// Since when, in UTC.
        time_exchange: UtcTime,
    }
}

impl From<&barter_execution::balance::AssetBalance<barter_instrument::asset::AssetIndex>>
    for AssetBalance
{
    fn from(
        value: &barter_execution::balance::AssetBalance<barter_instrument::asset::AssetIndex>,
    ) -> Self {
        let barter_execution::balance::AssetBalance {
            asset,
            balance,
            time_exchange,
        } = value;
        Self {
            asset: Index(asset.index()),
            balance: (*balance).into(),
            time_exchange: UtcTime(*time_exchange),
        }
    }
}

record! {
    /// The answer to a cancel (`barter_execution::order::request::OrderResponseCancel`).
    pub struct OrderResponseCancel {
        /// Index of the exchange.
        exchange: Index,
        /// Index of the instrument.
        instrument: Index,
        /// Id of the strategy whose order it is.
        strategy_id: String,
        /// The order's id, chosen by the strategy.
        client_order_id: String,
        /// Why the order was not cancelled; `None` when it was.
        failure: Option<OrderFailure>,
    }
}

impl From<&BarterResponseCancel> for OrderResponseCancel {
    fn from(response: &BarterResponseCancel) -> Self {
        let OrderEvent {
            key:
                OrderKey {
                    exchange,
                    instrument,
                    strategy,
                    cid,
                },
            state,
        } = response;
        Self {
            exchange: Index(exchange.index()),
            instrument: Index(instrument.index()),
            strategy_id: strategy.to_string(),
            client_order_id: cid.to_string(),
            failure: state.as_ref().err().map(OrderFailure::from),
        }
    }
}

/// What happened to an account.
#[derive(Clone, PartialEq, Eq, Hash, Debug, IntoPyObject, FromPyObject)]
pub enum Kind {
    /// `AccountEventKind::BalanceSnapshot`
    Balance(AssetBalance),
    /// `AccountEventKind::OrderSnapshot`
    Order(Order),
    /// `AccountEventKind::OrderCancelled`
    Cancel(OrderResponseCancel),
    /// `AccountEventKind::Trade`
    Trade(Trade),
}

impl PyStubType for Kind {
    fn type_output() -> TypeInfo {
        AssetBalance::type_output()
            | Order::type_output()
            | OrderResponseCancel::type_output()
            | Trade::type_output()
    }
}

record! {
    /// Something that an exchange told of an account (`barter_execution::AccountEvent`).
    pub struct AccountEvent {
        /// Index of the exchange.
        exchange: Index,
        /// What it told.
        kind: Kind,
    }
}

impl AccountEvent {
    /// `None` for the snapshot of a whole account: a run takes it before the strategy starts.
    pub fn from_barter(event: &barter_execution::AccountEvent) -> Option<Self> {
        let barter_execution::AccountEvent { exchange, kind } = event;
        let kind = match kind {
            AccountEventKind::Snapshot(_) => return None,
            AccountEventKind::BalanceSnapshot(balance) => Kind::Balance((&balance.0).into()),
            AccountEventKind::OrderSnapshot(order) => Kind::Order((&order.0).into()),
            AccountEventKind::OrderCancelled(response) => Kind::Cancel(response.into()),
            AccountEventKind::Trade(trade) => Kind::Trade(trade.into()),
        };
        Some(Self {
            exchange: Index(exchange.index()),
            kind,
        })
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl Trade {
    /// `time_exchange` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_exchange_ns(&self) -> PyResult<i64> {
        nanos(self.time_exchange.0)
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl AssetBalance {
    /// `time_exchange` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_exchange_ns(&self) -> PyResult<i64> {
        nanos(self.time_exchange.0)
    }
}
