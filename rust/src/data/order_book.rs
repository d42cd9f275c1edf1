//! The order book of level 2, as a strategy sees it and as it is given from Python.

use super::level::Level;
use crate::convert::{
    Items, ReducedByFields, UtcTime, named_argument, nanos, record, record_reduce, record_repr,
};
use barter_data::{books, subscription::book::OrderBookEvent};
use pyo3::prelude::*;
use pyo3_stub_gen::derive::{gen_stub_pyclass, gen_stub_pymethods};
use std::hash::{Hash, Hasher};

/// The fields in the order of the constructor.
const FIELDS: &[&str] = &["sequence", "time_engine", "bids", "asks"];

/// The amounts on offer at each price (`barter_data::books::OrderBook`).
///
/// The levels may be given in any order; the book has the best first, as barter sorts them. It may be
/// crossed. A `MarketData` refuses a side that has a price twice, negative amounts, and amounts of zero
/// in a snapshot.
///
/// Parameters
/// ----------
/// sequence : int
///     The exchange's number of the book's state. It is not checked, neither here nor by barter's
///     `OrderBook`.
/// time_engine : datetime.datetime or int or str, optional
///     Time of the book at the exchange's matching engine, in UTC, if the exchange gives it.
/// bids : iterable of Level
///     The amounts that others buy, by price.
/// asks : iterable of Level
///     The amounts that others sell, by price.
///
/// Examples
/// --------
/// >>> from barter_python import Level, OrderBook
/// >>> bids = [Level(price=98, amount=5), Level(price=99, amount=2)]
/// >>> book = OrderBook(1, None, bids, asks=[Level(price=101, amount=3)])
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

    /// Time of the book at the exchange's matching engine, in UTC, if the exchange gives it.
    #[getter]
    fn time_engine(&self) -> Option<UtcTime> {
        self.0.time_engine().map(UtcTime)
    }

    /// `time_engine` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_engine_ns(&self) -> PyResult<Option<i64>> {
        self.0.time_engine().map(nanos).transpose()
    }

    /// The amounts that others buy, the highest price first. A new tuple for each reading.
    #[getter]
    fn bids(&self) -> Items<Level> {
        levels(self.0.bids().levels())
    }

    /// The amounts that others sell, the lowest price first. A new tuple for each reading.
    #[getter]
    fn asks(&self) -> Items<Level> {
        levels(self.0.asks().levels())
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        record_repr(slf.as_any(), FIELDS)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<ReducedByFields<'py, Self>> {
        record_reduce(slf.as_any(), FIELDS)
    }
}

record! {
    /// The whole order book, which replaces the known one
    /// (`barter_data::subscription::book::OrderBookEvent::Snapshot`).
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import Level, OrderBook, OrderBookSnapshot
    /// >>> bids, asks = [Level(price=99, amount=2)], [Level(price=101, amount=3)]
    /// >>> snapshot = OrderBookSnapshot(OrderBook(1, None, bids, asks))
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
    /// >>> OrderBookUpdate(OrderBook(2, None, bids=[Level(price=99, amount=0)], asks=[])).book.bids
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
