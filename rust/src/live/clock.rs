//! The time of a live run.

use chrono::Utc;
use std::time::Instant;

/// The wall clock at the start of a run, moved on by the monotonic clock: a machine that sets its clock
/// does not move the timers of a run.
#[derive(Clone, Copy, Debug)]
pub struct WallClock {
    start: i64,
    started: Instant,
}

impl WallClock {
    /// A clock that shows what the machine's shows now.
    pub fn start() -> Self {
        Self {
            start: Utc::now().timestamp_nanos_opt().unwrap_or(i64::MAX),
            started: Instant::now(),
        }
    }

    /// Now, in nanoseconds since 1970.
    pub fn now(&self) -> i64 {
        let elapsed = i64::try_from(self.started.elapsed().as_nanos()).unwrap_or(i64::MAX);
        self.start.saturating_add(elapsed)
    }
}
