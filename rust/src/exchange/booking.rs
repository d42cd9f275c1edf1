//! The amounts that a fill books and that a resting order reserves.

use super::{
    account::Reserved,
    amount::Amount,
    contract::Holding,
    rules::{ExchangeRules, FeeAsset},
};
use crate::instrument::BarterInstrument;
use barter_instrument::{Side, asset::AssetIndex, instrument::kind::InstrumentKind};
use rust_decimal::Decimal;

/// An instrument and the rules of its exchange.
#[derive(Clone, Copy)]
pub struct Terms<'a> {
    pub instrument: &'a BarterInstrument,
    pub rules: &'a ExchangeRules,
}

/// A quantity that is filled at one price.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fill {
    pub side: Side,
    pub price: Decimal,
    pub quantity: Amount,
    /// The taker's or the maker's rate.
    pub fee_rate: Decimal,
}

/// The changes that a fill makes to the account.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Booking {
    /// Change of the base balance; `None` for contracts.
    pub base: Option<Amount>,
    /// Change of the quote balance.
    pub quote: Amount,
    /// The quantity in the event of the trade.
    pub traded: Amount,
    /// The fees in the event of the trade, in the quote asset.
    pub fees: Amount,
    /// The position after the fill, for contracts.
    pub holding: Option<Holding>,
}

impl Terms<'_> {
    pub const fn base(&self) -> AssetIndex {
        self.instrument.underlying.base
    }

    pub const fn quote(&self) -> AssetIndex {
        self.instrument.underlying.quote
    }

    pub const fn is_spot(&self) -> bool {
        match &self.instrument.kind {
            InstrumentKind::Spot => true,
            // Options are refused with the configuration.
            InstrumentKind::Perpetual(_)
            | InstrumentKind::Future(_)
            | InstrumentKind::Option(_) => false,
        }
    }

    /// The step of quantities, if the instrument has one.
    pub fn increment(&self) -> Option<Decimal> {
        let spec = self.instrument.spec.as_ref()?;
        Some(spec.quantity.increment).filter(|increment| !increment.is_zero())
    }

    /// The changes that a fill makes; `None` if a number does not fit.
    pub fn booking(&self, fill: &Fill, holding: &Holding) -> Option<Booking> {
        let Fill {
            side,
            price,
            quantity,
            fee_rate,
        } = *fill;
        let value = quantity.times(price)?;
        if !self.is_spot() {
            let fees = value.times(fee_rate)?;
            let (holding, profit) = holding.after(side, price, quantity, self.rules.leverage)?;
            return Some(Booking {
                base: None,
                quote: profit.minus(fees),
                traded: quantity,
                fees,
                holding: Some(holding),
            });
        }
        let (base, quote, traded, fees) = match (side, self.rules.fee_asset) {
            (Side::Buy, FeeAsset::Quote) => {
                let fees = value.times(fee_rate)?;
                (quantity, value.plus(fees).negated(), quantity, fees)
            }
            (Side::Buy, FeeAsset::Received) => {
                let fee = quantity.times(fee_rate)?;
                let received = quantity.minus(fee);
                (received, value.negated(), received, fee.times(price)?)
            }
            (Side::Sell, FeeAsset::Quote | FeeAsset::Received) => {
                let fees = value.times(fee_rate)?;
                (quantity.negated(), value.minus(fees), quantity, fees)
            }
        };
        Some(Booking {
            base: Some(base),
            quote,
            traded,
            fees,
            holding: None,
        })
    }

    /// The amount that an order reserves while `left` of it rests; `None` if a number does not fit.
    pub fn reserved(&self, side: Side, limit: Decimal, left: Amount) -> Option<Reserved> {
        let is_spot = self.is_spot();
        if is_spot && side == Side::Sell {
            return Some(Reserved {
                asset: self.base(),
                amount: left,
            });
        }
        let value = left.times(limit)?;
        let (cost, pays_in_quote) = if is_spot {
            (value, self.rules.fee_asset == FeeAsset::Quote)
        } else {
            (value.divided_by(self.rules.leverage)?, true)
        };
        let fee = if pays_in_quote {
            value.times(self.rules.maker_fee_rate)?.max(Amount::ZERO)
        } else {
            Amount::ZERO
        };
        Some(Reserved {
            asset: self.quote(),
            amount: cost.plus(fee),
        })
    }
}
