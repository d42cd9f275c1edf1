//! The market events of a run, some at a time.

use crate::{
    convert::{nanos, time_text},
    data::{
        Cut, MarketData, MarketKind, MarketScan, ScanReader, SharedEvents, StoredEvent, Window,
    },
    error::Error,
    instrument::Indexed,
};
use chrono::{DateTime, Utc};
use pyo3::prelude::*;
use pyo3_stub_gen::{PyStubType, TypeInfo};
use std::sync::Arc;

/// What a run reads its events from.
#[derive(FromPyObject)]
pub enum History<'py> {
    /// A history in memory.
    Data(Bound<'py, MarketData>),
    /// One in parts.
    Scan(Bound<'py, MarketScan>),
}

impl PyStubType for History<'_> {
    fn type_output() -> TypeInfo {
        MarketData::type_output() | MarketScan::type_output()
    }
}

/// The market events of a run that belong to its window, some at a time.
pub struct Feed {
    window: Window,
    /// The events that come next, if they are there already.
    ahead: Option<SharedEvents>,
    rest: Option<Rest>,
    /// How many events were given.
    given: usize,
    /// When the first event was received.
    pub time_start: DateTime<Utc>,
    /// The greatest time at which an event was received that was given.
    pub time_end: DateTime<Utc>,
}

/// What is not opened yet of a scan.
struct Rest {
    scan: Py<MarketScan>,
    reader: ScanReader,
    indexed: Arc<Indexed>,
    builds_candles: bool,
    /// The clock of a run over all events so far, at the first and at the last.
    clocks: Option<(DateTime<Utc>, DateTime<Utc>)>,
    is_over: bool,
}

/// Events in the window.
struct Next {
    events: SharedEvents,
    /// The clock of a run at the first of them.
    time_start: DateTime<Utc>,
    /// The clock of a run at the last.
    time_end: DateTime<Utc>,
}

impl Feed {
    /// Opens the history until the first event is there. If the run builds candles, the history must have
    /// none.
    pub fn open(
        history: &History<'_>,
        window: Window,
        indexed: &Arc<Indexed>,
        builds_candles: bool,
    ) -> PyResult<Self> {
        match history {
            History::Data(data) => {
                let data = data.get().in_window(&window)?;
                data.check_against(indexed)?;
                if builds_candles {
                    refuse_candles(&data.events, indexed)?;
                }
                Ok(Self {
                    window,
                    given: 0,
                    ahead: Some(data.events),
                    rest: None,
                    time_start: data.time_start,
                    time_end: data.time_end,
                })
            }
            History::Scan(scan) => {
                let mut rest = Rest {
                    scan: scan.clone().unbind(),
                    reader: ScanReader::default(),
                    indexed: Arc::clone(indexed),
                    builds_candles,
                    clocks: None,
                    is_over: false,
                };
                let Some(next) = rest.next(scan.py(), &window)? else {
                    let (start, end) = rest.clocks.unwrap_or_default();
                    return Err(window.is_empty(start, end).into());
                };
                Ok(Self {
                    window,
                    given: 0,
                    ahead: Some(next.events),
                    rest: Some(rest),
                    time_start: next.time_start,
                    time_end: next.time_end,
                })
            }
        }
    }

    /// The next events. Whoever asks has let go of those before.
    pub fn next(&mut self, py: Python<'_>) -> PyResult<Option<SharedEvents>> {
        let next = match (self.ahead.take(), &mut self.rest) {
            (Some(events), _) => Some(events),
            (None, Some(rest)) => rest.next(py, &self.window)?.map(|next| {
                self.time_end = next.time_end;
                next.events
            }),
            (None, None) => None,
        };
        self.given = self
            .given
            .saturating_add(next.as_ref().map_or(0, |events| events.len()));
        Ok(next)
    }

    /// How many events were given.
    pub const fn given(&self) -> usize {
        self.given
    }

    /// What is done and what is to do, before the event at `position` of those given last: events, or
    /// parts of a scan.
    pub fn progress(&self, position: usize) -> (usize, usize) {
        match &self.rest {
            None => (position, self.given),
            Some(rest) => {
                let total = self.total();
                // The last part may have been merged before it is run.
                (rest.reader.done().min(total.saturating_sub(1)), total)
            }
        }
    }

    /// How much there is to do.
    pub fn total(&self) -> usize {
        match &self.rest {
            None => self.given,
            Some(rest) => rest.scan.get().len(),
        }
    }

    /// `until` in nanoseconds since 1970.
    pub fn until(&self) -> PyResult<Option<i64>> {
        self.window.until.map(nanos).transpose()
    }
}

impl Rest {
    /// The next events in the window.
    fn next(&mut self, py: Python<'_>, window: &Window) -> PyResult<Option<Next>> {
        while !self.is_over {
            let piece = self.reader.next(py, self.scan.get(), Some(&self.indexed))?;
            let Some(piece) = piece else {
                self.is_over = true;
                break;
            };
            let (_, clock) = *self
                .clocks
                .get_or_insert((piece.time_start, piece.time_start));
            let cut = if window.is_all() {
                Cut {
                    range: 0..piece.events.len(),
                    time_start: clock,
                    time_end: clock.max(piece.time_end),
                    is_over: false,
                }
            } else {
                window.cut(&piece.events, clock)
            };
            if let Some((_, clock)) = &mut self.clocks {
                *clock = cut.time_end;
            }
            self.is_over = cut.is_over;
            if !cut.range.is_empty() {
                let events = piece.events.part(cut.range);
                if self.builds_candles {
                    refuse_candles(&events, &self.indexed)?;
                }
                return Ok(Some(Next {
                    events,
                    time_start: cut.time_start,
                    time_end: cut.time_end,
                }));
            }
        }
        Ok(None)
    }
}

/// Refuses a history with candles of its own: beside those of the run, a strategy could not tell them apart.
fn refuse_candles(events: &[StoredEvent], indexed: &Indexed) -> Result<(), Error> {
    let candle = events.iter().find_map(|event| match event {
        StoredEvent::Item(event) if matches!(event.kind, MarketKind::Candle(_)) => Some(event),
        StoredEvent::Item(_) | StoredEvent::Reconnecting(_) => None,
    });
    let Some(candle) = candle else {
        return Ok(());
    };
    let definition = indexed.instrument(candle.instrument.index());
    let name = definition.map_or("an instrument", |it| it.name_internal.name().as_str());
    Err(Error::market_data(format!(
        "the history has candles of its own, the first of {name} at {}: run without candles=, or leave \
         these events out",
        time_text(candle.time_received)
    )))
}
