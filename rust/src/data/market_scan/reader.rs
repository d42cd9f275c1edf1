//! One pass over a scan: no more than one part of each scan is held at a time.

use super::{
    MarketData, MarketScan, Source,
    part::{Opened, Part},
};
use crate::{
    convert::time_text,
    data::{
        SharedEvents,
        market_data::{BlockFile, Merger},
    },
    error::Error,
    instrument::Indexed,
};
use chrono::{DateTime, Utc};
use pyo3::prelude::*;

/// How many events of merged scans are given at a time.
const MERGED_AT_ONCE: usize = 65_536;

/// One pass over a scan, which is handed in each time: this holds no objects of Python.
///
/// Whoever asks for the next piece has let go of the one before.
#[derive(Default)]
pub struct ScanReader {
    /// One for each scan that is merged, or one.
    scans: Vec<Place>,
    merger: Option<Merger>,
    has_failed: bool,
}

/// How far one scan of parts is read.
#[derive(Default)]
struct Place {
    opened: usize,
    /// Whether the part opened last is still read.
    is_open: bool,
    /// The part opened last, if it has more blocks.
    blocks: Option<BlockFile>,
    /// The greatest time at which an event was received so far.
    end: Option<DateTime<Utc>>,
}

/// Some of the events of a scan, one at least.
pub struct Piece {
    pub events: SharedEvents,
    /// The time of a run's clock at the first event, if that is the first of the history.
    pub time_start: DateTime<Utc>,
    /// The time of a run's clock at the last event.
    pub time_end: DateTime<Utc>,
}

impl Place {
    /// Opens the next part, and checks that it follows the one before.
    fn next(
        &mut self,
        py: Python<'_>,
        parts: &[Part],
        scan: &str,
        indexed: Option<&Indexed>,
    ) -> PyResult<Option<MarketData>> {
        if let Some(blocks) = &mut self.blocks {
            if let Some(data) = blocks.next(py)? {
                let place = format!("parts[{}] of {scan}", self.opened.saturating_sub(1));
                self.check(&data, &place, indexed)?;
                return Ok(Some(data));
            }
            self.blocks = None;
        }
        self.is_open = false;
        let Some(part) = parts.get(self.opened) else {
            return Ok(None);
        };
        let place = format!("parts[{}] of {scan}", self.opened);
        let data = match part.open(py, &place)? {
            Opened::Whole(data) => data,
            Opened::Blocks(mut blocks) => {
                let Some(data) = blocks.next(py)? else {
                    // An empty history is an error, so that this is the end of the scan.
                    return Ok(None);
                };
                self.blocks = Some(blocks);
                data
            }
        };
        if let Some(end) = self.end
            && data.time_start < end
        {
            return Err(Error::market_data(format!(
                "{place} begins at {}, before the part ahead of it ends at {}: give the parts in the \
                 order of time; if they overlap, make scans of them that do not, and merge these: \
                 MarketScan.merge(MarketScan([...]), MarketScan([...]))",
                time_text(data.time_start),
                time_text(end)
            ))
            .into());
        }
        self.check(&data, &place, indexed)?;
        self.opened = self.opened.saturating_add(1);
        self.is_open = true;
        Ok(Some(data))
    }

    /// Checks the events of a part, and moves the end.
    fn check(&mut self, data: &MarketData, place: &str, indexed: Option<&Indexed>) -> PyResult<()> {
        if let Some(indexed) = indexed {
            data.check_against(indexed)
                .map_err(|error| error.at(place))?;
        }
        self.end = self.end.max(Some(data.time_end));
        Ok(())
    }
}

impl ScanReader {
    /// The next piece of the scan, whose parts are checked against `indexed` when they are opened. After
    /// an error there is none.
    pub fn next(
        &mut self,
        py: Python<'_>,
        scan: &MarketScan,
        indexed: Option<&Indexed>,
    ) -> PyResult<Option<Piece>> {
        self.checked(|reader| match &scan.source {
            Source::Parts(parts) => {
                let data = reader.part(py, parts, indexed)?;
                Ok(data.map(|data| Piece {
                    time_start: data.time_start,
                    time_end: data.time_end,
                    events: data.events,
                }))
            }
            Source::Merged(scans) => reader.merged(py, scans, indexed),
        })
    }

    /// The same as a history, whose events nobody has checked against anything.
    pub fn next_data(&mut self, py: Python<'_>, scan: &MarketScan) -> PyResult<Option<MarketData>> {
        self.checked(|reader| match &scan.source {
            Source::Parts(parts) => reader.part(py, parts, None),
            Source::Merged(scans) => {
                let piece = reader.merged(py, scans, None)?;
                Ok(piece.map(|piece| {
                    MarketData::at(piece.events, None, piece.time_start, piece.time_end)
                }))
            }
        })
    }

    fn checked<T>(
        &mut self,
        next: impl FnOnce(&mut Self) -> PyResult<Option<T>>,
    ) -> PyResult<Option<T>> {
        if self.has_failed {
            return Ok(None);
        }
        let result = next(self);
        self.has_failed = result.is_err();
        result
    }

    fn part(
        &mut self,
        py: Python<'_>,
        parts: &[Part],
        indexed: Option<&Indexed>,
    ) -> PyResult<Option<MarketData>> {
        let mut place = self.scans.pop().unwrap_or_default();
        let data = place.next(py, parts, "the scan", indexed);
        self.scans.push(place);
        data
    }

    fn merged(
        &mut self,
        py: Python<'_>,
        scans: &[Py<MarketScan>],
        indexed: Option<&Indexed>,
    ) -> PyResult<Option<Piece>> {
        let mut merger = match self.merger.take() {
            Some(merger) => merger,
            None => self.first_parts(py, scans, indexed)?,
        };
        let Some(time_start) = merger.next_due() else {
            return Ok(None);
        };
        let mut events = Vec::new();
        while let Some(number) = py.detach(|| merger.merge(&mut events, MERGED_AT_ONCE)) {
            if let Some(data) = self.open(py, scans, number, indexed)? {
                merger.put(number, data.events);
            }
        }
        let time_end = merger.last_due().unwrap_or(time_start);
        self.merger = Some(merger);
        Ok(Some(Piece {
            events: events.into(),
            time_start,
            time_end,
        }))
    }

    fn first_parts(
        &mut self,
        py: Python<'_>,
        scans: &[Py<MarketScan>],
        indexed: Option<&Indexed>,
    ) -> PyResult<Merger> {
        let mut merger = Merger::default();
        for number in 0..scans.len() {
            self.scans.push(Place::default());
            if let Some(data) = self.open(py, scans, number, indexed)? {
                merger.add(data.events, data.time_start);
            }
        }
        Ok(merger)
    }

    fn open(
        &mut self,
        py: Python<'_>,
        scans: &[Py<MarketScan>],
        number: usize,
        indexed: Option<&Indexed>,
    ) -> PyResult<Option<MarketData>> {
        let scan = scans.get(number).map(Py::get);
        match (scan.map(|scan| &scan.source), self.scans.get_mut(number)) {
            (Some(Source::Parts(parts)), Some(place)) => {
                place.next(py, parts, &format!("scan {number}"), indexed)
            }
            (_, _) => Ok(None),
        }
    }

    /// How many parts are read to their ends.
    pub fn done(&self) -> usize {
        let done = |place: &Place| place.opened.saturating_sub(place.is_open.into());
        self.scans.iter().map(done).sum()
    }
}
