//! A history that `MarketData.save` has written, block by block.

use super::{
    MarketData,
    open::{os_error, whole},
};
use crate::data::{
    binary::{Failure, FileReader, is_binary},
    kind::StoredEvent,
};
use chrono::{DateTime, Utc};
use pyo3::prelude::*;
use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

/// Whether a file is such a history, by its first bytes; what is no file, such as a pipe, is none.
pub fn is_saved(path: &Path) -> bool {
    let start = || {
        let mut start = Vec::new();
        if path.is_file() {
            File::open(path)?.take(8).read_to_end(&mut start)?;
        }
        std::io::Result::Ok(start)
    };
    start().is_ok_and(|start| is_binary(&start))
}

/// A file that is open, and the clock of a run over its events so far.
pub struct BlockFile {
    path: PathBuf,
    reader: FileReader,
    /// How many events were given.
    given: usize,
    clock: DateTime<Utc>,
}

impl BlockFile {
    /// Opens the file.
    pub fn open(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        let opened = py.detach(|| FileReader::open(&path));
        let reader = opened.map_err(|failure| raised(py, &path, failure))?;
        let (time_start, _) = reader.times();
        Ok(Self {
            path,
            reader,
            given: 0,
            clock: DateTime::from_timestamp_nanos(time_start),
        })
    }

    /// The events of the next block, which were checked; `None` at the end of the file.
    pub fn next_events(&mut self, py: Python<'_>) -> PyResult<Option<Vec<StoredEvent>>> {
        py.check_signals()?;
        let next = py.detach(|| self.reader.next());
        next.map_err(|failure| raised(py, &self.path, failure))
    }

    /// The next block as a history.
    pub fn next(&mut self, py: Python<'_>) -> PyResult<Option<MarketData>> {
        let Some(events) = self.next_events(py)? else {
            return Ok(None);
        };
        let count = events.len();
        let received = events.iter().filter_map(StoredEvent::time_received);
        let time_start = self.clock;
        self.clock = received
            .max()
            .map_or(time_start, |last| last.max(time_start));
        let path = Some(self.path.clone());
        let mut data = MarketData::at(events.into(), path, time_start, self.clock);
        for (_, _, position) in &mut data.keys {
            *position = position.saturating_add(self.given);
        }
        self.given = self.given.saturating_add(count);
        Ok(Some(data))
    }

    /// All events, as a history.
    pub fn read_all(mut self, py: Python<'_>) -> PyResult<MarketData> {
        let mut events = Vec::new();
        while let Some(more) = self.next_events(py)? {
            events.extend(more);
        }
        events.shrink_to_fit();
        MarketData::new(events, Some(self.path))?.with_plausible_times(py)
    }
}

fn raised(py: Python<'_>, path: &Path, failure: Failure) -> PyErr {
    match failure {
        Failure::Io(error) => os_error(py, &error, path),
        Failure::Wrong(reason) => whole(path, reason).into(),
    }
}
