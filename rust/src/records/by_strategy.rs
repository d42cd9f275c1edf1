//! The results of each of several strategies.

use super::{OrderReport, OrderReportRows};
use crate::{
    convert::{Dec, RecordsOf, Sequence},
    execution::{Trade, TradeRows},
    state::{
        OpenPosition, OpenPositionRows, PositionExited, PositionExitedRows, StrategyPositions,
        unrealised_at,
    },
    statistic::guarded,
};
use pyo3::prelude::*;
use pyo3_stub_gen::derive::gen_stub_pyfunction;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, HashMap};

/// A strategy's id, orders, fills, closed positions and those still open, and its profits and losses by
/// instrument.
type Report = (
    String,
    OrderReportRows,
    TradeRows,
    PositionExitedRows,
    OpenPositionRows,
    Vec<(usize, Dec)>,
);

/// What a strategy has done.
#[derive(Default)]
struct Share {
    orders: Vec<OrderReport>,
    fills: Vec<Trade>,
    closed: Vec<PositionExited>,
    open: Vec<OpenPosition>,
    profits: BTreeMap<usize, Decimal>,
}

impl Share {
    fn book(&mut self, instrument: usize, profit: Decimal) {
        let known = self.profits.entry(instrument).or_default();
        *known = known.saturating_add(profit);
    }
}

/// Computes what each strategy has done, in the order of their first orders, for
/// `BacktestResult.by_strategy`.
///
/// Parameters
/// ----------
/// orders : Records of OrderReport
///     The orders of a run.
/// fills : Records of Trade
///     Its fills.
/// marks : sequence of Decimal or None
///     By instrument index, the prices that open positions are valued at; `None` stands for the entry.
#[gen_stub_pyfunction(module = "barter_python._core")]
#[pyfunction]
pub fn report_by_strategy(
    py: Python<'_>,
    orders: RecordsOf<'_, OrderReportRows>,
    fills: RecordsOf<'_, TradeRows>,
    marks: Sequence<Option<Dec>>,
) -> PyResult<Vec<Report>> {
    let (orders, fills) = (orders.0.get(), fills.0.get());
    let shares = guarded(
        || "barter's arithmetic overflows".to_owned(),
        || shares(&orders.rows.0, &fills.rows.0, &marks),
    )?;
    let instruments = orders.instruments.bind(py);
    let reports = shares.into_iter().map(|(id, share)| {
        let Share {
            orders,
            fills,
            closed,
            open,
            profits,
        } = share;
        (
            id,
            OrderReportRows::new(orders, instruments),
            TradeRows::new(fills, instruments),
            PositionExitedRows::new(closed, instruments),
            OpenPositionRows::new(open, instruments),
            profits
                .into_iter()
                .map(|(index, profit)| (index, Dec(profit)))
                .collect(),
        )
    });
    Ok(reports.collect())
}

/// The shares of the strategies by their ids, in the order of their first orders.
fn shares(orders: &[OrderReport], fills: &[Trade], marks: &[Option<Dec>]) -> Vec<(String, Share)> {
    let mark = |index: usize| marks.get(index).copied().flatten().map(|Dec(mark)| mark);
    let mut shares: HashMap<&str, Share> = HashMap::new();
    let mut ids = Vec::new();
    for order in orders {
        let id = order.order.strategy_id.as_str();
        let share = shares.entry(id).or_insert_with(|| {
            ids.push(id);
            Share::default()
        });
        share.orders.push(order.clone());
    }
    let mut positions: BTreeMap<usize, StrategyPositions> = BTreeMap::new();
    for fill in fills {
        let index = fill.instrument.0;
        let booked = positions.entry(index).or_default().update(&fill.into());
        for (trade, exited) in booked {
            let Some(share) = shares.get_mut(trade.strategy.0.as_str()) else {
                continue;
            };
            share.fills.push((&trade).into());
            if let Some(exited) = exited {
                share.book(index, exited.pnl_realised);
                share.closed.push(exited.into());
            }
        }
    }
    for (index, positions) in &positions {
        for (strategy, (position, _)) in positions.iter() {
            let mark = mark(*index);
            if let Some(share) = shares.get_mut(strategy.0.as_str()) {
                share.book(*index, position.pnl_realised);
                share.book(*index, unrealised_at(position, mark));
                share.open.push(OpenPosition::from_barter(position, mark));
            }
        }
    }
    let known = ids.into_iter();
    known
        .filter_map(|id| Some((id.to_owned(), shares.remove(id)?)))
        .collect()
}
