//! The order book of level 2, as a strategy sees it and as it is given from Python.

use super::event::Level;
use crate::{
    convert::{Items, Reduced, UtcTime, nanos, record_reduce, record_repr},
    named_argument, record,
};
use barter_data::{books, subscription::book::OrderBookEvent};
use pyo3::prelude::*;
use pyo3_stub_gen::derive::{gen_stub_pyclass, gen_stub_pymethods};
use std::hash::{Hash, Hasher};

/// The fields in the order of the constructor.
const FIELDS: &[&str] = &["sequence", "time_engine", "bids", "asks"];

/// What is on offer at each price (`barter_data::books::OrderBook`).
///
/// The levels may be given in any order; the book has the best first, as barter sorts them. It may be
/// crossed. A `MarketData` refuses a side that has a price twice, negative amounts, and amounts of zero
/// in a snapshot.
///
/// Parameters
/// ----------
/// sequence : int
///     The exchange's number of the book's state. It is kept as it is given: barter's `OrderBook`
///     does not check it, and nothing here does.
/// time_engine : datetime.datetime or int or str, optional
///     When the exchange's matching engine had it, in UTC, where the exchange says so.
/// bids : iterable of Level
///     What others buy at each price.
/// asks : iterable of Level
///     What others sell at each price.
///
/// Examples
/// --------
/// >>> from barter_python import Level, OrderBook
/// >>> book = OrderBook(1, None, bids=[Level(98, 5), Level(99, 2)], asks=[Level(101, 3)])
/// >>> book.bids[0]
/// Level(price=Decimal('99'), amount=Decimal('2'))
#[gen_stub_pyclass]
#[pyclass(frozen, eq, hash, from_py_object, module = "barter_python._core")]
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OrderBook(pub books::OrderBook);

impl Hash for OrderBook {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self(book) = self;
        book.sequence().hash(state);
        book.time_engine().hash(state);
        book.bids().levels().hash(state);
        book.asks().levels().hash(state);
    }
}

fn levels(levels: &[books::Level]) -> Items<Level> {
    Items(levels.iter().copied().map(Level::from).collect())
}

named_argument! {
    sequence: u64,
    time_engine: Option<UtcTime>,
    bids: Items<Level>,
    asks: Items<Level>,
}

#[gen_stub_pymethods]
#[pymethods]
impl OrderBook {
    #[new]
    #[pyo3(signature = (sequence, time_engine, bids, asks))]
    fn __new__(
        #[pyo3(from_py_with = sequence)] sequence: u64,
        #[pyo3(from_py_with = time_engine)] time_engine: Option<UtcTime>,
        #[pyo3(from_py_with = bids)] bids: Items<Level>,
        #[pyo3(from_py_with = asks)] asks: Items<Level>,
    ) -> Self {
        let time_engine = time_engine.map(|time| time.0);
        Self(books::OrderBook::new(sequence, time_engine, bids.0, asks.0))
    }

    /// The exchange's number of the book's state.
    #[getter]
    fn sequence(&self) -> u64 {
        self.0.sequence()
    }

    /// When the exchange's matching engine had it, in UTC, where the exchange says so.
    #[getter]
    fn time_engine(&self) -> Option<UtcTime> {
        self.0.time_engine().map(UtcTime)
    }

    /// `time_engine` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_engine_ns(&self) -> PyResult<Option<i64>> {
        self.0.time_engine().map(nanos).transpose()
    }

    /// What others buy at each price, the highest first. A new tuple for each reading.
    #[getter]
    fn bids(&self) -> Items<Level> {
        levels(self.0.bids().levels())
    }

    /// What others sell at each price, the lowest first. A new tuple for each reading.
    #[getter]
    fn asks(&self) -> Items<Level> {
        levels(self.0.asks().levels())
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        record_repr(slf.as_any(), FIELDS)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Reduced<'py, Self>> {
        record_reduce(slf.as_any(), FIELDS)
    }
}

record! {
    /// The whole order book, in place of what was known of it
    /// (`barter_data::subscription::book::OrderBookEvent::Snapshot`).
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import Level, OrderBook, OrderBookSnapshot
    /// >>> snapshot = OrderBookSnapshot(OrderBook(1, None, [Level(99, 2)], [Level(101, 3)]))
    /// >>> match snapshot:
    /// ...     case OrderBookSnapshot(book=book):
    /// ...         print(book.asks[0].price - book.bids[0].price)
    /// 2
    pub struct OrderBookSnapshot {
        /// The book.
        book: OrderBook,
    }
}

record! {
    /// Levels of the order book that have changed
    /// (`barter_data::subscription::book::OrderBookEvent::Update`).
    ///
    /// Each amount is the new amount at its price; zero takes the level away. Sequence and time are
    /// the book's from then on.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import Level, OrderBook, OrderBookUpdate
    /// >>> OrderBookUpdate(OrderBook(2, None, bids=[Level(99, 0)], asks=[])).book.bids
    /// (Level(price=Decimal('99'), amount=Decimal('0')),)
    pub struct OrderBookUpdate {
        /// The changed levels, with the sequence and the time of the book after them.
        book: OrderBook,
    }
}

impl From<OrderBookSnapshot> for OrderBookEvent {
    fn from(OrderBookSnapshot { book }: OrderBookSnapshot) -> Self {
        Self::Snapshot(book.0)
    }
}

impl From<OrderBookUpdate> for OrderBookEvent {
    fn from(OrderBookUpdate { book }: OrderBookUpdate) -> Self {
        Self::Update(book.0)
    }
}
