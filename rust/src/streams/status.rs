//! What happens to a connection.

use crate::{
    convert::{Index, UtcTime, nanos, py_enum, record},
    instrument::PyExchangeId,
    streams::subscription::PySubKind,
};
use barter_data::subscription::SubKind;
use barter_instrument::{exchange::ExchangeId, instrument::InstrumentIndex};
use chrono::{DateTime, Utc};
use pyo3::prelude::*;
use pyo3_stub_gen::derive::gen_stub_pymethods;

/// What has happened to a connection.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum StatusKind {
    /// Subscribed for the first time.
    Connected,
    /// It has ended.
    Lost,
    /// Subscribed again.
    Back,
    /// It could not be opened, or the venue refused a subscription.
    Refused,
    /// Nothing has come for too long.
    Silent,
    /// Messages that cannot be read.
    Unreadable,
}

/// One piece of news of one connection.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Status {
    /// What has happened.
    pub kind: StatusKind,
    /// The venue.
    pub exchange: ExchangeId,
    /// What the connection is subscribed to.
    pub sub_kind: SubKind,
    /// The instrument, where the news is about one.
    pub instrument: Option<InstrumentIndex>,
    /// When, by the clock of this machine.
    pub time: DateTime<Utc>,
    /// Why.
    pub reason: String,
}

py_enum! {
    /// What has happened to a connection of `Streams`.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python.streams import StreamStatusKind
    /// >>> StreamStatusKind("lost")
    /// <StreamStatusKind.LOST: 'lost'>
    pub enum PyStreamStatusKind(StatusKind) as "StreamStatusKind" {
        /// The venue has accepted the subscriptions of the connection for the first time.
        CONNECTED = "connected" => StatusKind::Connected,
        /// The connection has ended; it is being opened again.
        LOST = "lost" => StatusKind::Lost,
        /// The connection is open and subscribed again.
        BACK = "back" => StatusKind::Back,
        /// The connection could not be opened, or the venue refused a subscription.
        REFUSED = "refused" => StatusKind::Refused,
        /// Nothing has come for too long: from the venue, or for one instrument.
        SILENT = "silent" => StatusKind::Silent,
        /// Messages came that barter-data cannot read. They are counted in the reason and passed over.
        UNREADABLE = "unreadable" => StatusKind::Unreadable,
    }
}

record! {
    /// What has happened to a connection of `Streams`. Each venue has one connection for each kind of
    /// subscription.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import ExchangeId
    /// >>> from barter_python.streams import StreamStatus, StreamStatusKind, SubKind
    /// >>> lost = StreamStatus(
    /// ...     StreamStatusKind.LOST, ExchangeId.KRAKEN, SubKind.PUBLIC_TRADES, None,
    /// ...     time="2024-01-01T00:00:00Z", reason="closed by the venue")
    /// >>> lost.kind, lost.reason
    /// (<StreamStatusKind.LOST: 'lost'>, 'closed by the venue')
    #[signature(kind, exchange, sub_kind, instrument, *, time, reason)]
    pub struct StreamStatus {
        /// What has happened.
        kind: PyStreamStatusKind,
        /// The venue.
        exchange: PyExchangeId,
        /// What the connection is subscribed to.
        sub_kind: PySubKind,
        /// Index of the instrument, `None` if the status is about the whole connection.
        instrument: Option<Index>,
        /// When it happened, by the clock of this machine, in UTC.
        time: UtcTime,
        /// Why, such as what the venue said; empty if there is nothing to say.
        reason: String,
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl StreamStatus {
    /// `time` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_ns(&self) -> PyResult<i64> {
        nanos(self.time.0)
    }
}

impl From<Status> for StreamStatus {
    fn from(status: Status) -> Self {
        let Status {
            kind,
            exchange,
            sub_kind,
            instrument,
            time,
            reason,
        } = status;
        Self {
            kind: kind.into(),
            exchange: exchange.into(),
            sub_kind: sub_kind.into(),
            instrument: instrument.map(|index| Index(index.index())),
            time: UtcTime(time),
            reason,
        }
    }
}
