//! Answers to cancels: `barter_execution::order::request`.

use super::{
    OrderFailure,
    contradiction::{Case, Contradiction},
    order::Fields,
};
use crate::convert::{Index, UtcTime, nanos, record};
use barter_execution::order::{
    OrderEvent, OrderKey,
    id::{ClientOrderId, StrategyId},
    request::OrderResponseCancel as BarterResponseCancel,
    state::Cancelled,
};
use barter_instrument::{exchange::ExchangeIndex, instrument::InstrumentIndex};
use pyo3::prelude::*;
use pyo3_stub_gen::derive::gen_stub_pymethods;
use serde::{Deserialize, Serialize};

record! {
    /// The answer to a cancel (`barter_execution::order::request::OrderResponseCancel`).
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If there is neither a `failure` nor `order_id` and `time_exchange`, or both.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import OrderResponseCancel
    /// >>> answer = OrderResponseCancel(
    /// ...     exchange=0, instrument=1, strategy_id="ema", client_order_id="cid-1", order_id="42",
    /// ...     time_exchange="2024-01-01T00:00:00Z")
    /// >>> answer.failure is None
    /// True
    #[derive(Serialize, Deserialize)]
    #[checked(
        *, exchange, instrument, strategy_id, client_order_id, order_id=None, time_exchange=None,
        failure=None
    )]
    pub struct OrderResponseCancel {
        /// Index of the exchange.
        exchange: Index,
        /// Index of the instrument.
        instrument: Index,
        /// Id of the strategy whose order it is.
        strategy_id: String,
        /// The order's id, chosen by the strategy.
        client_order_id: String,
        /// The exchange's id of the order; `None` if it was not cancelled.
        order_id: Option<String>,
        /// When the exchange cancelled it, in UTC; `None` if it did not.
        time_exchange: Option<UtcTime>,
        /// The reason why the order was not cancelled; `None` if it was.
        failure: Option<OrderFailure>,
    }
}

impl OrderResponseCancel {
    fn check(&self) -> Result<(), Contradiction> {
        BarterResponseCancel::try_from(self).map(drop)
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl OrderResponseCancel {
    /// `time_exchange` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_exchange_ns(&self) -> PyResult<Option<i64>> {
        self.time_exchange.map(|time| nanos(time.0)).transpose()
    }
}

impl From<&BarterResponseCancel> for OrderResponseCancel {
    fn from(response: &BarterResponseCancel) -> Self {
        let OrderEvent {
            key:
                OrderKey {
                    exchange,
                    instrument,
                    strategy,
                    cid,
                },
            state,
        } = response;
        let (order_id, time_exchange, failure) = match state {
            Ok(Cancelled { id, time_exchange }) => {
                (Some(id.to_string()), Some(UtcTime(*time_exchange)), None)
            }
            Err(error) => (None, None, Some(error.into())),
        };
        Self {
            exchange: Index(exchange.index()),
            instrument: Index(instrument.index()),
            strategy_id: strategy.to_string(),
            client_order_id: cid.to_string(),
            order_id,
            time_exchange,
            failure,
        }
    }
}

impl TryFrom<&OrderResponseCancel> for BarterResponseCancel {
    type Error = Contradiction;

    fn try_from(response: &OrderResponseCancel) -> Result<Self, Contradiction> {
        let OrderResponseCancel {
            exchange,
            instrument,
            strategy_id,
            client_order_id,
            order_id,
            time_exchange,
            failure,
        } = response;
        let case = if failure.is_some() {
            "with a failure"
        } else {
            "without a failure"
        };
        let mut fields = Fields {
            case: Case(case.to_owned()),
            order_id: order_id.as_ref(),
            filled_quantity: None,
            time_exchange: *time_exchange,
            failure: failure.as_ref(),
        };
        let state = if failure.is_some() {
            Err(fields.failure()?)
        } else {
            Ok(fields.cancelled()?)
        };
        fields.nothing_else()?;
        Ok(Self {
            key: OrderKey {
                exchange: ExchangeIndex(exchange.0),
                instrument: InstrumentIndex(instrument.0),
                strategy: StrategyId::new(strategy_id),
                cid: ClientOrderId::new(client_order_id),
            },
            state,
        })
    }
}
