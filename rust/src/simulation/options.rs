//! The options of a run, read from the Python layer's dataclass.

use super::script::ScriptedCommand;
use crate::{
    convert::{Dec, Index, datetime_from_nanos, extract_field},
    data::{CandleInterval, MarketData, Window},
    exchange::PyFillPrice,
    records::EquityOptions,
    statistic::Interval,
};
use barter_instrument::{asset::AssetIndex, instrument::InstrumentIndex};
use pyo3::{intern, prelude::*};
use pyo3_stub_gen::{PyStubType, TypeInfo};

/// `barter_python.backtest.options.RunOptions`: what a run needs of it.
///
/// An error names the option, which `#[derive(FromPyObject)]` would hide in a cause.
pub struct RunOptions {
    /// The part of the history that is run.
    pub window: Window,
    /// What the strategy is shown before the run.
    pub warmup: Option<Py<MarketData>>,
    pub close_at_end: bool,
    pub fill_price: PyFillPrice,
    /// For barter's ratios.
    pub risk_free_return: Dec,
    /// What barter's ratios are scaled to.
    pub interval: Interval,
    pub progress: Option<Py<PyAny>>,
    pub audit: Option<Py<PyAny>>,
    pub risk_manager: Option<Py<PyAny>>,
    pub guard_commands: bool,
    pub equity: EquityOptions,
    /// The length of the candles that the run builds from trades, if it does.
    pub candles: Option<CandleInterval>,
    /// Commands from outside, in their order.
    pub commands: Vec<ScriptedCommand>,
    /// Whether the requests of the engine belong to the output.
    pub keep_requests: bool,
}

impl<'a, 'py> FromPyObject<'a, 'py> for RunOptions {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let py = object.py();
        let callback = |name| {
            let value = object.getattr(name)?;
            PyResult::Ok((!value.is_none()).then(|| value.unbind()))
        };
        let time = |name| {
            let time: Option<i64> = extract_field(&object, name)?;
            PyResult::Ok(time.map(datetime_from_nanos))
        };
        let conversions: Vec<(Index, Index)> = extract_field(&object, "conversions")?;
        Ok(Self {
            window: Window {
                since: time("since_ns")?,
                until: time("until_ns")?,
            },
            warmup: extract_field(&object, "warmup")?,
            close_at_end: extract_field(&object, "close_at_end")?,
            fill_price: extract_field(&object, "fill_price")?,
            risk_free_return: extract_field(&object, "risk_free_return")?,
            interval: extract_field(&object, "interval")?,
            progress: callback(intern!(py, "progress"))?,
            audit: callback(intern!(py, "audit"))?,
            risk_manager: callback(intern!(py, "risk_manager"))?,
            guard_commands: extract_field(&object, "guard_commands")?,
            equity: EquityOptions {
                interval: extract_field(&object, "equity_interval_ns")?,
                conversions: conversions
                    .into_iter()
                    .map(|(asset, instrument)| (AssetIndex(asset.0), InstrumentIndex(instrument.0)))
                    .collect(),
            },
            candles: extract_field(&object, "candles")?,
            commands: extract_field(&object, "commands")?,
            keep_requests: extract_field(&object, "keep_requests")?,
        })
    }
}

impl PyStubType for RunOptions {
    fn type_output() -> TypeInfo {
        TypeInfo::with_module(
            "options.RunOptions",
            "barter_python.backtest.options".into(),
        )
    }
}
