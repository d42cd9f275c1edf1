//! Times and durations. barter holds nanoseconds, `datetime` microseconds: `..._ns` twins give the rest.

use chrono::{DateTime, SecondsFormat, Utc};
use pyo3::{
    exceptions::{PyOverflowError, PyTypeError, PyValueError},
    prelude::*,
    sync::PyOnceLock,
    types::{PyBool, PyDateTime, PyInt, PyString},
};
use pyo3_stub_gen::{PyStubType, TypeInfo};

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
            let nanos: i64 = object.extract().map_err(|_| {
                PyValueError::new_err(format!(
                    "{} nanoseconds since 1970 are outside the years 1677 to 2262",
                    *object
                ))
            })?;
            return Ok(Self(datetime_from_nanos(nanos)));
        }
        if let Ok(text) = object.cast::<PyString>() {
            let time = DateTime::parse_from_rfc3339(&text.to_cow()?).map_err(|error| {
                PyValueError::new_err(format!("{text:?} is not a time as of RFC 3339: {error}"))
            })?;
            return Ok(Self(time.to_utc()));
        }
        let datetime = object.cast::<PyDateTime>().map_err(|_| {
            PyTypeError::new_err(format!(
                "expected an aware datetime.datetime, or an int of nanoseconds since 1970, or RFC 3339 text, got {}",
                object.get_type()
            ))
        })?;
        if datetime.getattr(pyo3::intern!(py, "tzinfo"))?.is_none() {
            return Err(PyValueError::new_err(format!(
                "{} has no time zone: give it a tzinfo, such as datetime.timezone.utc",
                datetime.repr()?
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
        let time = datetime
            .call_method1(pyo3::intern!(py, "astimezone"), (utc,))
            .map_err(|error| {
                if error.is_instance_of::<PyOverflowError>(py) {
                    PyValueError::new_err(format!(
                        "{} is outside the years 1 to 9999 in UTC",
                        *datetime
                    ))
                } else {
                    error
                }
            })?;
        Ok(Self(time.extract()?))
    }
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

/// RFC 3339 in UTC, as in barter's JSON.
pub fn time_text(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
