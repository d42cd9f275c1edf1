//! A part of a history by time.

use super::kind::StoredEvent;
use crate::convert::{UtcTime, check_time, named_argument, nanos, time_text, warn_of_unit};
use crate::error::Error;
use chrono::{DateTime, Utc};
use pyo3::{exceptions::PyValueError, prelude::*};
use pyo3_stub_gen::derive::gen_stub_pyfunction;
use std::ops::Range;

/// From when and until when the events of a run are received, by the clock of the run.
///
/// The clock never runs backwards, so that the events of a part follow one another in the history.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// The first time that belongs to the part.
    pub since: Option<DateTime<Utc>>,
    /// The first time that does not belong to it any more.
    pub until: Option<DateTime<Utc>>,
}

/// Which of some events belong to a part.
pub struct Cut {
    /// Their positions.
    pub range: Range<usize>,
    /// The clock of a run at the first of them.
    pub time_start: DateTime<Utc>,
    /// The clock of a run over the events before the end of the part.
    pub time_end: DateTime<Utc>,
    /// Whether no later event belongs to the part.
    pub is_over: bool,
}

impl Window {
    /// An error if no time is in between.
    pub fn new(since: Option<UtcTime>, until: Option<UtcTime>) -> PyResult<Self> {
        for (name, time) in [("since", since), ("until", until)] {
            if let Some(UtcTime(time)) = time {
                check_time(name, time).map_err(PyValueError::new_err)?;
            }
        }
        let window = Self {
            since: since.map(|UtcTime(since)| since),
            until: until.map(|UtcTime(until)| until),
        };
        match (window.since, window.until) {
            (Some(since), Some(until)) if since >= until => Err(PyValueError::new_err(format!(
                "since must be before until, got since {} and until {}",
                time_text(since),
                time_text(until)
            ))),
            (_, _) => Ok(window),
        }
    }

    /// Warns where a time looks like a whole number of another unit than nanoseconds.
    pub fn warn_of_units(&self, py: Python<'_>) -> PyResult<()> {
        for (name, time) in [("since", self.since), ("until", self.until)] {
            if let Some(time) = time {
                warn_of_unit(py, name, time)?;
            }
        }
        Ok(())
    }

    /// Whether it is all time.
    pub const fn is_all(&self) -> bool {
        self.since.is_none() && self.until.is_none()
    }

    /// Which of the events belong to the part, where a run over all events before these has brought its
    /// clock to `clock`.
    pub fn cut(&self, events: &[StoredEvent], mut clock: DateTime<Utc>) -> Cut {
        let (mut first, mut time_start) = (0, clock);
        for (position, event) in events.iter().enumerate() {
            let now = event.time_received().map_or(clock, |it| it.max(clock));
            if self.until.is_some_and(|until| now >= until) {
                return Cut {
                    range: first..position,
                    time_start,
                    time_end: clock,
                    is_over: true,
                };
            }
            clock = now;
            if self.since.is_some_and(|since| clock < since) {
                first = position.saturating_add(1);
            } else if position == first {
                time_start = clock;
            }
        }
        Cut {
            range: first..events.len(),
            time_start,
            time_end: clock,
            is_over: false,
        }
    }

    /// An error about a history from `time_start` to `time_end`, of which nothing belongs to the part.
    pub fn is_empty(&self, time_start: DateTime<Utc>, time_end: DateTime<Utc>) -> Error {
        let since = self.since.map(|time| format!(" from {}", time_text(time)));
        let until = self.until.map(|time| format!(" until {}", time_text(time)));
        Error::market_data(format!(
            "the data holds no market events{}{}: its own were received from {} to {}",
            since.unwrap_or_default(),
            until.unwrap_or_default(),
            time_text(time_start),
            time_text(time_end)
        ))
    }
}

named_argument! {
    pub(super) since: Option<UtcTime>,
    pub(super) until: Option<UtcTime>,
}

/// The times of a part of a history in nanoseconds since 1970, checked.
///
/// Parameters
/// ----------
/// since : datetime, int or str, optional
///     The first time that belongs to the part.
/// until : datetime, int or str, optional
///     The first time that does not belong to it any more.
///
/// Raises
/// ------
/// ValueError
///     If `since` is not before `until`, or nanoseconds since 1970 cannot hold one.
///
/// Warns
/// -----
/// UserWarning
///     If a time looks like seconds, milliseconds or microseconds since 1970.
#[gen_stub_pyfunction(module = "barter_python._core")]
#[pyfunction]
pub fn window_ns(
    py: Python<'_>,
    #[pyo3(from_py_with = since)] since: Option<UtcTime>,
    #[pyo3(from_py_with = until)] until: Option<UtcTime>,
) -> PyResult<(Option<i64>, Option<i64>)> {
    let window = Window::new(since, until)?;
    window.warn_of_units(py)?;
    let Window { since, until } = window;
    Ok((since.map(nanos).transpose()?, until.map(nanos).transpose()?))
}
