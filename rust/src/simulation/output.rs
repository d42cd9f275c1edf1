//! The results of a run.

use crate::{
    convert::{Dec, UtcTime, nanos},
    execution::{Balance, TradeRows},
    records::{AccountEquity, FailedCancelRows, FundingPaymentRows, OrderReportRows},
    risk::RefusedRequestRows,
    state::{OpenPositionRows, PositionExitedRows},
    statistic::TradingSummary,
};
use pyo3::prelude::*;
use pyo3_stub_gen::derive::{gen_stub_pyclass, gen_stub_pymethods};

/// The results of a run, for `barter_python.backtest.BacktestResult`.
#[gen_stub_pyclass]
#[pyclass(frozen, get_all, module = "barter_python._core")]
pub struct BacktestOutput {
    /// When the first event was received, in UTC.
    pub(super) time_start: UtcTime,
    /// When the last event was received, in UTC: the greatest time, since times can step back.
    pub(super) time_end: UtcTime,
    /// How many events of the history were processed.
    pub(super) events: usize,
    /// barter's summary.
    pub(super) summary: TradingSummary,
    /// Orders, in the order in which they were sent.
    pub(super) orders: Py<OrderReportRows>,
    /// Our fills, in their order.
    pub(super) fills: Py<TradeRows>,
    /// Funding of positions, in its order.
    pub(super) funding: Py<FundingPaymentRows>,
    /// Cancels that failed, in their order.
    pub(super) failed_cancels: Py<FailedCancelRows>,
    /// Requests that the risk manager has refused, in their order.
    pub(super) refused: Py<RefusedRequestRows>,
    /// Closed positions, in the order of their closing.
    pub(super) positions: Py<PositionExitedRows>,
    /// Positions still open at the end.
    pub(super) open_positions: Py<OpenPositionRows>,
    /// By instrument index, the prices that open positions are valued at; `None` without a price.
    pub(super) marks: Vec<Option<Dec>>,
    /// The equity of the account.
    pub(super) equity: AccountEquity,
    /// Balances at the end, by asset index.
    pub(super) balances: Vec<Balance>,
    /// The indices of the assets whose balances are negative at the end, and these.
    pub(super) overdrawn: Vec<(usize, Dec)>,
    /// The attributes of quotes that a strategy without orders has read, and that were `None` each time
    /// although the instrument had other prices.
    pub(super) missing_quotes: Vec<String>,
    /// How many events have left a market with a best bid above its best ask; of the first, when it
    /// was received, in nanoseconds since 1970, and its instrument's index.
    pub(super) crossed: Option<(usize, i64, usize)>,
    /// If they were asked for: when the engine has sent a request, in nanoseconds since 1970, and the
    /// request as barter's JSON.
    pub(super) requests: Vec<(i64, String)>,
}

#[gen_stub_pymethods]
#[pymethods]
impl BacktestOutput {
    /// `time_start` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_start_ns(&self) -> PyResult<i64> {
        nanos(self.time_start.0)
    }

    /// `time_end` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_end_ns(&self) -> PyResult<i64> {
        nanos(self.time_end.0)
    }
}
