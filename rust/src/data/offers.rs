//! The liquidity that a market shows: the offers to each side, and the amounts at a price.

use super::MarketState;
use barter_data::books::Level;
use barter_instrument::Side;
use rust_decimal::Decimal;
use std::cmp::Ordering;

impl MarketState {
    /// Whether there is a best bid or a best ask.
    pub const fn is_quoted(&self) -> bool {
        let l1 = &self.quote.l1;
        l1.best_bid.is_some() || l1.best_ask.is_some()
    }

    /// The best bid for buys, the best ask for sells.
    pub const fn best(&self, side: Side) -> Option<Level> {
        match side {
            Side::Buy => self.quote.l1.best_bid,
            Side::Sell => self.quote.l1.best_ask,
        }
    }

    /// The bids of the order book for buys, its asks for sells; `None` without a book.
    fn levels(&self, side: Side) -> Option<&[Level]> {
        self.book().map(|book| match side {
            Side::Buy => book.bids().levels(),
            Side::Sell => book.asks().levels(),
        })
    }

    /// The amount of the order book at a price of that side, if it is there.
    fn level_amount(&self, side: Side, price: Decimal) -> Option<Decimal> {
        let levels = self.levels(side)?;
        let found = levels.binary_search_by(|level| match side {
            Side::Buy => price.cmp(&level.price),
            Side::Sell => level.price.cmp(&price),
        });
        let level = found.ok().and_then(|index| levels.get(index));
        level.map(|level| level.amount)
    }

    /// The offers available to a taker on `side`, the best first: the best of the other side and the levels
    /// of the order book beyond it, else the last trade, else the last candle's close.
    ///
    /// In a crossed market, asks below the best bid and bids above the best ask are no offers: one of the
    /// two is wrong.
    pub fn offers(&self, side: Side) -> Offers<'_> {
        let (best, levels) = if self.is_quoted() {
            let other = opposite(side);
            (self.best(other), self.levels(other).unwrap_or_default())
        } else {
            (self.last(), [].as_slice())
        };
        let levels = if best.is_some() { levels } else { &[] };
        match self.bound(side) {
            Some(bound) => Offers {
                side,
                best: None,
                start: Some(Start::NotBetterThan(bound)),
                levels,
            },
            None => Offers {
                side,
                best,
                start: best.map(|best| Start::WorseThan(best.price)),
                levels,
            },
        }
    }

    /// In a crossed market, the price that no offer to a taker on `side` is better than: the best bid for
    /// buys, the best ask for sells.
    fn bound(&self, side: Side) -> Option<Decimal> {
        self.crossing().map(|(bid, ask)| match side {
            Side::Buy => bid,
            Side::Sell => ask,
        })
    }

    /// The last trade or candle, with its amount.
    fn last(&self) -> Option<Level> {
        let trade = self.last_trade.as_ref().map(|(trade, _)| Level {
            price: trade.price,
            amount: trade.amount,
        });
        trade.or_else(|| {
            self.candle.as_ref().map(|(candle, _)| Level {
                price: candle.close,
                amount: candle.volume,
            })
        })
    }

    /// The amount offered at a price to a taker on `side`, if there is a best bid or ask.
    pub fn offered(&self, side: Side, price: Decimal) -> Option<Decimal> {
        let other = opposite(side);
        let best = self.best(other)?;
        if let Some(bound) = self.bound(side)
            && rank(other, price, bound) == Ordering::Less
        {
            return None;
        }
        match rank(other, price, best.price) {
            Ordering::Less => None,
            Ordering::Equal => Some(best.amount),
            Ordering::Greater => self.level_amount(other, price),
        }
    }

    /// The amount shown at a price of that side, as far as it is known.
    pub fn shown(&self, side: Side, price: Decimal) -> Option<Decimal> {
        if !self.is_quoted() {
            return None;
        }
        let Some(best) = self.best(side) else {
            return Some(Decimal::ZERO);
        };
        match rank(side, price, best.price) {
            Ordering::Less => Some(Decimal::ZERO),
            Ordering::Equal => Some(best.amount),
            Ordering::Greater => {
                self.book()?;
                Some(self.level_amount(side, price).unwrap_or_default())
            }
        }
    }
}

/// The other side.
pub const fn opposite(side: Side) -> Side {
    match side {
        Side::Buy => Side::Sell,
        Side::Sell => Side::Buy,
    }
}

/// Whether a price of that side is better than another (less), the same or worse.
fn rank(side: Side, price: Decimal, other: Decimal) -> Ordering {
    match side {
        Side::Buy => other.cmp(&price),
        Side::Sell => price.cmp(&other),
    }
}

/// Offers of positive price, the best first.
pub struct Offers<'a> {
    /// The side of the taker.
    side: Side,
    best: Option<Level>,
    /// Where the levels begin; `None` once they are cut to those.
    start: Option<Start>,
    levels: &'a [Level],
}

impl Offers<'_> {
    /// One offer only.
    pub const fn one(side: Side, offer: Level) -> Self {
        Self {
            side,
            best: Some(offer),
            start: None,
            levels: &[],
        }
    }
}

/// Where the levels of an order book begin that are offers.
#[derive(Clone, Copy)]
enum Start {
    WorseThan(Decimal),
    NotBetterThan(Decimal),
}

impl Iterator for Offers<'_> {
    type Item = Level;

    fn next(&mut self) -> Option<Level> {
        let is_offer = |level: &Level| level.price > Decimal::ZERO;
        if let Some(best) = self.best.take().filter(is_offer) {
            return Some(best);
        }
        // Only when the levels are needed: most callers only need the best.
        if let Some(start) = self.start.take() {
            let side = opposite(self.side);
            let first = self.levels.partition_point(|level| match start {
                Start::WorseThan(price) => rank(side, level.price, price) != Ordering::Greater,
                Start::NotBetterThan(price) => rank(side, level.price, price) == Ordering::Less,
            });
            self.levels = self.levels.get(first..).unwrap_or_default();
        }
        loop {
            let (level, rest) = self.levels.split_first()?;
            self.levels = rest;
            if is_offer(level) {
                return Some(*level);
            }
        }
    }
}
