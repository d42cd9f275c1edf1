//! The events that tell of orders.

use super::{amount::Amount, orders::order_id, resting::Resting};
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

pub fn order_event(request: OrderRequestOpen, state: OrderState) -> AccountEvent {
    AccountEvent::new(
        request.key.exchange,
        AccountEventKind::OrderSnapshot(Snapshot(order(request, state))),
    )
}

pub fn open(number: u64, time_exchange: DateTime<Utc>, filled: Amount) -> OrderState {
    OrderState::active(Open {
        id: order_id(number),
        time_exchange,
        filled_quantity: filled.decimal(),
    })
}

/// A resting order as it is.
pub fn resting(order: &Resting) -> OrderState {
    open(order.number, order.time, order.filled())
}

pub fn refused(request: OrderRequestOpen, error: OrderError) -> AccountEvent {
    let state = InactiveOrderState::OpenFailed(error);
    order_event(request, OrderState::inactive(state))
}

/// The answer to a cancel.
pub fn cancelled(key: OrderKey, state: Result<Cancelled, OrderError>) -> AccountEvent {
    AccountEvent::new(
        key.exchange,
        AccountEventKind::OrderCancelled(OrderEvent { key, state }),
    )
}
