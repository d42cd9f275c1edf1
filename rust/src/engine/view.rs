//! What a strategy sees of the engine: views that read its state in place.

use super::{
    AssetState, Connectivity, InstrumentView, PyHealth, PyTradingState, Run, SeenEvent, State,
};
use crate::{
    convert::{Index, UtcTime, datetime_from_nanos, import},
    data::AnyMarketEvent,
    error::Error,
    execution::{AccountEvent, Balance},
    instrument::PyExchangeId,
    strategy::PyInstrumentFilter,
};
use barter::engine::state::{instrument::filter::InstrumentFilter, trading::TradingState};
use barter_execution::order::id::ClientOrderId;
use barter_instrument::asset::AssetIndex;
use pyo3::{
    exceptions::PyTypeError,
    prelude::*,
    sync::PyOnceLock,
    types::{PyInt, PyIterator, PyList, PyString},
};
use pyo3_stub_gen::{
    PyStubType, TypeInfo,
    derive::{gen_stub_pyclass, gen_stub_pymethods},
};
use std::sync::Arc;

/// Any event that a strategy can see.
#[derive(IntoPyObject)]
enum AnyEvent {
    Market(AnyMarketEvent),
    Account(AccountEvent),
}

impl PyStubType for AnyEvent {
    fn type_output() -> TypeInfo {
        AnyMarketEvent::type_output() | AccountEvent::type_output()
    }
}

/// The running engine, as a strategy's callbacks see it.
///
/// One view serves the whole run and reads the engine's state in place
/// (`barter::engine::state::EngineState`). It is valid only inside the callbacks of its run and on
/// their thread; anywhere else it raises `ViewError`. The values that it gives can be kept.
#[gen_stub_pyclass]
#[pyclass(frozen, module = "barter_python._core")]
pub struct EngineView {
    run: Arc<Run>,
    instruments: Vec<Py<InstrumentView>>,
}

impl EngineView {
    /// A view of the run, with one of each of its instruments.
    pub fn new(py: Python<'_>, run: &Arc<Run>) -> PyResult<Self> {
        let count = run.indexed.instruments.instruments().len();
        let view = |index| {
            Py::new(
                py,
                InstrumentView {
                    run: Arc::clone(run),
                    index,
                },
            )
        };
        Ok(Self {
            run: Arc::clone(run),
            instruments: (0..count).map(view).collect::<PyResult<_>>()?,
        })
    }

    /// Reads the engine's state, inside a callback.
    pub fn read<R>(&self, read: impl FnOnce(&State) -> R) -> Result<R, Error> {
        self.run.state.read(read)
    }

    /// An id that no order of the run has had.
    pub fn next_client_order_id(&self) -> ClientOrderId {
        self.run.next_client_order_id()
    }

    /// The view of an instrument.
    pub fn instrument_view(&self, py: Python<'_>, index: usize) -> PyResult<Py<InstrumentView>> {
        let view = self.instruments.get(index).map(|view| view.clone_ref(py));
        let unknown = || {
            Error::UnknownKey(format!(
                "there is no instrument {index}; there are {}",
                self.instruments.len()
            ))
        };
        Ok(view.ok_or_else(unknown)?)
    }

    /// Outside callbacks even what does not need the engine's state raises, so that a mistake shows at once.
    fn check_valid(&self) -> Result<(), Error> {
        self.read(|_| ())
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl EngineView {
    /// The instrument of the market event just processed; `None` for every other event.
    #[getter]
    fn updated(&self, py: Python<'_>) -> PyResult<Option<Py<InstrumentView>>> {
        self.check_valid()?;
        let index = self.run.updated();
        Ok(self.instruments.get(index).map(|view| view.clone_ref(py)))
    }

    /// The event just processed, made when it is asked for; `None` before the first.
    #[getter]
    fn event(&self) -> PyResult<Option<AnyEvent>> {
        self.check_valid()?;
        Ok(match self.run.event() {
            Some(SeenEvent::Market(event)) => Some(AnyEvent::Market((&event).into())),
            Some(SeenEvent::Account(event)) => Some(AnyEvent::Account((&event).into())),
            None => None,
        })
    }

    /// The engine's time, in UTC: the greatest `time_received` so far, or the time of a response.
    #[getter]
    fn time(&self) -> PyResult<UtcTime> {
        self.check_valid()?;
        Ok(UtcTime(datetime_from_nanos(self.run.now())))
    }

    /// `time` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_ns(&self) -> PyResult<i64> {
        self.check_valid()?;
        Ok(self.run.now())
    }

    /// Whether the engine asks the strategy for orders.
    #[getter]
    fn trading(&self) -> PyResult<PyTradingState> {
        Ok(self.read(|state| state.trading.into())?)
    }

    /// How the connections are, all together: healthy when all are.
    #[getter]
    fn health(&self) -> PyResult<PyHealth> {
        Ok(self.read(|state| state.connectivity.global.into())?)
    }

    /// The connections to each exchange; the position in the list is the exchange's index.
    #[getter]
    fn connectivity(&self) -> PyResult<Vec<Connectivity>> {
        Ok(self.read(|state| {
            let exchanges = state.connectivity.exchanges.iter();
            exchanges
                .map(|(exchange, state)| Connectivity::from((*exchange, state)))
                .collect()
        })?)
    }

    /// All assets and their balances; the position in the list is the index.
    #[getter]
    fn assets(&self) -> PyResult<Vec<AssetState>> {
        Ok(self.read(|state| {
            let assets = state.assets.0.iter().enumerate();
            assets.map(AssetState::from).collect()
        })?)
    }

    /// A copy of the state, as a view that is valid anywhere and changes no more.
    ///
    /// It has the same attributes. Two such views are equal when time and state are.
    fn snapshot(&self, py: Python<'_>) -> PyResult<Self> {
        let run = self.read(|state| self.run.kept(state))??;
        Self::new(py, &Arc::new(run))
    }

    /// For `barter_python.strategy.own_data`.
    #[gen_stub(override_return_type(type_repr = "object"))]
    fn _own_data<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        Ok(self.read(|state| state.global.0.as_ref().map(|data| data.object(py)))?)
    }

    /// Whether it is a copy, valid anywhere, or a view of a running engine, valid in its callbacks.
    #[getter]
    fn is_snapshot(&self) -> bool {
        self.run.is_kept()
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        let Ok(other) = other.cast::<Self>() else {
            return false;
        };
        let other = other.get();
        if Arc::ptr_eq(&self.run, &other.run) {
            return true;
        }
        // A state that is lent can be compared only by copying it: views are compared by identity.
        if !(self.run.is_kept() && other.run.is_kept()) || self.run.now() != other.run.now() {
            return false;
        }
        let same = self.read(|state| other.read(|other| state == other));
        matches!(same, Ok(Ok(true)))
    }

    fn __hash__(&self) -> i64 {
        if self.run.is_kept() {
            self.run.now()
        } else {
            i64::try_from(Arc::as_ptr(&self.run).addr()).unwrap_or_default()
        }
    }

    /// Whether the engine asks the strategy for orders (`TradingState::Enabled`).
    #[getter]
    fn trading_enabled(&self) -> PyResult<bool> {
        Ok(self.read(|state| state.trading == TradingState::Enabled)?)
    }

    /// Views of all instruments; the position in the list is the index.
    #[getter]
    fn instruments(&self, py: Python<'_>) -> PyResult<Vec<Py<InstrumentView>>> {
        self.check_valid()?;
        Ok(self
            .instruments
            .iter()
            .map(|view| view.clone_ref(py))
            .collect())
    }

    /// The view of an instrument, by its index or its internal name; `UnknownKeyError` when there is none.
    fn instrument(
        &self,
        #[gen_stub(override_type(type_repr = "int | str"))] key: &Bound<'_, PyAny>,
    ) -> PyResult<Py<InstrumentView>> {
        self.check_valid()?;
        let py = key.py();
        if let Ok(name) = key.cast::<PyString>() {
            let index = self.run.indexed.instrument_index(&name.to_cow()?)?;
            return self.instrument_view(py, index.index());
        }
        if !key.is_instance_of::<PyInt>() {
            return Err(PyTypeError::new_err(format!(
                "an instrument is looked up by its index or its name, got {}",
                key.get_type().name()?
            )));
        }
        let Index(index) = key.extract()?;
        self.instrument_view(py, index)
    }

    /// Iterates over the views of the instruments that pass a filter, in the order of their indices.
    #[pyo3(signature = (filter=None))]
    #[gen_stub(override_return_type(
        type_repr = "collections.abc.Iterator[InstrumentView]",
        imports = ("collections.abc")
    ))]
    fn instruments_iter<'py>(
        &self,
        py: Python<'py>,
        filter: Option<&PyInstrumentFilter>,
    ) -> PyResult<Bound<'py, PyIterator>> {
        let filter = filter.map_or(&InstrumentFilter::None, |PyInstrumentFilter(filter)| filter);
        let indices = self.read(|state| {
            state
                .instruments
                .instruments(filter)
                .map(|instrument| instrument.key.index())
                .collect::<Vec<_>>()
        })?;
        let views = indices
            .into_iter()
            .map(|index| self.instrument_view(py, index));
        PyList::new(py, views.collect::<PyResult<Vec<_>>>()?)?.try_iter()
    }

    /// Index of an exchange, for filters; `UnknownKeyError` when no instrument is on it.
    fn exchange_index(&self, exchange: PyExchangeId) -> PyResult<Index> {
        self.check_valid()?;
        Ok(Index(self.run.indexed.exchange_index(exchange.0)?.index()))
    }

    /// The balance of an asset of an exchange; `UnknownKeyError` when no instrument has the asset.
    fn balance(&self, exchange: PyExchangeId, asset: &str) -> PyResult<Balance> {
        self.check_valid()?;
        let AssetIndex(index) = self.run.indexed.asset_index(exchange.0, asset)?;
        let balance = self.read(|state| {
            let asset = state.assets.0.get_index(index);
            asset
                .and_then(|(_, asset)| asset.balance)
                .map(|balance| balance.value)
        })?;
        // A run tells the engine all balances before the strategy sees it.
        Ok(balance.unwrap_or_default().into())
    }

    /// A client order id that no order of the run has had so far, the same in every run of the same
    /// inputs.
    #[gen_stub(override_return_type(
        type_repr = "barter_python.ClientOrderId",
        imports = ("barter_python")
    ))]
    fn next_cid<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        self.check_valid()?;
        let class = import(py, &CLASS, "barter_python.execution", "ClientOrderId")?;
        class.call1((self.next_client_order_id().0.as_str(),))
    }

    fn __repr__(&self) -> String {
        match self.read(|state| {
            state
                .instruments
                .0
                .keys()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
        }) {
            Ok(names) => {
                let time = datetime_from_nanos(self.run.now());
                format!(
                    "<EngineView at {}: {}>",
                    time.to_rfc3339(),
                    names.join(", ")
                )
            }
            Err(_) => "<EngineView outside the callbacks of its run>".to_owned(),
        }
    }
}
