//! Positions in linear perpetuals and futures: quantity, entry value and margin.

use super::amount::Amount;
use barter_instrument::Side;
use rust_decimal::Decimal;

/// The position in one contract; without one, the quantity is zero.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Holding {
    pub side: Side,
    pub quantity: Amount,
    /// The value that it was entered for.
    pub entry: Amount,
    pub margin: Amount,
}

impl Holding {
    pub const NOTHING: Self = Self {
        side: Side::Buy,
        quantity: Amount::ZERO,
        entry: Amount::ZERO,
        margin: Amount::ZERO,
    };

    /// Whether a fill would only make the position smaller.
    pub fn is_reduced_by(&self, side: Side, quantity: Amount) -> bool {
        quantity.is_zero() || (side != self.side && quantity <= self.quantity)
    }

    /// The position after a fill, and the profit that the fill realises; `None` if a number does not fit.
    pub fn after(
        self,
        side: Side,
        price: Decimal,
        quantity: Amount,
        leverage: Decimal,
    ) -> Option<(Self, Amount)> {
        let mut after = self;
        let mut profit = Amount::ZERO;
        let mut opened = quantity;
        if side != self.side && !self.quantity.is_zero() {
            let closed = quantity.min(self.quantity);
            let (entry, margin) = if closed == self.quantity {
                (self.entry, self.margin)
            } else {
                (
                    self.entry.share(closed, self.quantity)?,
                    self.margin.share(closed, self.quantity)?,
                )
            };
            after.quantity = self.quantity.minus(closed);
            after.entry = self.entry.minus(entry);
            after.margin = self.margin.minus(margin);
            let gained = closed.times(price)?.minus(entry);
            profit = match self.side {
                Side::Buy => gained,
                Side::Sell => gained.negated(),
            };
            opened = quantity.minus(closed);
        }
        if opened.is_positive() {
            let value = opened.times(price)?;
            after.side = side;
            after.quantity = after.quantity.plus(opened);
            after.entry = after.entry.plus(value);
            after.margin = after.margin.plus(value.divided_by(leverage)?);
        }
        Some((after, profit))
    }
}
