//! Orders, trades, balances and the events of an account: the crate `barter-execution`.

mod balance;
mod cancel;
mod contradiction;
mod event;
mod failure;
mod json;
mod order;
mod request;
#[cfg(test)]
mod tests;
mod trade;

pub use balance::{AssetBalance, Balance};
pub use cancel::OrderResponseCancel;
pub use event::{
    AccountEvent, AccountReconnecting, AccountSnapshot, AnyAccountEvent, InstrumentAccountSnapshot,
};
pub use failure::{OrderFailure, PyOrderFailureKind};
pub use order::{Order, OrderStatus, PyOrderStatus};
pub use request::{
    CancelRequest, ClientOrderIdClass, OpenRequest, PyOrderRequestOpen, StrategyIdClass,
    order_request_cancel, order_request_open,
};
pub use trade::Trade;

use crate::py_enum;
use barter_execution::order::{OrderKind, TimeInForce};
use pyo3::{prelude::*, types::PyFrozenSet};
use pyo3_stub_gen::PyStubType;

py_enum! {
    /// Kind of an order (`barter_execution::order::OrderKind`).
    pub enum PyOrderKind(OrderKind) as "OrderKind" {
        /// Filled at once at the market's price.
        MARKET = "market" => OrderKind::Market,
        /// Filled at its price or better.
        LIMIT = "limit" => OrderKind::Limit,
    }
}

py_enum! {
    /// How long an order stays open (`barter_execution::order::TimeInForce`).
    ///
    /// barter's good-until-cancelled carries a flag; here its two values are two members, which
    /// `post_only` tells apart.
    pub enum PyTimeInForce(TimeInForce) as "TimeInForce" {
        /// Until it is filled or cancelled.
        GOOD_UNTIL_CANCELLED = "good_until_cancelled" => TimeInForce::GoodUntilCancelled { post_only: false },
        /// Until it is filled or cancelled, and rejected if it would take liquidity.
        GOOD_UNTIL_CANCELLED_POST_ONLY = "good_until_cancelled_post_only" => TimeInForce::GoodUntilCancelled { post_only: true },
        /// Until the end of the trading day.
        GOOD_UNTIL_END_OF_DAY = "good_until_end_of_day" => TimeInForce::GoodUntilEndOfDay,
        /// Filled wholly at once, or not at all.
        FILL_OR_KILL = "fill_or_kill" => TimeInForce::FillOrKill,
        /// What cannot be filled at once is cancelled.
        IMMEDIATE_OR_CANCEL = "immediate_or_cancel" => TimeInForce::ImmediateOrCancel,
    }
}

pyo3_stub_gen::inventory::submit! {
    pyo3_stub_gen::type_info::PyMethodsInfo {
        struct_id: std::any::TypeId::of::<PyTimeInForce>,
        attrs: &[],
        getters: &[pyo3_stub_gen::type_info::MemberInfo {
            name: "post_only",
            r#type: <bool as PyStubType>::type_output,
            doc: POST_ONLY,
            default: None,
            deprecated: None,
        }],
        setters: &[],
        methods: &[],
        file: file!(),
        line: line!(),
        column: column!(),
    }
}

const POST_ONLY: &str = "Whether the order is rejected if it would take liquidity.";

/// The class `TimeInForce` with its property `post_only`, which a functional `Enum` cannot be given.
pub fn time_in_force_class(py: Python<'_>) -> PyResult<Bound<'_, pyo3::types::PyType>> {
    let class = PyTimeInForce::class(py)?;
    let post_only = PyFrozenSet::new(py, [class.getattr("GOOD_UNTIL_CANCELLED_POST_ONLY")?])?;
    let property = py.import("builtins")?.getattr("property")?;
    let none = py.None();
    class.setattr(
        "post_only",
        property.call1((post_only.getattr("__contains__")?, &none, &none, POST_ONLY))?,
    )?;
    Ok(class)
}
