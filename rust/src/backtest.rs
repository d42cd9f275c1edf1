//! One run over a history: what `barter::backtest` is for, in simulated time.

mod drive;
mod feed;
mod run;

pub use run::run_backtest;
