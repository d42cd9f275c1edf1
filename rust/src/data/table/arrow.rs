//! Tables of Arrow: columns of any type that can hold a number, a time, a side or a name.

use super::{
    cell::Cell,
    layout::Slot,
    place::Place,
    rows::{Row, Rows},
};
use crate::{
    convert::{exact_from_text, quoted},
    error::Error,
};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Date64Array, Decimal32Array, Decimal64Array,
    Decimal128Array, Decimal256Array, DictionaryArray, Float32Array, Float64Array, Int8Array,
    Int16Array, Int32Array, Int64Array, LargeStringArray, RecordBatch, RecordBatchReader,
    StringArray, StringViewArray, TimestampMicrosecondArray, TimestampMillisecondArray,
    TimestampNanosecondArray, TimestampSecondArray, UInt8Array, UInt16Array, UInt32Array,
    UInt64Array, cast::AsArray, ffi_stream::RecordBatchStreamReader, types::ArrowDictionaryKeyType,
};
use arrow_schema::{DataType, TimeUnit};
use pyo3::prelude::*;
use rust_decimal::Decimal;

/// How many rows are read between two looks at Ctrl-C.
const ROWS_AT_ONCE: usize = 10_000;

/// A column of a batch.
enum Column {
    Null,
    Boolean(BooleanArray),
    Int8(Int8Array),
    Int16(Int16Array),
    Int32(Int32Array),
    Int64(Int64Array),
    UInt8(UInt8Array),
    UInt16(UInt16Array),
    UInt32(UInt32Array),
    UInt64(UInt64Array),
    Float32(Float32Array),
    Float64(Float64Array),
    Decimal32(Decimal32Array, i8),
    Decimal64(Decimal64Array, i8),
    Decimal128(Decimal128Array, i8),
    Decimal256(Decimal256Array, i8),
    Text(StringArray),
    LargeText(LargeStringArray),
    TextView(StringViewArray),
    Seconds(TimestampSecondArray, IsUtc),
    Milliseconds(TimestampMillisecondArray, IsUtc),
    Microseconds(TimestampMicrosecondArray, IsUtc),
    Nanoseconds(TimestampNanosecondArray, IsUtc),
    Date32(Date32Array),
    Date64(Date64Array),
    /// Where each row's value is among the values.
    Dictionary(Vec<Option<usize>>, Box<Self>),
}

/// Whether timestamps have a zone: then they count from 1970 in UTC, whatever the zone is.
type IsUtc = bool;

impl Column {
    /// The column as one of the types that cells are made of.
    fn of(array: &ArrayRef) -> Result<Self, String> {
        let data_type = array.data_type();
        let column = match data_type {
            DataType::Null => Some(Self::Null),
            DataType::Boolean => array.as_boolean_opt().cloned().map(Self::Boolean),
            DataType::Int8 => array.as_primitive_opt().cloned().map(Self::Int8),
            DataType::Int16 => array.as_primitive_opt().cloned().map(Self::Int16),
            DataType::Int32 => array.as_primitive_opt().cloned().map(Self::Int32),
            DataType::Int64 => array.as_primitive_opt().cloned().map(Self::Int64),
            DataType::UInt8 => array.as_primitive_opt().cloned().map(Self::UInt8),
            DataType::UInt16 => array.as_primitive_opt().cloned().map(Self::UInt16),
            DataType::UInt32 => array.as_primitive_opt().cloned().map(Self::UInt32),
            DataType::UInt64 => array.as_primitive_opt().cloned().map(Self::UInt64),
            DataType::Float32 => array.as_primitive_opt().cloned().map(Self::Float32),
            DataType::Float64 => array.as_primitive_opt().cloned().map(Self::Float64),
            DataType::Decimal32(_, scale) => {
                let array = array.as_primitive_opt().cloned();
                array.map(|array| Self::Decimal32(array, *scale))
            }
            DataType::Decimal64(_, scale) => {
                let array = array.as_primitive_opt().cloned();
                array.map(|array| Self::Decimal64(array, *scale))
            }
            DataType::Decimal128(_, scale) => {
                let array = array.as_primitive_opt().cloned();
                array.map(|array| Self::Decimal128(array, *scale))
            }
            DataType::Decimal256(_, scale) => {
                let array = array.as_primitive_opt().cloned();
                array.map(|array| Self::Decimal256(array, *scale))
            }
            DataType::Utf8 => array.as_string_opt().cloned().map(Self::Text),
            DataType::LargeUtf8 => array.as_string_opt().cloned().map(Self::LargeText),
            DataType::Utf8View => array.as_string_view_opt().cloned().map(Self::TextView),
            DataType::Timestamp(unit, zone) => {
                let is_utc = zone.is_some();
                match unit {
                    TimeUnit::Second => {
                        let array = array.as_primitive_opt().cloned();
                        array.map(|array| Self::Seconds(array, is_utc))
                    }
                    TimeUnit::Millisecond => {
                        let array = array.as_primitive_opt().cloned();
                        array.map(|array| Self::Milliseconds(array, is_utc))
                    }
                    TimeUnit::Microsecond => {
                        let array = array.as_primitive_opt().cloned();
                        array.map(|array| Self::Microseconds(array, is_utc))
                    }
                    TimeUnit::Nanosecond => {
                        let array = array.as_primitive_opt().cloned();
                        array.map(|array| Self::Nanoseconds(array, is_utc))
                    }
                }
            }
            DataType::Date32 => array.as_primitive_opt().cloned().map(Self::Date32),
            DataType::Date64 => array.as_primitive_opt().cloned().map(Self::Date64),
            DataType::Dictionary(key, _) => return Self::of_dictionary(array, key),
            DataType::Float16
            | DataType::Time32(_)
            | DataType::Time64(_)
            | DataType::Duration(_)
            | DataType::Interval(_)
            | DataType::Binary
            | DataType::FixedSizeBinary(_)
            | DataType::LargeBinary
            | DataType::BinaryView
            | DataType::List(_)
            | DataType::ListView(_)
            | DataType::FixedSizeList(_, _)
            | DataType::LargeList(_)
            | DataType::LargeListView(_)
            | DataType::Struct(_)
            | DataType::Union(_, _)
            | DataType::Map(_, _)
            | DataType::RunEndEncoded(_, _) => None,
        };
        column.ok_or_else(|| {
            format!(
                "has the type {data_type}: give numbers, decimals, text, truth values or timestamps"
            )
        })
    }

    fn of_dictionary(array: &ArrayRef, key: &DataType) -> Result<Self, String> {
        match key {
            DataType::Int8 => {
                Self::of_keys(array.as_dictionary_opt::<arrow_array::types::Int8Type>())
            }
            DataType::Int16 => {
                Self::of_keys(array.as_dictionary_opt::<arrow_array::types::Int16Type>())
            }
            DataType::Int32 => {
                Self::of_keys(array.as_dictionary_opt::<arrow_array::types::Int32Type>())
            }
            DataType::Int64 => {
                Self::of_keys(array.as_dictionary_opt::<arrow_array::types::Int64Type>())
            }
            DataType::UInt8 => {
                Self::of_keys(array.as_dictionary_opt::<arrow_array::types::UInt8Type>())
            }
            DataType::UInt16 => {
                Self::of_keys(array.as_dictionary_opt::<arrow_array::types::UInt16Type>())
            }
            DataType::UInt32 => {
                Self::of_keys(array.as_dictionary_opt::<arrow_array::types::UInt32Type>())
            }
            DataType::UInt64 => {
                Self::of_keys(array.as_dictionary_opt::<arrow_array::types::UInt64Type>())
            }
            other => Err(format!("has a dictionary with keys of the type {other}")),
        }
    }

    fn of_keys<K: ArrowDictionaryKeyType>(
        array: Option<&DictionaryArray<K>>,
    ) -> Result<Self, String> {
        let array = array.ok_or_else(|| "has a dictionary that contradicts its type".to_owned())?;
        let values = Self::of(array.values())?;
        let keys = (0..array.len()).map(|row| array.key(row)).collect();
        Ok(Self::Dictionary(keys, Box::new(values)))
    }

    /// The cell of a row.
    fn cell(&self, row: usize) -> Result<Cell<'_>, String> {
        /// The value of a row, if there is one.
        macro_rules! cell {
            ($array:expr, $value:ident => $cell:expr) => {
                match $array.is_valid(row).then(|| $array.value(row)) {
                    Some($value) => $cell,
                    None => Ok(Cell::Missing),
                }
            };
        }
        match self {
            Self::Null => Ok(Cell::Missing),
            Self::Boolean(array) => cell!(array, value => Ok(Cell::Truth(value))),
            Self::Int8(array) => cell!(array, value => Ok(Cell::Whole(value.into()))),
            Self::Int16(array) => cell!(array, value => Ok(Cell::Whole(value.into()))),
            Self::Int32(array) => cell!(array, value => Ok(Cell::Whole(value.into()))),
            Self::Int64(array) => cell!(array, value => Ok(Cell::Whole(value.into()))),
            Self::UInt8(array) => cell!(array, value => Ok(Cell::Whole(value.into()))),
            Self::UInt16(array) => cell!(array, value => Ok(Cell::Whole(value.into()))),
            Self::UInt32(array) => cell!(array, value => Ok(Cell::Whole(value.into()))),
            Self::UInt64(array) => cell!(array, value => Ok(Cell::Whole(value.into()))),
            // By its own shortest form: as a 64-bit float, 0.1 would have 16 more digits.
            Self::Float32(array) => cell!(array, value => of_f32(value)),
            Self::Float64(array) => cell!(array, value => Ok(Cell::Float(value))),
            Self::Decimal32(array, scale) => {
                cell!(array, value => of_decimal(value.into(), *scale))
            }
            Self::Decimal64(array, scale) => {
                cell!(array, value => of_decimal(value.into(), *scale))
            }
            Self::Decimal128(array, scale) => cell!(array, value => of_decimal(value, *scale)),
            Self::Decimal256(array, scale) => cell!(array, value => match value.to_i128() {
                Some(value) => of_decimal(value, *scale),
                None => Err(format!("{value} does not fit exactly: it has too many digits")),
            }),
            Self::Text(array) => cell!(array, value => Ok(of_text(value))),
            Self::LargeText(array) => cell!(array, value => Ok(of_text(value))),
            Self::TextView(array) => cell!(array, value => Ok(of_text(value))),
            Self::Seconds(array, utc) => {
                cell!(array, value => of_time(value, 1_000_000_000, *utc))
            }
            Self::Milliseconds(array, utc) => {
                cell!(array, value => of_time(value, 1_000_000, *utc))
            }
            Self::Microseconds(array, utc) => cell!(array, value => of_time(value, 1_000, *utc)),
            Self::Nanoseconds(array, utc) => cell!(array, value => of_time(value, 1, *utc)),
            Self::Date32(array) => {
                cell!(array, value => of_time(value.into(), 86_400_000_000_000, false))
            }
            Self::Date64(array) => cell!(array, value => of_time(value, 1_000_000, false)),
            Self::Dictionary(keys, values) => match keys.get(row).copied().flatten() {
                Some(key) => values.cell(key),
                None => Ok(Cell::Missing),
            },
        }
    }
}

fn of_text(text: &str) -> Cell<'_> {
    match text.trim_ascii() {
        "" => Cell::Missing,
        text => Cell::Text(text),
    }
}

fn of_f32(value: f32) -> Result<Cell<'static>, String> {
    if value.is_nan() {
        return Ok(Cell::Missing);
    }
    exact_from_text(ryu::Buffer::new().format(value)).map(Cell::Exact)
}

fn of_decimal(value: i128, scale: i8) -> Result<Cell<'static>, String> {
    let decimal = match u32::try_from(scale) {
        Ok(scale) => exact(value, scale),
        Err(_) => 10_i128
            .checked_pow(scale.unsigned_abs().into())
            .and_then(|factor| value.checked_mul(factor))
            .and_then(|value| exact(value, 0)),
    };
    decimal.map(Cell::Exact).ok_or_else(|| {
        format!("{value} × 10^-{scale} does not fit exactly into 28 significant digits")
    })
}

/// Zeros at the end that do not fit are taken off: a table has one scale for all its numbers.
fn exact(mut value: i128, mut scale: u32) -> Option<Decimal> {
    loop {
        if let Ok(decimal) = Decimal::try_from_i128_with_scale(value, scale) {
            return Some(decimal);
        }
        if scale == 0 || value.checked_rem(10)? != 0 {
            return None;
        }
        value = value.checked_div(10)?;
        scale = scale.checked_sub(1)?;
    }
}

fn of_time(value: i64, nanos: i64, is_utc: bool) -> Result<Cell<'static>, String> {
    let outside = || "is outside the years 1677 to 2262".to_owned();
    let value = value.checked_mul(nanos).ok_or_else(outside)?;
    Ok(if is_utc {
        Cell::Time(value)
    } else {
        Cell::LocalTime(value)
    })
}

/// A row of a batch.
struct Cells<'a> {
    columns: &'a [Column],
    row: usize,
}

impl Row for Cells<'_> {
    fn cell(&self, slot: Slot) -> Result<Cell<'_>, String> {
        let column = self.columns.get(slot.0);
        column.map_or(Ok(Cell::Missing), |column| column.cell(self.row))
    }
}

/// The columns of a batch that are read, each at the place of its slot.
fn columns_of(
    place: &Place,
    batch: &RecordBatch,
    positions: &[usize],
    names: &[String],
) -> Result<Vec<Column>, Error> {
    let column = |(position, name): (&usize, &String)| {
        let array = batch.columns().get(*position);
        let array = array.ok_or_else(|| "is not in all batches".to_owned());
        let column = array.and_then(Column::of);
        column.map_err(|reason| place.whole(format!("column {} {reason}", quoted(name))))
    };
    positions.iter().zip(names).map(column).collect()
}

/// Reads all rows, without the interpreter's lock, looking at Ctrl-C now and then.
pub fn read_batches(
    py: Python<'_>,
    place: &Place,
    mut batches: RecordBatchStreamReader,
    rows: &mut Rows,
) -> PyResult<()> {
    let fields = batches.schema();
    let fields = fields.fields().iter().map(|field| field.name().clone());
    let positions = place.positions(py, rows.names(), &fields.collect::<Vec<_>>())?;
    rows.start_file();
    let mut number = 0_u64;
    // The library that made the table may need the interpreter's lock in its own threads.
    while let Some(batch) = py.detach(|| batches.next()) {
        let batch = batch.map_err(|error| place.whole(error.to_string()))?;
        let columns = columns_of(place, &batch, &positions, rows.names())?;
        let mut all = 0..batch.num_rows();
        while !all.is_empty() {
            py.detach(|| {
                for row in all.by_ref().take(ROWS_AT_ONCE) {
                    let cells = Cells {
                        columns: &columns,
                        row,
                    };
                    let added = rows.add(&cells, number);
                    added.map_err(|fault| place.fault(number, rows.names(), fault))?;
                    number = number.saturating_add(1);
                }
                Ok::<_, Error>(())
            })?;
            py.check_signals()?;
        }
    }
    let ended = rows.end_file();
    ended.map_err(|fault| place.fault(number, rows.names(), fault))?;
    Ok(())
}
