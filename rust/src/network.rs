//! The links between the engine and the exchanges, in simulated time: their latencies and faults, the
//! requests and answers in flight, and the configuration of all that.

mod execution_config;
mod fault;
mod latency;
mod links;
mod queue;

pub use execution_config::{Execution, Executions, check_executions};
pub use fault::{ConnectionChange, Fault, Script};
pub use latency::{Latency, LatencyDraws};
pub use links::{Network, Route};
pub use queue::{AnswerInFlight, InFlight, Rank, earlier};
