//! The descriptions of tables, classes of `barter_python.data`, read.

use super::layout::{
    Book, Candles, Close, Columns, Common, Fundings, Layout, LevelSlots, Liquidations, Quotes,
    Settlements, Slot, Snapshots, TakerSide, Trades,
};
use crate::{
    convert::{Length, PythonClass, Sequence, shown},
    instrument::PySide,
};
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    sync::PyOnceLock,
};
use pyo3_stub_gen::{PyStubType, TypeInfo};

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
    FundingsClass = "FundingColumns",
    SettlementsClass = "SettlementColumns",
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

#[derive(FromPyObject)]
struct PyFundings {
    rate: String,
    mark_price: Option<String>,
}

#[derive(FromPyObject)]
struct PySettlements {
    price: String,
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

    fn settlements(&mut self, columns: &Bound<'_, PyAny>) -> PyResult<Settlements> {
        let PySettlements { price } = columns.extract()?;
        Ok(Settlements {
            common: self.common(columns)?,
            price: self.of(price),
        })
    }

    fn fundings(&mut self, columns: &Bound<'_, PyAny>) -> PyResult<Fundings> {
        let PyFundings { rate, mark_price } = columns.extract()?;
        Ok(Fundings {
            common: self.common(columns)?,
            rate: self.of(rate),
            mark_price: self.of_any(mark_price),
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
        } else if columns.is_instance(FundingsClass::class(py)?)? {
            Layout::Fundings(slots.fundings(columns)?)
        } else if columns.is_instance(SettlementsClass::class(py)?)? {
            Layout::Settlements(slots.settlements(columns)?)
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
            | FundingsClass::type_info()
            | SettlementsClass::type_info()
    }
}
