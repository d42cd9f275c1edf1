//! Histories as files of records: `docs/binary_histories.md` describes the form.
//!
//! A header, the names of the exchanges, and blocks of events, each with a checksum. Blocks are plain, and
//! then read in place in the mapped file, or compressed, and then read one at a time.

mod header;
mod map;
mod reader;
mod record;
mod writer;

pub use header::{MAGIC, is_binary};
pub use reader::{Failure, FileReader, Mark};
pub use writer::{pack, save};

/// How many events a block has at most.
const EVENTS_AT_ONCE: usize = 16_384;

/// How many bytes a block has at most, before it is compressed: an event is below 64 MB.
const LONGEST_BLOCK: usize = 256 << 20;
