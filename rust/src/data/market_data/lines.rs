//! Lines of JSON.

use super::{LONGEST, Parse, StoredEvent, TOO_LONG, open::csv_hint};
use crate::error::Error;
use pyo3::prelude::*;
use std::{
    io::{BufRead, Read},
    path::Path,
};

/// How many lines are read between two looks at Ctrl-C.
const LINES_AT_ONCE: usize = 10_000;

/// Reads all lines, without the interpreter's lock, looking at Ctrl-C now and then.
pub fn read_all(
    py: Python<'_>,
    reader: &mut (dyn BufRead + Send),
    path: &Path,
    parse: Parse,
) -> PyResult<Vec<StoredEvent>> {
    let (mut events, mut buffer, mut line) = (Vec::new(), String::new(), 0);
    loop {
        let more =
            py.detach(|| read_lines(reader, &mut buffer, path, parse, &mut line, &mut events))?;
        py.check_signals()?;
        if !more {
            events.shrink_to_fit();
            return Ok(events);
        }
    }
}

/// Reads up to `LINES_AT_ONCE` lines; `false` at the end of the file.
fn read_lines(
    reader: &mut dyn BufRead,
    buffer: &mut String,
    path: &Path,
    parse: Parse,
    line: &mut usize,
    events: &mut Vec<StoredEvent>,
) -> Result<bool, Error> {
    let broken = |line: usize, reason: String| Error::MarketData {
        text: format!("{}, line {line}: {reason}", path.display()),
        path: Some(path.to_owned()),
        line: Some(line),
        reason,
    };
    for _ in 0..LINES_AT_ONCE {
        buffer.clear();
        *line = line.saturating_add(1);
        let read = Read::take(&mut *reader, LONGEST)
            .read_line(buffer)
            .map_err(|error| broken(*line, error.to_string()))?;
        if read == 0 {
            return Ok(false);
        }
        if read as u64 == LONGEST && !buffer.ends_with('\n') {
            return Err(broken(*line, format!("the line {TOO_LONG}")));
        }
        let (text, is_first) = (buffer.trim(), events.is_empty());
        if !text.is_empty() {
            events.push(parse(text).map_err(|reason| {
                let hint = match text.starts_with('[') {
                    _ if !is_first => "",
                    true => ": this is a JSON array, which MarketData.from_json reads",
                    false => csv_hint(text),
                };
                broken(*line, format!("{reason}{hint}"))
            })?);
        }
    }
    Ok(true)
}
