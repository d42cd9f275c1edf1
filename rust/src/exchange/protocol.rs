//! Requests to an exchange, and its answers.

use super::executed::Executed;
use crate::{execution::OrderIndex, stops::PathPrice};
use barter_execution::{
    AccountEvent,
    order::{
        OrderKey,
        id::OrderId,
        request::{OrderRequestCancel, OrderRequestOpen},
    },
};
use barter_instrument::{Side, exchange::ExchangeIndex, instrument::InstrumentIndex};
use rust_decimal::Decimal;

/// A request to an exchange.
#[derive(Clone, Debug)]
pub enum ExchangeRequest {
    /// Asks for an order to be cancelled.
    Cancel(OrderRequestCancel),
    /// Asks for an order to be opened; the index is the order's among all orders of the run. If the path of
    /// a candle has triggered it, it meets the candle's price there.
    Open(OrderIndex, OrderRequestOpen, Option<PathPrice>),
}

impl ExchangeRequest {
    /// The ids of the order in question, as the engine knows them.
    pub const fn key(&self) -> &OrderKey {
        match self {
            Self::Cancel(request) => &request.key,
            Self::Open(_, request, _) => &request.key,
        }
    }
}

/// The answer of an exchange to a request, or its report of a resting order.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The exchange that answers.
    pub exchange: ExchangeIndex,
    /// The order whose state has changed; `None` if a cancel failed, and for a snapshot of the account.
    pub order: Option<AnsweredOrder>,
    /// The funding that the answer is about.
    pub funded: Option<Funded>,
    /// Events that are delivered together, in this order.
    pub events: Vec<AccountEvent>,
}

/// The order that an answer is about.
#[derive(Clone, Debug)]
pub struct AnsweredOrder {
    /// Index of the order among all orders of the run.
    pub index: OrderIndex,
    /// The exchange's id of the order and the sums over its fills so far; `None` for a refused order.
    pub executed: Option<(OrderId, Executed)>,
}

/// The funding of a position, which has changed the balance.
#[derive(Clone, Debug)]
pub struct Funded {
    pub instrument: InstrumentIndex,
    /// Side and quantity of the position.
    pub side: Side,
    pub quantity: Decimal,
    /// The price at which the position was valued; `None` for what it was entered for.
    pub mark_price: Option<Decimal>,
    pub rate: Decimal,
    /// The change of the quote balance.
    pub amount: Decimal,
}
