//! Simulated time.

use barter::engine::{Processor, clock::EngineClock};
use chrono::{DateTime, Utc};

/// A clock that stands where the driver puts it; barter's own runs on with the machine's.
#[derive(Clone, Copy, Debug)]
pub struct SimulatedClock {
    now: DateTime<Utc>,
}

impl SimulatedClock {
    /// A clock that stands at `now`.
    pub const fn new(now: DateTime<Utc>) -> Self {
        Self { now }
    }

    /// Moves the clock; never backwards.
    pub fn advance(&mut self, to: DateTime<Utc>) {
        self.now = self.now.max(to);
    }
}

impl EngineClock for SimulatedClock {
    fn time(&self) -> DateTime<Utc> {
        self.now
    }
}

impl<Event> Processor<&Event> for SimulatedClock {
    type Audit = ();

    fn process(&mut self, _: &Event) {}
}
