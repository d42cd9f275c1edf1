//! Quantities and prices as an instrument's orders can have them.

use super::InstrumentView;
use crate::{
    convert::{Dec, Rounding, Step, Unrounded, named_argument},
    exchange::AMOUNT_PLACES,
    instrument::PySide,
};
use barter_instrument::{Side, asset::AssetIndex, instrument::spec::InstrumentSpec};
use pyo3::{exceptions::PyValueError, prelude::*};
use pyo3_stub_gen::derive::gen_stub_pymethods;
use rust_decimal::Decimal;

/// The rules of an instrument for its orders.
type Spec = InstrumentSpec<AssetIndex>;

named_argument! {
    quantity: Unrounded,
    price: Unrounded,
    side: PySide,
}

fn fitting(name: &str, rounded: Option<Decimal>) -> PyResult<Dec> {
    rounded.map(Dec).ok_or_else(|| {
        let limit = Decimal::MAX;
        PyValueError::new_err(format!("{name} is too large, the limit is {limit}"))
    })
}

/// The quantity rounded down to what an order can have, zero if there is no order of that size; `None` if
/// it is too large.
pub fn rounded_quantity(spec: Option<&Spec>, quantity: Unrounded) -> Option<Decimal> {
    let spec = spec.map(|spec| &spec.quantity);
    let grid = Step::of(Decimal::new(1, AMOUNT_PLACES));
    let increment = spec.and_then(|spec| Step::of(spec.increment));
    let step = match (grid, increment) {
        (Some(grid), Some(increment)) => grid.common(increment),
        (grid, None) => grid,
        (None, increment) => increment,
    };
    let rounded = quantity.to_multiple(step?, Rounding::Down)?;
    let least = spec.map_or(Decimal::ZERO, |spec| spec.min);
    Some(if rounded < least {
        Decimal::ZERO
    } else {
        rounded
    })
}

/// The price rounded to what a limit order can have, never to a worse one; `None` if it is too large.
pub fn rounded_price(spec: Option<&Spec>, price: Unrounded, side: Side) -> Option<Decimal> {
    let rounding = match side {
        Side::Buy => Rounding::Down,
        Side::Sell => Rounding::Up,
    };
    match spec.and_then(|spec| Step::of(spec.price.tick_size)) {
        Some(tick) => price.to_multiple(tick, rounding),
        None => price.to_decimal(rounding),
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl InstrumentView {
    /// Rounds a quantity down to what an order can have.
    ///
    /// That is a multiple of the increment of the instrument's `spec`, if it has one, and of 10⁻¹², which
    /// the simulated exchange counts in. So money divided by a price becomes a
    /// quantity that can be ordered.
    ///
    /// Parameters
    /// ----------
    /// quantity : Decimal or int or float
    ///     A quantity in the base asset, not negative, with any number of digits; a float is taken by its
    ///     shortest form.
    ///
    /// Returns
    /// -------
    /// Decimal
    ///     Zero if it is less than the least quantity of the `spec`: there is no order of that size.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If the quantity is negative, not finite or too large.
    ///
    /// Examples
    /// --------
    /// A quantity of all the money, in a callback::
    ///
    ///     free = state.balance(ExchangeId.BINANCE_SPOT, "usdt").free
    ///     quantity = instrument.round_quantity(free / instrument.best_ask)
    fn round_quantity(
        &self,
        #[pyo3(from_py_with = quantity)] quantity: Unrounded,
    ) -> PyResult<Dec> {
        let rounded = rounded_quantity(self.known()?.spec.as_ref(), quantity);
        fitting("quantity", rounded)
    }

    /// Rounds a price to what a limit order can have, never to a worse one than given.
    ///
    /// That is a multiple of the tick of the instrument's `spec`: down for a buy, up for a sale. Without a
    /// tick the price keeps the digits that a decimal of 96 bits holds.
    ///
    /// Parameters
    /// ----------
    /// price : Decimal or int or float
    ///     A price in the quote asset, not negative, with any number of digits; a float is taken by its
    ///     shortest form.
    /// side : Side
    ///     Side of the order: `BUY` rounds down, `SELL` rounds up.
    ///
    /// Returns
    /// -------
    /// Decimal
    ///     Zero if a buy is below the first tick.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If the price is negative, not finite or too large.
    ///
    /// Examples
    /// --------
    /// A buy one per mille below the market, in a callback::
    ///
    ///     price = instrument.round_price(instrument.mid * Decimal("0.999"), Side.BUY)
    fn round_price(
        &self,
        #[pyo3(from_py_with = price)] price: Unrounded,
        #[pyo3(from_py_with = side)] side: PySide,
    ) -> PyResult<Dec> {
        let rounded = rounded_price(self.known()?.spec.as_ref(), price, side.0);
        fitting("price", rounded)
    }
}
