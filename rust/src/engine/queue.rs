//! What is under way between the engine and the exchanges, in simulated time.

use crate::exchange::Executed;
use barter::execution::request::ExecutionRequest;
use barter_execution::{AccountEvent, order::id::OrderId};
use barter_instrument::exchange::ExchangeIndex;
use std::{
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
};

/// What comes first of several things at one time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Rank {
    /// A message is delivered.
    Delivery,
    /// Orders end whose time is over.
    OrderEnd,
    /// A fault begins or ends.
    Fault,
    /// A request arrives.
    Arrival,
}

/// A request on its way.
pub struct Sent {
    /// Where to.
    pub exchange: ExchangeIndex,
    /// What it asks for.
    pub request: ExecutionRequest,
    /// Which of all orders it sends, if it sends one.
    pub order: Option<usize>,
}

/// The order that a message is about.
#[derive(Clone)]
pub struct ToldOrder {
    /// Which of all orders.
    pub number: usize,
    /// The exchange's id and what is filled of it, unless it was refused.
    pub executed: Option<(OrderId, Executed)>,
}

/// A message on its way.
#[derive(Clone)]
pub struct Told {
    /// Where from.
    pub exchange: ExchangeIndex,
    /// When it was decided, in nanoseconds since 1970.
    pub time: i64,
    /// What it tells, in order.
    pub events: Vec<AccountEvent>,
    /// The order that it is about.
    pub order: Option<ToldOrder>,
    /// Whether it has been told before.
    pub again: bool,
}

/// A thing on its way.
pub enum Thing {
    /// To an exchange.
    Request(Sent),
    /// From an exchange.
    Message(Told),
}

impl Thing {
    const fn rank(&self) -> Rank {
        match self {
            Self::Request(_) => Rank::Arrival,
            Self::Message(_) => Rank::Delivery,
        }
    }
}

struct Entry {
    due: i64,
    rank: Rank,
    number: u64,
    thing: Thing,
}

impl Entry {
    const fn key(&self) -> (i64, Rank, u64) {
        (self.due, self.rank, self.number)
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

/// Everything under way: by its time, then by its rank, then as it was put in.
#[derive(Default)]
pub struct Queue {
    entries: BinaryHeap<Reverse<Entry>>,
    count: u64,
}

impl Queue {
    /// Puts a thing in that is due then, in nanoseconds since 1970.
    pub fn push(&mut self, due: i64, thing: Thing) {
        self.count = self.count.saturating_add(1);
        self.entries.push(Reverse(Entry {
            due,
            rank: thing.rank(),
            number: self.count,
            thing,
        }));
    }

    /// When the next thing is due, and its rank.
    pub fn next(&self) -> Option<(i64, Rank)> {
        self.entries
            .peek()
            .map(|Reverse(entry)| (entry.due, entry.rank))
    }

    /// Takes the next thing out.
    pub fn pop(&mut self) -> Option<Thing> {
        self.entries.pop().map(|Reverse(entry)| entry.thing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(number: i64) -> Thing {
        Thing::Message(Told {
            exchange: ExchangeIndex(0),
            time: number,
            events: Vec::new(),
            order: None,
            again: false,
        })
    }

    fn request(number: usize) -> Thing {
        Thing::Request(Sent {
            exchange: ExchangeIndex(0),
            request: ExecutionRequest::Shutdown,
            order: Some(number),
        })
    }

    #[test]
    fn messages_come_before_requests_and_else_the_first_comes_first() {
        let mut queue = Queue::default();
        for (due, thing) in [
            (2, message(6)),
            (1, request(3)),
            (1, request(4)),
            (1, message(1)),
            (1, message(2)),
            (0, request(0)),
            (2, request(7)),
        ] {
            queue.push(due, thing);
        }
        let mut order = Vec::new();
        while let Some((due, rank)) = queue.next() {
            match queue.pop().unwrap() {
                Thing::Message(told) => order.push((due, rank, told.time)),
                Thing::Request(sent) => {
                    let number = i64::try_from(sent.order.unwrap()).unwrap();
                    order.push((due, rank, number));
                }
            }
        }
        assert_eq!(
            order,
            [
                (0, Rank::Arrival, 0),
                (1, Rank::Delivery, 1),
                (1, Rank::Delivery, 2),
                (1, Rank::Arrival, 3),
                (1, Rank::Arrival, 4),
                (2, Rank::Delivery, 6),
                (2, Rank::Arrival, 7),
            ]
        );
    }
}
