//! Market events that name their instrument, until a history gives them its index.

use super::event::{Kind, MarketEvent};
use crate::{
    convert::{Index, UtcTime, nanos, record},
    error::Error,
    instrument::{Indexed, PyExchangeId},
};
use pyo3::prelude::*;
use pyo3_stub_gen::derive::gen_stub_pymethods;

record! {
    /// A market event that names its instrument, for `MarketData.from_events`.
    ///
    /// The engine knows instruments by their indices, which are in barter's order and not in that of
    /// the configuration. `MarketData.from_events(events, instruments=config.index())` looks the index
    /// up, so that the history holds a `MarketEvent`.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import ExchangeId, NamedMarketEvent, PublicTrade, Side
    /// >>> trade = PublicTrade("t1", price=100, amount=2, side=Side.BUY)
    /// >>> time = "2024-01-01T00:00:00Z"
    /// >>> NamedMarketEvent(time, time, ExchangeId.BINANCE_SPOT, "BTCUSDT", trade).instrument
    /// 'BTCUSDT'
    pub struct NamedMarketEvent {
        /// When it happened, by the exchange's clock, in UTC.
        time_exchange: UtcTime,
        /// When a trader's machine had it, in UTC.
        time_received: UtcTime,
        /// The exchange.
        exchange: PyExchangeId,
        /// The exchange's name of the instrument, such as `BTCUSDT`, or its internal name, such as
        /// `binancespot-btc_usdt`.
        instrument: String,
        /// What happened.
        kind: Kind,
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl NamedMarketEvent {
    /// `time_exchange` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_exchange_ns(&self) -> PyResult<i64> {
        nanos(self.time_exchange.0)
    }

    /// `time_received` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_received_ns(&self) -> PyResult<i64> {
        nanos(self.time_received.0)
    }
}

impl NamedMarketEvent {
    /// The event with the instrument's index.
    pub fn resolved(self, indexed: &Indexed) -> Result<MarketEvent, Error> {
        let index = indexed.named_by(self.exchange.0, &self.instrument)?;
        Ok(MarketEvent {
            time_exchange: self.time_exchange,
            time_received: self.time_received,
            exchange: self.exchange,
            instrument: Index(index.index()),
            kind: self.kind,
        })
    }
}
