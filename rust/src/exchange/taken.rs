//! The liquidity that our orders take from the offers of the market.

use super::{amount::Amount, offered::Offered};
use crate::data::{MarketKind, MarketState, Offers};
use barter_data::books::Level;
use barter_instrument::Side;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// Whether an order on that side with that limit accepts the price.
pub fn accepts(side: Side, limit: Option<Decimal>, price: Decimal) -> bool {
    limit.is_none_or(|limit| match side {
        Side::Buy => price <= limit,
        Side::Sell => price >= limit,
    })
}

/// The liquidity that our orders have taken from the offers of one instrument.
#[derive(Default, Debug)]
pub struct TakenLiquidity {
    /// By price, from the asks and from the bids.
    asks: BTreeMap<Decimal, Part>,
    bids: BTreeMap<Decimal, Part>,
    /// From the last trade or candle, if that is the one offer to both sides.
    last: Amount,
}

/// The taken part of an offer.
#[derive(Clone, Copy, Debug)]
struct Part {
    /// The amount that was shown.
    shown: Amount,
    taken: Amount,
}

/// A quantity that an order takes at one price.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Take {
    pub price: Decimal,
    pub quantity: Amount,
    /// The amount that is shown at the price; `None` if the order uses up nothing that is shown.
    pub shown: Option<Amount>,
}

impl TakenLiquidity {
    pub fn is_empty(&self) -> bool {
        self.asks.is_empty() && self.bids.is_empty() && self.last.is_zero()
    }

    const fn of_offers_to(&self, side: Side) -> &BTreeMap<Decimal, Part> {
        match side {
            Side::Buy => &self.asks,
            Side::Sell => &self.bids,
        }
    }

    /// The amount that is left of an offer.
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

    /// Adds a quantity that an order on that side has taken.
    pub fn add(&mut self, side: Side, is_quoted: bool, take: &Take) {
        let Some(shown) = take.shown else {
            return;
        };
        if !is_quoted {
            self.last = self.last.plus(take.quantity);
            return;
        }
        let parts = match side {
            Side::Buy => &mut self.asks,
            Side::Sell => &mut self.bids,
        };
        let part = parts.entry(take.price).or_insert(Part {
            shown,
            taken: Amount::ZERO,
        });
        part.taken = part.taken.plus(take.quantity);
    }

    /// Gives back the liquidity that an event renews; `market` is the market after the event.
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
            MarketKind::Liquidation(_) | MarketKind::Funding(_) | MarketKind::Settlement(_) => {}
        }
    }
}

/// Takes from the offers to one side, the best offer first.
pub struct Walk<'a> {
    side: Side,
    is_quoted: bool,
    offers: Offers<'a>,
    /// The offer that is being taken from, and the amount that is left of it.
    current: Option<(Level, Amount)>,
}

impl<'a> Walk<'a> {
    pub fn new(side: Side, offered: Offered<'a>) -> Self {
        Self {
            side,
            is_quoted: offered.is_quoted(),
            offers: offered.to(side),
            current: None,
        }
    }

    /// The best offer of which something is left.
    fn best(&mut self, taken: &TakenLiquidity) -> Option<(Level, Amount)> {
        while self.current.is_none_or(|(_, left)| left.is_zero()) {
            let offer = self.offers.next()?;
            let left = taken.left(self.side, self.is_quoted, &offer);
            self.current = Some((offer, left));
        }
        self.current
    }

    /// Whether something is left at the limit or better.
    pub fn has(&mut self, taken: &TakenLiquidity, limit: Option<Decimal>) -> bool {
        self.best(taken)
            .is_some_and(|(offer, _)| accepts(self.side, limit, offer.price))
    }

    /// Takes the next part, at most `wanted`, at the limit or better; no part is taken twice.
    pub fn take(
        &mut self,
        taken: &TakenLiquidity,
        limit: Option<Decimal>,
        wanted: Amount,
    ) -> Option<Take> {
        if !wanted.is_positive() {
            return None;
        }
        let (offer, left) = self.best(taken)?;
        if !accepts(self.side, limit, offer.price) {
            return None;
        }
        let quantity = left.min(wanted);
        self.current = Some((offer, left.minus(quantity)));
        Some(Take {
            price: offer.price,
            quantity,
            shown: Some(Amount::cut(offer.amount)),
        })
    }
}
