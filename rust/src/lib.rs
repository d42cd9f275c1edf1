//! `barter_python._core`: barter's engine, its strategies and its statistics for Python.
//!
//! One module for each of barter's own; this one only registers.

// The enum macro pushes rustc's expansion over its default.
#![recursion_limit = "256"]
#![allow(clippy::used_underscore_items)]

mod backtest;
mod command;
mod compiled;
mod convert;
mod data;
mod engine;
mod error;
mod exchange;
mod execution;
mod indicators;
mod instrument;
mod live;
mod logging;
mod network;
mod records;
mod risk;
mod simulation;
mod sparse_iter;
mod state;
mod statistic;
mod stops;
mod strategy;
mod streams;
mod stub;
mod view;
mod wrapped;

pyo3_stub_gen::module_variable!("barter_python._core", "__version__", &'static str, VERSION);
pyo3_stub_gen::export_verbatim!("barter_python._core", "__version__");
pyo3_stub_gen::module_doc!(
    "barter_python._core",
    "The native module: private, use the public modules of barter_python."
);

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The native module: private, use the public modules of `barter_python`.
#[pyo3::pymodule]
mod _core {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::backtest::run_backtest;
    #[pymodule_export]
    use crate::compiled::NativeFunction;
    #[pymodule_export]
    use crate::convert::{
        arrow::ArrowTable, decimal::check_number, given::table_of, nanoseconds_of,
    };
    #[pymodule_export]
    use crate::data::{
        Candle, Funding, Level, Liquidation, MarketData, MarketEvent, MarketScan, NamedMarketEvent,
        OrderBook, OrderBookL1, OrderBookSnapshot, OrderBookUpdate, PublicTrade,
        PyMarketDataIterator, PyMarketScanIterator, Reconnecting, Settlement, csv_first_rows,
        csv_values, read_csv_files, read_databento, window_ns,
    };
    #[pymodule_export]
    use crate::engine::{
        AuditSnapshot, AuditTick, PyEngine, Shutdown, StateReplica, event_from_json, event_to_json,
    };
    #[pymodule_export]
    use crate::execution::{
        AccountEvent, AccountReconnecting, AccountSnapshot, AssetBalance, Balance,
        InstrumentAccountSnapshot, Order, OrderFailure, OrderResponseCancel, PyOrderRequestOpen,
        Trade, TradeRows,
    };
    #[pymodule_export]
    use crate::instrument::{IndexedAsset, IndexedInstrument, PyIndexedInstruments};
    #[pymodule_export]
    use crate::live::{LiveOutput, SystemControls, run_paper};
    #[pymodule_export]
    use crate::logging::set_logging_level;
    #[pymodule_export]
    use crate::network::check_executions;
    #[pymodule_export]
    use crate::records::{
        AccountEquity, EquityBar, EquityBarRows, EquityDrawdown, EquityDrawdownRows, FailedCancel,
        FailedCancelRows, FundingPayment, FundingPaymentRows, OrderReport, OrderReportRows,
        failure_counts, fees_by_instrument, report_by_strategy, result_json,
        statistics_by_instrument,
    };
    #[pymodule_export]
    use crate::risk::{
        CheckFailHigherThan, CheckHigherThan, RefusedRequestRows, calculate_abs_percent_difference,
        calculate_delta, calculate_quote_notional,
    };
    #[pymodule_export]
    use crate::simulation::BacktestOutput;
    #[pymodule_export]
    use crate::state::{
        AssetState, Connectivity, OpenPosition, OpenPositionRows, PositionExited,
        PositionExitedRows, PyInstrumentFilter, Timer,
    };
    #[pymodule_export]
    use crate::statistic::{
        CalmarRatio, DataSetSummary, Dispersion, Drawdown, DrawdownGenerator, EquityRatios,
        MaxDrawdownGenerator, MeanDrawdown, MeanDrawdownGenerator, PeriodReturn, PeriodReturnRows,
        PnLReturns, ProfitFactor, Range, RateOfReturn, SharpeRatio, SortinoRatio, TearSheet,
        TearSheetAsset, TearSheetAssetGenerator, TearSheetGenerator, TradingSummary,
        TradingSummaryGenerator, WinRate, calculate_mean, calculate_population_variance,
        calculate_recurrence_relation_m, calculate_sample_variance,
    };
    #[pymodule_export]
    use crate::stops::{Stop, StopOrder, StopTrigger, TakeProfitOrder, TrailingStopOrder};
    #[pymodule_export]
    use crate::strategy::{
        build_ioc_market_order_to_close_position, check_closing_order,
        close_open_positions_with_market_orders,
    };
    #[pymodule_export]
    use crate::streams::{Lag, MarketFeed, StreamStatus, check_address, check_subscription};
    #[pymodule_export]
    use crate::view::{EngineView, InstrumentView};
    #[pymodule_export]
    use crate::wrapped::wrapped_crates;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", crate::VERSION)?;
        crate::convert::add_enums(module)?;
        crate::execution::add_post_only(module.py())?;
        // Not a name of the module: only what writes the stubs asks for it.
        module.setattr("_stubs", wrap_pyfunction!(crate::stub::_stubs, module)?)?;
        Ok(())
    }
}
