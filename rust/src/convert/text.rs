//! What messages show of Python objects.
//!
//! A `repr` or `str` runs Python: what it raises (Ctrl-C, for one) is passed on. pyo3's `Display` of an
//! object would print that and go on, so objects are never formatted directly.

use pyo3::prelude::*;
use std::borrow::Cow;

/// How many characters of a value a message shows.
const SHOWN: usize = 100;

/// How many names of a list a message shows.
const LISTED: usize = 20;

/// The text itself, or its beginning and its length.
pub fn cut(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(SHOWN) {
        None => text.into(),
        Some((end, _)) => {
            let beginning = text.get(..end).unwrap_or_default();
            format!("{beginning}... ({} characters)", text.chars().count()).into()
        }
    }
}

/// The text in quotation marks, cut.
pub fn quoted(text: &str) -> String {
    format!("{:?}", cut(text))
}

/// Names as a list, cut to its first.
pub fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut names = names.into_iter().map(quoted);
    let first = names.by_ref().take(LISTED).collect::<Vec<_>>().join(", ");
    match names.count() {
        0 => format!("[{first}]"),
        more => format!("[{first}, and {more} more]"),
    }
}

/// The known name that a misspelt one most resembles, if one does.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const ALIKE: f64 = 0.6;
    let alike = known
        .into_iter()
        .map(|known| (strsim::normalized_damerau_levenshtein(name, known), known))
        .filter(|(alike, _)| *alike >= ALIKE);
    let best = alike.max_by(|(one, _), (other, _)| one.total_cmp(other))?;
    Some(best.1)
}

/// The object's `repr`, cut.
pub fn shown(object: &Bound<'_, PyAny>) -> PyResult<String> {
    Ok(cut(&object.repr()?.to_string_lossy()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_cut_and_short_text_is_not() {
        assert_eq!(cut("short"), "short");
        assert_eq!(cut(&"é".repeat(100)), "é".repeat(100));
        let expected = format!("{}... (101 characters)", "é".repeat(100));
        assert_eq!(cut(&"é".repeat(101)), expected);
    }

    #[test]
    fn the_nearest_name_is_found_if_there_is_one() {
        let known = ["price", "amount", "side"];
        for (name, meant) in [
            ("prcie", Some("price")),
            ("Amount", Some("amount")),
            ("sid", Some("side")),
            ("quantity", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, known), meant, "{name}");
        }
    }

    #[test]
    fn long_lists_are_cut_and_short_lists_are_not() {
        assert_eq!(listed(["a", "b"]), r#"["a", "b"]"#);
        assert!(listed(["a"; 23]).ends_with(r#""a", and 3 more]"#));
    }
}
