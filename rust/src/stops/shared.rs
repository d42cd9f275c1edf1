//! The stops of a run, as its driver and its views share them.

use super::{
    book::{StopBook, TriggeredStop, price_of},
    order::{Stop, StopTrigger},
    placed::{Goal, Kind, PlacedStop, StopRequest, Wanted, trailing_trigger},
};
use crate::{
    convert::Dec,
    data::{CandleBar, MarketKind, MarketState},
};
use barter_execution::order::{
    OrderKey, OrderKind, TimeInForce,
    id::{ClientOrderId, StrategyId},
    request::{OrderRequestOpen, RequestOpen},
};
use barter_instrument::{exchange::ExchangeIndex, instrument::InstrumentIndex};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

/// The stops of a run.
#[derive(Default)]
pub struct Stops {
    /// How many wait: looked at at every event.
    waiting: AtomicUsize,
    book: Mutex<StopBook>,
}

/// The stops of a run as text has them.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct PlacedStops {
    count: u64,
    stops: Vec<PlacedStop>,
}

/// An order that a stop has become.
#[derive(Clone, Debug)]
pub struct Triggered {
    /// The order.
    pub request: OrderRequestOpen,
    /// What the order's report says of it.
    pub trigger: StopTrigger,
    /// If the path of a candle triggered it.
    pub path: Option<PathPrice>,
}

/// A price on the path of a candle.
#[derive(Clone, Debug)]
pub struct PathPrice {
    /// The candle.
    pub candle: Arc<CandleBar>,
    /// The price.
    pub price: Decimal,
}

impl Stops {
    fn book(&self) -> MutexGuard<'_, StopBook> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, book: &StopBook) {
        self.waiting.store(book.stops().len(), Ordering::Relaxed);
    }

    /// Whether no stop waits.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) == 0
    }

    /// Says of which instruments a candle counts by its close only, by instrument index.
    pub fn set_close_only(&self, close_only: Vec<bool>) {
        self.book().close_only = close_only;
    }

    /// Places a stop; gives its id, or the reason why it cannot be placed.
    pub fn place(
        &self,
        request: StopRequest,
        strategy: impl FnOnce(Option<String>) -> Option<StrategyId>,
        market: &MarketState,
        other: Option<u64>,
    ) -> Result<u64, String> {
        let Wanted {
            instrument,
            side,
            quantity,
            trigger,
            strategy_id,
            until_closed,
            limit_price,
            goal,
        } = request.into();
        let mut book = self.book();
        let group = match other {
            None => None,
            Some(id) => match book.stops().get(&id) {
                Some(other) => Some(other.group),
                None => {
                    return Err(format!(
                        "one_cancels_other: no stop {id} waits; it was never placed, or is triggered \
                         or withdrawn"
                    ));
                }
            },
        };
        let (kind, trigger_price) = match goal {
            Goal::Stop(price) => (Kind::Stop, price),
            Goal::TakeProfit(price) => (Kind::TakeProfit, price),
            Goal::Trailing(distance) => {
                let Some(extreme) = price_of(trigger, market) else {
                    return Err("a trailing stop follows a price, and none is known yet".to_owned());
                };
                let price = trailing_trigger(side, extreme, distance);
                (Kind::Trailing { distance, extreme }, price)
            }
        };
        let Some(strategy) = strategy(strategy_id) else {
            return Err(
                "place_stop does not know whose stop it is: give it strategy_id=..., or the \
                 strategy the attribute strategy_id, such as strategy_id = \"ema\" in its class"
                    .to_owned(),
            );
        };
        book.count = book.count.saturating_add(1);
        let id = book.count;
        book.insert(PlacedStop {
            id,
            group: group.unwrap_or(id),
            instrument: InstrumentIndex(instrument.0),
            strategy,
            side,
            quantity,
            kind,
            trigger_price,
            limit_price,
            trigger,
            until_closed,
        });
        self.note(&book);
        Ok(id)
    }

    /// Withdraws a stop; whether it waited.
    pub fn cancel(&self, id: u64) -> bool {
        let mut book = self.book();
        let stop = book.remove(id);
        self.note(&book);
        stop.is_some()
    }

    fn cancel_where(&self, is_meant: impl Fn(&PlacedStop) -> bool) {
        if self.is_empty() {
            return;
        }
        let mut book = self.book();
        let ids = book.stops().values().filter(|stop| is_meant(stop));
        for id in ids.map(|stop| stop.id).collect::<Vec<_>>() {
            book.remove(id);
        }
        self.note(&book);
    }

    /// How many stops there were.
    pub fn count(&self) -> u64 {
        self.book().count
    }

    /// Takes back the stops placed since there were `count`, as if they had never been placed.
    pub fn forget_after(&self, count: u64) {
        self.cancel_where(|stop| stop.id > count);
        self.book().count = count;
    }

    /// Withdraws the stops of some instruments.
    pub fn cancel_of(&self, instruments: &[InstrumentIndex]) {
        self.cancel_where(|stop| instruments.contains(&stop.instrument));
    }

    /// Withdraws the stops of an instrument that are to wait until its position closes.
    pub fn position_closed(&self, instrument: InstrumentIndex) {
        self.cancel_where(|stop| stop.until_closed && stop.instrument == instrument);
    }

    /// The waiting stops of an instrument, in the order of their ids.
    pub fn of(&self, instrument: InstrumentIndex) -> Vec<Stop> {
        if self.is_empty() {
            return Vec::new();
        }
        let book = self.book();
        let stops = book.stops().values();
        stops
            .filter(|stop| stop.instrument == instrument)
            .map(Stop::from)
            .collect()
    }

    /// The orders of the stops that an event has triggered; `market` is the market after it.
    pub fn look(
        &self,
        exchange: ExchangeIndex,
        instrument: InstrumentIndex,
        event: &MarketKind,
        market: &MarketState,
        next_id: impl Fn() -> ClientOrderId,
    ) -> Vec<Triggered> {
        let mut book = self.book();
        if book.is_quiet(instrument, event, market) {
            return Vec::new();
        }
        let triggered = book.look(instrument, event, market);
        if triggered.is_empty() {
            return Vec::new();
        }
        self.note(&book);
        drop(book);
        triggered
            .into_iter()
            .map(|triggered| order_of(triggered, exchange, next_id()))
            .collect()
    }

    /// The stops, for a copy or for text.
    pub fn placed(&self) -> PlacedStops {
        let book = self.book();
        PlacedStops {
            count: book.count,
            stops: book.stops().values().cloned().collect(),
        }
    }
}

impl From<PlacedStops> for Stops {
    fn from(placed: PlacedStops) -> Self {
        let stops = Self::default();
        let mut book = stops.book();
        book.count = placed.count;
        for stop in placed.stops {
            book.insert(stop);
        }
        stops.note(&book);
        drop(book);
        stops
    }
}

/// The order that a stop becomes.
fn order_of(triggered: TriggeredStop, exchange: ExchangeIndex, cid: ClientOrderId) -> Triggered {
    let TriggeredStop {
        stop,
        price,
        candle,
    } = triggered;
    let trigger = StopTrigger {
        stop_id: stop.id,
        kind: stop.kind.into(),
        trigger_price: Dec(stop.trigger_price),
        price: Dec(price),
    };
    let (kind, time_in_force) = match stop.limit_price {
        None => (OrderKind::Market, TimeInForce::ImmediateOrCancel),
        Some(_) => (
            OrderKind::Limit,
            TimeInForce::GoodUntilCancelled { post_only: false },
        ),
    };
    Triggered {
        request: OrderRequestOpen {
            key: OrderKey {
                exchange,
                instrument: stop.instrument,
                strategy: stop.strategy,
                cid,
            },
            state: RequestOpen {
                side: stop.side,
                price: stop.limit_price.unwrap_or(price),
                quantity: stop.quantity,
                kind,
                time_in_force,
            },
        },
        trigger,
        path: candle.map(|candle| PathPrice { candle, price }),
    }
}
