//! The simulated exchange, by the rules of docs/exchange.md. The links to it are in the room `network`.

mod accepted;
mod account;
mod amount;
mod arrival;
mod booking;
mod contract;
mod endings;
mod events;
mod executed;
mod holders;
mod liquidation;
mod market_event;
mod matching;
mod offered;
mod place;
mod protocol;
mod resting;
mod rules;
mod simulated;
mod taken;
mod tradable;
mod waiting;

pub use amount::PLACES as AMOUNT_PLACES;
pub use protocol::{Answer, AnsweredOrder, ExchangeRequest, Funded};
pub use rules::{
    CandleFills, ExchangeRules, PyCandleFills, PyCandlePrice, PyFeeAsset, PyFillPrice, PyLiquidity,
    PyQueuePosition, RateLimit,
};
pub use simulated::SimulatedExchange;
pub use tradable::{check_balance, check_tradable};
