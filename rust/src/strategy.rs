//! Strategies: the module `barter::strategy`.

mod adapter;
mod close_positions;
mod data;
mod filter;
mod notice;
mod orders;

pub use adapter::PyStrategy;
pub use close_positions::{
    build_ioc_market_order_to_close_position, check_closing_order,
    close_open_positions_with_market_orders,
};
pub use data::{DataFailure, GlobalData, StrategyData, copied, give_data, objects, put_objects};
pub use filter::PyInstrumentFilter;
pub use orders::{CommandRequest, Orders, check as check_orders, in_fixed_order, sequence};
