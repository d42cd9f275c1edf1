//! All orders that were not refused, by number and by client order id.

use super::resting::{OrderRef, Resting};
use crate::error::Error;
use barter_execution::order::{
    OrderKey,
    id::{ClientOrderId, OrderId},
};
use barter_instrument::{Side, instrument::InstrumentIndex};
use rust_decimal::Decimal;
use smol_str::format_smolstr;
use std::collections::{BTreeSet, HashMap};

/// The stage that an order is at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    Rests { side: Side, price: Decimal },
    Filled,
    Cancelled,
    Expired,
}

/// An order that was not refused.
#[derive(Clone, Debug)]
pub struct AcceptedOrder {
    pub key: OrderKey,
    pub stage: Stage,
}

/// The order that was decided last of those with one client order id.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Latest {
    Accepted(u64),
    Refused,
}

/// The orders of all exchanges.
#[derive(Default, Debug)]
pub struct AcceptedOrders {
    /// The order with number 1 comes first.
    orders: Vec<AcceptedOrder>,
    by_cid: HashMap<(InstrumentIndex, ClientOrderId), Latest>,
    /// When resting orders end by time, with their numbers.
    ends: BTreeSet<(i64, u64)>,
}

/// The exchange's id of an order.
pub fn order_id(number: u64) -> OrderId {
    OrderId(format_smolstr!("{number}"))
}

/// The number in an exchange's id; `None` if it is not an id that an exchange has given.
pub fn number_of(id: &OrderId) -> Option<u64> {
    let number = id.0.parse().ok()?;
    (order_id(number) == *id).then_some(number)
}

fn position(number: u64) -> Option<usize> {
    usize::try_from(number).ok()?.checked_sub(1)
}

impl AcceptedOrders {
    /// Adds an order, and gives it its number.
    pub fn add(&mut self, key: OrderKey, stage: Stage) -> u64 {
        let number = (self.orders.len() as u64).saturating_add(1);
        let by = (key.instrument, key.cid.clone());
        self.by_cid.insert(by, Latest::Accepted(number));
        self.orders.push(AcceptedOrder { key, stage });
        number
    }

    pub fn get(&self, number: u64) -> Option<&AcceptedOrder> {
        self.orders.get(position(number)?)
    }

    pub fn latest(&self, instrument: InstrumentIndex, cid: &ClientOrderId) -> Option<Latest> {
        self.by_cid.get(&(instrument, cid.clone())).copied()
    }

    /// Whether an order with this client order id rests.
    pub fn is_open(&self, key: &OrderKey) -> bool {
        match self.latest(key.instrument, &key.cid) {
            Some(Latest::Accepted(number)) => self
                .get(number)
                .is_some_and(|accepted| matches!(accepted.stage, Stage::Rests { .. })),
            Some(Latest::Refused) | None => false,
        }
    }

    /// Notes that an order was refused. If another order with its client order id is open, the id still
    /// stands for that one.
    pub fn note_refused(&mut self, key: &OrderKey) {
        if !self.is_open(key) {
            let by = (key.instrument, key.cid.clone());
            self.by_cid.insert(by, Latest::Refused);
        }
    }

    /// Notes when a resting order ends by time.
    pub fn note_end(&mut self, end: i64, number: u64) {
        self.ends.insert((end, number));
    }

    /// Notes how an order that rested has ended.
    pub fn finish(&mut self, order: &Resting, stage: Stage) -> Result<(), Error> {
        if let Some(end) = order.end {
            self.ends.remove(&(end, order.number));
        }
        let accepted = position(order.number).and_then(|position| self.orders.get_mut(position));
        let Some(accepted) = accepted else {
            return Err(Error::inconsistent(format!(
                "there is no order {}",
                order.number
            )));
        };
        accepted.stage = stage;
        Ok(())
    }

    pub fn next_end(&self) -> Option<i64> {
        self.ends.first().map(|(end, _)| *end)
    }

    /// Takes the next order that ends at or before `until`, with its instrument.
    pub fn pop_end(&mut self, until: i64) -> Result<Option<(InstrumentIndex, OrderRef)>, Error> {
        let Some((end, number)) = self.ends.first().copied() else {
            return Ok(None);
        };
        if end > until {
            return Ok(None);
        }
        self.ends.pop_first();
        match self.get(number) {
            Some(AcceptedOrder {
                key,
                stage: Stage::Rests { side, price },
            }) => {
                let (side, price) = (*side, *price);
                let order = OrderRef {
                    side,
                    price,
                    number,
                };
                Ok(Some((key.instrument, order)))
            }
            Some(_) | None => Err(Error::inconsistent(format!(
                "the order {number} is to end by time, but does not rest"
            ))),
        }
    }
}
