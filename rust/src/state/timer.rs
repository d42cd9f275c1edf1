//! Timers: the times at which a strategy has asked to be called.

use crate::convert::{Length, UtcTime, datetime_from_nanos, nanos, record, time_text};
use chrono::TimeDelta;
use pyo3::prelude::*;
use pyo3_stub_gen::derive::gen_stub_pymethods;
use smol_str::SmolStr;
use std::collections::BTreeMap;

record! {
    /// A time at which the strategy is called, as `EngineView.call_at` makes it.
    ///
    /// barter has no timers: this is an addition.
    ///
    /// Examples
    /// --------
    /// >>> from datetime import timedelta
    /// >>> from barter_python import Timer
    /// >>> timer = Timer(1, "2024-01-01T00:00:00Z", timedelta(minutes=1), None)
    /// >>> timer.time.isoformat(), timer.every
    /// ('2024-01-01T00:00:00+00:00', datetime.timedelta(seconds=60))
    pub struct Timer {
        /// Its number among the timers of the run, from 1.
        id: u64,
        /// When it is due, or was due if it is given to `on_timer`, in UTC.
        time: UtcTime,
        /// After how long it is due again; `None` if it is due once.
        every: Option<Length>,
        /// The id of the strategy that has asked for it, if it has one.
        strategy_id: Option<String>,
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl Timer {
    /// `time` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_ns(&self) -> PyResult<i64> {
        nanos(self.time.0)
    }
}

/// A timer that is not due yet, in nanoseconds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PendingTimer {
    /// Its number.
    pub id: u64,
    /// When it is due.
    pub time: i64,
    /// After how long it is due again.
    pub every: Option<i64>,
    /// Who has asked for it.
    pub strategy_id: Option<SmolStr>,
}

impl From<&PendingTimer> for Timer {
    fn from(timer: &PendingTimer) -> Self {
        let PendingTimer {
            id,
            time,
            every,
            strategy_id,
        } = timer;
        Self {
            id: *id,
            time: UtcTime(datetime_from_nanos(*time)),
            every: every.map(|every| Length(TimeDelta::nanoseconds(every))),
            strategy_id: strategy_id.as_ref().map(ToString::to_string),
        }
    }
}

/// The timers of a run: by time, and at one time in the order in which they were asked for.
#[derive(Default)]
pub struct Timers {
    pending: BTreeMap<(i64, u64), PendingTimer>,
    count: u64,
}

impl Timers {
    /// Adds a timer for a time after `now`.
    pub fn add(
        &mut self,
        now: i64,
        time: i64,
        every: Option<i64>,
        strategy_id: Option<SmolStr>,
    ) -> Result<PendingTimer, String> {
        if time <= now {
            return Err(format!(
                "time must be after the engine's time, {}, got {}: add to state.time",
                time_text(datetime_from_nanos(now)),
                time_text(datetime_from_nanos(time)),
            ));
        }
        if let Some(every) = every.filter(|every| *every <= 0) {
            return Err(format!(
                "every must be positive, such as timedelta(minutes=1), got {every} ns"
            ));
        }
        self.count = self.count.saturating_add(1);
        let timer = PendingTimer {
            id: self.count,
            time,
            every,
            strategy_id,
        };
        self.pending.insert((time, timer.id), timer.clone());
        Ok(timer)
    }

    /// Takes a timer back; whether it was still to come.
    pub fn cancel(&mut self, id: u64) -> bool {
        let key = self.pending.keys().find(|(_, other)| *other == id).copied();
        key.is_some_and(|key| self.pending.remove(&key).is_some())
    }

    /// When the next one is due.
    pub fn next(&self) -> Option<i64> {
        self.pending.keys().next().map(|(time, _)| *time)
    }

    /// Takes the next one if it is due by `until`. One that repeats is pending again at once.
    pub fn take(&mut self, until: i64) -> Option<PendingTimer> {
        let entry = self.pending.first_entry()?;
        if entry.key().0 > until {
            return None;
        }
        let timer = entry.remove();
        // Past the year 2262 there is no next time.
        let again = timer.every.and_then(|every| timer.time.checked_add(every));
        if let Some(time) = again {
            let next = PendingTimer {
                time,
                ..timer.clone()
            };
            self.pending.insert((time, timer.id), next);
        }
        Some(timer)
    }

    /// All that are to come, in their order.
    pub fn pending(&self) -> impl Iterator<Item = &PendingTimer> {
        self.pending.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(timers: &mut Timers, until: i64) -> Vec<(i64, u64)> {
        std::iter::from_fn(|| timers.take(until))
            .map(|timer| (timer.time, timer.id))
            .collect()
    }

    #[test]
    fn at_one_time_the_first_asked_for_comes_first() {
        let mut timers = Timers::default();
        for (time, every) in [(30, None), (10, Some(10)), (30, None)] {
            timers.add(0, time, every, None).unwrap();
        }
        assert_eq!(timers.next(), Some(10));
        assert_eq!(
            taken(&mut timers, 30),
            [(10, 2), (20, 2), (30, 1), (30, 2), (30, 3)]
        );
        assert_eq!(timers.next(), Some(40));
        assert!(timers.cancel(2));
        assert!(!timers.cancel(2));
        assert_eq!(timers.next(), None);
    }

    #[test]
    fn the_past_and_now_are_refused() {
        let mut timers = Timers::default();
        assert!(timers.add(5, 5, None, None).is_err());
        assert!(timers.add(5, 4, None, None).is_err());
        assert!(timers.add(5, 6, Some(0), None).is_err());
        assert_eq!(timers.pending().count(), 0);
        assert_eq!(timers.add(5, 6, None, None).unwrap().id, 1);
    }

    #[test]
    fn a_timer_ends_with_the_times_there_are() {
        let mut timers = Timers::default();
        timers.add(0, i64::MAX - 1, Some(i64::MAX), None).unwrap();
        assert_eq!(taken(&mut timers, i64::MAX).len(), 1);
        assert_eq!(timers.next(), None);
    }
}
