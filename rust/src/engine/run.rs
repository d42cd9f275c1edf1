//! What the driver and the views of one run share.

use super::{Lent, State};
use crate::{data::StoredEvent, error::Error, instrument::Indexed, strategy::copied};
use barter_execution::{
    AccountEvent,
    order::{id::ClientOrderId, request::OrderRequestOpen},
};
use barter_instrument::instrument::InstrumentIndex;
use pyo3::PyResult;
use serde::{Deserialize, Serialize};
use smol_str::format_smolstr;
use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering},
};

/// No instrument, or no event of the store.
const NONE: usize = usize::MAX;

/// How ids begin that the run gives: `bp-1`, `bp-2`, ...
const OWN_IDS: &str = "bp-";

/// Where views find the engine's state.
pub enum Source {
    /// Lent by the engine while a callback runs.
    Lent(Lent<State>),
    /// A copy, there for good.
    Kept(Box<State>),
}

impl Source {
    /// Lends `state` while `during` runs.
    pub fn lend<R>(&self, state: &State, during: impl FnOnce() -> R) -> R {
        match self {
            Self::Lent(lent) => lent.lend(state, during),
            Self::Kept(_) => during(),
        }
    }

    /// An error on a thread to which nothing can be lent.
    pub fn check_thread(&self) -> Result<(), Error> {
        match self {
            Self::Lent(lent) => lent.check_thread(),
            Self::Kept(_) => Ok(()),
        }
    }

    /// Reads the state; an error where a running engine has not lent it.
    pub fn read<R>(&self, read: impl FnOnce(&State) -> R) -> Result<R, Error> {
        match self {
            Self::Lent(lent) => lent.read(read),
            Self::Kept(state) => Ok(read(state)),
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

/// What the driver and the views of one run share.
pub struct Run {
    /// The engine's state.
    pub state: Source,
    /// What is traded.
    pub indexed: Arc<Indexed>,
    events: Arc<Vec<StoredEvent>>,
    now: AtomicI64,
    updated: AtomicUsize,
    market_event: AtomicUsize,
    other_event: Mutex<Option<SeenEvent>>,
    client_order_ids: AtomicU64,
}

impl Run {
    /// A run that has processed nothing yet.
    pub fn new(indexed: Arc<Indexed>, events: Arc<Vec<StoredEvent>>, now: i64) -> Self {
        Self {
            state: Source::Lent(Lent::new()),
            indexed,
            events,
            now: now.into(),
            updated: NONE.into(),
            market_event: NONE.into(),
            other_event: Mutex::new(None),
            client_order_ids: AtomicU64::new(0),
        }
    }

    /// The history.
    pub fn events(&self) -> Arc<Vec<StoredEvent>> {
        Arc::clone(&self.events)
    }

    /// The time that views show, in nanoseconds since 1970.
    pub fn now(&self) -> i64 {
        self.now.load(Ordering::Relaxed)
    }

    /// Whether the state is a copy.
    pub const fn is_kept(&self) -> bool {
        matches!(self.state, Source::Kept(_))
    }

    /// Index of the instrument of the market event just processed.
    pub fn updated(&self) -> usize {
        self.updated.load(Ordering::Relaxed)
    }

    /// The event just processed.
    pub fn event(&self) -> Option<SeenEvent> {
        match self.events.get(self.market_event.load(Ordering::Relaxed)) {
            Some(event) => Some(SeenEvent::Market(event.clone())),
            None => self.other_event().clone(),
        }
    }

    fn other_event(&self) -> MutexGuard<'_, Option<SeenEvent>> {
        self.other_event
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The same with a copy of the state, cut off from what happens later.
    pub fn kept(&self, state: &State) -> PyResult<Self> {
        let (state, _) = copied(state)?;
        Ok(Self {
            state: Source::Kept(Box::new(state)),
            indexed: Arc::clone(&self.indexed),
            events: Arc::default(),
            now: self.now().into(),
            updated: self.updated().into(),
            market_event: NONE.into(),
            other_event: Mutex::new(self.event()),
            client_order_ids: self.client_order_ids().into(),
        })
    }

    /// The copy of a state as it was kept somewhere else.
    pub fn restored(
        indexed: Arc<Indexed>,
        state: State,
        now: i64,
        event: Option<SeenEvent>,
        updated: Option<usize>,
        client_order_ids: u64,
    ) -> Self {
        Self {
            state: Source::Kept(Box::new(state)),
            indexed,
            events: Arc::default(),
            now: now.into(),
            updated: updated.unwrap_or(NONE).into(),
            market_event: NONE.into(),
            other_event: Mutex::new(event),
            client_order_ids: client_order_ids.into(),
        }
    }

    /// How many ids it has given.
    pub fn client_order_ids(&self) -> u64 {
        self.client_order_ids.load(Ordering::Relaxed)
    }

    /// Whether time and state are those of another; never where one is lent, since to compare it is to copy it.
    pub fn is_same(&self, other: &Self) -> bool {
        let (Source::Kept(state), Source::Kept(other_state)) = (&self.state, &other.state) else {
            return false;
        };
        self.now() == other.now() && state == other_state
    }

    /// Moves the time that views show.
    pub fn set_time(&self, now: i64) {
        self.now.store(now, Ordering::Relaxed);
    }

    /// The event about to be processed is the one at `position` of the history.
    pub fn set_market_event(&self, position: usize, instrument: Option<InstrumentIndex>) {
        self.market_event.store(position, Ordering::Relaxed);
        self.updated.store(
            instrument.map_or(NONE, |index| index.index()),
            Ordering::Relaxed,
        );
    }

    /// The event about to be processed is not of the history, or there is none to show.
    pub fn set_other_event(&self, event: Option<SeenEvent>) {
        let updated = match &event {
            Some(SeenEvent::Market(StoredEvent::Item(event))) => event.instrument.index(),
            Some(SeenEvent::Market(StoredEvent::Reconnecting(_)) | SeenEvent::Account(_))
            | None => NONE,
        };
        self.market_event.store(NONE, Ordering::Relaxed);
        self.updated.store(updated, Ordering::Relaxed);
        *self.other_event() = event;
    }

    /// An id that no order of the run has had: `bp-1`, `bp-2`, ...
    pub fn next_client_order_id(&self) -> ClientOrderId {
        let before = self.client_order_ids.fetch_add(1, Ordering::Relaxed);
        ClientOrderId(format_smolstr!("{OWN_IDS}{}", before.saturating_add(1)))
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
