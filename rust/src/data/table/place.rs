//! Where a table is, for errors, and its columns by name.

use super::rows::Fault;
use crate::{
    convert::{Sequence, listed, quoted},
    error::Error,
};
use pyo3::prelude::*;
use std::path::{Path, PathBuf};

/// A table in messages.
#[derive(Clone, Debug)]
pub struct Place {
    /// The file, if it is one.
    path: Option<PathBuf>,
    /// What it is called.
    name: String,
    /// Whether rows are lines, counted from one, and not the rows of a frame, counted from zero.
    has_lines: bool,
    /// What to do if a column is missing.
    if_missing: &'static str,
}

impl Place {
    /// A file of text, or a part of it.
    pub fn of_text(path: &Path, name: String) -> Self {
        Self {
            path: Some(path.to_owned()),
            name,
            has_lines: true,
            if_missing: "",
        }
    }

    /// A frame; of a file, if it was read from one.
    pub fn of_frame(path: Option<&Path>) -> Self {
        let name = path.map_or_else(|| "the table".to_owned(), |path| path.display().to_string());
        Self {
            path: path.map(Path::to_owned),
            name,
            has_lines: false,
            if_missing: "",
        }
    }

    /// The same, with what to do if a column is missing.
    pub const fn or(mut self, if_missing: &'static str) -> Self {
        self.if_missing = if_missing;
        self
    }

    /// The last part of what it is called.
    pub fn file_name(&self) -> String {
        let name = Path::new(&self.name).file_name();
        name.unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Something that is wrong with the table as a whole.
    pub fn whole(&self, reason: String) -> Error {
        Error::market_data_of(self.path.as_deref(), &self.name, reason)
    }

    /// Something that is wrong with the row of this number.
    pub fn at(&self, number: u64, reason: String) -> Error {
        let line = usize::try_from(number).ok();
        let place = if self.has_lines {
            format!("line {number}")
        } else {
            format!("row {number} (from 0)")
        };
        Error::MarketData {
            text: format!("{}, {place}: {reason}", self.name),
            path: self.path.clone(),
            line: line.filter(|_| self.has_lines),
            reason,
        }
    }

    /// Something that is wrong with the row that was read last, or with the one that the fault names.
    pub fn fault(&self, number: u64, names: &[String], fault: Fault) -> Error {
        let number = fault.number.unwrap_or(number);
        let name = fault.slot.and_then(|slot| names.get(slot.0));
        let reason = match name {
            Some(name) => format!("column {}: {}", quoted(name), fault.reason),
            None => fault.reason,
        };
        self.at(number, reason)
    }

    /// The position of each wanted column among the columns that there are.
    pub fn positions(
        &self,
        py: Python<'_>,
        wanted: &[String],
        columns: &[String],
    ) -> PyResult<Vec<usize>> {
        let mut positions = Vec::new();
        for name in wanted {
            let mut found = columns
                .iter()
                .enumerate()
                .filter(|(_, column)| *column == name);
            let position = match (found.next(), found.next()) {
                (Some((position, _)), None) => position,
                (Some(_), Some(_)) => {
                    let reason = format!("the column {} is there twice", quoted(name));
                    return Err(self.whole(reason).into());
                }
                (None, _) => return Err(self.no_column(py, name, columns)?.into()),
            };
            positions.push(position);
        }
        Ok(positions)
    }

    fn no_column(&self, py: Python<'_>, name: &str, columns: &[String]) -> PyResult<Error> {
        let get = py.import("difflib")?.getattr("get_close_matches")?;
        let nearest = get
            .call1((name, columns.to_vec(), 1))?
            .extract::<Sequence<String>>()?;
        let nearest = nearest.first().map_or_else(String::new, |nearest| {
            format!("; the nearest is {}", quoted(nearest))
        });
        let is_number = |column: &String| column.parse::<f64>().is_ok();
        let other = match columns {
            [only] if only.contains(';') => "; give delimiter=\";\" if that separates them",
            [only] if only.contains('\t') => "; give delimiter=\"\\t\" if that separates them",
            _ if self.has_lines && columns.iter().any(is_number) => {
                "; if the first row is data, give the names by header=[...]"
            }
            _ => self.if_missing,
        };
        let columns = listed(columns.iter().map(String::as_str));
        Ok(self.whole(format!(
            "there is no column {}; the columns are {columns}{nearest}{other}",
            quoted(name)
        )))
    }
}
