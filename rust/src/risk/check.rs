//! barter's checks and calculations: the module `barter::risk::check`.

use crate::{
    convert::{Dec, named_argument, record},
    instrument::PySide,
};
use barter::risk::{
    check,
    check::{RiskCheck, util},
};
use pyo3::{exceptions::PyValueError, prelude::*};
use pyo3_stub_gen::derive::{gen_stub_pyfunction, gen_stub_pymethods};
use rust_decimal::Decimal;

record! {
    /// Whether a number is above a limit (`barter::risk::check::CheckHigherThan`).
    ///
    /// Examples
    /// --------
    /// >>> from decimal import Decimal
    /// >>> from barter_python.risk import CheckHigherThan
    /// >>> largest = CheckHigherThan(Decimal(50))
    /// >>> largest.check(Decimal(50)) is None
    /// True
    /// >>> print(largest.check(Decimal("50.1")))
    /// CheckHigherThanFailed: input 50.1 > limit 50
    pub struct CheckHigherThan {
        /// The greatest number that passes.
        limit: Dec,
    }
}

record! {
    /// What did not pass a `CheckHigherThan` (`barter::risk::check::CheckFailHigherThan`); `str` gives barter's text.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python.risk import CheckHigherThan
    /// >>> failure = CheckHigherThan(10).check(11)
    /// >>> None if failure is None else (failure.limit, failure.input)
    /// (Decimal('10'), Decimal('11'))
    #[signature(*, limit, input)]
    pub struct CheckFailHigherThan {
        /// The greatest number that passes.
        limit: Dec,
        /// The number that did not.
        input: Dec,
    }
}

impl From<check::CheckFailHigherThan<Decimal>> for CheckFailHigherThan {
    fn from(failure: check::CheckFailHigherThan<Decimal>) -> Self {
        let check::CheckFailHigherThan { limit, input } = failure;
        Self {
            limit: Dec(limit),
            input: Dec(input),
        }
    }
}

named_argument! {
    input: Dec,
    quantity: Dec,
    price: Dec,
    contract_size: Dec,
    current: Dec,
    other: Dec,
    instrument_delta: Dec,
    side: PySide,
    quantity_in_kind: Dec,
}

#[gen_stub_pymethods]
#[pymethods]
impl CheckHigherThan {
    /// Give the check's name.
    #[staticmethod]
    fn name() -> &'static str {
        <check::CheckHigherThan<Decimal> as RiskCheck>::name()
    }

    /// Check a number: `None` when it is not above the limit, else what is wrong.
    fn check(&self, #[pyo3(from_py_with = input)] input: Dec) -> Option<CheckFailHigherThan> {
        let check = check::CheckHigherThan {
            limit: self.limit.0,
        };
        check.check(&input.0).err().map(CheckFailHigherThan::from)
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl CheckFailHigherThan {
    fn __str__(&self) -> String {
        check::CheckFailHigherThan {
            limit: self.limit.0,
            input: self.input.0,
        }
        .to_string()
    }
}

fn too_large(what: &str) -> PyErr {
    PyValueError::new_err(format!("{what} is too large for barter's decimal"))
}

/// Calculate the value of a quantity in the quote asset: quantity × price × contract size.
///
/// `barter::risk::check::util::calculate_quote_notional`. A product with more digits than barter's
/// decimal holds is rounded.
///
/// Parameters
/// ----------
/// quantity : Decimal or int
///     Units or contracts.
/// price : Decimal or int
///     Price of one, in the quote asset; of an option, its strike.
/// contract_size : Decimal or int
///     Units of the base asset in one contract, 1 for spot.
///
/// Raises
/// ------
/// ValueError
///     If the product is too large for barter's decimal, where barter gives `None`.
///
/// Examples
/// --------
/// >>> from decimal import Decimal
/// >>> from barter_python.risk import calculate_quote_notional
/// >>> calculate_quote_notional(quantity=Decimal("0.5"), price=100, contract_size=1)
/// Decimal('50.0')
#[gen_stub_pyfunction(module = "barter_python._core")]
#[pyfunction]
#[pyo3(signature = (*, quantity, price, contract_size))]
pub fn calculate_quote_notional(
    #[pyo3(from_py_with = quantity)] quantity: Dec,
    #[pyo3(from_py_with = price)] price: Dec,
    #[pyo3(from_py_with = contract_size)] contract_size: Dec,
) -> PyResult<Dec> {
    util::calculate_quote_notional(quantity.0, price.0, contract_size.0)
        .map(Dec)
        .ok_or_else(|| {
            too_large(&format!(
                "quantity {} * price {} * contract_size {}",
                quantity.0, price.0, contract_size.0
            ))
        })
}

/// Calculate how far two prices are apart, as a fraction of the second: |current − other| / other.
///
/// `barter::risk::check::util::calculate_abs_percent_difference`: in spite of its name, 0.05 is 5 %,
/// and the result is negative where `other` is.
///
/// Parameters
/// ----------
/// current : Decimal or int
///     The one price.
/// other : Decimal or int
///     The price to compare it with, not zero.
///
/// Raises
/// ------
/// ValueError
///     If `other` is zero or the quotient is too large for barter's decimal, where barter gives
///     `None`.
///
/// Examples
/// --------
/// >>> from barter_python.risk import calculate_abs_percent_difference
/// >>> calculate_abs_percent_difference(current=95, other=100)
/// Decimal('0.05')
#[gen_stub_pyfunction(module = "barter_python._core")]
#[pyfunction]
#[pyo3(signature = (*, current, other))]
pub fn calculate_abs_percent_difference(
    #[pyo3(from_py_with = current)] current: Dec,
    #[pyo3(from_py_with = other)] other: Dec,
) -> PyResult<Dec> {
    if other.0.is_zero() {
        return Err(PyValueError::new_err("other must not be zero"));
    }
    util::calculate_abs_percent_difference(current.0, other.0)
        .map(Dec)
        .ok_or_else(|| {
            too_large(&format!(
                "the difference of current {} and other {}",
                current.0, other.0
            ))
        })
}

/// Calculate the delta of a quantity: positive when it gains with the underlying.
///
/// `barter::risk::check::util::calculate_delta`.
///
/// Parameters
/// ----------
/// instrument_delta : Decimal or int
///     Delta of one unit: 1 for spot, perpetuals and futures, from -1 to 1 for options.
/// contract_size : Decimal or int
///     Units of the base asset in one contract, 1 for spot.
/// side : Side
///     Buy for long, sell for short.
/// quantity_in_kind : Decimal or int
///     Units or contracts.
///
/// Raises
/// ------
/// ValueError
///     If the product is too large for barter's decimal, where barter panics.
///
/// Examples
/// --------
/// >>> from decimal import Decimal
/// >>> from barter_python import Side
/// >>> from barter_python.risk import calculate_delta
/// >>> calculate_delta(
/// ...     instrument_delta=Decimal("0.5"), contract_size=100, side=Side.SELL, quantity_in_kind=2)
/// Decimal('-100.0')
#[gen_stub_pyfunction(module = "barter_python._core")]
#[pyfunction]
#[pyo3(signature = (*, instrument_delta, contract_size, side, quantity_in_kind))]
pub fn calculate_delta(
    #[pyo3(from_py_with = instrument_delta)] instrument_delta: Dec,
    #[pyo3(from_py_with = contract_size)] contract_size: Dec,
    #[pyo3(from_py_with = side)] side: PySide,
    #[pyo3(from_py_with = quantity_in_kind)] quantity_in_kind: Dec,
) -> PyResult<Dec> {
    // The same products in the same order, with a check.
    let fits = quantity_in_kind
        .0
        .checked_mul(contract_size.0)
        .and_then(|units| instrument_delta.0.checked_mul(units));
    if fits.is_none() {
        return Err(too_large(&format!(
            "instrument_delta {} * quantity_in_kind {} * contract_size {}",
            instrument_delta.0, quantity_in_kind.0, contract_size.0
        )));
    }
    Ok(Dec(util::calculate_delta(
        instrument_delta.0,
        contract_size.0,
        side.0,
        quantity_in_kind.0,
    )))
}
