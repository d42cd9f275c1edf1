//! Market events before a run, which the strategy is shown while trading is disabled.

use super::driver::Driver;
use crate::{
    convert::{nanos, time_text},
    data::{CandleBuilder, MarketData, MarketKind, MarketState, SharedEvents, StoredEvent},
    error::Error,
    instrument::Indexed,
};
use chrono::{DateTime, Utc};
use pyo3::{exceptions::PyValueError, prelude::*};
use std::collections::HashSet;

/// How many events are shown between two looks at who wants the run to end.
const EVENTS_AT_ONCE: usize = 256;

/// The events before a run.
pub struct Warmup {
    events: SharedEvents,
    /// When the first of them was received, in nanoseconds since 1970.
    start: i64,
}

impl Warmup {
    /// Refuses events that do not fit a run that begins at `time_start`.
    pub fn new(
        data: &MarketData,
        indexed: &Indexed,
        time_start: DateTime<Utc>,
        builds_candles: bool,
    ) -> PyResult<Self> {
        data.check_against(indexed)
            .map_err(|error| error.at("warmup"))?;
        if builds_candles {
            refuse_both(&data.events)?;
        }
        if data.time_end > time_start {
            return Err(PyValueError::new_err(format!(
                "warmup must end no later than the run begins: its last event was received at {}, \
                 the first of the run at {}; give the part of it before that, such as \
                 warmup.between(until=...)",
                time_text(data.time_end),
                time_text(time_start),
            )));
        }
        Ok(Self {
            events: data.events.clone(),
            start: nanos(data.time_start)?,
        })
    }
}

impl Driver {
    /// Gives the run events to begin with, before it is started.
    pub fn set_warmup(&mut self, warmup: Warmup) {
        // The exchanges know nothing of what was before the run.
        let markets = self.driven.run.indexed.instruments.instruments().len();
        self.markets = Some(vec![MarketState::default(); markets]);
        self.warmup = Some(warmup);
    }

    /// Puts the clock where the events before the run begin, if there are any.
    pub(super) fn rewind(&mut self) {
        if let Some(Warmup { start, events: _ }) = self.warmup {
            self.driven.rewind(start);
        }
    }

    /// Shows the strategy the events before the run; an error if the run is to end meanwhile.
    ///
    /// Of what the strategy does then nothing is left in the run but what it keeps itself: its orders
    /// are dropped, and the ids and stops that it was given are given once more.
    pub(super) fn warm_up(
        &mut self,
        py: Python<'_>,
        is_stopped: &dyn Fn() -> bool,
    ) -> PyResult<()> {
        let Some(Warmup { events, start }) = self.warmup.take() else {
            return Ok(());
        };
        let before = self.driven.begin_warmup();
        let mut now = start;
        self.driven.run.set_events(events.clone());
        for (position, event) in events.iter().enumerate() {
            if position.is_multiple_of(EVENTS_AT_ONCE) {
                py.check_signals()?;
                if is_stopped() {
                    let text = "the run ended before its warm-up was over";
                    return Err(Error::Stream(text.to_owned()).into());
                }
            }
            now = event.received_ns().map_or(now, |it| now.max(it));
            self.show_due(py, now)?;
            self.driven.set_time(now);
            if let (Some(candles), StoredEvent::Item(event)) = (&mut self.candles, event) {
                candles.add(now, event)?;
            }
            self.driven.show(position, event)?;
        }
        self.driven.run.set_events(SharedEvents::default());
        // What is due at the run's first moment belongs to the run.
        self.show_due(py, self.now.saturating_sub(1))?;
        self.driven.end_warmup(before);
        self.driven.set_time(self.now);
        Ok(())
    }

    /// Shows the strategy its timers, and the candles that the run builds, in their order.
    fn show_due(&mut self, py: Python<'_>, until: i64) -> PyResult<()> {
        loop {
            let candle = self.candles.as_ref().and_then(CandleBuilder::next);
            let timer = self.driven.run.next_timer();
            let Some(due) = candle.into_iter().chain(timer).min() else {
                return Ok(());
            };
            if due > until {
                return Ok(());
            }
            py.check_signals()?;
            self.driven.set_time(due);
            if let Some(candle) = self.candles.as_mut().and_then(|it| it.take(due)) {
                self.driven.show_candle(&candle)?;
            } else if let Some(timer) = self.driven.run.take_timer(due) {
                self.driven.show_timer(&timer)?;
            }
        }
    }
}

/// Refuses candles beside the trades that the run builds candles of: a strategy could not tell them apart.
fn refuse_both(events: &[StoredEvent]) -> Result<(), Error> {
    let (mut traded, mut of_candles) = (HashSet::new(), HashSet::new());
    for event in events {
        if let StoredEvent::Item(event) = event {
            match event.kind {
                MarketKind::Trade(_) => traded.insert(event.instrument),
                MarketKind::Candle(_) => of_candles.insert(event.instrument),
                MarketKind::L1(_)
                | MarketKind::L2(_)
                | MarketKind::Liquidation(_)
                | MarketKind::Funding(_)
                | MarketKind::Settlement(_) => false,
            };
        }
    }
    if traded.is_disjoint(&of_candles) {
        return Ok(());
    }
    Err(Error::market_data(
        "warmup has candles beside the trades of an instrument, and the run builds candles of trades: run \
         without candles=, or leave one of the two out"
            .to_owned(),
    ))
}
