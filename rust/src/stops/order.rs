//! What stops look like in Python.

use super::placed::{Kind, PlacedStop};
use crate::{
    convert::{Dec, Index, py_enum, record},
    data::MAGNITUDE_LIMIT,
    instrument::PySide,
};
use pyo3::{exceptions::PyValueError, prelude::*};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The price that a stop waits for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum TriggerPrice {
    /// That at which positions are valued.
    Mark,
    /// That of the last trade.
    LastTrade,
}

py_enum! {
    /// Which price of the market triggers a stop.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python.stops import TriggerPrice
    /// >>> [price.value for price in TriggerPrice]
    /// ['mark', 'last_trade']
    pub enum PyTriggerPrice(TriggerPrice) as "TriggerPrice" {
        /// The price at which positions are valued: the mid; without one the last trade, else the candle.
        MARK = "mark" => TriggerPrice::Mark,
        /// The price of the last trade; while there is none, the candle.
        LAST_TRADE = "last_trade" => TriggerPrice::LastTrade,
    }
}

/// It is there in every kind of history.
const DEFAULT_TRIGGER: PyTriggerPrice = PyTriggerPrice(TriggerPrice::Mark);

/// The kind of a stop.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum StopKind {
    /// Against the position.
    Stop,
    /// In favour of it.
    TakeProfit,
    /// A stop that follows the price.
    Trailing,
}

py_enum! {
    /// The kind of a stop that a run holds.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python.stops import StopKind
    /// >>> [kind.value for kind in StopKind]
    /// ['stop', 'take_profit', 'trailing']
    pub enum PyStopKind(StopKind) as "StopKind" {
        /// A sale if the price falls to the trigger, a purchase if it rises to it.
        STOP = "stop" => StopKind::Stop,
        /// A sale if the price rises to the trigger, a purchase if it falls to it.
        TAKE_PROFIT = "take_profit" => StopKind::TakeProfit,
        /// A stop whose trigger follows the price at a distance, and never comes back.
        TRAILING = "trailing" => StopKind::Trailing,
    }
}

record! {
    /// A stop to place: it sells if the price falls to the trigger, or buys if it rises to it.
    ///
    /// `EngineView.place_stop` places it. Once triggered it is a market order, or a limit order if there
    /// is a `limit_price`.
    ///
    /// Parameters
    /// ----------
    /// instrument : int
    ///     Index of the instrument.
    /// side : Side
    ///     Side of the order.
    /// quantity : Decimal or int
    ///     Quantity of the order in the base asset, positive.
    /// trigger_price : Decimal or int
    ///     The price that triggers it, in the quote asset, positive.
    /// limit_price : Decimal or int, optional
    ///     The worst price to accept once triggered; a market order if `None`.
    /// trigger : TriggerPrice
    ///     Which price of the market triggers it.
    /// strategy_id : str, optional
    ///     Id of the strategy whose order it is; if `None`, that of the strategy that is being called.
    /// until_closed : bool
    ///     Whether the closing of the instrument's position withdraws it.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If the quantity or a price is not positive or is too large.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import Side, StopOrder
    /// >>> StopOrder(0, Side.SELL, quantity=1, trigger_price=95).trigger
    /// <TriggerPrice.MARK: 'mark'>
    #[checked(
        instrument, side, *, quantity, trigger_price, limit_price=None, trigger=DEFAULT_TRIGGER,
        strategy_id=None, until_closed=false
    )]
    pub struct StopOrder {
        /// Index of the instrument.
        instrument: Index,
        /// Side of the order.
        side: PySide,
        /// Quantity of the order, in the base asset.
        quantity: Dec,
        /// The price that triggers it, in the quote asset.
        trigger_price: Dec,
        /// The worst price to accept once triggered; `None` for a market order.
        limit_price: Option<Dec>,
        /// Which price of the market triggers it.
        trigger: PyTriggerPrice,
        /// Whose order it is; `None` for the strategy that is being called.
        strategy_id: Option<String>,
        /// Whether the closing of the instrument's position withdraws it.
        until_closed: bool,
    }
}

record! {
    /// A take-profit order to place: it sells if the price rises to the trigger, or buys if it falls to it.
    ///
    /// `EngineView.place_stop` places it. Once triggered it is a market order, or a limit order if there
    /// is a `limit_price`.
    ///
    /// Parameters
    /// ----------
    /// instrument : int
    ///     Index of the instrument.
    /// side : Side
    ///     Side of the order.
    /// quantity : Decimal or int
    ///     Quantity of the order in the base asset, positive.
    /// trigger_price : Decimal or int
    ///     The price that triggers it, in the quote asset, positive.
    /// limit_price : Decimal or int, optional
    ///     The worst price to accept once triggered; a market order if `None`.
    /// trigger : TriggerPrice
    ///     Which price of the market triggers it.
    /// strategy_id : str, optional
    ///     Id of the strategy whose order it is; if `None`, that of the strategy that is being called.
    /// until_closed : bool
    ///     Whether the closing of the instrument's position withdraws it.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If the quantity or a price is not positive or is too large.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import Side, TakeProfitOrder
    /// >>> TakeProfitOrder(0, Side.SELL, quantity=1, trigger_price=110, until_closed=True).trigger_price
    /// Decimal('110')
    #[checked(
        instrument, side, *, quantity, trigger_price, limit_price=None, trigger=DEFAULT_TRIGGER,
        strategy_id=None, until_closed=false
    )]
    pub struct TakeProfitOrder {
        /// Index of the instrument.
        instrument: Index,
        /// Side of the order.
        side: PySide,
        /// Quantity of the order, in the base asset.
        quantity: Dec,
        /// The price that triggers it, in the quote asset.
        trigger_price: Dec,
        /// The worst price to accept once triggered; `None` for a market order.
        limit_price: Option<Dec>,
        /// Which price of the market triggers it.
        trigger: PyTriggerPrice,
        /// Whose order it is; `None` for the strategy that is being called.
        strategy_id: Option<String>,
        /// Whether the closing of the instrument's position withdraws it.
        until_closed: bool,
    }
}

record! {
    /// A trailing stop to place: a stop whose trigger follows the price at a distance.
    ///
    /// The trigger of a sale is the highest price since it was placed, less the distance; that of a
    /// purchase is the lowest, plus the distance. `EngineView.place_stop` places it. Once triggered it is a
    /// market order.
    ///
    /// Parameters
    /// ----------
    /// instrument : int
    ///     Index of the instrument.
    /// side : Side
    ///     Side of the order.
    /// quantity : Decimal or int
    ///     Quantity of the order in the base asset, positive.
    /// distance : Decimal or int
    ///     The distance from the price, in the quote asset, positive.
    /// trigger : TriggerPrice
    ///     Which price of the market it follows.
    /// strategy_id : str, optional
    ///     Id of the strategy whose order it is; if `None`, that of the strategy that is being called.
    /// until_closed : bool
    ///     Whether the closing of the instrument's position withdraws it.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If the quantity or the distance is not positive or is too large.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import Side, TrailingStopOrder
    /// >>> TrailingStopOrder(0, Side.SELL, quantity=1, distance=5).distance
    /// Decimal('5')
    #[checked(
        instrument, side, *, quantity, distance, trigger=DEFAULT_TRIGGER, strategy_id=None,
        until_closed=false
    )]
    pub struct TrailingStopOrder {
        /// Index of the instrument.
        instrument: Index,
        /// Side of the order.
        side: PySide,
        /// Quantity of the order, in the base asset.
        quantity: Dec,
        /// The distance of the trigger from the price, in the quote asset.
        distance: Dec,
        /// Which price of the market it follows.
        trigger: PyTriggerPrice,
        /// Whose order it is; `None` for the strategy that is being called.
        strategy_id: Option<String>,
        /// Whether the closing of the instrument's position withdraws it.
        until_closed: bool,
    }
}

record! {
    /// A stop that waits for its trigger: `InstrumentView.stops` has those of an instrument.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import NO_ORDERS, Side, Strategy
    /// >>> from barter_python.stops import StopOrder
    /// >>> class Protects(Strategy):
    /// ...     strategy_id = "protects"
    /// ...     def generate_algo_orders(self, state, /):
    /// ...         view = state.instrument(0)
    /// ...         if view.position is not None and not view.stops:
    /// ...             stop = state.place_stop(StopOrder(0, Side.SELL, quantity=1, trigger_price=95))
    /// ...             print(stop.id, stop.trigger_price)
    /// ...         return NO_ORDERS
    #[signature(
        *, id, kind, instrument, strategy_id, side, quantity, trigger_price, limit_price, distance, trigger,
        group, until_closed
    )]
    pub struct Stop {
        /// Its number, from 1, over all stops of the run.
        id: u64,
        /// Kind of the stop.
        kind: PyStopKind,
        /// Index of the instrument.
        instrument: Index,
        /// Whose order it becomes.
        strategy_id: String,
        /// Side of the order.
        side: PySide,
        /// Quantity of the order, in the base asset.
        quantity: Dec,
        /// The price that triggers it now, in the quote asset.
        trigger_price: Dec,
        /// The worst price to accept once triggered; `None` for a market order.
        limit_price: Option<Dec>,
        /// The distance of a trailing stop; `None` for other kinds.
        distance: Option<Dec>,
        /// Which price of the market triggers it.
        trigger: PyTriggerPrice,
        /// The same for all stops of which one cancels the others: the `id` of the first.
        group: u64,
        /// Whether the closing of the instrument's position withdraws it.
        until_closed: bool,
    }
}

record! {
    /// What triggered an order that a stop has become.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python.stops import StopKind, StopTrigger
    /// >>> StopTrigger(1, StopKind.STOP, trigger_price=95, price=94).price
    /// Decimal('94')
    #[derive(Serialize, Deserialize)]
    #[signature(stop_id, kind, *, trigger_price, price)]
    pub struct StopTrigger {
        /// `id` of the stop.
        stop_id: u64,
        /// Kind of the stop.
        kind: PyStopKind,
        /// The price that it waited for, in the quote asset.
        trigger_price: Dec,
        /// The price that triggered it: beyond `trigger_price` if the market has jumped.
        price: Dec,
    }
}

fn check(name: &str, number: Dec) -> PyResult<()> {
    if number.0 <= Decimal::ZERO {
        return Err(PyValueError::new_err(format!(
            "{name} must be positive, got {}",
            number.0
        )));
    }
    if number.0 >= MAGNITUDE_LIMIT {
        return Err(PyValueError::new_err(format!(
            "{name} {} is too large, the limit is {MAGNITUDE_LIMIT}",
            number.0
        )));
    }
    Ok(())
}

fn check_all(quantity: Dec, price: (&str, Dec), limit_price: Option<Dec>) -> PyResult<()> {
    check("quantity", quantity)?;
    check(price.0, price.1)?;
    limit_price.map_or(Ok(()), |limit| check("limit_price", limit))
}

impl StopOrder {
    fn check(&self) -> PyResult<()> {
        let price = ("trigger_price", self.trigger_price);
        check_all(self.quantity, price, self.limit_price)
    }
}

impl TakeProfitOrder {
    fn check(&self) -> PyResult<()> {
        let price = ("trigger_price", self.trigger_price);
        check_all(self.quantity, price, self.limit_price)
    }
}

impl TrailingStopOrder {
    fn check(&self) -> PyResult<()> {
        check_all(self.quantity, ("distance", self.distance), None)
    }
}

impl From<Kind> for PyStopKind {
    fn from(kind: Kind) -> Self {
        Self(match kind {
            Kind::Stop => StopKind::Stop,
            Kind::TakeProfit => StopKind::TakeProfit,
            Kind::Trailing { .. } => StopKind::Trailing,
        })
    }
}

impl From<&PlacedStop> for Stop {
    fn from(stop: &PlacedStop) -> Self {
        let PlacedStop {
            id,
            group,
            instrument,
            strategy,
            side,
            quantity,
            kind,
            trigger_price,
            limit_price,
            trigger,
            until_closed,
        } = stop;
        Self {
            id: *id,
            kind: (*kind).into(),
            instrument: Index(instrument.index()),
            strategy_id: strategy.to_string(),
            side: (*side).into(),
            quantity: Dec(*quantity),
            trigger_price: Dec(*trigger_price),
            limit_price: limit_price.map(Dec),
            distance: match kind {
                Kind::Trailing { distance, .. } => Some(Dec(*distance)),
                Kind::Stop | Kind::TakeProfit => None,
            },
            trigger: PyTriggerPrice(*trigger),
            group: *group,
            until_closed: *until_closed,
        }
    }
}
