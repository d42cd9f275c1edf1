//! A history of market events, loaded once and shared by any number of runs.

mod array;
mod blocks;
mod given;
mod lines;
mod merger;
pub mod open;
mod parts;
mod to_arrow;

use self::{
    array::read_array,
    given::any_event,
    lines::read_all,
    open::{csv_hint, name, open, os_error, whole},
};
pub use self::{
    blocks::{BlockFile, is_saved},
    merger::Merger,
};
use super::{
    NamedMarketEvent, SharedEvents, binary, crossed::positions_of_crossed, event::AnyMarketEvent,
    json, kind::StoredEvent,
};
use crate::{
    convert::{
        FilePath, ReducedByMethod, UtcTime, each_item, iterator, named_argument, nanos,
        reduce_by_method, warn_of_unit,
    },
    error::Error,
    instrument::{Indexed, IndexedArgument, PyIndexedInstruments},
};
use barter_instrument::exchange::ExchangeId;
use chrono::{DateTime, Utc};
use pyo3::{prelude::*, pybacked::PyBackedBytes, types::PyBytes};
use pyo3_stub_gen::derive::{gen_stub_pyclass, gen_stub_pymethods};
use std::{collections::HashSet, fs, io::BufRead, ops::Range, path::PathBuf};

named_argument! {
    instruments: Option<IndexedArgument>,
}

/// The longest line, or element of an array, in bytes: more is no event, but would be kept in memory.
const LONGEST: u64 = 64 << 20;

/// What reads the text of an event.
type Parse = fn(&str) -> Result<StoredEvent, String>;

/// Why a longer one is refused.
const TOO_LONG: &str = "is longer than 64 MB, which no event is";

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
    pub events: SharedEvents,
    /// Each pair of exchange and instrument, and the position of its first event.
    keys: Vec<(ExchangeId, Option<usize>, usize)>,
    source: Option<PathBuf>,
    /// That of the source, if `save` has written it and the events are all of it.
    mark: Option<binary::Mark>,
    /// When the first event was received.
    pub time_start: DateTime<Utc>,
    /// The greatest time at which an event was received.
    pub time_end: DateTime<Utc>,
}

impl MarketData {
    /// A history of these events, read from that file.
    pub fn new(events: Vec<StoredEvent>, source: Option<PathBuf>) -> Result<Self, Error> {
        Self::of(events.into(), source)
    }

    fn of(events: SharedEvents, source: Option<PathBuf>) -> Result<Self, Error> {
        let received = events.iter().filter_map(StoredEvent::time_received);
        let Some((time_start, time_end)) = received.clone().next().zip(received.max()) else {
            let reason = "holds no market events".to_owned();
            return Err(Error::MarketData {
                text: format!("{} {reason}", name(source.as_deref())),
                path: source,
                line: None,
                reason,
            });
        };
        Ok(Self::at(events, source, time_start, time_end))
    }

    /// The events with their times.
    pub fn at(
        events: SharedEvents,
        source: Option<PathBuf>,
        time_start: DateTime<Utc>,
        time_end: DateTime<Utc>,
    ) -> Self {
        let mut seen = HashSet::new();
        // Those seen last, by the end of the instrument's index: most events need no look into a table.
        let mut recent = [None; 64];
        let mut keys = Vec::new();
        for (position, event) in events.iter().enumerate() {
            let key = event.key();
            if let Some(last) = recent.get_mut(key.1.unwrap_or_default() % 64) {
                if *last == Some(key) {
                    continue;
                }
                *last = Some(key);
            }
            if seen.insert(key) {
                keys.push((key.0, key.1, position));
            }
        }
        Self {
            events,
            keys,
            source,
            mark: None,
            time_start,
            time_end,
        }
    }

    /// The same history, shared.
    pub fn shared(&self) -> Self {
        Self {
            events: self.events.clone(),
            keys: self.keys.clone(),
            source: self.source.clone(),
            mark: self.mark.clone(),
            time_start: self.time_start,
            time_end: self.time_end,
        }
    }

    /// Reads a file by its content: a saved history, an array of JSON, or lines of JSON.
    fn read(py: Python<'_>, path: PathBuf, parse: Parse) -> PyResult<Self> {
        if is_saved(&path) {
            return BlockFile::open(py, path)?.read_all(py);
        }
        let mut reader = open(py, &path)?;
        let start = reader.fill_buf().unwrap_or_default();
        if start.trim_ascii_start().starts_with(b"[") {
            Self::from_array(py, reader, path, parse)
        } else {
            Self::from_lines(py, reader, path, parse)
        }
    }

    /// Reads a file of JSON, by its content.
    pub fn read_json(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        Self::read(py, path, json::parse)
    }

    fn from_lines(
        py: Python<'_>,
        mut reader: Box<dyn BufRead + Send>,
        path: PathBuf,
        parse: Parse,
    ) -> PyResult<Self> {
        let events = read_all(py, &mut *reader, &path, parse)?;
        Self::new(events, Some(path))?.with_plausible_times(py)
    }

    fn from_array(
        py: Python<'_>,
        mut reader: Box<dyn BufRead + Send>,
        path: PathBuf,
        parse: Parse,
    ) -> PyResult<Self> {
        let start = reader.fill_buf().unwrap_or_default();
        let start = String::from_utf8_lossy(start);
        let hint = if start.trim_start().starts_with('{') {
            ": these seem to be lines of JSON, which MarketData.from_json_lines reads"
        } else {
            csv_hint(&start)
        };
        let events = read_array(py, reader, parse)?
            .map_err(|reason| whole(&path, format!("{reason}{hint}")))?;
        Self::new(events, Some(path))?.with_plausible_times(py)
    }

    /// Warns where the first time looks like a whole number of another unit than nanoseconds.
    pub fn with_plausible_times(self, py: Python<'_>) -> PyResult<Self> {
        let what = format!(
            "the first time_received of {}",
            name(self.source.as_deref())
        );
        warn_of_unit(py, &what, self.time_start)?;
        Ok(self)
    }

    /// The events in the range, shared; a true part has no source, whose positions it lacks.
    fn part(&self, range: Range<usize>) -> Result<Self, Error> {
        if range == (0..self.events.len()) {
            return Ok(self.shared());
        }
        Self::of(self.events.part(range), None)
    }

    /// Refuses events whose exchange or instrument barter's engine would panic on.
    pub fn check_against(&self, indexed: &Indexed) -> Result<(), Error> {
        for (exchange, instrument, position) in &self.keys {
            indexed.check_key(*exchange, *instrument).map_err(|error| {
                let source = self.source.as_deref();
                let place = format!("{}, event {position}", name(source));
                Error::market_data_of(source, &place, error.to_string())
            })?;
        }
        Ok(())
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
    ///     If a line cannot be read exactly, naming file, line and reason; if there is no event.
    /// OSError
    ///     If the file cannot be opened.
    #[staticmethod]
    fn from_json_lines(py: Python<'_>, path: FilePath) -> PyResult<Self> {
        let reader = open(py, &path.0)?;
        Self::from_lines(py, reader, path.0, json::parse)
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
    ///     If an element cannot be read exactly, naming file, position and reason; if there is no event.
    /// OSError
    ///     If the file cannot be opened.
    ///
    /// Examples
    /// --------
    /// >>> import json, tempfile
    /// >>> from pathlib import Path
    /// >>> from barter_python import MarketData
    /// >>> from barter_python.engine import event_to_json
    /// >>> history = "examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz"
    /// >>> event = MarketData.from_json_lines(history)[0]
    /// >>> with tempfile.TemporaryDirectory() as folder:
    /// ...     path = Path(folder) / "events.json"
    /// ...     _ = path.write_text(json.dumps([json.loads(event_to_json(event))["Market"]]))
    /// ...     MarketData.from_json(path)[0] == event
    /// True
    #[staticmethod]
    fn from_json(py: Python<'_>, path: FilePath) -> PyResult<Self> {
        let reader = open(py, &path.0)?;
        Self::from_array(py, reader, path.0, json::parse)
    }

    /// Reads a history that `save` has written, whole.
    ///
    /// `MarketScan([path])` reads it block by block, for histories that memory does not hold.
    ///
    /// Parameters
    /// ----------
    /// path : str or os.PathLike
    ///     The file.
    ///
    /// Raises
    /// ------
    /// MarketDataError
    ///     If the file is not such a history, is of another version, was cut off or is damaged.
    /// OSError
    ///     If the file cannot be opened.
    ///
    /// Examples
    /// --------
    /// >>> import tempfile
    /// >>> from pathlib import Path
    /// >>> from barter_python import MarketData
    /// >>> history = "examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz"
    /// >>> data = MarketData.from_json_lines(history)
    /// >>> with tempfile.TemporaryDirectory() as folder:
    /// ...     path = Path(folder) / "history.bph"
    /// ...     data.save(path, compressed=True)
    /// ...     list(MarketData.open(path)) == list(data)
    /// True
    #[staticmethod]
    fn open(py: Python<'_>, path: FilePath) -> PyResult<Self> {
        BlockFile::open(py, path.0)?.read_all(py)
    }

    /// Writes the history to a file that `open` and `MarketScan` read, much faster than JSON.
    ///
    /// The events come back as they are, digit for digit. The file is written beside `path` and put there
    /// when it is whole, so that whoever reads a file of that name goes on reading the old one.
    /// `docs/binary_histories.md` describes the form.
    ///
    /// Parameters
    /// ----------
    /// path : str or os.PathLike
    ///     The file, which is replaced if it is there.
    /// compressed : bool
    ///     Whether blocks of events are compressed, which makes the file smaller. A plain file is mapped,
    ///     so that several processes share its bytes.
    ///
    /// Raises
    /// ------
    /// OSError
    ///     If the file cannot be written.
    ///
    /// Examples
    /// --------
    /// >>> import tempfile
    /// >>> from pathlib import Path
    /// >>> from barter_python import MarketData
    /// >>> history = "examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz"
    /// >>> data = MarketData.from_json_lines(history)
    /// >>> with tempfile.TemporaryDirectory() as folder:
    /// ...     path = Path(folder) / "history.bph"
    /// ...     data.save(path)
    /// ...     len(MarketData.open(path))
    /// 50000
    #[pyo3(signature = (path, *, compressed=false))]
    fn save(&self, py: Python<'_>, path: FilePath, compressed: bool) -> PyResult<()> {
        py.detach(|| binary::save(&path.0, &self.events, compressed))
            .map_err(|error| os_error(py, &error, &path.0))
    }

    /// Takes events made in Python, in the order given.
    ///
    /// Parameters
    /// ----------
    /// events : iterable of MarketEvent, NamedMarketEvent or Reconnecting
    ///     Read to its end; an exception that it raises arrives unchanged.
    /// instruments : IndexedInstruments, optional
    ///     Where the instruments of a `NamedMarketEvent` are looked up: `config.index()`. The events
    ///     of the history have their indices. Events that have an index are checked against it too.
    ///
    /// Raises
    /// ------
    /// MarketDataError
    ///     If an event holds a number that barter's arithmetic cannot take; if there is no event.
    ///     If `instruments` does not have the exchange or the instrument of an event.
    ///
    /// Warns
    /// -----
    /// UserWarning
    ///     If the first time looks like seconds, milliseconds or microseconds since 1970: whole
    ///     numbers count nanoseconds.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import ExchangeId, MarketData, NamedMarketEvent, PublicTrade, Side
    /// >>> from barter_python import SystemConfig
    /// >>> config = SystemConfig.from_json("examples/data/system_config.json")
    /// >>> time = "2025-03-24T21:30:00Z"
    /// >>> trade = PublicTrade("1", price=2065, amount=1, side=Side.BUY)
    /// >>> event = NamedMarketEvent(time, time, ExchangeId.BINANCE_SPOT, "ETHUSDT", trade)
    /// >>> MarketData.from_events([event], instruments=config.index())[0].instrument
    /// 1
    #[staticmethod]
    #[pyo3(signature = (events, *, instruments=None))]
    fn from_events(
        #[gen_stub(override_type(
            type_repr = "collections.abc.Iterable[MarketEvent | NamedMarketEvent | Reconnecting]",
            imports = ("collections.abc")
        ))]
        events: &Bound<'_, PyAny>,
        #[pyo3(from_py_with = instruments)] instruments: Option<IndexedArgument>,
    ) -> PyResult<Self> {
        let mut stored = Vec::new();
        let indexed = instruments.as_ref().map(|instruments| &*instruments.0);
        let events = iterator("events", events)?;
        each_item(&events, |position, event| {
            let event = StoredEvent::from(&any_event(position, event, indexed)?);
            event.check().map_err(|reason| {
                Error::market_data_of(None, &format!("event {position}"), reason)
            })?;
            stored.push(event);
            Ok(())
        })?;
        Self::new(stored, None)?.with_plausible_times(events.py())
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

    fn __iter__(&self) -> PyMarketDataIterator {
        PyMarketDataIterator {
            events: self.events.clone(),
            next: 0.into(),
        }
    }

    /// Refuses events whose exchange or instrument the configuration does not have; the error begins
    /// with `argument` if it is given.
    #[pyo3(signature = (instruments, argument=None))]
    fn _check_against(
        &self,
        instruments: &PyIndexedInstruments,
        argument: Option<&str>,
    ) -> PyResult<()> {
        let checked = self.check_against(&instruments.0);
        Ok(checked.map_err(|error| match argument {
            Some(argument) => error.at(argument),
            None => error,
        })?)
    }

    /// Reads a file by its content.
    #[staticmethod]
    fn _read(py: Python<'_>, path: FilePath) -> PyResult<Self> {
        Self::read(py, path.0, json::parse)
    }

    /// Reads a file for `inspect-data`, which counts candles before their close.
    #[staticmethod]
    fn _as_it_is(py: Python<'_>, path: FilePath) -> PyResult<Self> {
        Self::read(py, path.0, json::parse_as_it_is)
    }

    /// The positions of the events that are crossed quotes, or that leave an order book crossed.
    fn _crossed(&self, py: Python<'_>) -> Vec<usize> {
        py.detach(|| positions_of_crossed(&self.events))
    }

    /// The positions of the candles that are events before their close.
    fn _before_close(&self, py: Python<'_>) -> Vec<usize> {
        let is_before = |event: &StoredEvent| event.check_close().is_err();
        py.detach(|| {
            let events = self.events.iter().enumerate();
            let found = events.filter(|(_, event)| is_before(event));
            found.map(|(position, _)| position).collect()
        })
    }

    /// The file that has the events, with its mark, if `save` has written it and it has not changed.
    fn _saved_at(&self) -> Option<(PathBuf, String)> {
        let path = std::path::absolute(self.source.as_deref()?).ok()?;
        let mark = binary::Mark::of(&fs::metadata(&path).ok()?);
        (self.mark.as_ref() == Some(&mark)).then_some((path, mark.0))
    }

    /// Where the events come from, as messages name it.
    fn _source(&self) -> Option<String> {
        let source = self.source.as_ref();
        source.map(|path| path.display().to_string())
    }

    /// Reads a file that `save` has written, as the history of another source; an error if the file does
    /// not have the mark.
    #[staticmethod]
    fn _from_saved(
        py: Python<'_>,
        path: FilePath,
        mark: Option<&str>,
        source: Option<String>,
    ) -> PyResult<Self> {
        let file = BlockFile::open(py, path.0)?;
        file.check_mark(mark)?;
        file.read_as_of(py, source.map(PathBuf::from))
    }

    /// Reads what pickling has written.
    #[staticmethod]
    fn _from_packed(
        py: Python<'_>,
        #[gen_stub(override_type(type_repr = "bytes"))] packed: PyBackedBytes,
        source: Option<String>,
    ) -> PyResult<Self> {
        BlockFile::unpack(py, packed)?.read_as_of(py, source.map(PathBuf::from))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<ReducedByMethod<'py, Self>> {
        let (py, data) = (slf.py(), slf.get());
        let packed = py.detach(|| binary::pack(&data.events))?;
        let packed = PyBytes::new(py, &packed);
        reduce_by_method(slf.as_any(), ("_from_packed", packed, data._source()))
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
    events: SharedEvents,
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
