//! Which instruments a command or a helper is for.

use crate::convert::{
    Index, Indices, ReducedByMethod, UnderlyingIndices, each_item, named_argument, reduce_by_method,
};
use barter::engine::state::instrument::filter::InstrumentFilter;
use barter_instrument::{exchange::ExchangeIndex, instrument::InstrumentIndex};
use pyo3::{exceptions::PyValueError, prelude::*, types::PyTuple};
use pyo3_stub_gen::{
    PyStubType, TypeInfo,
    derive::{gen_stub_pyclass, gen_stub_pymethods},
};
use std::hash::{Hash, Hasher};

/// Which instruments a command or a helper is for.
///
/// Wraps `barter::engine::state::instrument::filter::InstrumentFilter`. Made by its static methods;
/// keys are sorted and doubles removed, so that filters with the same keys are equal.
///
/// Examples
/// --------
/// >>> from barter_python import InstrumentFilter
/// >>> InstrumentFilter.exchanges([1, 0])
/// InstrumentFilter.exchanges([0, 1])
/// >>> InstrumentFilter.instruments([2]).matches(exchange=0, instrument=2)
/// True
/// >>> match InstrumentFilter.none():
/// ...     case InstrumentFilter(kind="none"):
/// ...         print("every instrument")
/// every instrument
#[gen_stub_pyclass]
#[pyclass(
    frozen,
    eq,
    hash,
    from_py_object,
    name = "InstrumentFilter",
    module = "barter_python._core"
)]
#[derive(Clone, PartialEq, Debug)]
pub struct PyInstrumentFilter(pub InstrumentFilter);

impl Hash for PyInstrumentFilter {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match &self.0 {
            InstrumentFilter::None => state.write_u8(0),
            InstrumentFilter::Exchanges(keys) => (1_u8, keys).hash(state),
            InstrumentFilter::Instruments(keys) => (2_u8, keys).hash(state),
            InstrumentFilter::Underlyings(keys) => (3_u8, keys).hash(state),
        }
    }
}

/// Keys sorted and without doubles.
fn distinct<T: Ord>(mut keys: Vec<T>) -> Vec<T> {
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// The name of the static method that makes a filter.
struct Kind(&'static str);

impl<'py> IntoPyObject<'py> for Kind {
    type Target = pyo3::types::PyString;
    type Output = Bound<'py, pyo3::types::PyString>;
    type Error = std::convert::Infallible;

    fn into_pyobject(self, py: Python<'py>) -> Result<Self::Output, Self::Error> {
        self.0.into_pyobject(py)
    }
}

impl PyStubType for Kind {
    fn type_output() -> TypeInfo {
        TypeInfo {
            name: "typing.Literal['none', 'exchanges', 'instruments', 'underlyings']".to_owned(),
            source_module: None,
            import: ["typing".into()].into(),
            type_refs: std::collections::HashMap::new(),
        }
    }
}

impl PyInstrumentFilter {
    const fn kind(&self) -> &'static str {
        match &self.0 {
            InstrumentFilter::None => "none",
            InstrumentFilter::Exchanges(_) => "exchanges",
            InstrumentFilter::Instruments(_) => "instruments",
            InstrumentFilter::Underlyings(_) => "underlyings",
        }
    }
}

named_argument! {
    exchanges: Indices<Index>,
    instruments: Indices<Index>,
    underlyings: Indices<UnderlyingIndices>,
}

#[gen_stub_pymethods]
#[pymethods]
impl PyInstrumentFilter {
    /// Every instrument.
    #[staticmethod]
    const fn none() -> Self {
        Self(InstrumentFilter::None)
    }

    /// The instruments of some exchanges, by exchange index; `ValueError` when there are none.
    #[staticmethod]
    fn exchanges(#[pyo3(from_py_with = exchanges)] exchanges: Indices<Index>) -> Self {
        Self(InstrumentFilter::exchanges(
            distinct(exchanges.0)
                .into_iter()
                .map(|Index(index)| ExchangeIndex(index)),
        ))
    }

    /// Some instruments, by instrument index; `ValueError` when there are none.
    #[staticmethod]
    fn instruments(#[pyo3(from_py_with = instruments)] instruments: Indices<Index>) -> Self {
        Self(InstrumentFilter::instruments(
            distinct(instruments.0)
                .into_iter()
                .map(|Index(index)| InstrumentIndex(index)),
        ))
    }

    /// The instruments of some underlying pairs, by asset indices; `ValueError` when there are none.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import InstrumentFilter, Underlying
    /// >>> InstrumentFilter.underlyings([Underlying(0, 1)])
    /// InstrumentFilter.underlyings([Underlying(base=0, quote=1)])
    #[staticmethod]
    fn underlyings(
        #[pyo3(from_py_with = underlyings)] underlyings: Indices<UnderlyingIndices>,
    ) -> Self {
        Self(InstrumentFilter::underlyings(
            distinct(underlyings.0)
                .into_iter()
                .map(|UnderlyingIndices(underlying)| underlying),
        ))
    }

    /// Which static method made it: for `match`.
    #[getter(kind)]
    const fn py_kind(&self) -> Kind {
        Kind(self.kind())
    }

    /// What it was made from, sorted; empty for `none()`.
    #[getter]
    #[gen_stub(override_return_type(
        type_repr = "tuple[int, ...] | tuple[barter_python.Underlying[int], ...]",
        imports = ("barter_python")
    ))]
    fn keys<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        match &self.0 {
            InstrumentFilter::None => Ok(PyTuple::empty(py)),
            InstrumentFilter::Exchanges(keys) => {
                PyTuple::new(py, keys.as_ref().iter().map(ExchangeIndex::index))
            }
            InstrumentFilter::Instruments(keys) => {
                PyTuple::new(py, keys.as_ref().iter().map(InstrumentIndex::index))
            }
            InstrumentFilter::Underlyings(keys) => {
                PyTuple::new(py, keys.as_ref().iter().map(|key| UnderlyingIndices(*key)))
            }
        }
    }

    /// Whether an instrument passes, as barter's `InstrumentStates::instruments(filter)` decides it.
    ///
    /// Parameters
    /// ----------
    /// exchange : int
    ///     Index of the instrument's exchange.
    /// instrument : int
    ///     Index of the instrument.
    /// underlying : Underlying, optional
    ///     Asset indices of its base and quote.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If the filter is by underlying and the underlying is not given.
    #[pyo3(signature = (exchange, instrument, underlying=None))]
    fn matches(
        &self,
        exchange: Index,
        instrument: Index,
        underlying: Option<UnderlyingIndices>,
    ) -> PyResult<bool> {
        Ok(match &self.0 {
            InstrumentFilter::None => true,
            InstrumentFilter::Exchanges(keys) => keys.contains(&ExchangeIndex(exchange.0)),
            InstrumentFilter::Instruments(keys) => keys.contains(&InstrumentIndex(instrument.0)),
            InstrumentFilter::Underlyings(keys) => {
                let Some(UnderlyingIndices(underlying)) = underlying else {
                    return Err(PyValueError::new_err(format!(
                        "the filter is by underlying, but the underlying of instrument {} is not given",
                        instrument.0
                    )));
                };
                keys.contains(&underlying)
            }
        })
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let kind = slf.get().kind();
        if kind == "none" {
            return Ok("InstrumentFilter.none()".to_owned());
        }
        let mut keys = Vec::new();
        each_item(&slf.getattr("keys")?, |_, key| {
            keys.push(key.repr()?.to_string());
            Ok(())
        })?;
        Ok(format!("InstrumentFilter.{kind}([{}])", keys.join(", ")))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<ReducedByMethod<'py, Self>> {
        let kind = slf.get().kind();
        if kind == "none" {
            reduce_by_method(slf.as_any(), (kind,))
        } else {
            reduce_by_method(slf.as_any(), (kind, slf.getattr("keys")?))
        }
    }
}
