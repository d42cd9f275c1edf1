//! The results of a run as JSON, and their sums.

use super::{
    EquityBarRows, EquityDrawdownRows, FailedCancelRows, FundingPaymentRows, OrderReportRows,
};
use crate::{
    convert::{ExactSum, Index, Named, RecordsOf, UtcTime, datetime_from_nanos, python_json},
    execution::{Balance, OrderFailure, TradeRows},
    instrument::{IndexedInstrument, PyIndexedInstruments},
    risk::RefusedRequestRows,
    state::{OpenPositionRows, PositionExitedRows},
    statistic::{ExactTally, TradingSummary},
};
use pyo3::prelude::*;
use pyo3_stub_gen::derive::gen_stub_pyfunction;
use serde::Serialize;
use std::collections::HashMap;

/// What the JSON of a result consists of, in this order.
#[derive(Serialize)]
struct ResultJson<'a, 'py> {
    time_start: UtcTime,
    pnl: Named<String>,
    fees: Named<String>,
    balances: Named<Balance>,
    statistics: Named<ExactTally>,
    summary: &'a TradingSummary,
    orders: RecordsOf<'py, OrderReportRows>,
    fills: RecordsOf<'py, TradeRows>,
    funding: RecordsOf<'py, FundingPaymentRows>,
    failed_cancels: RecordsOf<'py, FailedCancelRows>,
    refused: RecordsOf<'py, RefusedRequestRows>,
    positions: RecordsOf<'py, PositionExitedRows>,
    open_positions: RecordsOf<'py, OpenPositionRows>,
    refusal_counts: Named<u64>,
    equity: Named<RecordsOf<'py, EquityBarRows>>,
    drawdowns: Named<RecordsOf<'py, EquityDrawdownRows>>,
    instruments: Vec<IndexedInstrument>,
}

/// Writes the results of a run as JSON, as `json.dumps` separates it.
///
/// Parameters
/// ----------
/// time_start_ns : int
///     When the run started, in nanoseconds since 1970 in UTC.
/// pnl, fees : mapping of str to str
///     Profit and loss and fees, by the name of the quote asset.
/// balances : mapping of str to Balance
///     The balances at the end, by name.
/// summary : TradingSummary
///     barter's summary.
/// orders, fills, funding, failed_cancels, refused, positions, open_positions : Records
///     The records of the run.
/// refusal_counts : mapping of str to int
///     Refusals by reason.
/// equity, drawdowns : mapping of str to Records
///     The equity and its deepest falls, by the name of the line.
/// instruments : IndexedInstruments
///     The instruments of the run.
/// indent : int, optional
///     How many spaces a level is indented by; one line without it.
///
/// Raises
/// ------
/// ValueError
///     If a time is outside the years 1677 to 2262.
#[gen_stub_pyfunction(module = "barter_python._core")]
#[pyfunction]
#[pyo3(signature = (
    *, time_start_ns, pnl, fees, balances, summary, orders, fills, funding, failed_cancels, refused,
    positions, open_positions, refusal_counts, equity, drawdowns, instruments, indent
))]
#[allow(clippy::too_many_arguments)]
pub fn result_json(
    time_start_ns: i64,
    pnl: Named<String>,
    fees: Named<String>,
    balances: Named<Balance>,
    summary: &Bound<'_, TradingSummary>,
    orders: RecordsOf<'_, OrderReportRows>,
    fills: RecordsOf<'_, TradeRows>,
    funding: RecordsOf<'_, FundingPaymentRows>,
    failed_cancels: RecordsOf<'_, FailedCancelRows>,
    refused: RecordsOf<'_, RefusedRequestRows>,
    positions: RecordsOf<'_, PositionExitedRows>,
    open_positions: RecordsOf<'_, OpenPositionRows>,
    refusal_counts: Named<u64>,
    equity: Named<RecordsOf<'_, EquityBarRows>>,
    drawdowns: Named<RecordsOf<'_, EquityDrawdownRows>>,
    instruments: &Bound<'_, PyIndexedInstruments>,
    indent: Option<usize>,
) -> PyResult<String> {
    let json = ResultJson {
        time_start: UtcTime(datetime_from_nanos(time_start_ns)),
        pnl,
        fees,
        balances,
        statistics: tallies(positions.0.get(), instruments.get()),
        summary: summary.get(),
        orders,
        fills,
        funding,
        failed_cancels,
        refused,
        positions,
        open_positions,
        refusal_counts,
        equity,
        drawdowns,
        instruments: instruments.get().definitions(),
    };
    python_json(&json, indent)
}

/// Counts wins and losses by the name of the instrument, for `RunResult.statistics`.
///
/// Parameters
/// ----------
/// positions : Records of PositionExited
///     Closed positions.
/// instruments : IndexedInstruments
///     The instruments that their indices stand for.
#[gen_stub_pyfunction(module = "barter_python._core")]
#[pyfunction]
pub fn statistics_by_instrument(
    positions: RecordsOf<'_, PositionExitedRows>,
    instruments: &Bound<'_, PyIndexedInstruments>,
) -> Named<ExactTally> {
    tallies(positions.0.get(), instruments.get())
}

fn tallies(
    positions: &PositionExitedRows,
    PyIndexedInstruments(indexed): &PyIndexedInstruments,
) -> Named<ExactTally> {
    let names = indexed.instrument_names();
    let mut tallies: Vec<_> = names
        .into_iter()
        .map(|name| (name, ExactTally::default()))
        .collect();
    for position in positions.rows.0.iter() {
        if let Some((_, tally)) = tallies.get_mut(position.instrument.0) {
            tally.add(position);
        }
    }
    Named(tallies)
}

/// Adds the fees of fills by instrument, in the order of their first fill.
///
/// Parameters
/// ----------
/// fills : Records of Trade
///     Fills of a run.
#[gen_stub_pyfunction(module = "barter_python._core")]
#[pyfunction]
pub fn fees_by_instrument(fills: RecordsOf<'_, TradeRows>) -> Vec<(Index, ExactSum)> {
    let mut sums: Vec<(Index, ExactSum)> = Vec::new();
    let mut places = HashMap::new();
    for fill in fills.0.get().rows.0.iter() {
        let place = *places.entry(fill.instrument).or_insert(sums.len());
        if place == sums.len() {
            sums.push((fill.instrument, ExactSum::default()));
        }
        if let Some((_, sum)) = sums.get_mut(place) {
            sum.add(fill.fees.0);
        }
    }
    sums
}

/// Counts what exchanges gave as reasons, in the order of their first.
///
/// Parameters
/// ----------
/// orders : Records of OrderReport
///     The orders of a run, which come first.
/// failed_cancels : Records of FailedCancel
///     Its cancels that failed.
#[gen_stub_pyfunction(module = "barter_python._core")]
#[pyfunction]
pub fn failure_counts(
    orders: RecordsOf<'_, OrderReportRows>,
    failed_cancels: RecordsOf<'_, FailedCancelRows>,
) -> Vec<(OrderFailure, u64)> {
    let (orders, cancels) = (orders.0.get(), failed_cancels.0.get());
    let of_orders = orders.rows.0.iter().map(|report| &report.order.failure);
    let of_cancels = cancels.rows.0.iter().map(|failed| &failed.response.failure);
    let mut counts: Vec<(OrderFailure, u64)> = Vec::new();
    let mut places = HashMap::new();
    for failure in of_orders.chain(of_cancels).flatten() {
        let place = *places.entry(failure).or_insert(counts.len());
        match counts.get_mut(place) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => counts.push((failure.clone(), 1)),
        }
    }
    counts
}
