//! The equity of a run, for Python.

use super::{
    curve::{Bar, Curve, interval_of, merged},
    drawdowns::Episode,
};
use crate::{
    convert::{
        Columns, Dec, Index, ReducedByMethod, UtcTime, datetime_from_nanos, nanos, record,
        reduce_by_method, rows,
    },
    instrument::PyIndexedInstruments,
    statistic::{EquityRatios, Interval, PeriodReturn, PeriodReturnRows, RatioOptions},
};
use pyo3::{exceptions::PyValueError, prelude::*};
use pyo3_stub_gen::derive::{gen_stub_pyclass, gen_stub_pymethods};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

record! {
    /// What the account was worth in an interval of simulated time.
    ///
    /// The equity is the balance at the start plus the profit and loss since then: realised, and
    /// unrealised at the mid (the last trade, or the last candle's close, where there is no book). It is
    /// marked at the start, at every market event of an instrument with an open position, after every
    /// fill, and at the end; `docs/backtest.md` has the rules.
    ///
    /// Examples
    /// --------
    /// >>> from decimal import Decimal
    /// >>> from barter_python.backtest import EquityBar
    /// >>> bar = EquityBar(1, "2024-01-01T00:00:59.5Z", equity=Decimal(9990), low=9985, high=10010, peak=10020)
    /// >>> bar.peak - bar.equity
    /// Decimal('30')
    #[derive(Serialize, Deserialize)]
    #[signature(asset, time, *, equity, low, high, peak)]
    pub struct EquityBar {
        /// Index of the quote asset; `None` for the account as a whole.
        asset: Option<Index>,
        /// The last mark of the interval, in UTC.
        time: UtcTime,
        /// The equity at that mark, in the quote asset.
        equity: Dec,
        /// The lowest equity of the interval's marks.
        low: Dec,
        /// The highest equity of the interval's marks.
        high: Dec,
        /// The highest equity from the start to the end of the interval.
        peak: Dec,
    }
}

record! {
    /// A fall of the equity below its peak, exact at every mark.
    ///
    /// Examples
    /// --------
    /// >>> from decimal import Decimal
    /// >>> from barter_python.backtest import EquityDrawdown
    /// >>> fall = EquityDrawdown(
    /// ...     1, peak=Decimal(10_000), trough=Decimal(7_500), depth=Decimal(2_500), share=Decimal("0.25"),
    /// ...     time_start="2024-01-01T00:00:00Z", time_trough="2024-01-02T00:00:00Z", time_end=None)
    /// >>> fall.depth, fall.time_end
    /// (Decimal('2500'), None)
    #[derive(Serialize, Deserialize)]
    #[signature(asset, *, peak, trough, depth, share, time_start, time_trough, time_end)]
    pub struct EquityDrawdown {
        /// Index of the quote asset; `None` for the account as a whole.
        asset: Option<Index>,
        /// The highest equity until then, in the quote asset.
        peak: Dec,
        /// The lowest equity of the drawdown.
        trough: Dec,
        /// `peak` less `trough`.
        depth: Dec,
        /// `depth` divided by `peak`, rounded to what a decimal holds; `None` if the peak is not
        /// positive.
        share: Option<Dec>,
        /// The first mark below the peak, in UTC: the equity was at the peak until then.
        time_start: UtcTime,
        /// The first mark at the trough, in UTC.
        time_trough: UtcTime,
        /// The first mark that is not below the peak any more, in UTC; `None` if the run ends before.
        time_end: Option<UtcTime>,
    }
}

rows! {
    /// Drawdowns, for `barter_python.Records`.
    pub struct EquityDrawdownRows of EquityDrawdown, named by PyIndexedInstruments
}

impl EquityDrawdown {
    fn columns(PyIndexedInstruments(indexed): &PyIndexedInstruments) -> Columns<Self> {
        let mut columns = Columns::new();
        columns
            .named("asset", indexed.asset_names(), |row: &Self| row.asset)
            .decimal("peak", |row| Some(row.peak))
            .decimal("trough", |row| Some(row.trough))
            .decimal("depth", |row| Some(row.depth))
            .decimal("share", |row| row.share)
            .time("time_start", |row| Some(row.time_start))
            .time("time_trough", |row| Some(row.time_trough))
            .time("time_end", |row| row.time_end);
        columns
    }
}

rows! {
    /// The equity over time, for `barter_python.Records`.
    pub struct EquityBarRows of EquityBar, named by PyIndexedInstruments
}

impl EquityBar {
    fn columns(PyIndexedInstruments(indexed): &PyIndexedInstruments) -> Columns<Self> {
        let mut columns = Columns::new();
        columns
            .named("asset", indexed.asset_names(), |row: &Self| row.asset)
            .time("time", |row| Some(row.time))
            .decimal("equity", |row| Some(row.equity))
            .decimal("low", |row| Some(row.low))
            .decimal("high", |row| Some(row.high))
            .decimal("peak", |row| Some(row.peak));
        columns
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl EquityBar {
    /// `time` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_ns(&self) -> PyResult<i64> {
        nanos(self.time.0)
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl EquityDrawdown {
    /// `time_start` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_start_ns(&self) -> PyResult<i64> {
        nanos(self.time_start.0)
    }

    /// `time_trough` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_trough_ns(&self) -> PyResult<i64> {
        nanos(self.time_trough.0)
    }

    /// `time_end` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_end_ns(&self) -> PyResult<Option<i64>> {
        self.time_end.map(|time| nanos(time.0)).transpose()
    }
}

/// So many returns at most: their number follows from a length of time that the caller gives.
const MOST_RETURNS: i64 = 1_000_000;

/// The equity in one asset over a run.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct EquityLine {
    asset: Option<usize>,
    start: Option<(i64, Decimal)>,
    bars: Vec<Bar>,
    by_amount: Vec<Episode>,
    by_share: Vec<Episode>,
}

impl EquityLine {
    /// The equity of a run that is over.
    pub fn new(asset: Option<usize>, curve: &mut Curve) -> Self {
        let (by_amount, by_share) = curve.drawdowns.finish();
        Self {
            asset,
            start: curve.start,
            bars: std::mem::take(&mut curve.bars),
            by_amount,
            by_share,
        }
    }

    fn equity_bars(&self, length: i64) -> Vec<EquityBar> {
        let mut peak = self.start.map_or(Decimal::MIN, |(_, equity)| equity);
        merged(&self.bars, length)
            .into_iter()
            .map(|bar| {
                peak = peak.max(bar.high);
                EquityBar {
                    asset: self.asset.map(Index),
                    time: UtcTime(datetime_from_nanos(bar.time)),
                    equity: Dec(bar.equity),
                    low: Dec(bar.low),
                    high: Dec(bar.high),
                    peak: Dec(peak),
                }
            })
            .collect()
    }

    fn equity_drawdown(&self, episode: &Episode) -> EquityDrawdown {
        let time = |time| UtcTime(datetime_from_nanos(time));
        EquityDrawdown {
            asset: self.asset.map(Index),
            peak: Dec(episode.peak),
            trough: Dec(episode.trough),
            depth: Dec(episode.depth()),
            share: episode.share().map(Dec),
            time_start: time(episode.start),
            time_trough: time(episode.bottom),
            time_end: episode.end.map(time),
        }
    }

    fn returns(&self, length: i64) -> PyResult<Vec<PeriodReturn>> {
        let (Some((start, first)), Some(last)) = (self.start, self.bars.last()) else {
            return Ok(Vec::new());
        };
        let (begin, end) = (interval_of(start, length), interval_of(last.time, length));
        let count = end.saturating_sub(begin).saturating_add(1);
        if count > MOST_RETURNS {
            return Err(PyValueError::new_err(format!(
                "every: the run has {count} intervals of {length} ns, at most {MOST_RETURNS} are given"
            )));
        }
        let mut before = first;
        let mut bars = self.bars.iter().peekable();
        let returns = (begin..=end).map(|number| {
            let mut equity = before;
            while let Some(bar) = bars.next_if(|bar| interval_of(bar.time, length) == number) {
                equity = bar.equity;
            }
            let is_defined = before > Decimal::ZERO;
            let change = equity.saturating_sub(before).checked_div(before);
            before = equity;
            let time = number.saturating_mul(length);
            PeriodReturn {
                time_start: UtcTime(datetime_from_nanos(time)),
                time_end: UtcTime(datetime_from_nanos(time.saturating_add(length))),
                value: change.filter(|_| is_defined).map(Dec),
            }
        });
        Ok(returns.collect())
    }
}

/// What is known of the equity after a run.
#[derive(Clone, PartialEq, Eq, Hash, Default, Debug, Serialize, Deserialize)]
struct EquityLines {
    /// The interval of the bars in nanoseconds.
    interval: i64,
    lines: Vec<EquityLine>,
    total: Option<String>,
}

/// The equity of a run, for `barter_python.backtest.BacktestResult`.
///
/// Lines are the quote assets in the order of their indices and, after them, the account as a whole if
/// it has several quote assets that are of one name or converted.
#[gen_stub_pyclass]
#[pyclass(frozen, eq, hash, module = "barter_python._core")]
#[derive(Clone, PartialEq, Eq, Hash, Default, Debug)]
pub struct AccountEquity(EquityLines);

impl AccountEquity {
    /// Lines whose bars have an interval of so many nanoseconds, and what the last is in if it is the
    /// account as a whole.
    pub const fn new(interval: i64, lines: Vec<EquityLine>, total: Option<String>) -> Self {
        Self(EquityLines {
            interval,
            lines,
            total,
        })
    }

    fn line(&self, line: usize) -> PyResult<&EquityLine> {
        self.0.lines.get(line).ok_or_else(|| {
            PyValueError::new_err(format!(
                "line must be below {}, got {line}",
                self.0.lines.len()
            ))
        })
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl AccountEquity {
    /// The interval of the bars in nanoseconds.
    #[getter]
    const fn interval_ns(&self) -> i64 {
        self.0.interval
    }

    /// By line, the index of its asset; `None` for the account as a whole.
    #[getter]
    fn assets(&self) -> Vec<Option<Index>> {
        let assets = self.0.lines.iter().map(|line| line.asset);
        assets.map(|asset| asset.map(Index)).collect()
    }

    /// The name of the asset that the account as a whole is in, if that is a line of its own.
    #[getter]
    fn total(&self) -> Option<&str> {
        self.0.total.as_deref()
    }

    /// The first and the last equity of a line; `None` if it was never marked.
    fn ends(&self, line: Index) -> PyResult<Option<(Dec, Dec)>> {
        let line = self.line(line.0)?;
        let ends = line.start.zip(line.bars.last());
        Ok(ends.map(|((_, first), last)| (Dec(first), Dec(last.equity))))
    }

    /// The bars of a line, for a multiple of the interval in nanoseconds.
    fn bars(
        &self,
        line: Index,
        length: i64,
        instruments: &Bound<'_, PyIndexedInstruments>,
    ) -> PyResult<EquityBarRows> {
        let bars = self.line(line.0)?.equity_bars(length);
        Ok(EquityBarRows::new(bars, instruments))
    }

    /// The deepest drawdowns of a line, `count` at most, by share of the peak or by amount.
    fn drawdowns(
        &self,
        line: Index,
        count: Index,
        by_share: bool,
        instruments: &Bound<'_, PyIndexedInstruments>,
    ) -> PyResult<EquityDrawdownRows> {
        let line = self.line(line.0)?;
        let kept = if by_share {
            &line.by_share
        } else {
            &line.by_amount
        };
        let kept = kept.iter().take(count.0);
        let drawdowns = kept.map(|episode| line.equity_drawdown(episode));
        Ok(EquityDrawdownRows::new(drawdowns.collect(), instruments))
    }

    /// The returns of a line, for a multiple of the interval in nanoseconds.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If there are more than a million.
    fn returns(
        &self,
        line: Index,
        length: i64,
        instruments: &Bound<'_, PyIndexedInstruments>,
    ) -> PyResult<PeriodReturnRows> {
        let returns = self.line(line.0)?.returns(length)?;
        Ok(PeriodReturnRows::new(returns, instruments))
    }

    /// The ratios of a line's returns, for a multiple of the interval in nanoseconds.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If there are more than a million returns.
    fn ratios(
        &self,
        line: Index,
        length: i64,
        risk_free_return: Dec,
        year: Interval,
    ) -> PyResult<EquityRatios> {
        let line = self.line(line.0)?;
        let deepest = line.by_share.first().and_then(Episode::share);
        let options = RatioOptions {
            every: length,
            risk_free_return: risk_free_return.0,
            year,
        };
        Ok(EquityRatios::of(&line.returns(length)?, deepest, &options))
    }

    #[staticmethod]
    fn _from_pickled(text: &str) -> PyResult<Self> {
        serde_json::from_str(text).map(Self).map_err(|error| {
            PyValueError::new_err(format!("this is not what pickling has written: {error}"))
        })
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<ReducedByMethod<'py, Self>> {
        let text = serde_json::to_string(&slf.get().0)
            .map_err(|error| PyValueError::new_err(error.to_string()))?;
        reduce_by_method(slf.as_any(), ("_from_pickled", text))
    }
}
