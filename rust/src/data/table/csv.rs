//! CSV: text becomes exact numbers, without a float in between.

use super::{
    cell::Cell,
    files::Text,
    layout::Slot,
    place::Place,
    rows::{Row, Rows},
};
use crate::{convert::cut, error::Error};
use csv::{ByteRecord, Reader, ReaderBuilder};
use pyo3::prelude::*;
use std::{collections::BTreeSet, io::Read};

/// How many rows are read between two looks at Ctrl-C.
const ROWS_AT_ONCE: usize = 10_000;

/// The longest row, in bytes: more is no event, but would be kept in memory.
const LONGEST: u64 = 1 << 20;

/// How a file says its cells.
#[derive(Clone, Debug)]
pub struct Form<'a> {
    /// The names of the columns, if the file's first row does not have them.
    pub header: Option<&'a [String]>,
    /// What separates cells.
    pub delimiter: u8,
}

/// Ends a file inside a row that is too long.
struct Limited<'a, 'text> {
    text: &'a mut Text<'text>,
    /// How many bytes may still be read for the row.
    left: u64,
    has_ended: bool,
}

impl Read for Limited<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.left == 0 {
            let reason = "the row is longer than 1 MB, which no event is";
            return Err(std::io::Error::other(reason));
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX);
        let most = most.min(buffer.len());
        let read = self.text.read(buffer.get_mut(..most).unwrap_or_default())?;
        self.has_ended = read == 0;
        self.left = self.left.saturating_sub(read as u64);
        Ok(read)
    }
}

/// A file of CSV.
struct Lines<'a, 'text> {
    reader: Reader<Limited<'a, 'text>>,
    record: ByteRecord,
    place: &'a Place,
    /// Whether lines end as on Windows, by what the first one ends with.
    has_returns: bool,
}

impl<'a, 'text> Lines<'a, 'text> {
    fn new(place: &'a Place, text: &'a mut Text<'text>, delimiter: u8) -> Self {
        // What cannot be read is an error of the first row.
        let start = text.fill_buf().unwrap_or_default();
        let end = start.iter().position(|byte| *byte == b'\n');
        let before = end.and_then(|end| end.checked_sub(1));
        let has_returns = before.and_then(|before| start.get(before)) == Some(&b'\r');
        let text = Limited {
            text,
            left: LONGEST,
            has_ended: false,
        };
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .buffer_capacity(1 << 16)
            .from_reader(text);
        Self {
            reader,
            record: ByteRecord::new(),
            place,
            has_returns,
        }
    }

    /// The number of the line that the row begins at.
    ///
    /// It is counted back from where the reader is: the position that the reader gives a row is that
    /// before the blank lines ahead of it, and before the second half of a line's end on Windows.
    fn number(&self) -> u64 {
        let cells = self.record.as_slice().iter();
        let inside: u64 = cells.map(|byte| u64::from(*byte == b'\n')).sum();
        let is_next_line = !self.has_returns && !self.reader.get_ref().has_ended;
        let number = self.reader.position().line();
        number
            .saturating_sub(inside)
            .saturating_sub(is_next_line.into())
    }

    /// Reads the next row; `false` at the end.
    fn next(&mut self) -> Result<bool, Error> {
        self.reader.get_mut().left = LONGEST;
        let read = self.reader.read_byte_record(&mut self.record);
        read.map_err(|error| {
            let number = self.reader.position().line();
            self.place.at(number, reason(error))
        })
    }

    /// The cells of the row as text.
    fn cells(&self) -> Result<Vec<String>, Error> {
        let cells = self.record.iter().map(|cell| text(cell).map(str::to_owned));
        let cells = cells.collect::<Result<_, _>>();
        cells.map_err(|reason| self.place.at(self.number(), reason))
    }
}

fn reason(error: csv::Error) -> String {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error.to_string(),
        other => format!("{other:?}"),
    }
}

fn text(cell: &[u8]) -> Result<&str, String> {
    str::from_utf8(cell.trim_ascii()).map_err(|_| {
        let shown = String::from_utf8_lossy(cell);
        format!("holds {:?}, which is not UTF-8", cut(&shown))
    })
}

/// The cells of a row that are read.
struct Cells<'a> {
    record: &'a ByteRecord,
    positions: &'a [usize],
}

impl Row for Cells<'_> {
    fn cell(&self, slot: Slot) -> Result<Cell<'_>, String> {
        let position = self.positions.get(slot.0);
        let cell = position.and_then(|position| self.record.get(*position));
        let text = text(cell.unwrap_or_default())?;
        Ok(if text.is_empty() {
            Cell::Missing
        } else {
            Cell::Text(text)
        })
    }
}

/// Reads all rows, without the interpreter's lock, looking at Ctrl-C now and then.
pub fn read_csv(
    py: Python<'_>,
    place: &Place,
    text: &mut Text<'_>,
    form: &Form<'_>,
    rows: &mut Rows,
) -> PyResult<()> {
    let mut lines = Lines::new(place, text, form.delimiter);
    let columns = match form.header {
        Some(header) => header.to_vec(),
        None if lines.next()? => lines.cells()?,
        None => return Ok(()),
    };
    let positions = place.positions(py, rows.names(), &columns)?;
    rows.start_file();
    loop {
        let more = py.detach(|| {
            for _ in 0..ROWS_AT_ONCE {
                if !lines.next()? {
                    return Ok::<_, Error>(false);
                }
                let number = lines.number();
                check_length(place, number, lines.record.len(), columns.len())?;
                let cells = Cells {
                    record: &lines.record,
                    positions: &positions,
                };
                let added = rows.add(&cells, number);
                added.map_err(|fault| place.fault(number, rows.names(), fault))?;
            }
            Ok(true)
        })?;
        py.check_signals()?;
        if !more {
            let ended = rows.end_file();
            ended.map_err(|fault| place.fault(lines.number(), rows.names(), fault))?;
            return Ok(());
        }
    }
}

fn check_length(place: &Place, number: u64, cells: usize, columns: usize) -> Result<(), Error> {
    if cells == columns {
        return Ok(());
    }
    let reason = format!("the row has {cells} cells, but there are {columns} columns");
    Err(place.at(number, reason))
}

/// The cells of the first row; none if there is no row.
pub fn first_row(place: &Place, text: &mut Text<'_>) -> Result<Vec<String>, Error> {
    let mut lines = Lines::new(place, text, b',');
    if lines.next()? {
        lines.cells()
    } else {
        Ok(Vec::new())
    }
}

/// Adds the values of a column, looking at Ctrl-C now and then.
pub fn add_values(
    py: Python<'_>,
    place: &Place,
    text: &mut Text<'_>,
    column: &str,
    values: &mut BTreeSet<String>,
) -> PyResult<()> {
    let mut lines = Lines::new(place, text, b',');
    let columns = if lines.next()? {
        lines.cells()?
    } else {
        return Ok(());
    };
    let positions = place.positions(py, &[column.to_owned()], &columns)?;
    loop {
        let more = py.detach(|| {
            for _ in 0..ROWS_AT_ONCE {
                if !lines.next()? {
                    return Ok::<_, Error>(false);
                }
                let cells = Cells {
                    record: &lines.record,
                    positions: &positions,
                };
                let cell = cells.cell(Slot(0));
                let cell = cell.map_err(|reason| place.at(lines.number(), reason))?;
                if let Cell::Text(value) = cell
                    && !values.contains(value)
                {
                    values.insert(value.to_owned());
                }
            }
            Ok(true)
        })?;
        py.check_signals()?;
        if !more {
            return Ok(());
        }
    }
}
