//! Risk managers: limits, and Python objects (the module `barter::risk`).

mod check;
mod drawdown;
mod limits;
mod manager;
mod python;
mod reason;
mod refused_request;

pub use check::{
    CheckFailHigherThan, CheckHigherThan, calculate_abs_percent_difference, calculate_delta,
    calculate_quote_notional,
};
pub use drawdown::DrawdownSwitch;
pub use manager::PyRiskManager;
pub use refused_request::{RefusedRequest, RefusedRequestRows, Request, of_either_kind};
