//! Numbers of JSON, without losing a digit.

use crate::convert::{decimal_from_f64, exact_from_text, f64_from_decimal};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A decimal from a JSON string, digit for digit, or from a JSON number by its shortest form.
pub struct Exact(pub Decimal);

/// As text, which keeps every digit.
impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = Exact;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number, or a string that holds one")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Exact, E> {
                exact_from_text(text).map(Exact).map_err(E::custom)
            }

            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Exact, E> {
                decimal_from_f64(value).map(Exact).map_err(E::custom)
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Exact, E> {
                Ok(Exact(value.into()))
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Exact, E> {
                Ok(Exact(value.into()))
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

/// The same where barter holds a float: written as a number where that reads back digit for digit,
/// and else as text, which barter itself would not take.
pub struct Float(pub Decimal);

impl Serialize for Float {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(decimal) = *self;
        if decimal.scale() == 0
            && let Some(integer) = decimal.to_i64()
        {
            return serializer.serialize_i64(integer);
        }
        let float = f64_from_decimal(decimal);
        match decimal_from_f64(float) {
            Ok(again) if again.unpack() == decimal.unpack() => serializer.serialize_f64(float),
            Ok(_) | Err(_) => Exact(decimal).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Float {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Exact::deserialize(deserializer).map(|Exact(decimal)| Self(decimal))
    }
}
