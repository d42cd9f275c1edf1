//! The values of results for serde: as JSON that a reader of any language takes, and as bytes for pickles.
//!
//! JSON has decimals and times as text, so that no digit is lost. Bytes have what the value consists of.

use super::{
    decimal::{Dec, decimal_text},
    object::{Named, UnderlyingIndices},
    time::UtcTime,
};
use arrayvec::{ArrayString, CapacityError};
use chrono::{DateTime, Datelike, Timelike, Utc};
use pyo3::{exceptions::PyValueError, prelude::*};
use rust_decimal::Decimal;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeOwned, Error as _},
    ser::{Error as _, SerializeMap},
};

/// What the bytes of `pack` begin with.
const MAGIC: [u8; 4] = *b"bpr\0";

/// The form of the bytes: another one if a class gains, loses or moves a field.
const FORMAT: u16 = 1;

/// Packs values for a pickle: what they are, the form, a checksum and the values.
pub fn pack<T: Serialize + ?Sized>(values: &T) -> PyResult<Vec<u8>> {
    let wrong = |error: postcard::Error| PyValueError::new_err(error.to_string());
    let values = postcard::to_allocvec(values).map_err(wrong)?;
    let mut packed = MAGIC.to_vec();
    packed.extend(FORMAT.to_le_bytes());
    packed.extend(crc32fast::hash(&values).to_le_bytes());
    packed.extend(values);
    Ok(packed)
}

/// Reads what `pack` has written, of this form only.
pub fn unpack<T: DeserializeOwned>(packed: &[u8]) -> PyResult<T> {
    let damaged = || {
        PyValueError::new_err("the pickle is damaged: these are not the bytes that were written")
    };
    let (magic, rest) = packed.split_first_chunk::<4>().ok_or_else(damaged)?;
    let (format, rest) = rest.split_first_chunk::<2>().ok_or_else(damaged)?;
    let (checksum, values) = rest.split_first_chunk::<4>().ok_or_else(damaged)?;
    if *magic != MAGIC {
        return Err(damaged());
    }
    let format = u16::from_le_bytes(*format);
    if format != FORMAT {
        return Err(PyValueError::new_err(format!(
            "the pickle is of form {format}, and this version of barter_python reads form {FORMAT}: \
             unpickle it with the version that wrote it, and keep results as to_json() or as tables"
        )));
    }
    if u32::from_le_bytes(*checksum) != crc32fast::hash(values) {
        return Err(damaged());
    }
    match postcard::take_from_bytes(values) {
        Ok((values, [])) => Ok(values),
        Ok(_) | Err(_) => Err(damaged()),
    }
}

impl Serialize for Dec {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // As Python sees it, which knows no minus zero of barter's.
        let Self(mut decimal) = *self;
        if decimal.is_zero() {
            decimal.set_sign_positive(true);
        }
        if !serializer.is_human_readable() {
            return (decimal.mantissa(), decimal.scale()).serialize(serializer);
        }
        serializer.serialize_str(&decimal_text(decimal).map_err(S::Error::custom)?)
    }
}

impl<'de> Deserialize<'de> for Dec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (mantissa, scale) = Deserialize::deserialize(deserializer)?;
        let decimal = Decimal::try_from_i128_with_scale(mantissa, scale);
        decimal.map(Self).map_err(D::Error::custom)
    }
}

/// The date, the time of day, nine digits of nanoseconds, a point and a `Z`.
const LONGEST_TIME: usize = 40;

type TimeText = ArrayString<LONGEST_TIME>;

/// Adds the last `count` digits of a number; `write!` takes several times as long.
fn push_digits(text: &mut TimeText, number: u32, count: u32) -> Result<(), CapacityError<char>> {
    for place in (0..count).rev() {
        let digit = number
            .checked_div(10_u32.saturating_pow(place))
            .unwrap_or(0)
            % 10;
        text.try_push(char::from_digit(digit, 10).unwrap_or('0'))?;
    }
    Ok(())
}

/// RFC 3339 in UTC, with as many digits of the second as are not zero at the end; a year has four digits.
fn shortest_text(time: DateTime<Utc>) -> Result<TimeText, CapacityError<char>> {
    let time = time.naive_utc();
    let mut text = TimeText::new();
    push_digits(&mut text, time.year().unsigned_abs(), 4)?;
    for (before, number) in [
        ('-', time.month()),
        ('-', time.day()),
        ('T', time.hour()),
        (':', time.minute()),
        (':', time.second()),
    ] {
        text.try_push(before)?;
        push_digits(&mut text, number, 2)?;
    }
    let (mut fraction, mut digits) = (time.nanosecond(), 9_u32);
    while digits > 0 && fraction.is_multiple_of(10) {
        fraction /= 10;
        digits = digits.saturating_sub(1);
    }
    if digits > 0 {
        text.try_push('.')?;
        push_digits(&mut text, fraction, digits)?;
    }
    text.try_push('Z')?;
    Ok(text)
}

impl Serialize for UtcTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(time) = *self;
        if !serializer.is_human_readable() {
            return (time.timestamp(), time.timestamp_subsec_nanos()).serialize(serializer);
        }
        // The years that nanoseconds hold, as of the times that Python gives.
        super::check_time("time", time).map_err(S::Error::custom)?;
        serializer.serialize_str(&shortest_text(time).map_err(S::Error::custom)?)
    }
}

impl<'de> Deserialize<'de> for UtcTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (seconds, nanos) = Deserialize::deserialize(deserializer)?;
        let time = DateTime::from_timestamp(seconds, nanos).map(Self);
        time.ok_or_else(|| D::Error::custom("no such time"))
    }
}

impl<T: Serialize> Serialize for Named<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl Serialize for UnderlyingIndices {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_the_digits_that_are_not_zero_at_the_end() {
        for (nanos, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (1, "1970-01-01T00:00:00.000000001Z"),
            (-1, "1969-12-31T23:59:59.999999999Z"),
            (1_500_000_000, "1970-01-01T00:00:01.5Z"),
            (120_000, "1970-01-01T00:00:00.00012Z"),
            (i64::MAX, "2262-04-11T23:47:16.854775807Z"),
            (i64::MIN, "1677-09-21T00:12:43.145224192Z"),
        ] {
            let time = DateTime::from_timestamp_nanos(nanos);
            assert_eq!(shortest_text(time).unwrap().as_str(), text);
        }
    }

    #[test]
    fn every_decimal_and_time_comes_back() {
        for text in [
            "0",
            "-0.00",
            "0.0000000000000000000000000001",
            "1.50",
            "79228162514264337593543950335",
            "-79228162514264337593543950335",
            "-7.9228162514264337593543950335",
        ] {
            let given: Decimal = text.parse().unwrap();
            let Dec(read) =
                postcard::from_bytes(&postcard::to_allocvec(&Dec(given)).unwrap()).unwrap();
            assert_eq!((read, read.scale()), (given, given.scale()));
        }
        for time in [
            DateTime::<Utc>::MIN_UTC,
            DateTime::UNIX_EPOCH,
            DateTime::<Utc>::MAX_UTC,
        ] {
            let packed = postcard::to_allocvec(&UtcTime(time)).unwrap();
            assert_eq!(postcard::from_bytes::<UtcTime>(&packed).unwrap().0, time);
        }
    }
}
