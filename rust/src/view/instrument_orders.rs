//! The orders that a strategy makes of its view of an instrument.

use super::InstrumentView;
use crate::{
    convert::{Dec, Id, named_argument},
    execution::{ClientOrderIdClass, PyTimeInForce, StrategyIdClass, order_request_open},
    instrument::PySide,
};
use barter_execution::order::{
    OrderKey, OrderKind, TimeInForce,
    id::{ClientOrderId, StrategyId},
    request::{OrderRequestOpen, RequestOpen},
};
use barter_instrument::{exchange::ExchangeIndex, instrument::InstrumentIndex};
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
};
use pyo3_stub_gen::derive::gen_stub_pymethods;
use rust_decimal::Decimal;

named_argument! {
    side: PySide,
    price: Dec,
    quantity: Dec,
    time_in_force: Option<PyTimeInForce>,
}

impl InstrumentView {
    /// The id that is given, or that of the strategy being called.
    fn strategy_id(
        &self,
        method: &str,
        given: Option<Id<StrategyIdClass>>,
    ) -> PyResult<StrategyId> {
        if let Some(id) = given {
            return Ok(StrategyId(id.0));
        }
        let id = self.run.strategy_id().ok_or_else(|| {
            PyTypeError::new_err(format!(
                "{method} does not know whose order it is: give it strategy_id=..., or the strategy \
                 the attribute strategy_id, such as strategy_id = \"ema\" in its class"
            ))
        })?;
        Ok(StrategyId(id))
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
        strategy_id: StrategyId,
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
                    strategy: strategy_id,
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

#[gen_stub_pymethods]
#[pymethods]
impl InstrumentView {
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
    /// strategy_id : StrategyId or str, optional
    ///     Id of the strategy whose order it is. If it is not given, that of the strategy that is being
    ///     called: its attribute `strategy_id`, or its id in a `StrategyGroup`.
    /// time_in_force : TimeInForce, optional
    ///     `FILL_OR_KILL` fills all of it or nothing; `IMMEDIATE_OR_CANCEL` when not given.
    /// cid : ClientOrderId or str, optional
    ///     The order's id, a new one when it is not given.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If the quantity is not positive, or no price is known yet.
    /// TypeError
    ///     If no `strategy_id` is given, and the strategy has none.
    ///
    /// Examples
    /// --------
    /// A strategy that buys once and holds:
    ///
    /// >>> from barter_python import NO_ORDERS, EngineView, Orders, Side, Strategy
    /// >>> class Holds(Strategy):
    /// ...     strategy_id = "holds"
    /// ...     def generate_algo_orders(self, state: EngineView, /) -> Orders:
    /// ...         view = state.instrument(0)
    /// ...         if view.price is None or view.position is not None or view.has_orders:
    /// ...             return NO_ORDERS
    /// ...         return [], [view.market_order(Side.BUY, 1)]
    #[pyo3(signature = (side, quantity, *, strategy_id=None, time_in_force=None, cid=None))]
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
        strategy_id: Option<Id<StrategyIdClass>>,
        #[pyo3(from_py_with = time_in_force)] time_in_force: Option<PyTimeInForce>,
        cid: Option<Id<ClientOrderIdClass>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let strategy_id = self.strategy_id("market_order", strategy_id)?;
        let Some(price) = self.market(|market| market.price_of_market_order(side.0))? else {
            return Err(PyValueError::new_err(format!(
                "no price of {} is known yet",
                self.known()?.name_internal
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
    /// strategy_id : StrategyId or str, optional
    ///     Id of the strategy whose order it is. If it is not given, that of the strategy that is being
    ///     called: its attribute `strategy_id`, or its id in a `StrategyGroup`.
    /// time_in_force : TimeInForce, optional
    ///     How long the order stays open; if not given, until it is cancelled.
    /// cid : ClientOrderId or str, optional
    ///     The order's id, a new one when it is not given.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If the quantity is not positive.
    /// TypeError
    ///     If no `strategy_id` is given, and the strategy has none.
    #[pyo3(signature = (side, *, price, quantity, strategy_id=None, time_in_force=None, cid=None))]
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
        strategy_id: Option<Id<StrategyIdClass>>,
        #[pyo3(from_py_with = time_in_force)] time_in_force: Option<PyTimeInForce>,
        cid: Option<Id<ClientOrderIdClass>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let strategy_id = self.strategy_id("limit_order", strategy_id)?;
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
}
