//! Figures: the module `barter::statistic`.

mod algorithm;
mod guard;
mod metric;
mod returns;
mod summary;
mod time;

pub use algorithm::{
    calculate_mean, calculate_population_variance, calculate_recurrence_relation_m,
    calculate_sample_variance,
};
pub use guard::guarded;
pub use metric::{
    CalmarRatio, Drawdown, DrawdownGenerator, MaxDrawdownGenerator, MeanDrawdown,
    MeanDrawdownGenerator, ProfitFactor, RateOfReturn, SharpeRatio, SortinoRatio, WinRate,
};
pub use returns::{EquityRatios, PeriodReturn, PeriodReturnRows, RatioOptions};
pub use summary::{
    DataSetSummary, Dispersion, ExactTally, PnLReturns, Range, TearSheet, TearSheetAsset,
    TearSheetAssetGenerator, TearSheetGenerator, TradingSummary, TradingSummaryGenerator,
    asset_tear_sheet, tear_sheet,
};
pub use time::Interval;
