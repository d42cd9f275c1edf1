//! barter's engine with a Python strategy in it: the module `barter::engine`.

mod audit;
mod check;
mod clock;
mod driver;
mod equity;
mod event;
mod instrument_view;
mod kept;
mod lent;
mod network;
mod position;
mod progress;
mod queue;
mod record;
mod replica;
mod report;
mod requests;
mod run;
mod state;
mod step;
mod strategy_report;
mod view;

pub use audit::{AuditTick, HookOutput};
pub use driver::Driver;
pub use equity::{unrealised_at, with_open_positions};
pub use event::{Shutdown, event_from_json, event_to_json};
pub use instrument_view::InstrumentView;
pub use lent::Lent;
pub use network::Route;
pub use position::{OpenPosition, PositionExited};
pub use progress::Progress;
pub use record::DriverOutput;
pub use replica::{AuditSnapshot, StateReplica};
pub use report::{EquityPoint, FailedCancel, OrderReport};
pub use run::{Run, SeenEvent};
pub use state::{AssetState, Connectivity, PyHealth, PyTradingState, engine_of};
pub use step::Engine as PyEngine;
pub use strategy_report::report_by_strategy;
pub use view::EngineView;

use crate::{
    data::MarketState,
    risk::PyRiskManager,
    strategy::{GlobalData, PyStrategy},
};
use barter::engine::{Engine, state::EngineState};

/// The state of the engine, with our market data in it.
pub type State = EngineState<GlobalData, MarketState>;

/// barter's engine as a run drives it.
pub type RunEngine =
    Engine<clock::SimulatedClock, State, requests::RequestTxs, PyStrategy, PyRiskManager>;
