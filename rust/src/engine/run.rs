//! What the driver and the views of one run share.

use super::{Lent, State};
use crate::{data::StoredEvent, execution::AccountEvent, instrument::Indexed};
use barter_execution::order::{id::ClientOrderId, request::OrderRequestOpen};
use barter_instrument::instrument::InstrumentIndex;
use smol_str::format_smolstr;
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering},
};

/// No instrument, or no event of the store.
const NONE: usize = usize::MAX;

/// How ids begin that the run gives: `bp-1`, `bp-2`, ...
const OWN_IDS: &str = "bp-";

/// What the driver and the views of one run share.
pub struct Run {
    /// The engine's state, while a callback runs.
    pub state: Lent<State>,
    /// What is traded.
    pub indexed: Arc<Indexed>,
    events: Arc<Vec<StoredEvent>>,
    now: AtomicI64,
    updated: AtomicUsize,
    market_event: AtomicUsize,
    account_event: Mutex<Option<barter_execution::AccountEvent>>,
    client_order_ids: AtomicU64,
}

impl Run {
    /// A run that has processed nothing yet.
    pub fn new(indexed: Arc<Indexed>, events: Arc<Vec<StoredEvent>>, now: i64) -> Self {
        Self {
            state: Lent::new(),
            indexed,
            events,
            now: now.into(),
            updated: NONE.into(),
            market_event: NONE.into(),
            account_event: Mutex::new(None),
            client_order_ids: AtomicU64::new(0),
        }
    }

    /// The time that views show, in nanoseconds since 1970.
    pub fn now(&self) -> i64 {
        self.now.load(Ordering::Relaxed)
    }

    /// Index of the instrument of the market event just processed.
    pub fn updated(&self) -> usize {
        self.updated.load(Ordering::Relaxed)
    }

    /// The event just processed, if it is of the history.
    pub fn market_event(&self) -> Option<&StoredEvent> {
        self.events.get(self.market_event.load(Ordering::Relaxed))
    }

    /// The event just processed, if it is of an account.
    pub fn account_event(&self) -> Option<AccountEvent> {
        let event = self
            .account_event
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        event.as_ref().map(AccountEvent::from)
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

    /// The event about to be processed is of an account, or there is none.
    pub fn set_account_event(&self, event: Option<barter_execution::AccountEvent>) {
        self.market_event.store(NONE, Ordering::Relaxed);
        self.updated.store(NONE, Ordering::Relaxed);
        *self
            .account_event
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = event;
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
