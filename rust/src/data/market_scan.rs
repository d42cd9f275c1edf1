//! A history in parts, of which a run holds one at a time.

mod part;
mod reader;

use self::part::Part;
pub use self::reader::ScanReader;
use super::MarketData;
use crate::convert::{
    Reduced, ReducedByMethod, named_argument, not_one, read_items, reduce_by_arguments,
    reduce_by_method,
};
use pyo3::{
    IntoPyObjectExt, PyTraverseError, PyVisit, exceptions::PyValueError, prelude::*, types::PyTuple,
};
use pyo3_stub_gen::derive::{gen_stub_pyclass, gen_stub_pymethods};
use std::sync::Mutex;

/// A history in parts, opened one after the other by each run: for more than memory holds.
///
/// A run over a scan gives the result of a run over the whole history in memory, byte for byte. It
/// holds one part (or one block of 16,384 events, of a file that `MarketData.save` has written) at a
/// time: it lets go of a part before it opens the next. Each run, and each worker
/// of `run_backtests`, opens the parts anew.
///
/// Parameters
/// ----------
/// parts : iterable of str, os.PathLike, callable or MarketData
///     In the order of time: files of JSON lines or of one JSON array, plain or gzip; files that
///     `MarketData.save` has written, which are read block by block; functions that return a
///     `MarketData`; or such a history, which stays in memory. Processes get functions by pickling: use
///     `functools.partial` of a function at the top of a module.
///
/// Raises
/// ------
/// ValueError
///     If there is no part.
/// TypeError
///     If a part is something else.
///
/// Examples
/// --------
/// >>> from functools import partial
/// >>> from barter_python import DefaultStrategy, MarketData, MarketScan, SystemConfig, run_backtest
/// >>> def part(since, until):
/// ...     data = MarketData.from_json_lines(
/// ...         "examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz")
/// ...     return data.between(since, until)
/// >>> half = "2025-03-25T23:08:30Z"
/// >>> scan = MarketScan([partial(part, None, half), partial(part, half, None)])
/// >>> config = SystemConfig.from_json("examples/data/system_config.json")
/// >>> run_backtest(DefaultStrategy(), scan, config).settings.events
/// 50000
#[gen_stub_pyclass]
#[pyclass(frozen, module = "barter_python._core")]
pub struct MarketScan {
    source: Source,
}

/// Where the events of a scan are from.
enum Source {
    /// Parts in the order of time.
    Parts(Vec<Part>),
    /// Scans of parts, merged.
    Merged(Vec<Py<MarketScan>>),
}

impl MarketScan {
    /// All parts, scan by scan.
    fn for_each_part(&self, look: &mut impl FnMut(&Part) -> PyResult<()>) -> PyResult<()> {
        match &self.source {
            Source::Parts(parts) => parts.iter().try_for_each(look),
            Source::Merged(scans) => scans
                .iter()
                .try_for_each(|scan| scan.get().for_each_part(look)),
        }
    }

    /// How many parts there are.
    pub fn len(&self) -> usize {
        match &self.source {
            Source::Parts(parts) => parts.len(),
            Source::Merged(scans) => scans.iter().map(|scan| scan.get().len()).sum(),
        }
    }

    fn of_parts(parts: Vec<Part>) -> PyResult<Self> {
        if parts.is_empty() {
            return Err(PyValueError::new_err(
                "parts must have one part at least, got none",
            ));
        }
        Ok(Self {
            source: Source::Parts(parts),
        })
    }
}

named_argument! {
    parts: Parts,
}

/// Any number of parts.
struct Parts(Vec<Part>);

impl<'a, 'py> FromPyObject<'a, 'py> for Parts {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        read_items(&object, |position| format!("part {position}")).map(Self)
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl MarketScan {
    #[new]
    fn __new__(
        #[gen_stub(override_type(
            type_repr = "collections.abc.Iterable[str | os.PathLike[str] | collections.abc.Callable[[], MarketData] | MarketData]",
            imports = ("collections.abc", "os")
        ))]
        #[pyo3(from_py_with = parts)]
        parts: Parts,
    ) -> PyResult<Self> {
        Self::of_parts(parts.0)
    }

    /// Merges scans into one, by the times at which their events were received.
    ///
    /// The rules are those of `MarketData.merge`. A run holds one part of each scan at a time.
    ///
    /// Parameters
    /// ----------
    /// *scans : MarketScan or MarketData
    ///     The scans, at least one; a history in memory counts as a scan of one part.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If no scan is given.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import MarketScan
    /// >>> trades, books = MarketScan(["trades.jsonl.gz"]), MarketScan(["books.jsonl.gz"])
    /// >>> MarketScan.merge(trades, books).parts
    /// ('trades.jsonl.gz', 'books.jsonl.gz')
    #[staticmethod]
    #[pyo3(signature = (*scans))]
    fn merge(
        #[gen_stub(override_type(type_repr = "MarketScan | MarketData"))] scans: &Bound<
            '_,
            PyTuple,
        >,
    ) -> PyResult<Self> {
        let py = scans.py();
        let given: Vec<Bound<'_, PyAny>> =
            read_items(scans.as_any(), |position| format!("scan {position}"))?;
        let mut merged = Vec::new();
        for (position, scan) in given.iter().enumerate() {
            if let Ok(data) = scan.cast::<MarketData>() {
                let part = Part::Data(data.clone().unbind());
                merged.push(Py::new(py, Self::of_parts(vec![part])?)?);
            } else if let Ok(scan) = scan.cast::<Self>() {
                match &scan.get().source {
                    Source::Parts(_) => merged.push(scan.clone().unbind()),
                    Source::Merged(scans) => {
                        merged.extend(scans.iter().map(|scan| scan.clone_ref(py)));
                    }
                }
            } else {
                let place = format!("scan {position}");
                let wanted = "a MarketScan or a MarketData";
                return Err(not_one(&place, wanted, scan, "MarketScan.merge(*scans)")?);
            }
        }
        if merged.is_empty() {
            return Err(PyValueError::new_err(
                "MarketScan.merge needs one scan at least, got none",
            ));
        }
        Ok(Self {
            source: Source::Merged(merged),
        })
    }

    /// The parts as they were given; of merged scans, those of one after the other.
    #[getter]
    #[gen_stub(override_return_type(
        type_repr = "tuple[str | os.PathLike[str] | collections.abc.Callable[[], MarketData] | MarketData, ...]",
        imports = ("collections.abc", "os")
    ))]
    fn parts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let mut parts = Vec::new();
        self.for_each_part(&mut |part| {
            parts.push(part.given(py));
            Ok(())
        })?;
        PyTuple::new(py, parts)
    }

    fn __iter__(slf: Py<Self>) -> PyMarketScanIterator {
        PyMarketScanIterator {
            scan: slf,
            reader: Mutex::default(),
        }
    }

    #[gen_stub(override_return_type(
        type_repr = "tuple[operator.methodcaller | type[MarketScan], tuple[object, ...]]",
        imports = ("operator")
    ))]
    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        match &slf.get().source {
            Source::Parts(_) => {
                let parts = slf.get().parts(py)?;
                let reduced: Reduced<'py, Self> =
                    reduce_by_arguments(slf.as_any(), PyTuple::new(py, [parts])?);
                reduced.into_bound_py_any(py)
            }
            Source::Merged(scans) => {
                let name = "merge".into_bound_py_any(py)?;
                let scans = scans.iter().map(|scan| scan.bind(py).clone().into_any());
                let arguments: Vec<_> = std::iter::once(name).chain(scans).collect();
                let reduced: ReducedByMethod<'py, Self> =
                    reduce_by_method(slf.as_any(), PyTuple::new(py, arguments)?)?;
                reduced.into_bound_py_any(py)
            }
        }
    }

    fn __repr__(&self) -> String {
        match &self.source {
            Source::Parts(parts) => format!("MarketScan(parts={})", parts.len()),
            Source::Merged(scans) => {
                let scans: Vec<String> = scans.iter().map(|scan| scan.get().__repr__()).collect();
                format!("MarketScan.merge({})", scans.join(", "))
            }
        }
    }
}

/// Iterates over the parts of a `MarketScan`, opening one at a time; of merged scans, over pieces.
#[gen_stub_pyclass]
#[pyclass(frozen, name = "MarketScanIterator", module = "barter_python._core")]
pub struct PyMarketScanIterator {
    scan: Py<MarketScan>,
    reader: Mutex<ScanReader>,
}

#[gen_stub_pymethods]
#[pymethods]
impl PyMarketScanIterator {
    const fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<MarketData>> {
        // A function that opens a part may ask its own iterator.
        let Ok(mut reader) = self.reader.try_lock() else {
            return Err(PyValueError::new_err(
                "this iterator is opening a part already: each thread needs one of its own, iter(scan)",
            ));
        };
        reader.next_data(py, self.scan.get())
    }
}

// Apart from what the stub shows.
#[pymethods]
impl MarketScan {
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        match &self.source {
            Source::Parts(parts) => parts.iter().try_for_each(|part| part.visit(&visit)),
            Source::Merged(scans) => scans.iter().try_for_each(|scan| visit.call(scan)),
        }
    }
}

// Apart from what the stub shows.
#[pymethods]
impl PyMarketScanIterator {
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.scan)
    }
}
