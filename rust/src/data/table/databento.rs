//! Tables of Databento: what a row is depends on its action, and numbers have marks of their own.

mod columns;
mod records;

pub use self::{columns::Databento, records::Pending};
use super::{
    arrow::read_batches,
    clock::{Clock, TimeUnit},
    methods::history,
    names::Names,
    order::{Events, PyRowOrder, RowOrder},
    place::Place,
    rows::Rows,
};
use crate::{
    convert::{Named, batches_of, named_argument, py_enum},
    data::market_data::MarketData,
    instrument::{IndexedArgument, PySide},
};
use pyo3::{exceptions::PyValueError, prelude::*};
use pyo3_stub_gen::derive::gen_stub_pyfunction;

/// A schema of Databento.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Schema {
    /// Trades.
    Trades,
    /// Trades with the best bid and ask before each.
    Tbbo,
    /// Trades and the best bid and ask.
    Mbp1,
    /// Trades and ten levels of the book.
    Mbp10,
    /// Candles of a second.
    Ohlcv1S,
    /// Candles of a minute.
    Ohlcv1M,
    /// Candles of an hour.
    Ohlcv1H,
    /// Candles of a day in UTC.
    Ohlcv1D,
}

py_enum! {
    /// A schema of Databento that `read_databento` reads.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python.data import DatabentoSchema
    /// >>> sorted(schema.value for schema in DatabentoSchema)[:2]
    /// ['mbp-1', 'mbp-10']
    pub enum PyDatabentoSchema(Schema) as "DatabentoSchema" {
        /// Each trade.
        TRADES = "trades" => Schema::Trades,
        /// Each trade, with the best bid and ask before it.
        TBBO = "tbbo" => Schema::Tbbo,
        /// Each trade and each change of the best bid and ask.
        MBP_1 = "mbp-1" => Schema::Mbp1,
        /// Each trade and each change of the ten best levels.
        MBP_10 = "mbp-10" => Schema::Mbp10,
        /// Candles of a second.
        OHLCV_1S = "ohlcv-1s" => Schema::Ohlcv1S,
        /// Candles of a minute.
        OHLCV_1M = "ohlcv-1m" => Schema::Ohlcv1M,
        /// Candles of an hour.
        OHLCV_1H = "ohlcv-1h" => Schema::Ohlcv1H,
        /// Candles of a day in UTC.
        OHLCV_1D = "ohlcv-1d" => Schema::Ohlcv1D,
    }
}

impl Schema {
    /// The number that each row has in the column `rtype`.
    const fn record_type(self) -> u64 {
        match self {
            Self::Trades => 0,
            Self::Tbbo | Self::Mbp1 => 1,
            Self::Mbp10 => 10,
            Self::Ohlcv1S => 32,
            Self::Ohlcv1M => 33,
            Self::Ohlcv1H => 34,
            Self::Ohlcv1D => 35,
        }
    }

    /// What has the number in the column `rtype`, for messages.
    const fn named(record_type: u64) -> &'static str {
        match record_type {
            0 => "trades",
            1 => "tbbo or mbp-1",
            10 => "mbp-10",
            32 => "ohlcv-1s",
            33 => "ohlcv-1m",
            34 => "ohlcv-1h",
            35 => "ohlcv-1d",
            36 => "ohlcv-eod, whose days end with a session, at a time that no column has",
            160 => "mbo",
            _ => "another schema",
        }
    }
}

named_argument! {
    instruments: IndexedArgument,
    symbols: Named<String>,
    schema: PyDatabentoSchema,
    unknown_side: Option<PySide>,
    order: PyRowOrder,
}

/// Reads a table of Databento.
///
/// The tables are those that `DBNStore.to_df` and `to_parquet` of Databento's library make, or others
/// with the same columns. Whole numbers in columns of prices count 10^-9 and become exact decimals;
/// floats become the nearest multiple of 10^-9, which all prices are. The time of receiving is
/// `ts_recv`, the exchange's is `ts_event`. Side A says that the seller took liquidity, side B that the
/// buyer did.
///
/// Of `mbp-1` and `mbp-10`, rows with the action T are trades, and the others are states of the book,
/// an `OrderBookL1` or an `OrderBookSnapshot` of ten levels: what is deeper is not known. Several rows
/// that are one event of the exchange, which its last row marks by a flag, give the last state of the
/// book. A row of `tbbo` is the best bid and ask, and then the trade that met them. A candle is an event
/// when it closes: `ts_event` is when it opens.
///
/// Parameters
/// ----------
/// table : ArrowStream
///     Anything with the method `__arrow_c_stream__`, such as a table of polars or pyarrow, or one of
///     pandas if pyarrow is installed. It has the column `symbol`, as `to_df` makes it by default.
/// instruments : IndexedInstruments
///     Where the instruments are looked up: `config.index()`.
/// symbols : mapping of str to str
///     The names that `instruments` has for Databento's symbols.
/// schema : DatabentoSchema
///     What the rows are.
/// unknown_side : Side, optional
///     The side of trades with the side N, which is not known. Without it, such a trade is an error.
/// order : RowOrder
///     What becomes of rows that are not in the order of `ts_recv`.
///
/// Raises
/// ------
/// MarketDataError
///     If a column is missing or a row cannot be read exactly, naming row, column and value; if a row
///     is of another schema; if rows of an instrument are of several venues; if `order` is
///     `RowOrder.REFUSE` and a row's time steps back; if there is no row.
/// TypeError, ValueError
///     If an argument is of another type, or `symbols` is empty.
/// ImportError
///     If the table needs another library to give its rows, as pandas needs pyarrow.
///
/// Notes
/// -----
/// Sizes are contracts or shares. The simulated exchange has contracts of one unit of the base asset:
/// where a contract is for more, multiply prices or sizes in the table before.
///
/// Examples
/// --------
/// >>> import polars as pl
/// >>> from barter_python import ExchangeId, IndexedInstruments, InstrumentConfig, Underlying
/// >>> from barter_python.data import DatabentoSchema, read_databento
/// >>> instruments = IndexedInstruments(
/// ...     [InstrumentConfig(ExchangeId.OTHER, "ES", Underlying("es", "usd"))])
/// >>> time = 1_600_000_000_000_000_000
/// >>> table = pl.DataFrame({
/// ...     "ts_recv": [time + 5], "ts_event": [time], "rtype": [0], "publisher_id": [1],
/// ...     "side": ["A"], "price": [3_720_250_000_000], "size": [2], "symbol": ["ESZ0"]})
/// >>> data = read_databento(
/// ...     table, instruments=instruments, symbols={"ESZ0": "ES"}, schema=DatabentoSchema.TRADES)
/// >>> data[0].kind
/// PublicTrade(id='1', price=Decimal('3720.25'), amount=Decimal('2'), side=Side.SELL)
#[gen_stub_pyfunction(module = "barter_python._core")]
#[pyfunction]
#[pyo3(signature = (
    table, *, instruments, symbols, schema, unknown_side=None,
    order=PyRowOrder(RowOrder::Refuse)
))]
#[allow(clippy::too_many_arguments)]
pub fn read_databento(
    py: Python<'_>,
    #[gen_stub(override_type(
        type_repr = "barter_python.ArrowStream",
        imports = ("barter_python")
    ))]
    table: &Bound<'_, PyAny>,
    #[pyo3(from_py_with = instruments)] instruments: IndexedArgument,
    #[gen_stub(override_type(
        type_repr = "collections.abc.Mapping[str, str]",
        imports = ("collections.abc")
    ))]
    #[pyo3(from_py_with = symbols)]
    symbols: Named<String>,
    #[pyo3(from_py_with = schema)] schema: PyDatabentoSchema,
    #[pyo3(from_py_with = unknown_side)] unknown_side: Option<PySide>,
    #[pyo3(from_py_with = order)] order: PyRowOrder,
) -> PyResult<MarketData> {
    let Named(symbols) = symbols;
    if symbols.is_empty() {
        return Err(PyValueError::new_err(
            "symbols must not be empty: give the names that instruments has for Databento's symbols",
        ));
    }
    let columns = Databento::columns(schema.0, unknown_side.map(|side| side.0));
    let symbols = Some(symbols.into_iter().collect());
    let names = Names::of_column(instruments.0, symbols);
    let clock = Clock::new(Some(TimeUnit::Nanoseconds), false, false);
    let mut rows = Rows::new(columns, names, clock, 0, Events::new(order.0));
    let place = Place::of_frame(None).or(
        "; DBNStore.to_df makes all columns, and the symbols unless it is given map_symbols=False",
    );
    read_batches(py, &place, batches_of(table)?, &mut rows)?;
    history(py, rows, Vec::new())
}
