//! A price of an order book.

use crate::convert::{Dec, record};

record! {
    /// A price of an order book and the amount on offer there (`barter_data::books::Level`).
    ///
    /// Examples
    /// --------
    /// >>> from decimal import Decimal
    /// >>> from barter_python import Level
    /// >>> Level(price=Decimal("99.5"), amount=2)
    /// Level(price=Decimal('99.5'), amount=Decimal('2'))
    #[signature(*, price, amount)]
    pub struct Level {
        /// Price, in the quote asset.
        price: Dec,
        /// Quantity, in the base asset.
        amount: Dec,
    }
}

impl From<barter_data::books::Level> for Level {
    fn from(level: barter_data::books::Level) -> Self {
        let barter_data::books::Level { price, amount } = level;
        Self {
            price: Dec(price),
            amount: Dec(amount),
        }
    }
}

impl From<Level> for barter_data::books::Level {
    fn from(level: Level) -> Self {
        Self {
            price: level.price.0,
            amount: level.amount.0,
        }
    }
}
