//! Writing a history.

use super::{
    EVENTS_AT_ONCE, LONGEST_BLOCK,
    header::{Exchanges, Header, LENGTH, Layout},
    record::{RecordWriter, nanos},
};
use crate::data::kind::StoredEvent;
use chrono::{DateTime, Utc};
use std::{
    fs::{self, File},
    io::{self, BufWriter, Cursor, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

/// Writes a file beside `path`, and puts it there when it is whole.
pub fn save(path: &Path, events: &[StoredEvent], compressed: bool) -> io::Result<()> {
    let layout = if compressed {
        Layout::Compressed
    } else {
        Layout::Plain
    };
    let beside = beside(path);
    let written = (|| {
        let mut file = BufWriter::with_capacity(1 << 20, File::create_new(&beside)?);
        write(&mut file, events, layout)?;
        file.into_inner()?.sync_all()?;
        fs::rename(&beside, path)
    })();
    if written.is_err() {
        // What is left of it; the first error counts.
        drop(fs::remove_file(&beside));
    }
    written
}

/// The bytes of a compressed file, in memory.
pub fn pack(events: &[StoredEvent]) -> io::Result<Vec<u8>> {
    let mut file = Cursor::new(Vec::new());
    write(&mut file, events, Layout::Compressed)?;
    Ok(file.into_inner())
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    path.with_file_name(name)
}

fn write(file: &mut (impl Write + Seek), events: &[StoredEvent], layout: Layout) -> io::Result<()> {
    let mut exchanges = Exchanges::default();
    for event in events {
        exchanges.number(event.key().0);
    }
    let names = exchanges.to_bytes();
    let received = || events.iter().filter_map(StoredEvent::time_received);
    let time = |time: Option<DateTime<Utc>>| time.map_or(Ok(0), nanos).map_err(invalid);
    let mut header = Header {
        layout,
        events: u64::try_from(events.len()).unwrap_or(u64::MAX),
        blocks: 0,
        time_start: time(received().next())?,
        time_end: time(received().max())?,
        length: 0,
        names: u32::try_from(names.len()).unwrap_or(u32::MAX),
    };
    file.write_all(&[0; LENGTH])?;
    file.write_all(&names)?;
    let mut block = RecordWriter::default();
    let mut count = 0_u32;
    for event in events {
        block.add(event, &mut exchanges).map_err(invalid)?;
        count = count.saturating_add(1);
        if count as usize == EVENTS_AT_ONCE || block.bytes.len() > LONGEST_BLOCK / 4 {
            end_block(file, &mut block, &mut count, &mut header)?;
        }
    }
    end_block(file, &mut block, &mut count, &mut header)?;
    header.length = file.stream_position()?;
    file.seek(SeekFrom::Start(0))?;
    file.write_all(&header.to_bytes())
}

fn invalid(reason: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

/// Writes a block: how many events and bytes it has, how many of them are stored, the checksum, the bytes.
fn end_block(
    file: &mut impl Write,
    block: &mut RecordWriter,
    count: &mut u32,
    header: &mut Header,
) -> io::Result<()> {
    if *count == 0 {
        return Ok(());
    }
    let compressed;
    let stored = match header.layout {
        Layout::Plain => &block.bytes,
        Layout::Compressed => {
            compressed = lz4_flex::block::compress(&block.bytes);
            &compressed
        }
    };
    let length = |bytes: &[u8]| {
        u32::try_from(bytes.len())
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "an event is too large"))
    };
    let mut head = Vec::new();
    head.extend(count.to_le_bytes());
    head.extend(length(&block.bytes)?.to_le_bytes());
    head.extend(length(stored)?.to_le_bytes());
    let mut checksum = crc32fast::Hasher::new();
    checksum.update(&head);
    checksum.update(stored);
    head.extend(checksum.finalize().to_le_bytes());
    file.write_all(&head)?;
    file.write_all(stored)?;
    header.blocks = header.blocks.saturating_add(1);
    block.clear();
    *count = 0;
    Ok(())
}
