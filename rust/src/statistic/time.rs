//! Intervals: the module `barter::statistic::time`.

use crate::convert::{EnumText, Length, py_enum, shown};
use barter::statistic::time::{Annual252, Annual365, Daily, TimeInterval as BarterTimeInterval};
use chrono::TimeDelta;
use pyo3::{
    IntoPyObjectExt,
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    types::PyDelta,
};
use pyo3_stub_gen::{PyStubType, TypeInfo};
use serde::{Serialize, Serializer};
use smol_str::SmolStr;
use std::fmt;

/// barter's named intervals.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum TimeInterval {
    /// `barter::statistic::time::Daily`
    Daily,
    /// `barter::statistic::time::Annual252`
    Annual252,
    /// `barter::statistic::time::Annual365`
    Annual365,
}

py_enum! {
    /// The time that ratios and returns are scaled to (`barter::statistic::time`).
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import TimeInterval
    /// >>> [interval.value for interval in TimeInterval]
    /// ['daily', 'annual_252', 'annual_365']
    pub enum PyTimeInterval(TimeInterval) as "TimeInterval" {
        /// A day.
        DAILY = "daily" => TimeInterval::Daily,
        /// A year of 252 days, as of traditional markets.
        ANNUAL_252 = "annual_252" => TimeInterval::Annual252,
        /// A year of 365 days.
        ANNUAL_365 = "annual_365" => TimeInterval::Annual365,
    }
}

/// The types that implement barter's trait `TimeInterval`: a named interval, or any length of time.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Interval {
    /// One of barter's names.
    Named(TimeInterval),
    /// A positive length.
    Length(TimeDelta),
}

impl BarterTimeInterval for Interval {
    fn name(&self) -> SmolStr {
        match self {
            Self::Named(TimeInterval::Daily) => Daily.name(),
            Self::Named(TimeInterval::Annual252) => Annual252.name(),
            Self::Named(TimeInterval::Annual365) => Annual365.name(),
            Self::Length(length) => length.name(),
        }
    }

    fn interval(&self) -> TimeDelta {
        match self {
            Self::Named(TimeInterval::Daily) => Daily.interval(),
            Self::Named(TimeInterval::Annual252) => Annual252.interval(),
            Self::Named(TimeInterval::Annual365) => Annual365.interval(),
            Self::Length(length) => length.interval(),
        }
    }
}

impl Interval {
    /// The default interval of ratios.
    pub const ANNUAL_365: Self = Self::Named(TimeInterval::Annual365);

    /// Refuses fractions of a second, which barter's summaries would cut off.
    pub fn in_whole_seconds(self) -> PyResult<Self> {
        if self.interval().subsec_nanos() == 0 {
            return Ok(self);
        }
        Err(PyValueError::new_err(format!(
            "interval must be of whole seconds, which is what barter's summaries count, got {}",
            seconds_text(self)
        )))
    }
}

/// Two intervals in whole seconds, the only part that barter's `scale` reads, with an unchanged quotient: if
/// one has a fraction of a second, both are counted in microseconds.
pub fn comparable(current: Interval, target: Interval) -> PyResult<(TimeDelta, TimeDelta)> {
    let lengths = (current.interval(), target.interval());
    if lengths.0.subsec_nanos() == 0 && lengths.1.subsec_nanos() == 0 {
        return Ok(lengths);
    }
    let enlarged = |length: TimeDelta| length.num_microseconds().and_then(TimeDelta::try_seconds);
    enlarged(lengths.0).zip(enlarged(lengths.1)).ok_or_else(|| {
        PyValueError::new_err(format!(
            "intervals with fractions of a second must be below 292 years, got {} and {}",
            seconds_text(current),
            seconds_text(target)
        ))
    })
}

fn seconds_text(interval: Interval) -> String {
    let length = interval.interval();
    format!("{} s", length.as_seconds_f64())
}

impl<'a, 'py> FromPyObject<'a, 'py> for Interval {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(PyTimeInterval(named)) = object.extract() {
            return Ok(Self::Named(named));
        }
        if !object.is_instance_of::<PyDelta>() {
            return Err(PyTypeError::new_err(format!(
                "expected a member of TimeInterval or a datetime.timedelta, got {}",
                shown(&object)?
            )));
        }
        let Length(length) = object.extract()?;
        if length.subsec_nanos() % 1_000 != 0 {
            return Err(PyValueError::new_err(format!(
                "must be of whole microseconds, got {}",
                shown(&object)?
            )));
        }
        if length <= TimeDelta::zero() {
            return Err(PyValueError::new_err(format!(
                "must be positive, got {}",
                shown(&object)?
            )));
        }
        Ok(Self::Length(length))
    }
}

impl<'py> IntoPyObject<'py> for Interval {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        match self {
            Self::Named(named) => PyTimeInterval(named).into_pyobject(py),
            Self::Length(length) => length.into_bound_py_any(py),
        }
    }
}

impl Serialize for Interval {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Named(named) => serializer.serialize_str(PyTimeInterval(*named).text()),
            Self::Length(length) => serializer.collect_str(&LengthText(*length)),
        }
    }
}

/// A positive length of time as `str(timedelta)` writes it, such as `1 day, 2:03:04.000005`.
struct LengthText(TimeDelta);

impl fmt::Display for LengthText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(length) = self;
        let days = length.num_days();
        let part = |whole: i64, of: i64| whole.checked_rem(of).unwrap_or_default();
        match days {
            0 => {}
            1 => formatter.write_str("1 day, ")?,
            _ => write!(formatter, "{days} days, ")?,
        }
        let (hours, minutes) = (part(length.num_hours(), 24), part(length.num_minutes(), 60));
        let seconds = part(length.num_seconds(), 60);
        write!(formatter, "{hours}:{minutes:02}:{seconds:02}")?;
        match length.subsec_micros() {
            0 => Ok(()),
            micros => write!(formatter, ".{micros:06}"),
        }
    }
}

impl PyStubType for Interval {
    fn type_output() -> TypeInfo {
        PyTimeInterval::type_output() | TimeDelta::type_output()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_written_as_python_writes_them() {
        for (micros, text) in [
            (1, "0:00:00.000001"),
            (3_661_000_000, "1:01:01"),
            (86_400_000_000, "1 day, 0:00:00"),
            (172_800_000_000 + 36_000_500_000, "2 days, 10:00:00.500000"),
        ] {
            assert_eq!(
                LengthText(TimeDelta::microseconds(micros)).to_string(),
                text
            );
        }
    }

    #[test]
    fn intervals_are_barters() {
        for (ours, barters) in [
            (TimeInterval::Daily, (Daily.name(), Daily.interval())),
            (
                TimeInterval::Annual252,
                (Annual252.name(), Annual252.interval()),
            ),
            (
                TimeInterval::Annual365,
                (Annual365.name(), Annual365.interval()),
            ),
        ] {
            let ours = Interval::Named(ours);
            assert_eq!((ours.name(), ours.interval()), barters);
        }
        let hour = TimeDelta::hours(1);
        let ours = Interval::Length(hour);
        assert_eq!((ours.name(), ours.interval()), (hour.name(), hour));
    }

    #[test]
    fn whole_seconds_are_given_to_barter_as_they_are() {
        let whole = Interval::Length(TimeDelta::seconds(90));
        let half = Interval::Length(TimeDelta::milliseconds(500));
        let year = Interval::Named(TimeInterval::Annual365);
        assert_eq!(
            comparable(whole, year).unwrap(),
            (TimeDelta::seconds(90), TimeDelta::days(365))
        );
        assert_eq!(
            comparable(half, whole).unwrap(),
            (TimeDelta::seconds(500_000), TimeDelta::seconds(90_000_000))
        );
    }
}
