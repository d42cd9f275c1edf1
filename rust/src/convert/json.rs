//! barter's JSON, read without losing a digit or a key.

use super::{
    decimal::exact_from_text,
    text::{cut, nearest, quoted},
    time::is_finer_than_nanoseconds,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use std::{collections::HashMap, fmt::Write};

/// Reads a value of barter's types, which round numbers and pass over keys that they do not know: here
/// both are errors.
pub fn from_json<T: DeserializeOwned + Serialize>(text: &str) -> Result<T, String> {
    let wrong = |error: serde_json::Error| {
        let (reason, line, column) = (serde_reason(&error), error.line(), error.column());
        format!("{reason} at line {line} column {column}")
    };
    let value = serde_json::from_str(&with_quoted_numbers(text));
    // The message is about the text as it was given, if that is wrong as well.
    let value: T = value.map_err(|error| match serde_json::from_str::<T>(text) {
        Ok(_) => wrong(error),
        Err(error) => wrong(error),
    })?;
    let written = serde_json::to_string(&value).map_err(wrong)?;
    let given: &RawValue = serde_json::from_str(text).map_err(wrong)?;
    let written: &RawValue = serde_json::from_str(&written).map_err(wrong)?;
    check_same("", given, written)?;
    Ok(value)
}

/// The text with its numbers as strings, which barter's decimals read digit for digit.
///
/// Whole numbers stay as they are if serde_json reads them exactly, since they may be indices and counts;
/// so does what fits no decimal.
fn with_quoted_numbers(text: &str) -> String {
    let is_of_number =
        |character: char| matches!(character, '-' | '+' | '.' | 'e' | 'E' | '0'..='9');
    let (mut quoted, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(start) = rest.find(['"', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
    {
        let (before, token) = rest.split_at(start);
        quoted.push_str(before);
        let end = if token.starts_with('"') {
            end_of_string(token)
        } else {
            token.find(|character| !is_of_number(character))
        };
        let (token, after) = token.split_at(end.unwrap_or(token.len()));
        let is_plain =
            token.starts_with('"') || token.parse::<u64>().is_ok() || token.parse::<i64>().is_ok();
        match exact_from_text(token) {
            // Writing to text does not fail.
            Ok(number) if !is_plain => drop(write!(quoted, "\"{number}\"")),
            Ok(_) | Err(_) => quoted.push_str(token),
        }
        rest = after;
    }
    quoted.push_str(rest);
    quoted
}

/// Where a string ends that a text begins with: after its second quotation mark.
fn end_of_string(text: &str) -> Option<usize> {
    let mut is_escaped = true; // so that the first mark is passed over
    for (position, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return position.checked_add(1),
            _ => {}
        }
    }
    None
}

/// Refuses what was given and is not there any more when the value is written again.
fn check_same(place: &str, given: &RawValue, written: &RawValue) -> Result<(), String> {
    type Fields<'a> = HashMap<String, &'a RawValue>;
    let (given, written) = (given.get(), written.get());
    if let (Ok(fields), Ok(known)) = (
        serde_json::from_str::<Fields<'_>>(given),
        serde_json::from_str::<Fields<'_>>(written),
    ) {
        for (name, value) in fields {
            let place = if place.is_empty() {
                name.clone()
            } else {
                format!("{place}.{name}")
            };
            match known.get(&name) {
                Some(known) => check_same(&place, value, known)?,
                // Nothing is lost of it.
                None if value.get() == "null" => {}
                None => {
                    let known = known.keys().map(String::as_str);
                    let meant = nearest(&name, known)
                        .map(|known| format!("; did you mean {}?", quoted(known)));
                    let meant = meant.unwrap_or_default();
                    return Err(format!("unknown key {}{meant}", quoted(&place)));
                }
            }
        }
        return Ok(());
    }
    if let (Ok(items), Ok(known)) = (
        serde_json::from_str::<Vec<&RawValue>>(given),
        serde_json::from_str::<Vec<&RawValue>>(written),
    ) {
        let pairs = items.into_iter().zip(known).enumerate();
        return pairs.into_iter().try_for_each(|(position, (item, known))| {
            check_same(&format!("{place}[{position}]"), item, known)
        });
    }
    check_same_leaf(&leaf(given), &leaf(written)).map_err(|reason| format!("{place}: {reason}"))
}

/// The text of a string, a number or a word.
fn leaf(raw: &str) -> String {
    serde_json::from_str(raw).unwrap_or_else(|_| raw.to_owned())
}

fn check_same_leaf(given: &str, written: &str) -> Result<(), String> {
    if given == written {
        return Ok(());
    }
    if let Ok(written) = exact_from_text(written) {
        let given = exact_from_text(given)?;
        return if given == written {
            Ok(())
        } else {
            Err(format!("{given} would be read as {written}"))
        };
    }
    if is_finer_than_nanoseconds(given) {
        return Err(format!(
            "{} has more digits than nanoseconds have",
            cut(given)
        ));
    }
    Ok(())
}

/// serde's reason without its place; of an unknown name, with the nearest that is known.
pub fn serde_reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let reason = text.split(" at line ").next().unwrap_or(&text);
    let shown = cut(reason);
    if !reason.starts_with("unknown ") {
        return shown.into_owned();
    }
    // "unknown field `prise`, expected `price` or `amount`"
    let mut names = reason.split('`').skip(1).step_by(2);
    let meant = names.next().and_then(|unknown| nearest(unknown, names));
    let meant = meant.map(|known| format!("; did you mean `{known}`?"));
    format!("{shown}{}", meant.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::Decimal;
    use serde::Deserialize;

    #[derive(Debug, PartialEq, Deserialize, Serialize)]
    struct Order {
        price: Decimal,
        id: String,
        count: u64,
        note: Option<String>,
    }

    fn read(text: &str) -> Result<Order, String> {
        from_json(text)
    }

    #[test]
    fn numbers_are_read_digit_for_digit_or_refused() {
        for number in [
            "0.1234567890123456789012345678",
            "79228162514264337593543950335",
            "-1.50e-3",
            "1e3",
            "0",
            "123456789012345678901",
        ] {
            for written in [number.to_owned(), format!("{number:?}")] {
                let text =
                    format!(r#"{{"price":{written},"id":"1.50","count":18,"note":"-1 \" 2"}}"#);
                let order = read(&text).unwrap();
                assert_eq!(Ok(order.price), exact_from_text(number));
                let note = order.note.as_deref();
                assert_eq!(
                    (order.id.as_str(), order.count, note),
                    ("1.50", 18, Some("-1 \" 2"))
                );
            }
        }
        for number in [
            "0.12345678901234567890123456789",
            "\"0.12345678901234567890123456789\"",
            "12345678901234.567890123456789012",
        ] {
            let text =
                format!(r#"{{"price":{number},"id":"","count":18446744073709551615,"note":null}}"#);
            let error = read(&text).unwrap_err();
            assert!(error.starts_with("price: "), "{error}");
            assert!(error.contains("does not fit exactly"), "{error}");
        }
    }

    #[test]
    fn an_unknown_key_is_refused_with_the_nearest() {
        for (text, reason) in [
            (
                r#"{"price":1,"id":"","count":1,"nte":"x"}"#,
                r#"unknown key "nte"; did you mean "note"?"#,
            ),
            (
                r#"{"price":1,"id":"","count":1,"note":null,"zzz":{"a":[[[1]]]}}"#,
                r#"unknown key "zzz""#,
            ),
        ] {
            assert_eq!(read(text), Err(reason.to_owned()));
        }
        assert!(read(r#"{"price":1,"id":"","count":1,"nothing":null}"#).is_ok());
    }
}
