//! The columns of each schema of Databento.

use super::{
    super::{
        columns::Slots,
        layout::{
            Candles, Close, Columns, Common, Layout, LevelSlots, Quotes, Slot, Snapshots,
            TakerSide, Trades,
        },
    },
    Schema,
};
use barter_instrument::Side;

/// What the rows of a schema are.
#[derive(Clone, Debug)]
pub enum Records {
    Trades(Trades),
    QuotedTrades {
        trades: Trades,
        quotes: Quotes,
        action: Slot,
    },
    Books {
        trades: Trades,
        book: Book,
        action: Slot,
        flags: Slot,
    },
    Candles(Candles),
}

/// What a row shows of the book.
#[derive(Clone, Debug)]
pub enum Book {
    Best(Quotes),
    Levels(Snapshots),
}

/// How a number of a column is to be taken.
#[derive(Clone, Copy, Debug)]
pub enum Role {
    Price,
    Size,
}

/// A row is what a schema of Databento says.
#[derive(Clone, Debug)]
pub struct Databento {
    pub records: Records,
    pub schema: Schema,
    pub instrument: Slot,
    pub record_type: Slot,
    pub publisher: Slot,
    /// What the numbers of each slot mean.
    pub roles: Vec<Option<Role>>,
}

impl Databento {
    /// The column with the time of receiving; candles have none.
    pub const fn time_received(&self) -> Option<Slot> {
        match &self.records {
            Records::Trades(trades)
            | Records::QuotedTrades { trades, .. }
            | Records::Books { trades, .. } => trades.common.time_received,
            Records::Candles(candles) => candles.time_received,
        }
    }

    /// The column with the symbol.
    pub const fn instrument(&self) -> Slot {
        self.instrument
    }

    /// The columns of a schema.
    pub fn columns(schema: Schema, unknown_side: Option<Side>) -> Columns {
        let mut columns = Builder::default();
        let (record_type, publisher) = (columns.of("rtype"), columns.of("publisher_id"));
        let instrument = columns.of("symbol");
        let records = match schema {
            Schema::Trades => Records::Trades(columns.trades(unknown_side)),
            Schema::Tbbo => Records::QuotedTrades {
                trades: columns.trades(unknown_side),
                quotes: columns.quotes(),
                action: columns.of("action"),
            },
            Schema::Mbp1 => Records::Books {
                trades: columns.trades(unknown_side),
                book: Book::Best(columns.quotes()),
                action: columns.of("action"),
                flags: columns.of("flags"),
            },
            Schema::Mbp10 => Records::Books {
                trades: columns.trades(unknown_side),
                book: Book::Levels(columns.levels(10)),
                action: columns.of("action"),
                flags: columns.of("flags"),
            },
            Schema::Ohlcv1S => Records::Candles(columns.candles(1)),
            Schema::Ohlcv1M => Records::Candles(columns.candles(60)),
            Schema::Ohlcv1H => Records::Candles(columns.candles(3_600)),
            Schema::Ohlcv1D => Records::Candles(columns.candles(86_400)),
        };
        let Builder { slots, roles } = columns;
        let names = slots.into_names();
        let role = |slot| {
            let found = roles.iter().find(|(known, _)| *known == Slot(slot));
            found.map(|(_, role)| *role)
        };
        let roles = (0..names.len()).map(role).collect();
        let layout = Self {
            records,
            schema,
            instrument,
            record_type,
            publisher,
            roles,
        };
        Columns {
            layout: Layout::Databento(layout),
            names,
        }
    }
}

/// Gives each column a slot, and remembers which have prices and sizes.
#[derive(Default)]
struct Builder {
    slots: Slots,
    roles: Vec<(Slot, Role)>,
}

impl Builder {
    fn of(&mut self, name: &str) -> Slot {
        self.slots.of(name.to_owned())
    }

    fn number(&mut self, name: &str, role: Role) -> Slot {
        let slot = self.of(name);
        self.roles.push((slot, role));
        slot
    }

    fn common(&mut self) -> Common {
        Common {
            time_exchange: self.of("ts_event"),
            time_received: Some(self.of("ts_recv")),
            instrument: Some(self.of("symbol")),
        }
    }

    fn trades(&mut self, unknown_side: Option<Side>) -> Trades {
        Trades {
            common: self.common(),
            price: self.number("price", Role::Price),
            amount: self.number("size", Role::Size),
            side: TakerSide::Side(self.of("side")),
            unknown_side,
            id: None,
        }
    }

    fn level(&mut self, side: &str, level: usize) -> LevelSlots {
        LevelSlots {
            price: self.number(&format!("{side}_px_{level:02}"), Role::Price),
            amount: self.number(&format!("{side}_sz_{level:02}"), Role::Size),
        }
    }

    fn quotes(&mut self) -> Quotes {
        Quotes {
            common: self.common(),
            bid: self.level("bid", 0),
            ask: self.level("ask", 0),
            id: None,
        }
    }

    fn levels(&mut self, levels: usize) -> Snapshots {
        Snapshots {
            common: self.common(),
            bids: (0..levels).map(|level| self.level("bid", level)).collect(),
            asks: (0..levels).map(|level| self.level("ask", level)).collect(),
            sequence: None,
        }
    }

    fn candles(&mut self, seconds: i64) -> Candles {
        Candles {
            close_time: Close::OpenAnd {
                open: self.of("ts_event"),
                length: seconds.saturating_mul(1_000_000_000),
            },
            time_received: None,
            instrument: Some(self.of("symbol")),
            open: self.number("open", Role::Price),
            high: self.number("high", Role::Price),
            low: self.number("low", Role::Price),
            close: self.number("close", Role::Price),
            volume: self.of("volume"),
            trade_count: None,
        }
    }
}
