//! Market data: the crate `barter-data`.

mod event;
mod json;
mod market_data;
mod order_book;
mod state;
mod stored;
mod strategy_positions;

pub use event::{
    AnyMarketEvent, Candle, Level, Liquidation, MarketEvent, OrderBookL1, PublicTrade, Reconnecting,
};
pub use market_data::{MarketData, PyMarketDataIterator};
pub use order_book::{OrderBook, OrderBookSnapshot, OrderBookUpdate};
#[cfg(test)]
pub use state::{CandleBar, L1Quote, LiquidationTick};
pub use state::{
    MAGNITUDE_LIMIT, MarketKind, MarketState, Offers, StoredEvent, StoredMarketEvent, TradeTick,
    opposite,
};
pub use strategy_positions::StrategyPositions;
