//! What Python asks the engine for, orders, cancels and commands: read, checked, put in order, and turned
//! back into Python (the module `barter::engine::command`).

mod objects;
mod orders;

pub use objects::{ENGINE, cancel_object, command_object, make, open_object, tuple};
pub use orders::{
    CommandRequest, Orders, check as check_orders, commands, in_fixed_order, orders, sequence,
    withdraw_stops,
};
