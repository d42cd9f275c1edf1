//! JSON as Python's `json.dumps(..., ensure_ascii=False)` writes it.

use pyo3::{exceptions::PyValueError, prelude::*};
use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use std::io;

/// Separates as Python does: with a space, or with `indent` on lines of their own.
struct PythonFormatter {
    indent: Option<usize>,
    depth: usize,
    /// Whether the innermost list or object has an item.
    has_item: bool,
}

impl PythonFormatter {
    fn line<W: ?Sized + io::Write>(&self, writer: &mut W) -> io::Result<()> {
        let Some(indent) = self.indent else {
            return Ok(());
        };
        writer.write_all(b"\n")?;
        let spaces = indent.saturating_mul(self.depth);
        (0..spaces).try_for_each(|_| writer.write_all(b" "))
    }

    const fn begin(&mut self) {
        self.depth = self.depth.saturating_add(1);
        self.has_item = false;
    }

    fn item<W: ?Sized + io::Write>(&self, writer: &mut W, first: bool) -> io::Result<()> {
        if !first {
            let separator: &[u8] = if self.indent.is_some() { b"," } else { b", " };
            writer.write_all(separator)?;
        }
        self.line(writer)
    }

    fn end<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth = self.depth.saturating_sub(1);
        if self.has_item {
            self.line(writer)?;
        }
        Ok(())
    }
}

impl Formatter for PythonFormatter {
    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.begin();
        writer.write_all(b"[")
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(writer)?;
        writer.write_all(b"]")
    }

    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.item(writer, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_item = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.begin();
        writer.write_all(b"{")
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(writer)?;
        writer.write_all(b"}")
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.item(writer, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_item = true;
        Ok(())
    }
}

/// The value as text, with so many spaces for each level, or in one line.
pub fn python_json(value: &impl Serialize, indent: Option<usize>) -> PyResult<String> {
    let mut text = Vec::new();
    let formatter = PythonFormatter {
        indent,
        depth: 0,
        has_item: false,
    };
    let mut serializer = Serializer::with_formatter(&mut text, formatter);
    value
        .serialize(&mut serializer)
        .map_err(|error| PyValueError::new_err(error.to_string()))?;
    Ok(String::from_utf8(text)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn separators_are_those_of_python() {
        let value = BTreeMap::from([("a", vec![1, 2]), ("b", vec![])]);
        assert_eq!(
            python_json(&value, None).unwrap(),
            r#"{"a": [1, 2], "b": []}"#
        );
        assert_eq!(
            python_json(&value, Some(1)).unwrap(),
            "{\n \"a\": [\n  1,\n  2\n ],\n \"b\": []\n}"
        );
        assert_eq!(
            python_json(&value, Some(0)).unwrap(),
            "{\n\"a\": [\n1,\n2\n],\n\"b\": []\n}"
        );
    }
}
