//! Market data (the crate `barter-data`): events, the store of a history, the known state of a market
//! and its offers.

mod binary;
mod candles;
mod crossed;
mod event;
mod journal;
mod json;
mod kind;
mod level;
mod market;
mod market_data;
mod market_scan;
mod named;
mod offers;
mod order_book;
mod pieces;
mod shared_events;
mod stored;
mod table;
mod window;

pub use candles::{CandleBuilder, CandleInterval};
pub use crossed::{CrossedEvents, leaves_crossed};
pub use event::{
    AnyMarketEvent, Candle, Funding, Liquidation, MarketEvent, OrderBookL1, PublicTrade,
    Reconnecting, Settlement,
};
pub use journal::{Journal, JournalOptions, Written};
pub use kind::{
    CandleBar, FundingTick, L1Quote, LiquidationTick, MAGNITUDE_LIMIT, MarketKind, SettlementTick,
    StoredEvent, StoredMarketEvent, TradeTick,
};
pub use level::Level;
pub use market::MarketState;
pub use market_data::{MarketData, PyMarketDataIterator, open::os_error};
pub use market_scan::{MarketScan, PyMarketScanIterator, ScanReader};
pub use named::NamedMarketEvent;
pub use offers::{Offers, opposite};
pub use order_book::{OrderBook, OrderBookSnapshot, OrderBookUpdate};
pub use pieces::PieceFile;
pub use shared_events::SharedEvents;
pub use table::{csv_first_rows, csv_values, read_csv_files, read_databento};
pub use window::{Cut, Window, window_ns};
