//! Figures of a run: the module `barter::statistic`.

use crate::{
    convert::{Dec, Named, UtcTime, nanos},
    execution::Balance,
    py_enum, record,
};
use barter::statistic::{
    metric::drawdown,
    summary::{self, TradingSummaryGenerator},
    time::{Annual252, Annual365, Daily},
};
use pyo3::prelude::*;
use pyo3_stub_gen::derive::gen_stub_pymethods;

/// barter's named intervals.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum TimeInterval {
    /// `barter::statistic::time::Daily`
    Daily,
    /// `barter::statistic::time::Annual252`
    Annual252,
    /// `barter::statistic::time::Annual365`
    Annual365,
}

py_enum! {
    /// The time that ratios and returns are scaled to (`barter::statistic::time`).
    pub enum PyTimeInterval(TimeInterval) as "TimeInterval" {
        /// A day.
        DAILY = "daily" => TimeInterval::Daily,
        /// A year of 252 days, as of traditional markets.
        ANNUAL_252 = "annual_252" => TimeInterval::Annual252,
        /// A year of 365 days.
        ANNUAL_365 = "annual_365" => TimeInterval::Annual365,
    }
}

record! {
    /// A fall from a peak (`barter::statistic::metric::drawdown::Drawdown`).
    pub struct Drawdown {
        /// Depth, as a fraction of the peak.
        value: Dec,
        /// When the peak was, in UTC.
        time_start: UtcTime,
        /// When it ended, or was last looked at, in UTC.
        time_end: UtcTime,
    }
}

impl From<drawdown::Drawdown> for Drawdown {
    fn from(drawdown: drawdown::Drawdown) -> Self {
        let drawdown::Drawdown {
            value,
            time_start,
            time_end,
        } = drawdown;
        Self {
            value: Dec(value),
            time_start: UtcTime(time_start),
            time_end: UtcTime(time_end),
        }
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl Drawdown {
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

record! {
    /// The mean of several drawdowns (`barter::statistic::metric::drawdown::mean::MeanDrawdown`).
    pub struct MeanDrawdown {
        /// Mean depth, as a fraction of the peak.
        mean_drawdown: Dec,
        /// Mean duration, in milliseconds.
        mean_drawdown_ms: i64,
    }
}

impl From<drawdown::mean::MeanDrawdown> for MeanDrawdown {
    fn from(mean: drawdown::mean::MeanDrawdown) -> Self {
        let drawdown::mean::MeanDrawdown {
            mean_drawdown,
            mean_drawdown_ms,
        } = mean;
        Self {
            mean_drawdown: Dec(mean_drawdown),
            mean_drawdown_ms,
        }
    }
}

record! {
    /// barter's figures of an instrument, as barter calculates them (`barter::statistic::summary::instrument::TearSheet`).
    ///
    /// `win_rate` and `profit_factor` are not what their names say: see `barter_python.statistic.PositionStatistics`.
    pub struct TearSheet {
        /// Profit and loss of closed positions, in the quote asset.
        pnl: Dec,
        /// Mean return of a position, scaled to the interval.
        pnl_return: Dec,
        /// Sharpe ratio, scaled to the interval; the greatest decimal where returns do not vary.
        sharpe_ratio: Dec,
        /// Sortino ratio, scaled to the interval; the greatest decimal where losses do not vary.
        sortino_ratio: Dec,
        /// Calmar ratio, scaled to the interval; the greatest decimal without a drawdown.
        calmar_ratio: Dec,
        /// The drawdown that was not over at the end.
        pnl_drawdown: Option<Drawdown>,
        /// The mean of all drawdowns.
        pnl_drawdown_mean: Option<MeanDrawdown>,
        /// The deepest drawdown.
        pnl_drawdown_max: Option<Drawdown>,
        /// The share of positions that lost: barter counts losses where wins are meant.
        win_rate: Option<Dec>,
        /// The net return over the sum of losses: barter takes the net where gross profit is meant.
        profit_factor: Option<Dec>,
    }
}

impl<Interval> From<summary::instrument::TearSheet<Interval>> for TearSheet {
    fn from(sheet: summary::instrument::TearSheet<Interval>) -> Self {
        let summary::instrument::TearSheet {
            pnl,
            pnl_return,
            sharpe_ratio,
            sortino_ratio,
            calmar_ratio,
            pnl_drawdown,
            pnl_drawdown_mean,
            pnl_drawdown_max,
            win_rate,
            profit_factor,
        } = sheet;
        Self {
            pnl: Dec(pnl),
            pnl_return: Dec(pnl_return.value),
            sharpe_ratio: Dec(sharpe_ratio.value),
            sortino_ratio: Dec(sortino_ratio.value),
            calmar_ratio: Dec(calmar_ratio.value),
            pnl_drawdown: pnl_drawdown.map(Into::into),
            pnl_drawdown_mean: pnl_drawdown_mean.map(Into::into),
            pnl_drawdown_max: pnl_drawdown_max.map(|max| max.0.into()),
            win_rate: win_rate.map(|rate| Dec(rate.value)),
            profit_factor: profit_factor.map(|factor| Dec(factor.value)),
        }
    }
}

record! {
    /// barter's figures of an asset's balance (`barter::statistic::summary::asset::TearSheetAsset`).
    pub struct TearSheetAsset {
        /// The balance at the end.
        balance_end: Option<Balance>,
        /// The drawdown that was not over at the end.
        drawdown: Option<Drawdown>,
        /// The mean of all drawdowns.
        drawdown_mean: Option<MeanDrawdown>,
        /// The deepest drawdown.
        drawdown_max: Option<Drawdown>,
    }
}

impl From<summary::asset::TearSheetAsset> for TearSheetAsset {
    fn from(sheet: summary::asset::TearSheetAsset) -> Self {
        let summary::asset::TearSheetAsset {
            balance_end,
            drawdown,
            drawdown_mean,
            drawdown_max,
        } = sheet;
        Self {
            balance_end: balance_end.map(Into::into),
            drawdown: drawdown.map(Into::into),
            drawdown_mean: drawdown_mean.map(Into::into),
            drawdown_max: drawdown_max.map(|max| max.0.into()),
        }
    }
}

record! {
    /// barter's summary of a run (`barter::statistic::summary::TradingSummary`).
    pub struct TradingSummary {
        /// When the engine started, in UTC.
        time_engine_start: UtcTime,
        /// When the engine stopped, in UTC.
        time_engine_end: UtcTime,
        /// What ratios and returns are scaled to.
        interval: PyTimeInterval,
        /// Figures by internal name of the instrument, in the order of the indices.
        instruments: Named<TearSheet>,
        /// Figures by exchange and internal name of the asset, such as `binance_spot_usdt`.
        assets: Named<TearSheetAsset>,
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl TradingSummary {
    /// `time_engine_start` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_engine_start_ns(&self) -> PyResult<i64> {
        nanos(self.time_engine_start.0)
    }

    /// `time_engine_end` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_engine_end_ns(&self) -> PyResult<i64> {
        nanos(self.time_engine_end.0)
    }
}

impl TradingSummary {
    /// Generates barter's summary. The generator is taken, since generating changes it.
    pub fn generate(mut generator: TradingSummaryGenerator, interval: PyTimeInterval) -> Self {
        match interval.0 {
            TimeInterval::Daily => Self::from_barter(generator.generate(Daily), interval),
            TimeInterval::Annual252 => Self::from_barter(generator.generate(Annual252), interval),
            TimeInterval::Annual365 => Self::from_barter(generator.generate(Annual365), interval),
        }
    }

    fn from_barter<Interval>(
        summary: summary::TradingSummary<Interval>,
        interval: PyTimeInterval,
    ) -> Self {
        let summary::TradingSummary {
            time_engine_start,
            time_engine_end,
            instruments,
            assets,
        } = summary;
        Self {
            time_engine_start: UtcTime(time_engine_start),
            time_engine_end: UtcTime(time_engine_end),
            interval,
            instruments: Named(
                instruments
                    .into_iter()
                    .map(|(name, sheet)| (name.to_string(), sheet.into()))
                    .collect(),
            ),
            assets: Named(
                assets
                    .into_iter()
                    .map(|(asset, sheet)| {
                        (
                            format!("{}_{}", asset.exchange.as_str(), asset.asset),
                            sheet.into(),
                        )
                    })
                    .collect(),
            ),
        }
    }
}
