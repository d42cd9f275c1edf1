//! The account's equity over a run.

mod account_equity;
mod curve;
mod drawdowns;
mod line;
mod marked;

pub use account_equity::{
    AccountEquity, EquityBar, EquityBarRows, EquityDrawdown, EquityDrawdownRows,
};
pub use marked::{EquityOptions, MarkedEquity};
