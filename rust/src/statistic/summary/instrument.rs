//! Figures of an instrument: the module `barter::statistic::summary::instrument`.

use super::{
    PnLReturns,
    pnl::{Tally, check_cost, too_large_text},
};
use crate::{
    convert::{Dec, UtcTime, named_argument, nanos, record, record_repr},
    state::PositionExited,
    statistic::{
        guard::{Held, guarded, pickled_as_json},
        metric::{Drawdown, MeanDrawdown},
        time::Interval,
    },
};
use barter::statistic::summary;
use pyo3::prelude::*;
use pyo3_stub_gen::derive::{gen_stub_pyclass, gen_stub_pymethods};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

named_argument! {
    time_engine_start: UtcTime,
    risk_free_return: Dec,
    interval: Interval,
}

record! {
    /// barter's figures of an instrument, as barter calculates them (`barter::statistic::summary::instrument::TearSheet`).
    ///
    /// `win_rate` and `profit_factor` are not what their names say: see `barter_python.statistic.PositionStatistics`.
    /// The ratios are those of `SharpeRatio.value` and so on: barter shows a decimal even if there is no number.
    ///
    /// Examples
    /// --------
    /// >>> from datetime import timedelta
    /// >>> from barter_python.statistic import TearSheetGenerator
    /// >>> sheet = TearSheetGenerator.init("2024-01-01T00:00:00Z").generate(0, timedelta(days=1))
    /// >>> sheet.pnl, sheet.win_rate
    /// (Decimal('0'), None)
    #[derive(Serialize)]
    #[signature(
        *, pnl, pnl_return, sharpe_ratio, sortino_ratio, calmar_ratio, pnl_drawdown,
        pnl_drawdown_mean, pnl_drawdown_max, win_rate, profit_factor
    )]
    pub struct TearSheet {
        /// Profit and loss of closed positions, in the quote asset.
        pnl: Dec,
        /// Mean return of a position, scaled to the interval.
        pnl_return: Dec,
        /// Sharpe ratio, scaled to the interval; the greatest decimal if returns do not vary.
        sharpe_ratio: Dec,
        /// Sortino ratio, scaled to the interval; the greatest decimal if losses do not vary.
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

/// barter's generator, and the right figures of the same positions.
#[derive(Clone, Serialize, Deserialize)]
pub struct InstrumentFigures {
    /// barter's own.
    pub barter: summary::instrument::TearSheetGenerator,
    /// Wins and losses.
    pub tally: Tally,
}

impl InstrumentFigures {
    /// Takes a closed position, or changes nothing.
    pub fn update(&mut self, position: &PositionExited) -> PyResult<()> {
        check_cost(position)?;
        let tally = self.tally.updated(position)?;
        let barter = guarded(
            || too_large_text(position),
            || {
                let mut next = self.barter.clone();
                next.update_from_position(&position.to_barter());
                next
            },
        )?;
        *self = Self { barter, tally };
        Ok(())
    }

    /// barter's tear sheet, from a copy, since generating changes barter's generator.
    pub fn generate(&self, risk_free_return: Decimal, interval: Interval) -> PyResult<TearSheet> {
        tear_sheet(self.barter.clone(), risk_free_return, interval)
    }
}

/// barter's tear sheet. The generator is taken, since generating changes it.
pub fn tear_sheet(
    mut generator: summary::instrument::TearSheetGenerator,
    risk_free_return: Decimal,
    interval: Interval,
) -> PyResult<TearSheet> {
    let interval = interval.in_whole_seconds()?;
    let total = &generator.pnl_returns.total;
    let (mean, deviation) = (total.mean, total.dispersion.std_dev);
    guarded(
        || {
            format!(
                "a ratio does not fit with risk_free_return={risk_free_return}, mean return {mean} and deviation {deviation}"
            )
        },
        move || generator.generate(risk_free_return, interval).into(),
    )
}

/// Makes the tear sheet of an instrument (`barter::statistic::summary::instrument::TearSheetGenerator`).
///
/// barter's `generate` changes its generator, so that the mean drawdown of a second call differs. Here
/// it changes nothing.
///
/// Examples
/// --------
/// >>> from decimal import Decimal
/// >>> from barter_python import PositionExited, Side
/// >>> from barter_python.statistic import TearSheetGenerator, TimeInterval
/// >>> generator = TearSheetGenerator.init("2024-01-01T00:00:00Z")
/// >>> for day, pnl in enumerate([10, -5, 20, 5], start=2):
/// ...     time = f"2024-01-0{day}T00:00:00Z"
/// ...     generator.update_from_position(
/// ...         PositionExited(0, Side.BUY, price_entry_average=Decimal(100), quantity_abs_max=1,
/// ...             pnl_realised=pnl, fees_enter=0, fees_exit=0, time_enter=time, time_exit=time, trades=[]))
/// >>> sheet = generator.generate(risk_free_return=0, interval=TimeInterval.DAILY)
/// >>> sheet.pnl, sheet.win_rate, generator.statistics.win_ratio
/// (Decimal('30'), Decimal('0.25'), Decimal('0.75'))
///
/// >>> generator.reset("2024-02-01T00:00:00Z")
/// >>> generator.generate(risk_free_return=0, interval=TimeInterval.DAILY).pnl
/// Decimal('0')
#[gen_stub_pyclass]
#[pyclass(frozen, module = "barter_python._core")]
pub struct TearSheetGenerator(Held<InstrumentFigures>);

#[gen_stub_pymethods]
#[pymethods]
impl TearSheetGenerator {
    /// A generator without positions.
    ///
    /// Parameters
    /// ----------
    /// time_engine_start : datetime or int or str
    ///     Time when trading started: aware, in nanoseconds since 1970 in UTC, or RFC 3339 text.
    #[staticmethod]
    fn init(#[pyo3(from_py_with = time_engine_start)] time_engine_start: UtcTime) -> Self {
        Self(Held::new(InstrumentFigures {
            barter: summary::instrument::TearSheetGenerator::init(time_engine_start.0),
            tally: Tally::default(),
        }))
    }

    /// Takes a closed position.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If the position was entered for nothing, or a figure does not fit into 28 digits; the
    ///     generator is unchanged then.
    fn update_from_position(&self, position: &PositionExited) -> PyResult<()> {
        self.0.lock().update(position)
    }

    /// barter's tear sheet as of now. Nothing changes.
    ///
    /// Parameters
    /// ----------
    /// risk_free_return : Decimal or int
    ///     The return without a risk; barter subtracts it from the mean return as it is.
    /// interval : TimeInterval or timedelta
    ///     The interval that ratios and returns are scaled to, of whole seconds.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If a ratio does not fit, or the interval is not positive or has a fraction of a second.
    fn generate(
        &self,
        #[pyo3(from_py_with = risk_free_return)] risk_free_return: Dec,
        #[pyo3(from_py_with = interval)] interval: Interval,
    ) -> PyResult<TearSheet> {
        self.0.get().generate(risk_free_return.0, interval)
    }

    /// Forgets everything and starts at another time.
    fn reset(&self, #[pyo3(from_py_with = time_engine_start)] time_engine_start: UtcTime) {
        let mut figures = self.0.lock();
        figures.barter.reset(time_engine_start.0);
        figures.tally = Tally::default();
    }

    /// The returns so far, from which the ratios are computed.
    #[getter]
    fn pnl_returns(&self) -> PnLReturns {
        self.0.get().barter.pnl_returns.into()
    }

    /// Wins and losses as the names mean them, which barter's tear sheet has wrong.
    #[getter]
    fn statistics(&self) -> Tally {
        self.0.lock().tally
    }

    /// When trading started, in UTC.
    #[getter]
    fn time_engine_start(&self) -> UtcTime {
        UtcTime(self.0.lock().barter.time_engine_start)
    }

    /// `time_engine_start` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_engine_start_ns(&self) -> PyResult<i64> {
        nanos(self.time_engine_start().0)
    }

    /// When the last position was closed, in UTC: the end of the period of the ratios.
    #[getter]
    fn time_engine_now(&self) -> UtcTime {
        UtcTime(self.0.lock().barter.time_engine_now)
    }

    /// `time_engine_now` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_engine_now_ns(&self) -> PyResult<i64> {
        nanos(self.time_engine_now().0)
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let fields = ["time_engine_start", "time_engine_now", "statistics"];
        record_repr(slf.as_any(), &fields)
    }
}

pickled_as_json!(TearSheetGenerator);
