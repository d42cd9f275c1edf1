//! The place of a resting order in the queue at its price.

use super::{amount::Amount, rules::QueuePosition};
use crate::data::MarketState;
use barter_instrument::Side;
use rust_decimal::Decimal;

/// The place of a resting order in the queue at its price.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    position: QueuePosition,
    /// The amount ahead of the order; `None` while it is not known.
    ahead: Option<Amount>,
    /// The amount that was shown at the price last: when the order began to rest, or since.
    shown: Amount,
    /// The amount that has been traded at the price since then.
    traded: Amount,
}

impl Place {
    /// The place of an order that begins to rest.
    pub fn new(position: QueuePosition, side: Side, limit: Decimal, market: &MarketState) -> Self {
        let shown = match position {
            QueuePosition::Front => Some(Amount::ZERO),
            QueuePosition::Back | QueuePosition::Proportional => {
                market.shown(side, limit).map(Amount::cut)
            }
        };
        Self {
            position,
            ahead: shown,
            shown: shown.unwrap_or_default(),
            traded: Amount::ZERO,
        }
    }

    /// Takes a trade at the price off the amount ahead, and gives the part of it that reaches the order;
    /// `left` is what the orders before this one have left of the trade.
    pub fn match_trade(&mut self, amount: Amount, left: Amount) -> Amount {
        self.traded = self.traded.plus(amount);
        let Some(ahead) = self.ahead else {
            return Amount::ZERO;
        };
        self.ahead = Some(ahead.minus(left).max(Amount::ZERO));
        left.minus(ahead).max(Amount::ZERO)
    }

    /// Corrects the amount ahead when the market shows the price anew.
    pub fn show(&mut self, shown: Amount) {
        let ahead = match self.ahead {
            None => shown,
            // What has been traded since still counts.
            Some(_) if shown == self.shown => return,
            Some(ahead) => match self.position {
                QueuePosition::Front => Amount::ZERO,
                QueuePosition::Back => ahead.min(shown),
                QueuePosition::Proportional => {
                    let rest = self.shown.minus(self.traded);
                    let ahead = if shown < rest {
                        // The share is less than `ahead`, so that it fits.
                        ahead.share(shown, rest).unwrap_or(ahead)
                    } else {
                        ahead
                    };
                    ahead.min(shown)
                }
            },
        };
        self.ahead = Some(ahead);
        self.shown = shown;
        self.traded = Amount::ZERO;
    }
}
