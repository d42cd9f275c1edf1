//! Stop and take-profit orders that the run holds itself: barter has none.

mod book;
mod ladder;
mod order;
mod placed;
mod shared;

pub use order::{Stop, StopOrder, StopTrigger, TakeProfitOrder, TrailingStopOrder};
pub use placed::StopRequest;
pub use shared::{PathPrice, PlacedStops, Stops, Triggered};
