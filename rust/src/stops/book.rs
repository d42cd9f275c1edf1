//! All stops of a run, and what a price does to them.

use super::{
    ladder::Ladder,
    order::TriggerPrice,
    placed::{Kind, PlacedStop, trailing_trigger},
};
use crate::data::{CandleBar, MarketKind, MarketState};
use barter_instrument::instrument::InstrumentIndex;
use rust_decimal::Decimal;
use std::{collections::BTreeMap, sync::Arc};

/// A stop that a price has triggered.
#[derive(Clone, Debug)]
pub struct TriggeredStop {
    pub stop: PlacedStop,
    /// The price that triggered it.
    pub price: Decimal,
    /// The candle whose path reached it.
    pub candle: Option<Arc<CandleBar>>,
}

/// The stops of a run.
#[derive(Clone, Default, Debug)]
pub struct StopBook {
    /// How many stops there were.
    pub count: u64,
    /// By id.
    stops: BTreeMap<u64, PlacedStop>,
    /// By instrument index, up to the greatest that had a stop.
    ladders: Vec<Ladders>,
    /// By instrument index: whether a candle counts by its close only.
    pub close_only: Vec<bool>,
}

/// The stops of one instrument, by the price that they wait for.
#[derive(Clone, Default, Debug)]
struct Ladders {
    mark: Ladder,
    last_trade: Ladder,
}

impl Ladders {
    const fn of(&self, trigger: TriggerPrice) -> &Ladder {
        match trigger {
            TriggerPrice::Mark => &self.mark,
            TriggerPrice::LastTrade => &self.last_trade,
        }
    }

    const fn of_mut(&mut self, trigger: TriggerPrice) -> &mut Ladder {
        match trigger {
            TriggerPrice::Mark => &mut self.mark,
            TriggerPrice::LastTrade => &mut self.last_trade,
        }
    }
}

impl StopBook {
    pub const fn stops(&self) -> &BTreeMap<u64, PlacedStop> {
        &self.stops
    }

    pub fn insert(&mut self, stop: PlacedStop) {
        let index = stop.instrument.index();
        if self.ladders.len() <= index {
            let count = index.saturating_add(1);
            self.ladders.resize_with(count, Ladders::default);
        }
        if let Some(ladders) = self.ladders.get_mut(index) {
            ladders.of_mut(stop.trigger).insert(&stop);
        }
        self.stops.insert(stop.id, stop);
    }

    pub fn remove(&mut self, id: u64) -> Option<PlacedStop> {
        let stop = self.stops.remove(&id)?;
        if let Some(ladders) = self.ladders.get_mut(stop.instrument.index()) {
            ladders.of_mut(stop.trigger).remove(&stop);
        }
        Some(stop)
    }

    /// Takes out a stop that has been triggered, and those that it cancels.
    fn take(&mut self, id: u64) -> Option<PlacedStop> {
        let stop = self.remove(id)?;
        // Most stops are alone, with an id of their own for the group; the others follow the first.
        let others = self.stops.range(stop.group..);
        let others = others.filter(|(_, other)| other.group == stop.group);
        for id in others.map(|(id, _)| *id).collect::<Vec<_>>() {
            self.remove(id);
        }
        Some(stop)
    }

    /// Whether the stops of an instrument have nothing to do with an event, as far as floats tell; a
    /// candle, which has several prices, is never passed over.
    #[inline]
    pub fn is_quiet(
        &self,
        instrument: InstrumentIndex,
        event: &MarketKind,
        market: &MarketState,
    ) -> bool {
        let Some(ladders) = self.ladders.get(instrument.index()) else {
            return true;
        };
        let is_candle = matches!(event, MarketKind::Candle(_));
        let is_quiet = |trigger| {
            let ladder = ladders.of(trigger);
            ladder.is_empty() || !is_candle && ladder.is_quiet(price_f64_of(trigger, market))
        };
        is_quiet(TriggerPrice::Mark) && is_quiet(TriggerPrice::LastTrade)
    }

    /// Looks at the prices that an event of an instrument shows; `market` is the market after it.
    pub fn look(
        &mut self,
        instrument: InstrumentIndex,
        event: &MarketKind,
        market: &MarketState,
    ) -> Vec<TriggeredStop> {
        let mut triggered = Vec::new();
        for trigger in [TriggerPrice::Mark, TriggerPrice::LastTrade] {
            let is_waiting = self
                .ladders
                .get(instrument.index())
                .is_some_and(|ladders| !ladders.of(trigger).is_empty());
            if !is_waiting {
                continue;
            }
            let Some(price) = price_of(trigger, market) else {
                continue;
            };
            let is_close_only = self.close_only.get(instrument.index()) == Some(&true);
            let candle = match event {
                MarketKind::Candle(candle) => Some(candle),
                MarketKind::Trade(_)
                | MarketKind::L1(_)
                | MarketKind::L2(_)
                | MarketKind::Liquidation(_)
                | MarketKind::Funding(_)
                | MarketKind::Settlement(_) => None,
            };
            let candle = candle.filter(|candle| {
                !is_close_only && is_of_candle(trigger, market) && market.is_last_candle(candle)
            });
            let follow = Follow {
                book: self,
                instrument,
                trigger,
                candle,
                triggered: &mut triggered,
            };
            match candle {
                Some(candle) => follow.along(&candle.path()),
                None => follow.along(&[price]),
            }
        }
        triggered
    }
}

/// The price that a stop waits for, as it is known.
pub fn price_of(trigger: TriggerPrice, market: &MarketState) -> Option<Decimal> {
    match trigger {
        TriggerPrice::Mark => market.mark(),
        TriggerPrice::LastTrade => market.price_without_book(),
    }
}

/// The float next to it; NaN if it is not known.
fn price_f64_of(trigger: TriggerPrice, market: &MarketState) -> f64 {
    match trigger {
        TriggerPrice::Mark if !market.quote.mid_f64.is_nan() => market.quote.mid_f64,
        TriggerPrice::Mark | TriggerPrice::LastTrade => market.price_without_book_f64(),
    }
}

/// Whether that price comes from a candle.
fn is_of_candle(trigger: TriggerPrice, market: &MarketState) -> bool {
    market.last_trade.is_none()
        && match trigger {
            TriggerPrice::Mark => market.mid().is_none(),
            TriggerPrice::LastTrade => true,
        }
}

/// Follows a price on its way.
struct Follow<'a> {
    book: &'a mut StopBook,
    instrument: InstrumentIndex,
    trigger: TriggerPrice,
    candle: Option<&'a Arc<CandleBar>>,
    triggered: &'a mut Vec<TriggeredStop>,
}

impl Follow<'_> {
    /// To the first price the market jumps, from each to the next it passes all prices between.
    fn along(mut self, path: &[Decimal]) {
        let mut before = None;
        for &price in path {
            match before {
                None => {
                    self.trail(price);
                    let reached = self.ladder().map(|ladder| ladder.reached(price));
                    for id in reached.unwrap_or_default() {
                        self.take(id, price);
                    }
                }
                Some(before) if price < before => {
                    while let Some((at, id)) = self
                        .ladder()
                        .and_then(|ladder| ladder.reached_falling(price))
                    {
                        self.take(id, at);
                    }
                    self.trail(price);
                }
                Some(_) => {
                    while let Some((at, id)) = self
                        .ladder()
                        .and_then(|ladder| ladder.reached_rising(price))
                    {
                        self.take(id, at);
                    }
                    self.trail(price);
                }
            }
            before = Some(price);
        }
    }

    fn ladder(&self) -> Option<&Ladder> {
        let ladders = self.book.ladders.get(self.instrument.index())?;
        Some(ladders.of(self.trigger))
    }

    fn take(&mut self, id: u64, price: Decimal) {
        if let Some(stop) = self.book.take(id) {
            self.triggered.push(TriggeredStop {
                stop,
                price,
                candle: self.candle.cloned(),
            });
        }
    }

    /// Moves the triggers of the trailing stops for which the price is a new extreme.
    fn trail(&mut self, price: Decimal) {
        while let Some(id) = self.ladder().and_then(|ladder| ladder.trailed(price)) {
            let Some(mut stop) = self.book.remove(id) else {
                return;
            };
            if let Kind::Trailing { distance, extreme } = &mut stop.kind {
                *extreme = price;
                stop.trigger_price = trailing_trigger(stop.side, price, *distance);
            }
            self.book.insert(stop);
        }
    }
}
