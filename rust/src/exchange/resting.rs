//! Resting orders of one instrument, by side, price and number.

use super::{account::Reserved, amount::Amount, executed::Executed, place::Place};
use crate::{error::Error, execution::OrderIndex};
use barter_execution::order::request::OrderRequestOpen;
use barter_instrument::Side;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use std::{
    collections::{BTreeMap, btree_map::Entry},
    ops::Bound,
};

/// A resting order.
#[derive(Clone, Debug)]
pub struct Resting {
    /// The exchange's number of the order, from one.
    pub number: u64,
    /// Index of the order among the orders of the run.
    pub index: OrderIndex,
    pub request: OrderRequestOpen,
    pub executed: Executed,
    pub left: Amount,
    pub reserved: Reserved,
    pub place: Place,
    /// When the order began to rest, or when it was last filled.
    pub time: DateTime<Utc>,
    /// When the order ends by time, in nanoseconds since 1970.
    pub end: Option<i64>,
}

/// Refers to a resting order of an instrument.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OrderRef {
    pub side: Side,
    pub price: Decimal,
    pub number: u64,
}

impl OrderRef {
    /// The error for a reference to an order that does not rest.
    pub fn missing(&self) -> Error {
        let Self {
            side,
            price,
            number,
        } = self;
        Error::inconsistent(format!(
            "the order {number} to {side} at {price} does not rest"
        ))
    }
}

/// The resting orders of one price, by number: numbers are given in the order of arrival.
pub type PriceQueue = BTreeMap<u64, Resting>;

/// The resting orders of one instrument.
#[derive(Default, Debug)]
pub struct RestingOrders {
    buys: BTreeMap<Decimal, PriceQueue>,
    sells: BTreeMap<Decimal, PriceQueue>,
}

impl RestingOrders {
    pub fn is_empty(&self) -> bool {
        self.buys.is_empty() && self.sells.is_empty()
    }

    const fn side_mut(&mut self, side: Side) -> &mut BTreeMap<Decimal, PriceQueue> {
        match side {
            Side::Buy => &mut self.buys,
            Side::Sell => &mut self.sells,
        }
    }

    pub fn has(&self, side: Side) -> bool {
        match side {
            Side::Buy => !self.buys.is_empty(),
            Side::Sell => !self.sells.is_empty(),
        }
    }

    /// The order that comes first and its open quantity: of the best price, the order that rests longest.
    pub fn first(&self, side: Side) -> Option<(OrderRef, Amount)> {
        let (price, queue) = match side {
            Side::Buy => self.buys.last_key_value(),
            Side::Sell => self.sells.first_key_value(),
        }?;
        let (number, order) = queue.first_key_value()?;
        let order_ref = OrderRef {
            side,
            price: *price,
            number: *number,
        };
        Some((order_ref, order.left))
    }

    /// The next order of a price after the one with that number.
    pub fn next_mut(&mut self, side: Side, price: Decimal, after: u64) -> Option<&mut Resting> {
        let queue = self.side_mut(side).get_mut(&price)?;
        let later = (Bound::Excluded(after), Bound::Unbounded);
        queue.range_mut(later).next().map(|(_, order)| order)
    }

    pub fn insert(&mut self, order: Resting) {
        let state = &order.request.state;
        let queue = self.side_mut(state.side).entry(state.price).or_default();
        queue.insert(order.number, order);
    }

    pub fn get_mut(&mut self, order: &OrderRef) -> Option<&mut Resting> {
        self.side_mut(order.side)
            .get_mut(&order.price)?
            .get_mut(&order.number)
    }

    pub fn remove(&mut self, removed: &OrderRef) -> Result<Resting, Error> {
        let Entry::Occupied(mut queue) = self.side_mut(removed.side).entry(removed.price) else {
            return Err(removed.missing());
        };
        let order = queue.get_mut().remove(&removed.number);
        if queue.get().is_empty() {
            queue.remove();
        }
        order.ok_or_else(|| removed.missing())
    }

    pub fn queue_mut(&mut self, side: Side, price: Decimal) -> Option<&mut PriceQueue> {
        self.side_mut(side).get_mut(&price)
    }

    /// All prices of a side.
    pub fn all_mut(&mut self, side: Side) -> impl Iterator<Item = (&Decimal, &mut PriceQueue)> {
        self.side_mut(side).iter_mut()
    }

    /// The prices of a side that are `best` or better; all of them if there is no best.
    pub fn best_mut(
        &mut self,
        side: Side,
        best: Option<Decimal>,
    ) -> impl Iterator<Item = (&Decimal, &mut PriceQueue)> {
        let first = self.first(side).map(|(order, _)| order.price);
        // Searching for the bound takes longer the more prices there are; mostly no price is that good.
        let is_any = first.is_some_and(|first| {
            best.is_none_or(|best| match side {
                Side::Buy => best <= first,
                Side::Sell => first <= best,
            })
        });
        let bound = best.map_or(Bound::Unbounded, Bound::Included);
        let range = match side {
            Side::Buy => (bound, Bound::Unbounded),
            Side::Sell => (Bound::Unbounded, bound),
        };
        let prices = is_any.then(|| self.side_mut(side).range_mut(range));
        prices.into_iter().flatten()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Resting> {
        let queues = self.buys.values().chain(self.sells.values());
        queues.flat_map(BTreeMap::values)
    }
}
