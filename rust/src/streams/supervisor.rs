//! Keeps one connection open: a deadline for opening it, a watch for silence, pauses between attempts.

#[cfg(test)]
mod tests;

use super::{
    answers::Unread,
    event::{AnyEvent, stored},
    queue::{FeedItem, Queue},
    repair::Repair,
    status::{Status, StatusKind},
    subscription::PySubKind,
};
use crate::{convert::EnumText, data::StoredEvent};
use barter_data::subscription::SubKind;
use barter_instrument::{exchange::ExchangeId, instrument::InstrumentIndex};
use chrono::Utc;
use futures::{FutureExt, StreamExt, future::BoxFuture, stream::BoxStream};
use std::{
    any::Any,
    collections::HashMap,
    panic::AssertUnwindSafe,
    sync::{Arc, mpsc},
    time::Duration,
};
use tokio::{
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval, sleep, timeout},
};

/// A connection that can be opened any number of times.
pub trait Source: Send + Sync + 'static {
    /// Connects and subscribes; the error is why not.
    fn open(&self) -> BoxFuture<'_, Result<Opened, String>>;
}

/// An open connection.
pub struct Opened {
    /// What comes.
    pub messages: BoxStream<'static, Result<AnyEvent, Unread>>,
    /// What goes on beside it; it ends with the connection.
    pub tasks: JoinSet<()>,
}

/// Which connection it is.
#[derive(Clone, Debug)]
pub struct Connection {
    /// The venue.
    pub exchange: ExchangeId,
    /// What it is subscribed to.
    pub sub_kind: SubKind,
    /// Of which instruments.
    pub instruments: Vec<InstrumentIndex>,
}

/// How patient a supervisor is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Policy {
    /// How long opening may take, with subscription and snapshots.
    pub patience: Duration,
    /// How long nothing may come.
    pub silence: Option<Duration>,
    /// The pause after the first failure; it doubles with each further one.
    pub backoff: Duration,
    /// The longest pause.
    pub backoff_max: Duration,
    /// A connection must last so long for the pauses to begin anew.
    pub steady: Duration,
    /// Whether a first attempt that fails is tried again.
    pub waits_for_connection: bool,
}

/// So many messages in a row that cannot be read end a connection.
const UNREADABLE_LIMIT: u64 = 100;

/// Why a connection is over.
enum End {
    /// The reader has closed the feed.
    Closed,
    Lost(String),
    Silent(String),
}

/// Keeps one connection open for as long as its queue takes what comes.
pub struct Supervisor {
    /// Which it is.
    pub connection: Connection,
    /// Opens it.
    pub source: Box<dyn Source>,
    /// Takes what comes.
    pub queue: Arc<Queue>,
    /// How patient it is.
    pub policy: Policy,
    /// Is told whether the first attempt has succeeded.
    pub ready: mpsc::Sender<Result<(), String>>,
}

impl Supervisor {
    /// Opens the connection, reads it, opens it again.
    pub async fn run(self) {
        let mut repair = Repair::new(self.connection.exchange);
        let mut backoff = self.policy.backoff;
        let mut was_open = false;
        loop {
            repair.open(Utc::now());
            let attempt = AssertUnwindSafe(timeout(self.policy.patience, self.source.open()));
            let opened = match attempt.catch_unwind().await {
                Ok(Ok(opened)) => opened,
                Ok(Err(_)) => Err(format!(
                    "no answer within {:?} (open_timeout)",
                    self.policy.patience
                )),
                Err(panic) => Err(panicked(&*panic)),
            };
            match opened {
                Err(reason) => {
                    let is_final = !was_open && !self.policy.waits_for_connection;
                    if is_final {
                        let Connection {
                            exchange, sub_kind, ..
                        } = self.connection;
                        let sub_kind = PySubKind(sub_kind).text();
                        self.answer(Err(format!("{} {sub_kind}: {reason}", exchange.as_str())));
                    }
                    if !self.tell(StatusKind::Refused, None, reason).await || is_final {
                        return;
                    }
                }
                Ok(opened) => {
                    let kind = if was_open {
                        StatusKind::Back
                    } else {
                        StatusKind::Connected
                    };
                    if !was_open {
                        self.answer(Ok(()));
                    }
                    was_open = true;
                    if !self.tell(kind, None, String::new()).await {
                        return;
                    }
                    let since = Instant::now();
                    if !self.follow(opened, &mut repair).await {
                        return;
                    }
                    if since.elapsed() >= self.policy.steady {
                        backoff = self.policy.backoff;
                    }
                }
            }
            sleep(backoff).await;
            backoff = backoff.saturating_mul(2).min(self.policy.backoff_max);
        }
    }

    /// Tells how the first attempt has ended.
    fn answer(&self, answer: Result<(), String>) {
        if self.ready.send(answer).is_err() {
            tracing::debug!("nobody waits for the connection any more");
        }
    }

    /// Reads a connection to its end and tells of it; false if the feed is closed.
    async fn follow(&self, opened: Opened, repair: &mut Repair) -> bool {
        let reading = AssertUnwindSafe(self.read(opened, repair)).catch_unwind();
        let end = match reading.await {
            Ok(end) => end,
            Err(panic) => End::Lost(panicked(&*panic)),
        };
        let reason = match end {
            End::Closed => return false,
            End::Lost(reason) => reason,
            End::Silent(reason) => {
                if !self.tell(StatusKind::Silent, None, reason.clone()).await {
                    return false;
                }
                reason
            }
        };
        let lost = FeedItem::Market(StoredEvent::Reconnecting(self.connection.exchange.into()));
        self.tell(StatusKind::Lost, None, reason).await && self.queue.push(lost).await.is_some()
    }

    /// Reads a connection to its end. What goes on beside it ends with it.
    async fn read(&self, opened: Opened, repair: &mut Repair) -> End {
        let Opened {
            mut messages,
            tasks: _tasks,
        } = opened;
        let mut silence = self.policy.silence.map(|limit| {
            let mut watch = interval(limit.checked_div(4).unwrap_or(limit).max(MOMENT));
            watch.set_missed_tick_behavior(MissedTickBehavior::Delay);
            (watch, Heard::new(limit, &self.connection.instruments))
        });
        let (mut unreadable, mut unreadable_in_a_row) = (0_u64, 0_u64);
        loop {
            let message = match &mut silence {
                None => messages.next().await,
                Some((watch, heard)) => tokio::select! {
                    biased;
                    message = messages.next() => message,
                    _ = watch.tick() => {
                        if let Some(reason) = heard.nothing() {
                            return End::Silent(reason);
                        }
                        for (instrument, reason) in heard.silent() {
                            if !self.tell(StatusKind::Silent, Some(instrument), reason).await {
                                return End::Closed;
                            }
                        }
                        continue;
                    }
                },
            };
            let event = match message {
                None => return End::Lost("the venue closed the connection".to_owned()),
                Some(Ok(event)) => Ok(event),
                Some(Err(unread)) => Err(unread),
            };
            if let Some((_, heard)) = &mut silence {
                heard.message(event.as_ref().ok().map(|event| event.instrument));
            }
            let unread = match event.map(|event| repair.event(event).map(stored)) {
                Ok(None) => continue,
                Ok(Some(Ok(event))) => {
                    unreadable_in_a_row = 0;
                    match self.queue.push(FeedItem::Market(event)).await {
                        None => return End::Closed,
                        Some(false) => {}
                        // Meanwhile nothing was read, from nobody.
                        Some(true) => {
                            if let Some((_, heard)) = &mut silence {
                                heard.everything();
                            }
                        }
                    }
                    continue;
                }
                Ok(Some(Err(reason))) => Unread::Unreadable(reason),
                Err(unread) => unread,
            };
            match unread {
                Unread::NoEvent => {}
                Unread::End(reason) => return End::Lost(reason),
                Unread::Refusal(reason) => {
                    if !self.tell(StatusKind::Refused, None, reason).await {
                        return End::Closed;
                    }
                }
                Unread::Unreadable(reason) => {
                    unreadable = unreadable.saturating_add(1);
                    unreadable_in_a_row = unreadable_in_a_row.saturating_add(1);
                    let reason = format!("message {unreadable} that cannot be read: {reason}");
                    if unreadable_in_a_row >= UNREADABLE_LIMIT {
                        return End::Lost(format!("{unreadable_in_a_row} in a row, {reason}"));
                    }
                    // The first, the tenth, the hundredth: a flood of them must not become one of news.
                    let is_power = 10_u64.pow(unreadable.ilog10()) == unreadable;
                    if is_power && !self.tell(StatusKind::Unreadable, None, reason).await {
                        return End::Closed;
                    }
                }
            }
        }
    }

    /// Tells news of the connection; false if the feed is closed.
    async fn tell(
        &self,
        kind: StatusKind,
        instrument: Option<InstrumentIndex>,
        reason: String,
    ) -> bool {
        let status = Status {
            kind,
            exchange: self.connection.exchange,
            sub_kind: self.connection.sub_kind,
            instrument,
            time: Utc::now(),
            reason,
        };
        self.queue.push(FeedItem::Status(status)).await.is_some()
    }
}

/// The shortest time between two looks for silence.
const MOMENT: Duration = Duration::from_millis(1);

/// When what was last heard.
struct Heard {
    limit: Duration,
    anything: Instant,
    /// `None` in the second place: its silence has been told.
    instruments: HashMap<InstrumentIndex, Option<Instant>>,
}

impl Heard {
    fn new(limit: Duration, instruments: &[InstrumentIndex]) -> Self {
        let now = Instant::now();
        Self {
            limit,
            anything: now,
            instruments: instruments.iter().map(|key| (*key, Some(now))).collect(),
        }
    }

    fn message(&mut self, instrument: Option<InstrumentIndex>) {
        let now = Instant::now();
        self.anything = now;
        if let Some(instrument) = instrument {
            self.instruments.insert(instrument, Some(now));
        }
    }

    fn everything(&mut self) {
        let now = Instant::now();
        self.anything = now;
        for heard in self.instruments.values_mut().flatten() {
            *heard = now;
        }
    }

    fn nothing(&self) -> Option<String> {
        let limit = self.limit;
        (self.anything.elapsed() >= limit).then(|| format!("nothing came for {limit:?} (silence)"))
    }

    /// The instruments of which nothing has come, each once, in their order.
    fn silent(&mut self) -> Vec<(InstrumentIndex, String)> {
        let limit = self.limit;
        let mut silent = Vec::new();
        for (instrument, heard) in &mut self.instruments {
            if heard.is_some_and(|heard| heard.elapsed() >= limit) {
                *heard = None;
                let reason = format!(
                    "nothing came of this instrument for {limit:?} (silence); its connection is open"
                );
                silent.push((*instrument, reason));
            }
        }
        silent.sort();
        silent
    }
}

/// What a panic said.
fn panicked(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no reason");
    format!("barter-data panicked on a message: {text}")
}
