//! A history of market events, loaded once and shared by any number of runs.

use super::{event::AnyMarketEvent, json, kind::StoredEvent};
use crate::{
    convert::{ReducedByMethod, UtcTime, nanos, reduce_by_method},
    error::Error,
    instrument::Indexed,
};
use barter_instrument::exchange::ExchangeId;
use chrono::{DateTime, Utc};
use flate2::{Compression, read::MultiGzDecoder, write::GzEncoder};
use pyo3::{
    exceptions::{PyIndexError, PyTypeError},
    prelude::*,
    pybacked::PyBackedBytes,
    types::{PyBytes, PyInt, PyIterator},
};
use pyo3_stub_gen::derive::{gen_stub_pyclass, gen_stub_pymethods};
use serde::{
    Deserializer,
    de::{self, DeserializeSeed},
};
use serde_json::value::RawValue;
use std::{
    collections::HashSet,
    fs::File,
    io::{BufRead, BufReader, BufWriter, Read},
    path::{Path, PathBuf},
    sync::Arc,
};

/// How many lines are read between two looks at Ctrl-C.
const LINES_AT_ONCE: usize = 10_000;

/// How many bytes are read between two looks at Ctrl-C.
const BYTES_AT_ONCE: u64 = 1 << 22;

/// A history of market events, in the order given.
///
/// It is read once, without the interpreter's lock, and can serve any number of runs. Indexing and
/// iterating make the events as Python objects, one by one.
///
/// Examples
/// --------
/// >>> from barter_python import MarketData
/// >>> data = MarketData.from_json_lines("examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz")
/// >>> len(data)
/// 50000
/// >>> data[0].instrument
/// 1
#[gen_stub_pyclass]
#[pyclass(frozen, module = "barter_python._core")]
pub struct MarketData {
    /// The events.
    pub events: Arc<Vec<StoredEvent>>,
    /// Each pair of exchange and instrument, and the position of its first event.
    keys: Vec<(ExchangeId, Option<usize>, usize)>,
    source: Option<PathBuf>,
    /// When the first event was received.
    pub time_start: DateTime<Utc>,
    /// The greatest time at which an event was received.
    time_end: DateTime<Utc>,
}

impl MarketData {
    fn new(events: Vec<StoredEvent>, source: Option<PathBuf>) -> Result<Self, Error> {
        let mut seen = HashSet::new();
        let mut keys = Vec::new();
        for (position, event) in events.iter().enumerate() {
            let key = match event {
                StoredEvent::Item(event) => (event.exchange, Some(event.instrument.index())),
                StoredEvent::Reconnecting(exchange) => (*exchange, None),
            };
            if seen.insert(key) {
                keys.push((key.0, key.1, position));
            }
        }
        let received = events.iter().filter_map(|event| match event {
            StoredEvent::Item(event) => Some(event.time_received),
            StoredEvent::Reconnecting(_) => None,
        });
        let Some((time_start, time_end)) = received.clone().next().zip(received.max()) else {
            return Err(Error::MarketData(format!(
                "{} holds no market events",
                name(source.as_deref())
            )));
        };
        Ok(Self {
            events: Arc::new(events),
            keys,
            source,
            time_start,
            time_end,
        })
    }

    /// Refuses events whose exchange or instrument barter's engine would panic on.
    pub fn check_against(&self, indexed: &Indexed) -> Result<(), Error> {
        for (exchange, instrument, position) in &self.keys {
            let event = format!("{}, event {position}", name(self.source.as_deref()));
            indexed
                .check_key(*exchange, *instrument)
                .map_err(|error| Error::MarketData(format!("{event}: {error}")))?;
        }
        Ok(())
    }
}

/// Reads all lines, without the interpreter's lock, looking at Ctrl-C now and then.
fn read_all(
    py: Python<'_>,
    reader: &mut (dyn BufRead + Send),
    path: &Path,
) -> PyResult<Vec<StoredEvent>> {
    let (mut events, mut buffer, mut line) = (Vec::new(), String::new(), 0);
    loop {
        let more = py.detach(|| read_lines(reader, &mut buffer, path, &mut line, &mut events))?;
        py.check_signals()?;
        if !more {
            events.shrink_to_fit();
            return Ok(events);
        }
    }
}

fn name(source: Option<&Path>) -> String {
    source.map_or_else(|| "the data".to_owned(), |path| path.display().to_string())
}

/// Opens a file, plain or gzip by its first two bytes.
fn open(path: &Path) -> std::io::Result<Box<dyn BufRead + Send>> {
    const GZIP: &[u8] = &[0x1f, 0x8b];
    let mut file = BufReader::with_capacity(1 << 16, File::open(path)?);
    if file.fill_buf()?.starts_with(GZIP) {
        Ok(Box::new(BufReader::with_capacity(
            1 << 16,
            MultiGzDecoder::new(file),
        )))
    } else {
        Ok(Box::new(file))
    }
}

/// Opening fails as Python's own `open` does: `FileNotFoundError`, with the file's name.
fn os_error(py: Python<'_>, error: &std::io::Error, path: &Path) -> PyErr {
    let raised = (|| {
        let class = py.import("builtins")?.getattr("OSError")?;
        let text = py.import("os")?.getattr("strerror")?;
        let number = error.raw_os_error().unwrap_or_default();
        class.call1((number, text.call1((number,))?, path))
    })();
    match raised {
        Ok(exception) => PyErr::from_value(exception),
        Err(failure) => failure,
    }
}

/// Reads up to `LINES_AT_ONCE` lines; `false` at the end of the file.
fn read_lines(
    reader: &mut dyn BufRead,
    buffer: &mut String,
    path: &Path,
    line: &mut usize,
    events: &mut Vec<StoredEvent>,
) -> Result<bool, Error> {
    let broken = |line: usize, reason: String| Error::MarketDataLine {
        path: path.to_owned(),
        line,
        reason,
    };
    for _ in 0..LINES_AT_ONCE {
        buffer.clear();
        *line = line.saturating_add(1);
        let read = reader
            .read_line(buffer)
            .map_err(|error| broken(*line, error.to_string()))?;
        if read == 0 {
            return Ok(false);
        }
        let text = buffer.trim();
        if !text.is_empty() {
            events.push(json::parse(text).map_err(|reason| broken(*line, reason))?);
        }
    }
    Ok(true)
}

/// Reads a JSON array of events, looking at Ctrl-C now and then.
struct Elements<'a> {
    interrupted: &'a mut Option<PyErr>,
}

impl<'de> DeserializeSeed<'de> for Elements<'_> {
    type Value = Vec<StoredEvent>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> de::Visitor<'de> for Elements<'_> {
    type Value = Vec<StoredEvent>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an array of events")
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
        let mut events = Vec::new();
        while let Some(element) = elements.next_element::<&RawValue>()? {
            let event = json::parse(element.get());
            events.push(event.map_err(|reason| {
                de::Error::custom(format_args!("element {}: {reason}", events.len()))
            })?);
            if events.len().is_multiple_of(LINES_AT_ONCE) {
                Python::attach(|py: Python<'_>| py.check_signals()).map_err(|interruption| {
                    *self.interrupted = Some(interruption);
                    de::Error::custom("interrupted")
                })?;
            }
        }
        Ok(events)
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl MarketData {
    /// Reads a file of JSON lines, each a `MarketStreamEvent` (or `MarketStreamResult`) of barter.
    ///
    /// Parameters
    /// ----------
    /// path : str or os.PathLike
    ///     The file, plain or compressed with gzip.
    ///
    /// Raises
    /// ------
    /// MarketDataError
    ///     When a line cannot be read exactly, naming file, line and reason; when there is no event.
    /// OSError
    ///     When the file cannot be opened.
    #[staticmethod]
    fn from_json_lines(
        py: Python<'_>,
        #[gen_stub(override_type(type_repr = "str | os.PathLike[str]", imports = ("os")))]
        path: PathBuf,
    ) -> PyResult<Self> {
        let mut reader = open(&path).map_err(|error| os_error(py, &error, &path))?;
        let events = read_all(py, &mut *reader, &path)?;
        Ok(Self::new(events, Some(path))?)
    }

    /// Reads a file that holds one JSON array of events, as some of barter's examples do.
    ///
    /// Parameters
    /// ----------
    /// path : str or os.PathLike
    ///     The file, plain or compressed with gzip.
    ///
    /// Raises
    /// ------
    /// MarketDataError
    ///     When an element cannot be read exactly, naming file, position and reason; when there is no event.
    /// OSError
    ///     When the file cannot be opened.
    #[staticmethod]
    fn from_json(
        py: Python<'_>,
        #[gen_stub(override_type(type_repr = "str | os.PathLike[str]", imports = ("os")))]
        path: PathBuf,
    ) -> PyResult<Self> {
        let mut reader = open(&path).map_err(|error| os_error(py, &error, &path))?;
        let mut content = Vec::new();
        loop {
            let read = py.detach(|| {
                reader
                    .by_ref()
                    .take(BYTES_AT_ONCE)
                    .read_to_end(&mut content)
            });
            py.check_signals()?;
            if read.map_err(|error| Error::MarketData(format!("{}: {error}", path.display())))? == 0
            {
                break;
            }
        }
        let mut interrupted = None;
        let events = py.detach(|| {
            let text = std::str::from_utf8(&content).map_err(|error| error.to_string())?;
            let mut deserializer = serde_json::Deserializer::from_str(text);
            let events = Elements {
                interrupted: &mut interrupted,
            }
            .deserialize(&mut deserializer)
            .and_then(|events| deserializer.end().map(|()| events));
            events.map_err(|error| error.to_string())
        });
        if let Some(interruption) = interrupted {
            return Err(interruption);
        }
        let events =
            events.map_err(|reason| Error::MarketData(format!("{}: {reason}", path.display())))?;
        Ok(Self::new(events, Some(path))?)
    }

    /// Takes events made in Python, in the order given.
    ///
    /// Parameters
    /// ----------
    /// events : iterable of MarketEvent or Reconnecting
    ///     Read to its end; an exception that it raises arrives unchanged.
    ///
    /// Raises
    /// ------
    /// MarketDataError
    ///     When an event holds a number that barter's arithmetic cannot take; when there is no event.
    #[staticmethod]
    fn from_events(
        #[gen_stub(override_type(
            type_repr = "collections.abc.Iterable[MarketEvent | Reconnecting]",
            imports = ("collections.abc")
        ))]
        events: &Bound<'_, PyAny>,
    ) -> PyResult<Self> {
        let mut stored = Vec::new();
        for (position, event) in PyIterator::from_object(events)?.enumerate() {
            let event = event?;
            if position.is_multiple_of(LINES_AT_ONCE) {
                event.py().check_signals()?;
            }
            let event: AnyMarketEvent = event.extract().map_err(|_| {
                PyTypeError::new_err(format!(
                    "event {position} must be a MarketEvent or a Reconnecting, got {}",
                    event.get_type()
                ))
            })?;
            let event = StoredEvent::from(&event);
            event
                .check()
                .map_err(|reason| Error::MarketData(format!("event {position}: {reason}")))?;
            stored.push(event);
        }
        Ok(Self::new(stored, None)?)
    }

    /// When the first event was received, in UTC.
    #[getter]
    const fn time_start(&self) -> UtcTime {
        UtcTime(self.time_start)
    }

    /// `time_start` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_start_ns(&self) -> PyResult<i64> {
        nanos(self.time_start)
    }

    /// When the last event was received, in UTC: the greatest time, since times can step back.
    #[getter]
    const fn time_end(&self) -> UtcTime {
        UtcTime(self.time_end)
    }

    /// `time_end` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_end_ns(&self) -> PyResult<i64> {
        nanos(self.time_end)
    }

    fn __len__(&self) -> usize {
        self.events.len()
    }

    fn __getitem__(
        &self,
        #[gen_stub(override_type(type_repr = "int"))] position: &Bound<'_, PyAny>,
    ) -> PyResult<AnyMarketEvent> {
        if !position.is_instance_of::<PyInt>() {
            return Err(PyTypeError::new_err(format!(
                "the position of an event must be an int, got {}",
                position.get_type()
            )));
        }
        let count = self.events.len();
        let from_end = |position: isize| position.checked_add_unsigned(count);
        let index = position.extract::<isize>().ok();
        let index = index.and_then(|index| {
            if index < 0 {
                from_end(index)
            } else {
                Some(index)
            }
        });
        let event = index
            .and_then(|index| usize::try_from(index).ok())
            .and_then(|index| self.events.get(index));
        event
            .map(AnyMarketEvent::from)
            .ok_or_else(|| PyIndexError::new_err(format!("no event {position}: there are {count}")))
    }

    fn __iter__(&self) -> PyMarketDataIterator {
        PyMarketDataIterator {
            events: Arc::clone(&self.events),
            next: 0.into(),
        }
    }

    /// Reads what pickling has written.
    #[staticmethod]
    fn _from_packed(
        py: Python<'_>,
        #[gen_stub(override_type(type_repr = "bytes"))] packed: PyBackedBytes,
        source: Option<String>,
    ) -> PyResult<Self> {
        let mut reader = BufReader::new(MultiGzDecoder::new(&*packed));
        let events = read_all(py, &mut reader, Path::new("pickled market data"))?;
        Ok(Self::new(events, source.map(PathBuf::from))?)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<ReducedByMethod<'py, Self>> {
        let py = slf.py();
        let data = slf.get();
        let packed = py.detach(|| {
            let encoder = GzEncoder::new(Vec::new(), Compression::fast());
            // Events are written in many small pieces.
            let mut encoder = BufWriter::with_capacity(1 << 16, encoder);
            for event in data.events.iter() {
                json::write(event, &mut encoder)?;
            }
            encoder
                .into_inner()
                .map_err(std::io::IntoInnerError::into_error)?
                .finish()
        })?;
        let source = data.source.as_ref().map(|path| path.display().to_string());
        let packed = PyBytes::new(py, &packed);
        reduce_by_method(slf.as_any(), ("_from_packed", packed, source))
    }

    fn __repr__(&self) -> String {
        let source = self.source.as_ref().map_or_else(String::new, |path| {
            format!(", source={:?}", path.display().to_string())
        });
        format!("MarketData(events={}{source})", self.events.len())
    }
}

/// Iterates over the events of a `MarketData`.
#[gen_stub_pyclass]
#[pyclass(frozen, name = "MarketDataIterator", module = "barter_python._core")]
pub struct PyMarketDataIterator {
    events: Arc<Vec<StoredEvent>>,
    next: std::sync::atomic::AtomicUsize,
}

#[gen_stub_pymethods]
#[pymethods]
impl PyMarketDataIterator {
    const fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__(&self) -> Option<AnyMarketEvent> {
        let index = self.next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        self.events.get(index).map(AnyMarketEvent::from)
    }
}
