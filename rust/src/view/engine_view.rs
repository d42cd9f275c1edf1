//! What a strategy sees of the engine: views that read its state in place.

use super::InstrumentView;
use crate::{
    convert::{
        Index, ReducedByMethod, UtcTime, datetime_from_nanos, import, named_argument,
        reduce_by_method, shown,
    },
    data::AnyMarketEvent,
    error::{Error, KeyKind},
    execution::{AccountEvent, Balance},
    instrument::{PyExchangeId, PyIndexedInstruments},
    state::{
        AssetState, Connectivity, PyHealth, PyInstrumentFilter, PyTradingState, SeenEvent,
        SharedRun, State, TradeLogs, objects, read_snapshot, write_snapshot,
    },
    statistic::{TearSheetAsset, asset_tear_sheet},
    stops::StopRequest,
};
use barter::engine::state::{instrument::filter::InstrumentFilter, trading::TradingState};
use barter_execution::order::id::{ClientOrderId, StrategyId};
use barter_instrument::asset::AssetIndex;
use pyo3::{
    PyTraverseError, PyVisit,
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    sync::PyOnceLock,
    types::{PyInt, PyIterator, PyList},
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
/// their thread; anywhere else it raises `ViewError`. The values that it gives stay valid.
///
/// Examples
/// --------
/// >>> from barter_python import DefaultStrategy, Engine, ExchangeId, IndexedInstruments
/// >>> from barter_python import InstrumentConfig, InstrumentFilter, Underlying
/// >>> config = InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))
/// >>> engine = Engine(DefaultStrategy(), IndexedInstruments([config]), time_start=0)
/// >>> state = engine.snapshot()
/// >>> state.instrument("kraken-xbt_usd").index, state.exchange_index(ExchangeId.KRAKEN)
/// (0, 0)
/// >>> [view.name for view in state.instruments_iter(InstrumentFilter.exchanges([0]))]
/// ['kraken-xbt_usd']
/// >>> state.balance(ExchangeId.KRAKEN, "usd")
/// Balance(total=Decimal('0'), free=Decimal('0'))
/// >>> state.tear_sheet_asset(ExchangeId.KRAKEN, "usd").drawdown is None
/// True
#[gen_stub_pyclass]
#[pyclass(frozen, module = "barter_python._core")]
pub struct EngineView {
    run: SharedRun,
    instruments: Vec<Py<InstrumentView>>,
}

impl EngineView {
    /// What the view shows.
    pub const fn run(&self) -> &SharedRun {
        &self.run
    }

    /// A view of the run, with one of each of its instruments.
    pub fn new(py: Python<'_>, run: SharedRun) -> PyResult<Self> {
        let count = run.indexed.instruments.instruments().len();
        let view = |index| {
            Py::new(
                py,
                InstrumentView {
                    run: run.clone_ref(py),
                    index,
                    trade_ids: TradeLogs::default(),
                },
            )
        };
        let instruments = (0..count).map(view).collect::<PyResult<_>>()?;
        Ok(Self { run, instruments })
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
            let count = self.instruments.len();
            let text = format!("there is no instrument {index}; there are {count}");
            Error::unknown(KeyKind::Instrument, index, text)
        };
        Ok(view.ok_or_else(unknown)?)
    }

    /// Outside callbacks even what does not need the engine's state raises, so that a mistake shows at once.
    fn check_valid(&self) -> Result<(), Error> {
        self.read(|_| ())
    }

    fn check_changeable(&self, done: &str) -> Result<(), Error> {
        if self.run.is_snapshot() {
            return Err(Error::View(
                format!("a stop cannot be {done} in a snapshot, only in a callback of the run")
                    .into(),
            ));
        }
        Ok(())
    }
}

#[pymethods]
impl EngineView {
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.run.visit(&visit)?;
        self.instruments
            .iter()
            .try_for_each(|view| visit.call(view))
    }
}

named_argument! { one_cancels_other: Option<u64>, id: u64 }

#[gen_stub_pymethods]
#[pymethods]
impl EngineView {
    /// The instrument of the market event just processed; `None` for every other event.
    #[getter]
    fn updated(&self, py: Python<'_>) -> PyResult<Option<Py<InstrumentView>>> {
        self.check_valid()?;
        let index = self.run.updated_instrument();
        let view = index.and_then(|index| self.instruments.get(index.index()));
        Ok(view.map(|view| view.clone_ref(py)))
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
        let run = self.read(|state| self.run.snapshot(state))??;
        Self::new(py, SharedRun::of_snapshot(py, run)?)
    }

    /// For `barter_python.strategy.own_data`.
    #[gen_stub(override_return_type(type_repr = "object"))]
    fn _own_data<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        Ok(self.read(|state| state.global.0.as_ref().map(|data| data.object(py)))?)
    }

    /// Whether it is a copy, valid anywhere, or a view of a running engine, valid in its callbacks.
    #[getter]
    fn is_snapshot(&self) -> bool {
        self.run.is_snapshot()
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        let Ok(other) = other.cast::<Self>() else {
            return false;
        };
        let other = other.get();
        Arc::ptr_eq(&self.run, &other.run) || self.run.is_same(&other.run)
    }

    fn __hash__(&self) -> i64 {
        if self.run.is_snapshot() {
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
    ///     If there is none, or when the exchange gives several of them that name.
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
        if let Some(index) = self.run.indexed.by_names(key)? {
            return self.instrument_view(py, index.index());
        }
        if !key.is_instance_of::<PyInt>() {
            return Err(PyTypeError::new_err(format!(
                "an instrument is looked up by its index, its name, or a pair of ExchangeId and the \
                 exchange's name, got {} {}",
                key.get_type().name()?,
                shown(key)?
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

    /// Index of an exchange, for filters; `UnknownKeyError` if no instrument is on it.
    fn exchange_index(&self, exchange: PyExchangeId) -> PyResult<Index> {
        self.check_valid()?;
        Ok(Index(self.run.indexed.exchange_index(exchange.0)?.index()))
    }

    /// The balance of an asset of an exchange; `UnknownKeyError` if no instrument has the asset.
    fn balance(&self, exchange: PyExchangeId, asset: &str) -> PyResult<Balance> {
        self.check_valid()?;
        let AssetIndex(index) = self.run.indexed.asset_index(exchange.0, asset)?;
        let balance = self.read(|state| {
            let asset = state.assets.0.get_index(index);
            asset
                .and_then(|(_, asset)| asset.balance)
                .map(|balance| balance.value)
        })?;
        // The engine gets all balances before the strategy sees it.
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
    ///     If no instrument has the asset.
    /// ValueError
    ///     If a figure does not fit into 28 digits.
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

    /// Places a stop, which the run holds until a price triggers it.
    ///
    /// Once triggered it becomes an order of the strategy, which passes the risk manager and travels to the
    /// exchange. `docs/stops.md` has the rules.
    ///
    /// Parameters
    /// ----------
    /// order : StopOrder or TakeProfitOrder or TrailingStopOrder
    ///     The stop.
    /// one_cancels_other : int, optional
    ///     The id of a stop that waits: whichever of the two is triggered withdraws the other. More stops
    ///     can join them in the same way.
    ///
    /// Returns
    /// -------
    /// int
    ///     The id of the stop.
    ///
    /// Raises
    /// ------
    /// UnknownKeyError
    ///     If there is no such instrument.
    /// ValueError
    ///     If the other stop does not wait, no price is known that a trailing stop could follow, or it is
    ///     not known whose stop it is.
    /// ViewError
    ///     If the view is a snapshot, in which nothing can be placed.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import NO_ORDERS, Engine, ExchangeId, IndexedInstruments
    /// >>> from barter_python import InstrumentConfig, Side, StopOrder, Strategy, Underlying
    /// >>> class Protected(Strategy):
    /// ...     def on_start(self, state):
    /// ...         state.place_stop(StopOrder(0, Side.SELL, quantity=1, trigger_price=95, strategy_id="me"))
    /// ...     def generate_algo_orders(self, state):
    /// ...         return NO_ORDERS
    /// >>> instruments = IndexedInstruments(
    /// ...     [InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))])
    /// >>> engine = Engine(Protected(), instruments, time_start=0)
    /// >>> [stop.trigger_price for stop in engine.snapshot().instrument(0).stops]
    /// [Decimal('95')]
    #[pyo3(signature = (order, *, one_cancels_other=None))]
    fn place_stop(
        &self,
        order: StopRequest,
        #[pyo3(from_py_with = one_cancels_other)] one_cancels_other: Option<u64>,
    ) -> PyResult<u64> {
        self.check_changeable("placed")?;
        let instrument = order.instrument();
        let placed = self.read(|state| {
            let (_, state) = state.instruments.0.get_index(instrument)?;
            let strategy = |given: Option<String>| {
                let given = given.map(Into::into);
                given.or_else(|| self.run.strategy_id()).map(StrategyId)
            };
            let market = &state.data.market;
            Some(
                self.run
                    .stops
                    .place(order, strategy, market, one_cancels_other),
            )
        })?;
        let count = self.instruments.len();
        let unknown = || {
            let text = format!("there is no instrument {instrument}; there are {count}");
            Error::unknown(KeyKind::Instrument, instrument, text)
        };
        placed.ok_or_else(unknown)?.map_err(PyValueError::new_err)
    }

    /// Withdraws a stop.
    ///
    /// Parameters
    /// ----------
    /// id : int
    ///     What `place_stop` gave.
    ///
    /// Returns
    /// -------
    /// bool
    ///     Whether it waited: not if it was triggered or withdrawn before.
    ///
    /// Raises
    /// ------
    /// ViewError
    ///     If the view is a snapshot.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import NO_ORDERS, Engine, ExchangeId, IndexedInstruments
    /// >>> from barter_python import InstrumentConfig, Side, StopOrder, Strategy, Underlying
    /// >>> class Undecided(Strategy):
    /// ...     def on_start(self, state):
    /// ...         stop = state.place_stop(StopOrder(0, Side.SELL, quantity=1, trigger_price=95, strategy_id="me"))
    /// ...         print(state.cancel_stop(stop), state.cancel_stop(stop))
    /// ...     def generate_algo_orders(self, state):
    /// ...         return NO_ORDERS
    /// >>> instruments = IndexedInstruments(
    /// ...     [InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))])
    /// >>> engine = Engine(Undecided(), instruments, time_start=0)
    /// True False
    fn cancel_stop(&self, #[pyo3(from_py_with = id)] id: u64) -> PyResult<bool> {
        self.check_changeable("withdrawn")?;
        self.check_valid()?;
        Ok(self.run.stops.cancel(id))
    }

    /// For `StrategyGroup`: whose the orders are that are given no id from now on.
    fn _act_as(
        &self,
        #[gen_stub(override_type(type_repr = "str | None"))] strategy_id: Option<String>,
    ) {
        self.run.set_strategy_id(strategy_id.map(Into::into));
    }

    /// Reads what pickling has written.
    #[staticmethod]
    fn _from_snapshot(
        py: Python<'_>,
        instruments: &PyIndexedInstruments,
        text: &str,
        #[gen_stub(override_type(type_repr = "list[object]"))] own_data: &Bound<'_, PyAny>,
    ) -> PyResult<Self> {
        let run = read_snapshot(&instruments.0, text, own_data)?;
        Self::new(py, SharedRun::of_snapshot(py, run)?)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<ReducedByMethod<'py, Self>> {
        let run = &slf.get().run;
        let text = write_snapshot(run)?;
        let instruments = PyIndexedInstruments(Arc::clone(&run.indexed));
        let own_data = slf.get().read(|state| objects(state, slf.py()))?;
        reduce_by_method(
            slf.as_any(),
            ("_from_snapshot", instruments, text, own_data),
        )
    }

    /// Tables of instruments and balances, for notebooks.
    fn _repr_html_(slf: &Bound<'_, Self>) -> PyResult<String> {
        let report = slf.py().import("barter_python.report.tables")?;
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
                let what = if self.run.is_snapshot() {
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
