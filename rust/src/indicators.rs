//! Indicators and conditions of instruments: the engine computes them at each event, and asks a strategy
//! that has conditions only when one of them holds.

mod bars;
mod cell;
mod condition;
mod graph;
mod node;
mod positions;
mod window;

pub use cell::Seen;
pub use graph::Indicators;
pub use node::{Node, NodeText};
pub use positions::Positions;
