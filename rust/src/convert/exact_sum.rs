//! Sums of decimals without rounding.

use super::decimal::{MOST_PLACES, decimal_class};
use ethnum::I256;
use pyo3::prelude::*;
use pyo3_stub_gen::{PyStubType, TypeInfo};
use rust_decimal::Decimal;
use serde::{Serialize, Serializer};
use std::fmt;

/// A sum of decimals, of any length.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ExactSum {
    /// In units of 10⁻²⁸: a decimal has less than 2¹⁹⁰ of them, so that any number of decimals fits.
    units: I256,
    /// The most decimal places of a summand.
    scale: u32,
}

impl ExactSum {
    /// Adds a decimal.
    pub fn add(&mut self, decimal: Decimal) {
        let zeros = MOST_PLACES.saturating_sub(decimal.scale());
        let units = I256::from(decimal.mantissa()).saturating_mul(power_of_ten(zeros));
        self.units = self.units.saturating_add(units);
        self.scale = self.scale.max(decimal.scale());
    }
}

fn power_of_ten(exponent: u32) -> I256 {
    I256::from(10_i128.saturating_pow(exponent))
}

impl fmt::Display for ExactSum {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = power_of_ten(MOST_PLACES.saturating_sub(self.scale));
        let units = self.units.checked_div(shown).unwrap_or_default();
        let one = power_of_ten(self.scale);
        let whole = units.checked_div(one).unwrap_or_default().saturating_abs();
        let rest = units.checked_rem(one).unwrap_or_default().saturating_abs();
        let sign = if units.is_negative() { "-" } else { "" };
        write!(formatter, "{sign}{whole}")?;
        match usize::try_from(self.scale) {
            Ok(places @ 1..) => write!(formatter, ".{:0places$}", rest.as_i128()),
            Ok(0) | Err(_) => Ok(()),
        }
    }
}

impl Serialize for ExactSum {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'py> IntoPyObject<'py> for ExactSum {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        decimal_class(py)?.call1((self.to_string(),))
    }
}

impl PyStubType for ExactSum {
    fn type_output() -> TypeInfo {
        TypeInfo::with_module("decimal.Decimal", "decimal".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(decimals: &[&str]) -> String {
        let mut sum = ExactSum::default();
        for decimal in decimals {
            sum.add(decimal.parse().unwrap());
        }
        sum.to_string()
    }

    #[test]
    fn sums_are_exact_with_the_places_of_the_finest() {
        assert_eq!(sum(&[]), "0");
        assert_eq!(sum(&["-0.05", "0.040"]), "-0.010");
        assert_eq!(sum(&["1.5", "-1.50"]), "0.00");
        assert_eq!(
            sum(&[
                "79228162514264337593543950335",
                "79228162514264337593543950335",
                "0.0000000000000000000000000001",
            ]),
            "158456325028528675187087900670.0000000000000000000000000001"
        );
    }
}
