//! The links between the engine and the exchanges: their latencies, and the faults on them.

use super::{
    ConnectionChange, Fault, Latency, LatencyDraws, Script,
    queue::{AnswerInFlight, InFlight, Queue, Rank, earlier},
};
use crate::{
    convert::{datetime_from_nanos, quoted},
    error::Error,
    exchange::{Answer, ExchangeRequest},
};
use barter_instrument::exchange::ExchangeIndex;

/// The configuration of the links to one exchange and back.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Route {
    /// Latency of requests.
    pub latency: Latency,
    /// Latency of answers.
    pub answer_latency: Latency,
    /// Faults of the exchange and of its links.
    pub faults: Vec<Fault>,
}

/// A link in one direction, on which nothing overtakes.
struct Link {
    draws: LatencyDraws,
    /// When the last request or answer arrives, in nanoseconds since 1970.
    last: i64,
}

impl Link {
    fn new(latency: Latency, number: u64) -> Self {
        Self {
            draws: LatencyDraws::new(latency, number),
            last: i64::MIN,
        }
    }

    /// When a request or an answer arrives that leaves now; `None` after the year 2262.
    fn arrival(&mut self, now: i64, delay: i64) -> Option<i64> {
        let due = now.checked_add(self.draws.next())?.checked_add(delay)?;
        self.last = self.last.max(due);
        Some(self.last)
    }
}

/// The links to one exchange and back.
struct Links {
    out: Link,
    back: Link,
    /// Answers that wait for the end of a disconnect.
    held: Vec<AnswerInFlight>,
}

/// Everything in flight, and the script of faults.
pub struct Network {
    queue: Queue,
    /// By exchange index.
    links: Vec<Links>,
    script: Script,
}

impl Network {
    /// The links to each exchange, by exchange index, in a run that starts at `start`.
    pub fn new(routes: Vec<Route>, start: i64) -> Self {
        let mut faults = Vec::new();
        let mut links = Vec::new();
        for (out, route) in (0_u64..).step_by(2).zip(routes) {
            faults.push(route.faults);
            links.push(Links {
                out: Link::new(route.latency, out),
                back: Link::new(route.answer_latency, out.wrapping_add(1)),
                held: Vec::new(),
            });
        }
        Self {
            queue: Queue::default(),
            links,
            script: Script::new(faults, start),
        }
    }

    fn links_mut(&mut self, exchange: ExchangeIndex) -> Result<&mut Links, Error> {
        let links = self.links.get_mut(exchange.index());
        links.ok_or_else(|| Error::inconsistent(format!("there is no link to {exchange}")))
    }

    /// When the next request or answer arrives, or a fault begins or ends, and which of them.
    pub fn next(&self) -> Option<(i64, Rank)> {
        let fault = self.script.next().map(|time| (time, Rank::Fault));
        earlier(self.queue.next(), fault)
    }

    /// The time of that.
    #[inline]
    pub fn next_time(&self) -> Option<i64> {
        let in_flight = self.queue.next().map(|(time, _)| time);
        match (in_flight, self.script.next()) {
            (Some(in_flight), Some(fault)) => Some(in_flight.min(fault)),
            (in_flight, fault) => in_flight.or(fault),
        }
    }

    /// Whether anything is in flight, or waits for the end of a disconnect.
    pub fn is_busy(&self) -> bool {
        self.queue.next().is_some() || self.links.iter().any(|links| !links.held.is_empty())
    }

    /// Sends a request to its exchange.
    pub fn send_request(&mut self, now: i64, request: ExchangeRequest) -> Result<(), Error> {
        let key = request.key();
        let Some(due) = self.links_mut(key.exchange)?.out.arrival(now, 0) else {
            let reason = "would arrive after the year 2262".to_owned();
            let text = format!("the request for order {} {reason}", quoted(&key.cid.0));
            return Err(Error::order(key, text, reason));
        };
        self.queue.push(due, InFlight::Request(request));
        Ok(())
    }

    /// Sends an answer back to the engine, twice if a fault doubles it.
    pub fn send_answer(&mut self, now: i64, answer: Answer) -> Result<(), Error> {
        let exchange = answer.exchange;
        let delay = self.script.delay(exchange);
        let Some(due) = self.links_mut(exchange)?.back.arrival(now, delay) else {
            return Err(Error::orders(format!(
                "an answer sent at {} would arrive after the year 2262",
                datetime_from_nanos(now)
            )));
        };
        let first = AnswerInFlight {
            time: now,
            answer,
            is_duplicate: false,
        };
        let second = self.script.duplicates(exchange).then(|| AnswerInFlight {
            is_duplicate: true,
            ..first.clone()
        });
        self.queue.push(due, InFlight::Answer(first));
        if let Some(second) = second {
            self.queue.push(due, InFlight::Answer(second));
        }
        Ok(())
    }

    /// Takes the next request or answer that arrives; `None` for an answer that waits because its exchange
    /// is disconnected.
    pub fn arrive(&mut self) -> Result<Option<InFlight>, Error> {
        match self.queue.pop() {
            Some(InFlight::Answer(held)) if self.script.is_disconnected(held.answer.exchange) => {
                self.links_mut(held.answer.exchange)?.held.push(held);
                Ok(None)
            }
            arrived => Ok(arrived),
        }
    }

    /// Begins or ends the next fault.
    pub fn next_fault(&mut self) -> Result<Option<ConnectionChange>, Error> {
        self.script.advance()
    }

    /// Delivers the answers that have waited for the end of a disconnect, and then a snapshot of the account.
    pub fn release(&mut self, now: i64, snapshot: Answer) -> Result<(), Error> {
        let held = std::mem::take(&mut self.links_mut(snapshot.exchange)?.held);
        for answer in held {
            self.queue.push(now, InFlight::Answer(answer));
        }
        let snapshot = AnswerInFlight {
            time: now,
            answer: snapshot,
            is_duplicate: false,
        };
        self.queue.push(now, InFlight::Answer(snapshot));
        Ok(())
    }

    /// Whether the exchange is disconnected.
    pub fn is_disconnected(&self, exchange: ExchangeIndex) -> bool {
        self.script.is_disconnected(exchange)
    }

    /// The reason for which the exchange refuses requests; `None` if it accepts them.
    pub fn rejects(&self, exchange: ExchangeIndex) -> Option<&str> {
        self.script.rejects(exchange)
    }
}
