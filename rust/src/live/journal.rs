//! The record of a live run: its market events in one file, those of its warm-up in another, all else
//! in a third.

use crate::{
    data::{MarketKind, PieceFile, SharedEvents, StoredEvent, os_error},
    engine::Event,
    simulation::SentRequest,
};
use barter::{EngineEvent, execution::request::ExecutionRequest};
use flate2::Compression;
use pyo3::prelude::*;
use serde::Serialize;
use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// How long a line may wait for the file. Each second of lines is a piece, so that a killed process
/// leaves readable files.
const BETWEEN_FLUSHES: Duration = Duration::from_secs(1);

/// A line of the session's file.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum SessionLine<'a> {
    Command {
        after: usize,
        time_ns: i64,
        event: EngineEvent<MarketKind>,
    },
    Request {
        after: usize,
        time_ns: i64,
        request: &'a ExecutionRequest,
    },
    End {
        after: usize,
        until_ns: i64,
    },
}

/// The record of a run.
pub struct Journal {
    market: PieceFile,
    session: PieceFile,
    flushed: Instant,
    /// How many market events were written.
    events: usize,
}

/// Where the commands and requests of a record stand, whose market events stand in `path`.
fn session_path(path: &Path) -> PathBuf {
    beside(path, ".session.jsonl.gz")
}

/// Where the events of its warm-up stand.
fn warmup_path(path: &Path) -> PathBuf {
    beside(path, ".warmup.jsonl.gz")
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// The files of a record that were created, which must not stand in the way of the next try if another
/// cannot be.
struct Created(Vec<PathBuf>);

impl Drop for Created {
    fn drop(&mut self) {
        for path in &self.0 {
            if let Err(error) = fs::remove_file(path) {
                tracing::warn!(%error, "a part of a record is left behind");
            }
        }
    }
}

impl Journal {
    /// New files; `start` is the first line of the session's: how the run was started.
    pub fn create(
        py: Python<'_>,
        path: &Path,
        start: &str,
        warmup: Option<&SharedEvents>,
    ) -> PyResult<Self> {
        let mut created = Created(Vec::new());
        let mut create = |path: &Path| {
            let file = PieceFile::create_new(path, Some(Compression::fast()))
                .map_err(|error| os_error(py, &error, path))?;
            created.0.push(path.to_owned());
            PyResult::Ok(file)
        };
        let market = create(path)?;
        let session = create(&session_path(path))?;
        if let Some(events) = warmup {
            let path = warmup_path(path);
            let mut file = create(&path)?;
            py.detach(|| write_all(&mut file, events))
                .map_err(|error| os_error(py, &error, &path))?;
        }
        let mut journal = Self {
            market,
            session,
            flushed: Instant::now(),
            events: 0,
        };
        writeln!(journal.session, "{start}")?;
        journal.session.end_piece()?;
        created.0.clear();
        Ok(journal)
    }

    /// Before the event is processed.
    pub fn market(&mut self, event: &StoredEvent) -> io::Result<()> {
        write_event(&mut self.market, event)?;
        self.events = self.events.saturating_add(1);
        Ok(())
    }

    /// Before the command is processed.
    pub fn command(&mut self, time: i64, event: &Event) -> io::Result<()> {
        let after = self.events;
        self.session_line(&SessionLine::Command {
            after,
            time_ns: time,
            event: event.clone().into_barter(),
        })
    }

    /// What the engine has sent.
    pub fn requests(&mut self, sent: &[SentRequest]) -> io::Result<()> {
        let after = self.events;
        for SentRequest { time, request } in sent {
            self.session_line(&SessionLine::Request {
                after,
                time_ns: *time,
                request,
            })?;
        }
        Ok(())
    }

    /// The last line.
    pub fn end(&mut self, until: i64) -> io::Result<()> {
        let after = self.events;
        self.session_line(&SessionLine::End {
            after,
            until_ns: until,
        })?;
        self.flush()
    }

    fn session_line(&mut self, line: &SessionLine<'_>) -> io::Result<()> {
        serde_json::to_writer(&mut self.session, line)?;
        self.session.write_all(b"\n")
    }

    /// Hands the lines to the files, if the last time is a second ago.
    pub fn flush_if_due(&mut self) -> io::Result<()> {
        if self.flushed.elapsed() < BETWEEN_FLUSHES {
            return Ok(());
        }
        self.flush()
    }

    fn flush(&mut self) -> io::Result<()> {
        self.flushed = Instant::now();
        self.market.end_piece()?;
        self.session.end_piece().map(drop)
    }
}

/// How many events of a warm-up a piece of its file has.
const EVENTS_OF_A_PIECE: usize = 10_000;

fn write_all(file: &mut PieceFile, events: &[StoredEvent]) -> io::Result<()> {
    for piece in events.chunks(EVENTS_OF_A_PIECE) {
        for event in piece {
            write_event(file, event)?;
        }
        file.end_piece()?;
    }
    Ok(())
}

fn write_event(file: &mut PieceFile, event: &StoredEvent) -> io::Result<()> {
    serde_json::to_writer(&mut *file, event)?;
    file.write_all(b"\n")
}
