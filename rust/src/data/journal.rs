//! Writes market events while they come, as barter's JSON lines: what `json` reads.
//!
//! A thread of its own writes, so that neither compression nor a slow disk delays who hands events
//! over. A gzip file is a row of members, one for each time that it was flushed: if the process is
//! killed, all but the last second can be read.

use super::{json, kind::StoredEvent, pieces::PieceFile};
use flate2::Compression;
use std::{
    io::{self, Write},
    mem,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread::{Builder, JoinHandle},
    time::{Duration, Instant},
};

/// Where a journal goes, and when it goes on in a new file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct JournalOptions {
    /// The file; compressed with gzip if it ends in `.gz`. With rotation its files are numbered.
    pub path: PathBuf,
    /// A file of so many bytes is followed by a new one.
    pub rotate_bytes: Option<u64>,
    /// A file that has been written to for so long is followed by a new one.
    pub rotate_every: Option<Duration>,
}

/// What a journal has written.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Written {
    /// Its files, in their order.
    pub files: Vec<PathBuf>,
    /// How many events are in them.
    pub events: u64,
    /// Why it could not go on.
    pub failure: Option<String>,
}

/// How long an event may wait for the file.
const FLUSH_EVERY: Duration = Duration::from_secs(1);

/// So many bytes of text do not wait.
const FLUSH_BYTES: u64 = 1 << 20;

/// How many events may wait for the thread.
const CAPACITY: usize = 1 << 16;

/// A journal that is being written.
#[derive(Debug)]
pub struct Journal {
    events: SyncSender<StoredEvent>,
    thread: JoinHandle<()>,
    written: Arc<Mutex<Written>>,
    /// The process that the thread is in.
    process: u32,
}

impl Journal {
    /// Creates the first file, which must not be there yet.
    pub fn create(options: JournalOptions) -> io::Result<Self> {
        let part = Part::create(&options, 1)?;
        let written = Arc::new(Mutex::new(Written {
            files: vec![part.path.clone()],
            ..Written::default()
        }));
        let (events, receiver) = sync_channel(CAPACITY);
        let told = Arc::clone(&written);
        let thread = Builder::new()
            .name("barter-journal".to_owned())
            .spawn(move || {
                if let Err(error) = write_all(&options, part, &receiver, &told) {
                    let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
                    told.failure = Some(error.to_string());
                }
            })?;
        Ok(Self {
            events,
            thread,
            written,
            process: std::process::id(),
        })
    }

    /// Hands an event over; false if the journal has failed.
    pub fn write(&self, event: &StoredEvent) -> bool {
        self.events.send(event.clone()).is_ok()
    }

    /// What it has written so far.
    pub fn written(&self) -> Written {
        let written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.clone()
    }

    /// Writes the rest and closes the file.
    pub fn finish(self) -> Written {
        let Self {
            events,
            thread,
            written,
            process,
        } = self;
        drop(events);
        // The thread of a forked process is in its parent.
        if process == std::process::id() && thread.join().is_err() {
            tracing::error!("the thread of a journal has panicked");
        }
        let written = written.lock().unwrap_or_else(PoisonError::into_inner);
        written.clone()
    }
}

/// Writes what comes until nobody sends any more.
fn write_all(
    options: &JournalOptions,
    mut part: Part,
    events: &Receiver<StoredEvent>,
    written: &Mutex<Written>,
) -> io::Result<()> {
    let flush_bytes = options.rotate_bytes.unwrap_or(FLUSH_BYTES).min(FLUSH_BYTES);
    let mut number = 1_usize;
    loop {
        let received = events.recv_timeout(FLUSH_EVERY.saturating_sub(part.flushed.elapsed()));
        if let Ok(event) = &received {
            part.write(event)?;
        }
        let is_over = received == Err(RecvTimeoutError::Disconnected);
        let is_due = part.flushed.elapsed() >= FLUSH_EVERY || part.waiting >= flush_bytes;
        if !is_over && !is_due {
            continue;
        }
        let count = part.flush()?;
        let mut told = written.lock().unwrap_or_else(PoisonError::into_inner);
        told.events = told.events.saturating_add(count);
        drop(told);
        if is_over {
            return Ok(());
        }
        if part.is_full(options) {
            number = number.saturating_add(1);
            part = Part::create(options, number)?;
            let mut told = written.lock().unwrap_or_else(PoisonError::into_inner);
            told.files.push(part.path.clone());
        }
    }
}

/// One file of a journal.
#[derive(Debug)]
struct Part {
    path: PathBuf,
    file: PieceFile,
    /// Bytes and events that wait.
    waiting: u64,
    count: u64,
    /// Bytes in the file.
    size: u64,
    opened: Instant,
    flushed: Instant,
}

impl Part {
    fn create(options: &JournalOptions, number: usize) -> io::Result<Self> {
        let rotates = options.rotate_bytes.is_some() || options.rotate_every.is_some();
        let path = if rotates {
            numbered(&options.path, number)
        } else {
            options.path.clone()
        };
        let is_gzip = path.extension().is_some_and(|extension| extension == "gz");
        let now = Instant::now();
        Ok(Self {
            file: PieceFile::create_new(&path, is_gzip.then(Compression::default)).map_err(
                |error| io::Error::new(error.kind(), format!("{}: {error}", path.display())),
            )?,
            path,
            waiting: 0,
            count: 0,
            size: 0,
            opened: now,
            flushed: now,
        })
    }

    fn write(&mut self, event: &StoredEvent) -> io::Result<()> {
        let mut line = Vec::new();
        json::write(event, &mut line)?;
        let length = u64::try_from(line.len()).unwrap_or(u64::MAX);
        self.waiting = self.waiting.saturating_add(length);
        self.count = self.count.saturating_add(1);
        self.file.write_all(&line)
    }

    /// Writes what waits into the file; how many events that is.
    fn flush(&mut self) -> io::Result<u64> {
        self.flushed = Instant::now();
        if self.count == 0 {
            return Ok(0);
        }
        let length = self.file.end_piece()?;
        self.size = self.size.saturating_add(length);
        self.waiting = 0;
        Ok(mem::take(&mut self.count))
    }

    fn is_full(&self, options: &JournalOptions) -> bool {
        options.rotate_bytes.is_some_and(|most| self.size >= most)
            || options
                .rotate_every
                .is_some_and(|longest| self.size > 0 && self.opened.elapsed() >= longest)
    }
}

/// `btc.jsonl.gz` with a number: `btc.0001.jsonl.gz`.
fn numbered(path: &Path, number: usize) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let endings = [".jsonl.gz", ".json.gz", ".jsonl", ".json", ".gz"];
    let ending = endings
        .iter()
        .find(|ending| name.len() > ending.len() && name.ends_with(**ending))
        .copied()
        .unwrap_or_default();
    let stem = name.strip_suffix(ending).unwrap_or(&name);
    path.with_file_name(format!("{stem}.{number:04}{ending}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_numbered_before_their_ending() {
        let number = |path: &str| numbered(Path::new(path), 7);
        assert_eq!(number("a/btc.jsonl.gz"), Path::new("a/btc.0007.jsonl.gz"));
        assert_eq!(number("btc.2024.json"), Path::new("btc.2024.0007.json"));
        assert_eq!(number("btc"), Path::new("btc.0007"));
        assert_eq!(number(".gz"), Path::new(".gz.0007"));
    }
}
