//! What our orders take of what the market offers.

use super::amount::Amount;
use crate::data::{MarketKind, MarketState, Offers};
use barter_data::books::Level;
use barter_instrument::Side;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// Whether who trades on that side accepts the price.
pub fn accepts(side: Side, limit: Option<Decimal>, price: Decimal) -> bool {
    limit.is_none_or(|limit| match side {
        Side::Buy => price <= limit,
        Side::Sell => price >= limit,
    })
}

/// What our orders have taken of the offers of one instrument.
#[derive(Default, Debug)]
pub struct Taken {
    /// By price, of the asks and of the bids.
    asks: BTreeMap<Decimal, Part>,
    bids: BTreeMap<Decimal, Part>,
    /// Of the last trade or candle, where that is the one offer to both sides.
    last: Amount,
}

/// A part of an offer.
#[derive(Clone, Copy, Debug)]
struct Part {
    /// The amount that was shown.
    shown: Amount,
    taken: Amount,
}

/// An amount at a price that an order gets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Taking {
    pub price: Decimal,
    pub quantity: Amount,
    /// The amount that is shown there; `None` where nothing is taken.
    pub shown: Option<Amount>,
}

impl Taken {
    pub fn is_empty(&self) -> bool {
        self.asks.is_empty() && self.bids.is_empty() && self.last.is_zero()
    }

    const fn of_offers_to(&self, side: Side) -> &BTreeMap<Decimal, Part> {
        match side {
            Side::Buy => &self.asks,
            Side::Sell => &self.bids,
        }
    }

    /// What is left of an offer.
    fn left(&self, side: Side, is_quoted: bool, offer: &Level) -> Amount {
        let shown = Amount::cut(offer.amount);
        let taken = if is_quoted {
            let part = self.of_offers_to(side).get(&offer.price);
            part.map_or(Amount::ZERO, |part| part.taken)
        } else {
            self.last
        };
        shown.minus(taken).max(Amount::ZERO)
    }

    /// Notes what an order on that side has taken.
    pub fn note(&mut self, side: Side, is_quoted: bool, taking: &Taking) {
        let Some(shown) = taking.shown else {
            return;
        };
        if !is_quoted {
            self.last = self.last.plus(taking.quantity);
            return;
        }
        let parts = match side {
            Side::Buy => &mut self.asks,
            Side::Sell => &mut self.bids,
        };
        let part = parts.entry(taking.price).or_insert(Part {
            shown,
            taken: Amount::ZERO,
        });
        part.taken = part.taken.plus(taking.quantity);
    }

    /// Gives back what an event brings back; `market` is after it.
    pub fn refresh(&mut self, event: &MarketKind, market: &MarketState) {
        match event {
            MarketKind::L1(_) | MarketKind::L2(_) => {
                if !market.is_quoted() {
                    self.asks.clear();
                    self.bids.clear();
                    return;
                }
                self.last = Amount::ZERO;
                let stays = |side: Side| {
                    move |price: &Decimal, part: &mut Part| {
                        market.offered(side, *price).map(Amount::cut) == Some(part.shown)
                    }
                };
                self.asks.retain(stays(Side::Buy));
                self.bids.retain(stays(Side::Sell));
            }
            MarketKind::Trade(_) => self.last = Amount::ZERO,
            MarketKind::Candle(_) => {
                if market.last_trade.is_none() {
                    self.last = Amount::ZERO;
                }
            }
            MarketKind::Liquidation(_) => {}
        }
    }
}

/// The offers to one side, taken from the best on.
pub struct Walk<'a> {
    side: Side,
    is_quoted: bool,
    offers: Offers<'a>,
    /// The offer that is being taken from, and what is left of it.
    current: Option<(Level, Amount)>,
}

impl<'a> Walk<'a> {
    pub fn new(side: Side, market: &'a MarketState) -> Self {
        Self {
            side,
            is_quoted: market.is_quoted(),
            offers: market.offers(side),
            current: None,
        }
    }

    /// The best offer that has something left.
    fn best(&mut self, taken: &Taken) -> Option<(Level, Amount)> {
        while self.current.is_none_or(|(_, left)| left.is_zero()) {
            let offer = self.offers.next()?;
            let left = taken.left(self.side, self.is_quoted, &offer);
            self.current = Some((offer, left));
        }
        self.current
    }

    /// Whether there is something at the limit or better.
    pub fn has(&mut self, taken: &Taken, limit: Option<Decimal>) -> bool {
        self.best(taken)
            .is_some_and(|(offer, _)| accepts(self.side, limit, offer.price))
    }

    /// The next part of at most `wanted` at the limit or better; no part is given twice.
    pub fn take(
        &mut self,
        taken: &Taken,
        limit: Option<Decimal>,
        wanted: Amount,
    ) -> Option<Taking> {
        if !wanted.is_positive() {
            return None;
        }
        let (offer, left) = self.best(taken)?;
        if !accepts(self.side, limit, offer.price) {
            return None;
        }
        let quantity = left.min(wanted);
        self.current = Some((offer, left.minus(quantity)));
        Some(Taking {
            price: offer.price,
            quantity,
            shown: Some(Amount::cut(offer.amount)),
        })
    }
}
