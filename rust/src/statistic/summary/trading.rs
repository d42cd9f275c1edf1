//! The summary of a run.

use super::{
    TearSheet, TearSheetAsset,
    asset::check_fall,
    instrument::InstrumentFigures,
    pnl::{Tally, known},
};
use crate::{
    convert::{
        Dec, Named, ReducedByMethod, UtcTime, named_argument, nanos, record, record_repr,
        reduce_by_method,
    },
    error::KeyKind,
    execution::AssetBalance,
    instrument::PyIndexedInstruments,
    state::{GlobalData, InstrumentData, PositionExited, State},
    statistic::{
        guard::{Held, from_json, guarded, to_json},
        time::Interval,
    },
};
use barter::statistic::summary::{
    self, asset::TearSheetAssetGenerator, instrument::TearSheetGenerator,
};
use barter_instrument::{
    asset::{ExchangeAsset, name::AssetNameInternal},
    instrument::name::InstrumentNameInternal,
};
use barter_integration::collection::snapshot::Snapshot;
use chrono::{DateTime, TimeDelta, Utc};
use pyo3::prelude::*;
use pyo3_stub_gen::derive::{gen_stub_pyclass, gen_stub_pymethods};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

named_argument! {
    risk_free_return: Dec,
    time_engine_start: UtcTime,
    time_engine_now: UtcTime,
    time_now: UtcTime,
    interval: Interval,
}

record! {
    /// barter's summary of a run (`barter::statistic::summary::TradingSummary`).
    ///
    /// A summary is a run's `result.summary`, or comes from a `TradingSummaryGenerator`.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import DefaultStrategy, MarketData, SystemConfig, run_backtest
    /// >>> history = "examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz"
    /// >>> data = MarketData.from_json_lines(history)
    /// >>> config = SystemConfig.from_json("examples/data/system_config.json")
    /// >>> result = run_backtest(DefaultStrategy(), data, config, until="2025-03-25T23:08:00Z")
    /// >>> summary = result.summary
    /// >>> sorted(summary.instruments)[0], summary.interval
    /// ('binancespot-btc_usdt', <TimeInterval.ANNUAL_365: 'annual_365'>)
    #[derive(Serialize)]
    pub struct TradingSummary {
        /// When the engine started, in UTC.
        time_engine_start: UtcTime,
        /// When the engine stopped, in UTC.
        time_engine_end: UtcTime,
        /// The interval that ratios and returns are scaled to.
        interval: Interval,
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

    /// From the start to the end.
    #[getter]
    fn trading_duration(&self) -> TimeDelta {
        self.time_engine_end
            .0
            .signed_duration_since(self.time_engine_start.0)
    }
}

impl TradingSummary {
    /// Generates barter's summary, as its own `generate` does. The generator is taken, since generating
    /// changes it.
    pub fn generate(generator: summary::TradingSummaryGenerator, interval: Interval) -> Self {
        let summary::TradingSummaryGenerator {
            risk_free_return,
            time_engine_start,
            time_engine_now,
            instruments,
            assets,
        } = generator;
        let mut sheets = TearSheets {
            risk_free_return,
            interval,
            untouched: None,
        };
        Self {
            time_engine_start: UtcTime(time_engine_start),
            time_engine_end: UtcTime(time_engine_now),
            interval,
            instruments: Named(
                instruments
                    .into_iter()
                    .map(|(name, generator)| (name.to_string(), sheets.generate(generator)))
                    .collect(),
            ),
            assets: Named(
                assets
                    .into_iter()
                    .map(|(asset, mut generator)| (asset_name(&asset), generator.generate().into()))
                    .collect(),
            ),
        }
    }
}

/// Makes tear sheets of instruments: those of many that have not traded are one, whose roots and quotients
/// take longer than all else at the end of a short run.
struct TearSheets {
    risk_free_return: Decimal,
    interval: Interval,
    untouched: Option<(TearSheetGenerator, TearSheet)>,
}

impl TearSheets {
    fn generate(&mut self, mut generator: TearSheetGenerator) -> TearSheet {
        if let Some((known, sheet)) = &self.untouched
            && *known == generator
        {
            return sheet.clone();
        }
        let is_untouched = generator == TearSheetGenerator::init(generator.time_engine_start);
        let known = is_untouched.then(|| generator.clone());
        let sheet = TearSheet::from(generator.generate(self.risk_free_return, self.interval));
        if let Some(known) = known {
            self.untouched = Some((known, sheet.clone()));
        }
        sheet
    }
}

fn asset_name(asset: &ExchangeAsset<AssetNameInternal>) -> String {
    format!("{}_{}", asset.exchange.as_str(), asset.asset)
}

/// barter's generator, and the right figures of the same positions by index of the instrument.
#[derive(Clone)]
struct SummaryFigures {
    barter: summary::TradingSummaryGenerator,
    tallies: Vec<Tally>,
}

/// The same as JSON can hold it: the keys of its objects are text.
#[derive(Serialize, Deserialize)]
struct Stored {
    risk_free_return: Decimal,
    time_engine_start: DateTime<Utc>,
    time_engine_now: DateTime<Utc>,
    instruments: Vec<(InstrumentNameInternal, TearSheetGenerator)>,
    assets: Vec<(ExchangeAsset<AssetNameInternal>, TearSheetAssetGenerator)>,
    tallies: Vec<Tally>,
}

impl From<SummaryFigures> for Stored {
    fn from(figures: SummaryFigures) -> Self {
        let summary::TradingSummaryGenerator {
            risk_free_return,
            time_engine_start,
            time_engine_now,
            instruments,
            assets,
        } = figures.barter;
        Self {
            risk_free_return,
            time_engine_start,
            time_engine_now,
            instruments: instruments.into_iter().collect(),
            assets: assets.into_iter().collect(),
            tallies: figures.tallies,
        }
    }
}

impl From<Stored> for SummaryFigures {
    fn from(stored: Stored) -> Self {
        Self {
            barter: summary::TradingSummaryGenerator {
                risk_free_return: stored.risk_free_return,
                time_engine_start: stored.time_engine_start,
                time_engine_now: stored.time_engine_now,
                instruments: stored.instruments.into_iter().collect(),
                assets: stored.assets.into_iter().collect(),
            },
            tallies: stored.tallies,
        }
    }
}

/// Makes the summary of a run (`barter::statistic::summary::TradingSummaryGenerator`).
///
/// barter's `generate` changes its generator, so that the mean drawdowns of a second call differ. Here
/// it changes nothing.
///
/// Examples
/// --------
/// >>> from decimal import Decimal
/// >>> from barter_python import (
/// ...     ExchangeId, IndexedInstruments, InstrumentConfig, PositionExited, Side, Underlying)
/// >>> from barter_python.statistic import TimeInterval, TradingSummaryGenerator
/// >>> start, end = "2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z"
/// >>> generator = TradingSummaryGenerator.init(0, start, start, IndexedInstruments(
/// ...     [InstrumentConfig(ExchangeId.BINANCE_SPOT, "BTCUSDT", Underlying("btc", "usdt"))]))
/// >>> generator.update_from_position(
/// ...     PositionExited(0, Side.BUY, price_entry_average=Decimal(100), quantity_abs_max=1,
/// ...         pnl_realised=7, fees_enter=0, fees_exit=0, time_enter=start, time_exit=end, trades=[]))
/// >>> summary = generator.generate(TimeInterval.DAILY)
/// >>> {name: sheet.pnl for name, sheet in summary.instruments.items()}
/// {'binancespot-btc_usdt': Decimal('7')}
/// >>> summary.trading_duration
/// datetime.timedelta(days=1)
///
/// >>> from barter_python.execution import AssetBalance, Balance
/// >>> generator.update_from_balance(
/// ...     AssetBalance(0, Balance(total=9, free=9), "2024-01-03T00:00:00Z"))
/// >>> generator.update_time_now("2024-01-04T00:00:00Z")
/// >>> generator.generate(TimeInterval.DAILY).trading_duration.days
/// 3
#[gen_stub_pyclass]
#[pyclass(frozen, module = "barter_python._core")]
pub struct TradingSummaryGenerator(Held<SummaryFigures>);

#[gen_stub_pymethods]
#[pymethods]
impl TradingSummaryGenerator {
    /// A generator without positions and balances.
    ///
    /// Parameters
    /// ----------
    /// risk_free_return : Decimal or int
    ///     The return without a risk; barter subtracts it from the mean return as it is.
    /// time_engine_start : datetime or int or str
    ///     Time when trading started: aware, in nanoseconds since 1970 in UTC, or RFC 3339 text.
    /// time_engine_now : datetime or int or str
    ///     The current time, in the same forms.
    /// instruments : IndexedInstruments
    ///     The instruments and assets that positions and balances refer to by index.
    #[staticmethod]
    fn init(
        #[pyo3(from_py_with = risk_free_return)] risk_free_return: Dec,
        #[pyo3(from_py_with = time_engine_start)] time_engine_start: UtcTime,
        #[pyo3(from_py_with = time_engine_now)] time_engine_now: UtcTime,
        instruments: &PyIndexedInstruments,
    ) -> Self {
        let instruments = &instruments.0.instruments;
        let state = State::builder(instruments, GlobalData::default(), |_| {
            InstrumentData::default()
        })
        .time_engine_start(time_engine_start.0)
        .build();
        let barter = summary::TradingSummaryGenerator::init(
            risk_free_return.0,
            time_engine_start.0,
            time_engine_now.0,
            &state.instruments,
            &state.assets,
        );
        Self(Held::new(SummaryFigures {
            tallies: vec![Tally::default(); barter.instruments.len()],
            barter,
        }))
    }

    /// Moves the end of the summary.
    fn update_time_now(&self, #[pyo3(from_py_with = time_now)] time_now: UtcTime) {
        self.0.lock().barter.update_time_now(time_now.0);
    }

    /// Takes a closed position; the end of the summary moves to its closing, if that is later.
    ///
    /// Raises
    /// ------
    /// UnknownKeyError
    ///     If no instrument has the position's index.
    /// ValueError
    ///     If the position was entered for nothing, or a figure does not fit into 28 digits; the
    ///     generator is unchanged then.
    fn update_from_position(&self, position: &PositionExited) -> PyResult<()> {
        let SummaryFigures { barter, tallies } = &mut *self.0.lock();
        let index = known(
            position.instrument,
            barter.instruments.len(),
            KeyKind::Instrument,
        )?;
        let (Some((_, sheet)), Some(tally)) =
            (barter.instruments.get_index(index), tallies.get_mut(index))
        else {
            return Ok(());
        };
        // What barter is about to do is tried on a copy, which may fail.
        let mut tried = InstrumentFigures {
            barter: sheet.clone(),
            tally: *tally,
        };
        tried.update(position)?;
        barter.update_from_position(&position.to_barter());
        *tally = tried.tally;
        Ok(())
    }

    /// Takes a balance; the end of the summary moves to its time, if that is later.
    ///
    /// Raises
    /// ------
    /// UnknownKeyError
    ///     If no asset has the balance's index.
    /// ValueError
    ///     If the fall from the peak does not fit; the generator is unchanged then.
    fn update_from_balance(&self, balance: &AssetBalance) -> PyResult<()> {
        let barter = &mut self.0.lock().barter;
        let index = known(balance.asset, barter.assets.len(), KeyKind::Asset)?;
        if let Some((_, sheet)) = barter.assets.get_index(index) {
            check_fall(sheet, &balance.balance)?;
        }
        barter.update_from_balance(Snapshot(&balance.into()));
        Ok(())
    }

    /// barter's summary as of now. Nothing changes.
    ///
    /// Parameters
    /// ----------
    /// interval : TimeInterval or timedelta
    ///     The interval that ratios and returns are scaled to, of whole seconds.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If a ratio does not fit, or the interval is not positive or has a fraction of a second.
    fn generate(
        &self,
        #[pyo3(from_py_with = interval)] interval: Interval,
    ) -> PyResult<TradingSummary> {
        let interval = interval.in_whole_seconds()?;
        let SummaryFigures { barter, .. } = self.0.get();
        let risk_free_return = barter.risk_free_return;
        guarded(
            || format!("a ratio does not fit with risk_free_return={risk_free_return}"),
            || TradingSummary::generate(barter, interval),
        )
    }

    /// Wins and losses by name of the instrument, as the names mean them, which barter has wrong.
    #[getter]
    fn statistics(&self) -> Named<Tally> {
        let SummaryFigures { barter, tallies } = self.0.get();
        let names = barter.instruments.into_keys().map(|name| name.to_string());
        Named(names.zip(tallies).collect())
    }

    /// The return without a risk.
    #[getter]
    fn risk_free_return(&self) -> Dec {
        Dec(self.0.lock().barter.risk_free_return)
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

    /// The end of the summary, in UTC.
    #[getter]
    fn time_engine_now(&self) -> UtcTime {
        UtcTime(self.0.lock().barter.time_engine_now)
    }

    /// `time_engine_now` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_engine_now_ns(&self) -> PyResult<i64> {
        nanos(self.time_engine_now().0)
    }

    /// Reads what pickling has written.
    #[staticmethod]
    fn _from_json(text: &str) -> PyResult<Self> {
        let stored: Stored = from_json(text)?;
        Ok(Self(Held::new(stored.into())))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<ReducedByMethod<'py, Self>> {
        let stored = Stored::from(slf.get().0.get());
        reduce_by_method(slf.as_any(), ("_from_json", to_json(&stored)?))
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let fields = [
            "risk_free_return",
            "time_engine_start",
            "time_engine_now",
            "statistics",
        ];
        record_repr(slf.as_any(), &fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistic::time::TimeInterval;
    use barter_integration::collection::FnvIndexMap;

    #[test]
    fn the_summary_is_barters() {
        let start = DateTime::UNIX_EPOCH;
        let untouched = TearSheetGenerator::init(start);
        let mut traded = untouched.clone();
        traded.time_engine_now = DateTime::from_timestamp_nanos(86_400_000_000_000);
        traded.pnl_returns.pnl_raw = Decimal::TEN;
        traded.pnl_returns.total.mean = Decimal::ONE;
        let later = TearSheetGenerator::init(traded.time_engine_now);
        let sheets = [
            &untouched, &traded, &untouched, &later, &traded, &later, &untouched,
        ];
        let generator = summary::TradingSummaryGenerator {
            risk_free_return: Decimal::ONE,
            time_engine_start: start,
            time_engine_now: start,
            instruments: sheets
                .iter()
                .enumerate()
                .map(|(index, sheet)| {
                    (
                        InstrumentNameInternal::new(index.to_string()),
                        (*sheet).clone(),
                    )
                })
                .collect(),
            assets: FnvIndexMap::default(),
        };
        let interval = Interval::Named(TimeInterval::Annual365);
        let ours = TradingSummary::generate(generator.clone(), interval);
        let mut barter = generator;
        let barter = barter.generate(interval);
        assert_eq!(ours.time_engine_end.0, barter.time_engine_end);
        let barter: Vec<_> = barter
            .instruments
            .into_iter()
            .map(|(name, sheet)| (name.to_string(), TearSheet::from(sheet)))
            .collect();
        assert!(ours.instruments.0 == barter);
    }
}
