//! A run behind which the exchanges are simulated, whatever its events come from.

mod driver;
mod interrupts;
mod options;
mod output;
mod run;
mod running;
mod script;
mod traffic;
mod warmup;

pub use driver::{Driver, Standing};
pub use interrupts::look_now;
pub use options::RunOptions;
pub use output::BacktestOutput;
pub use run::{Covered, simulate};
pub use script::{ReadyCommand, Script, ScriptedCommand, SentRequest, check_command};
