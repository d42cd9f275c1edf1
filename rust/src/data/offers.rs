//! What a market shows: what is offered to each side, and what waits at a price.

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

    /// Where there is an order book, its bids for buys, its asks for sells.
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

    /// What is offered to who trades on that side, the best first: the best of the other side and what the
    /// order book has beyond it, else the last trade, else the last candle's close.
    pub fn offers(&self, side: Side) -> Offers<'_> {
        let (best, levels) = if self.is_quoted() {
            let other = opposite(side);
            (self.best(other), self.levels(other).unwrap_or_default())
        } else {
            (self.last(), [].as_slice())
        };
        Offers {
            side,
            best,
            beyond: best.map(|best| best.price),
            levels: if best.is_some() { levels } else { &[] },
        }
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

    /// The amount offered to who trades on that side at a price, where there is a best bid or ask.
    pub fn offered(&self, side: Side, price: Decimal) -> Option<Decimal> {
        let other = opposite(side);
        let best = self.best(other)?;
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
    /// Of who trades.
    side: Side,
    best: Option<Level>,
    /// The price that the levels must be worse than, until they have been cut to those.
    beyond: Option<Decimal>,
    levels: &'a [Level],
}

impl Iterator for Offers<'_> {
    type Item = Level;

    fn next(&mut self) -> Option<Level> {
        let is_offer = |level: &Level| level.price > Decimal::ZERO;
        if let Some(best) = self.best.take().filter(is_offer) {
            return Some(best);
        }
        // Not before they are needed: most of who looks needs the best only.
        if let Some(beyond) = self.beyond.take() {
            let first = self.levels.partition_point(|level| match self.side {
                Side::Buy => level.price <= beyond,
                Side::Sell => level.price >= beyond,
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
