//! A run over a history, from its arguments to its results.

use super::{
    drive::drive,
    feed::{Feed, History},
};
use crate::{
    instrument::PyIndexedInstruments,
    network::Executions,
    records::Progress,
    simulation::{BacktestOutput, Covered, RunOptions, Script, simulate},
};
use pyo3::prelude::*;
use pyo3_stub_gen::derive::gen_stub_pyfunction;

/// Runs a strategy over a history. See `barter_python.backtest.run_backtest`.
#[gen_stub_pyfunction(module = "barter_python._core")]
#[pyfunction]
pub fn run_backtest(
    py: Python<'_>,
    #[gen_stub(override_type(type_repr = "barter_python.AlgoStrategy", imports = ("barter_python")))]
    strategy: &Bound<'_, PyAny>,
    data: History<'_>,
    instruments: &Bound<'_, PyIndexedInstruments>,
    executions: Executions,
    options: RunOptions,
) -> PyResult<BacktestOutput> {
    let mut options = options;
    let builds_candles = options.candles.is_some();
    let mut feed = Feed::open(&data, options.window, &instruments.get().0, builds_candles)?;
    let time_start = feed.time_start;
    let close_at_end = options.close_at_end;
    let script = Script::from(std::mem::take(&mut options.commands));
    let progress = options.progress.take().map(Progress::new);
    simulate(
        py,
        strategy,
        instruments,
        executions,
        options,
        time_start,
        |driver| {
            let output = drive(driver, py, &mut feed, close_at_end, progress, script)?;
            let covered = Covered {
                time_start,
                time_end: feed.time_end,
                events: feed.given(),
            };
            Ok((output, covered))
        },
    )
}
