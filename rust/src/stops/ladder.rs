//! The stops of one instrument that wait for one price, in the order in which the price reaches them.

use super::placed::{Kind, PlacedStop};
use crate::convert::f64_from_decimal;
use barter_instrument::Side;
use rust_decimal::Decimal;
use std::{cmp::Reverse, collections::BTreeSet};

/// How near a float may be to the decimal that it was made of, as a share of it, with much room.
const NEAR: f64 = 1e-12;

/// Stops by trigger price.
#[derive(Clone, Default, Debug)]
pub struct Ladder {
    /// Triggered by a falling price, the nearest last.
    below: BTreeSet<(Decimal, Reverse<u64>)>,
    /// Triggered by a rising price, the nearest first.
    above: BTreeSet<(Decimal, u64)>,
    /// Trailing sales by the highest price that they have seen.
    rising: BTreeSet<(Decimal, u64)>,
    /// Trailing purchases by the lowest price that they have seen.
    falling: BTreeSet<(Decimal, u64)>,
    /// A price between the two triggers nothing and is no new extreme; most prices are, and floats are
    /// compared faster.
    quiet: (f64, f64),
}

impl Ladder {
    pub fn is_empty(&self) -> bool {
        self.below.is_empty() && self.above.is_empty()
    }

    /// Whether a price is away from all stops, and no extreme.
    #[inline]
    pub fn is_quiet(&self, price: f64) -> bool {
        let (low, high) = self.quiet;
        low < price && price < high
    }

    /// Finds the quiet prices again.
    fn measure(&mut self) {
        let low = self
            .below
            .last()
            .map(|(trigger, _)| trigger)
            .max(self.falling.last().map(|(extreme, _)| extreme));
        let above = self.above.first().map(|(trigger, _)| trigger);
        let rising = self.rising.first().map(|(extreme, _)| extreme);
        let high = above.into_iter().chain(rising).min();
        let float = |price: &Decimal| f64_from_decimal(*price);
        let low = low.map_or(f64::NEG_INFINITY, float);
        let high = high.map_or(f64::INFINITY, float);
        let away = |price: f64| {
            if price.is_finite() {
                price.abs() * NEAR
            } else {
                0.0
            }
        };
        self.quiet = (low + away(low), high - away(high));
    }

    pub fn insert(&mut self, stop: &PlacedStop) {
        let PlacedStop {
            id,
            side,
            kind,
            trigger_price,
            ..
        } = *stop;
        if stop.is_below() {
            self.below.insert((trigger_price, Reverse(id)));
        } else {
            self.above.insert((trigger_price, id));
        }
        if let Kind::Trailing { extreme, .. } = kind {
            self.trailing(side).insert((extreme, id));
        }
        self.measure();
    }

    pub fn remove(&mut self, stop: &PlacedStop) {
        let PlacedStop {
            id,
            side,
            kind,
            trigger_price,
            ..
        } = *stop;
        if stop.is_below() {
            self.below.remove(&(trigger_price, Reverse(id)));
        } else {
            self.above.remove(&(trigger_price, id));
        }
        if let Kind::Trailing { extreme, .. } = kind {
            self.trailing(side).remove(&(extreme, id));
        }
        self.measure();
    }

    const fn trailing(&mut self, side: Side) -> &mut BTreeSet<(Decimal, u64)> {
        match side {
            Side::Sell => &mut self.rising,
            Side::Buy => &mut self.falling,
        }
    }

    /// The stop that a falling price reaches first, if it is reached at `price`, with its trigger.
    pub fn reached_falling(&self, price: Decimal) -> Option<(Decimal, u64)> {
        let (trigger, Reverse(id)) = self.below.last()?;
        (*trigger >= price).then_some((*trigger, *id))
    }

    /// The stop that a rising price reaches first, if it is reached at `price`, with its trigger.
    pub fn reached_rising(&self, price: Decimal) -> Option<(Decimal, u64)> {
        let (trigger, id) = self.above.first()?;
        (*trigger <= price).then_some((*trigger, *id))
    }

    /// All stops that a price has reached, in the order of their ids.
    pub fn reached(&self, price: Decimal) -> Vec<u64> {
        let below = self.below.iter().rev();
        let below = below.take_while(|(trigger, _)| *trigger >= price);
        let above = self.above.iter();
        let above = above.take_while(|(trigger, _)| *trigger <= price);
        let mut ids = below.map(|(_, Reverse(id))| *id).collect::<Vec<_>>();
        ids.extend(above.map(|(_, id)| *id));
        ids.sort_unstable();
        ids
    }

    /// A trailing stop for which a price is a new extreme.
    pub fn trailed(&self, price: Decimal) -> Option<u64> {
        if let Some((extreme, id)) = self.rising.first()
            && *extreme < price
        {
            return Some(*id);
        }
        let (extreme, id) = self.falling.last()?;
        (*extreme > price).then_some(*id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stops::{order::TriggerPrice, placed::trailing_trigger};
    use barter_execution::order::id::StrategyId;
    use barter_instrument::instrument::InstrumentIndex;
    use proptest::prelude::*;

    fn placed(id: u64, side: Side, kind: Kind, trigger_price: Decimal) -> PlacedStop {
        PlacedStop {
            id,
            group: id,
            instrument: InstrumentIndex(0),
            strategy: StrategyId::new("test"),
            side,
            quantity: Decimal::ONE,
            kind,
            trigger_price,
            limit_price: None,
            trigger: TriggerPrice::Mark,
            until_closed: false,
        }
    }

    /// A stop near 100, with many digits, so that floats of different prices are often equal.
    fn stops() -> impl Strategy<Value = Vec<PlacedStop>> {
        let one = (any::<bool>(), 0..3_u8, price(), 1..5_i64);
        prop::collection::vec(one, 0..8).prop_map(|stops| {
            let numbered = (1..).zip(stops);
            numbered
                .map(|(id, (is_buy, kind, price, distance))| {
                    let side = if is_buy { Side::Buy } else { Side::Sell };
                    let distance = Decimal::from(distance);
                    match kind {
                        0 => placed(id, side, Kind::Stop, price),
                        1 => placed(id, side, Kind::TakeProfit, price),
                        _ => {
                            let trigger = trailing_trigger(side, price, distance);
                            let extreme = price;
                            placed(id, side, Kind::Trailing { distance, extreme }, trigger)
                        }
                    }
                })
                .collect()
        })
    }

    /// A price whose digits a float does not hold.
    fn price() -> impl Strategy<Value = Decimal> {
        (95..105_i64, -3..4_i64)
            .prop_map(|(whole, least)| Decimal::from(whole).saturating_add(Decimal::new(least, 20)))
    }

    proptest! {
        #[test]
        fn a_quiet_price_does_nothing(
            stops in stops(), price in price(), removed in prop::collection::vec(0..8_usize, 0..4),
        ) {
            let mut ladder = Ladder::default();
            for stop in &stops {
                ladder.insert(stop);
            }
            for position in removed {
                if let Some(stop) = stops.get(position) {
                    ladder.remove(stop);
                }
            }
            if ladder.is_quiet(f64_from_decimal(price)) {
                prop_assert!(ladder.reached(price).is_empty());
                prop_assert_eq!(ladder.reached_falling(price), None);
                prop_assert_eq!(ladder.reached_rising(price), None);
                prop_assert_eq!(ladder.trailed(price), None);
            } else if !ladder.is_empty() {
                // It is not only that nothing is ever quiet.
                let near = |other: Decimal| other.saturating_sub(price).abs() <= Decimal::new(1, 9);
                let touches = stops.iter().any(|stop| near(stop.trigger_price));
                let trails = ladder.trailed(price).is_some()
                    || stops.iter().any(|stop| matches!(stop.kind, Kind::Trailing { extreme, .. } if near(extreme)));
                prop_assert!(touches || trails || !ladder.reached(price).is_empty());
            }
        }

        #[test]
        fn what_is_reached_is_what_a_look_at_each_stop_finds(stops in stops(), price in price()) {
            let mut ladder = Ladder::default();
            for stop in &stops {
                ladder.insert(stop);
            }
            let reached = stops.iter().filter(|stop| {
                if stop.is_below() {
                    price <= stop.trigger_price
                } else {
                    price >= stop.trigger_price
                }
            });
            let expected: Vec<u64> = reached.map(|stop| stop.id).collect();
            prop_assert_eq!(ladder.reached(price), expected);
        }
    }

    #[test]
    fn nothing_is_not_a_price() {
        let mut ladder = Ladder::default();
        ladder.insert(&placed(1, Side::Sell, Kind::Stop, Decimal::from(90)));
        assert!(ladder.is_quiet(91.0));
        assert!(!ladder.is_quiet(90.0));
        assert!(!ladder.is_quiet(f64::NAN));
    }
}
