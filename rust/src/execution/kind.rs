//! Kinds of orders, and how long they stay open.

use crate::convert::{EnumProperty, py_enum};
use barter_execution::order::{OrderKind, TimeInForce};
use pyo3::{prelude::*, types::PyFrozenSet};

py_enum! {
    /// Kind of an order (`barter_execution::order::OrderKind`).
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import OrderKind
    /// >>> [kind.value for kind in OrderKind]
    /// ['market', 'limit']
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
    /// barter's good-until-cancelled carries a flag; here its two values are two members with different
    /// values of `post_only`.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import TimeInForce
    /// >>> TimeInForce("fill_or_kill")
    /// <TimeInForce.FILL_OR_KILL: 'fill_or_kill'>
    /// >>> TimeInForce.GOOD_UNTIL_CANCELLED_POST_ONLY.post_only
    /// True
    pub enum PyTimeInForce(TimeInForce) as "TimeInForce" {
        /// Until it is filled or cancelled.
        GOOD_UNTIL_CANCELLED = "good_until_cancelled" => TimeInForce::GoodUntilCancelled { post_only: false },
        /// Until it is filled or cancelled, and rejected if it would take liquidity.
        GOOD_UNTIL_CANCELLED_POST_ONLY = "good_until_cancelled_post_only" => TimeInForce::GoodUntilCancelled { post_only: true },
        /// Until the end of the trading day.
        GOOD_UNTIL_END_OF_DAY = "good_until_end_of_day" => TimeInForce::GoodUntilEndOfDay,
        /// Filled wholly at once, or not at all.
        FILL_OR_KILL = "fill_or_kill" => TimeInForce::FillOrKill,
        /// The quantity that cannot be filled at once is cancelled.
        IMMEDIATE_OR_CANCEL = "immediate_or_cancel" => TimeInForce::ImmediateOrCancel,
    }
}

pyo3_stub_gen::inventory::submit! {
    EnumProperty { class: "TimeInForce", name: "post_only", type_name: "builtins.bool", doc: POST_ONLY }
}

const POST_ONLY: &str = "Whether the order is rejected if it would take liquidity.";

/// Gives the class `TimeInForce` its property `post_only`, which Python's functional API of enums cannot.
pub fn add_post_only(py: Python<'_>) -> PyResult<()> {
    let class = PyTimeInForce::class(py)?;
    let post_only = PyFrozenSet::new(py, [class.getattr("GOOD_UNTIL_CANCELLED_POST_ONLY")?])?;
    let property = py.import("builtins")?.getattr("property")?;
    let none = py.None();
    class.setattr(
        "post_only",
        property.call1((post_only.getattr("__contains__")?, &none, &none, POST_ONLY))?,
    )
}
