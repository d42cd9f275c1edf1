//! The offers that orders meet: those of the market, or those at one price of a candle.

use crate::data::{CandleBar, MarketState, Offers};
use barter_data::books::Level;
use barter_instrument::Side;
use rust_decimal::Decimal;

/// The offers that orders meet.
#[derive(Clone, Copy)]
pub enum Offered<'a> {
    /// Those that the market shows.
    Market(&'a MarketState),
    /// One offer to both sides, with the volume of a candle.
    Candle(Level),
}

impl<'a> Offered<'a> {
    /// What a candle offers at one price of its path.
    pub const fn candle(candle: &CandleBar, price: Decimal) -> Self {
        Self::Candle(Level {
            price,
            amount: candle.volume,
        })
    }

    /// Whether the offers to the two sides are not the same one.
    pub const fn is_quoted(self) -> bool {
        match self {
            Self::Market(market) => market.is_quoted(),
            Self::Candle(_) => false,
        }
    }

    /// The best bid and the best ask of a crossed market.
    pub fn crossing(self) -> Option<(Decimal, Decimal)> {
        match self {
            Self::Market(market) => market.crossing(),
            Self::Candle(_) => None,
        }
    }

    /// The offers available to a taker on `side`, the best first.
    pub fn to(self, side: Side) -> Offers<'a> {
        match self {
            Self::Market(market) => market.offers(side),
            Self::Candle(offer) => Offers::one(side, offer),
        }
    }
}
