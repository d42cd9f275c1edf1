//! The events and answers of orders.

use super::{
    accepted::order_id,
    amount::Amount,
    protocol::{Answer, AnsweredOrder},
    resting::Resting,
};
use crate::execution::OrderIndex;
use barter_execution::{
    AccountEvent, AccountEventKind,
    error::OrderError,
    order::{
        Order, OrderEvent, OrderKey, OrderSnapshot,
        request::OrderRequestOpen,
        state::{Cancelled, InactiveOrderState, Open, OrderState},
    },
};
use barter_integration::collection::snapshot::Snapshot;
use chrono::{DateTime, Utc};

/// An order in a state.
pub fn order(request: OrderRequestOpen, state: OrderState) -> OrderSnapshot {
    let OrderEvent { key, state: open } = request;
    Order {
        key,
        side: open.side,
        price: open.price,
        quantity: open.quantity,
        kind: open.kind,
        time_in_force: open.time_in_force,
        state,
    }
}

/// The event of an order that is in a new state.
pub fn order_event(request: OrderRequestOpen, state: OrderState) -> AccountEvent {
    AccountEvent::new(
        request.key.exchange,
        AccountEventKind::OrderSnapshot(Snapshot(order(request, state))),
    )
}

/// The state of an order that rests.
pub fn open(number: u64, time_exchange: DateTime<Utc>, filled: Amount) -> OrderState {
    OrderState::active(Open {
        id: order_id(number),
        time_exchange,
        filled_quantity: filled.decimal(),
    })
}

/// The state of a resting order.
pub fn resting(order: &Resting) -> OrderState {
    open(order.number, order.time, order.executed.quantity)
}

/// The answer to an order that is refused.
pub fn refusal(index: OrderIndex, request: OrderRequestOpen, error: OrderError) -> Answer {
    let state = InactiveOrderState::OpenFailed(error);
    Answer {
        exchange: request.key.exchange,
        order: Some(AnsweredOrder {
            index,
            executed: None,
        }),
        funded: None,
        events: vec![order_event(request, OrderState::inactive(state))],
    }
}

/// The answer to a cancel that is refused.
pub fn failed_cancel(key: OrderKey, error: OrderError) -> Answer {
    Answer {
        exchange: key.exchange,
        order: None,
        funded: None,
        events: vec![cancelled(key, Err(error))],
    }
}

/// The event of a cancel, carried out or refused.
pub fn cancelled(key: OrderKey, state: Result<Cancelled, OrderError>) -> AccountEvent {
    AccountEvent::new(
        key.exchange,
        AccountEventKind::OrderCancelled(OrderEvent { key, state }),
    )
}
