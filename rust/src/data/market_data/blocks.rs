//! A history that `MarketData.save` has written, block by block.

use super::{
    MarketData,
    open::{os_error, whole},
};
use crate::{
    data::{
        binary::{Failure, FileReader, is_binary},
        kind::StoredEvent,
    },
    error::Error,
};
use chrono::{DateTime, Utc};
use pyo3::{prelude::*, pybacked::PyBackedBytes};
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
    /// The file; `None` if a pickle has its bytes.
    path: Option<PathBuf>,
    reader: FileReader,
    /// How many events were given.
    given: usize,
    clock: DateTime<Utc>,
}

impl BlockFile {
    /// Opens the file.
    pub fn open(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        let opened = py.detach(|| FileReader::open(&path));
        Self::of(py, Some(path), opened)
    }

    /// Reads what `MarketData` has packed.
    pub fn unpack(py: Python<'_>, packed: PyBackedBytes) -> PyResult<Self> {
        Self::of(py, None, FileReader::unpack(packed))
    }

    fn of(
        py: Python<'_>,
        path: Option<PathBuf>,
        opened: Result<FileReader, Failure>,
    ) -> PyResult<Self> {
        let reader = opened.map_err(|failure| raised(py, path.as_deref(), failure))?;
        let (time_start, _) = reader.times();
        Ok(Self {
            path,
            reader,
            given: 0,
            clock: DateTime::from_timestamp_nanos(time_start),
        })
    }

    /// Adds the events of the next block, which were checked; `false` at the end of the file.
    fn next_events(&mut self, py: Python<'_>, events: &mut Vec<StoredEvent>) -> PyResult<bool> {
        py.check_signals()?;
        let next = py.detach(|| self.reader.next(events));
        next.map_err(|failure| raised(py, self.path.as_deref(), failure))
    }

    /// The next block as a history.
    pub fn next(&mut self, py: Python<'_>) -> PyResult<Option<MarketData>> {
        let mut events = Vec::new();
        if !self.next_events(py, &mut events)? {
            return Ok(None);
        }
        let count = events.len();
        let received = events.iter().filter_map(StoredEvent::time_received);
        let time_start = self.clock;
        self.clock = received
            .max()
            .map_or(time_start, |last| last.max(time_start));
        let mut data = MarketData::at(events.into(), self.path.clone(), time_start, self.clock);
        for (_, _, position) in &mut data.keys {
            *position = position.saturating_add(self.given);
        }
        self.given = self.given.saturating_add(count);
        Ok(Some(data))
    }

    /// All events, as a history of its file.
    pub fn read_all(self, py: Python<'_>) -> PyResult<MarketData> {
        let (path, mark) = (self.path.clone(), self.reader.mark().cloned());
        let mut data = self.read_as_of(py, path)?;
        data.mark = mark;
        data.with_plausible_times(py)
    }

    /// An error if the file has another mark.
    pub fn check_mark(&self, mark: Option<&str>) -> PyResult<()> {
        let is_same = |mark| self.reader.mark().is_some_and(|it| it.0 == mark);
        match (mark, &self.path) {
            (Some(mark), Some(path)) if !is_same(mark) => {
                let reason = "was changed after the history was read".to_owned();
                Err(whole(path, reason).into())
            }
            (_, _) => Ok(()),
        }
    }

    /// All events, as a history of another file, which has nothing to do with where they are kept.
    pub fn read_as_of(mut self, py: Python<'_>, source: Option<PathBuf>) -> PyResult<MarketData> {
        let mut events = Vec::new();
        while self.next_events(py, &mut events)? {}
        events.shrink_to_fit();
        Ok(MarketData::new(events, source)?)
    }
}

fn raised(py: Python<'_>, path: Option<&Path>, failure: Failure) -> PyErr {
    match (failure, path) {
        (Failure::Io(error), Some(path)) => os_error(py, &error, path),
        (Failure::Io(error), None) => error.into(),
        (Failure::Wrong(reason), Some(path)) => whole(path, reason).into(),
        (Failure::Wrong(reason), None) => {
            Error::market_data_of(None, "pickled market data", reason).into()
        }
    }
}
