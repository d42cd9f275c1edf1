//! Live market data: barter-data's connectors under a supervisor of ours (the module
//! `barter_data::streams`).
//!
//! A `Feed` has a runtime of its own, whose threads never touch Python: they put what the venues send
//! into a bounded queue, and a reader takes it out.

mod answers;
mod binance;
mod books;
mod event;
mod feed;
mod feed_class;
mod open;
mod queue;
mod repair;
mod status;
mod subscription;
mod supervisor;
mod venue;
mod wake;

pub use feed::Feed;
pub use feed_class::{Lag, MarketFeed, check_address};
pub use queue::{FeedItem, Next, Nudge};
#[cfg(test)]
pub use queue::{Overflow, Queue};
pub use status::StreamStatus;
pub use subscription::check_subscription;
