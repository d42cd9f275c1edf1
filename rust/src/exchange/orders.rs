//! All orders that were not refused, by number and by client order id.

use super::{
    executed::Executed,
    resting::{Found, Resting},
};
use barter_execution::order::{
    OrderKey,
    id::{ClientOrderId, OrderId},
};
use barter_instrument::{Side, instrument::InstrumentIndex};
use rust_decimal::Decimal;
use smol_str::format_smolstr;
use std::collections::{BTreeSet, HashMap};

/// What became of an order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    Rests { side: Side, price: Decimal },
    Filled,
    Cancelled,
    Expired,
}

/// An order that has a number.
#[derive(Clone, Debug)]
pub struct Known {
    pub key: OrderKey,
    pub stage: Stage,
    pub executed: Executed,
}

/// The order that was decided last of those with one client order id.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Latest {
    Numbered(u64),
    Refused,
}

/// The orders of all exchanges.
#[derive(Default, Debug)]
pub struct Orders {
    /// Number 1 comes first.
    known: Vec<Known>,
    by_cid: HashMap<(InstrumentIndex, ClientOrderId), Latest>,
    /// Ends by time and number.
    ends: BTreeSet<(i64, u64)>,
}

/// The exchange's id of an order.
pub fn order_id(number: u64) -> OrderId {
    OrderId(format_smolstr!("{number}"))
}

/// The number that an exchange's id stands for, if it could be one.
pub fn number_of(id: &OrderId) -> Option<u64> {
    let number = id.0.parse().ok()?;
    (order_id(number) == *id).then_some(number)
}

fn position(number: u64) -> Option<usize> {
    usize::try_from(number).ok()?.checked_sub(1)
}

impl Orders {
    /// Gives an order its number.
    pub fn add(&mut self, key: OrderKey, stage: Stage, executed: Executed) -> u64 {
        let number = self.next_number();
        let by = (key.instrument, key.cid.clone());
        self.by_cid.insert(by, Latest::Numbered(number));
        self.known.push(Known {
            key,
            stage,
            executed,
        });
        number
    }

    /// The number of the next order.
    pub const fn next_number(&self) -> u64 {
        (self.known.len() as u64).saturating_add(1)
    }

    pub fn get(&self, number: u64) -> Option<&Known> {
        self.known.get(position(number)?)
    }

    pub fn get_mut(&mut self, number: u64) -> Option<&mut Known> {
        self.known.get_mut(position(number)?)
    }

    pub fn latest(&self, instrument: InstrumentIndex, cid: &ClientOrderId) -> Option<Latest> {
        self.by_cid.get(&(instrument, cid.clone())).copied()
    }

    /// Whether an order with this client order id rests.
    pub fn is_open(&self, key: &OrderKey) -> bool {
        match self.latest(key.instrument, &key.cid) {
            Some(Latest::Numbered(number)) => self
                .get(number)
                .is_some_and(|known| matches!(known.stage, Stage::Rests { .. })),
            Some(Latest::Refused) | None => false,
        }
    }

    /// Remembers that an order was refused; one that is open under its id remains to be found.
    pub fn note_refused(&mut self, key: &OrderKey) {
        if !self.is_open(key) {
            let by = (key.instrument, key.cid.clone());
            self.by_cid.insert(by, Latest::Refused);
        }
    }

    /// Remembers when a resting order ends by time.
    pub fn note_end(&mut self, end: i64, number: u64) {
        self.ends.insert((end, number));
    }

    /// Remembers what became of an order that rested.
    pub fn finish(&mut self, order: &Resting, stage: Stage) {
        if let Some(end) = order.end {
            self.ends.remove(&(end, order.number));
        }
        if let Some(known) = self.get_mut(order.number) {
            known.stage = stage;
        }
    }

    pub fn next_end(&self) -> Option<i64> {
        self.ends.first().map(|(end, _)| *end)
    }

    /// Takes the next order that ends by `until`, with its instrument.
    pub fn pop_end(&mut self, until: i64) -> Option<(InstrumentIndex, Found)> {
        loop {
            let (end, number) = *self.ends.first()?;
            if end > until {
                return None;
            }
            self.ends.pop_first();
            if let Some(Known {
                key,
                stage: Stage::Rests { side, price },
                ..
            }) = self.get(number)
            {
                let (side, price) = (*side, *price);
                let found = Found {
                    side,
                    price,
                    number,
                };
                return Some((key.instrument, found));
            }
        }
    }
}
