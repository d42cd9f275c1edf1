//! Summaries: the module `barter::statistic::summary`.

mod asset;
mod dataset;
mod instrument;
mod pnl;
mod trading;

pub use asset::{TearSheetAsset, TearSheetAssetGenerator, asset_tear_sheet};
pub use dataset::{DataSetSummary, Dispersion, Range};
pub use instrument::{TearSheet, TearSheetGenerator, tear_sheet};
pub use pnl::{ExactTally, PnLReturns};
pub use trading::{TradingSummary, TradingSummaryGenerator};
