//! Numbers of any length, to be rounded before they are used.

use super::{decimal::exact_text_of, text::shown};
use ethnum::U256;
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    types::PyFloat,
};
use pyo3_stub_gen::{PyStubType, TypeInfo};
use rust_decimal::Decimal;

/// Decimal places of the units, the most that barter's decimal has.
const PLACES: u32 = 28;

/// The most digits of units that are read: U256 holds any of so many.
const MOST_DIGITS: usize = 76;

/// A number that is not negative, of any length: `decimal.Decimal`, `int`, or a `float` by its shortest
/// form. It is kept to the 28th decimal place, with the knowledge whether anything was behind it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unrounded {
    /// In units of 10⁻²⁸.
    units: U256,
    is_cut: bool,
}

/// Where a number is rounded to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rounding {
    Down,
    Up,
}

impl<'a, 'py> FromPyObject<'a, 'py> for Unrounded {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let text = if let Some(text) = exact_text_of(&object)? {
            text.to_cow()?.into_owned()
        } else if let Ok(float) = object.cast::<PyFloat>() {
            ryu::Buffer::new().format(float.value()).to_owned()
        } else {
            return Err(PyTypeError::new_err(format!(
                "must be a Decimal, int or float, got {} {}",
                object.get_type().name()?,
                shown(&object)?
            )));
        };
        Self::read(&text).map_err(|reason| match shown(&object) {
            Ok(shown) => PyValueError::new_err(format!("{reason}, got {shown}")),
            Err(error) => error,
        })
    }
}

impl PyStubType for Unrounded {
    fn type_output() -> TypeInfo {
        TypeInfo::with_module("decimal.Decimal", "decimal".into())
            | TypeInfo::builtin("int")
            | TypeInfo::builtin("float")
    }
}

impl Unrounded {
    /// A float by its shortest form; an error says what is wrong with it.
    pub fn of_float(float: f64) -> Result<Self, &'static str> {
        Self::read(ryu::Buffer::new().format(float))
    }

    fn read(text: &str) -> Result<Self, &'static str> {
        const TOO_LARGE: &str = "is too large";
        if text.starts_with('-') && text.contains(|digit| matches!(digit, '1'..='9')) {
            return Err("must not be negative");
        }
        let (coefficient, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = coefficient.split_once('.').unwrap_or((coefficient, ""));
        let digits = whole
            .trim_start_matches('-')
            .bytes()
            .chain(fraction.bytes());
        let digits: Vec<u8> = digits.skip_while(|digit| *digit == b'0').collect();
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err("must be finite");
        }
        let nothing = Self {
            units: U256::ZERO,
            is_cut: !digits.is_empty(),
        };
        if digits.is_empty() {
            return Ok(nothing);
        }
        // How many digits the units have more than the coefficient, or fewer.
        let Ok(exponent) = exponent.parse::<i64>() else {
            return if exponent.starts_with('-') {
                Ok(nothing)
            } else {
                Err(TOO_LARGE)
            };
        };
        let fraction = i64::try_from(fraction.len()).unwrap_or(i64::MAX);
        let shift = exponent
            .saturating_sub(fraction)
            .saturating_add(PLACES.into());
        let count = i64::try_from(digits.len()).unwrap_or(i64::MAX);
        let kept = usize::try_from(count.saturating_add(shift)).unwrap_or(0);
        if kept > MOST_DIGITS {
            return Err(TOO_LARGE);
        }
        let (kept, behind) = digits.split_at(kept.min(digits.len()));
        let mut units = U256::ZERO;
        let zeros = usize::try_from(shift).unwrap_or(0);
        for digit in kept.iter().copied().chain(std::iter::repeat_n(b'0', zeros)) {
            // At most 76 digits.
            units = units
                .saturating_mul(U256::from(10_u8))
                .saturating_add(U256::from(digit.saturating_sub(b'0')));
        }
        Ok(Self {
            units,
            is_cut: behind.iter().any(|digit| *digit != b'0'),
        })
    }

    /// The nearest multiple of a step that is not zero, in a direction; `None` if it fits no decimal.
    pub fn to_multiple(self, step: Step, rounding: Rounding) -> Option<Decimal> {
        let count = self.units.checked_div(step.0)?;
        let is_exact = !self.is_cut && self.units.checked_rem(step.0)? == U256::ZERO;
        let more = U256::from(u8::from(rounding == Rounding::Up && !is_exact));
        decimal(count.checked_add(more)?.checked_mul(step.0)?)
    }

    /// The nearest decimal with as many decimal places as fit, in a direction; `None` if it is too large.
    pub fn to_decimal(self, rounding: Rounding) -> Option<Decimal> {
        (0..=PLACES).find_map(|zeros| {
            let step = U256::from(10_u8).checked_pow(zeros)?;
            self.to_multiple(Step(step), rounding)
        })
    }
}

/// A step between numbers, in units of 10⁻²⁸; not zero.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step(U256);

impl Step {
    /// A positive number as a step.
    pub fn of(number: Decimal) -> Option<Self> {
        let power = U256::from(10_u8).checked_pow(PLACES.checked_sub(number.scale())?)?;
        let units = U256::from(u128::try_from(number.mantissa()).ok()?).checked_mul(power)?;
        (units != U256::ZERO).then_some(Self(units))
    }

    /// The least common multiple of two steps.
    pub fn common(self, other: Self) -> Option<Self> {
        let (mut greater, mut less) = (self.0, other.0);
        while less != U256::ZERO {
            (greater, less) = (less, greater.checked_rem(less)?);
        }
        self.0.checked_div(greater)?.checked_mul(other.0).map(Self)
    }
}

/// The decimal of so many units, without zeros at its end.
fn decimal(units: U256) -> Option<Decimal> {
    let (mut units, mut places) = (units, PLACES);
    while places > 0 && units.checked_rem(U256::from(10_u8))? == U256::ZERO {
        units = units.checked_div(U256::from(10_u8))?;
        places = places.saturating_sub(1);
    }
    let mantissa = i128::try_from(units).ok()?;
    Decimal::try_from_i128_with_scale(mantissa, places).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(text: &str) -> Step {
        Step::of(Decimal::from_str_exact(text).unwrap()).unwrap()
    }

    #[test]
    fn numbers_are_rounded_to_multiples() {
        for (text, of, down, up) in [
            ("0.08165318300437987673635493659", "0.001", "0.081", "0.082"),
            (
                "0.08165318300437987673635493659",
                "0.000000000001",
                "0.081653183004",
                "0.081653183005",
            ),
            ("12", "5", "10", "15"),
            ("15.00", "5", "15", "15"),
            // Only what is behind the 28th place says that it is no multiple.
            ("15.00000000000000000000000000001", "5", "15", "20"),
            ("1E-50", "0.5", "0", "0.5"),
            ("1e-99999999999999999999", "0.5", "0", "0.5"),
            ("0E+99", "0.5", "0", "0"),
            ("-0.0", "0.5", "0", "0"),
            ("7e3", "0.3", "6999.9", "7000.2"),
        ] {
            let number = Unrounded::read(text).unwrap();
            let rounded = |rounding| number.to_multiple(step(of), rounding).unwrap().to_string();
            assert_eq!(
                (
                    rounded(Rounding::Down).as_str(),
                    rounded(Rounding::Up).as_str()
                ),
                (down, up),
                "{text} by {of}"
            );
        }
        for text in [
            "NaN",
            "inf",
            "-inf",
            "Infinity",
            "sNaN",
            "-1",
            "-1E-40",
            "1E+99",
            "1e99999999999999999999",
        ] {
            assert!(Unrounded::read(text).is_err(), "{text}");
        }
        assert!(
            Unrounded::read("1E+40")
                .unwrap()
                .to_multiple(step("1"), Rounding::Down)
                .is_none()
        );
    }

    #[test]
    fn a_number_keeps_the_places_that_fit() {
        for (text, down, up) in [
            (
                "0.12345678901234567890123456789",
                "0.1234567890123456789012345678",
                "0.1234567890123456789012345679",
            ),
            (
                "12345.67890123456789012345678901",
                "12345.678901234567890123456789",
                "12345.67890123456789012345679",
            ),
            (
                "79228162514264337593543950335.9",
                "79228162514264337593543950335",
                "",
            ),
            ("5.50", "5.5", "5.5"),
        ] {
            let number = Unrounded::read(text).unwrap();
            let shown = |rounding| {
                number
                    .to_decimal(rounding)
                    .map_or_else(String::new, |number| number.to_string())
            };
            assert_eq!(
                (shown(Rounding::Down).as_str(), shown(Rounding::Up).as_str()),
                (down, up)
            );
        }
    }

    #[test]
    fn steps_have_a_common_multiple() {
        assert_eq!(step("0.4").common(step("0.6")), Some(step("1.2")));
        assert_eq!(
            step("0.001").common(step("0.000000000001")),
            Some(step("0.001"))
        );
        assert_eq!(Step::of(Decimal::ZERO), None);
    }
}
