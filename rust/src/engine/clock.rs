//! The clock of the engine.

use crate::convert::datetime_from_nanos;
use barter::engine::{Processor, clock::EngineClock};
use chrono::{DateTime, Utc};

/// A clock that stands where the driver puts it; barter's own runs on with the machine's.
///
/// It counts nanoseconds: the engine asks for a `DateTime` far less often than time moves.
#[derive(Clone, Copy, Debug)]
pub struct DriverClock {
    now: i64,
}

impl DriverClock {
    /// A clock that stands at `now`, in nanoseconds since 1970.
    pub const fn new(now: i64) -> Self {
        Self { now }
    }

    /// Moves the clock; never backwards.
    pub fn advance(&mut self, to: i64) {
        self.now = self.now.max(to);
    }
}

impl EngineClock for DriverClock {
    fn time(&self) -> DateTime<Utc> {
        datetime_from_nanos(self.now)
    }
}

impl<Event> Processor<&Event> for DriverClock {
    type Audit = ();

    fn process(&mut self, _: &Event) {}
}
