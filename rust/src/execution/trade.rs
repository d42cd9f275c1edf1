//! Our fills: `barter_execution::trade`.

use crate::{
    convert::{Columns, Dec, EnumText, Index, UtcTime, nanos, record, rows},
    instrument::{PyIndexedInstruments, PySide},
};
use barter_execution::{
    order::id::{OrderId, StrategyId},
    trade::{AssetFees, TradeId},
};
use barter_instrument::{asset::QuoteAsset, instrument::InstrumentIndex};
use pyo3::prelude::*;
use pyo3_stub_gen::derive::gen_stub_pymethods;
use serde::{Deserialize, Serialize};

type BarterTrade = barter_execution::trade::Trade<QuoteAsset, InstrumentIndex>;

/// The id of the strategy, and of the order, with which a simulated exchange settles a future.
pub const SETTLEMENT_ID: &str = "bp-settlement";

/// The same, with which it liquidates an account.
pub const LIQUIDATION_ID: &str = "bp-liquidation";

/// Whether a trade is of an order of the exchange's own, which closes the positions of all strategies.
pub fn is_of_exchange(trade: &BarterTrade) -> bool {
    trade.strategy.0 == SETTLEMENT_ID || trade.strategy.0 == LIQUIDATION_ID
}

record! {
    /// One of our fills (`barter_execution::trade::Trade`).
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import Side, Trade
    /// >>> trade = Trade(
    /// ...     "t1", "o1", 0, "me", "2024-01-01T00:00:00Z", Side.BUY, price=100, quantity=2, fees=1)
    /// >>> trade.price * trade.quantity + trade.fees
    /// Decimal('201')
    #[derive(Serialize, Deserialize)]
    #[signature(
        id, order_id, instrument, strategy_id, time_exchange, side, *, price, quantity, fees
    )]
    pub struct Trade {
        /// The exchange's id of the trade.
        id: String,
        /// The exchange's id of the order.
        order_id: String,
        /// Index of the instrument.
        instrument: Index,
        /// Id of the strategy whose order it was; `bp-settlement` for the settlement of a future,
        /// `bp-liquidation` for the closing of a position that is liquidated.
        strategy_id: String,
        /// When it happened, in UTC.
        time_exchange: UtcTime,
        /// Side of our order.
        side: PySide,
        /// Price, in the quote asset.
        price: Dec,
        /// Quantity, in the base asset.
        quantity: Dec,
        /// Fees, in the quote asset.
        fees: Dec,
    }
}

rows! {
    /// Fills, for `barter_python.Records`.
    pub struct TradeRows of Trade, named by PyIndexedInstruments
}

impl Trade {
    fn columns(PyIndexedInstruments(indexed): &PyIndexedInstruments) -> Columns<Self> {
        let mut columns = Columns::new();
        columns
            .text("id", |row: &Self| Some((&row.id).into()))
            .text("order_id", |row| Some((&row.order_id).into()))
            .named("instrument", indexed.instrument_names(), |row| {
                Some(row.instrument)
            })
            .text("strategy_id", |row| Some((&row.strategy_id).into()))
            .time("time_exchange", |row| Some(row.time_exchange))
            .text("side", |row| Some(row.side.text().into()))
            .decimal("price", |row| Some(row.price))
            .decimal("quantity", |row| Some(row.quantity))
            .decimal("fees", |row| Some(row.fees));
        columns
    }
}

impl From<&BarterTrade> for Trade {
    fn from(trade: &BarterTrade) -> Self {
        let BarterTrade {
            id,
            order_id,
            instrument,
            strategy,
            time_exchange,
            side,
            price,
            quantity,
            fees: AssetFees {
                asset: QuoteAsset,
                fees,
            },
        } = trade;
        Self {
            id: id.0.to_string(),
            order_id: order_id.to_string(),
            instrument: Index(instrument.index()),
            strategy_id: strategy.to_string(),
            time_exchange: UtcTime(*time_exchange),
            side: (*side).into(),
            price: Dec(*price),
            quantity: Dec(*quantity),
            fees: Dec(*fees),
        }
    }
}

impl From<&Trade> for BarterTrade {
    fn from(trade: &Trade) -> Self {
        let Trade {
            id,
            order_id,
            instrument,
            strategy_id,
            time_exchange,
            side,
            price,
            quantity,
            fees,
        } = trade;
        Self {
            id: TradeId::new(id),
            order_id: OrderId::new(order_id),
            instrument: InstrumentIndex(instrument.0),
            strategy: StrategyId::new(strategy_id),
            time_exchange: time_exchange.0,
            side: side.0,
            price: price.0,
            quantity: quantity.0,
            fees: AssetFees::quote_fees(fees.0),
        }
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl Trade {
    /// `time_exchange` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_exchange_ns(&self) -> PyResult<i64> {
        nanos(self.time_exchange.0)
    }
}
