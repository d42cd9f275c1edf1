//! `barter_python._core`: barter's engine, its strategies and its statistics for Python.
//!
//! One module for each of barter's own; this one only registers.

// The enum macro pushes rustc's expansion over its default.
#![recursion_limit = "256"]
#![allow(clippy::used_underscore_items)]

mod backtest;
#[macro_use]
mod convert;
mod data;
mod engine;
mod error;
mod exchange;
mod execution;
mod instrument;
mod logging;
mod rare;
mod risk;
mod statistic;
mod strategy;
pub mod stub;
mod system;
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
    use crate::backtest::{BacktestOutput, check_executions, run_backtest};
    #[pymodule_export]
    use crate::convert::decimal::check_number;
    #[pymodule_export]
    use crate::data::{
        Candle, Level, Liquidation, MarketData, MarketEvent, OrderBook, OrderBookL1,
        OrderBookSnapshot, OrderBookUpdate, PublicTrade, PyMarketDataIterator, Reconnecting,
    };
    #[pymodule_export]
    use crate::engine::{
        AssetState, AuditSnapshot, AuditTick, Connectivity, EngineView, EquityPoint, FailedCancel,
        InstrumentView, OpenPosition, OrderReport, PositionExited, PyEngine, Shutdown,
        StateReplica, event_from_json, event_to_json, report_by_strategy,
    };
    #[pymodule_export]
    use crate::execution::{
        AccountEvent, AccountReconnecting, AccountSnapshot, AssetBalance, Balance,
        InstrumentAccountSnapshot, Order, OrderFailure, OrderResponseCancel, PyOrderRequestOpen,
        Trade,
    };
    #[pymodule_export]
    use crate::instrument::{IndexedAsset, IndexedInstrument, PyIndexedInstruments};
    #[pymodule_export]
    use crate::logging::set_logging_level;
    #[pymodule_export]
    use crate::risk::{
        CheckFailHigherThan, CheckHigherThan, calculate_abs_percent_difference, calculate_delta,
        calculate_quote_notional,
    };
    #[pymodule_export]
    use crate::statistic::{
        CalmarRatio, DataSetSummary, Dispersion, Drawdown, DrawdownGenerator, MaxDrawdownGenerator,
        MeanDrawdown, MeanDrawdownGenerator, PnLReturns, ProfitFactor, Range, RateOfReturn,
        SharpeRatio, SortinoRatio, TearSheet, TearSheetAsset, TearSheetAssetGenerator,
        TearSheetGenerator, TradingSummary, TradingSummaryGenerator, WinRate, calculate_mean,
        calculate_population_variance, calculate_recurrence_relation_m, calculate_sample_variance,
    };
    #[pymodule_export]
    use crate::strategy::{
        PyInstrumentFilter, build_ioc_market_order_to_close_position, check_closing_order,
        close_open_positions_with_market_orders,
    };

    #[pymodule_export]
    use crate::wrapped::wrapped_crates;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        let py = module.py();
        module.add("__version__", crate::VERSION)?;
        module.add("ExchangeId", crate::instrument::PyExchangeId::class(py)?)?;
        module.add("FeeAsset", crate::exchange::PyFeeAsset::class(py)?)?;
        module.add("FillPrice", crate::exchange::PyFillPrice::class(py)?)?;
        module.add("Health", crate::engine::PyHealth::class(py)?)?;
        module.add(
            "InstrumentQuoteAsset",
            crate::instrument::PyInstrumentQuoteAsset::class(py)?,
        )?;
        module.add("Liquidity", crate::exchange::PyLiquidity::class(py)?)?;
        module.add(
            "OptionExercise",
            crate::instrument::PyOptionExercise::class(py)?,
        )?;
        module.add("OptionKind", crate::instrument::PyOptionKind::class(py)?)?;
        module.add(
            "OrderFailureKind",
            crate::execution::PyOrderFailureKind::class(py)?,
        )?;
        module.add("OrderKind", crate::execution::PyOrderKind::class(py)?)?;
        module.add("OrderStatus", crate::execution::PyOrderStatus::class(py)?)?;
        module.add(
            "QueuePosition",
            crate::exchange::PyQueuePosition::class(py)?,
        )?;
        module.add("Side", crate::instrument::PySide::class(py)?)?;
        module.add("TimeInForce", crate::execution::time_in_force_class(py)?)?;
        module.add("TradingState", crate::engine::PyTradingState::class(py)?)?;
        module.add("TimeInterval", crate::statistic::PyTimeInterval::class(py)?)?;
        Ok(())
    }
}
