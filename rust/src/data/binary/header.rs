//! The header, and the names of the exchanges behind it.

use crate::convert::EnumText;
use crate::instrument::PyExchangeId;
use barter_instrument::exchange::ExchangeId;

/// What a file begins with: a byte that no text has, and an end of line that changes if a file is taken
/// for text.
pub const MAGIC: [u8; 8] = *b"\x89BPHIST\n";

/// Tells the order of the bytes.
const ORDER: u32 = 0x0A0B_0C0D;

/// The form of the records.
const VERSION: u16 = 1;

/// The length of the header.
pub const LENGTH: usize = 64;

/// How the blocks are kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Layout {
    /// As records.
    Plain,
    /// Compressed, as of LZ4's blocks.
    Compressed,
}

/// What is known of a file before its events are read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Header {
    pub layout: Layout,
    /// How many events the file has.
    pub events: u64,
    /// How many blocks they are in.
    pub blocks: u64,
    /// When the first event was received, in nanoseconds since 1970.
    pub time_start: i64,
    /// The greatest time at which an event was received.
    pub time_end: i64,
    /// The length of the file in bytes.
    pub length: u64,
    /// The length of the names of the exchanges, with their checksum.
    pub names: u32,
}

/// Whether the first bytes of a file are those of a history.
pub fn is_binary(start: &[u8]) -> bool {
    start.starts_with(&MAGIC)
}

impl Header {
    /// The header as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let layout: u16 = match self.layout {
            Layout::Plain => 0,
            Layout::Compressed => 1,
        };
        let mut bytes = Vec::new();
        bytes.extend(MAGIC);
        bytes.extend(ORDER.to_le_bytes());
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend(layout.to_le_bytes());
        bytes.extend(self.events.to_le_bytes());
        bytes.extend(self.blocks.to_le_bytes());
        bytes.extend(self.time_start.to_le_bytes());
        bytes.extend(self.time_end.to_le_bytes());
        bytes.extend(self.length.to_le_bytes());
        bytes.extend(self.names.to_le_bytes());
        bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
        bytes
    }

    /// Reads the header of a file that has so many bytes.
    pub fn read(bytes: &[u8], length: u64) -> Result<Self, String> {
        if !is_binary(bytes) {
            return Err("not a history that MarketData.save has written".to_owned());
        }
        let Some((head, _)) = bytes.split_first_chunk::<LENGTH>() else {
            return Err("the file ends within its header".to_owned());
        };
        let mut fields = Fields(head.get(MAGIC.len()..).unwrap_or_default());
        let order = u32::from_le_bytes(fields.next()?);
        if order == ORDER.swap_bytes() {
            return Err(
                "the bytes of the header are in the order of another kind of machine: a history is \
                 little-endian"
                    .to_owned(),
            );
        }
        let version = u16::from_le_bytes(fields.next()?);
        let layout = u16::from_le_bytes(fields.next()?);
        let header = Self {
            layout: if layout == 0 {
                Layout::Plain
            } else {
                Layout::Compressed
            },
            events: u64::from_le_bytes(fields.next()?),
            blocks: u64::from_le_bytes(fields.next()?),
            time_start: i64::from_le_bytes(fields.next()?),
            time_end: i64::from_le_bytes(fields.next()?),
            length: u64::from_le_bytes(fields.next()?),
            names: u32::from_le_bytes(fields.next()?),
        };
        let checksum = u32::from_le_bytes(fields.next()?);
        if order == ORDER && version != VERSION {
            return Err(format!(
                "the file is of version {version}, and this version of barter_python reads version \
                 {VERSION}: write it again from its source"
            ));
        }
        let checked = head.get(..LENGTH.saturating_sub(4)).unwrap_or_default();
        if crc32fast::hash(checked) != checksum || order != ORDER || layout > 1 {
            return Err("the header is damaged: its checksum is wrong".to_owned());
        }
        if header.length != length {
            return Err(format!(
                "the file has {length} bytes where its header says {}: it was cut off, or something \
                 was added",
                header.length
            ));
        }
        Ok(header)
    }
}

/// Numbers one after the other.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn next<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let (field, rest) = self
            .0
            .split_first_chunk::<N>()
            .ok_or("the file ends within its header")?;
        self.0 = rest;
        Ok(*field)
    }
}

/// The exchanges of a history, by the number that stands for them in its records.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Exchanges(pub Vec<ExchangeId>);

impl Exchanges {
    /// The number of an exchange, which is added if it is new.
    pub fn number(&mut self, exchange: ExchangeId) -> usize {
        let known = self.0.iter().position(|known| *known == exchange);
        known.unwrap_or_else(|| {
            self.0.push(exchange);
            self.0.len().saturating_sub(1)
        })
    }

    /// Their names, one on each line, and the checksum.
    pub fn to_bytes(&self) -> Vec<u8> {
        let names = self.0.iter().map(|exchange| PyExchangeId(*exchange).text());
        let mut bytes = names.collect::<Vec<_>>().join("\n").into_bytes();
        bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
        bytes
    }

    /// Reads the names.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let damaged = "the names of the exchanges are damaged: their checksum is wrong";
        let (names, checksum) = bytes.split_last_chunk::<4>().ok_or(damaged)?;
        if crc32fast::hash(names) != u32::from_le_bytes(*checksum) {
            return Err(damaged.to_owned());
        }
        let names = std::str::from_utf8(names).map_err(|_| damaged)?;
        let exchange = |name: &str| {
            let mut known = PyExchangeId::VARIANTS.iter().copied();
            known
                .find(|exchange| PyExchangeId(*exchange).text() == name)
                .ok_or_else(|| format!("there is no exchange {}", crate::convert::quoted(name)))
        };
        names
            .lines()
            .map(exchange)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}
