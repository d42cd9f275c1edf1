//! What each of several strategies has brought forth.

use super::{OpenPosition, PositionExited, unrealised_at};
use crate::{convert::Dec, data::StrategyPositions, execution::Trade, statistic::guarded};
use barter_execution::order::id::StrategyId;
use pyo3::prelude::*;
use pyo3_stub_gen::derive::gen_stub_pyfunction;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// By strategy and instrument: closed positions, those still open, and the profit and loss of both.
type Report = (
    Vec<(String, PositionExited)>,
    Vec<(String, OpenPosition)>,
    Vec<(String, usize, Dec)>,
);

/// Tells strategies apart by the fills of a run; `BacktestResult.by_strategy` calls it.
///
/// Parameters
/// ----------
/// fills : sequence of Trade
///     The fills, in their order.
/// marks : sequence of Decimal or None
///     By instrument index, what open positions are valued at; at their entry where it is `None`.
#[gen_stub_pyfunction(module = "barter_python._core")]
#[pyfunction]
pub fn report_by_strategy(fills: Vec<Trade>, marks: Vec<Option<Dec>>) -> PyResult<Report> {
    let mark = |index: usize| marks.get(index).copied().flatten().map(|Dec(mark)| mark);
    guarded(
        || "barter's arithmetic overflows".to_owned(),
        || {
            let mut positions: BTreeMap<usize, StrategyPositions> = BTreeMap::new();
            let mut profits: BTreeMap<(StrategyId, usize), Decimal> = BTreeMap::new();
            let mut closed = Vec::new();
            for fill in &fills {
                let index = fill.instrument.0;
                let fill = fill.into();
                let exited = positions.entry(index).or_default().update(&fill);
                let profit = profits.entry((fill.strategy.clone(), index)).or_default();
                if let Some(exited) = exited {
                    *profit = profit.saturating_add(exited.pnl_realised);
                    closed.push((fill.strategy.to_string(), exited.into()));
                }
            }
            let mut open = Vec::new();
            for (index, positions) in &positions {
                for (strategy, position) in positions.iter() {
                    let mark = mark(*index);
                    let profit = profits.entry((strategy.clone(), *index)).or_default();
                    *profit = profit
                        .saturating_add(position.pnl_realised)
                        .saturating_add(unrealised_at(position, mark));
                    let position = OpenPosition::from_barter(position, mark);
                    open.push((strategy.to_string(), position));
                }
            }
            let profits = profits.into_iter();
            let profits = profits.map(|((id, index), profit)| (id.to_string(), index, Dec(profit)));
            (closed, open, profits.collect())
        },
    )
}
