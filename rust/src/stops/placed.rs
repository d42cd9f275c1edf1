//! A stop as the run holds it.

use super::order::{StopOrder, TakeProfitOrder, TrailingStopOrder, TriggerPrice};
use crate::convert::Index;
use barter_execution::order::id::StrategyId;
use barter_instrument::{Side, instrument::InstrumentIndex};
use pyo3::{exceptions::PyTypeError, prelude::*};
use pyo3_stub_gen::{PyStubType, TypeInfo};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What kind of stop it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Kind {
    Stop,
    TakeProfit,
    /// It has seen the extreme price: the highest of a sale, the lowest of a purchase.
    Trailing {
        distance: Decimal,
        extreme: Decimal,
    },
}

/// A stop that waits.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PlacedStop {
    pub id: u64,
    /// The id of the first of those of which one cancels the others.
    pub group: u64,
    pub instrument: InstrumentIndex,
    pub strategy: StrategyId,
    pub side: Side,
    pub quantity: Decimal,
    pub kind: Kind,
    pub trigger_price: Decimal,
    pub limit_price: Option<Decimal>,
    pub trigger: TriggerPrice,
    pub until_closed: bool,
}

impl PlacedStop {
    /// Whether a falling price triggers it.
    pub const fn is_below(&self) -> bool {
        match (self.kind, self.side) {
            (Kind::Stop | Kind::Trailing { .. }, Side::Sell) | (Kind::TakeProfit, Side::Buy) => {
                true
            }
            (Kind::Stop | Kind::Trailing { .. }, Side::Buy) | (Kind::TakeProfit, Side::Sell) => {
                false
            }
        }
    }
}

/// The trigger of a trailing stop.
pub fn trailing_trigger(side: Side, extreme: Decimal, distance: Decimal) -> Decimal {
    match side {
        Side::Sell => extreme.saturating_sub(distance),
        Side::Buy => extreme.saturating_add(distance),
    }
}

/// One of the three orders that can be placed.
pub enum StopRequest {
    Stop(StopOrder),
    TakeProfit(TakeProfitOrder),
    Trailing(TrailingStopOrder),
}

impl StopRequest {
    /// Index of the instrument.
    pub const fn instrument(&self) -> usize {
        let Index(index) = match self {
            Self::Stop(order) => order.instrument,
            Self::TakeProfit(order) => order.instrument,
            Self::Trailing(order) => order.instrument,
        };
        index
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for StopRequest {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(order) = object.extract() {
            return Ok(Self::Stop(order));
        }
        if let Ok(order) = object.extract() {
            return Ok(Self::TakeProfit(order));
        }
        if let Ok(order) = object.extract() {
            return Ok(Self::Trailing(order));
        }
        Err(PyTypeError::new_err(format!(
            "place_stop takes a StopOrder, TakeProfitOrder or TrailingStopOrder, got {}",
            object.get_type().name()?
        )))
    }
}

impl PyStubType for StopRequest {
    fn type_output() -> TypeInfo {
        StopOrder::type_output() | TakeProfitOrder::type_output() | TrailingStopOrder::type_output()
    }
}

/// A request without what the run adds when it is placed.
pub struct Wanted {
    pub instrument: Index,
    pub side: Side,
    pub quantity: Decimal,
    pub trigger: TriggerPrice,
    pub strategy_id: Option<String>,
    pub until_closed: bool,
    pub limit_price: Option<Decimal>,
    pub goal: Goal,
}

/// What a stop waits for.
pub enum Goal {
    Stop(Decimal),
    TakeProfit(Decimal),
    Trailing(Decimal),
}

impl From<StopRequest> for Wanted {
    fn from(request: StopRequest) -> Self {
        match request {
            StopRequest::Stop(StopOrder {
                instrument,
                side,
                quantity,
                trigger_price,
                limit_price,
                trigger,
                strategy_id,
                until_closed,
            }) => Self {
                instrument,
                side: side.0,
                quantity: quantity.0,
                trigger: trigger.0,
                strategy_id,
                until_closed,
                limit_price: limit_price.map(|limit| limit.0),
                goal: Goal::Stop(trigger_price.0),
            },
            StopRequest::TakeProfit(TakeProfitOrder {
                instrument,
                side,
                quantity,
                trigger_price,
                limit_price,
                trigger,
                strategy_id,
                until_closed,
            }) => Self {
                instrument,
                side: side.0,
                quantity: quantity.0,
                trigger: trigger.0,
                strategy_id,
                until_closed,
                limit_price: limit_price.map(|limit| limit.0),
                goal: Goal::TakeProfit(trigger_price.0),
            },
            StopRequest::Trailing(TrailingStopOrder {
                instrument,
                side,
                quantity,
                distance,
                trigger,
                strategy_id,
                until_closed,
            }) => Self {
                instrument,
                side: side.0,
                quantity: quantity.0,
                trigger: trigger.0,
                strategy_id,
                until_closed,
                limit_price: None,
                goal: Goal::Trailing(distance.0),
            },
        }
    }
}
