//! What a strategy sees of the engine: views that read its state in place.

mod engine_view;
mod instrument_depth;
mod instrument_orders;
mod instrument_sizes;
mod instrument_view;
mod timers;

pub use engine_view::EngineView;
pub use instrument_sizes::{rounded_price, rounded_quantity};
pub use instrument_view::InstrumentView;
