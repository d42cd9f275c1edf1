//! The values of a table as texts, for a table that people read.

use super::{ArrowTable, Column, Values};
use crate::convert::{Index, UtcTime, time_text};
use pyo3::prelude::*;
use pyo3_stub_gen::derive::gen_stub_pymethods;

/// A column: its name, whether it has numbers, and the text of each value.
pub type Texts = (String, bool, Vec<Option<String>>);

impl<T> Column<T> {
    /// The values of the rows, each with all its digits but zeros at its end.
    pub(super) fn texts(&self, rows: &[T]) -> Texts {
        let is_number = matches!(
            self.values,
            Values::Decimals(_) | Values::Floats(_) | Values::Integers(_) | Values::Indices(_)
        );
        let texts = rows.iter().map(|row| self.text(row)).collect();
        (self.name.clone().into_owned(), is_number, texts)
    }

    fn text(&self, row: &T) -> Option<String> {
        Some(match &self.values {
            Values::Decimals(read) => read(row)?.normalize().to_string(),
            Values::Floats(read) => format!("{:?}", read(row)?),
            Values::Integers(read) => read(row)?.to_string(),
            Values::Indices(read) => {
                let Index(index) = read(row)?;
                index.to_string()
            }
            Values::Flags(read) => (if read(row)? { "True" } else { "False" }).to_owned(),
            Values::Times(read) => {
                let UtcTime(time) = read(row)?;
                time_text(time)
            }
            Values::Texts(read) => read(row)?.into_owned(),
            Values::OwnedTexts(read) => read(row)?,
            Values::Names(read, names) => {
                let Index(index) = read(row)?;
                names.get(index)?.clone()
            }
            Values::TextLists(read) => read(row)?.join(", "),
        })
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl ArrowTable {
    /// Each column: its name, whether it has numbers, and the text of each value.
    fn _texts(&self) -> Vec<Texts> {
        self.0.texts()
    }
}
