//! The state that the driver and the views of one run share.

use super::{
    Lent, State, copied,
    quote_reads::QuoteReads,
    timer::{PendingTimer, Timer, Timers},
};
use crate::{
    data::{SharedEvents, StoredEvent},
    error::Error,
    indicators::Positions,
    instrument::Indexed,
    stops::{PlacedStops, Stops},
};
use barter_execution::{
    AccountEvent,
    order::{id::ClientOrderId, request::OrderRequestOpen},
};
use barter_instrument::{asset::AssetIndex, instrument::InstrumentIndex};
use pyo3::PyResult;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use smol_str::{SmolStr, format_smolstr};
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicI64, AtomicU64, AtomicUsize, Ordering},
    },
};

/// No instrument, or no event of the store.
const NONE: usize = usize::MAX;

/// No timer: later than any time.
const NEVER: i64 = i64::MAX;

/// How ids begin that the run gives: `bp-1`, `bp-2`, ...
const OWN_IDS: &str = "bp-";

/// The source of the engine's state for views.
pub enum Source {
    /// Lent by the engine while a callback runs.
    Lent(Lent<State>),
    /// A copy that changes no more.
    Snapshot(Box<State>),
}

impl Source {
    /// Lends `state` while `during` runs.
    pub fn lend<R>(&self, state: &State, during: impl FnOnce() -> R) -> R {
        match self {
            Self::Lent(lent) => lent.lend(state, during),
            Self::Snapshot(_) => during(),
        }
    }

    /// An error on a thread to which nothing can be lent.
    pub fn check_thread(&self) -> Result<(), Error> {
        match self {
            Self::Lent(lent) => lent.check_thread(),
            Self::Snapshot(_) => Ok(()),
        }
    }

    /// Reads the state; an error where a running engine has not lent it.
    #[inline]
    pub fn read<R>(&self, read: impl FnOnce(&State) -> R) -> Result<R, Error> {
        match self {
            Self::Lent(lent) => lent.read(read),
            Self::Snapshot(state) => Ok(read(state)),
        }
    }
}

/// An event that is not at a position of the history.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum SeenEvent {
    /// Of a market.
    Market(StoredEvent),
    /// Of an account.
    Account(AccountEvent),
}

/// What a run numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RunCounts {
    client_order_ids: u64,
    stops: u64,
}

/// The state that the driver and the views of one run share.
pub struct Run {
    /// The engine's state.
    pub state: Source,
    /// What is traded.
    pub indexed: Arc<Indexed>,
    /// The history, or the part of it that is being processed.
    events: Mutex<SharedEvents>,
    now: AtomicI64,
    /// `NONE` if the event was not an item of a market.
    updated_instrument: AtomicUsize,
    market_event: AtomicUsize,
    other_event: Mutex<Option<SeenEvent>>,
    client_order_ids: AtomicU64,
    /// Of the strategy that is being called.
    strategy_id: Mutex<Option<SmolStr>>,
    /// Which prices of quotes the strategy has read.
    pub quotes: QuoteReads,
    timers: Mutex<Timers>,
    /// When the next timer is due, which the driver looks at with every event.
    next_timer: AtomicI64,
    has_timer_hook: AtomicBool,
    /// The stops that wait.
    pub stops: Stops,
    /// Where indicators are computed.
    pub indicators: Positions,
    /// The funding of perpetuals so far, by quote asset: what was received less what was paid.
    funding: Mutex<BTreeMap<AssetIndex, Decimal>>,
}

impl Run {
    /// A run that has processed nothing yet.
    pub fn new(indexed: Arc<Indexed>, now: i64) -> Self {
        Self {
            state: Source::Lent(Lent::new()),
            indexed,
            events: Mutex::default(),
            now: now.into(),
            updated_instrument: NONE.into(),
            market_event: NONE.into(),
            other_event: Mutex::new(None),
            client_order_ids: AtomicU64::new(0),
            strategy_id: Mutex::new(None),
            quotes: QuoteReads::default(),
            timers: Mutex::default(),
            next_timer: NEVER.into(),
            has_timer_hook: false.into(),
            stops: Stops::default(),
            indicators: Positions::default(),
            funding: Mutex::default(),
        }
    }

    /// The time that views show, in nanoseconds since 1970.
    pub fn now(&self) -> i64 {
        self.now.load(Ordering::Relaxed)
    }

    /// Whether the state is a snapshot.
    pub const fn is_snapshot(&self) -> bool {
        matches!(self.state, Source::Snapshot(_))
    }

    /// Index of the instrument of the market event just processed; `None` for other events.
    pub fn updated_instrument(&self) -> Option<InstrumentIndex> {
        let index = self.updated_instrument.load(Ordering::Relaxed);
        (index != NONE).then_some(InstrumentIndex(index))
    }

    /// The event just processed.
    pub fn event(&self) -> Option<SeenEvent> {
        let position = self.market_event.load(Ordering::Relaxed);
        match self.events().get(position) {
            Some(event) => Some(SeenEvent::Market(event.clone())),
            None => self.other_event().clone(),
        }
    }

    fn events(&self) -> MutexGuard<'_, SharedEvents> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn other_event(&self) -> MutexGuard<'_, Option<SeenEvent>> {
        self.other_event
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// A snapshot of the run: with a copy of `state`, which later events do not change.
    pub fn snapshot(&self, state: &State) -> PyResult<Self> {
        let (state, _) = copied(state)?;
        Ok(Self {
            state: Source::Snapshot(Box::new(state)),
            indexed: Arc::clone(&self.indexed),
            events: Mutex::default(),
            now: self.now().into(),
            updated_instrument: self.updated_instrument.load(Ordering::Relaxed).into(),
            market_event: NONE.into(),
            other_event: Mutex::new(self.event()),
            client_order_ids: self.client_order_ids().into(),
            strategy_id: Mutex::new(None),
            quotes: QuoteReads::default(),
            timers: Mutex::default(),
            next_timer: NEVER.into(),
            has_timer_hook: false.into(),
            stops: self.stops.placed().into(),
            indicators: Positions::default(),
            funding: Mutex::default(),
        })
    }

    /// A snapshot that was read from text.
    pub fn restored(
        indexed: Arc<Indexed>,
        state: State,
        now: i64,
        event: Option<SeenEvent>,
        updated_instrument: Option<InstrumentIndex>,
        client_order_ids: u64,
        stops: PlacedStops,
    ) -> Self {
        Self {
            state: Source::Snapshot(Box::new(state)),
            indexed,
            events: Mutex::default(),
            now: now.into(),
            updated_instrument: position_of(updated_instrument).into(),
            market_event: NONE.into(),
            other_event: Mutex::new(event),
            client_order_ids: client_order_ids.into(),
            strategy_id: Mutex::new(None),
            quotes: QuoteReads::default(),
            timers: Mutex::default(),
            next_timer: NEVER.into(),
            has_timer_hook: false.into(),
            stops: stops.into(),
            indicators: Positions::default(),
            funding: Mutex::default(),
        }
    }

    /// Whether the strategy has the hook for timers.
    pub fn set_timer_hook(&self, is_there: bool) {
        self.has_timer_hook.store(is_there, Ordering::Relaxed);
    }

    /// Adds a timer of the strategy that is being called.
    pub fn add_timer(&self, time: i64, every: Option<i64>) -> Result<Timer, String> {
        if !self.has_timer_hook.load(Ordering::Relaxed) {
            return Err(
                "call_at needs a strategy with the hook on_timer(timer, state), which this one has \
                 not"
                .to_owned(),
            );
        }
        self.with_timers(|timers| {
            let timer = timers.add(self.now(), time, every, self.strategy_id())?;
            Ok((&timer).into())
        })
    }

    /// Takes a timer back; whether it was still to come.
    pub fn cancel_timer(&self, id: u64) -> bool {
        self.with_timers(|timers| timers.cancel(id))
    }

    /// The timers to come, in their order.
    pub fn timers(&self) -> Vec<Timer> {
        self.with_timers(|timers| timers.pending().map(Timer::from).collect())
    }

    /// When the next timer is due.
    #[inline]
    pub fn next_timer(&self) -> Option<i64> {
        let next = self.next_timer.load(Ordering::Relaxed);
        (next != NEVER).then_some(next)
    }

    /// Takes the next timer if it is due by `until`.
    pub fn take_timer(&self, until: i64) -> Option<PendingTimer> {
        self.with_timers(|timers| timers.take(until))
    }

    fn with_timers<R>(&self, change: impl FnOnce(&mut Timers) -> R) -> R {
        let mut timers = self.timers.lock().unwrap_or_else(PoisonError::into_inner);
        let result = change(&mut timers);
        let next = timers.next().unwrap_or(NEVER);
        self.next_timer.store(next, Ordering::Relaxed);
        result
    }

    /// Books the funding of a perpetual that is quoted in the asset.
    pub fn add_funding(&self, asset: AssetIndex, amount: Decimal) {
        let mut funding = self.funding.lock().unwrap_or_else(PoisonError::into_inner);
        let sum = funding.entry(asset).or_default();
        *sum = sum.saturating_add(amount);
    }

    /// The funding so far in a quote asset.
    pub fn funding(&self, asset: AssetIndex) -> Decimal {
        let funding = self.funding.lock().unwrap_or_else(PoisonError::into_inner);
        funding.get(&asset).copied().unwrap_or_default()
    }

    /// The id of orders that are given none.
    pub fn strategy_id(&self) -> Option<SmolStr> {
        self.strategy_id_slot().clone()
    }

    /// Another strategy is called, or none; gives the id of the one before.
    pub fn set_strategy_id(&self, id: Option<SmolStr>) -> Option<SmolStr> {
        std::mem::replace(&mut *self.strategy_id_slot(), id)
    }

    fn strategy_id_slot(&self) -> MutexGuard<'_, Option<SmolStr>> {
        self.strategy_id
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// How many client order ids the run has given.
    pub fn client_order_ids(&self) -> u64 {
        self.client_order_ids.load(Ordering::Relaxed)
    }

    /// How much the run has numbered so far.
    pub fn counts(&self) -> RunCounts {
        RunCounts {
            client_order_ids: self.client_order_ids(),
            stops: self.stops.count(),
        }
    }

    /// Numbers on from there, and takes back the stops placed since.
    pub fn reset_to(&self, counts: RunCounts) {
        let RunCounts {
            client_order_ids,
            stops,
        } = counts;
        self.client_order_ids
            .store(client_order_ids, Ordering::Relaxed);
        self.stops.forget_after(stops);
    }

    /// Whether both are snapshots with the same time and state. A lent state is never compared.
    pub fn is_same(&self, other: &Self) -> bool {
        let (Source::Snapshot(state), Source::Snapshot(other_state)) = (&self.state, &other.state)
        else {
            return false;
        };
        self.now() == other.now()
            && state == other_state
            && self.stops.placed() == other.stops.placed()
    }

    /// Moves the time that views show.
    pub fn set_time(&self, now: i64) {
        self.now.store(now, Ordering::Relaxed);
    }

    /// The next market events are among these; the former are let go of, but for the one that views show.
    pub fn set_events(&self, events: SharedEvents) {
        if self.market_event.load(Ordering::Relaxed) != NONE {
            let event = self.event();
            *self.other_event() = event;
            self.market_event.store(NONE, Ordering::Relaxed);
        }
        *self.events() = events;
    }

    /// The event about to be processed is the one at `position` of the events that were set last.
    pub fn set_market_event(&self, position: usize, instrument: Option<InstrumentIndex>) {
        self.market_event.store(position, Ordering::Relaxed);
        self.updated_instrument
            .store(position_of(instrument), Ordering::Relaxed);
    }

    /// The event about to be processed is not of the history, or there is none to show.
    pub fn set_other_event(&self, event: Option<SeenEvent>) {
        let instrument = match &event {
            Some(SeenEvent::Market(StoredEvent::Item(event))) => Some(event.instrument),
            Some(SeenEvent::Market(StoredEvent::Reconnecting(_)) | SeenEvent::Account(_))
            | None => None,
        };
        self.market_event.store(NONE, Ordering::Relaxed);
        self.updated_instrument
            .store(position_of(instrument), Ordering::Relaxed);
        *self.other_event() = event;
    }

    /// An id that no order of the run has had: `bp-1`, `bp-2`, ...
    pub fn next_client_order_id(&self) -> ClientOrderId {
        let before = self.client_order_ids.fetch_add(1, Ordering::Relaxed);
        ClientOrderId(format_smolstr!("{OWN_IDS}{}", before.saturating_add(1)))
    }

    /// The id of the run with that number.
    pub fn client_order_id(&self, number: i64) -> ClientOrderId {
        ClientOrderId(format_smolstr!("{OWN_IDS}{number}"))
    }

    /// The number in an id of the run; 0 of other ids.
    pub fn number_of(&self, id: &ClientOrderId) -> i64 {
        let number = id.0.strip_prefix(OWN_IDS);
        let number: Option<i64> = number.and_then(|number| number.parse().ok());
        let number = number.unwrap_or_default();
        if self.client_order_id(number) == *id {
            number
        } else {
            0
        }
    }

    /// Passes over ids of our form that the strategy has chosen itself.
    pub fn note_client_order_ids(&self, opens: &[OrderRequestOpen]) {
        for open in opens {
            let number = open
                .key
                .cid
                .0
                .strip_prefix(OWN_IDS)
                .and_then(|number| number.parse::<u32>().ok());
            if let Some(number) = number {
                self.client_order_ids
                    .fetch_max(number.into(), Ordering::Relaxed);
            }
        }
    }
}

/// An instrument as an atomic holds it.
fn position_of(instrument: Option<InstrumentIndex>) -> usize {
    instrument.map_or(NONE, |index| index.index())
}
