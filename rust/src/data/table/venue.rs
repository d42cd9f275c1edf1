//! Files of venues: the Python layer knows their formats, and reads them by these two functions.

use super::{
    clock::Clock,
    csv::{Form, add_values, first_row, read_csv},
    files::each_text,
    layout::Columns,
    methods::{FeedLatency, history},
    names::Names,
    order::{Events, PyRowOrder},
    rows::Rows,
};
use crate::{
    convert::{FilePath, Named, Sequence, named_argument},
    data::market_data::MarketData,
    instrument::IndexedArgument,
};
use pyo3::{exceptions::PyValueError, prelude::*};
use pyo3_stub_gen::derive::gen_stub_pyfunction;
use std::{collections::BTreeSet, path::PathBuf, sync::Arc};

/// Gives the name and the cells of the first row of each CSV in a file.
///
/// Parameters
/// ----------
/// path : str or os.PathLike
///     The file: plain, compressed with gzip, or a zip archive, which may have several.
///
/// Raises
/// ------
/// MarketDataError
///     If the file is no CSV.
/// OSError
///     If the file cannot be opened.
#[gen_stub_pyfunction(module = "barter_python._core")]
#[pyfunction]
pub fn csv_first_rows(py: Python<'_>, path: FilePath) -> PyResult<Vec<(String, Vec<String>)>> {
    let mut rows = Vec::new();
    each_text(py, &path.0, &mut |place, text| {
        rows.push((place.file_name(), first_row(place, text)?));
        Ok(())
    })?;
    Ok(rows)
}

/// Gives the values that a column of CSV has, each once, in alphabetical order.
///
/// Parameters
/// ----------
/// path : str or os.PathLike
///     The file: plain, compressed with gzip, or a zip archive.
/// column : str
///     The name of the column.
///
/// Raises
/// ------
/// MarketDataError
///     If the file is no CSV, or has no such column.
/// OSError
///     If the file cannot be opened.
#[gen_stub_pyfunction(module = "barter_python._core")]
#[pyfunction]
pub fn csv_values(py: Python<'_>, path: FilePath, column: &str) -> PyResult<Vec<String>> {
    let mut values = BTreeSet::new();
    each_text(py, &path.0, &mut |place, text| {
        add_values(py, place, text, column, &mut values)
    })?;
    Ok(values.into_iter().collect())
}

named_argument! {
    instruments: IndexedArgument,
    feed_latency: FeedLatency,
    order: PyRowOrder,
}

/// A file, what its rows are, the names of its columns if it does not have them, and the instrument if
/// no column has it.
type File<'py> = (
    PathBuf,
    Columns,
    Option<Sequence<String>>,
    Option<Bound<'py, PyAny>>,
);

/// Reads CSV files of a venue, one after the other.
///
/// Whole numbers in columns of times count what the size of the first one of a file says.
///
/// Parameters
/// ----------
/// files : sequence of tuple
///     Of each file its path, the description of its columns, their names if the file does not have
///     them in its first row, and the instrument if no column has it.
/// instruments : IndexedInstruments
///     Where the names of instruments are looked up.
/// symbols : mapping of str to str, optional
///     What `instruments` calls the instruments that the files name.
/// feed_latency : timedelta
///     What is added to the last time that a row has.
/// order : RowOrder
///     What becomes of rows that are not in the order of `time_received`.
///
/// Raises
/// ------
/// MarketDataError, UnknownKeyError, TypeError, ValueError, OSError
///     As `MarketData.from_csv`.
#[gen_stub_pyfunction(module = "barter_python._core")]
#[pyfunction]
pub fn read_csv_files(
    py: Python<'_>,
    #[gen_stub(override_type(
        type_repr = "collections.abc.Sequence[tuple[str | os.PathLike[str], \
            barter_python.data.Columns, collections.abc.Sequence[str] | None, \
            str | tuple[ExchangeId, str] | None]]",
        imports = ("collections.abc", "os", "barter_python")
    ))]
    files: Sequence<File<'_>>,
    #[pyo3(from_py_with = instruments)] instruments: IndexedArgument,
    #[gen_stub(override_type(
        type_repr = "collections.abc.Mapping[str, str] | None",
        imports = ("collections.abc")
    ))]
    symbols: Option<Named<String>>,
    #[pyo3(from_py_with = feed_latency)] feed_latency: FeedLatency,
    #[pyo3(from_py_with = order)] order: PyRowOrder,
) -> PyResult<MarketData> {
    let symbols = symbols.map(|Named(symbols)| symbols.into_iter().collect());
    let mut rows: Option<Rows> = None;
    let mut paths = Vec::new();
    for (path, columns, header, instrument) in files.0 {
        let indexed = Arc::clone(&instruments.0);
        let names = match columns.layout.instrument() {
            Some(_) => Names::of_column(indexed, symbols.clone()),
            None => Names::of_one(indexed, instrument.as_ref())?,
        };
        let form = Form {
            header: header.as_deref(),
            delimiter: b',',
        };
        let rows = match &mut rows {
            Some(rows) => {
                rows.turn_to(columns, names);
                rows
            }
            none => none.insert(Rows::new(
                columns,
                names,
                Clock::new(None, true, false),
                feed_latency.nanos(),
                Events::new(order.0),
            )),
        };
        each_text(py, &path, &mut |place, text| {
            read_csv(py, place, text, &form, rows)
        })?;
        paths.push(path);
    }
    let rows = rows.ok_or_else(|| PyValueError::new_err("files must not be empty"))?;
    history(py, rows, paths)
}
