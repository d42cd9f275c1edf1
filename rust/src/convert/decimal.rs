//! Exact decimals: nothing that crosses here is ever rounded.

use super::{
    object::extract_named,
    seen,
    text::{cut, quoted, shown},
};
use arrayvec::ArrayString;
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    sync::PyOnceLock,
    types::{PyBool, PyFloat, PyInt, PyString, PyType},
};
use pyo3_stub_gen::{PyStubType, TypeInfo, derive::gen_stub_pyfunction};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use std::{
    fmt::{self, Write},
    str::FromStr,
};

/// How many decimal places barter's decimal has.
pub const MOST_PLACES: u32 = 28;

/// Sign, 29 digits, the point and a zero before it.
pub const LONGEST_TEXT: usize = 32;

/// The decimal as its `Display` writes it, which takes several times as long for one of 64 bits.
pub fn decimal_text(decimal: Decimal) -> Result<ArrayString<LONGEST_TEXT>, fmt::Error> {
    let mut text = ArrayString::new();
    let Ok(mut rest) = u64::try_from(decimal.mantissa().unsigned_abs()) else {
        write!(text, "{decimal}")?;
        return Ok(text);
    };
    // From the last digit to the sign.
    let mut bytes = [0; LONGEST_TEXT];
    let (mut start, mut place, scale) = (LONGEST_TEXT, 0, decimal.scale());
    let mut put = |byte| {
        start = start.saturating_sub(1);
        bytes.get_mut(start).map(|at| *at = byte).ok_or(fmt::Error)
    };
    while place <= scale || rest > 0 {
        if place == scale && scale > 0 {
            put(b'.')?;
        }
        put(b'0' | u8::try_from(rest % 10).unwrap_or_default())?;
        rest /= 10;
        place = place.saturating_add(1);
    }
    if decimal.is_sign_negative() {
        put(b'-')?;
    }
    let written = std::str::from_utf8(bytes.get(start..).unwrap_or_default());
    text.write_str(written.map_err(|_| fmt::Error)?)?;
    Ok(text)
}

pub fn decimal_class(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "decimal", "Decimal")
}

/// An exact decimal: `decimal.Decimal` or `int` in, `decimal.Decimal` out.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Dec(pub Decimal);

impl<'a, 'py> FromPyObject<'a, 'py> for Dec {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        match exact_decimal(&object)? {
            Some(decimal) => Ok(Self(decimal)),
            None => Err(PyTypeError::new_err(format!(
                "must be a Decimal or an int, got {} {}{}",
                object.get_type().name()?,
                shown(&object)?,
                if object.is_instance_of::<PyFloat>() {
                    ": floats are not exact, Decimal(str(x)) is what is printed of x"
                } else {
                    ""
                }
            ))),
        }
    }
}

impl<'py> IntoPyObject<'py> for Dec {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        let mut decimal = self.0;
        // Minus nothing is barter's, of no fees; nobody wants to read it, and it is not read back.
        if decimal.is_zero() {
            decimal.set_sign_positive(true);
        }
        if let Some(object) = seen::object(py, decimal) {
            return Ok(object);
        }
        // On the stack: a price is read at each event.
        let text =
            decimal_text(decimal).map_err(|error| PyValueError::new_err(error.to_string()))?;
        let object = decimal_class(py)?.call1((&*text,))?;
        seen::keep_object(decimal, &object);
        Ok(object)
    }
}

impl PyStubType for Dec {
    fn type_output() -> TypeInfo {
        TypeInfo::with_module("decimal.Decimal", "decimal".into())
    }

    fn type_input() -> TypeInfo {
        Self::type_output() | TypeInfo::builtin("int")
    }
}

/// An exact number for the closing helpers, which alone take floats too, by their shortest form.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Number(pub Decimal);

impl<'a, 'py> FromPyObject<'a, 'py> for Number {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if let Some(decimal) = exact_decimal(&object)? {
            return Ok(Self(decimal));
        }
        let Ok(float) = object.cast::<PyFloat>() else {
            return Err(PyTypeError::new_err(format!(
                "must be a Decimal, int or float, got {}",
                object.get_type().name()?
            )));
        };
        decimal_from_f64(float.value())
            .map(Self)
            .map_err(PyValueError::new_err)
    }
}

/// Checks that a number is one that barter's decimal holds exactly.
///
/// Parameters
/// ----------
/// name : str
///     The name of the number in the message.
/// number : Decimal or int or float
///     The number.
///
/// Raises
/// ------
/// ValueError
///     If it is not finite, or does not fit exactly into 28 digits.
/// TypeError
///     If it is of another type; `bool` and `str` are not numbers.
#[gen_stub_pyfunction(module = "barter_python._core")]
#[pyfunction]
pub fn check_number(
    name: &str,
    #[gen_stub(override_type(type_repr = "decimal.Decimal | int | float", imports = ("decimal")))]
    number: &Bound<'_, PyAny>,
) -> PyResult<()> {
    extract_named::<Number>(name, number).map(drop)
}

impl PyStubType for Number {
    fn type_output() -> TypeInfo {
        Dec::type_output()
    }

    fn type_input() -> TypeInfo {
        Dec::type_input() | TypeInfo::builtin("float")
    }
}

/// `None` if the object is neither a `decimal.Decimal` nor an `int`.
fn exact_decimal(object: &Bound<'_, PyAny>) -> PyResult<Option<Decimal>> {
    let class = decimal_class(object.py())?;
    if object.get_type().is(class) {
        if let Some(decimal) = seen::decimal(object) {
            return Ok(Some(decimal));
        }
        let decimal = decimal_from_python_text(&object.str()?)?;
        seen::keep_decimal(object, decimal);
        return Ok(Some(decimal));
    }
    let text = exact_text_of(object)?;
    text.map(|text| decimal_from_python_text(&text)).transpose()
}

/// The text of a `decimal.Decimal` or of an `int`; `None` for anything else.
pub(super) fn exact_text_of<'py>(
    object: &Bound<'py, PyAny>,
) -> PyResult<Option<Bound<'py, PyString>>> {
    let is_exact = object.is_instance(decimal_class(object.py())?)?
        || object.is_instance_of::<PyInt>() && !object.is_instance_of::<PyBool>();
    if is_exact {
        object.str().map(Some)
    } else {
        Ok(None)
    }
}

fn decimal_from_python_text(text: &Bound<'_, PyString>) -> PyResult<Decimal> {
    exact_from_text(&text.to_cow()?).map_err(PyValueError::new_err)
}

/// Reads a decimal that must fit exactly: at most 28 decimal places and a coefficient below 2^96.
///
/// `rust_decimal`'s own `from_str` rounds a number that does not fit; a price must never be rounded.
pub fn exact_from_text(text: &str) -> Result<Decimal, String> {
    let parsed = if text.contains(['e', 'E']) {
        exact_from_scientific(text)
    } else {
        Decimal::from_str_exact(text).ok()
    };
    parsed.ok_or_else(|| match text.parse::<f64>() {
        Err(_) if !text.to_ascii_lowercase().contains("nan") => {
            format!("{} is not a number", quoted(text))
        }
        Ok(_) if text.contains(|character: char| character.is_ascii_digit()) => too_exact(text),
        Ok(_) | Err(_) => format!("{} is not a finite number", cut(text)),
    })
}

/// Why a number does not fit, and what to do about it.
fn too_exact(text: &str) -> String {
    let shown = cut(text);
    let (coefficient, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = coefficient.split_once('.').unwrap_or((coefficient, ""));
    let beyond = if exponent.starts_with('-') {
        i64::MIN
    } else {
        i64::MAX
    };
    let places = i64::try_from(fraction.len()).unwrap_or(i64::MAX);
    let places = places.saturating_sub(i64::from_str(exponent).unwrap_or(beyond));
    if places <= 0 {
        let limit = Decimal::MAX;
        return format!("{shown} does not fit exactly: it is too large, the limit is {limit}");
    }
    let cure = "round it, such as by round(number, 8), or by round_quantity or round_price of the \
                instrument in a callback";
    if places > i64::from(MOST_PLACES) {
        return format!(
            "{shown} does not fit exactly: it has {places} decimal places, at most {MOST_PLACES} \
             fit; {cure}"
        );
    }
    let digits = whole.chars().chain(fraction.chars());
    let digits = digits.filter(char::is_ascii_digit);
    let digits = digits.skip_while(|digit| *digit == '0').count();
    format!("{shown} does not fit exactly into 28 significant digits: it has {digits}; {cure}")
}

/// `Decimal::from_scientific` multiplies without a check for the digits that it loses, and
/// `Decimal::from_str_exact` refuses places of the coefficient that the exponent takes away.
fn exact_from_scientific(text: &str) -> Option<Decimal> {
    let (coefficient, exponent) = text.split_once(['e', 'E'])?;
    let (whole, fraction) = coefficient.split_once('.').unwrap_or((coefficient, ""));
    let mantissa = i128::from_str(&format!("{whole}{fraction}")).ok()?;
    let exponent = i64::from_str(exponent).ok()?;
    let scale = i64::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
    if scale >= 0 {
        return Decimal::try_from_i128_with_scale(mantissa, scale.try_into().ok()?).ok();
    }
    if mantissa == 0 {
        return Some(Decimal::ZERO);
    }
    let factor = 10_i128.checked_pow(u32::try_from(scale.unsigned_abs()).ok()?)?;
    Decimal::try_from_i128_with_scale(mantissa.checked_mul(factor)?, 0).ok()
}

/// The decimal with the digits of the float's shortest form, as Python's `Decimal(str(x))` has it.
///
/// Of two shortest forms that are equally near, Python and ryu take the even one; Rust's own `{:?}`
/// may take the other.
pub fn decimal_from_f64(value: f64) -> Result<Decimal, String> {
    exact_from_text(ryu::Buffer::new().format(value))
}

/// The float nearest to the decimal.
pub fn f64_from_decimal(value: Decimal) -> f64 {
    // Both operands are exact floats, so the one division rounds once.
    const EXACT: i64 = 1 << 53;
    const POWERS: [f64; 23] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];
    if let Ok(mantissa) = i64::try_from(value.mantissa())
        && (-EXACT..=EXACT).contains(&mantissa)
        && let Some(float) = mantissa.to_f64()
        && let Some(power) = POWERS.get(value.scale() as usize)
    {
        return float / power;
    }
    value.to_string().parse().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_that_of_display() {
        let mut numbers: Vec<Decimal> = vec![Decimal::MAX, Decimal::MIN];
        for mantissa in [0, 1, 9, 10, 1_050, 87_232_100, u64::MAX, u64::MAX / 3] {
            for scale in 0..=MOST_PLACES {
                let number = Decimal::from_i128_with_scale(mantissa.into(), scale);
                numbers.extend([number, -number]);
            }
        }
        for number in numbers {
            assert_eq!(decimal_text(number).unwrap().as_str(), number.to_string());
        }
    }

    #[test]
    fn exact_text_stays_digit_for_digit() {
        for text in ["0", "0.10", "-1.500", "79228162514264337593543950335"] {
            assert_eq!(
                exact_from_text(text).map(|d| d.to_string()),
                Ok(text.to_owned())
            );
        }
        assert_eq!(
            exact_from_text("1E+3").map(|d| d.to_string()),
            Ok("1000".to_owned())
        );
        assert_eq!(
            exact_from_text("1.50E-3").map(|d| d.to_string()),
            Ok("0.00150".to_owned())
        );
        assert_eq!(
            exact_from_text("0E+400").map(|d| d.to_string()),
            Ok("0".to_owned())
        );
        // 29 places of a coefficient, of which the exponent takes two.
        assert_eq!(
            exact_from_text("-0.00000000000000000000000000001E2").map(|d| d.to_string()),
            Ok("-0.000000000000000000000000001".to_owned())
        );
        assert_eq!(
            exact_from_text("0.00000000000000000000000000000E2").map(|d| d.to_string()),
            Ok("0.000000000000000000000000000".to_owned())
        );
    }

    #[test]
    fn inexact_text_is_refused() {
        for text in [
            "1.23456789012345678901234567895",
            "79228162514264337593543950336",
            "1E-29",
            "1E+29",
            "1.2345678901234567890123456789012345678901E+3",
            "1E+999999",
        ] {
            assert!(exact_from_text(text).is_err(), "{text}");
        }
        for (text, reason) in [
            (
                "0.08165318300437987673635493659",
                "does not fit exactly: it has 29 decimal places, at most 28 fit",
            ),
            ("-1E-29", "does not fit exactly: it has 29 decimal places"),
            (
                "1.23456789012345678901234567895",
                "does not fit exactly: it has 29 decimal places",
            ),
            (
                "12345.6789012345678901234567891",
                "does not fit exactly into 28 significant digits: it has 30",
            ),
            (
                "79228162514264337593543950336",
                "does not fit exactly: it is too large",
            ),
            (
                "1E+29",
                "does not fit exactly: it is too large, the limit is 79228162514264337593543950335",
            ),
            ("1E+999999", "does not fit exactly: it is too large"),
        ] {
            let error = exact_from_text(text).unwrap_err();
            assert!(error.starts_with(&format!("{text} {reason}")), "{error}");
        }
        for text in ["NaN", "Infinity", "-Infinity", "sNaN", "nan", "inf"] {
            let error = exact_from_text(text).unwrap_err();
            assert!(error.contains("not a finite number"), "{text}: {error}");
        }
        assert!(exact_from_text("abc").unwrap_err().contains("not a number"));
    }

    #[test]
    fn floats_are_read_by_their_shortest_form_and_come_back() {
        for (float, text) in [
            (51000.0, "51000.0"),
            (0.1, "0.1"),
            (0.1 + 0.2, "0.30000000000000004"),
            // Half way between two shortest forms.
            (562_949_953_421_312.0 + 0.25, "562949953421312.2"),
        ] {
            let decimal = decimal_from_f64(float).unwrap();
            assert_eq!(decimal.to_string(), text);
            assert_eq!(f64_from_decimal(decimal).to_bits(), float.to_bits());
        }
        assert!(decimal_from_f64(f64::NAN).is_err());
        assert!(decimal_from_f64(1e300).is_err());
    }
}
