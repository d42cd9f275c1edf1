//! Financial metrics: the module `barter::statistic::metric`.

mod drawdown;
mod drawdown_generator;
mod factor;
mod ratio;

pub use drawdown::{Drawdown, MeanDrawdown};
pub use drawdown_generator::{DrawdownGenerator, MaxDrawdownGenerator, MeanDrawdownGenerator};
pub use factor::{ProfitFactor, WinRate};
pub use ratio::{CalmarRatio, RateOfReturn, SharpeRatio, SortinoRatio};
