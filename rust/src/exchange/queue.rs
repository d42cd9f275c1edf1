//! What is ahead of a resting order at its own price.

use super::{amount::Amount, rules::QueuePosition};
use crate::data::MarketState;
use barter_instrument::Side;
use rust_decimal::Decimal;

/// Where a resting order stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    position: QueuePosition,
    /// `None` while it is not known.
    ahead: Option<Amount>,
    /// What was shown at the price when the order began to rest, or last since.
    shown: Amount,
    /// What has been traded at the price since then.
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

    /// A trade at the price, of which orders before this one have left something: what of that is more
    /// than what is ahead.
    pub fn meet_trade(&mut self, amount: Amount, left: Amount) -> Amount {
        self.traded = self.traded.plus(amount);
        let Some(ahead) = self.ahead else {
            return Amount::ZERO;
        };
        self.ahead = Some(ahead.minus(left).max(Amount::ZERO));
        left.minus(ahead).max(Amount::ZERO)
    }

    /// The price is shown anew.
    pub fn meet_showing(&mut self, shown: Amount) {
        let ahead = match self.ahead {
            None => shown,
            // What has been traded since goes on to count.
            Some(_) if shown == self.shown => return,
            Some(ahead) => match self.position {
                QueuePosition::Front => Amount::ZERO,
                QueuePosition::Back => ahead.min(shown),
                QueuePosition::Proportional => {
                    let rest = self.shown.minus(self.traded);
                    let ahead = if shown < rest {
                        // Less than `ahead`, so it fits.
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
