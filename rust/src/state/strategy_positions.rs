//! Positions of an instrument by strategy, where barter itself keeps one for all of them.

use crate::execution::is_of_exchange;
use barter::engine::state::position::{Position, PositionExited, PositionManager};
use barter_execution::{
    order::id::StrategyId,
    trade::{AssetFees, Trade},
};
use barter_instrument::{Side, asset::QuoteAsset, instrument::InstrumentIndex};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

type OwnTrade = Trade<QuoteAsset, InstrumentIndex>;

/// A position manager of barter's for each strategy that has a position, as in barter's example of
/// several strategies in one engine.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, Serialize)]
pub struct StrategyPositions {
    positions: BTreeMap<StrategyId, Numbered>,
    /// How many were opened.
    opened: u64,
}

/// A strategy's position, with a number that no other of the instrument has.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, Serialize)]
struct Numbered {
    manager: PositionManager,
    number: u64,
}

impl StrategyPositions {
    /// Books a fill for the strategy whose order it was, or one of the exchange's own for all strategies;
    /// gives what each of them has traded, and the position that this has closed.
    pub fn update(
        &mut self,
        fill: &OwnTrade,
    ) -> Vec<(OwnTrade, Option<PositionExited<QuoteAsset>>)> {
        let trades = if is_of_exchange(fill) {
            self.closing(fill)
        } else {
            vec![fill.clone()]
        };
        let booked = trades.into_iter();
        booked
            .map(|trade| {
                let closed = self.book(&trade);
                (trade, closed)
            })
            .collect()
    }

    /// The trades at the price of a fill that close all positions; its fees are shared by quantity.
    fn closing(&self, fill: &OwnTrade) -> Vec<OwnTrade> {
        let held = self.iter().fold(Decimal::ZERO, |sum, (_, (position, _))| {
            sum.saturating_add(position.quantity_abs)
        });
        let closing = self.iter().map(|(strategy, (position, _))| {
            let share = position.quantity_abs.checked_div(held).unwrap_or_default();
            Trade {
                strategy: strategy.clone(),
                side: match position.side {
                    Side::Buy => Side::Sell,
                    Side::Sell => Side::Buy,
                },
                quantity: position.quantity_abs,
                fees: AssetFees::quote_fees(fill.fees.fees.saturating_mul(share)),
                ..fill.clone()
            }
        });
        closing.collect()
    }

    fn book(&mut self, fill: &OwnTrade) -> Option<PositionExited<QuoteAsset>> {
        let before = self.positions.remove(&fill.strategy);
        let Numbered {
            mut manager,
            mut number,
        } = before.unwrap_or_default();
        let is_new = manager.current.is_none();
        let closed = manager.update_from_trade(fill);
        if manager.current.is_some() {
            if is_new || closed.is_some() {
                self.opened = self.opened.saturating_add(1);
                number = self.opened;
            }
            let position = Numbered { manager, number };
            self.positions.insert(fill.strategy.clone(), position);
        }
        closed
    }

    /// The open position of a strategy, and its number.
    pub fn get(&self, strategy: &StrategyId) -> Option<(&Position<QuoteAsset>, u64)> {
        let Numbered { manager, number } = self.positions.get(strategy)?;
        Some((manager.current.as_ref()?, *number))
    }

    /// All open positions as `get` gives them, in the order of the strategies' ids.
    pub fn iter(&self) -> impl Iterator<Item = (&StrategyId, (&Position<QuoteAsset>, u64))> {
        let positions = self.positions.keys();
        positions.filter_map(|strategy| Some((strategy, self.get(strategy)?)))
    }
}
