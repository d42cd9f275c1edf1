//! Candles, which are built from trades by time.

use super::{
    MarketData,
    kind::{AMOUNT_LIMIT, CandleBar, MarketKind, StoredEvent, StoredMarketEvent, TradeTick},
};
use crate::{
    convert::{Length, named_argument, shown, time_text},
    error::Error,
};
use barter_instrument::{exchange::ExchangeId, instrument::InstrumentIndex};
use chrono::{DateTime, TimeDelta};
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    types::PyDelta,
};
use pyo3_stub_gen::{PyStubType, TypeInfo, derive::gen_stub_pymethods};
use std::{
    collections::{BTreeMap, btree_map::Entry},
    fmt,
};

/// The length of candles.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CandleInterval {
    /// Positive.
    nanos: i64,
}

impl CandleInterval {
    const LONGEST: TimeDelta = TimeDelta::days(365);

    /// When the interval ends that `now` is in, both in nanoseconds since 1970; `None` after the year 2262.
    fn end(self, now: i64) -> Option<i64> {
        let passed = now.checked_rem_euclid(self.nanos)?;
        now.checked_add(self.nanos.checked_sub(passed)?)
    }
}

impl fmt::Display for CandleInterval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The shortest form: `PT60S` says less.
        #[allow(clippy::cast_precision_loss)] // For a message.
        let seconds = self.nanos as f64 / 1e9;
        write!(f, "{seconds} s")
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for CandleInterval {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if !object.is_instance_of::<PyDelta>() {
            return Err(PyTypeError::new_err(format!(
                "must be a timedelta, got {} {}",
                object.get_type().name()?,
                shown(&object)?
            )));
        }
        let Length(length) = object.extract()?;
        let nanos = Some(length)
            .filter(|length| *length > TimeDelta::zero() && *length <= Self::LONGEST)
            .and_then(|length| length.num_nanoseconds());
        match nanos {
            Some(nanos) => Ok(Self { nanos }),
            None => Err(PyValueError::new_err(format!(
                "must be positive and not above 365 days, such as timedelta(minutes=1), got {}",
                shown(&object)?
            ))),
        }
    }
}

impl PyStubType for CandleInterval {
    fn type_output() -> TypeInfo {
        Length::type_output()
    }
}

/// Builds the candles of all instruments from their trades.
///
/// Whoever gives it a trade has taken the candles that were complete by then, so that all candles in
/// progress are of one interval. An interval without a trade costs nothing.
pub struct CandleBuilder {
    every: CandleInterval,
    /// When the candles in progress are complete, in nanoseconds since 1970.
    end: i64,
    in_progress: BTreeMap<InstrumentIndex, (ExchangeId, CandleBar)>,
}

impl CandleBuilder {
    /// A builder that has seen no trade.
    pub const fn new(every: CandleInterval) -> Self {
        Self {
            every,
            end: i64::MAX,
            in_progress: BTreeMap::new(),
        }
    }

    /// Adds an event at `now`, in nanoseconds since 1970, if it is a trade.
    pub fn add(&mut self, now: i64, event: &StoredMarketEvent) -> Result<(), Error> {
        let MarketKind::Trade(trade) = &event.kind else {
            return Ok(());
        };
        let Some(end) = self.every.end(now) else {
            return Ok(());
        };
        self.end = end;
        match self.in_progress.entry(event.instrument) {
            Entry::Vacant(place) => {
                place.insert((event.exchange, first(end, trade)));
                Ok(())
            }
            Entry::Occupied(mut place) => place.get_mut().1.add(trade),
        }
    }

    /// When the next candle is complete.
    pub fn next(&self) -> Option<i64> {
        (!self.in_progress.is_empty()).then_some(self.end)
    }

    /// Takes the next candle if it is complete by `now`: of several, that of the first instrument.
    pub fn take(&mut self, now: i64) -> Option<StoredMarketEvent> {
        if self.end > now {
            return None;
        }
        let (instrument, (exchange, candle)) = self.in_progress.pop_first()?;
        Some(StoredMarketEvent {
            time_exchange: candle.close_time,
            time_received: candle.close_time,
            exchange,
            instrument,
            kind: MarketKind::Candle(candle.into()),
        })
    }
}

/// A candle of one trade.
fn first(end: i64, trade: &TradeTick) -> CandleBar {
    CandleBar {
        close_time: DateTime::from_timestamp_nanos(end),
        open: trade.price,
        high: trade.price,
        low: trade.price,
        close: trade.price,
        close_f64: trade.price_f64,
        volume: trade.amount,
        trade_count: 1,
    }
}

impl CandleBar {
    /// Adds a trade.
    fn add(&mut self, trade: &TradeTick) -> Result<(), Error> {
        let volume = self.volume.checked_add(trade.amount);
        let Some(volume) = volume.filter(|volume| *volume < AMOUNT_LIMIT) else {
            return Err(Error::market_data(format!(
                "the volume of the candle until {} is too large: the simulated exchange counts up to \
                 {AMOUNT_LIMIT}; make the candles shorter",
                time_text(self.close_time)
            )));
        };
        self.volume = volume;
        if trade.price > self.high {
            self.high = trade.price;
        }
        if trade.price < self.low {
            self.low = trade.price;
        }
        self.close = trade.price;
        self.close_f64 = trade.price_f64;
        self.trade_count = self.trade_count.saturating_add(1);
        Ok(())
    }
}

/// The candles of a history, in the order in which a run would come to them.
fn candles_of(data: &MarketData, every: CandleInterval) -> Result<Vec<StoredEvent>, Error> {
    let mut builder = CandleBuilder::new(every);
    let mut candles = Vec::new();
    let mut now = i64::MIN;
    for event in data.events.iter() {
        let StoredEvent::Item(event) = event else {
            continue;
        };
        let received = event.time_received.timestamp_nanos_opt();
        now = received.map_or(now, |received| now.max(received));
        while let Some(candle) = builder.take(now) {
            candles.push(StoredEvent::Item(candle));
        }
        builder.add(now, event)?;
    }
    Ok(candles)
}

named_argument! {
    every: CandleInterval,
}

#[gen_stub_pymethods]
#[pymethods]
impl MarketData {
    /// The candles of the history, which are built from its trades: for a chart, a file, or a run on
    /// candles alone.
    ///
    /// They are those that `run_backtest(..., candles=every)` shows a strategy beside the trades. A candle
    /// has the trades of an instrument that are received from one multiple of `every`, counted from
    /// 1970 in UTC, until the next. A trade counts as received at the greatest `time_received` so far.
    /// The next multiple is the `close_time` of the candle and both times of its event; a trade that is
    /// received at exactly that time belongs to the next candle. An interval without a trade has no
    /// candle. A candle that no later event of the history shows to be complete is left out. Candles of
    /// one time come in the order of their instruments.
    ///
    /// Parameters
    /// ----------
    /// every : timedelta
    ///     The length of a candle: positive, a year at most.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If `every` is not positive or above a year.
    /// MarketDataError
    ///     If no candle is complete; if the volume of one reaches 10²⁵.
    ///
    /// Examples
    /// --------
    /// >>> from datetime import timedelta
    /// >>> from barter_python import MarketData
    /// >>> data = MarketData.from_json_lines("examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz")
    /// >>> candles = data.candles(timedelta(minutes=1))
    /// >>> len(candles)
    /// 9
    /// >>> bitcoin = candles[0].kind
    /// >>> bitcoin.close_time.isoformat(), bitcoin.close, bitcoin.volume, bitcoin.trade_count
    /// ('2025-03-25T23:08:00+00:00', Decimal('87245.13'), Decimal('13.81108'), 1186)
    fn candles(
        &self,
        py: Python<'_>,
        #[pyo3(from_py_with = every)] every: CandleInterval,
    ) -> PyResult<Self> {
        let candles = py.detach(|| candles_of(self, every))?;
        if candles.is_empty() {
            return Err(Error::market_data(format!(
                "no candle of {every} is complete: the history lasts from {} to {}, and a candle has \
                 one trade at least",
                time_text(self.time_start),
                time_text(self.time_end)
            ))
            .into());
        }
        Ok(Self::new(candles, None)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_ends_at_the_next_multiple_of_its_length() {
        let every = CandleInterval { nanos: 10 };
        for (now, end) in [
            (-11, Some(-10)),
            (-10, Some(0)),
            (-1, Some(0)),
            (0, Some(10)),
            (9, Some(10)),
            (10, Some(20)),
            (i64::MIN, Some(-9_223_372_036_854_775_800)),
            (i64::MAX - 7, None),
        ] {
            assert_eq!(every.end(now), end, "{now}");
        }
    }
}
