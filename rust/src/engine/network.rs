//! The ways between the engine and the exchanges: how long they take, and what goes wrong on them.

use super::queue::{Queue, Rank, Sent, Thing, Told};
use crate::exchange::{Fault, Latency, LatencyDraws, Noticed, Script};
use barter_instrument::exchange::ExchangeIndex;

/// The ways to one exchange and back, as they are configured.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Route {
    /// How long requests take.
    pub latency: Latency,
    /// How long messages take.
    pub answer_latency: Latency,
    /// What goes wrong.
    pub faults: Vec<Fault>,
}

/// One way, on which nothing overtakes.
struct Way {
    draws: LatencyDraws,
    /// When the last thing arrives, in nanoseconds since 1970.
    last: i64,
}

impl Way {
    fn new(latency: Latency, way: u64) -> Self {
        Self {
            draws: LatencyDraws::new(latency, way),
            last: i64::MIN,
        }
    }

    /// When something arrives that leaves now; `None` after the year 2262.
    fn arrival(&mut self, now: i64, delay: i64) -> Option<i64> {
        let due = now.checked_add(self.draws.next())?.checked_add(delay)?;
        self.last = self.last.max(due);
        Some(self.last)
    }
}

struct Ways {
    there: Way,
    back: Way,
    /// What waits for the end of a disconnect.
    held: Vec<Told>,
}

/// A time at which something would arrive that has no representation.
#[derive(Debug)]
pub struct TooLate;

/// Everything under way, and the script of what goes wrong.
pub struct Network {
    queue: Queue,
    /// By exchange index.
    ways: Vec<Ways>,
    script: Script,
}

impl Network {
    /// The ways of each exchange, in a run that starts at `start`.
    pub fn new(routes: Vec<Route>, start: i64) -> Self {
        let mut faults = Vec::new();
        let mut ways = Vec::new();
        for (there, route) in (0_u64..).step_by(2).zip(routes) {
            faults.push(route.faults);
            ways.push(Ways {
                there: Way::new(route.latency, there),
                back: Way::new(route.answer_latency, there.wrapping_add(1)),
                held: Vec::new(),
            });
        }
        Self {
            queue: Queue::default(),
            ways,
            script: Script::new(faults, start),
        }
    }

    /// When the next thing arrives, or a fault begins or ends, and which.
    pub fn next(&self) -> Option<(i64, Rank)> {
        let fault = self.script.next().map(|time| (time, Rank::Fault));
        match (self.queue.next(), fault) {
            (Some(thing), Some(fault)) => Some(thing.min(fault)),
            (thing, fault) => thing.or(fault),
        }
    }

    /// Whether something is under way, or waits.
    pub fn is_busy(&self) -> bool {
        self.queue.next().is_some() || self.ways.iter().any(|ways| !ways.held.is_empty())
    }

    /// Sends a request on its way.
    pub fn send(&mut self, now: i64, sent: Sent) -> Result<(), TooLate> {
        let due = match self.ways.get_mut(sent.exchange.index()) {
            Some(ways) => ways.there.arrival(now, 0).ok_or(TooLate)?,
            None => now,
        };
        self.queue.push(due, Thing::Request(sent));
        Ok(())
    }

    /// Sends a message on its way.
    pub fn tell(&mut self, told: Told) -> Result<(), TooLate> {
        let delay = self.script.delay(told.exchange);
        let due = match self.ways.get_mut(told.exchange.index()) {
            Some(ways) => ways.back.arrival(told.time, delay).ok_or(TooLate)?,
            None => told.time,
        };
        let again = self.script.duplicates(told.exchange).then(|| Told {
            again: true,
            ..told.clone()
        });
        self.queue.push(due, Thing::Message(told));
        if let Some(again) = again {
            self.queue.push(due, Thing::Message(again));
        }
        Ok(())
    }

    /// Takes the next thing that arrives. A message waits while its exchange is lost.
    pub fn arrive(&mut self) -> Option<Thing> {
        match self.queue.pop()? {
            Thing::Message(told) if self.script.is_disconnected(told.exchange) => {
                if let Some(ways) = self.ways.get_mut(told.exchange.index()) {
                    ways.held.push(told);
                }
                None
            }
            thing => Some(thing),
        }
    }

    /// Lets the next fault begin or end.
    pub fn next_fault(&mut self) -> Noticed {
        self.script.advance()
    }

    /// Delivers what has waited for the exchange, and then `snapshot`.
    pub fn release(&mut self, now: i64, snapshot: Told) {
        if let Some(ways) = self.ways.get_mut(snapshot.exchange.index()) {
            for told in ways.held.drain(..) {
                self.queue.push(now, Thing::Message(told));
            }
        }
        self.queue.push(now, Thing::Message(snapshot));
    }

    /// Whether the exchange is lost.
    pub fn is_disconnected(&self, exchange: ExchangeIndex) -> bool {
        self.script.is_disconnected(exchange)
    }

    /// Why requests are refused, where the script has them refused.
    pub fn rejects(&self, exchange: ExchangeIndex) -> Option<&str> {
        self.script.rejects(exchange)
    }
}
