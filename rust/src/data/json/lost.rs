//! A lost stream in JSON: as barter writes it, or with its time.

use super::time::Time;
use crate::data::kind::LostStream;
use barter_instrument::exchange::ExchangeId;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, Visitor, value},
};
use std::fmt;

/// The exchange alone, as barter has it; or, ours, the exchange and the time.
pub struct Lost(pub LostStream);

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Timed {
    exchange: ExchangeId,
    time_received: Time,
}

impl Serialize for Lost {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let LostStream {
            exchange,
            time_received,
        } = self.0;
        match time_received.map(Time) {
            None => exchange.serialize(serializer),
            Some(time_received) => Timed {
                exchange,
                time_received,
            }
            .serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Lost {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = Lost;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an exchange, or an exchange and a time_received")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<Lost, E> {
                let exchange = ExchangeId::deserialize(value::StrDeserializer::new(name))?;
                Ok(Lost(exchange.into()))
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Lost, A::Error> {
                let Timed {
                    exchange,
                    time_received,
                } = Timed::deserialize(value::MapAccessDeserializer::new(map))?;
                Ok(Lost(LostStream {
                    exchange,
                    time_received: Some(time_received.0),
                }))
            }
        }

        deserializer.deserialize_any(Either)
    }
}
