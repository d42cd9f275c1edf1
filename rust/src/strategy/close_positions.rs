//! Closing orders: the module `barter::strategy::close_positions`, called and not restated.

use crate::{
    convert::{Id, Index, Number, extract_named, named_argument},
    execution::{ClientOrderIdClass, PyOrderRequestOpen, StrategyIdClass},
    instrument::PySide,
    state::PyInstrumentFilter,
    view::EngineView,
};
use barter::{
    engine::state::{
        instrument::{data::InstrumentDataState, filter::InstrumentFilter},
        position::Position,
    },
    strategy::close_positions,
};
use barter_execution::{
    order::id::{ClientOrderId, StrategyId},
    trade::AssetFees,
};
use barter_instrument::{asset::QuoteAsset, exchange::ExchangeIndex, instrument::InstrumentIndex};
use chrono::DateTime;
use pyo3::{exceptions::PyValueError, prelude::*};
use pyo3_stub_gen::derive::gen_stub_pyfunction;
use rust_decimal::Decimal;
use smol_str::format_smolstr;
use std::cell::RefCell;

named_argument! {
    exchange: Index,
    instrument: Index,
    side: PySide,
    quantity: Number,
}

/// Reads `price`, of which closing orders need one: that it is missing is no matter of its type.
fn price(object: &Bound<'_, PyAny>) -> PyResult<Number> {
    if object.is_none() {
        return Err(PyValueError::new_err(
            "price is missing: a closing order needs one, got None",
        ));
    }
    extract_named("price", object)
}

/// barter's order that closes a position at once: a market order, immediate or cancel.
///
/// This is the binding of `barter::strategy::close_positions::build_ioc_market_order_to_close_position`.
/// `barter_python.strategy.build_ioc_market_order_to_close_position` takes a position and gives the
/// dataclass `OrderRequestOpen`, which is what strategies return: prefer it.
///
/// Parameters
/// ----------
/// exchange, instrument : int
///     Indices of the exchange and of the position's instrument.
/// side : Side
///     Side of the position; the order has the opposite side.
/// quantity : Decimal or int or float
///     Quantity of the position, positive. Floats are read by their shortest form.
/// strategy_id : StrategyId or str
///     Who asks.
/// price : Decimal or int or float
///     Price of the request; zero and below are accepted, as some instruments have such prices.
/// client_order_id : ClientOrderId or str, optional
///     The order's id, `close-{instrument}` when it is not given.
///
/// Raises
/// ------
/// ValueError
///     If a number is not finite or does not fit exactly into 28 digits, if the quantity is not
///     positive, if the price is `None`, if an index is negative or an id blank.
/// TypeError
///     If an argument is of another type; `bool` and `str` are no numbers.
///
/// Examples
/// --------
/// >>> from decimal import Decimal
/// >>> from barter_python import Side, build_ioc_market_order_to_close_position
/// >>> request = build_ioc_market_order_to_close_position(
/// ...     0, 1, Side.BUY, Decimal("0.50"), "ema", Decimal("2059.10"))
/// >>> request.side, request.quantity, request.client_order_id
/// (<Side.SELL: 'sell'>, Decimal('0.50'), 'close-1')
#[gen_stub_pyfunction(module = "barter_python._core")]
#[pyfunction]
#[pyo3(signature = (exchange, instrument, side, quantity, strategy_id, price, client_order_id=None))]
pub fn build_ioc_market_order_to_close_position(
    #[pyo3(from_py_with = exchange)] exchange: Index,
    #[pyo3(from_py_with = instrument)] instrument: Index,
    #[pyo3(from_py_with = side)] side: PySide,
    #[pyo3(from_py_with = quantity)] quantity: Number,
    strategy_id: Id<StrategyIdClass>,
    #[pyo3(from_py_with = price)] price: Number,
    client_order_id: Option<Id<ClientOrderIdClass>>,
) -> PyResult<PyOrderRequestOpen> {
    let quantity = check_quantity(quantity)?;
    let position = Position {
        instrument: InstrumentIndex(instrument.0),
        side: side.0,
        price_entry_average: price.0,
        quantity_abs: quantity,
        quantity_abs_max: quantity,
        pnl_unrealised: Decimal::ZERO,
        pnl_realised: Decimal::ZERO,
        fees_enter: AssetFees::default(),
        fees_exit: AssetFees::default(),
        time_enter: DateTime::UNIX_EPOCH,
        time_exchange_update: DateTime::UNIX_EPOCH,
        trades: Vec::new(),
    };
    let position: Position<QuoteAsset, InstrumentIndex> = position;
    Ok(close_positions::build_ioc_market_order_to_close_position(
        ExchangeIndex(exchange.0),
        &position,
        StrategyId(strategy_id.0),
        price.0,
        || match &client_order_id {
            Some(id) => ClientOrderId(id.0.clone()),
            None => ClientOrderId(format_smolstr!("close-{}", instrument.0)),
        },
    )
    .into())
}

/// Checks all that a closing order is made of, so that an id is asked for only when it can be made.
///
/// Parameters
/// ----------
/// exchange, instrument, side, quantity, price
///     As for `build_ioc_market_order_to_close_position`; the price may be missing.
/// skip_missing_price : bool
///     What to do when it is: give `False`, or raise `ValueError`.
///
/// Returns
/// -------
/// bool
///     Whether the order can be made.
///
/// Raises
/// ------
/// ValueError, TypeError
///     As `build_ioc_market_order_to_close_position` raises them.
#[gen_stub_pyfunction(module = "barter_python._core")]
#[pyfunction]
#[pyo3(signature = (exchange, instrument, side, quantity, price, *, skip_missing_price=false))]
pub fn check_closing_order(
    #[pyo3(from_py_with = exchange)] exchange: Index,
    #[pyo3(from_py_with = instrument)] instrument: Index,
    #[pyo3(from_py_with = side)] side: PySide,
    #[pyo3(from_py_with = quantity)] quantity: Number,
    #[gen_stub(override_type(type_repr = "decimal.Decimal | int | float | None", imports = ("decimal")))]
    price: &Bound<'_, PyAny>,
    skip_missing_price: bool,
) -> PyResult<bool> {
    // Extracting them was the check.
    let (Index(_), Index(_), PySide(_)) = (exchange, instrument, side);
    check_quantity(quantity)?;
    if price.is_none() && skip_missing_price {
        return Ok(false);
    }
    self::price(price).map(|Number(_)| true)
}

fn check_quantity(Number(quantity): Number) -> PyResult<Decimal> {
    if quantity <= Decimal::ZERO {
        return Err(PyValueError::new_err(format!(
            "quantity must be positive, got {quantity}"
        )));
    }
    Ok(quantity)
}

/// barter's orders that close the open positions of a running engine, in the order of its instruments.
///
/// This is the binding of `barter::strategy::close_positions::close_open_positions_with_market_orders`;
/// `barter_python.strategy.close_open_positions_with_market_orders` calls it when it is given an
/// `EngineView`: prefer it.
///
/// Parameters
/// ----------
/// strategy_id : StrategyId or str
///     Who asks.
/// state : EngineView
///     The running engine.
/// filter : InstrumentFilter
///     Which instruments.
/// gen_cid : callable, optional
///     Called once for each order with the instrument's view; `state.next_cid()` when it is not given,
///     or when it returns `None`.
/// skip_missing_price : bool
///     Whether a position without a price is passed over, as barter does, or raises `ValueError`.
#[gen_stub_pyfunction(module = "barter_python._core")]
#[pyfunction]
#[pyo3(signature = (strategy_id, state, filter, gen_cid=None, *, skip_missing_price=false))]
pub fn close_open_positions_with_market_orders(
    py: Python<'_>,
    strategy_id: Id<StrategyIdClass>,
    state: &EngineView,
    filter: &PyInstrumentFilter,
    #[gen_stub(override_type(
        type_repr = "collections.abc.Callable[[InstrumentView], barter_python.ClientOrderId | str | None] | None",
        imports = ("collections.abc", "barter_python")
    ))]
    gen_cid: Option<Py<PyAny>>,
    skip_missing_price: bool,
) -> PyResult<Vec<PyOrderRequestOpen>> {
    let strategy_id = StrategyId(strategy_id.0);
    let PyInstrumentFilter(filter) = filter;
    if !skip_missing_price {
        state.check_prices(filter)?;
    }
    // barter's function cannot fail: the first exception of `gen_cid` is stored and raised after it.
    let failure = RefCell::new(None);
    let requests = state.read(|engine_state| {
        let (_, requests) = close_positions::close_open_positions_with_market_orders(
            &strategy_id,
            engine_state,
            filter,
            |instrument| {
                let cid = state.client_order_id(py, gen_cid.as_ref(), instrument.key, &failure);
                cid.unwrap_or_else(|| ClientOrderId::new(""))
            },
        );
        requests
            .into_iter()
            .map(PyOrderRequestOpen::from)
            .collect::<Vec<_>>()
    })?;
    match failure.into_inner() {
        Some(error) => Err(error),
        None => Ok(requests),
    }
}

impl EngineView {
    /// An id for a closing order; `None` when `gen_cid` has failed, now or before.
    fn client_order_id(
        &self,
        py: Python<'_>,
        gen_cid: Option<&Py<PyAny>>,
        instrument: InstrumentIndex,
        failure: &RefCell<Option<PyErr>>,
    ) -> Option<ClientOrderId> {
        if failure.borrow().is_some() {
            return None;
        }
        let Some(gen_cid) = gen_cid else {
            return Some(self.next_client_order_id());
        };
        let given = (|| {
            let view = self.instrument_view(py, instrument.index())?;
            let returned: Option<Id<ClientOrderIdClass>> =
                gen_cid.call1(py, (view,))?.extract(py)?;
            PyResult::Ok(returned)
        })();
        match given {
            Ok(Some(id)) => Some(ClientOrderId(id.0)),
            Ok(None) => Some(self.next_client_order_id()),
            Err(error) => {
                failure.replace(Some(error));
                None
            }
        }
    }

    /// Raises when an open position that passes the filter has no price.
    fn check_prices(&self, filter: &InstrumentFilter) -> PyResult<()> {
        let missing = self.read(|state| {
            let mut instruments = state.instruments.instruments(filter);
            instruments
                .find(|instrument| {
                    instrument.position.current.is_some() && instrument.data.price().is_none()
                })
                .map(|instrument| instrument.instrument.name_internal.to_string())
        })?;
        match missing {
            Some(name) => Err(PyValueError::new_err(format!(
                "no price is known for the open position in {name}; \
                 on_missing_price=\"skip\" passes it over"
            ))),
            None => Ok(()),
        }
    }
}
