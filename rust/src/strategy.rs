//! A Python object as one of barter's strategies (the module `barter::strategy`).

mod adapter;
mod close_positions;
mod hooks;
mod identity;
mod notice;
mod trading;
mod waking;

pub use adapter::{HookOutput, PyStrategy};
pub use close_positions::{
    build_ioc_market_order_to_close_position, check_closing_order,
    close_open_positions_with_market_orders,
};
pub use waking::{give_indicators, wake_on};
