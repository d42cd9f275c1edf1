//! The requests and answers that are in flight between the engine and the exchanges, in simulated time.

use crate::exchange::{Answer, ExchangeRequest};
use std::{
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
};

/// Ranks what happens at one time: the lowest rank comes first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Rank {
    /// An answer is delivered.
    Delivery,
    /// Orders end whose time is over.
    OrderEnd,
    /// A fault begins or ends.
    Fault,
    /// A request arrives.
    Arrival,
    /// A candle is complete that the run builds from trades.
    Candle,
    /// A timer of the strategy is due.
    Timer,
}

/// What comes first of two, if both come.
#[inline]
pub fn earlier(one: Option<(i64, Rank)>, other: Option<(i64, Rank)>) -> Option<(i64, Rank)> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// An answer in flight.
#[derive(Clone, Debug)]
pub struct AnswerInFlight {
    /// When the exchange decided it, in nanoseconds since 1970.
    pub time: i64,
    /// The answer.
    pub answer: Answer,
    /// Whether it is the second copy of an answer that a fault has doubled.
    pub is_duplicate: bool,
}

/// A request or an answer in flight.
#[derive(Debug)]
pub enum InFlight {
    /// To an exchange.
    Request(ExchangeRequest),
    /// From an exchange.
    Answer(AnswerInFlight),
}

impl InFlight {
    const fn rank(&self) -> Rank {
        match self {
            Self::Request(_) => Rank::Arrival,
            Self::Answer(_) => Rank::Delivery,
        }
    }
}

struct Entry {
    due: i64,
    rank: Rank,
    number: u64,
    in_flight: InFlight,
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

/// Everything in flight: by time, then by rank, then in the order in which it was put in.
#[derive(Default)]
pub struct Queue {
    entries: BinaryHeap<Reverse<Entry>>,
    count: u64,
}

impl Queue {
    /// Puts in a request or an answer that arrives at `due`, in nanoseconds since 1970.
    pub fn push(&mut self, due: i64, in_flight: InFlight) {
        self.count = self.count.saturating_add(1);
        self.entries.push(Reverse(Entry {
            due,
            rank: in_flight.rank(),
            number: self.count,
            in_flight,
        }));
    }

    /// When the next request or answer arrives, and its rank.
    #[inline]
    pub fn next(&self) -> Option<(i64, Rank)> {
        self.entries
            .peek()
            .map(|Reverse(entry)| (entry.due, entry.rank))
    }

    /// Takes out the next request or answer.
    pub fn pop(&mut self) -> Option<InFlight> {
        self.entries.pop().map(|Reverse(entry)| entry.in_flight)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::execution::OrderIndex;
    use barter_execution::order::{
        OrderKey, OrderKind, TimeInForce,
        id::{ClientOrderId, StrategyId},
        request::{OrderRequestOpen, RequestOpen},
    };
    use barter_instrument::{Side, exchange::ExchangeIndex, instrument::InstrumentIndex};
    use rust_decimal::Decimal;

    fn answer(number: i64) -> InFlight {
        InFlight::Answer(AnswerInFlight {
            time: number,
            answer: Answer {
                exchange: ExchangeIndex(0),
                order: None,
                funded: None,
                events: Vec::new(),
            },
            is_duplicate: false,
        })
    }

    fn request(number: usize) -> InFlight {
        let request = OrderRequestOpen {
            key: OrderKey {
                exchange: ExchangeIndex(0),
                instrument: InstrumentIndex(0),
                strategy: StrategyId::new("test"),
                cid: ClientOrderId::new("1"),
            },
            state: RequestOpen {
                side: Side::Buy,
                price: Decimal::ONE,
                quantity: Decimal::ONE,
                kind: OrderKind::Limit,
                time_in_force: TimeInForce::ImmediateOrCancel,
            },
        };
        InFlight::Request(ExchangeRequest::Open(OrderIndex(number), request, None))
    }

    #[test]
    fn answers_come_before_requests_and_else_the_first_comes_first() {
        let mut queue = Queue::default();
        for (due, in_flight) in [
            (2, answer(6)),
            (1, request(3)),
            (1, request(4)),
            (1, answer(1)),
            (1, answer(2)),
            (0, request(0)),
            (2, request(7)),
        ] {
            queue.push(due, in_flight);
        }
        let mut order = Vec::new();
        while let Some((due, rank)) = queue.next() {
            match queue.pop().unwrap() {
                InFlight::Answer(answer) => order.push((due, rank, answer.time)),
                InFlight::Request(ExchangeRequest::Open(OrderIndex(number), ..)) => {
                    order.push((due, rank, i64::try_from(number).unwrap()));
                }
                InFlight::Request(cancel) => panic!("{cancel:?}"),
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
