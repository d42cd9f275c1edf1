//! Events that the strategy is shown before a run: they change the state, and what it returns is dropped.

use super::{
    clock::DriverClock,
    turn::{DrivenEngine, Turn},
};
use crate::{
    data::{StoredEvent, StoredMarketEvent},
    state::{PendingTimer, RunCounts, SeenEvent},
};
use barter::{EngineEvent, Sequence};
use barter_data::streams::consumer::MarketStreamEvent;
use pyo3::PyResult;

/// What a run counts, before its warm-up.
pub struct BeforeWarmup {
    run: RunCounts,
    sequence: Sequence,
}

impl DrivenEngine {
    /// Moves the clock back, before the first event.
    pub fn rewind(&mut self, to: i64) {
        self.run.set_time(to);
        self.engine.clock = DriverClock::new(to);
    }

    /// From now on what the strategy returns is dropped.
    pub fn begin_warmup(&mut self) -> BeforeWarmup {
        self.engine.strategy.set_warming(true);
        BeforeWarmup {
            run: self.run.counts(),
            sequence: self.engine.meta.sequence,
        }
    }

    /// The run begins: it counts on from what it had counted before.
    pub fn end_warmup(&mut self, before: BeforeWarmup) {
        let BeforeWarmup { run, sequence } = before;
        self.engine.strategy.set_warming(false);
        self.run.set_other_event(None);
        self.run.reset_to(run);
        self.engine.meta.sequence = sequence;
    }

    /// Shows the strategy the event at `position` of those that were set last.
    pub fn show(&mut self, position: usize, event: &StoredEvent) -> PyResult<()> {
        let turn = match event {
            StoredEvent::Item(event) => {
                let instrument = Some(event.instrument);
                self.run.set_market_event(position, instrument);
                self.turn_item(event)
            }
            StoredEvent::Reconnecting(lost) => {
                self.run.set_market_event(position, None);
                let lost = MarketStreamEvent::Reconnecting(lost.exchange);
                self.turn(EngineEvent::Market(lost))
            }
        };
        self.shown(turn)
    }

    /// Shows the strategy a candle that the run has built.
    pub fn show_candle(&mut self, candle: &StoredMarketEvent) -> PyResult<()> {
        let seen = SeenEvent::Market(StoredEvent::Item(candle.clone()));
        self.run.set_other_event(Some(seen));
        let turn = self.turn_item(candle);
        self.shown(turn)
    }

    fn shown(&self, turn: Option<Box<Turn>>) -> PyResult<()> {
        if let Some(failure) = turn.and_then(|turn| turn.failure) {
            return Err(failure);
        }
        self.engine.strategy.on_warmup(&self.engine.state)
    }

    /// Shows the strategy a timer that is due.
    pub fn show_timer(&self, timer: &PendingTimer) -> PyResult<()> {
        self.run.set_other_event(None);
        self.engine.strategy.show_timer(&self.engine.state, timer)
    }
}
