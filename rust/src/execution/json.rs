//! barter's JSON of account events, read exactly.
//!
//! barter's own types read a number of more than 28 digits rounded; here it is an error.

use crate::convert::exact_from_text;
use barter::execution::AccountStreamEvent;
use barter_execution::AccountEvent;
use serde_json::{Value, value::RawValue};
use std::collections::HashMap;

/// Fields that barter reads as decimals.
const DECIMALS: [&str; 6] = [
    "price",
    "quantity",
    "filled_quantity",
    "fees",
    "total",
    "free",
];

/// Reads an `AccountStreamEvent`, or the `AccountEvent` in it.
pub fn read(text: &str) -> Result<AccountStreamEvent, String> {
    // First as barter reads it, whose errors say where the form is wrong.
    let of_stream = serde_json::from_str::<AccountStreamEvent>(text);
    if let Err(error) = &of_stream
        && let Err(other) = serde_json::from_str::<AccountEvent>(text)
    {
        // The message is about the form that the text plainly has.
        let inner = !text.contains("\"Item\"") && text.contains("\"kind\"");
        return Err(if inner { &other } else { error }.to_string());
    }
    let raw = serde_json::from_str::<&RawValue>(text).map_err(|error| error.to_string())?;
    let exact = exact(raw)?;
    let event = if of_stream.is_ok() {
        serde_json::from_value(exact)
    } else {
        serde_json::from_value(exact).map(AccountStreamEvent::Item)
    };
    event.map_err(|error| error.to_string())
}

/// The same with every decimal as text that barter reads without rounding.
fn exact(raw: &RawValue) -> Result<Value, String> {
    let text = raw.get();
    let wrong = |error: serde_json::Error| error.to_string();
    if text.starts_with('{') {
        let fields: HashMap<String, &RawValue> = serde_json::from_str(text).map_err(wrong)?;
        let fields = fields.into_iter().map(|(name, raw)| {
            let is_number = DECIMALS.contains(&name.as_str()) && !raw.get().starts_with('{');
            let value = if is_number {
                number(raw).map_err(|reason| format!("{name}: {reason}"))?
            } else {
                exact(raw)?
            };
            Ok((name, value))
        });
        return fields.collect::<Result<_, String>>().map(Value::Object);
    }
    if text.starts_with('[') {
        let items: Vec<&RawValue> = serde_json::from_str(text).map_err(wrong)?;
        return items.into_iter().map(exact).collect();
    }
    serde_json::from_str(text).map_err(wrong)
}

fn number(raw: &RawValue) -> Result<Value, String> {
    let text = raw.get();
    let decimal = if text.starts_with('"') {
        let text: String = serde_json::from_str(text).map_err(|error| error.to_string())?;
        exact_from_text(&text)
    } else {
        exact_from_text(text)
    };
    decimal.map(|decimal| Value::String(decimal.to_string()))
}
