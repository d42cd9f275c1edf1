//! barter's engine with a Python strategy in it (the module `barter::engine`): how it is assembled, one
//! event through it, what it must never see, its audit, and the engine that is stepped event by event.

mod account_check;
mod audit;
mod build;
mod clock;
mod event;
mod replica;
mod requests;
mod step;
mod turn;
mod warmup;

pub use audit::{Audit, AuditTick};
pub use event::{Event, Shutdown, event_from_json, event_to_json};
pub use replica::{AuditSnapshot, StateReplica};
pub use step::Engine as PyEngine;
pub use turn::{DrivenEngine, Turn};
