//! The feed for Python.

use super::{
    feed::{Feed, FeedOptions, RecordError},
    queue::{FeedItem, Next, PyOverflow, QueueLag},
    status::StreamStatus,
    subscription::{Address, PySubKind},
    supervisor::Policy,
};
use crate::{
    convert::{FilePath, Index, Length, Sequence, quoted, record},
    data::{AnyMarketEvent, JournalOptions, OrderBook, Written},
    error::Error,
    instrument::{PyExchangeId, PyIndexedInstruments},
};
use barter_instrument::instrument::InstrumentIndex;
use chrono::{TimeDelta, Utc};
use pyo3::{exceptions::PyValueError, prelude::*};
use pyo3_stub_gen::{
    PyStubType, TypeInfo,
    derive::{gen_stub_pyclass, gen_stub_pyfunction, gen_stub_pymethods},
};
use std::{collections::HashMap, path::PathBuf, time::Duration};
use url::Url;

record! {
    /// How far the reader of `Streams` is behind.
    ///
    /// Examples
    /// --------
    /// >>> from datetime import timedelta
    /// >>> from barter_python.streams import Lag
    /// >>> lag = Lag(waiting=3, age=timedelta(milliseconds=20), replaced=0)
    /// >>> lag.waiting, lag.age < timedelta(seconds=1)
    /// (3, True)
    #[signature(*, waiting, age, replaced)]
    pub struct Lag {
        /// How many events wait for the reader.
        waiting: usize,
        /// How long ago the oldest of them was received; zero if none waits.
        age: Length,
        /// How many quotes newer ones have replaced; always zero without `Overflow.LATEST`.
        replaced: u64,
    }
}

impl From<QueueLag> for Lag {
    fn from(lag: QueueLag) -> Self {
        let QueueLag {
            waiting,
            oldest,
            replaced,
        } = lag;
        let age = oldest.map_or(TimeDelta::zero(), |oldest| {
            Utc::now()
                .signed_duration_since(oldest)
                .max(TimeDelta::zero())
        });
        Self {
            waiting,
            age: Length(age),
            replaced,
        }
    }
}

/// What a reader gets.
#[derive(IntoPyObject)]
pub enum AnyItem {
    /// An event, or the loss of a connection.
    Market(AnyMarketEvent),
    /// News of a connection.
    Status(StreamStatus),
}

impl PyStubType for AnyItem {
    fn type_output() -> TypeInfo {
        AnyMarketEvent::type_output() | StreamStatus::type_output()
    }
}

/// How long a wait lasts between two looks for Ctrl-C.
const BETWEEN_SIGNALS: Duration = Duration::from_millis(50);

fn address(websocket: Option<&str>, http: Option<&str>) -> PyResult<Address> {
    let parsed = |name: &str, schemes: [&str; 2], text: Option<&str>| {
        let Some(text) = text else { return Ok(None) };
        let wrong = |reason: String| {
            let [first, second] = schemes;
            PyValueError::new_err(format!(
                "{name} must be an address such as {first}://host or {second}://host:port, got {}\
                 {reason}",
                quoted(text)
            ))
        };
        let url = Url::parse(text).map_err(|error| wrong(format!(": {error}")))?;
        if schemes.contains(&url.scheme()) && url.has_host() {
            Ok(Some(url))
        } else {
            Err(wrong(String::new()))
        }
    };
    Ok(Address {
        websocket: parsed("websocket", ["wss", "ws"], websocket)?,
        http: parsed("http", ["https", "http"], http)?,
    })
}

/// Refuses what is not an address.
///
/// Parameters
/// ----------
/// websocket : str or None
///     Address of a WebSocket.
/// http : str or None
///     Base of the addresses of requests.
///
/// Raises
/// ------
/// ValueError
///     If one of them is not an address, or not one of its kind.
#[gen_stub_pyfunction(module = "barter_python._core")]
#[pyfunction]
#[pyo3(signature = (websocket, http))]
pub fn check_address(websocket: Option<String>, http: Option<String>) -> PyResult<()> {
    address(websocket.as_deref(), http.as_deref()).map(drop)
}

/// Live events of any number of venues, for one reader: what `barter_python.streams.Streams` reads.
#[gen_stub_pyclass]
#[pyclass(frozen, module = "barter_python._core")]
#[derive(Debug)]
pub struct MarketFeed(pub Feed);

#[gen_stub_pymethods]
#[pymethods]
impl MarketFeed {
    /// Starts to connect.
    #[new]
    #[pyo3(signature = (
        instruments, subscriptions, addresses, *, capacity, overflow, open_timeout, silence, backoff,
        backoff_max, steady, wait_for_connection
    ))]
    #[allow(clippy::too_many_arguments)]
    fn __new__(
        py: Python<'_>,
        instruments: &PyIndexedInstruments,
        subscriptions: Sequence<(Index, PySubKind)>,
        addresses: Sequence<(PyExchangeId, Option<String>, Option<String>)>,
        capacity: usize,
        overflow: PyOverflow,
        open_timeout: Length,
        silence: Option<Length>,
        backoff: Length,
        backoff_max: Length,
        steady: Length,
        wait_for_connection: bool,
    ) -> PyResult<Self> {
        let addresses = addresses
            .iter()
            .map(|(exchange, websocket, http)| {
                Ok((exchange.0, address(websocket.as_deref(), http.as_deref())?))
            })
            .collect::<PyResult<HashMap<_, _>>>()?;
        let subscriptions = subscriptions
            .iter()
            .map(|(index, kind)| (InstrumentIndex(index.0), kind.0))
            .collect::<Vec<_>>();
        let options = FeedOptions {
            capacity,
            overflow: overflow.0,
            policy: Policy {
                patience: duration(open_timeout)?,
                silence: silence.map(duration).transpose()?,
                backoff: duration(backoff)?,
                backoff_max: duration(backoff_max)?,
                steady: duration(steady)?,
                waits_for_connection: wait_for_connection,
            },
        };
        let indexed = &instruments.0;
        let feed = py.detach(|| Feed::start(indexed, &subscriptions, &addresses, options))?;
        Ok(Self(feed))
    }

    /// Waits until each connection is subscribed; Ctrl-C ends the wait.
    fn wait_until_connected(&self, py: Python<'_>) -> PyResult<()> {
        while !py.detach(|| self.0.connected(BETWEEN_SIGNALS))? {
            py.check_signals()?;
        }
        Ok(())
    }

    /// Whether each connection is subscribed.
    fn is_connected(&self) -> PyResult<bool> {
        Ok(self.0.connected(Duration::ZERO)?)
    }

    /// The next item; `None` if nothing came within the time, or if the feed is closed.
    #[pyo3(signature = (timeout=None))]
    fn next(&self, py: Python<'_>, timeout: Option<Length>) -> PyResult<Option<AnyItem>> {
        let mut left = timeout.map(duration).transpose()?;
        loop {
            let patience = left.map_or(BETWEEN_SIGNALS, |left| left.min(BETWEEN_SIGNALS));
            match py.detach(|| self.0.next(patience))? {
                Next::Item(item) => return Ok(Some(item.into())),
                Next::Closed => return Ok(None),
                Next::Failed(reason) => return Err(Error::Stream(reason).into()),
                Next::TimedOut => {}
            }
            py.check_signals()?;
            if let Some(time) = &mut left {
                *time = time.saturating_sub(patience);
                if time.is_zero() {
                    return Ok(None);
                }
            }
        }
    }

    /// Has the next item, and the end, make the descriptor readable.
    fn arm(&self) -> PyResult<()> {
        Ok(self.0.arm()?)
    }

    /// The descriptor that an event loop can wait for.
    fn fileno(&self) -> PyResult<i64> {
        Ok(self.0.descriptor()?)
    }

    /// The statuses that the reader has come past, the last thousand.
    fn statuses(&self) -> Vec<StreamStatus> {
        let statuses = self.0.statuses().into_iter();
        statuses.map(StreamStatus::from).collect()
    }

    /// The book of the instrument after what the reader has taken, `None` if it is unknown.
    fn book(&self, instrument: Index) -> Option<OrderBook> {
        self.0.book(InstrumentIndex(instrument.0)).map(OrderBook)
    }

    /// How far the reader is behind.
    fn lag(&self) -> Lag {
        self.0.lag().into()
    }

    /// Writes what the reader takes into a file.
    #[pyo3(signature = (path, rotate_bytes, rotate_every))]
    fn record(
        &self,
        path: FilePath,
        rotate_bytes: Option<u64>,
        rotate_every: Option<Length>,
    ) -> PyResult<()> {
        let options = JournalOptions {
            path: path.0,
            rotate_bytes,
            rotate_every: rotate_every.map(duration).transpose()?,
        };
        self.0.record(options).map_err(|error| match error {
            RecordError::Feed(error) => error.into(),
            RecordError::File(error) => error.into(),
        })
    }

    /// The files of the recording, the number of events in them, and why it failed if it did.
    #[gen_stub(override_return_type(
        type_repr = "tuple[list[pathlib.Path], int, str | None]", imports = ("pathlib")
    ))]
    fn recorded(&self) -> Recorded {
        recorded(self.0.recorded())
    }

    /// Ends the recording, and gives what `recorded` does.
    #[gen_stub(override_return_type(
        type_repr = "tuple[list[pathlib.Path], int, str | None]", imports = ("pathlib")
    ))]
    fn stop_recording(&self, py: Python<'_>) -> Recorded {
        recorded(py.detach(|| self.0.stop_recording()))
    }

    /// Whether the feed is closed, and all read.
    fn is_at_end(&self) -> bool {
        self.0.is_at_end()
    }

    /// Ends all connections; the number of events that nobody has read.
    fn close(&self, py: Python<'_>) -> usize {
        py.detach(|| self.0.close())
    }
}

impl From<FeedItem> for AnyItem {
    fn from(item: FeedItem) -> Self {
        match item {
            FeedItem::Market(event) => Self::Market((&event).into()),
            FeedItem::Status(status) => Self::Status(status.into()),
        }
    }
}

/// Files, number of events, failure.
type Recorded = (Vec<PathBuf>, u64, Option<String>);

fn recorded(written: Written) -> Recorded {
    let Written {
        files,
        events,
        failure,
    } = written;
    (files, events, failure)
}

/// The length, which Python has checked for its sign.
fn duration(length: Length) -> PyResult<Duration> {
    length
        .0
        .to_std()
        .map_err(|_| PyValueError::new_err(format!("{} is negative", length.0)))
}
