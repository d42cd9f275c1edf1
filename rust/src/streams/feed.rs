//! Events of any number of venues for one reader.

use super::{
    books::Books,
    queue::{FeedItem, Next, Nudge, Overflow, Queue, QueueLag},
    status::Status,
    subscription::{Address, check, instrument_data},
    supervisor::{Connection, Policy, Supervisor},
    venue::source,
};
use crate::{
    data::{Journal, JournalOptions, StoredEvent, Written},
    error::Error,
    instrument::Indexed,
};
use barter_data::{books::OrderBook, subscription::SubKind};
use barter_instrument::{exchange::ExchangeId, instrument::InstrumentIndex};
use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    io,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{Receiver, RecvTimeoutError, channel},
    },
    time::{Duration, Instant},
};
use tokio::runtime::{Builder, Runtime};

/// How a feed treats its connections and its reader.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FeedOptions {
    /// How many events may wait for the reader.
    pub capacity: usize,
    /// What happens to one more.
    pub overflow: Overflow,
    /// How patient the supervisors of the connections are.
    pub policy: Policy,
}

/// The recording of a feed.
#[derive(Debug, Default)]
struct Recording {
    journal: Option<Journal>,
    /// What the last one has written.
    written: Written,
}

impl Recording {
    fn finish(&mut self) {
        if let Some(journal) = self.journal.take() {
            self.written = journal.finish();
        }
    }
}

/// Why a recording cannot begin.
#[derive(Debug)]
pub enum RecordError {
    /// The feed cannot be recorded now.
    Feed(Error),
    /// The file cannot be created.
    File(io::Error),
}

impl From<Error> for RecordError {
    fn from(error: Error) -> Self {
        Self::Feed(error)
    }
}

impl From<io::Error> for RecordError {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

/// So many statuses are kept for who asks later.
const STATUSES_KEPT: usize = 1000;

/// How long the end of a feed waits for its threads. What can hold one is a look-up of a name.
const END_PATIENCE: Duration = Duration::from_millis(500);

/// The first answers of the connections.
#[derive(Debug)]
struct FirstAnswers {
    answers: Receiver<Result<(), String>>,
    waiting: usize,
}

/// Connections with their runtime and their queue.
#[derive(Debug)]
pub struct Feed {
    queue: Arc<Queue>,
    runtime: Mutex<Option<Runtime>>,
    first: Mutex<FirstAnswers>,
    books: Mutex<Books>,
    statuses: Mutex<VecDeque<Status>>,
    recording: Mutex<Recording>,
    /// The process that the runtime's threads are in.
    process: u32,
}

impl Feed {
    /// Starts to connect; `connected` tells when all are.
    pub fn start(
        indexed: &Indexed,
        subscriptions: &[(InstrumentIndex, SubKind)],
        addresses: &HashMap<ExchangeId, Address>,
        options: FeedOptions,
    ) -> Result<Self, Error> {
        let mut wanted: BTreeMap<(ExchangeId, SubKind), BTreeMap<_, _>> = BTreeMap::new();
        for (index, kind) in subscriptions {
            let (exchange, instrument) = instrument_data(indexed, *index)?;
            check(exchange, &instrument, *kind).map_err(Error::config)?;
            let connection = wanted.entry((exchange, *kind)).or_default();
            connection.insert(*index, instrument);
        }
        let failed = |error: io::Error| Error::Stream(format!("no connection: {error}"));
        let queue = Arc::new(Queue::new(options.capacity, options.overflow));
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("barter-streams")
            .enable_all()
            .build()
            .map_err(failed)?;
        let (ready, answers) = channel();
        let waiting = wanted.len();
        for ((exchange, sub_kind), instruments) in wanted {
            let connection = Connection {
                exchange,
                sub_kind,
                instruments: instruments.keys().copied().collect(),
            };
            let address = addresses.get(&exchange).cloned().unwrap_or_default();
            let source = source(
                exchange,
                sub_kind,
                instruments.into_values().collect(),
                &address,
            )
            .transpose()
            .map_err(|error| Error::config(format!("{}: {error}", exchange.as_str())))?
            .ok_or_else(|| {
                Error::config(format!("there is no {sub_kind} on {}", exchange.as_str()))
            })?;
            let mut policy = options.policy;
            if sub_kind == SubKind::Liquidations {
                // They are so rare that silence means nothing.
                policy.silence = None;
            }
            let supervisor = Supervisor {
                connection,
                source,
                queue: Arc::clone(&queue),
                policy,
                ready: ready.clone(),
            };
            runtime.spawn(supervisor.run());
        }
        Ok(Self {
            queue,
            runtime: Mutex::new(Some(runtime)),
            first: Mutex::new(FirstAnswers { answers, waiting }),
            books: Mutex::default(),
            statuses: Mutex::default(),
            recording: Mutex::default(),
            process: std::process::id(),
        })
    }

    /// Waits until each connection is subscribed: whether all are, or why one is not.
    pub fn connected(&self, timeout: Duration) -> Result<bool, Error> {
        self.check_process()?;
        let deadline = Instant::now().checked_add(timeout);
        let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        while first.waiting > 0 {
            let left = deadline.map_or(timeout, |deadline| {
                deadline.saturating_duration_since(Instant::now())
            });
            match first.answers.recv_timeout(left) {
                Ok(Ok(())) => first.waiting = first.waiting.saturating_sub(1),
                Ok(Err(reason)) => return Err(Error::Stream(reason)),
                Err(RecvTimeoutError::Timeout) => return Ok(false),
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(Error::Stream("the streams are closed".to_owned()));
                }
            }
        }
        Ok(true)
    }

    /// Takes the next item, and waits for it for at most `timeout`, or until a nudge. Call it without the interpreter.
    pub fn next(&self, timeout: Duration) -> Result<Next, Error> {
        self.check_process()?;
        let next = self.queue.next(timeout);
        if let Next::Item(FeedItem::Market(event)) = &next {
            self.write(event)?;
        }
        match &next {
            Next::Item(FeedItem::Market(StoredEvent::Item(event))) => {
                self.books
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .event(event);
            }
            Next::Item(FeedItem::Status(status)) => self.note(status),
            Next::Item(FeedItem::Market(StoredEvent::Reconnecting(_)))
            | Next::TimedOut
            | Next::Closed
            | Next::Failed(_) => {}
        }
        Ok(next)
    }

    /// What ends the wait of `next`.
    pub fn nudge(&self) -> Nudge {
        Nudge::new(Arc::clone(&self.queue))
    }

    /// Writes what the reader takes into files, until `stop_recording`.
    pub fn record(&self, options: JournalOptions) -> Result<(), RecordError> {
        self.check_process()?;
        let mut recording = self.recording();
        if recording.journal.is_some() {
            let text = "the streams are being recorded already: close that recording first";
            return Err(Error::Stream(text.to_owned()).into());
        }
        recording.journal = Some(Journal::create(options)?);
        Ok(())
    }

    /// Ends the recording, if there is one: what the last one has written.
    pub fn stop_recording(&self) -> Written {
        let mut recording = self.recording();
        recording.finish();
        recording.written.clone()
    }

    /// What the recording has written so far, or the last one if it is over.
    pub fn recorded(&self) -> Written {
        let recording = self.recording();
        recording
            .journal
            .as_ref()
            .map_or_else(|| recording.written.clone(), Journal::written)
    }

    fn recording(&self) -> MutexGuard<'_, Recording> {
        self.recording
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, event: &StoredEvent) -> Result<(), Error> {
        let mut recording = self.recording();
        if recording
            .journal
            .as_ref()
            .is_none_or(|journal| journal.write(event))
        {
            return Ok(());
        }
        recording.finish();
        let Written { files, failure, .. } = &recording.written;
        let path = files
            .last()
            .map_or_else(String::new, |path| path.display().to_string());
        let reason = failure.as_deref().unwrap_or_default();
        Err(Error::Stream(format!("{path} cannot be written: {reason}")))
    }

    fn note(&self, status: &Status) {
        let mut books = self.books.lock().unwrap_or_else(PoisonError::into_inner);
        books.status(status);
        drop(books);
        let mut statuses = self.statuses.lock().unwrap_or_else(PoisonError::into_inner);
        if statuses.len() >= STATUSES_KEPT {
            statuses.pop_front();
        }
        statuses.push_back(status.clone());
    }

    /// The statuses that the reader has come past, the last thousand.
    pub fn statuses(&self) -> Vec<Status> {
        let statuses = self.statuses.lock().unwrap_or_else(PoisonError::into_inner);
        statuses.iter().cloned().collect()
    }

    /// The book of the instrument after what the reader has taken, if it is known.
    pub fn book(&self, instrument: InstrumentIndex) -> Option<OrderBook> {
        let books = self.books.lock().unwrap_or_else(PoisonError::into_inner);
        books.book(instrument)
    }

    /// How far the reader is behind.
    pub fn lag(&self) -> QueueLag {
        self.queue.lag()
    }

    /// Whether the feed is closed, and all read.
    pub fn is_at_end(&self) -> bool {
        self.queue.is_at_end()
    }

    /// Has the next item make `descriptor` readable.
    pub fn arm(&self) -> io::Result<()> {
        self.queue.wake().arm()
    }

    /// The descriptor for an event loop.
    pub fn descriptor(&self) -> io::Result<i64> {
        self.queue.wake().descriptor()
    }

    /// Ends all connections; how many events that nobody has read are dropped. The second time does
    /// nothing.
    pub fn close(&self) -> usize {
        let mut runtime = self.runtime.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(runtime) = runtime.take() else {
            return 0;
        };
        if self.process != std::process::id() {
            // Its threads are in the parent: to wait for them would be for ever.
            std::mem::forget(runtime);
            return 0;
        }
        let dropped = self.queue.close();
        self.recording().finish();
        runtime.shutdown_timeout(END_PATIENCE);
        dropped
    }

    /// A forked child has no network threads.
    fn check_process(&self) -> Result<(), Error> {
        if self.process == std::process::id() {
            return Ok(());
        }
        Err(Error::Stream(
            "these streams belong to the parent process, whose network threads a fork does not copy: \
             connect in the child, or start it with \"spawn\""
                .to_owned(),
        ))
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.close();
    }
}
