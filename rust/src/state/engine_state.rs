//! The type of the engine's state.

use super::{GlobalData, InstrumentData};
use barter::engine::state::EngineState;

/// The state of the engine, with our data of instruments and the strategy's own in it.
pub type State = EngineState<GlobalData, InstrumentData>;
