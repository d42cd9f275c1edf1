//! Times of tables: whole numbers of a unit, text, and timestamps.

use super::cell::Cell;
use crate::convert::{py_enum, quoted};
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime};
use rust_decimal::{Decimal, prelude::ToPrimitive};

/// What a whole number counts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum TimeUnit {
    /// Seconds.
    Seconds,
    /// Thousandths of a second.
    Milliseconds,
    /// Millionths of a second.
    Microseconds,
    /// Billionths of a second.
    Nanoseconds,
}

py_enum! {
    /// What whole numbers in a column of times count since 1970 in UTC.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python.data import TimeUnit
    /// >>> [unit.value for unit in TimeUnit]
    /// ['s', 'ms', 'us', 'ns']
    pub enum PyTimeUnit(TimeUnit) as "TimeUnit" {
        /// Seconds.
        SECONDS = "s" => TimeUnit::Seconds,
        /// Thousandths of a second.
        MILLISECONDS = "ms" => TimeUnit::Milliseconds,
        /// Millionths of a second.
        MICROSECONDS = "us" => TimeUnit::Microseconds,
        /// Billionths of a second.
        NANOSECONDS = "ns" => TimeUnit::Nanoseconds,
    }
}

impl TimeUnit {
    const ALL: [Self; 4] = [
        Self::Seconds,
        Self::Milliseconds,
        Self::Microseconds,
        Self::Nanoseconds,
    ];

    const fn nanos(self) -> i64 {
        match self {
            Self::Seconds => 1_000_000_000,
            Self::Milliseconds => 1_000_000,
            Self::Microseconds => 1_000,
            Self::Nanoseconds => 1,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Seconds => "SECONDS",
            Self::Milliseconds => "MILLISECONDS",
            Self::Microseconds => "MICROSECONDS",
            Self::Nanoseconds => "NANOSECONDS",
        }
    }

    /// Whether so many of the unit since 1970 are a time from 2000 to 2100.
    fn is_plausible(self, number: i128) -> bool {
        const SECONDS: std::ops::Range<i128> = 946_684_800..4_102_444_800;
        let nanos = number.checked_mul(self.nanos().into());
        nanos
            .and_then(|nanos| nanos.checked_div(1_000_000_000))
            .is_some_and(|seconds| SECONDS.contains(&seconds))
    }

    /// The unit in which the number is a time of this century.
    fn of_size(number: i128) -> Option<Self> {
        let mut units = Self::ALL.into_iter();
        units.find(|unit| unit.is_plausible(number))
    }
}

/// How a file says its times.
#[derive(Clone, Debug)]
pub struct Clock {
    /// What whole numbers count, if it is given.
    pub unit: Option<TimeUnit>,
    /// Whether the size of the first number of each file says what the numbers of the file count.
    pub is_by_size: bool,
    /// Whether times without a zone are in UTC.
    pub assume_utc: bool,
    /// What the numbers of this file count.
    found: Option<TimeUnit>,
}

impl Clock {
    pub const fn new(unit: Option<TimeUnit>, is_by_size: bool, assume_utc: bool) -> Self {
        Self {
            unit,
            is_by_size,
            assume_utc,
            found: None,
        }
    }

    /// The next file may count in another unit.
    pub const fn start_file(&mut self) {
        self.found = None;
    }

    /// Nanoseconds since 1970 in UTC.
    pub fn nanos(&mut self, cell: Cell<'_>) -> Result<i64, String> {
        match cell {
            Cell::Time(nanos) => Ok(nanos),
            Cell::LocalTime(nanos) if self.assume_utc => Ok(nanos),
            Cell::LocalTime(_) => Err(format!(
                "has times without a zone: give them one, such as by .dt.replace_time_zone(\"UTC\") \
                 (polars) or .dt.tz_localize(\"UTC\") (pandas), {OR_ASSUME}"
            )),
            Cell::Whole(number) => self.of_whole(number),
            Cell::Exact(number) => self.of_decimal(number),
            Cell::Text(text) => self.of_text(text),
            Cell::Float(_) => Err(format!(
                "holds {}, but a float holds no exact time: give timestamps or whole numbers",
                cell.shown()
            )),
            Cell::Missing => Err("is empty, but needs a time".to_owned()),
            Cell::Truth(_) => Err(format!("holds {}, but needs a time", cell.shown())),
        }
    }

    fn of_whole(&mut self, number: i128) -> Result<i64, String> {
        let unit = self.unit_of(number)?;
        number
            .checked_mul(unit.nanos().into())
            .and_then(|nanos| i64::try_from(nanos).ok())
            .ok_or_else(|| {
                let unit = unit.name().to_lowercase();
                format!("{number} {unit} since 1970 are outside the years 1677 to 2262")
            })
    }

    /// What a whole number counts.
    fn unit_of(&mut self, number: i128) -> Result<TimeUnit, String> {
        let likely = TimeUnit::of_size(number);
        if self.is_by_size {
            let Some(unit) = likely else {
                return Err(format!(
                    "{number} is no time from 2000 to 2100, in no unit from seconds to nanoseconds"
                ));
            };
            return match *self.found.get_or_insert(unit) {
                found if found == unit => Ok(unit),
                found => Err(format!(
                    "{number} counts {}, but the times before it in this file count {}: a file has \
                     one unit",
                    unit.name().to_lowercase(),
                    found.name().to_lowercase()
                )),
            };
        }
        let looks = |unit: TimeUnit| format!("it looks like unit=TimeUnit.{}", unit.name());
        match (self.unit, likely) {
            (Some(unit), Some(other)) if !unit.is_plausible(number) => Err(format!(
                "{number} is no time from 2000 to 2100 in {}: {}",
                unit.name().to_lowercase(),
                looks(other)
            )),
            (Some(unit), _) => Ok(unit),
            (None, other) => Err(format!(
                "{number} is a whole number: say what it counts since 1970 by the argument unit; {}",
                other.map_or_else(|| "such as unit=TimeUnit.MILLISECONDS".to_owned(), looks)
            )),
        }
    }

    /// A time such as 1742943900.123 seconds.
    fn of_decimal(&mut self, number: Decimal) -> Result<i64, String> {
        let whole = number.trunc().to_i128().unwrap_or(i128::MAX);
        if number.is_integer() {
            return self.of_whole(whole);
        }
        let unit = self.unit_of(whole)?;
        let nanos = number.checked_mul(unit.nanos().into());
        nanos
            .filter(Decimal::is_integer)
            .and_then(|nanos| nanos.to_i64())
            .ok_or_else(|| {
                let unit = unit.name().to_lowercase();
                format!("{number} {unit} since 1970 are no whole number of nanoseconds")
            })
    }

    fn of_text(&mut self, text: &str) -> Result<i64, String> {
        if let Ok(number) = text.parse::<i64>() {
            return self.of_whole(number.into());
        }
        if text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-')
            && let Ok(number) = Decimal::from_str_exact(text)
        {
            return self.of_decimal(number);
        }
        let outside = || format!("{} is outside the years 1677 to 2262", quoted(text));
        if let Some(time) = with_zone(text) {
            let is_leap_second = time.timestamp_subsec_nanos() >= 1_000_000_000;
            return match time.timestamp_nanos_opt() {
                Some(nanos) if !is_leap_second => Ok(nanos),
                Some(_) => Err(format!(
                    "{}: a leap second has no place among nanoseconds since 1970",
                    quoted(text)
                )),
                None => Err(outside()),
            };
        }
        let Some(local) = without_zone(text) else {
            return Err(format!(
                "{} is no time: give a number, or text as of RFC 3339, such as \
                 2025-03-25T23:07:00.123Z",
                quoted(text)
            ));
        };
        if !self.assume_utc {
            return Err(format!(
                "{} has no time zone: write it as {}, {OR_ASSUME}",
                quoted(text),
                quoted(&format!("{text}Z"))
            ));
        }
        local.and_utc().timestamp_nanos_opt().ok_or_else(outside)
    }
}

const OR_ASSUME: &str = "or say assume_utc=True";

/// With a zone as of RFC 3339, or as polars writes it in CSV: `+0000`.
fn with_zone(text: &str) -> Option<DateTime<FixedOffset>> {
    let known = DateTime::parse_from_rfc3339(text);
    let known = known.or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z"));
    known.ok()
}

fn without_zone(text: &str) -> Option<NaiveDateTime> {
    ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
        .or_else(|| {
            NaiveDate::parse_from_str(text, "%Y-%m-%d")
                .ok()?
                .and_hms_opt(0, 0, 0)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NANOS: i64 = 1_742_943_900_123_000_000;

    fn by(unit: TimeUnit) -> Clock {
        Clock::new(Some(unit), false, false)
    }

    #[test]
    fn numbers_count_the_unit() {
        use TimeUnit::{Microseconds, Milliseconds, Nanoseconds, Seconds};
        for (unit, text) in [
            (Seconds, "1742943900.123"),
            (Milliseconds, "1742943900123"),
            (Milliseconds, "1742943900123.000"),
            (Microseconds, "1742943900123000"),
            (Nanoseconds, "1742943900123000000"),
        ] {
            assert_eq!(by(unit).nanos(Cell::Text(text)), Ok(NANOS), "{text}");
        }
        assert_eq!(by(Seconds).nanos(Cell::Whole(-1)), Ok(-1_000_000_000));
    }

    #[test]
    fn numbers_of_another_unit_are_refused() {
        let wrong = by(TimeUnit::Microseconds).nanos(Cell::Whole(1_742_943_900_123));
        assert!(wrong.unwrap_err().contains("unit=TimeUnit.MILLISECONDS"));
        let wrong = Clock::new(None, false, false).nanos(Cell::Whole(1_742_943_900_123));
        assert!(
            wrong
                .unwrap_err()
                .contains("it looks like unit=TimeUnit.MILLISECONDS")
        );
        let wrong = by(TimeUnit::Seconds).nanos(Cell::Text("1742943900.1234567891"));
        assert!(wrong.unwrap_err().contains("whole number of nanoseconds"));
        assert!(by(TimeUnit::Seconds).nanos(Cell::Whole(1 << 90)).is_err());
        assert!(by(TimeUnit::Seconds).nanos(Cell::Float(1e9)).is_err());
    }

    #[test]
    fn a_file_has_one_unit_and_the_next_may_have_another() {
        let mut clock = Clock::new(None, true, false);
        assert_eq!(clock.nanos(Cell::Text("1742943900123")), Ok(NANOS));
        let mixed = clock.nanos(Cell::Text("1742943900123000")).unwrap_err();
        assert!(mixed.contains("counts microseconds"), "{mixed}");
        clock.start_file();
        assert_eq!(clock.nanos(Cell::Text("1742943900123000")), Ok(NANOS));
        assert!(clock.nanos(Cell::Whole(12)).is_err());
    }

    #[test]
    fn text_needs_a_zone_or_the_word_that_it_is_utc() {
        let mut strict = Clock::new(None, false, false);
        for text in [
            "2025-03-25T23:05:00.123Z",
            "2025-03-26 00:05:00.123+01:00",
            "2025-03-25T23:05:00.123000000+0000",
            "2025-03-26T00:05:00.123+0100",
        ] {
            assert_eq!(strict.nanos(Cell::Text(text)), Ok(NANOS), "{text}");
        }
        let mut assuming = Clock::new(None, false, true);
        for text in ["2025-03-25T23:05:00.123", "2025-03-25 23:05:00.123000"] {
            let wrong = strict.nanos(Cell::Text(text)).unwrap_err();
            assert!(wrong.contains("assume_utc=True"), "{wrong}");
            assert_eq!(assuming.nanos(Cell::Text(text)), Ok(NANOS), "{text}");
        }
        assert_eq!(
            assuming.nanos(Cell::Text("1970-01-02")),
            Ok(86_400_000_000_000)
        );
        assert!(
            strict
                .nanos(Cell::LocalTime(0))
                .unwrap_err()
                .contains("tz_localize")
        );
        assert_eq!(assuming.nanos(Cell::LocalTime(5)), Ok(5));
        for text in [
            "yesterday",
            "2016-12-31T23:59:60Z",
            "2300-01-01T00:00:00Z",
            "-",
            "1.2.3",
        ] {
            assert!(strict.nanos(Cell::Text(text)).is_err(), "{text}");
        }
    }
}
