//! Ratios of the returns of an equity.

use super::Interval;
use crate::{
    convert::{Columns, Dec, UtcTime, nanos, record, rows},
    instrument::PyIndexedInstruments,
};
use barter::statistic::time::TimeInterval as _;
use pyo3::prelude::*;
use pyo3_stub_gen::derive::gen_stub_pymethods;
use rust_decimal::{Decimal, MathematicalOps};
use serde::{Deserialize, Serialize};

record! {
    /// The return of the equity in a period of time.
    ///
    /// Examples
    /// --------
    /// >>> from decimal import Decimal
    /// >>> from barter_python.statistic import PeriodReturn
    /// >>> day = PeriodReturn("2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z", Decimal("0.01"))
    /// >>> f"{day.time_start:%Y-%m-%d} {day.value:.1%}"
    /// '2024-01-01 1.0%'
    #[derive(Serialize, Deserialize)]
    pub struct PeriodReturn {
        /// When the period begins, in UTC.
        time_start: UtcTime,
        /// When it ends, in UTC; the end is not part of it.
        time_end: UtcTime,
        /// The change of the equity divided by the equity at the beginning, rounded to what a decimal
        /// holds; `None` if the equity at the beginning is not positive.
        value: Option<Dec>,
    }
}

rows! {
    /// Returns, for `barter_python.Records`.
    pub struct PeriodReturnRows of PeriodReturn, named by PyIndexedInstruments
}

impl PeriodReturn {
    fn columns(_: &PyIndexedInstruments) -> Columns<Self> {
        let mut columns = Columns::new();
        columns
            .time("time_start", |row: &Self| Some(row.time_start))
            .time("time_end", |row| Some(row.time_end))
            .decimal("value", |row| row.value);
        columns
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl PeriodReturn {
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
    /// Ratios of the returns of an equity, scaled to a year.
    ///
    /// A ratio is `None` where it is not defined: without two returns, without a return that is not zero,
    /// if a return is not defined, if the risk that it is divided by is zero, and in a run without a
    /// fill. `docs/statistic.md` has the formulas.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python.statistic import EquityRatios
    /// >>> ratios = EquityRatios(
    /// ...     1, annual_return=None, volatility=None, sharpe=None, sortino=None, calmar=None)
    /// >>> ratios.sharpe is None
    /// True
    #[signature(returns, *, annual_return, volatility, sharpe, sortino, calmar)]
    pub struct EquityRatios {
        /// How many returns there are.
        returns: u32,
        /// The mean return times the returns of a year, without compounding.
        annual_return: Option<Dec>,
        /// The standard deviation of the returns, times the root of the returns of a year.
        volatility: Option<Dec>,
        /// The mean excess return over the standard deviation, times the root of the returns of a year.
        sharpe: Option<Dec>,
        /// The mean excess return over the downside deviation, times the root of the returns of a year.
        sortino: Option<Dec>,
        /// The mean excess return times the returns of a year, over the deepest drawdown by share.
        calmar: Option<Dec>,
    }
}

/// What ratios are of.
pub struct RatioOptions {
    /// The period of a return, in nanoseconds.
    pub every: i64,
    /// What is earned without a risk in a year.
    pub risk_free_return: Decimal,
    pub year: Interval,
}

impl EquityRatios {
    /// The ratios of returns, and of the deepest drawdown as a share of its peak.
    pub fn of(returns: &[PeriodReturn], deepest: Option<Decimal>, options: &RatioOptions) -> Self {
        let values = returns
            .iter()
            .map(|period| period.value.map(|Dec(value)| value));
        let figures = values
            .collect::<Option<Vec<Decimal>>>()
            .and_then(|values| Figures::of(&values, options));
        let figure =
            |figure: fn(&Figures) -> Option<Decimal>| figures.as_ref().and_then(figure).map(Dec);
        Self {
            returns: u32::try_from(returns.len()).unwrap_or(u32::MAX),
            annual_return: figure(Figures::annual_return),
            volatility: figure(Figures::volatility),
            sharpe: figure(|figures| figures.per_risk(figures.deviation)),
            sortino: figure(|figures| figures.per_risk(figures.downside)),
            calmar: figures
                .as_ref()
                .and_then(|figures| figures.calmar(deepest?))
                .map(Dec),
        }
    }
}

/// Mean and deviations, in units of the largest return: squares of small returns would lose their
/// digits.
struct Figures {
    unit: Decimal,
    mean: Decimal,
    /// The mean less the risk-free return of a period.
    excess: Decimal,
    deviation: Decimal,
    downside: Decimal,
    /// How many periods a year has, and its root.
    periods: Decimal,
    root: Decimal,
}

impl Figures {
    /// `None` without two returns, without one that is not zero, and where a figure does not fit.
    fn of(returns: &[Decimal], options: &RatioOptions) -> Option<Self> {
        let count = Decimal::from(returns.len());
        let others = count.checked_sub(Decimal::ONE)?;
        if others <= Decimal::ZERO || returns.iter().all(Decimal::is_zero) {
            return None;
        }
        let every = Decimal::from(options.every);
        let year = options.year.interval();
        let year = Decimal::from(year.num_seconds())
            .checked_mul(Decimal::from(1_000_000_000))?
            .checked_add(Decimal::from(year.subsec_nanos()))?;
        let periods = year.checked_div(every)?;
        let free = options
            .risk_free_return
            .checked_mul(every)?
            .checked_div(year)?;
        let unit = returns.iter().map(Decimal::abs).max()?.max(free.abs());
        let free = free.checked_div(unit)?;
        let returns = returns
            .iter()
            .map(|value| value.checked_div(unit))
            .collect::<Option<Vec<_>>>()?;
        let mean = sum(returns.iter().copied())?.checked_div(count)?;
        let squares = |from: Decimal, least: Option<Decimal>| {
            sum(returns.iter().map(|value| {
                let difference = value.saturating_sub(from);
                let difference = least.map_or(difference, |least| difference.min(least));
                difference.saturating_mul(difference)
            }))
        };
        Some(Self {
            unit,
            mean,
            excess: mean.checked_sub(free)?,
            deviation: squares(mean, None)?.checked_div(others)?.sqrt()?,
            downside: squares(free, Some(Decimal::ZERO))?
                .checked_div(count)?
                .sqrt()?,
            periods,
            root: periods.sqrt()?,
        })
    }

    fn annual_return(&self) -> Option<Decimal> {
        self.mean.checked_mul(self.unit)?.checked_mul(self.periods)
    }

    fn volatility(&self) -> Option<Decimal> {
        self.deviation
            .checked_mul(self.unit)?
            .checked_mul(self.root)
    }

    /// `None` without a risk.
    fn per_risk(&self, risk: Decimal) -> Option<Decimal> {
        self.excess.checked_div(risk)?.checked_mul(self.root)
    }

    fn calmar(&self, deepest: Decimal) -> Option<Decimal> {
        self.excess
            .checked_mul(self.unit)?
            .checked_mul(self.periods)?
            .checked_div(deepest)
    }
}

fn sum(mut values: impl Iterator<Item = Decimal>) -> Option<Decimal> {
    values.try_fold(Decimal::ZERO, Decimal::checked_add)
}
