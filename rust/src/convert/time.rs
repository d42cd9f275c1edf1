//! Times and lengths of time. barter holds nanoseconds, `datetime` microseconds: `..._ns` twins give the rest.

use super::text::{quoted, shown};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use pyo3::{
    PyTypeInfo,
    exceptions::{PyOverflowError, PyTypeError, PyUserWarning, PyValueError},
    prelude::*,
    sync::PyOnceLock,
    types::{PyBool, PyDateTime, PyDelta, PyInt, PyString},
};
use pyo3_stub_gen::{PyStubType, TypeInfo, derive::gen_stub_pyfunction};
use std::ffi::CString;

/// Any aware `datetime`, an `int` of nanoseconds since 1970, or RFC 3339 text as in barter's JSON, in;
/// an aware UTC `datetime` out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct UtcTime(pub DateTime<Utc>);

impl<'a, 'py> FromPyObject<'a, 'py> for UtcTime {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        static UTC: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let py = object.py();
        if object.is_instance_of::<PyInt>() && !object.is_instance_of::<PyBool>() {
            return from_nanos(&object);
        }
        if let Ok(text) = object.cast::<PyString>() {
            return from_text(&text.to_cow()?);
        }
        let Ok(datetime) = object.cast::<PyDateTime>() else {
            // Such as `numpy.int64`.
            if let Some(index) = whole_number(&object)? {
                return from_nanos(&index);
            }
            return Err(PyTypeError::new_err(format!(
                "expected an aware datetime.datetime, or an int of nanoseconds since 1970, or RFC 3339 \
                 text, got {} {}",
                object.get_type().name()?,
                shown(&object)?
            )));
        };
        if datetime.getattr(pyo3::intern!(py, "tzinfo"))?.is_none() {
            return Err(PyValueError::new_err(format!(
                "{} has no time zone: give it a tzinfo, such as datetime.timezone.utc",
                shown(datetime.as_any())?
            )));
        }
        let utc = UTC.get_or_try_init(py, || {
            PyResult::Ok(
                py.import("datetime")?
                    .getattr("timezone")?
                    .getattr("utc")?
                    .unbind(),
            )
        })?;
        match datetime.call_method1(pyo3::intern!(py, "astimezone"), (utc,)) {
            Ok(time) => {
                let time: DateTime<Utc> = time.extract()?;
                let beyond = beyond_microseconds::<PyDateTime>(&object, "nanosecond")?;
                // A second has room for them.
                Ok(Self(time.checked_add_signed(beyond).unwrap_or(time)))
            }
            Err(error) if error.is_instance_of::<PyOverflowError>(py) => {
                Err(PyValueError::new_err(format!(
                    "{} is outside the years 1 to 9999 in UTC",
                    datetime.str()?.to_string_lossy()
                )))
            }
            Err(error) => Err(error),
        }
    }
}

/// A length of time: a `timedelta`, with the nanoseconds of a subclass that has some.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Length(pub TimeDelta);

impl<'py> IntoPyObject<'py> for Length {
    type Target = PyDelta;
    type Output = Bound<'py, PyDelta>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        self.0.into_pyobject(py)
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for Length {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let length: TimeDelta = object.extract()?;
        let beyond = beyond_microseconds::<PyDelta>(&object, "nanoseconds")?;
        length
            .checked_add(&beyond)
            .map(Self)
            .ok_or_else(|| PyValueError::new_err(format!("{length} is too long")))
    }
}

impl PyStubType for Length {
    fn type_output() -> TypeInfo {
        TimeDelta::type_output()
    }
}

impl Length {
    /// The length in nanoseconds.
    pub fn nanos(self) -> PyResult<i64> {
        let Self(length) = self;
        length
            .num_nanoseconds()
            .ok_or_else(|| PyValueError::new_err(format!("{length} is too long")))
    }
}

/// Gives a length of time in nanoseconds.
///
/// Parameters
/// ----------
/// length : timedelta
///     The length; a subclass may have `nanoseconds` beyond its microseconds, as pandas' `Timedelta` has.
///
/// Raises
/// ------
/// ValueError
///     If the `nanoseconds` of a subclass are not from 0 to 999.
#[gen_stub_pyfunction(module = "barter_python._core")]
#[pyfunction]
pub fn nanoseconds_of(length: Length) -> i128 {
    let Length(length) = length;
    // Neither overflows: a length has at most 63 bits of seconds.
    i128::from(length.num_seconds())
        .saturating_mul(1_000_000_000)
        .saturating_add(length.subsec_nanos().into())
}

/// What a subclass, such as pandas' `Timestamp` and `Timedelta`, holds beyond the microseconds of its base.
fn beyond_microseconds<Base: PyTypeInfo>(
    object: &Bound<'_, PyAny>,
    attribute: &str,
) -> PyResult<TimeDelta> {
    if object.is_exact_instance_of::<Base>() {
        return Ok(TimeDelta::zero());
    }
    let Some(beyond) = object.getattr_opt(attribute)? else {
        return Ok(TimeDelta::zero());
    };
    match beyond.extract() {
        Ok(nanos @ 0..1_000) => Ok(TimeDelta::nanoseconds(nanos)),
        Ok(_) | Err(_) => Err(PyValueError::new_err(format!(
            "{}.{attribute} must be from 0 to 999, got {}",
            object.get_type().name()?,
            shown(&beyond)?
        ))),
    }
}

fn from_nanos(number: &Bound<'_, PyAny>) -> PyResult<UtcTime> {
    match number.extract() {
        Ok(nanos) => Ok(UtcTime(datetime_from_nanos(nanos))),
        Err(_) => Err(PyValueError::new_err(format!(
            "{} nanoseconds since 1970 are outside the years 1677 to 2262",
            shown(number)?
        ))),
    }
}

fn from_text(text: &str) -> PyResult<UtcTime> {
    let wrong = |error: String| {
        let text = quoted(text);
        PyValueError::new_err(format!("{text} is not a time as of RFC 3339: {error}"))
    };
    let time = DateTime::parse_from_rfc3339(text).map_err(|error| wrong(error.to_string()))?;
    if is_finer_than_nanoseconds(text) {
        return Err(wrong("it has more digits than nanoseconds have".to_owned()));
    }
    let time = time.to_utc();
    if is_leap_second(time) {
        return Err(wrong(NO_LEAP_SECONDS.to_owned()));
    }
    Ok(UtcTime(time))
}

/// What the object is as an index, if it is one; a `bool` is none.
fn whole_number<'py>(object: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = object.py();
    if object.is_instance_of::<PyBool>()
        || object
            .get_type()
            .getattr_opt(pyo3::intern!(py, "__index__"))?
            .is_none()
    {
        return Ok(None);
    }
    let index = py
        .import(pyo3::intern!(py, "operator"))?
        .getattr(pyo3::intern!(py, "index"))?;
    index.call1((object,)).map(Some)
}

/// Whether the text of a time has digits beyond the nanoseconds, which chrono drops.
pub fn is_finer_than_nanoseconds(text: &str) -> bool {
    let Some((_, fraction)) = text.split_once('.') else {
        return false;
    };
    let digits = fraction.bytes().take_while(u8::is_ascii_digit);
    digits.skip(9).any(|digit| digit != b'0')
}

const NO_LEAP_SECONDS: &str = "a leap second has no place among nanoseconds since 1970";

/// chrono keeps a leap second as more nanoseconds than a second has.
fn is_leap_second(time: DateTime<Utc>) -> bool {
    time.timestamp_subsec_nanos() >= 1_000_000_000
}

/// Refuses a time that nanoseconds since 1970 cannot hold.
pub fn check_time(name: &str, time: DateTime<Utc>) -> Result<(), String> {
    if is_leap_second(time) {
        return Err(format!("{name} {time}: {NO_LEAP_SECONDS}"));
    }
    if time.timestamp_nanos_opt().is_none() {
        return Err(format!("{name} {time} is outside the years 1677 to 2262"));
    }
    Ok(())
}

impl<'py> IntoPyObject<'py> for UtcTime {
    type Target = PyDateTime;
    type Output = Bound<'py, PyDateTime>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        self.0.into_pyobject(py)
    }
}

impl PyStubType for UtcTime {
    fn type_output() -> TypeInfo {
        TypeInfo::with_module("datetime.datetime", "datetime".into())
    }

    fn type_input() -> TypeInfo {
        Self::type_output() | TypeInfo::builtin("int") | TypeInfo::builtin("str")
    }
}

/// Nanoseconds since 1970 in UTC; an error outside the years 1677 to 2262.
pub fn nanos(time: DateTime<Utc>) -> PyResult<i64> {
    time.timestamp_nanos_opt().ok_or_else(|| {
        PyValueError::new_err(format!(
            "{time} has no representation in nanoseconds since 1970"
        ))
    })
}

/// The time that is `nanos` nanoseconds after 1970 in UTC.
pub const fn datetime_from_nanos(nanos: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_nanos(nanos)
}

/// From 2000 to 2100 in seconds since 1970.
const PLAUSIBLE: std::ops::Range<i64> = 946_684_800..4_102_444_800;

/// Warns where a time looks like a whole number of a larger unit that was taken for nanoseconds: as
/// such, all of this century is in the first days of 1970.
pub fn warn_of_unit(py: Python<'_>, what: &str, time: DateTime<Utc>) -> PyResult<()> {
    let Some(nanos) = time.timestamp_nanos_opt() else {
        return Ok(());
    };
    for (unit, in_a_second) in [
        ("seconds", 1),
        ("milliseconds", 1_000),
        ("microseconds", 1_000_000),
    ] {
        if nanos
            .checked_div(in_a_second)
            .is_some_and(|seconds| PLAUSIBLE.contains(&seconds))
        {
            let factor = 1_000_000_000_i64.checked_div(in_a_second).unwrap_or(1);
            let text = format!(
                "{what} is {}: a whole number counts nanoseconds since 1970, and {nanos} looks like \
                 {unit}; multiply by {factor}",
                time_text(time)
            );
            let text = CString::new(text)?;
            return PyErr::warn(py, &py.get_type::<PyUserWarning>(), &text, 1);
        }
    }
    Ok(())
}

/// RFC 3339 in UTC, as in barter's JSON.
pub fn time_text(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
