//! Which columns of a table hold what.

use super::databento::Databento;
use barter_instrument::Side;

/// A column that is read, by its place among those.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Slot(pub usize);

/// What the rows of a table are, and the names of the columns that are read.
#[derive(Clone, Debug)]
pub struct Columns {
    /// What a row is.
    pub layout: Layout,
    /// The names, each at the place of its slot.
    pub names: Vec<String>,
}

/// The columns that all kinds of rows have.
#[derive(Clone, Copy, Debug)]
pub struct Common {
    pub time_exchange: Slot,
    /// Without it, an event is received when it happened and the latency of the feed has passed.
    pub time_received: Option<Slot>,
    /// A name of the instrument.
    pub instrument: Option<Slot>,
}

/// Who took liquidity.
#[derive(Clone, Copy, Debug)]
pub enum TakerSide {
    /// The column has the side.
    Side(Slot),
    /// The column says whether the buyer waited in the book: then the seller took.
    BuyerIsMaker(Slot),
}

/// What a row is.
#[derive(Clone, Debug)]
pub enum Layout {
    Trades(Trades),
    Quotes(Quotes),
    Book(Book),
    Snapshots(Snapshots),
    Candles(Candles),
    Liquidations(Liquidations),
    Fundings(Fundings),
    Settlements(Settlements),
    Databento(Databento),
}

/// A row is a trade.
#[derive(Clone, Debug)]
pub struct Trades {
    pub common: Common,
    pub price: Slot,
    pub amount: Slot,
    pub side: TakerSide,
    pub unknown_side: Option<Side>,
    pub id: Option<Slot>,
}

/// Price and amount.
#[derive(Clone, Copy, Debug)]
pub struct LevelSlots {
    pub price: Slot,
    pub amount: Slot,
}

/// A row is the best bid and ask.
#[derive(Clone, Debug)]
pub struct Quotes {
    pub common: Common,
    pub bid: LevelSlots,
    pub ask: LevelSlots,
    pub id: Option<Slot>,
}

/// A row is a level of a book; the rows of one message follow each other.
#[derive(Clone, Debug)]
pub struct Book {
    pub common: Common,
    pub side: Slot,
    pub level: LevelSlots,
    pub is_snapshot: Option<Slot>,
    pub sequence: Option<Slot>,
    /// Whether a snapshot that is not the first of its file means that the stream was lost.
    pub snapshot_is_reconnect: bool,
}

/// A row is a book with all its levels.
#[derive(Clone, Debug)]
pub struct Snapshots {
    pub common: Common,
    pub bids: Vec<LevelSlots>,
    pub asks: Vec<LevelSlots>,
    pub sequence: Option<Slot>,
}

/// When a candle closes.
#[derive(Clone, Copy, Debug)]
pub enum Close {
    /// The column has the time.
    At { close: Slot, open: Option<Slot> },
    /// The column has the last time that is in the candle: the candle closes at the next second.
    After { last: Slot, open: Option<Slot> },
    /// So many nanoseconds after it opens.
    OpenAnd { open: Slot, length: i64 },
}

/// A row is a candle.
#[derive(Clone, Debug)]
pub struct Candles {
    pub close_time: Close,
    pub time_received: Option<Slot>,
    pub instrument: Option<Slot>,
    pub open: Slot,
    pub high: Slot,
    pub low: Slot,
    pub close: Slot,
    pub volume: Slot,
    pub trade_count: Option<Slot>,
}

/// A row is a liquidation.
#[derive(Clone, Debug)]
pub struct Liquidations {
    pub common: Common,
    pub side: Slot,
    pub price: Slot,
    pub quantity: Slot,
}

/// A row is a funding of a perpetual.
#[derive(Clone, Debug)]
pub struct Fundings {
    pub common: Common,
    pub rate: Slot,
    pub mark_price: Option<Slot>,
}

/// A row is the settlement of a future.
#[derive(Clone, Copy, Debug)]
pub struct Settlements {
    pub common: Common,
    pub price: Slot,
}

impl Layout {
    /// The column with the time of receiving.
    pub const fn time_received(&self) -> Option<Slot> {
        match self {
            Self::Trades(layout) => layout.common.time_received,
            Self::Quotes(layout) => layout.common.time_received,
            Self::Book(layout) => layout.common.time_received,
            Self::Snapshots(layout) => layout.common.time_received,
            Self::Candles(layout) => layout.time_received,
            Self::Liquidations(layout) => layout.common.time_received,
            Self::Fundings(layout) => layout.common.time_received,
            Self::Settlements(layout) => layout.common.time_received,
            Self::Databento(layout) => layout.time_received(),
        }
    }

    /// The column with the name of the instrument.
    pub const fn instrument(&self) -> Option<Slot> {
        match self {
            Self::Trades(layout) => layout.common.instrument,
            Self::Quotes(layout) => layout.common.instrument,
            Self::Book(layout) => layout.common.instrument,
            Self::Snapshots(layout) => layout.common.instrument,
            Self::Candles(layout) => layout.instrument,
            Self::Liquidations(layout) => layout.common.instrument,
            Self::Fundings(layout) => layout.common.instrument,
            Self::Settlements(layout) => layout.common.instrument,
            Self::Databento(layout) => Some(layout.instrument()),
        }
    }
}
