//! The bounded queue between connections and their one reader.

use super::{status::Status, wake::Wake};
use crate::{
    convert::py_enum,
    data::{MarketKind, StoredEvent},
};
use barter_instrument::instrument::InstrumentIndex;
use chrono::{DateTime, Utc};
use std::{
    collections::{HashSet, VecDeque},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::Notify;

/// What a reader of a feed gets.
#[derive(Clone, PartialEq, Debug)]
pub enum FeedItem {
    /// An event of a market, or the loss of a connection.
    Market(StoredEvent),
    /// News of a connection. That of a loss comes before its `Reconnecting`.
    Status(Status),
}

/// What happens to an event that finds the queue full.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Overflow {
    /// Its connection waits for the reader, and reads no further.
    Wait,
    /// Older quotes of an instrument that has a newer one make room; without any, it waits.
    Latest,
    /// The feed ends, and says so to its reader after what is queued.
    Raise,
}

py_enum! {
    /// What `Streams` does with an event if the reader has fallen behind so far that the queue is full.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python.streams import Overflow
    /// >>> [overflow.value for overflow in Overflow]
    /// ['wait', 'latest', 'raise']
    pub enum PyOverflow(Overflow) as "Overflow" {
        /// Stop reading from the connection until the reader has made room. Nothing is lost here, but a
        /// venue may close a connection that is read too slowly.
        WAIT = "wait" => Overflow::Wait,
        /// Drop each queued `OrderBookL1` that has a newer one of its instrument behind it. `Lag.replaced`
        /// counts them. Other events are never dropped: without such quotes the connection waits.
        LATEST = "latest" => Overflow::Latest,
        /// End the streams: the reader gets what is queued and then a `StreamError`.
        RAISE = "raise" => Overflow::Raise,
    }
}

/// What a reader's look at the queue finds.
#[derive(Debug)]
pub enum Next {
    /// The next item.
    Item(FeedItem),
    /// Nothing came in time, or somebody has ended the wait.
    TimedOut,
    /// The feed is closed.
    Closed,
    /// The feed has failed: why.
    Failed(String),
}

#[derive(Debug, Default)]
struct State {
    items: VecDeque<FeedItem>,
    /// How many of them are events with a time: those are bounded.
    events: usize,
    /// How many quotes newer ones have replaced.
    replaced: u64,
    is_closed: bool,
    /// Somebody wants the reader to look at something else.
    is_nudged: bool,
    failure: Option<String>,
}

/// How far a reader is behind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct QueueLag {
    /// How many events wait.
    pub waiting: usize,
    /// When the oldest of them was received.
    pub oldest: Option<DateTime<Utc>>,
    /// How many quotes newer ones have replaced.
    pub replaced: u64,
}

/// The queue.
#[derive(Debug)]
pub struct Queue {
    state: Mutex<State>,
    arrived: Condvar,
    room: Notify,
    wake: Wake,
    capacity: usize,
    overflow: Overflow,
}

/// What has become of an item.
enum Offered {
    Taken,
    Refused,
    /// There is no room for it now.
    Full(FeedItem),
}

impl Queue {
    /// A queue of at most `capacity` events.
    pub fn new(capacity: usize, overflow: Overflow) -> Self {
        Self {
            state: Mutex::default(),
            arrived: Condvar::new(),
            room: Notify::new(),
            wake: Wake::default(),
            capacity,
            overflow,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it holds the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts an item in, when there is room; whether it had to wait, or `None` if the queue is closed.
    pub async fn push(&self, mut item: FeedItem) -> Option<bool> {
        let mut has_waited = false;
        loop {
            let room = self.room.notified();
            match self.offer(item) {
                Offered::Taken => return Some(has_waited),
                Offered::Refused => return None,
                Offered::Full(back) => item = back,
            }
            has_waited = true;
            room.await;
        }
    }

    fn offer(&self, item: FeedItem) -> Offered {
        let mut state = self.state();
        if state.is_closed {
            return Offered::Refused;
        }
        // News and losses are few, and must not wait for a reader that sleeps.
        if matches!(item, FeedItem::Market(StoredEvent::Item(_))) {
            if state.events >= self.capacity && self.overflow == Overflow::Latest {
                state.drop_replaced(&item);
            }
            if state.events >= self.capacity {
                if self.overflow != Overflow::Raise {
                    return Offered::Full(item);
                }
                state.is_closed = true;
                state.failure = Some(format!(
                    "the reader is behind: {} events wait, which is the capacity; read faster, give a \
                     larger capacity, or another overflow",
                    state.events
                ));
                drop(state);
                self.alarm();
                return Offered::Refused;
            }
            state.events = state.events.saturating_add(1);
        }
        state.items.push_back(item);
        drop(state);
        self.alarm();
        Offered::Taken
    }

    fn alarm(&self) {
        self.arrived.notify_one();
        self.wake.wake();
    }

    /// Takes the next item, and waits for it for at most `timeout`, or until a nudge.
    pub fn next(&self, timeout: Duration) -> Next {
        let state = self.state();
        let waited = self.arrived.wait_timeout_while(state, timeout, |state| {
            state.items.is_empty() && !state.is_closed && !state.is_nudged
        });
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        state.is_nudged = false;
        let Some(item) = state.items.pop_front() else {
            return match (&state.failure, state.is_closed) {
                (Some(failure), _) => Next::Failed(failure.clone()),
                (None, true) => Next::Closed,
                (None, false) => Next::TimedOut,
            };
        };
        if matches!(item, FeedItem::Market(StoredEvent::Item(_))) {
            state.events = state.events.saturating_sub(1);
        }
        drop(state);
        self.room.notify_one();
        Next::Item(item)
    }

    /// Ends the reader's wait, or the next one if it does not wait now.
    fn nudge(&self) {
        self.state().is_nudged = true;
        self.arrived.notify_all();
    }

    /// Refuses further items and drops those that wait; how many events they were.
    pub fn close(&self) -> usize {
        let mut state = self.state();
        state.is_closed = true;
        state.items.clear();
        let dropped = std::mem::take(&mut state.events);
        drop(state);
        self.arrived.notify_all();
        self.room.notify_waiters();
        self.wake.wake();
        dropped
    }

    /// How far the reader is behind.
    pub fn lag(&self) -> QueueLag {
        let state = self.state();
        let mut events = state.items.iter().filter_map(|item| match item {
            FeedItem::Market(StoredEvent::Item(event)) => Some(event.time_received),
            FeedItem::Market(StoredEvent::Reconnecting(_)) | FeedItem::Status(_) => None,
        });
        QueueLag {
            waiting: state.events,
            oldest: events.next(),
            replaced: state.replaced,
        }
    }

    /// Whether the queue is closed and empty.
    pub fn is_at_end(&self) -> bool {
        let state = self.state();
        state.is_closed && state.items.is_empty()
    }

    /// The alarm for readers in an event loop.
    pub const fn wake(&self) -> &Wake {
        &self.wake
    }
}

/// Ends the wait of a queue's reader, from any thread.
#[derive(Clone, Debug)]
pub struct Nudge(Arc<Queue>);

impl Nudge {
    /// For the reader of that queue.
    pub const fn new(queue: Arc<Queue>) -> Self {
        Self(queue)
    }

    /// Ends the reader's wait, or the next one if it does not wait now.
    pub fn nudge(&self) {
        self.0.nudge();
    }
}

impl State {
    /// Drops the quotes that have a newer one of their instrument behind them, or in `incoming`.
    fn drop_replaced(&mut self, incoming: &FeedItem) {
        let mut newer = quoted(incoming).into_iter().collect::<HashSet<_>>();
        let mut kept = VecDeque::with_capacity(self.items.len());
        let before = self.items.len();
        while let Some(item) = self.items.pop_back() {
            let is_newest = quoted(&item).is_none_or(|instrument| newer.insert(instrument));
            if is_newest {
                kept.push_front(item);
            }
        }
        self.items = kept;
        let dropped = before.saturating_sub(self.items.len());
        self.events = self.events.saturating_sub(dropped);
        let dropped = u64::try_from(dropped).unwrap_or(u64::MAX);
        self.replaced = self.replaced.saturating_add(dropped);
    }
}

/// The instrument of a quote.
fn quoted(item: &FeedItem) -> Option<InstrumentIndex> {
    match item {
        FeedItem::Market(StoredEvent::Item(event)) if matches!(event.kind, MarketKind::L1(_)) => {
            Some(event.instrument)
        }
        FeedItem::Market(_) | FeedItem::Status(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    const AN_HOUR: Duration = Duration::from_secs(3600);

    #[test]
    fn a_nudge_ends_the_wait_and_only_that() {
        let queue = Arc::new(Queue::new(1, Overflow::Wait));
        let nudge = Nudge::new(Arc::clone(&queue));
        // Before the wait or during it.
        let reader = thread::spawn(move || queue.next(AN_HOUR));
        nudge.nudge();
        assert!(matches!(reader.join(), Ok(Next::TimedOut)));
        assert!(!nudge.0.state().is_nudged);
        assert!(matches!(nudge.0.next(Duration::ZERO), Next::TimedOut));
        nudge.0.close();
        nudge.nudge();
        assert!(matches!(nudge.0.next(AN_HOUR), Next::Closed));
    }
}
