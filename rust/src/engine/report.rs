//! What a run reports besides barter's own records.

use crate::{
    convert::{Dec, Index, UtcTime, nanos},
    execution::{Order, OrderResponseCancel},
    record,
};
use pyo3::prelude::*;
use pyo3_stub_gen::derive::gen_stub_pymethods;

record! {
    /// An order of a run: where it stood at the end, what its fills add up to, and its times.
    ///
    /// `order` is barter's, and its `filled_quantity` is `None` where its state carries none: that of an
    /// order which was cancelled or has expired, also after fills. That of the report is always right.
    pub struct OrderReport {
        /// The order, where it stood at the end.
        order: Order,
        /// The exchange's id of the order, whatever its end, as in its trades' `order_id`; `None` where
        /// it was refused or not answered.
        order_id: Option<String>,
        /// What its fills add up to, in the order's own quantity; zero without fills.
        filled_quantity: Dec,
        /// What of that was filled while the order rested; the rest took liquidity.
        maker_quantity: Dec,
        /// The sum of its trades' `fees`, in the quote asset.
        fees: Dec,
        /// The sum of price × quantity over its fills, divided by `filled_quantity` and rounded to what a
        /// decimal holds; `None` without fills.
        average_price: Option<Dec>,
        /// When the engine sent it, in UTC.
        time_sent: UtcTime,
        /// When the exchange ended it, in UTC; `None` where it is open at the end of the run.
        time_finished: Option<UtcTime>,
    }
}

record! {
    /// A cancel that failed.
    pub struct FailedCancel {
        /// The answer, with its `failure`.
        response: OrderResponseCancel,
        /// When the exchange refused it, in UTC.
        time: UtcTime,
    }
}

record! {
    /// What the account was worth in one quote asset.
    pub struct EquityPoint {
        /// Index of the quote asset.
        asset: Index,
        /// When, in UTC.
        time: UtcTime,
        /// The asset's balance at the start, plus profit and loss since then: realised, and unrealised
        /// at the mid (the last trade, or the last candle's close, where there is no book).
        equity: Dec,
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl OrderReport {
    /// `time_sent` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_sent_ns(&self) -> PyResult<i64> {
        nanos(self.time_sent.0)
    }

    /// `time_finished` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_finished_ns(&self) -> PyResult<Option<i64>> {
        self.time_finished.map(|time| nanos(time.0)).transpose()
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl FailedCancel {
    /// `time` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_ns(&self) -> PyResult<i64> {
        nanos(self.time.0)
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl EquityPoint {
    /// `time` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_ns(&self) -> PyResult<i64> {
        nanos(self.time.0)
    }
}
