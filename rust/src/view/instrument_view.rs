//! What a strategy sees of one instrument: prices, position and orders, read in place.

use crate::{
    convert::{Dec, Id, Index, UnderlyingIndices, f64_from_decimal, named_argument},
    data::{Candle, MarketState, OrderBook},
    error::{Error, KeyKind},
    execution::{ClientOrderIdClass, Order, StrategyIdClass},
    indicators::NodeText,
    instrument::{BarterInstrument, PyExchangeId, definition, kind, spec},
    state::{InstrumentData, OpenPosition, Quote, SharedRun, StrategyPositions, TradeLogs},
    statistic::{Interval, TearSheet, tear_sheet},
    stops::Stop,
};
use barter::engine::state::{
    instrument::{InstrumentState, data::InstrumentDataState},
    order::manager::OrderManager,
};
use barter_execution::order::id::{ClientOrderId, StrategyId};
use barter_instrument::{Side, instrument::InstrumentIndex};
use pyo3::{PyTraverseError, PyVisit, prelude::*};
use pyo3_stub_gen::derive::{gen_stub_pyclass, gen_stub_pymethods};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use std::collections::BTreeMap;

/// An instrument of the running engine, as a strategy's callbacks see it.
///
/// Reads `barter::engine::state::instrument::InstrumentState` in place; valid where its `EngineView`
/// is. Prices are exact decimals; their twins that end in `_f64` are the nearest floats, for
/// indicators.
///
/// Examples
/// --------
/// >>> from barter_python import DefaultStrategy, Engine, ExchangeId, IndexedInstruments
/// >>> from barter_python import InstrumentConfig, Side, Underlying
/// >>> config = InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))
/// >>> engine = Engine(DefaultStrategy(), IndexedInstruments([config]), time_start=0)
/// >>> view = engine.snapshot().instrument(0)
/// >>> view.price, view.position, view.position_of("me"), view.orders
/// (None, None, None, [])
/// >>> price = view.round_price(99.123456, Side.BUY)
/// >>> order = view.limit_order(
/// ...     Side.BUY, price=price, quantity=view.round_quantity(0.5), strategy_id="me", cid="first")
/// >>> order.state.price, order.state.quantity, str(order.key.cid)
/// (Decimal('99.123456'), Decimal('0.5'), 'first')
#[gen_stub_pyclass]
#[pyclass(frozen, module = "barter_python._core")]
pub struct InstrumentView {
    pub(super) run: SharedRun,
    pub(super) index: usize,
    pub(super) trade_ids: TradeLogs,
}

impl InstrumentView {
    fn read<R>(&self, read: impl FnOnce(&InstrumentState<InstrumentData>) -> R) -> PyResult<R> {
        let value = self.run.state.read(|state| {
            state
                .instruments
                .0
                .get_index(self.index)
                .map(|(_, state)| read(state))
        })?;
        Ok(value.ok_or_else(|| self.unknown())?)
    }

    fn unknown(&self) -> Error {
        let text = format!("there is no instrument {}", self.index);
        Error::unknown(KeyKind::Instrument, self.index, text)
    }

    pub(super) fn market<R>(&self, read: impl FnOnce(&MarketState) -> R) -> PyResult<R> {
        self.read(|state| read(&state.data.market))
    }

    pub(super) fn known(&self) -> PyResult<&BarterInstrument> {
        self.run.state.read(|_| ())?;
        Ok(self
            .run
            .indexed
            .instrument(self.index)
            .ok_or_else(|| self.unknown())?)
    }

    /// A price of quotes; the run notes where there is none although another price is known.
    #[inline]
    fn quote<T>(
        &self,
        quote: Quote,
        read: impl FnOnce(&MarketState) -> Option<T>,
    ) -> PyResult<Option<T>> {
        self.market(|market| {
            let price = read(market);
            // Once it was there, nothing more is to be known.
            if !self.run.quotes.was_present(quote) {
                self.note_read(quote, price.is_some(), market);
            }
            price
        })
    }

    #[cold]
    fn note_read(&self, quote: Quote, is_present: bool, market: &MarketState) {
        if is_present || market.price().is_some() {
            self.run.quotes.note(quote, is_present);
        }
    }
}

named_argument! {
    risk_free_return: Dec,
    interval: Option<Interval>,
}

/// A float, `None` if it is NaN.
fn present(float: f64) -> Option<f64> {
    (!float.is_nan()).then_some(float)
}

#[pymethods]
impl InstrumentView {
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.run.visit(&visit)
    }
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
        self.read(|state| state.data.own.as_ref().map(|data| data.object(py)))
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
        type_repr = "barter_python.instrument.InstrumentKind",
        imports = ("barter_python")
    ))]
    fn kind<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        kind(py, &self.run.indexed, self.known()?)
    }

    /// The exchange's rules for orders; `None` if the configuration has none.
    #[getter]
    #[gen_stub(override_return_type(
        type_repr = "barter_python.instrument.InstrumentSpec | None",
        imports = ("barter_python")
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

    /// Half way between best bid and best ask; `None` without both, as with trades and candles only.
    #[getter]
    fn mid(&self) -> PyResult<Option<Dec>> {
        self.quote(Quote::Mid, |market| market.mid().map(Dec))
    }

    /// `mid` as the nearest float.
    #[getter]
    fn mid_f64(&self) -> PyResult<Option<f64>> {
        self.quote(Quote::Mid, |market| present(market.quote.mid_f64))
    }

    /// The highest bid's price, of the last L1 or of the order book, whichever is newer.
    #[getter]
    fn best_bid(&self) -> PyResult<Option<Dec>> {
        self.quote(Quote::BestBid, |market| {
            market.quote.l1.best_bid.map(|level| Dec(level.price))
        })
    }

    /// `best_bid` as the nearest float.
    #[getter]
    fn best_bid_f64(&self) -> PyResult<Option<f64>> {
        self.quote(Quote::BestBid, |market| present(market.quote.best_bid_f64))
    }

    /// The lowest ask's price, of the last L1 or of the order book, whichever is newer.
    #[getter]
    fn best_ask(&self) -> PyResult<Option<Dec>> {
        self.quote(Quote::BestAsk, |market| {
            market.quote.l1.best_ask.map(|level| Dec(level.price))
        })
    }

    /// `best_ask` as the nearest float.
    #[getter]
    fn best_ask_f64(&self) -> PyResult<Option<f64>> {
        self.quote(Quote::BestAsk, |market| present(market.quote.best_ask_f64))
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

    /// The last candle: of the history, or of those that the run builds from trades (`candles` of
    /// `run_backtest`).
    #[getter]
    fn candle(&self) -> PyResult<Option<Candle>> {
        self.market(|market| {
            let (candle, _) = market.candle.as_ref()?;
            Some((&**candle).into())
        })
    }

    /// The last value of an indicator or a condition of `barter_python.indicators`.
    ///
    /// Parameters
    /// ----------
    /// node : Node
    ///     A condition of the strategy's `wake_on`, or a condition or an indicator inside one. The value of
    ///     a condition is 0 if it did not hold at the last event of the instrument.
    ///
    /// Returns
    /// -------
    /// float or None
    ///     The value; `None` before there is one.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If it is neither in the strategy's `wake_on` nor inside one of the conditions there.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import DefaultStrategy, Engine, ExchangeId, IndexedInstruments
    /// >>> from barter_python import InstrumentConfig, Underlying
    /// >>> from barter_python.indicators import CrossesAbove, Ema, Source
    /// >>> average = Ema(Source.MID, 50)
    /// >>> class Patient(DefaultStrategy):
    /// ...     wake_on = (CrossesAbove(Source.MID, average),)
    /// >>> config = InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))
    /// >>> engine = Engine(Patient(), IndexedInstruments([config]), time_start=0)
    /// >>> engine.snapshot().instrument(0).value(average) is None
    /// True
    fn value(&self, node: NodeText) -> PyResult<Option<f64>> {
        self.read(|state| {
            let indicators = state.data.indicators.as_deref();
            let position = self.run.indicators.of(node, indicators)?;
            Ok(indicators.and_then(|indicators| indicators.value(position)))
        })?
    }

    /// The open position, if there is one.
    #[getter]
    fn position(&self) -> PyResult<Option<OpenPosition>> {
        self.read(|state| {
            let position = state.position.current.as_ref()?;
            // Each has its own count of those that were closed before it.
            let closed = state.tear_sheet.pnl_returns.total.count;
            let number = closed.to_u64().unwrap_or_default();
            let trades = self.trade_ids.of_all(number, &position.trades);
            Some(OpenPosition::with_trades(
                position,
                state.data.price(),
                trades,
            ))
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
            let (position, number) = state.data.by_strategy()?.get(&strategy_id)?;
            let logs = &self.trade_ids;
            let trades = logs.of_strategy(&strategy_id, number, &position.trades);
            Some(OpenPosition::with_trades(
                position,
                state.data.price(),
                trades,
            ))
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
                .map(|(id, (position, number))| {
                    let logs = &self.trade_ids;
                    let trades = logs.of_strategy(id, number, &position.trades);
                    let position = OpenPosition::with_trades(position, price, trades);
                    (id.to_string(), position)
                })
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

    /// The stops that wait for a price of the instrument, in the order of their ids.
    ///
    /// They are held by the run, and are not among `orders` before they are triggered.
    #[getter]
    fn stops(&self) -> PyResult<Vec<Stop>> {
        self.read(|_| ())?;
        Ok(self.run.stops.of(InstrumentIndex(self.index)))
    }

    /// Whether an order is in flight or open.
    #[getter]
    fn has_orders(&self) -> PyResult<bool> {
        self.read(|state| !state.orders.0.is_empty())
    }

    /// The order with that id, in flight or open; `None` if there is none.
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
    /// >>> request = view.limit_order(Side.BUY, price=99, quantity=1, strategy_id="me", cid="mine")
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
    /// Nothing changes: they are generated on a copy. `BacktestResult.statistics` has the right
    /// values of the figures that barter's tear sheet has wrong.
    ///
    /// Parameters
    /// ----------
    /// risk_free_return : Decimal or int
    ///     What is earned without a risk; barter takes it off the mean return as it is.
    /// interval : TimeInterval or timedelta, optional
    ///     What ratios and returns are scaled to, of whole seconds; a year of 365 days when not given.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If a ratio does not fit, or the interval is not positive or has a fraction of a second.
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
    #[pyo3(
        signature = (*, risk_free_return=Dec(Decimal::ZERO), interval=None),
        text_signature = "($self, *, risk_free_return=0, interval=None)"
    )]
    fn tear_sheet(
        &self,
        #[pyo3(from_py_with = risk_free_return)] risk_free_return: Dec,
        #[pyo3(from_py_with = interval)] interval: Option<Interval>,
    ) -> PyResult<TearSheet> {
        let interval = interval.unwrap_or(Interval::ANNUAL_365);
        let generator = self.read(|state| state.tear_sheet.clone())?;
        tear_sheet(generator, risk_free_return.0, interval)
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
