//! A run on live market data, in wall-clock time: what `barter::system` is for.

mod clock;
mod controls;
mod drive;
mod journal;
mod kill_switch;
mod options;
mod run;

pub use controls::SystemControls;
pub use run::{LiveOutput, run_paper};
