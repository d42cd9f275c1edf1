//! What a strategy sees of the engine: views that read its state in place.

use super::{
    AssetState, Connectivity, InstrumentView, PyHealth, PyTradingState, Run, SeenEvent, State, kept,
};
use crate::{
    convert::{Index, ReducedByMethod, UtcTime, datetime_from_nanos, import, reduce_by_method},
    data::AnyMarketEvent,
    error::Error,
    execution::{AccountEvent, Balance},
    instrument::{PyExchangeId, PyIndexedInstruments},
    statistic::{TearSheetAsset, asset_tear_sheet},
    strategy::{PyInstrumentFilter, objects},
};
use barter::engine::state::{instrument::filter::InstrumentFilter, trading::TradingState};
use barter_execution::order::id::ClientOrderId;
use barter_instrument::asset::AssetIndex;
use pyo3::{
    exceptions::PyTypeError,
    prelude::*,
    sync::PyOnceLock,
    types::{PyInt, PyIterator, PyList, PyString, PyTuple},
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
    /// What the view shows.
    pub fn run(&self) -> &Arc<Run> {
        &self.run
    }

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
    /// It has the same attributes, and can be pickled and copied. Two such views are equal when time and
    /// state are.
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
        Arc::ptr_eq(&self.run, &other.run) || self.run.is_same(&other.run)
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

    /// The view of an instrument.
    ///
    /// Parameters
    /// ----------
    /// key : int or str or tuple of ExchangeId and str
    ///     Its index, its internal name such as `binancespot-btc_usdt`, or its exchange and the name that
    ///     the exchange gives it, in the case that was configured.
    ///
    /// Raises
    /// ------
    /// UnknownKeyError
    ///     When there is none, or when the exchange gives several of them that name.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import DefaultStrategy, Engine, ExchangeId, IndexedInstruments
    /// >>> from barter_python import InstrumentConfig, Underlying
    /// >>> instruments = IndexedInstruments(
    /// ...     [InstrumentConfig(ExchangeId.BINANCE_SPOT, "BTCUSDT", Underlying("btc", "usdt"))])
    /// >>> state = Engine(DefaultStrategy(), instruments, time_start=0).snapshot()
    /// >>> state.instrument((ExchangeId.BINANCE_SPOT, "BTCUSDT")).name
    /// 'binancespot-btc_usdt'
    fn instrument(
        &self,
        #[gen_stub(override_type(type_repr = "int | str | tuple[ExchangeId, str]"))] key: &Bound<
            '_,
            PyAny,
        >,
    ) -> PyResult<Py<InstrumentView>> {
        self.check_valid()?;
        let py = key.py();
        if let Ok(name) = key.cast::<PyString>() {
            let index = self.run.indexed.instrument_index(&name.to_cow()?)?;
            return self.instrument_view(py, index.index());
        }
        if key.is_instance_of::<PyTuple>()
            && let Ok((exchange, name)) = key.extract::<(PyExchangeId, String)>()
        {
            let indexed = &self.run.indexed;
            let index = indexed.instrument_index_of_exchange(exchange.0, &name)?;
            return self.instrument_view(py, index.index());
        }
        if !key.is_instance_of::<PyInt>() {
            return Err(PyTypeError::new_err(format!(
                "an instrument is looked up by its index, its name, or a pair of ExchangeId and the \
                 exchange's name, got {} {}",
                key.get_type().name()?,
                key.repr()?
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

    /// barter's figures of the balance of an asset of an exchange, from the start until now.
    ///
    /// Parameters
    /// ----------
    /// exchange : ExchangeId
    ///     The exchange.
    /// asset : str
    ///     Its name, in any case.
    ///
    /// Raises
    /// ------
    /// UnknownKeyError
    ///     When no instrument has the asset.
    /// ValueError
    ///     When a figure does not fit into 28 digits.
    fn tear_sheet_asset(&self, exchange: PyExchangeId, asset: &str) -> PyResult<TearSheetAsset> {
        self.check_valid()?;
        let AssetIndex(index) = self.run.indexed.asset_index(exchange.0, asset)?;
        let generator = self.read(|state| {
            let asset = state.assets.0.get_index(index);
            asset.map(|(_, asset)| asset.statistics.clone())
        })?;
        // The state has all assets of the index.
        asset_tear_sheet(generator.unwrap_or_default())
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

    /// Reads what pickling has written.
    #[staticmethod]
    fn _from_kept(
        py: Python<'_>,
        instruments: &PyIndexedInstruments,
        text: &str,
        #[gen_stub(override_type(type_repr = "list[object]"))] own_data: Vec<Option<Py<PyAny>>>,
    ) -> PyResult<Self> {
        Self::new(py, &Arc::new(kept::read(&instruments.0, text, own_data)?))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<ReducedByMethod<'py, Self>> {
        let run = &slf.get().run;
        let text = kept::write(run)?;
        let instruments = PyIndexedInstruments(Arc::clone(&run.indexed));
        let own_data = slf.get().read(|state| objects(state, slf.py()))?;
        reduce_by_method(slf.as_any(), ("_from_kept", instruments, text, own_data))
    }

    /// Tables of instruments and balances, for notebooks.
    fn _repr_html_(slf: &Bound<'_, Self>) -> PyResult<String> {
        let report = slf.py().import("barter_python._report")?;
        if slf.get().check_valid().is_err() {
            return report.call_method1("text_html", (slf.repr()?,))?.extract();
        }
        report.call_method1("state_html", (slf,))?.extract()
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
                let what = if self.run.is_kept() {
                    "EngineView snapshot"
                } else {
                    "EngineView"
                };
                let time = datetime_from_nanos(self.run.now()).to_rfc3339();
                format!("<{what} at {time}: {}>", names.join(", "))
            }
            Err(_) => "<EngineView outside the callbacks of its run>".to_owned(),
        }
    }
}
