//! The results of a run: its orders, fills and equity, the share of each strategy, and the run's progress.

mod by_strategy;
mod equity;
mod funding;
mod json;
mod progress;
mod report;
mod run_records;

pub use by_strategy::report_by_strategy;
pub use equity::{
    AccountEquity, EquityBar, EquityBarRows, EquityDrawdown, EquityDrawdownRows, EquityOptions,
    MarkedEquity,
};
pub use funding::{FundingPayment, FundingPaymentRows};
pub use json::{failure_counts, fees_by_instrument, result_json, statistics_by_instrument};
pub use progress::Progress;
pub use report::{FailedCancel, FailedCancelRows, OrderReport, OrderReportRows};
pub use run_records::{DriverOutput, OrderTotals, Records};
