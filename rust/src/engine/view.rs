//! What a strategy sees of the engine: views that read its state in place.

use super::{Lent, OpenPosition, State};
use crate::{
    convert::{
        Dec, Id, Index, UnderlyingIndices, UtcTime, datetime_from_nanos, f64_from_decimal, import,
    },
    data::{MarketEvent, MarketState, Reconnecting, StoredEvent},
    error::Error,
    execution::{
        AccountEvent, Balance, ClientOrderIdClass, Order, PyTimeInForce, StrategyIdClass,
        order_request_open,
    },
    instrument::{BarterInstrument, Indexed, PyExchangeId, PySide},
    named_argument,
    strategy::PyInstrumentFilter,
};
use barter::engine::state::{
    instrument::{InstrumentState, data::InstrumentDataState, filter::InstrumentFilter},
    order::manager::OrderManager,
    trading::TradingState,
};
use barter_execution::order::{
    OrderKey, OrderKind, TimeInForce,
    id::{ClientOrderId, StrategyId},
    request::{OrderRequestOpen, RequestOpen},
};
use barter_instrument::{asset::AssetIndex, exchange::ExchangeIndex, instrument::InstrumentIndex};
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    sync::PyOnceLock,
    types::{PyInt, PyIterator, PyList, PyString},
};
use pyo3_stub_gen::{
    PyStubType, TypeInfo,
    derive::{gen_stub_pyclass, gen_stub_pymethods},
};
use rust_decimal::Decimal;
use smol_str::format_smolstr;
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering},
};

/// No instrument, or no event of the store.
const NONE: usize = usize::MAX;

/// How ids begin that the run gives: `bp-1`, `bp-2`, ...
const OWN_IDS: &str = "bp-";

/// What the driver and the views of one run share.
pub struct Run {
    /// The engine's state, while a callback runs.
    pub state: Lent<State>,
    /// What is traded.
    pub indexed: Arc<Indexed>,
    events: Arc<Vec<StoredEvent>>,
    now: AtomicI64,
    updated: AtomicUsize,
    market_event: AtomicUsize,
    account_event: Mutex<Option<barter_execution::AccountEvent>>,
    client_order_ids: AtomicU64,
}

impl Run {
    /// A run that has processed nothing yet.
    pub fn new(indexed: Arc<Indexed>, events: Arc<Vec<StoredEvent>>, now: i64) -> Self {
        Self {
            state: Lent::new(),
            indexed,
            events,
            now: now.into(),
            updated: NONE.into(),
            market_event: NONE.into(),
            account_event: Mutex::new(None),
            client_order_ids: AtomicU64::new(0),
        }
    }

    /// Moves the time that views show.
    pub fn set_time(&self, now: i64) {
        self.now.store(now, Ordering::Relaxed);
    }

    /// The event about to be processed is the one at `position` of the history.
    pub fn set_market_event(&self, position: usize, instrument: Option<InstrumentIndex>) {
        self.market_event.store(position, Ordering::Relaxed);
        self.updated.store(
            instrument.map_or(NONE, |index| index.index()),
            Ordering::Relaxed,
        );
    }

    /// The event about to be processed is of an account, or there is none.
    pub fn set_account_event(&self, event: Option<barter_execution::AccountEvent>) {
        self.market_event.store(NONE, Ordering::Relaxed);
        self.updated.store(NONE, Ordering::Relaxed);
        *self
            .account_event
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = event;
    }

    /// An id that no order of the run has had: `bp-1`, `bp-2`, ...
    pub fn next_client_order_id(&self) -> ClientOrderId {
        let before = self.client_order_ids.fetch_add(1, Ordering::Relaxed);
        ClientOrderId(format_smolstr!("{OWN_IDS}{}", before.saturating_add(1)))
    }

    /// Passes over ids of our form that the strategy has chosen itself.
    pub fn note_client_order_ids(&self, opens: &[OrderRequestOpen]) {
        for open in opens {
            let number = open
                .key
                .cid
                .0
                .strip_prefix(OWN_IDS)
                .and_then(|number| number.parse::<u32>().ok());
            if let Some(number) = number {
                self.client_order_ids
                    .fetch_max(number.into(), Ordering::Relaxed);
            }
        }
    }
}

/// Any event that a strategy can see.
#[derive(IntoPyObject)]
enum AnyEvent {
    Market(MarketEvent),
    Reconnecting(Reconnecting),
    Account(AccountEvent),
}

impl PyStubType for AnyEvent {
    fn type_output() -> TypeInfo {
        MarketEvent::type_output() | Reconnecting::type_output() | AccountEvent::type_output()
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
        let index = self.run.updated.load(Ordering::Relaxed);
        Ok(self.instruments.get(index).map(|view| view.clone_ref(py)))
    }

    /// The event just processed, made when it is asked for; `None` before the first.
    #[getter]
    fn event(&self) -> PyResult<Option<AnyEvent>> {
        self.check_valid()?;
        if let Some(event) = self
            .run
            .events
            .get(self.run.market_event.load(Ordering::Relaxed))
        {
            return Ok(Some(match event {
                StoredEvent::Item(event) => AnyEvent::Market(event.into()),
                StoredEvent::Reconnecting(exchange) => AnyEvent::Reconnecting(Reconnecting {
                    exchange: (*exchange).into(),
                }),
            }));
        }
        let event = self
            .run
            .account_event
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        Ok(event
            .as_ref()
            .and_then(AccountEvent::from_barter)
            .map(AnyEvent::Account))
    }

    /// The engine's time, in UTC: the greatest `time_received` so far, or the time of a response.
    #[getter]
    fn time(&self) -> PyResult<UtcTime> {
        self.check_valid()?;
        Ok(UtcTime(datetime_from_nanos(
            self.run.now.load(Ordering::Relaxed),
        )))
    }

    /// `time` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_ns(&self) -> PyResult<i64> {
        self.check_valid()?;
        Ok(self.run.now.load(Ordering::Relaxed))
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
                let time = datetime_from_nanos(self.run.now.load(Ordering::Relaxed));
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

/// An instrument of the running engine, as a strategy's callbacks see it.
///
/// Reads `barter::engine::state::instrument::InstrumentState` in place; valid where its `EngineView`
/// is. Prices are exact decimals; their twins that end in `_f64` are the nearest floats, for
/// indicators.
#[gen_stub_pyclass]
#[pyclass(frozen, module = "barter_python._core")]
pub struct InstrumentView {
    run: Arc<Run>,
    index: usize,
}

impl InstrumentView {
    fn read<R>(&self, read: impl FnOnce(&InstrumentState<MarketState>) -> R) -> PyResult<R> {
        let value = self.run.state.read(|state| {
            state
                .instruments
                .0
                .get_index(self.index)
                .map(|(_, state)| read(state))
        })?;
        Ok(value
            .ok_or_else(|| Error::UnknownKey(format!("there is no instrument {}", self.index)))?)
    }

    fn market<R>(&self, read: impl FnOnce(&MarketState) -> R) -> PyResult<R> {
        self.read(|state| read(&state.data))
    }

    fn definition(&self) -> PyResult<&BarterInstrument> {
        self.run.state.read(|_| ())?;
        let unknown = || Error::UnknownKey(format!("there is no instrument {}", self.index));
        Ok(self
            .run
            .indexed
            .instrument(self.index)
            .ok_or_else(unknown)?)
    }

    #[allow(clippy::too_many_arguments)]
    fn request<'py>(
        &self,
        py: Python<'py>,
        side: PySide,
        price: Decimal,
        quantity: Dec,
        kind: OrderKind,
        time_in_force: TimeInForce,
        strategy_id: Id<StrategyIdClass>,
        cid: Option<Id<ClientOrderIdClass>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        if quantity.0 <= Decimal::ZERO {
            return Err(PyValueError::new_err(format!(
                "quantity must be positive, got {}",
                quantity.0
            )));
        }
        let exchange: ExchangeIndex = self.definition()?.exchange.key;
        order_request_open(
            py,
            OrderRequestOpen {
                key: OrderKey {
                    exchange,
                    instrument: InstrumentIndex(self.index),
                    strategy: StrategyId(strategy_id.0),
                    cid: cid.map_or_else(
                        || self.run.next_client_order_id(),
                        |cid| ClientOrderId(cid.0),
                    ),
                },
                state: RequestOpen {
                    side: side.0,
                    price,
                    quantity: quantity.0,
                    kind,
                    time_in_force,
                },
            },
        )
    }
}

named_argument! {
    side: PySide,
    price: Dec,
    quantity: Dec,
}

/// A float, `None` when it is NaN.
fn present(float: f64) -> Option<f64> {
    (!float.is_nan()).then_some(float)
}

#[gen_stub_pymethods]
#[pymethods]
impl InstrumentView {
    /// Index of the instrument.
    #[getter]
    fn index(&self) -> PyResult<usize> {
        self.run.state.read(|_| ())?;
        Ok(self.index)
    }

    /// Index of the instrument, as the plain `InstrumentState` calls it.
    #[getter]
    fn instrument(&self) -> PyResult<usize> {
        self.index()
    }

    /// Index of its exchange.
    #[getter]
    fn exchange(&self) -> PyResult<Index> {
        Ok(Index(self.definition()?.exchange.key.index()))
    }

    /// Its exchange.
    #[getter]
    fn exchange_id(&self) -> PyResult<PyExchangeId> {
        Ok(self.definition()?.exchange.value.into())
    }

    /// barter's own name, such as `binancespot-btc_usdt`.
    #[getter]
    fn name(&self) -> PyResult<&str> {
        Ok(self.definition()?.name_internal.name())
    }

    /// The exchange's name, such as `BTCUSDT`.
    #[getter]
    fn name_exchange(&self) -> PyResult<&str> {
        Ok(self.definition()?.name_exchange.name())
    }

    /// Asset indices of base and quote.
    #[getter]
    fn underlying(&self) -> PyResult<UnderlyingIndices> {
        Ok(UnderlyingIndices(self.definition()?.underlying))
    }

    /// barter's price: the mid weighted by volume, else the last trade, else the last candle's close.
    #[getter]
    fn price(&self) -> PyResult<Option<Dec>> {
        self.market(|market| market.price().map(Dec))
    }

    /// `price` as the nearest float.
    #[getter]
    fn price_f64(&self) -> PyResult<Option<f64>> {
        self.market(|market| market.price().map(f64_from_decimal))
    }

    /// Half way between best bid and best ask.
    #[getter]
    fn mid(&self) -> PyResult<Option<Dec>> {
        self.market(|market| market.mid().map(Dec))
    }

    /// `mid` as the nearest float.
    #[getter]
    fn mid_f64(&self) -> PyResult<Option<f64>> {
        self.market(|market| present(market.quote.mid_f64))
    }

    /// The highest bid's price.
    #[getter]
    fn best_bid(&self) -> PyResult<Option<Dec>> {
        self.market(|market| market.quote.l1.best_bid.map(|level| Dec(level.price)))
    }

    /// `best_bid` as the nearest float.
    #[getter]
    fn best_bid_f64(&self) -> PyResult<Option<f64>> {
        self.market(|market| present(market.quote.best_bid_f64))
    }

    /// The lowest ask's price.
    #[getter]
    fn best_ask(&self) -> PyResult<Option<Dec>> {
        self.market(|market| market.quote.l1.best_ask.map(|level| Dec(level.price)))
    }

    /// `best_ask` as the nearest float.
    #[getter]
    fn best_ask_f64(&self) -> PyResult<Option<f64>> {
        self.market(|market| present(market.quote.best_ask_f64))
    }

    /// Price of the last public trade.
    #[getter]
    fn last_trade(&self) -> PyResult<Option<Dec>> {
        self.market(|market| market.last_trade_price().map(Dec))
    }

    /// `last_trade` as the nearest float.
    #[getter]
    fn last_trade_f64(&self) -> PyResult<Option<f64>> {
        self.market(|market| market.last_trade.as_ref().map(|(trade, _)| trade.price_f64))
    }

    /// The open position, if there is one.
    #[getter]
    fn position(&self) -> PyResult<Option<OpenPosition>> {
        self.read(|state| {
            let position = state.position.current.as_ref()?;
            Some(OpenPosition::from_barter(position, state.data.price()))
        })
    }

    /// Orders in flight and open, in the order of their client order ids.
    #[getter]
    fn orders(&self) -> PyResult<Vec<Order>> {
        self.read(|state| {
            let mut orders = state.orders.orders().collect::<Vec<_>>();
            orders.sort_unstable_by(|a, b| a.key.cid.cmp(&b.key.cid));
            orders.into_iter().map(Order::from).collect()
        })
    }

    /// Whether an order is in flight or open.
    #[getter]
    fn has_orders(&self) -> PyResult<bool> {
        self.read(|state| !state.orders.0.is_empty())
    }

    /// A request for a market order, immediate or cancel, at the best opposite price.
    ///
    /// Where there is no opposite price, the request names `price` instead.
    ///
    /// Parameters
    /// ----------
    /// side : Side
    ///     Side of the order.
    /// quantity : Decimal or int
    ///     Quantity in the base asset, positive.
    /// strategy_id : StrategyId or str
    ///     Who asks.
    /// cid : ClientOrderId or str, optional
    ///     The order's id, a new one when it is not given.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     When the quantity is not positive, or no price is known yet.
    #[pyo3(signature = (side, quantity, *, strategy_id, cid=None))]
    #[gen_stub(override_return_type(
        type_repr = "barter_python.OrderRequestOpen",
        imports = ("barter_python")
    ))]
    fn market_order<'py>(
        &self,
        py: Python<'py>,
        #[pyo3(from_py_with = side)] side: PySide,
        #[pyo3(from_py_with = quantity)] quantity: Dec,
        strategy_id: Id<StrategyIdClass>,
        cid: Option<Id<ClientOrderIdClass>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let Some(price) =
            self.market(|market| market.opposite(side.0).or_else(|| market.price()))?
        else {
            return Err(PyValueError::new_err(format!(
                "no price of {} is known yet",
                self.name()?
            )));
        };
        let time_in_force = TimeInForce::ImmediateOrCancel;
        self.request(
            py,
            side,
            price,
            quantity,
            OrderKind::Market,
            time_in_force,
            strategy_id,
            cid,
        )
    }

    /// A request for a limit order.
    ///
    /// Parameters
    /// ----------
    /// side : Side
    ///     Side of the order.
    /// price : Decimal or int
    ///     The worst price to accept, in the quote asset.
    /// quantity : Decimal or int
    ///     Quantity in the base asset, positive.
    /// strategy_id : StrategyId or str
    ///     Who asks.
    /// time_in_force : TimeInForce, optional
    ///     How long it stays open, until it is cancelled when not given.
    /// cid : ClientOrderId or str, optional
    ///     The order's id, a new one when it is not given.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     When the quantity is not positive.
    #[pyo3(signature = (side, price, quantity, *, strategy_id, time_in_force=None, cid=None))]
    #[gen_stub(override_return_type(
        type_repr = "barter_python.OrderRequestOpen",
        imports = ("barter_python")
    ))]
    #[allow(clippy::too_many_arguments)]
    fn limit_order<'py>(
        &self,
        py: Python<'py>,
        #[pyo3(from_py_with = side)] side: PySide,
        #[pyo3(from_py_with = price)] price: Dec,
        #[pyo3(from_py_with = quantity)] quantity: Dec,
        strategy_id: Id<StrategyIdClass>,
        time_in_force: Option<PyTimeInForce>,
        cid: Option<Id<ClientOrderIdClass>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let time_in_force = time_in_force.map_or(
            TimeInForce::GoodUntilCancelled { post_only: false },
            |time| time.0,
        );
        self.request(
            py,
            side,
            price.0,
            quantity,
            OrderKind::Limit,
            time_in_force,
            strategy_id,
            cid,
        )
    }

    fn __repr__(&self) -> String {
        let price = self.market(InstrumentDataState::price);
        match (self.name(), price) {
            (Ok(name), Ok(price)) => {
                let price = price.map_or_else(
                    || "unknown".to_owned(),
                    |price| price.round_dp(8).to_string(),
                );
                format!("<InstrumentView {} {name}, price {price}>", self.index)
            }
            _ => format!(
                "<InstrumentView {} outside the callbacks of its run>",
                self.index
            ),
        }
    }
}
