//! Orders, trades, balances and the events of an account: the crate `barter-execution`.

mod balance;
mod cancel;
mod contradiction;
mod event;
mod failure;
mod json;
mod kind;
mod order;
mod request;
#[cfg(test)]
mod tests;
mod trade;

pub use balance::{AssetBalance, Balance};
pub use cancel::OrderResponseCancel;
pub use event::{
    AccountEvent, AccountReconnecting, AccountSnapshot, AnyAccountEvent, InstrumentAccountSnapshot,
};
pub use failure::OrderFailure;
pub use kind::{PyOrderKind, PyTimeInForce, add_post_only};
pub use order::{Order, OrderStatus};
pub use request::{
    CancelRequest, ClientOrderIdClass, OpenRequest, OrderIndex, PyOrderRequestOpen,
    StrategyIdClass, order_request_cancel, order_request_open,
};
pub use trade::{LIQUIDATION_ID, SETTLEMENT_ID, Trade, TradeRows, is_of_exchange};
