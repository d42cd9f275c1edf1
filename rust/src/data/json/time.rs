//! Times of JSON, without losing a digit.

use crate::convert::is_finer_than_nanoseconds;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, de};
use std::borrow::Cow;

/// A time as chrono reads and writes it; one with digits beyond the nanoseconds is refused, not cut.
#[derive(Serialize)]
pub struct Time(pub DateTime<Utc>);

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

        let Text(text) = Text::deserialize(deserializer)?;
        if is_finer_than_nanoseconds(&text) {
            return Err(de::Error::custom(format_args!(
                "{text} has more digits than nanoseconds have"
            )));
        }
        text.parse().map(Self).map_err(de::Error::custom)
    }
}
