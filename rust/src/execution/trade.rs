//! Our fills: `barter_execution::trade`.

use crate::{
    convert::{Dec, Index, UtcTime, nanos},
    instrument::PySide,
    record,
};
use barter_execution::{
    order::id::{OrderId, StrategyId},
    trade::{AssetFees, TradeId},
};
use barter_instrument::{asset::QuoteAsset, instrument::InstrumentIndex};
use pyo3::prelude::*;
use pyo3_stub_gen::derive::gen_stub_pymethods;

type BarterTrade = barter_execution::trade::Trade<QuoteAsset, InstrumentIndex>;

record! {
    /// One of our fills (`barter_execution::trade::Trade`).
    pub struct Trade {
        /// The exchange's id of the trade.
        id: String,
        /// The exchange's id of the order.
        order_id: String,
        /// Index of the instrument.
        instrument: Index,
        /// Id of the strategy whose order it was.
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
