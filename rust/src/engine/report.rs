//! What a run reports besides barter's own records.

use crate::{
    convert::{Dec, Index, UtcTime, nanos},
    execution::Order,
    record,
};
use pyo3::prelude::*;
use pyo3_stub_gen::derive::gen_stub_pymethods;

record! {
    /// An order of a run, with its times.
    pub struct OrderReport {
        /// The order, where it stood at the end.
        order: Order,
        /// What its fills add up to, in the order's own quantity.
        filled_quantity: Dec,
        /// When the engine sent it, in UTC.
        time_sent: UtcTime,
        /// When the exchange ended it, in UTC; `None` where it is open at the end of the run.
        time_finished: Option<UtcTime>,
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
impl EquityPoint {
    /// `time` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_ns(&self) -> PyResult<i64> {
        nanos(self.time.0)
    }
}
