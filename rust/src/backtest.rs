//! One run over a history: what `barter::backtest` is for, in simulated time.

mod execution;

pub use execution::check_executions;

use crate::{
    convert::{Dec, UtcTime, nanos},
    data::MarketData,
    engine::{
        Driver, DriverOutput, EquityPoint, FailedCancel, OpenPosition, OrderReport, PositionExited,
        Progress, Run, engine_of,
    },
    error::Error,
    exchange::{PyFillPrice, SimulatedExchange, check_tradable},
    execution::{Balance, Trade},
    instrument::PyIndexedInstruments,
    named_argument,
    risk::Refusal,
    statistic::{Interval, TradingSummary},
};
use execution::{Execution, ExecutionConfig};
use pyo3::prelude::*;
use pyo3_stub_gen::derive::{gen_stub_pyclass, gen_stub_pyfunction, gen_stub_pymethods};
use std::{
    panic::{self, AssertUnwindSafe},
    sync::{Arc, Mutex, PoisonError},
    thread::{self, ThreadId},
};

named_argument! {
    interval: Interval,
}

/// What a run has brought forth, for `barter_python.backtest.BacktestResult`.
#[gen_stub_pyclass]
#[pyclass(frozen, get_all, module = "barter_python._core")]
pub struct BacktestOutput {
    /// When the first event was received, in UTC.
    time_start: UtcTime,
    /// barter's summary.
    summary: TradingSummary,
    /// Orders, in the order in which they were sent.
    orders: Vec<OrderReport>,
    /// Our fills, in their order.
    fills: Vec<Trade>,
    /// Cancels that failed, in their order.
    failed_cancels: Vec<FailedCancel>,
    /// What the risk manager has refused, in its order.
    refused: Vec<Refusal>,
    /// Closed positions, in the order of their closing.
    positions: Vec<PositionExited>,
    /// Positions still open at the end.
    open_positions: Vec<OpenPosition>,
    /// By instrument index, what open positions are valued at; `None` without a price.
    marks: Vec<Option<Dec>>,
    /// Equity by quote asset at the start, after each fill and at the end.
    equity: Vec<EquityPoint>,
    /// Balances at the end, by asset index.
    balances: Vec<Balance>,
}

/// A run in a callback of a run in a callback ... ends here, well before the stack does.
const NESTED_RUNS: usize = 16;

/// Marks a strategy as running for as long as it lives: two engines cannot share one.
struct Running {
    strategy: usize,
    thread: ThreadId,
}

static RUNNING: Mutex<Vec<(usize, ThreadId)>> = Mutex::new(Vec::new());

impl Running {
    fn start(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        let (strategy, thread) = (object.as_ptr() as usize, thread::current().id());
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        if running.iter().any(|(other, _)| *other == strategy) {
            return Err(Error::Busy(format!(
                "this {} is in a run already, which it cannot start or join again; \
                 give each run a strategy of its own",
                object.get_type().name()?
            ))
            .into());
        }
        if running.iter().filter(|(_, other)| *other == thread).count() >= NESTED_RUNS {
            return Err(Error::Busy(format!(
                "{NESTED_RUNS} runs are going on inside one another on this thread already"
            ))
            .into());
        }
        running.push((strategy, thread));
        Ok(Self { strategy, thread })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        running.retain(|run| *run != (self.strategy, self.thread));
    }
}

/// Runs a strategy over a history, for `barter_python.backtest.run_backtest`, which see.
#[gen_stub_pyfunction(module = "barter_python._core")]
#[pyfunction]
#[pyo3(signature = (
    strategy, data, instruments, executions, *, close_at_end, fill_price, risk_free_return, interval,
    progress=None, audit=None, risk_manager=None, guard_commands=false
))]
#[allow(clippy::too_many_arguments)]
pub fn run_backtest(
    py: Python<'_>,
    #[gen_stub(override_type(type_repr = "barter_python.AlgoStrategy", imports = ("barter_python")))]
    strategy: &Bound<'_, PyAny>,
    data: &MarketData,
    instruments: &PyIndexedInstruments,
    #[gen_stub(override_type(
        type_repr = "collections.abc.Sequence[barter_python.MockExecutionConfig]",
        imports = ("collections.abc", "barter_python")
    ))]
    executions: Vec<ExecutionConfig>,
    close_at_end: bool,
    fill_price: PyFillPrice,
    risk_free_return: Dec,
    #[pyo3(from_py_with = interval)] interval: Interval,
    #[gen_stub(override_type(
        type_repr = "collections.abc.Callable[[int, int], object] | None",
        imports = ("collections.abc")
    ))]
    progress: Option<Py<PyAny>>,
    #[gen_stub(override_type(
        type_repr = "collections.abc.Callable[[AuditSnapshot | AuditTick], object] | None",
        imports = ("collections.abc")
    ))]
    audit: Option<Py<PyAny>>,
    #[gen_stub(override_type(
        type_repr = "barter_python.RiskManagerLike | barter_python.RiskLimits | None",
        imports = ("barter_python")
    ))]
    risk_manager: Option<&Bound<'_, PyAny>>,
    guard_commands: bool,
) -> PyResult<BacktestOutput> {
    let interval = interval.in_whole_seconds()?;
    let indexed = &instruments.0;
    check_tradable(indexed)?;
    let execution = Execution::new(executions, indexed)?;
    data.check_against(indexed)?;
    let start = nanos(data.time_start)?;
    let _running = Running::start(strategy)?;
    let run = Arc::new(Run::new(
        Arc::clone(indexed),
        Arc::clone(&data.events),
        start,
    ));
    let engine = engine_of(strategy, risk_manager, guard_commands, &run)?;
    let exchange = SimulatedExchange::new(fill_price.0, execution.rules, execution.balances);
    let mut driver = Driver::new(engine, run, exchange, execution.routes, audit);

    let run = AssertUnwindSafe(|| {
        let output = driver.drive(py, close_at_end, progress.map(Progress::new))?;
        let generator = driver.engine.trading_summary_generator(risk_free_return.0);
        PyResult::Ok((output, TradingSummary::generate(generator, interval)))
    });
    let (output, summary) =
        panic::catch_unwind(run).map_err(|panic| Error::panicked(&*panic))??;
    let DriverOutput {
        orders,
        fills,
        failed_cancels,
        refused,
        positions,
        open_positions,
        marks,
        equity,
    } = output;
    Ok(BacktestOutput {
        time_start: UtcTime(data.time_start),
        balances: driver.balances(),
        summary,
        orders,
        fills,
        failed_cancels,
        refused,
        positions,
        open_positions,
        marks,
        equity,
    })
}

#[gen_stub_pymethods]
#[pymethods]
impl BacktestOutput {
    /// `time_start` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_start_ns(&self) -> PyResult<i64> {
        nanos(self.time_start.0)
    }
}
