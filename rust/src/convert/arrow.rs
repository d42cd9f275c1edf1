//! Rows as tables of Arrow: the stream that polars, pyarrow, pandas and DuckDB read.

mod texts;

use super::{
    Dec, Index, UtcTime, check_time, decimal::f64_from_decimal, object::extract_named, text::quoted,
};
use arrow_array::{
    ArrayRef, BooleanArray, Decimal128Array, Float64Array, Int64Array, LargeStringArray,
    RecordBatch, RecordBatchReader, TimestampNanosecondArray,
    builder::{LargeListBuilder, LargeStringBuilder},
    ffi_stream::FFI_ArrowArrayStream,
};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef, TimeUnit};
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    types::{PyCapsule, PyString},
};
use pyo3_stub_gen::{
    PyStubType, TypeInfo,
    derive::{gen_stub_pyclass, gen_stub_pymethods},
};
use rust_decimal::Decimal;
use std::{borrow::Cow, sync::Arc};

/// How many rows a batch of a stream has: few enough to be made while the last one is read.
const ROWS_AT_ONCE: usize = 1 << 17;
/// How many digits a decimal of Arrow's widest common type has.
const MOST_DIGITS: u8 = 38;
const ZONE: &str = "UTC";
/// As the protocol names a capsule with a stream.
const CAPSULE: &std::ffi::CStr = c"arrow_array_stream";

/// How a table gives decimals.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Decimals {
    /// As decimals of the greatest scale in the column.
    Exact,
    /// As the nearest floats.
    Float,
}

impl<'a, 'py> FromPyObject<'a, 'py> for Decimals {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let Ok(text) = object.cast::<PyString>() else {
            return Err(PyTypeError::new_err(format!(
                "must be \"exact\" or \"float\", got {}",
                object.get_type().name()?
            )));
        };
        match &*text.to_cow()? {
            "exact" => Ok(Self::Exact),
            "float" => Ok(Self::Float),
            other => Err(PyValueError::new_err(format!(
                "must be \"exact\" or \"float\", got {}",
                quoted(other)
            ))),
        }
    }
}

impl<'py> IntoPyObject<'py> for Decimals {
    type Target = PyString;
    type Output = Bound<'py, PyString>;
    type Error = std::convert::Infallible;

    fn into_pyobject(self, py: Python<'py>) -> Result<Self::Output, Self::Error> {
        let text = match self {
            Self::Exact => "exact",
            Self::Float => "float",
        };
        Ok(PyString::new(py, text))
    }
}

impl PyStubType for Decimals {
    fn type_output() -> TypeInfo {
        // Of no module, whose name would stand before a default value, too.
        TypeInfo {
            name: "typing.Literal['exact', 'float']".to_owned(),
            source_module: None,
            import: ["typing".into()].into(),
            type_refs: std::collections::HashMap::new(),
        }
    }
}

/// The argument `decimals`, whose name an error begins with.
pub fn decimals(object: &Bound<'_, PyAny>) -> PyResult<Decimals> {
    extract_named("decimals", object)
}

type Reader<T, V> = Box<dyn Fn(&T) -> Option<V> + Send + Sync>;
type TextReader<T> = Box<dyn Fn(&T) -> Option<Cow<'_, str>> + Send + Sync>;

/// How the values of a column are read from rows.
enum Values<T> {
    Decimals(Reader<T, Decimal>),
    Floats(Reader<T, f64>),
    Integers(Reader<T, i64>),
    Indices(Reader<T, Index>),
    Flags(Reader<T, bool>),
    Times(Reader<T, UtcTime>),
    Texts(TextReader<T>),
    OwnedTexts(Reader<T, String>),
    Names(Reader<T, Index>, Vec<String>),
    TextLists(Reader<T, Vec<String>>),
}

struct Column<T> {
    name: Cow<'static, str>,
    values: Values<T>,
}

/// The columns of a kind of rows, in their order.
pub struct Columns<T>(Vec<Column<T>>);

impl<T> Columns<T> {
    /// No columns yet.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    fn add(&mut self, name: impl Into<Cow<'static, str>>, values: Values<T>) -> &mut Self {
        let name = name.into();
        self.0.push(Column { name, values });
        self
    }

    /// Decimals.
    pub fn decimal(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        read: impl Fn(&T) -> Option<Dec> + Send + Sync + 'static,
    ) -> &mut Self {
        let read = Box::new(move |row: &T| read(row).map(|Dec(decimal)| decimal));
        self.add(name, Values::Decimals(read))
    }

    /// Floats.
    pub fn float(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        read: impl Fn(&T) -> Option<f64> + Send + Sync + 'static,
    ) -> &mut Self {
        self.add(name, Values::Floats(Box::new(read)))
    }

    /// Integers.
    pub fn integer(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        read: impl Fn(&T) -> Option<i64> + Send + Sync + 'static,
    ) -> &mut Self {
        self.add(name, Values::Integers(Box::new(read)))
    }

    /// Truth values.
    pub fn flag(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        read: impl Fn(&T) -> Option<bool> + Send + Sync + 'static,
    ) -> &mut Self {
        self.add(name, Values::Flags(Box::new(read)))
    }

    /// Times in nanoseconds, in UTC.
    pub fn time(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        read: impl Fn(&T) -> Option<UtcTime> + Send + Sync + 'static,
    ) -> &mut Self {
        self.add(name, Values::Times(Box::new(read)))
    }

    /// Texts.
    pub fn text(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        read: impl Fn(&T) -> Option<Cow<'_, str>> + Send + Sync + 'static,
    ) -> &mut Self {
        self.add(name, Values::Texts(Box::new(read)))
    }

    /// Texts that a row does not hold.
    pub fn owned_text(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        read: impl Fn(&T) -> Option<String> + Send + Sync + 'static,
    ) -> &mut Self {
        self.add(name, Values::OwnedTexts(Box::new(read)))
    }

    /// Lists of texts.
    pub fn texts(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        read: impl Fn(&T) -> Vec<String> + Send + Sync + 'static,
    ) -> &mut Self {
        self.add(
            name,
            Values::TextLists(Box::new(move |row| Some(read(row)))),
        )
    }

    /// An index, and as `<name>_name` what is there in `names`; nothing where there is none.
    pub fn named(
        &mut self,
        name: &'static str,
        names: Vec<String>,
        read: fn(&T) -> Option<Index>,
    ) -> &mut Self
    where
        T: 'static,
    {
        self.add(name, Values::Indices(Box::new(read)));
        self.add(format!("{name}_name"), Values::Names(Box::new(read), names))
    }
}

impl<T> Column<T> {
    /// The type of the column, or why the rows cannot be had as such.
    fn data_type(&self, rows: &[T], decimals: Decimals) -> Result<DataType, String> {
        match &self.values {
            Values::Decimals(read) => match decimals {
                Decimals::Exact => exact_type(&self.name, rows.iter().filter_map(read)),
                Decimals::Float => Ok(DataType::Float64),
            },
            Values::Floats(_) => Ok(DataType::Float64),
            Values::Integers(_) => Ok(DataType::Int64),
            Values::Indices(read) => {
                let mut indices = rows.iter().filter_map(read);
                indices
                    .find(|Index(index)| i64::try_from(*index).is_err())
                    .map_or(Ok(DataType::Int64), |Index(index)| {
                        Err(format!(
                            "{}: {index} does not fit into 64 bits with a sign",
                            self.name
                        ))
                    })
            }
            Values::Flags(_) => Ok(DataType::Boolean),
            Values::Times(read) => {
                for UtcTime(time) in rows.iter().filter_map(read) {
                    check_time(&self.name, time)?;
                }
                let zone = Some(Arc::from(ZONE));
                Ok(DataType::Timestamp(TimeUnit::Nanosecond, zone))
            }
            Values::Texts(_) | Values::OwnedTexts(_) | Values::Names(..) => Ok(DataType::LargeUtf8),
            Values::TextLists(_) => Ok(DataType::LargeList(Arc::new(text_item()))),
        }
    }

    /// The values of the rows, in the type that the column has.
    fn array(&self, data_type: &DataType, rows: &[T]) -> Result<ArrayRef, ArrowError> {
        let rows = rows.iter();
        Ok(match &self.values {
            Values::Decimals(read) => {
                if let DataType::Decimal128(digits, scale) = data_type {
                    let values = rows.map(|row| read(row).map(|value| scaled(value, *scale)));
                    let values = values.map(Option::transpose);
                    let values = values.collect::<Result<Decimal128Array, ArrowError>>()?;
                    Arc::new(values.with_precision_and_scale(*digits, *scale)?)
                } else {
                    let values = rows.map(|row| read(row).map(f64_from_decimal));
                    Arc::new(values.collect::<Float64Array>())
                }
            }
            Values::Floats(read) => Arc::new(rows.map(read).collect::<Float64Array>()),
            Values::Integers(read) => Arc::new(rows.map(read).collect::<Int64Array>()),
            Values::Indices(read) => {
                let values = rows.map(|row| i64::try_from(read(row)?.0).ok());
                Arc::new(values.collect::<Int64Array>())
            }
            Values::Flags(read) => Arc::new(rows.map(read).collect::<BooleanArray>()),
            Values::Times(read) => {
                let values = rows.map(|row| read(row)?.0.timestamp_nanos_opt());
                let values = values.collect::<TimestampNanosecondArray>();
                Arc::new(values.with_timezone(ZONE))
            }
            Values::Texts(read) => Arc::new(rows.map(read).collect::<LargeStringArray>()),
            Values::OwnedTexts(read) => Arc::new(rows.map(read).collect::<LargeStringArray>()),
            Values::Names(read, names) => {
                let values = rows.map(|row| names.get(read(row)?.0));
                Arc::new(values.collect::<LargeStringArray>())
            }
            Values::TextLists(read) => {
                let mut lists = LargeListBuilder::new(LargeStringBuilder::new());
                for row in rows {
                    let texts = read(row);
                    for text in texts.iter().flatten() {
                        lists.values().append_value(text);
                    }
                    lists.append(texts.is_some());
                }
                Arc::new(lists.finish())
            }
        })
    }
}

fn text_item() -> Field {
    Field::new_list_field(DataType::LargeUtf8, true)
}

/// The decimal type of the greatest scale in a column; without zeros at the ends of the decimals if it
/// does not hold them with these.
fn exact_type(
    name: &str,
    values: impl Iterator<Item = Decimal> + Clone,
) -> Result<DataType, String> {
    let mut needed = digits_and_scale(values.clone());
    if needed.0 > usize::from(MOST_DIGITS) {
        needed = digits_and_scale(values.map(|value| value.normalize()));
    }
    let (digits, scale) = needed;
    if digits > usize::from(MOST_DIGITS) {
        return Err(format!(
            "{name}: exact decimals have at most {MOST_DIGITS} digits, and the column needs {digits}, \
             {scale} of them after the point: to_arrow(decimals=\"float\") gives the nearest floats"
        ));
    }
    let scale = i8::try_from(scale).map_err(|error| error.to_string())?;
    Ok(DataType::Decimal128(MOST_DIGITS, scale))
}

/// How many digits the decimals need if all have the greatest scale of them, and that scale.
fn digits_and_scale(values: impl Iterator<Item = Decimal>) -> (usize, usize) {
    // By scale, the greatest coefficient.
    let mut greatest = [None; 1 + Decimal::MAX_SCALE as usize];
    for value in values {
        if let Some(known) = greatest.get_mut(value.scale() as usize) {
            *known = (*known).max(Some(value.mantissa().unsigned_abs()));
        }
    }
    let scale = greatest.iter().rposition(Option::is_some).unwrap_or(0);
    let digits = greatest
        .iter()
        .enumerate()
        .filter_map(|(own, coefficient)| {
            let digits = (*coefficient)?.checked_ilog10()? as usize;
            Some(
                digits
                    .saturating_add(1)
                    .saturating_add(scale)
                    .saturating_sub(own),
            )
        });
    (digits.max().unwrap_or(0), scale)
}

/// The coefficient of a decimal at a scale that holds it.
fn scaled(value: Decimal, scale: i8) -> Result<i128, ArrowError> {
    let scale = u32::from(scale.unsigned_abs());
    let value = if value.scale() > scale {
        value.normalize()
    } else {
        value
    };
    let places = scale.checked_sub(value.scale());
    places
        .and_then(|places| 10_i128.checked_pow(places))
        .and_then(|factor| value.mantissa().checked_mul(factor))
        .ok_or_else(|| ArrowError::ComputeError(format!("{value} has more than {scale} places")))
}

/// A table, whatever its rows are.
trait Table: Send + Sync {
    fn schema(&self) -> &SchemaRef;
    /// The rows from `start`, as many as a batch has; `None` after the last.
    fn batch(&self, start: usize) -> Option<Result<RecordBatch, ArrowError>>;
    /// The columns as texts.
    fn texts(&self) -> Vec<texts::Texts>;
}

struct Rows<T> {
    rows: Arc<Vec<T>>,
    columns: Vec<Column<T>>,
    schema: SchemaRef,
}

impl<T: Send + Sync> Table for Rows<T> {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn batch(&self, start: usize) -> Option<Result<RecordBatch, ArrowError>> {
        let end = start.saturating_add(ROWS_AT_ONCE).min(self.rows.len());
        let rows = self.rows.get(start..end).filter(|rows| !rows.is_empty())?;
        let columns = self.columns.iter().zip(self.schema.fields());
        let arrays = columns.map(|(column, field)| column.array(field.data_type(), rows));
        let arrays = arrays.collect::<Result<_, _>>();
        Some(arrays.and_then(|arrays| RecordBatch::try_new(Arc::clone(&self.schema), arrays)))
    }

    fn texts(&self) -> Vec<texts::Texts> {
        let columns = self.columns.iter();
        columns.map(|column| column.texts(&self.rows)).collect()
    }
}

/// The batches of a table, each made when the reader asks for it.
struct Batches {
    table: Arc<dyn Table>,
    next: usize,
}

impl Iterator for Batches {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.table.batch(self.next);
        self.next = self.next.saturating_add(ROWS_AT_ONCE);
        batch
    }
}

impl RecordBatchReader for Batches {
    fn schema(&self) -> SchemaRef {
        Arc::clone(self.table.schema())
    }
}

/// A table for other libraries, which read it through the Arrow C stream interface.
///
/// `polars.DataFrame(table)`, `pyarrow.table(table)`, `pandas.DataFrame.from_arrow(table)` and
/// `duckdb.sql("from table")` take it, as often as they like.
///
/// Examples
/// --------
/// >>> from barter_python import DefaultStrategy, MarketData, SystemConfig, run_backtest
/// >>> history = "examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz"
/// >>> data = MarketData.from_json_lines(history)
/// >>> config = SystemConfig.from_json("examples/data/system_config.json")
/// >>> run_backtest(DefaultStrategy(), data, config).fills.to_arrow().column_names[:3]
/// ['id', 'order_id', 'instrument']
#[gen_stub_pyclass]
#[pyclass(frozen, module = "barter_python._core")]
pub struct ArrowTable(Arc<dyn Table>);

impl ArrowTable {
    /// A table of rows, whose schema is settled here.
    pub fn new<T: Send + Sync + 'static>(
        rows: &Arc<Vec<T>>,
        columns: Columns<T>,
        decimals: Decimals,
    ) -> PyResult<Self> {
        let Columns(columns) = columns;
        let fields = columns.iter().map(|column| {
            let data_type = column.data_type(rows, decimals)?;
            Ok(Field::new(column.name.as_ref(), data_type, true))
        });
        let fields = fields.collect::<Result<Vec<_>, String>>();
        Ok(Self(Arc::new(Rows {
            rows: Arc::clone(rows),
            columns,
            schema: Arc::new(Schema::new(fields.map_err(PyValueError::new_err)?)),
        })))
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl ArrowTable {
    /// The names of the columns, in their order.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        let fields = self.0.schema().fields().iter();
        fields.map(|field| field.name().clone()).collect()
    }

    /// Give the stream of the Arrow PyCapsule interface, for the library that reads the table.
    ///
    /// Parameters
    /// ----------
    /// requested_schema : object, optional
    ///     Passed over, as the interface allows: the library converts what it gets.
    #[pyo3(signature = (requested_schema=None))]
    #[gen_stub(override_return_type(type_repr = "object"))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        #[gen_stub(override_type(type_repr = "object | None"))] requested_schema: Option<
            &Bound<'py, PyAny>,
        >,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _ = requested_schema;
        let batches = Batches {
            table: Arc::clone(&self.0),
            next: 0,
        };
        let stream = FFI_ArrowArrayStream::new(Box::new(batches));
        PyCapsule::new_with_value(py, stream, CAPSULE)
    }
}
