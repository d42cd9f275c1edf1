//! What Python calls: `MarketData.from_csv` and its sisters.

use super::{
    arrow::read_batches,
    clock::{Clock, PyTimeUnit},
    csv::{Form, read_csv},
    files::each_text,
    layout::Columns,
    names::Names,
    order::{Events, PyRowOrder, RowOrder},
    place::Place,
    rows::Rows,
};
use crate::{
    convert::{
        Length, Sequence, batches_of, each_item, file_path, import, is_sequence, is_text,
        named_argument, quoted, shown,
    },
    data::market_data::MarketData,
    instrument::IndexedArgument,
};
use chrono::TimeDelta;
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    sync::PyOnceLock,
    types::PyDelta,
};
use pyo3_stub_gen::{PyStubType, TypeInfo, derive::gen_stub_pymethods};
use std::path::PathBuf;

/// One file, or several that are read one after the other.
pub struct Paths(Vec<PathBuf>);

impl<'a, 'py> FromPyObject<'a, 'py> for Paths {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if is_text(&object)? || !is_sequence(&object)? {
            return Ok(Self(vec![file_path("path", &object)?]));
        }
        let mut paths = Vec::new();
        each_item(&object, |position, item| {
            paths.push(file_path(&format!("path[{position}]"), item)?);
            Ok(())
        })?;
        if paths.is_empty() {
            return Err(PyValueError::new_err("path must not be empty"));
        }
        Ok(Self(paths))
    }
}

impl PyStubType for Paths {
    fn type_output() -> TypeInfo {
        TypeInfo {
            name: "str | os.PathLike[str] | collections.abc.Sequence[str | os.PathLike[str]]"
                .into(),
            source_module: None,
            import: ["os".into(), "collections.abc".into()].into(),
            type_refs: std::collections::HashMap::new(),
        }
    }
}

named_argument! {
    path: Paths,
    columns: Columns,
    instruments: IndexedArgument,
    unit: Option<PyTimeUnit>,
    order: PyRowOrder,
    header: Option<Sequence<String>>,
    delimiter: Option<String>,
    feed_latency: FeedLatency,
    assume_utc: bool,
}

/// Nanoseconds from an event to its receiving.
#[derive(Clone, Copy)]
pub struct FeedLatency(i64);

impl FeedLatency {
    /// The nanoseconds.
    pub const fn nanos(self) -> i64 {
        self.0
    }

    const ZERO: Self = Self(0);
    const LONGEST: TimeDelta = TimeDelta::days(365);
}

impl<'a, 'py> FromPyObject<'a, 'py> for FeedLatency {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if !object.is_instance_of::<PyDelta>() {
            return Err(PyTypeError::new_err(format!(
                "must be a timedelta, got {} {}",
                object.get_type().name()?,
                shown(&object)?
            )));
        }
        let Length(latency) = object.extract()?;
        let latency = Some(latency)
            .filter(|latency| (TimeDelta::zero()..=Self::LONGEST).contains(latency))
            .and_then(|latency| latency.num_nanoseconds());
        match latency {
            Some(latency) => Ok(Self(latency)),
            None => Err(PyValueError::new_err(format!(
                "must not be negative or above 365 days, got {}",
                shown(&object)?
            ))),
        }
    }
}

impl<'py> IntoPyObject<'py> for FeedLatency {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        Ok(TimeDelta::nanoseconds(self.0).into_pyobject(py)?.into_any())
    }
}

impl PyStubType for FeedLatency {
    fn type_output() -> TypeInfo {
        // Without the module as its source, which the generator would put before a default of `...`.
        TypeInfo {
            name: "datetime.timedelta".into(),
            source_module: None,
            import: ["datetime".into()].into(),
            type_refs: std::collections::HashMap::new(),
        }
    }
}

/// Where the names in the rows of a table, or the one name for all rows, are looked up.
fn names_of(
    columns: &Columns,
    IndexedArgument(indexed): IndexedArgument,
    instrument: Option<&Bound<'_, PyAny>>,
) -> PyResult<Names> {
    match (columns.layout.instrument(), instrument) {
        (Some(slot), Some(instrument)) => {
            let column = columns.names.get(slot.0).map_or("", String::as_str);
            Err(PyTypeError::new_err(format!(
                "the instrument is given twice: by the argument instrument, {}, and by the column {}",
                shown(instrument)?,
                quoted(column)
            )))
        }
        (Some(_), None) => Ok(Names::of_column(indexed, None)),
        (None, instrument) => Names::of_one(indexed, instrument),
    }
}

/// The core for tables of these columns.
fn rows_of(
    columns: Columns,
    names: Names,
    unit: Option<PyTimeUnit>,
    feed_latency: FeedLatency,
    order: PyRowOrder,
    assume_utc: bool,
) -> PyResult<Rows> {
    let feed_latency = feed_latency.nanos();
    if columns.layout.time_received().is_some() && feed_latency != 0 {
        return Err(PyValueError::new_err(
            "feed_latency is for tables that do not say when events were received: leave it out, or \
             take time_received out of the description of the columns",
        ));
    }
    let clock = Clock::new(unit.map(|unit| unit.0), false, assume_utc);
    let events = Events::new(order.0);
    Ok(Rows::new(columns, names, clock, feed_latency, events))
}

/// The history that rows have become.
pub fn history(py: Python<'_>, rows: Rows, paths: Vec<PathBuf>) -> PyResult<MarketData> {
    let events = py.detach(|| rows.into_events());
    let mut paths = paths.into_iter();
    let source = paths.next().filter(|_| paths.next().is_none());
    MarketData::new(events, source)?.with_plausible_times(py)
}

/// One character of ASCII.
fn separator(delimiter: &str) -> PyResult<u8> {
    match delimiter.as_bytes() {
        [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r') => Ok(*byte),
        _ => Err(PyValueError::new_err(format!(
            "delimiter must be one character, such as \",\" or \";\", got {}",
            quoted(delimiter)
        ))),
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl MarketData {
    /// Reads CSV, each row an event, or a part of one.
    ///
    /// Text becomes exact decimals, without a float in between. The file is read in pieces, without the
    /// interpreter's lock.
    ///
    /// Parameters
    /// ----------
    /// path : str or os.PathLike, or sequence of them
    ///     The file: plain, compressed with gzip, or a zip archive, of which all members whose names
    ///     end in `.csv` are read in the archive's order. Several files are read one after the other.
    /// columns : TradeColumns, L1Columns, BookColumns, BookSnapshotColumns, CandleColumns, LiquidationColumns,
    ///     FundingColumns or SettlementColumns
    ///     What a row is, and which columns have what.
    /// instruments : IndexedInstruments
    ///     Where the names of instruments are looked up: `config.index()`.
    /// instrument : str or tuple of ExchangeId and str, optional
    ///     The instrument of all rows: its internal name, the exchange's name if only one instrument
    ///     has it, or the exchange with its name. Not needed if there is only one instrument, or if a
    ///     column has the names.
    /// header : sequence of str, optional
    ///     The names of the columns of a file whose first row is data. Without it, the first row has
    ///     them.
    /// delimiter : str, optional
    ///     What separates the cells: one character, a comma if it is not given.
    /// unit : TimeUnit, optional
    ///     What whole numbers in columns of times count since 1970 in UTC. Not needed for text such as
    ///     `2025-03-25T23:07:00.123Z`.
    /// feed_latency : timedelta
    ///     What is added to the exchange's time for the time of receiving, if no column has it. The
    ///     default is zero: the strategy then sees an event when it happens.
    /// order : RowOrder
    ///     What becomes of rows that are not in the order of `time_received`.
    /// assume_utc : bool
    ///     Whether times without a zone are in UTC. Otherwise they are an error.
    ///
    /// Raises
    /// ------
    /// MarketDataError
    ///     If a column is missing or a row cannot be read exactly, naming file, line, column and value;
    ///     if `order` is `RowOrder.REFUSE` and a row's time steps back; if there is no row.
    /// UnknownKeyError
    ///     If `instruments` has no instrument called `instrument`.
    /// TypeError
    ///     If it is not said which instrument the rows are about.
    /// ValueError
    ///     If an argument is out of range, or `feed_latency` is given and a column has the time of
    ///     receiving.
    /// OSError
    ///     If the file cannot be opened.
    ///
    /// Examples
    /// --------
    /// >>> import tempfile
    /// >>> from pathlib import Path
    /// >>> from barter_python import ExchangeId, IndexedInstruments, InstrumentConfig, MarketData
    /// >>> from barter_python import TradeColumns, Underlying
    /// >>> instruments = IndexedInstruments(
    /// ...     [InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))])
    /// >>> with tempfile.TemporaryDirectory() as folder:
    /// ...     path = Path(folder, "trades.csv")
    /// ...     _ = path.write_text("when,price,amount,side\n2025-03-25T23:07:00Z,87232.50,0.1,sell\n")
    /// ...     data = MarketData.from_csv(path, TradeColumns(time_exchange="when"), instruments=instruments)
    /// >>> data[0].kind
    /// PublicTrade(id='1', price=Decimal('87232.50'), amount=Decimal('0.1'), side=Side.SELL)
    #[staticmethod]
    #[pyo3(signature = (
        path, columns, *, instruments, instrument=None, header=None, delimiter=None, unit=None,
        feed_latency=FeedLatency::ZERO, order=PyRowOrder(RowOrder::Refuse), assume_utc=false
    ))]
    #[allow(clippy::too_many_arguments)]
    fn from_csv(
        py: Python<'_>,
        #[pyo3(from_py_with = path)] path: Paths,
        #[pyo3(from_py_with = columns)] columns: Columns,
        #[pyo3(from_py_with = instruments)] instruments: IndexedArgument,
        #[gen_stub(override_type(type_repr = "str | tuple[ExchangeId, str] | None"))]
        instrument: Option<&Bound<'_, PyAny>>,
        #[gen_stub(override_type(
            type_repr = "collections.abc.Sequence[str] | None",
            imports = ("collections.abc")
        ))]
        #[pyo3(from_py_with = header)]
        header: Option<Sequence<String>>,
        #[pyo3(from_py_with = delimiter)] delimiter: Option<String>,
        #[pyo3(from_py_with = unit)] unit: Option<PyTimeUnit>,
        #[pyo3(from_py_with = feed_latency)] feed_latency: FeedLatency,
        #[pyo3(from_py_with = order)] order: PyRowOrder,
        #[pyo3(from_py_with = assume_utc)] assume_utc: bool,
    ) -> PyResult<Self> {
        let form = Form {
            header: header.as_deref(),
            delimiter: separator(delimiter.as_deref().unwrap_or(","))?,
        };
        let names = names_of(&columns, instruments, instrument)?;
        let mut rows = rows_of(columns, names, unit, feed_latency, order, assume_utc)?;
        for path in &path.0 {
            each_text(py, path, &mut |place, text| {
                read_csv(py, place, text, &form, &mut rows)
            })?;
        }
        history(py, rows, path.0)
    }

    /// Reads a table of another library, each row an event, or a part of one.
    ///
    /// Parameters
    /// ----------
    /// table : ArrowStream
    ///     Anything with the method `__arrow_c_stream__`: a table of polars, pyarrow or duckdb, or one
    ///     of pandas if pyarrow is installed. Its rows are read once, in pieces. Numbers are decimals,
    ///     text, whole numbers, or floats, which are read by their shortest form; times are timestamps
    ///     with a zone, text, or whole numbers with a `unit`.
    /// columns : TradeColumns, L1Columns, BookColumns, BookSnapshotColumns, CandleColumns, LiquidationColumns,
    ///     FundingColumns or SettlementColumns
    ///     What a row is, and which columns have what.
    /// instruments : IndexedInstruments
    ///     Where the names of instruments are looked up: `config.index()`.
    /// instrument : str or tuple of ExchangeId and str, optional
    ///     The instrument of all rows: its internal name, the exchange's name if only one instrument
    ///     has it, or the exchange with its name. Not needed if there is only one instrument, or if a
    ///     column has the names.
    /// unit : TimeUnit, optional
    ///     What whole numbers in columns of times count since 1970 in UTC.
    /// feed_latency : timedelta
    ///     What is added to the exchange's time for the time of receiving, if no column has it.
    /// order : RowOrder
    ///     What becomes of rows that are not in the order of `time_received`.
    /// assume_utc : bool
    ///     Whether times without a zone are in UTC. Otherwise they are an error.
    ///
    /// Raises
    /// ------
    /// MarketDataError
    ///     If a column is missing or a row cannot be read exactly, naming row, column and value; if
    ///     `order` is `RowOrder.REFUSE` and a row's time steps back; if there is no row.
    /// UnknownKeyError
    ///     If `instruments` has no instrument called `instrument`.
    /// TypeError
    ///     If `table` is no such table, or it is not said which instrument the rows are about.
    /// ValueError
    ///     If an argument is out of range, or `feed_latency` is given and a column has the time of
    ///     receiving.
    /// ImportError
    ///     If the table needs another library to give its rows, as pandas needs pyarrow.
    ///
    /// Examples
    /// --------
    /// A table of polars whose candles have the time at which they open:
    ///
    /// >>> from datetime import datetime, timedelta, timezone
    /// >>> import polars as pl
    /// >>> from barter_python import CandleColumns, ExchangeId, IndexedInstruments, InstrumentConfig
    /// >>> from barter_python import MarketData, Underlying
    /// >>> instruments = IndexedInstruments(
    /// ...     [InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))])
    /// >>> table = pl.DataFrame({
    /// ...     "date": [datetime(2025, 3, 25, tzinfo=timezone.utc)],
    /// ...     "open": [87000.5], "high": [88000.0], "low": [86000.0], "close": [87500.5], "volume": [12]})
    /// >>> columns = CandleColumns(open_time="date", length=timedelta(days=1))
    /// >>> event = MarketData.from_arrow(table, columns, instruments=instruments)[0]
    /// >>> event.time_received
    /// datetime.datetime(2025, 3, 26, 0, 0, tzinfo=datetime.timezone.utc)
    #[staticmethod]
    #[pyo3(signature = (
        table, columns, *, instruments, instrument=None, unit=None, feed_latency=FeedLatency::ZERO,
        order=PyRowOrder(RowOrder::Refuse), assume_utc=false
    ))]
    #[allow(clippy::too_many_arguments)]
    fn from_arrow(
        py: Python<'_>,
        #[gen_stub(override_type(
            type_repr = "barter_python.ArrowStream",
            imports = ("barter_python")
        ))]
        table: &Bound<'_, PyAny>,
        #[pyo3(from_py_with = columns)] columns: Columns,
        #[pyo3(from_py_with = instruments)] instruments: IndexedArgument,
        #[gen_stub(override_type(type_repr = "str | tuple[ExchangeId, str] | None"))]
        instrument: Option<&Bound<'_, PyAny>>,
        #[pyo3(from_py_with = unit)] unit: Option<PyTimeUnit>,
        #[pyo3(from_py_with = feed_latency)] feed_latency: FeedLatency,
        #[pyo3(from_py_with = order)] order: PyRowOrder,
        #[pyo3(from_py_with = assume_utc)] assume_utc: bool,
    ) -> PyResult<Self> {
        let names = names_of(&columns, instruments, instrument)?;
        let mut rows = rows_of(columns, names, unit, feed_latency, order, assume_utc)?;
        let (place, batches) = (Place::of_frame(None), batches_of(table)?);
        read_batches(py, &place, batches, &mut rows)?;
        history(py, rows, Vec::new())
    }

    /// Reads Parquet files, by pyarrow or polars, whichever is installed.
    ///
    /// Parameters
    /// ----------
    /// path : str or os.PathLike, or sequence of them
    ///     The file, or several that are read one after the other. pyarrow reads a file in pieces,
    ///     polars as a whole.
    /// columns : TradeColumns, L1Columns, BookColumns, BookSnapshotColumns, CandleColumns, LiquidationColumns,
    ///     FundingColumns or SettlementColumns
    ///     What a row is, and which columns have what.
    /// instruments, instrument, unit, feed_latency, order, assume_utc
    ///     As for `from_arrow`.
    ///
    /// Raises
    /// ------
    /// MarketDataError, UnknownKeyError, TypeError, ValueError
    ///     As `from_arrow`.
    /// ImportError
    ///     If neither pyarrow nor polars is installed.
    /// OSError
    ///     If the file cannot be opened.
    ///
    /// Examples
    /// --------
    /// >>> import tempfile
    /// >>> from datetime import datetime, timezone
    /// >>> from pathlib import Path
    /// >>> import polars as pl
    /// >>> from barter_python import ExchangeId, IndexedInstruments, InstrumentConfig, MarketData
    /// >>> from barter_python import TradeColumns, Underlying
    /// >>> instruments = IndexedInstruments(
    /// ...     [InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))])
    /// >>> table = pl.DataFrame({
    /// ...     "time_exchange": [datetime(2025, 3, 25, tzinfo=timezone.utc)],
    /// ...     "price": ["87232.50"], "amount": ["0.1"], "side": ["buy"]})
    /// >>> with tempfile.TemporaryDirectory() as folder:
    /// ...     path = Path(folder, "trades.parquet")
    /// ...     table.write_parquet(path)
    /// ...     len(MarketData.from_parquet(path, TradeColumns(), instruments=instruments))
    /// 1
    #[staticmethod]
    #[pyo3(signature = (
        path, columns, *, instruments, instrument=None, unit=None, feed_latency=FeedLatency::ZERO,
        order=PyRowOrder(RowOrder::Refuse), assume_utc=false
    ))]
    #[allow(clippy::too_many_arguments)]
    fn from_parquet(
        py: Python<'_>,
        #[pyo3(from_py_with = path)] path: Paths,
        #[pyo3(from_py_with = columns)] columns: Columns,
        #[pyo3(from_py_with = instruments)] instruments: IndexedArgument,
        #[gen_stub(override_type(type_repr = "str | tuple[ExchangeId, str] | None"))]
        instrument: Option<&Bound<'_, PyAny>>,
        #[pyo3(from_py_with = unit)] unit: Option<PyTimeUnit>,
        #[pyo3(from_py_with = feed_latency)] feed_latency: FeedLatency,
        #[pyo3(from_py_with = order)] order: PyRowOrder,
        #[pyo3(from_py_with = assume_utc)] assume_utc: bool,
    ) -> PyResult<Self> {
        static OPEN: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let names = names_of(&columns, instruments, instrument)?;
        let mut rows = rows_of(columns, names, unit, feed_latency, order, assume_utc)?;
        let open_parquet = import(py, &OPEN, "barter_python.data.parquet", "open_parquet")?;
        for path in &path.0 {
            let place = Place::of_frame(Some(path));
            let batches = batches_of(&open_parquet.call1((path, rows.names().to_vec()))?)?;
            read_batches(py, &place, batches, &mut rows)?;
        }
        history(py, rows, path.0)
    }
}
