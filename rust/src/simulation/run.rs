//! A run from its arguments to its results.

use super::{
    driver::Driver, options::RunOptions, output::BacktestOutput, running::Running,
    script::SentRequest, warmup::Warmup,
};
use crate::{
    convert::{UtcTime, nanos},
    data::{CandleBuilder, CrossedEvents},
    engine::DrivenEngine,
    error::Error,
    exchange::{SimulatedExchange, check_tradable},
    execution::TradeRows,
    instrument::PyIndexedInstruments,
    network::{Execution, Executions},
    records::{DriverOutput, FailedCancelRows, FundingPaymentRows, OrderReportRows},
    risk::RefusedRequestRows,
    state::{OpenPositionRows, PositionExitedRows, Run},
    statistic::TradingSummary,
};
use chrono::{DateTime, Utc};
use pyo3::prelude::*;
use std::{
    panic::{self, AssertUnwindSafe},
    sync::Arc,
};

/// The market events of a run.
pub struct Covered {
    /// When the first event was received.
    pub time_start: DateTime<Utc>,
    /// The greatest time at which an event was received.
    pub time_end: DateTime<Utc>,
    /// How many there were.
    pub events: usize,
}

/// Runs a strategy from `time_start` on, with the events that `drive` gives.
pub fn simulate(
    py: Python<'_>,
    strategy: &Bound<'_, PyAny>,
    instruments: &Bound<'_, PyIndexedInstruments>,
    executions: Executions,
    options: RunOptions,
    time_start: DateTime<Utc>,
    drive: impl FnOnce(&mut Driver) -> PyResult<(DriverOutput, Covered)>,
) -> PyResult<BacktestOutput> {
    let RunOptions {
        window: _,
        warmup,
        close_at_end: _,
        fill_price,
        risk_free_return,
        interval,
        progress: _,
        audit,
        risk_manager,
        guard_commands,
        equity,
        candles,
        commands: _,
        keep_requests,
    } = options;
    let interval = interval.in_whole_seconds()?;
    let indexed = &instruments.get().0;
    check_tradable(indexed)?;
    let execution = Execution::new(executions, indexed)?;
    let warmup = warmup
        .map(|warmup| Warmup::new(warmup.get(), indexed, time_start, candles.is_some()))
        .transpose()?;
    let _running = Running::start(strategy)?;
    let run = Arc::new(Run::new(Arc::clone(indexed), nanos(time_start)?));
    let engine = DrivenEngine::new(
        strategy,
        risk_manager.as_ref().map(|manager| manager.bind(py)),
        guard_commands,
        run,
    )?;
    engine
        .run
        .stops
        .set_close_only(execution.close_only(indexed));
    let exchange = SimulatedExchange::new(fill_price.0, execution.rules, execution.balances);
    let mut driver = Driver::new(engine, exchange, execution.routes, &equity, audit);
    driver.requests = keep_requests.then(Vec::new);
    driver.candles = candles.map(CandleBuilder::new);
    if let Some(warmup) = warmup {
        driver.set_warmup(warmup);
    }

    let run = AssertUnwindSafe(|| {
        let (output, covered) = drive(&mut driver)?;
        let generator = driver
            .driven
            .engine
            .trading_summary_generator(risk_free_return.0);
        PyResult::Ok((
            output,
            covered,
            TradingSummary::generate(generator, interval),
        ))
    });
    let (output, covered, summary) =
        panic::catch_unwind(run).map_err(|panic| Error::panicked(&*panic))??;
    let DriverOutput {
        orders,
        fills,
        funding,
        failed_cancels,
        refused,
        positions,
        open_positions,
        marks,
        equity,
    } = output;
    let missing_quotes = if orders.is_empty() && refused.is_empty() {
        driver.missing_quotes()
    } else {
        Vec::new()
    };
    let CrossedEvents { count, first } = driver.crossed;
    let requests = driver.requests.take().unwrap_or_default();
    Ok(BacktestOutput {
        requests: requests
            .iter()
            .map(SentRequest::to_row)
            .collect::<PyResult<_>>()?,
        missing_quotes,
        time_start: UtcTime(covered.time_start),
        time_end: UtcTime(covered.time_end),
        events: covered.events,
        crossed: first.map(|(time, instrument)| (count, time, instrument)),
        overdrawn: driver.overdrawn(),
        balances: driver.balances(),
        summary,
        orders: Py::new(py, OrderReportRows::new(orders, instruments))?,
        fills: Py::new(py, TradeRows::new(fills, instruments))?,
        funding: Py::new(py, FundingPaymentRows::new(funding, instruments))?,
        failed_cancels: Py::new(py, FailedCancelRows::new(failed_cancels, instruments))?,
        refused: Py::new(py, RefusedRequestRows::new(refused, instruments))?,
        positions: Py::new(py, PositionExitedRows::new(positions, instruments))?,
        open_positions: Py::new(py, OpenPositionRows::new(open_positions, instruments))?,
        marks,
        equity,
    })
}
