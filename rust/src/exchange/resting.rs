//! Resting orders of one instrument, by side, price and number.

use super::{account::Reserved, amount::Amount, queue::Place};
use barter_execution::order::request::OrderRequestOpen;
use barter_instrument::Side;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use std::{
    collections::{BTreeMap, btree_map::Entry},
    ops::Bound,
};

/// An order that rests.
#[derive(Clone, Debug)]
pub struct Resting {
    pub number: u64,
    pub request: OrderRequestOpen,
    pub quantity: Amount,
    pub left: Amount,
    pub reserved: Reserved,
    pub place: Place,
    /// When it began to rest, or was last filled since.
    pub time: DateTime<Utc>,
    /// When it ends by time, in nanoseconds since 1970.
    pub end: Option<i64>,
}

impl Resting {
    pub const fn filled(&self) -> Amount {
        self.quantity.minus(self.left)
    }
}

/// Where a resting order is found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Found {
    pub side: Side,
    pub price: Decimal,
    pub number: u64,
}

/// The orders of one price: numbers are given in the order of arrival.
pub type Level = BTreeMap<u64, Resting>;

/// The resting orders of one instrument.
#[derive(Default, Debug)]
pub struct RestingOrders {
    buys: BTreeMap<Decimal, Level>,
    sells: BTreeMap<Decimal, Level>,
}

impl RestingOrders {
    pub fn is_empty(&self) -> bool {
        self.buys.is_empty() && self.sells.is_empty()
    }

    const fn side_mut(&mut self, side: Side) -> &mut BTreeMap<Decimal, Level> {
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

    /// The order that comes first: of the best price, the one that rests longest.
    pub fn first(&self, side: Side) -> Option<(Found, Amount)> {
        let (price, level) = match side {
            Side::Buy => self.buys.last_key_value(),
            Side::Sell => self.sells.first_key_value(),
        }?;
        let (number, order) = level.first_key_value()?;
        let found = Found {
            side,
            price: *price,
            number: *number,
        };
        Some((found, order.left))
    }

    /// The next order of a price after the one with that number.
    pub fn next_mut(&mut self, side: Side, price: Decimal, after: u64) -> Option<&mut Resting> {
        let level = self.side_mut(side).get_mut(&price)?;
        let later = (Bound::Excluded(after), Bound::Unbounded);
        level.range_mut(later).next().map(|(_, order)| order)
    }

    pub fn insert(&mut self, order: Resting) {
        let state = &order.request.state;
        let level = self.side_mut(state.side).entry(state.price).or_default();
        level.insert(order.number, order);
    }

    pub fn get_mut(&mut self, found: &Found) -> Option<&mut Resting> {
        self.side_mut(found.side)
            .get_mut(&found.price)?
            .get_mut(&found.number)
    }

    pub fn remove(&mut self, found: &Found) -> Option<Resting> {
        let Entry::Occupied(mut level) = self.side_mut(found.side).entry(found.price) else {
            return None;
        };
        let order = level.get_mut().remove(&found.number);
        if level.get().is_empty() {
            level.remove();
        }
        order
    }

    pub fn level_mut(&mut self, side: Side, price: Decimal) -> Option<&mut Level> {
        self.side_mut(side).get_mut(&price)
    }

    /// All prices of a side.
    pub fn all_mut(&mut self, side: Side) -> impl Iterator<Item = (&Decimal, &mut Level)> {
        self.side_mut(side).iter_mut()
    }

    /// The prices of a side that are `best` or better; all of them where there is no best.
    pub fn best_mut(
        &mut self,
        side: Side,
        best: Option<Decimal>,
    ) -> impl Iterator<Item = (&Decimal, &mut Level)> {
        let first = self.first(side).map(|(found, _)| found.price);
        // To look for the bound takes longer the more prices there are; mostly none is that good.
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
        let levels = self.buys.values().chain(self.sells.values());
        levels.flat_map(BTreeMap::values)
    }
}
