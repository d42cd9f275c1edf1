//! The engine's state: what it holds, how it is lent to Python and copied, and its parts as values
//! (the module `barter::engine::state`).

mod copies;
mod engine_state;
mod equity;
mod failure;
mod filter;
mod instrument_data;
mod lent;
mod own_data;
mod parts;
mod position;
mod quote_reads;
mod run;
mod shared_run;
mod snapshot;
mod strategy_positions;
mod timer;
mod trade_ids;

pub use copies::{copied, give_data, objects, put_objects, take_own_data, visit_own_data};
pub use engine_state::State;
pub use equity::{profit_at, unrealised_at, with_open_positions};
pub use failure::Failure;
pub use filter::PyInstrumentFilter;
pub use instrument_data::InstrumentData;
pub use lent::Lent;
pub use own_data::{GlobalData, StrategyData};
pub use parts::{AssetState, Connectivity, PyHealth, PyTradingState};
pub use position::{
    OpenPosition, OpenPositionRows, PositionExited, PositionExitedRows, without_trades,
};
pub use quote_reads::Quote;
pub use run::{Run, RunCounts, SeenEvent};
pub use shared_run::SharedRun;
pub use snapshot::{read as read_snapshot, write as write_snapshot};
pub use strategy_positions::StrategyPositions;
pub use timer::{PendingTimer, Timer};
pub use trade_ids::{TradeIds, TradeLogs};
