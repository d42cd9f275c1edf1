//! What a strategy sees of one instrument: prices, position and orders, read in place.

use super::{OpenPosition, Run};
use crate::{
    convert::{Dec, Id, Index, UnderlyingIndices, f64_from_decimal},
    data::{MarketState, OrderBook, StrategyPositions},
    error::Error,
    execution::{ClientOrderIdClass, Order, PyTimeInForce, StrategyIdClass, order_request_open},
    instrument::{BarterInstrument, PyExchangeId, PySide, definition, kind, spec},
    named_argument,
    statistic::{Interval, TearSheet, tear_sheet},
};
use barter::engine::state::{
    instrument::{InstrumentState, data::InstrumentDataState},
    order::manager::OrderManager,
};
use barter_execution::order::{
    OrderKey, OrderKind, TimeInForce,
    id::{ClientOrderId, StrategyId},
    request::{OrderRequestOpen, RequestOpen},
};
use barter_instrument::{Side, exchange::ExchangeIndex, instrument::InstrumentIndex};
use pyo3::{exceptions::PyValueError, prelude::*};
use pyo3_stub_gen::derive::{gen_stub_pyclass, gen_stub_pymethods};
use rust_decimal::Decimal;
use std::{collections::BTreeMap, sync::Arc};

/// An instrument of the running engine, as a strategy's callbacks see it.
///
/// Reads `barter::engine::state::instrument::InstrumentState` in place; valid where its `EngineView`
/// is. Prices are exact decimals; their twins that end in `_f64` are the nearest floats, for
/// indicators.
#[gen_stub_pyclass]
#[pyclass(frozen, module = "barter_python._core")]
pub struct InstrumentView {
    pub(super) run: Arc<Run>,
    pub(super) index: usize,
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

    fn known(&self) -> PyResult<&BarterInstrument> {
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
        let exchange: ExchangeIndex = self.known()?.exchange.key;
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
    time_in_force: Option<PyTimeInForce>,
    risk_free_return: Dec,
    interval: Interval,
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

    /// For `barter_python.strategy.own_data`.
    #[gen_stub(override_return_type(type_repr = "object"))]
    fn _own_data<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.market(|market| market.own.as_ref().map(|data| data.object(py)))
    }

    /// Index of its exchange.
    #[getter]
    fn exchange(&self) -> PyResult<Index> {
        Ok(Index(self.known()?.exchange.key.index()))
    }

    /// Its exchange.
    #[getter]
    fn exchange_id(&self) -> PyResult<PyExchangeId> {
        Ok(self.known()?.exchange.value.into())
    }

    /// barter's own name, such as `binancespot-btc_usdt`.
    #[getter]
    fn name(&self) -> PyResult<&str> {
        Ok(self.known()?.name_internal.name())
    }

    /// The exchange's name, such as `BTCUSDT`.
    #[getter]
    fn name_exchange(&self) -> PyResult<&str> {
        Ok(self.known()?.name_exchange.name())
    }

    /// Asset indices of base and quote.
    #[getter]
    fn underlying(&self) -> PyResult<UnderlyingIndices> {
        Ok(UnderlyingIndices(self.known()?.underlying))
    }

    /// The instrument as it was configured, made when it is asked for.
    ///
    /// It is equal to the `InstrumentConfig` that was indexed: names are those of the exchange, as they
    /// were written. barter's own names in lower case are `name`, and `AssetState.name`.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import DefaultStrategy, Engine, ExchangeId, IndexedInstruments
    /// >>> from barter_python import InstrumentConfig, Underlying
    /// >>> config = InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("XBT", "USD"))
    /// >>> engine = Engine(DefaultStrategy(), IndexedInstruments([config]), time_start=0)
    /// >>> view = engine.snapshot().instrument(0)
    /// >>> view.definition == config, view.name
    /// (True, 'kraken-xbt_usd')
    #[getter]
    #[gen_stub(override_return_type(
        type_repr = "barter_python.InstrumentConfig",
        imports = ("barter_python")
    ))]
    fn definition<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        definition(py, &self.run.indexed, self.known()?)
    }

    /// What it is: spot, perpetual, future or option, with its contract.
    #[getter]
    #[gen_stub(override_return_type(
        type_repr = "barter_python.system.InstrumentKind",
        imports = ("barter_python.system")
    ))]
    fn kind<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        kind(py, &self.run.indexed, self.known()?)
    }

    /// The exchange's rules for orders; `None` where the configuration has none.
    #[getter]
    #[gen_stub(override_return_type(
        type_repr = "barter_python.system.InstrumentSpec | None",
        imports = ("barter_python.system")
    ))]
    fn spec<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        spec(py, &self.run.indexed, self.known()?)
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

    /// A copy of the order book (level 2), made when it is asked for; `None` before its first event.
    ///
    /// It is what the snapshots and updates have made it, even where a newer L1 gives the best prices.
    #[getter]
    fn book(&self) -> PyResult<Option<OrderBook>> {
        self.market(|market| market.book().cloned().map(OrderBook))
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

    /// The highest bid's price, of the last L1 or of the order book, whichever is newer.
    #[getter]
    fn best_bid(&self) -> PyResult<Option<Dec>> {
        self.market(|market| market.quote.l1.best_bid.map(|level| Dec(level.price)))
    }

    /// `best_bid` as the nearest float.
    #[getter]
    fn best_bid_f64(&self) -> PyResult<Option<f64>> {
        self.market(|market| present(market.quote.best_bid_f64))
    }

    /// The lowest ask's price, of the last L1 or of the order book, whichever is newer.
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

    /// The open position of one strategy, where several trade the instrument.
    ///
    /// It is made of the fills of orders with this strategy's id, by a position manager of barter's.
    /// `position` is that of all together.
    ///
    /// Parameters
    /// ----------
    /// strategy_id : StrategyId or str
    ///     Whose.
    fn position_of(&self, strategy_id: Id<StrategyIdClass>) -> PyResult<Option<OpenPosition>> {
        let strategy_id = StrategyId(strategy_id.0);
        self.read(|state| {
            let position = state.data.by_strategy()?.get(&strategy_id)?;
            Some(OpenPosition::from_barter(position, state.data.price()))
        })
    }

    /// The open positions of all strategies by id, in the order of the ids.
    #[getter]
    fn positions_by_strategy(&self) -> PyResult<BTreeMap<String, OpenPosition>> {
        self.read(|state| {
            let positions = state.data.by_strategy().into_iter();
            let positions = positions.flat_map(StrategyPositions::iter);
            let price = state.data.price();
            positions
                .map(|(id, position)| (id.to_string(), OpenPosition::from_barter(position, price)))
                .collect()
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

    /// The order with that id, in flight or open; `None` where there is none.
    ///
    /// Parameters
    /// ----------
    /// cid : ClientOrderId or str
    ///     The order's id.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import DefaultStrategy, Engine, ExchangeId, IndexedInstruments
    /// >>> from barter_python import InstrumentConfig, Side, Underlying
    /// >>> from barter_python.engine import SendOpenRequests
    /// >>> instruments = IndexedInstruments(
    /// ...     [InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))])
    /// >>> engine = Engine(DefaultStrategy(), instruments, time_start=0)
    /// >>> view = engine.snapshot().instrument(0)
    /// >>> request = view.limit_order(Side.BUY, 99, 1, strategy_id="me", cid="mine")
    /// >>> _ = engine.process(SendOpenRequests([request]))
    /// >>> order = engine.snapshot().instrument(0).order("mine")
    /// >>> None if order is None else order.status
    /// <OrderStatus.OPEN_IN_FLIGHT: 'open_in_flight'>
    fn order(&self, cid: Id<ClientOrderIdClass>) -> PyResult<Option<Order>> {
        let cid = ClientOrderId(cid.0);
        self.read(|state| state.orders.0.get(&cid).map(Order::from))
    }

    /// barter's figures of the instrument's closed positions, from the start until now.
    ///
    /// Nothing changes: they are generated on a copy. `BacktestResult.statistics` has those that barter's
    /// tear sheet has wrong.
    ///
    /// Parameters
    /// ----------
    /// risk_free_return : Decimal or int
    ///     What is earned without a risk; barter takes it off the mean return as it is.
    /// interval : TimeInterval or timedelta
    ///     What ratios and returns are scaled to, of whole seconds; a year of 365 days when not given.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     When a ratio does not fit, or the interval is not positive or has a fraction of a second.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import DefaultStrategy, Engine, ExchangeId, IndexedInstruments
    /// >>> from barter_python import InstrumentConfig, Underlying
    /// >>> instruments = IndexedInstruments(
    /// ...     [InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))])
    /// >>> engine = Engine(DefaultStrategy(), instruments, time_start=0)
    /// >>> engine.snapshot().instrument(0).tear_sheet().pnl
    /// Decimal('0')
    #[pyo3(signature = (*, risk_free_return=Dec(Decimal::ZERO), interval=Interval::ANNUAL_365))]
    fn tear_sheet(
        &self,
        #[pyo3(from_py_with = risk_free_return)] risk_free_return: Dec,
        #[pyo3(from_py_with = interval)] interval: Interval,
    ) -> PyResult<TearSheet> {
        let generator = self.read(|state| state.tear_sheet.clone())?;
        tear_sheet(generator, risk_free_return.0, interval)
    }

    /// A request for a market order at the best opposite price.
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
    /// time_in_force : TimeInForce, optional
    ///     `FILL_OR_KILL` fills all of it or nothing; `IMMEDIATE_OR_CANCEL` when not given.
    /// cid : ClientOrderId or str, optional
    ///     The order's id, a new one when it is not given.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     When the quantity is not positive, or no price is known yet.
    #[pyo3(signature = (side, quantity, *, strategy_id, time_in_force=None, cid=None))]
    #[gen_stub(override_return_type(
        type_repr = "barter_python.OrderRequestOpen",
        imports = ("barter_python")
    ))]
    #[allow(clippy::too_many_arguments)]
    fn market_order<'py>(
        &self,
        py: Python<'py>,
        #[pyo3(from_py_with = side)] side: PySide,
        #[pyo3(from_py_with = quantity)] quantity: Dec,
        strategy_id: Id<StrategyIdClass>,
        #[pyo3(from_py_with = time_in_force)] time_in_force: Option<PyTimeInForce>,
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
        let time_in_force = time_in_force.map_or(TimeInForce::ImmediateOrCancel, |time| time.0);
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
        #[pyo3(from_py_with = time_in_force)] time_in_force: Option<PyTimeInForce>,
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
        let shown = self.read(|state| {
            let rounded = |number: Decimal| number.round_dp(8).normalize().to_string();
            let price = state.data.price();
            let price = price.map_or_else(|| "unknown".to_owned(), rounded);
            let position = state.position.current.as_ref().map_or_else(
                || "no position".to_owned(),
                |position| {
                    let side = match position.side {
                        Side::Buy => "long",
                        Side::Sell => "short",
                    };
                    format!("{side} {}", position.quantity_abs.normalize())
                },
            );
            let orders = match state.orders.0.len() {
                0 => "no orders".to_owned(),
                1 => "1 order".to_owned(),
                count => format!("{count} orders"),
            };
            let (index, name) = (self.index, &state.instrument.name_internal);
            format!("<InstrumentView {index} {name}: price {price}, {position}, {orders}>")
        });
        shown.unwrap_or_else(|_| {
            format!(
                "<InstrumentView {} outside the callbacks of its run>",
                self.index
            )
        })
    }
}
