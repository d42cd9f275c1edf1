//! Market data: the crate `barter-data`.

mod event;
mod json;
mod kind;
mod market_data;
mod offers;
mod order_book;
mod state;
mod stored;
mod strategy_positions;

pub use event::{
    AnyMarketEvent, Candle, Level, Liquidation, MarketEvent, OrderBookL1, PublicTrade, Reconnecting,
};
#[cfg(test)]
pub use kind::{CandleBar, L1Quote, LiquidationTick};
pub use kind::{MAGNITUDE_LIMIT, MarketKind, StoredEvent, StoredMarketEvent, TradeTick};
pub use market_data::{MarketData, PyMarketDataIterator};
pub use offers::{Offers, opposite};
pub use order_book::{OrderBook, OrderBookSnapshot, OrderBookUpdate};
pub use state::MarketState;
pub use strategy_positions::StrategyPositions;
