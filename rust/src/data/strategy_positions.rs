//! Positions of an instrument by strategy, where barter itself keeps one for all of them.

use barter::engine::state::position::{Position, PositionExited, PositionManager};
use barter_execution::{order::id::StrategyId, trade::Trade};
use barter_instrument::{asset::QuoteAsset, instrument::InstrumentIndex};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A position manager of barter's for each strategy that has a position, as in barter's example of
/// several strategies in one engine.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, Serialize)]
pub struct StrategyPositions(BTreeMap<StrategyId, PositionManager>);

impl StrategyPositions {
    /// Books a fill for the strategy whose order it was.
    pub fn update(
        &mut self,
        fill: &Trade<QuoteAsset, InstrumentIndex>,
    ) -> Option<PositionExited<QuoteAsset>> {
        let mut manager = self.0.remove(&fill.strategy).unwrap_or_default();
        let closed = manager.update_from_trade(fill);
        if manager.current.is_some() {
            self.0.insert(fill.strategy.clone(), manager);
        }
        closed
    }

    /// The open position of a strategy.
    pub fn get(&self, strategy: &StrategyId) -> Option<&Position<QuoteAsset>> {
        self.0.get(strategy)?.current.as_ref()
    }

    /// All open positions, in the order of the strategies' ids.
    pub fn iter(&self) -> impl Iterator<Item = (&StrategyId, &Position<QuoteAsset>)> {
        let positions = self.0.iter();
        positions.filter_map(|(strategy, manager)| Some((strategy, manager.current.as_ref()?)))
    }
}
