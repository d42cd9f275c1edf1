//! Numbers of JSON, without losing a digit.

use crate::convert::{cut, exact_from_text};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::value::RawValue;

/// A decimal from a JSON number or from a JSON string that holds one, digit for digit; written as text.
pub struct Exact(pub Decimal);

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The digits as they stand: serde_json itself makes a float of them.
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        let number = match raw.as_bytes().first() {
            Some(b'"') => match raw.get(1..raw.len().saturating_sub(1)) {
                Some(plain) if !plain.contains('\\') => exact_from_text(plain),
                Some(_) | None => {
                    let text: String = serde_json::from_str(raw).map_err(de::Error::custom)?;
                    exact_from_text(&text)
                }
            },
            Some(b'-' | b'0'..=b'9') => exact_from_text(raw),
            Some(_) | None => Err(format!(
                "{} is not a number, or a string that holds one",
                cut(raw)
            )),
        };
        number.map(Self).map_err(de::Error::custom)
    }
}

/// The same where barter holds a float, written as a number: barter reads the float nearest to it.
pub struct Float(pub Decimal);

impl Serialize for Float {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw = RawValue::from_string(self.0.to_string()).map_err(ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Float {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Exact::deserialize(deserializer).map(|Exact(decimal)| Self(decimal))
    }
}
