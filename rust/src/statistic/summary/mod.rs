//! Summaries: the module `barter::statistic::summary`.

mod asset;
mod dataset;
mod instrument;
mod pnl;
mod trading;

pub use asset::{TearSheetAsset, TearSheetAssetGenerator};
pub use dataset::{DataSetSummary, Dispersion, Range};
pub use instrument::{TearSheet, TearSheetGenerator};
pub use pnl::PnLReturns;
pub use trading::{TradingSummary, TradingSummaryGenerator};
