//! Which columns of a table hold what: the classes of `barter_python.data`, read.

use super::databento::Databento;
use crate::{
    convert::{Length, PythonClass, Sequence, shown},
    instrument::PySide,
};
use barter_instrument::Side;
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    sync::PyOnceLock,
};
use pyo3_stub_gen::{PyStubType, TypeInfo};

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
            Self::Databento(layout) => Some(layout.instrument()),
        }
    }
}

macro_rules! classes {
    ($($class:ident = $name:literal),+ $(,)?) => {
        $(struct $class;

        impl PythonClass for $class {
            const MODULE: &'static str = "data";
            const NAME: &'static str = $name;
            const WHAT: &'static str = "columns";

            fn cell() -> &'static PyOnceLock<Py<PyAny>> {
                static CELL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
                &CELL
            }
        })+
    };
}

classes! {
    TradesClass = "TradeColumns",
    QuotesClass = "L1Columns",
    BookClass = "BookColumns",
    SnapshotsClass = "BookSnapshotColumns",
    CandlesClass = "CandleColumns",
    LiquidationsClass = "LiquidationColumns",
}

#[derive(FromPyObject)]
struct PyCommon {
    time_exchange: String,
    time_received: Option<String>,
    instrument: Option<String>,
}

#[derive(FromPyObject)]
enum PyTakerSide {
    #[pyo3(transparent)]
    Side(String),
    BuyerIsMaker {
        column: String,
    },
}

#[derive(FromPyObject)]
struct PyTrades {
    price: String,
    amount: String,
    side: PyTakerSide,
    unknown_side: Option<PySide>,
    id: Option<String>,
}

#[derive(FromPyObject)]
struct PyQuotes {
    bid_price: String,
    bid_amount: String,
    ask_price: String,
    ask_amount: String,
    id: Option<String>,
}

#[derive(FromPyObject)]
struct PyBook {
    side: String,
    price: String,
    amount: String,
    is_snapshot: Option<String>,
    sequence: Option<String>,
    snapshot_is_reconnect: bool,
}

#[derive(FromPyObject)]
struct PySnapshots {
    sequence: Option<String>,
    bids: Sequence<(String, String)>,
    asks: Sequence<(String, String)>,
}

#[derive(FromPyObject)]
struct PyCandles {
    open_time: Option<String>,
    close_time: Option<String>,
    length: Option<Length>,
    close_is_inclusive: bool,
    open: String,
    high: String,
    low: String,
    close: String,
    volume: String,
    trade_count: Option<String>,
    time_received: Option<String>,
    instrument: Option<String>,
}

#[derive(FromPyObject)]
struct PyLiquidations {
    side: String,
    price: String,
    quantity: String,
}

/// Gives each name a slot.
#[derive(Default)]
pub struct Slots(Vec<String>);

impl Slots {
    /// The names, each at the place of its slot.
    pub fn into_names(self) -> Vec<String> {
        self.0
    }

    /// The slot of a column.
    pub fn of(&mut self, name: String) -> Slot {
        let Self(names) = self;
        let known = names.iter().position(|known| *known == name);
        Slot(known.unwrap_or_else(|| {
            names.push(name);
            names.len().saturating_sub(1)
        }))
    }

    fn of_any(&mut self, name: Option<String>) -> Option<Slot> {
        name.map(|name| self.of(name))
    }

    fn common(&mut self, columns: &Bound<'_, PyAny>) -> PyResult<Common> {
        let PyCommon {
            time_exchange,
            time_received,
            instrument,
        } = columns.extract()?;
        Ok(Common {
            time_exchange: self.of(time_exchange),
            time_received: self.of_any(time_received),
            instrument: self.of_any(instrument),
        })
    }

    fn level(&mut self, price: String, amount: String) -> LevelSlots {
        LevelSlots {
            price: self.of(price),
            amount: self.of(amount),
        }
    }

    fn trades(&mut self, columns: &Bound<'_, PyAny>) -> PyResult<Trades> {
        let PyTrades {
            price,
            amount,
            side,
            unknown_side,
            id,
        } = columns.extract()?;
        Ok(Trades {
            common: self.common(columns)?,
            price: self.of(price),
            amount: self.of(amount),
            side: match side {
                PyTakerSide::Side(column) => TakerSide::Side(self.of(column)),
                PyTakerSide::BuyerIsMaker { column } => TakerSide::BuyerIsMaker(self.of(column)),
            },
            unknown_side: unknown_side.map(|side| side.0),
            id: self.of_any(id),
        })
    }

    fn quotes(&mut self, columns: &Bound<'_, PyAny>) -> PyResult<Quotes> {
        let PyQuotes {
            bid_price,
            bid_amount,
            ask_price,
            ask_amount,
            id,
        } = columns.extract()?;
        Ok(Quotes {
            common: self.common(columns)?,
            bid: self.level(bid_price, bid_amount),
            ask: self.level(ask_price, ask_amount),
            id: self.of_any(id),
        })
    }

    fn book(&mut self, columns: &Bound<'_, PyAny>) -> PyResult<Book> {
        let PyBook {
            side,
            price,
            amount,
            is_snapshot,
            sequence,
            snapshot_is_reconnect,
        } = columns.extract()?;
        Ok(Book {
            common: self.common(columns)?,
            side: self.of(side),
            level: self.level(price, amount),
            is_snapshot: self.of_any(is_snapshot),
            sequence: self.of_any(sequence),
            snapshot_is_reconnect,
        })
    }

    fn snapshots(&mut self, columns: &Bound<'_, PyAny>) -> PyResult<Snapshots> {
        let PySnapshots {
            sequence,
            bids,
            asks,
        } = columns.extract()?;
        let mut side = |levels: Sequence<(String, String)>| {
            let levels = levels.0.into_iter();
            levels
                .map(|(price, amount)| self.level(price, amount))
                .collect()
        };
        let (bids, asks) = (side(bids), side(asks));
        Ok(Snapshots {
            common: self.common(columns)?,
            bids,
            asks,
            sequence: self.of_any(sequence),
        })
    }

    fn candles(&mut self, columns: &Bound<'_, PyAny>) -> PyResult<Candles> {
        let PyCandles {
            open_time,
            close_time,
            length,
            close_is_inclusive,
            open,
            high,
            low,
            close,
            volume,
            trade_count,
            time_received,
            instrument,
        } = columns.extract()?;
        let length = length.map(Length::nanos).transpose()?;
        let open_time = self.of_any(open_time);
        let close_time = match (self.of_any(close_time), open_time, length) {
            (Some(last), open, _) if close_is_inclusive => Close::After { last, open },
            (Some(close), open, _) => Close::At { close, open },
            (None, Some(open), Some(length)) => Close::OpenAnd { open, length },
            (None, _, _) => {
                return Err(PyValueError::new_err(
                    "columns: CandleColumns needs close_time, or open_time with the length",
                ));
            }
        };
        Ok(Candles {
            close_time,
            time_received: self.of_any(time_received),
            instrument: self.of_any(instrument),
            open: self.of(open),
            high: self.of(high),
            low: self.of(low),
            close: self.of(close),
            volume: self.of(volume),
            trade_count: self.of_any(trade_count),
        })
    }

    fn liquidations(&mut self, columns: &Bound<'_, PyAny>) -> PyResult<Liquidations> {
        let PyLiquidations {
            side,
            price,
            quantity,
        } = columns.extract()?;
        Ok(Liquidations {
            common: self.common(columns)?,
            side: self.of(side),
            price: self.of(price),
            quantity: self.of(quantity),
        })
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for Columns {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let py = object.py();
        let mut slots = Slots::default();
        let columns = &*object;
        let layout = if columns.is_instance(TradesClass::class(py)?)? {
            Layout::Trades(slots.trades(columns)?)
        } else if columns.is_instance(QuotesClass::class(py)?)? {
            Layout::Quotes(slots.quotes(columns)?)
        } else if columns.is_instance(BookClass::class(py)?)? {
            Layout::Book(slots.book(columns)?)
        } else if columns.is_instance(SnapshotsClass::class(py)?)? {
            Layout::Snapshots(slots.snapshots(columns)?)
        } else if columns.is_instance(CandlesClass::class(py)?)? {
            Layout::Candles(slots.candles(columns)?)
        } else if columns.is_instance(LiquidationsClass::class(py)?)? {
            Layout::Liquidations(slots.liquidations(columns)?)
        } else {
            return Err(PyTypeError::new_err(format!(
                "columns must be a description such as TradeColumns or CandleColumns, got {} {}",
                columns.get_type().name()?,
                shown(columns)?
            )));
        };
        Ok(Self {
            layout,
            names: slots.into_names(),
        })
    }
}

impl PyStubType for Columns {
    fn type_output() -> TypeInfo {
        TradesClass::type_info()
            | QuotesClass::type_info()
            | BookClass::type_info()
            | SnapshotsClass::type_info()
            | CandlesClass::type_info()
            | LiquidationsClass::type_info()
    }
}
