//! Exact decimals: nothing that crosses here is ever rounded.

use super::{object::extract_named, seen};
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    sync::PyOnceLock,
    types::{PyBool, PyFloat, PyInt, PyString, PyType},
};
use pyo3_stub_gen::{PyStubType, TypeInfo, derive::gen_stub_pyfunction};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use std::str::FromStr;

fn decimal_class(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
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
                "must be a Decimal or an int, got {} {}",
                object.get_type().name()?,
                object.repr()?
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
        let object = decimal_class(py)?.call1((decimal.to_string(),))?;
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
///     What the message calls it.
/// number : Decimal or int or float
///     The number.
///
/// Raises
/// ------
/// ValueError
///     When it is not finite, or does not fit exactly into 28 digits.
/// TypeError
///     When it is of another type; `bool` and `str` are no numbers.
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

/// `None` when the object is neither a `decimal.Decimal` nor an `int`.
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
    if object.is_instance(class)? {
        return decimal_from_python_text(&object.str()?).map(Some);
    }
    if object.is_instance_of::<PyInt>() && !object.is_instance_of::<PyBool>() {
        let text = object.str()?;
        return decimal_from_python_text(&text).map(Some);
    }
    Ok(None)
}

fn decimal_from_python_text(text: &Bound<'_, PyString>) -> PyResult<Decimal> {
    exact_from_text(&text.to_cow()?).map_err(PyValueError::new_err)
}

/// Reads a decimal that must fit exactly: at most 28 decimal places and a coefficient below 2^96.
///
/// `rust_decimal`'s own `from_str` rounds what does not fit; a price must never be rounded.
pub fn exact_from_text(text: &str) -> Result<Decimal, String> {
    let parsed = if text.contains(['e', 'E']) {
        exact_from_scientific(text)
    } else {
        Decimal::from_str_exact(text).ok()
    };
    parsed.ok_or_else(|| match text.parse::<f64>() {
        Err(_) if !text.to_ascii_lowercase().contains("nan") => format!("{text:?} is not a number"),
        Ok(_) if text.contains(|character: char| character.is_ascii_digit()) => {
            format!("{text} does not fit exactly into 28 significant digits")
        }
        Ok(_) | Err(_) => format!("{text} is not a finite number"),
    })
}

/// `Decimal::from_scientific` multiplies without a check for the digits that it loses.
fn exact_from_scientific(text: &str) -> Option<Decimal> {
    let (coefficient, exponent) = text.split_once(['e', 'E'])?;
    let coefficient = Decimal::from_str_exact(coefficient).ok()?;
    let exponent = i64::from_str(exponent).ok()?;
    let scale = i64::from(coefficient.scale()).checked_sub(exponent)?;
    if scale >= 0 {
        return Decimal::try_from_i128_with_scale(coefficient.mantissa(), scale.try_into().ok()?)
            .ok();
    }
    if coefficient.is_zero() {
        return Some(Decimal::ZERO);
    }
    let factor = 10_i128.checked_pow(u32::try_from(scale.unsigned_abs()).ok()?)?;
    Decimal::try_from_i128_with_scale(coefficient.mantissa().checked_mul(factor)?, 0).ok()
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
    const EXACT: i128 = 1 << 53;
    const POWERS: [f64; 23] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];
    let mantissa = value.mantissa();
    match (mantissa.to_f64(), POWERS.get(value.scale() as usize)) {
        (Some(float), Some(power)) if (-EXACT..=EXACT).contains(&mantissa) => float / power,
        _ => value.to_string().parse().unwrap_or(f64::NAN),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_text_is_kept_digit_for_digit() {
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
            let error = exact_from_text(text).unwrap_err();
            assert!(error.contains("28 significant digits"), "{error}");
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
