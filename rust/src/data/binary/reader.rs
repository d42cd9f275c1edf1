//! Reading a history, block by block.

use super::{
    EVENTS_AT_ONCE, LONGEST_BLOCK,
    header::{Exchanges, Header, LENGTH, Layout},
    map::map,
    record::RecordReader,
};
use crate::data::kind::StoredEvent;
use chrono::{DateTime, Utc};
use std::{
    fs::{File, Metadata},
    io::{self, BufReader, Read},
    path::Path,
};

/// What the bytes of a block begin with.
const HEAD: usize = 16;

/// Where the bytes come from.
enum Source {
    /// A file in memory, such as a mapped one, and how much of it is read.
    Memory(Box<dyn AsRef<[u8]> + Send>, usize),
    /// Bytes one after the other.
    Stream(Box<dyn Read + Send>),
}

/// Tells whether a file is still the one that was read: its length, when it was changed, and its number.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mark(pub String);

impl Mark {
    /// The mark of a file with this metadata.
    pub fn of(file: &Metadata) -> Self {
        #[cfg(unix)]
        let number = {
            use std::os::unix::fs::MetadataExt;
            (file.dev(), file.ino())
        };
        #[cfg(not(unix))]
        let number = file.created().ok();
        Self(format!(
            "{} {:?} {number:?}",
            file.len(),
            file.modified().ok()
        ))
    }
}

/// A history that is read block by block.
pub struct FileReader {
    source: Source,
    /// That of the file, if it is one.
    mark: Option<Mark>,
    header: Header,
    exchanges: Exchanges,
    blocks: u64,
    events: u64,
    /// When the first event was received, and the greatest time so far.
    received: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// The bytes of a block.
    stored: Vec<u8>,
    unpacked: Vec<u8>,
}

/// Why a file cannot be read.
pub enum Failure {
    /// The operating system says so.
    Io(io::Error),
    /// It is not what it should be.
    Wrong(String),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => {
                Self::Wrong("the file ends within a block: it was cut off".to_owned())
            }
            _ => Self::Io(error),
        }
    }
}

impl From<String> for Failure {
    fn from(reason: String) -> Self {
        Self::Wrong(reason)
    }
}

impl FileReader {
    /// Opens the file: plain records are mapped, and compressed blocks read one at a time.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        let mut start = Vec::new();
        (&file).take(LENGTH as u64).read_to_end(&mut start)?;
        let header = Header::read(&start, metadata.len())?;
        let source = match header.layout {
            Layout::Plain => Source::Memory(Box::new(map(&file)?), LENGTH),
            Layout::Compressed => Source::Stream(Box::new(BufReader::with_capacity(1 << 16, file))),
        };
        Self::of(source, header, Some(Mark::of(&metadata)))
    }

    /// Reads what `pack` has packed.
    pub fn unpack(packed: impl AsRef<[u8]> + Send + 'static) -> Result<Self, Failure> {
        let bytes = packed.as_ref();
        let header = Header::read(bytes, u64::try_from(bytes.len()).unwrap_or(u64::MAX))?;
        Self::of(Source::Memory(Box::new(packed), LENGTH), header, None)
    }

    fn of(mut source: Source, header: Header, mark: Option<Mark>) -> Result<Self, Failure> {
        let mut stored = Vec::new();
        let names = source.next(header.names as usize, &mut stored)?;
        let exchanges = Exchanges::read(names)?;
        Ok(Self {
            source,
            mark,
            header,
            exchanges,
            blocks: 0,
            events: 0,
            received: None,
            stored,
            unpacked: Vec::new(),
        })
    }

    /// When the first event was received, and the greatest time at which one was.
    pub const fn times(&self) -> (i64, i64) {
        (self.header.time_start, self.header.time_end)
    }

    /// The mark of the file, if it is one.
    pub const fn mark(&self) -> Option<&Mark> {
        self.mark.as_ref()
    }

    /// Adds the events of the next block; `false` at the end of the file.
    pub fn next(&mut self, events: &mut Vec<StoredEvent>) -> Result<bool, Failure> {
        if self.blocks == self.header.blocks {
            let has_all = self.events == self.header.events && self.source.is_over()?;
            let (start, end) = self.received.unwrap_or_default();
            let (start, end) = (start.timestamp_nanos_opt(), end.timestamp_nanos_opt());
            if has_all && (start, end) == (Some(self.header.time_start), Some(self.header.time_end))
            {
                return Ok(false);
            }
            return Err(Failure::Wrong(
                "the file does not have the events that its header tells of".to_owned(),
            ));
        }
        let number = self.blocks;
        let damaged = |reason: &str| Failure::Wrong(format!("block {number} {reason}"));
        let head: [u8; HEAD] = self
            .source
            .next(HEAD, &mut self.stored)?
            .try_into()
            .map_err(|_| damaged("ends early"))?;
        let (fields, checksum) = head.split_at(HEAD.saturating_sub(4));
        let field = |place: usize| {
            let bytes = fields
                .get(place..)
                .and_then(|bytes| bytes.first_chunk::<4>());
            bytes.map_or(0, |bytes| u32::from_le_bytes(*bytes)) as usize
        };
        let (count, length, stored_length) = (field(0), field(4), field(8));
        if count == 0 || count > EVENTS_AT_ONCE || length > LONGEST_BLOCK {
            return Err(damaged("is damaged: it cannot be so long"));
        }
        let stored = self.source.next(stored_length, &mut self.stored)?;
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(fields);
        hasher.update(stored);
        if hasher.finalize().to_le_bytes() != checksum {
            return Err(damaged("is damaged: its checksum is wrong"));
        }
        let records = match self.header.layout {
            Layout::Plain => stored,
            Layout::Compressed => {
                // LZ4 makes 255 bytes of one at most, so that no number asks for more memory than that.
                if length > stored_length.saturating_mul(255) {
                    return Err(damaged("is damaged: it cannot be so long"));
                }
                self.unpacked.resize(length, 0);
                let read = lz4_flex::block::decompress_into(stored, &mut self.unpacked)
                    .map_err(|error| damaged(&format!("cannot be unpacked: {error}")))?;
                self.unpacked.get(..read).unwrap_or_default()
            }
        };
        if records.len() != length {
            return Err(damaged("does not have the bytes that it counts"));
        }
        let before = events.len();
        read_events(records, count, &self.exchanges, events).map_err(|(position, reason)| {
            let position = self.events.saturating_add(position as u64);
            Failure::Wrong(format!("event {position} {reason}"))
        })?;
        let read = events.get(before..).unwrap_or_default();
        for time in read.iter().filter_map(StoredEvent::time_received) {
            let (start, end) = self.received.unwrap_or((time, time));
            self.received = Some((start, end.max(time)));
        }
        self.blocks = self.blocks.saturating_add(1);
        self.events = self.events.saturating_add(count as u64);
        Ok(true)
    }
}

fn read_events(
    records: &[u8],
    count: usize,
    exchanges: &Exchanges,
    events: &mut Vec<StoredEvent>,
) -> Result<(), (usize, String)> {
    let mut reader = RecordReader::new(records, exchanges);
    events.reserve(count);
    for position in 0..count {
        let event = reader
            .next()
            .map_err(|reason| (position, reason.to_owned()))?;
        // Its times are nanoseconds since 1970, of which none is outside what barter's clock takes.
        event
            .check_numbers()
            .and_then(|()| event.check_close())
            .map_err(|reason| (position, format!("cannot be: {reason}")))?;
        events.push(event);
    }
    if reader.is_over() {
        Ok(())
    } else {
        Err((count, "is one more than its block counts".to_owned()))
    }
}

impl Source {
    /// The next bytes; `buffer` is for a stream.
    fn next<'a>(&'a mut self, length: usize, buffer: &'a mut Vec<u8>) -> Result<&'a [u8], Failure> {
        match self {
            Self::Memory(bytes, place) => {
                let end = place.saturating_add(length);
                let bytes = (**bytes).as_ref().get(*place..end).ok_or_else(|| {
                    Failure::Wrong("the file ends within a block: it was cut off".to_owned())
                })?;
                *place = end;
                Ok(bytes)
            }
            Self::Stream(stream) => {
                buffer.clear();
                // Not by the length, which may be wrong: as much memory as there are bytes.
                let read = stream.take(length as u64).read_to_end(buffer)?;
                if read < length {
                    return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
                }
                Ok(buffer)
            }
        }
    }

    fn is_over(&mut self) -> Result<bool, Failure> {
        match self {
            Self::Memory(bytes, place) => Ok(*place == (**bytes).as_ref().len()),
            Self::Stream(stream) => Ok(stream.read(&mut [0])? == 0),
        }
    }
}
