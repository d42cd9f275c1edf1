//! The best levels of an instrument's order book.

use super::InstrumentView;
use crate::{
    convert::{Index, Items, f64_from_decimal, named_argument},
    data::{Level, MarketState},
};
use barter_data::books;
use pyo3::{exceptions::PyValueError, prelude::*};
use pyo3_stub_gen::derive::gen_stub_pymethods;

named_argument! {
    levels: Index,
}

/// Pairs of price and amount.
type Floats = Vec<(f64, f64)>;

/// The best levels of both sides, bids first: of the book, or without one of the last L1.
fn best<T>(market: &MarketState, count: usize, of: impl Fn(&books::Level) -> T) -> [Vec<T>; 2] {
    let sides = market.best_levels();
    sides.map(|side| side.iter().take(count).map(&of).collect())
}

fn float(level: &books::Level) -> (f64, f64) {
    (
        f64_from_decimal(level.price),
        f64_from_decimal(level.amount),
    )
}

fn positive(levels: Index) -> PyResult<usize> {
    match levels.0 {
        0 => Err(PyValueError::new_err("levels must be positive, got 0")),
        count => Ok(count),
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl InstrumentView {
    /// The best levels of the order book, without a copy of the rest of it.
    ///
    /// Parameters
    /// ----------
    /// levels : int
    ///     How many levels of each side at most.
    ///
    /// Returns
    /// -------
    /// tuple of tuple of Level
    ///     The bids, the highest first, and the asks, the lowest first. Before the first event of the book
    ///     they are those of the last L1.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If the number is not positive.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import DefaultStrategy, Engine, ExchangeId, IndexedInstruments
    /// >>> from barter_python import InstrumentConfig, Underlying
    /// >>> config = InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))
    /// >>> engine = Engine(DefaultStrategy(), IndexedInstruments([config]), time_start=0)
    /// >>> engine.snapshot().instrument(0).depth(5)
    /// ((), ())
    fn depth(
        &self,
        #[pyo3(from_py_with = levels)] levels: Index,
    ) -> PyResult<(Items<Level>, Items<Level>)> {
        let count = positive(levels)?;
        self.market(|market| {
            let [bids, asks] = best(market, count, |level| Level::from(*level));
            (Items(bids), Items(asks))
        })
    }

    /// `depth` as the nearest floats: pairs of price and amount.
    ///
    /// Parameters
    /// ----------
    /// levels : int
    ///     How many levels of each side at most.
    ///
    /// Returns
    /// -------
    /// tuple of list of tuple of float
    ///     The bids, the highest first, and the asks, the lowest first.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If the number is not positive.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import DefaultStrategy, Engine, ExchangeId, IndexedInstruments
    /// >>> from barter_python import InstrumentConfig, Underlying
    /// >>> config = InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))
    /// >>> engine = Engine(DefaultStrategy(), IndexedInstruments([config]), time_start=0)
    /// >>> bids, asks = engine.snapshot().instrument(0).depth_f64(5)
    /// >>> sum(amount for _, amount in bids) - sum(amount for _, amount in asks)
    /// 0
    fn depth_f64(
        &self,
        #[pyo3(from_py_with = levels)] levels: Index,
    ) -> PyResult<(Floats, Floats)> {
        let count = positive(levels)?;
        self.market(|market| {
            let [bids, asks] = best(market, count, float);
            (bids, asks)
        })
    }
}
