//! Cancels, and orders that end by time.

use super::{
    SimulatedExchange,
    accepted::{Latest, Stage, number_of, order_id},
    account::Reserved,
    events,
    protocol::{Answer, AnsweredOrder},
    resting::{OrderRef, Resting},
};
use crate::{convert::datetime_from_nanos, error::Error};
use barter_execution::{
    AccountEvent,
    error::{ApiError, OrderError},
    order::{
        OrderKey,
        request::OrderRequestCancel,
        state::{Cancelled, OrderState},
    },
};
use barter_instrument::{exchange::ExchangeIndex, instrument::InstrumentIndex};
use chrono::{DateTime, Utc};

impl SimulatedExchange {
    /// Decides a cancel that the rate limit has admitted.
    pub(super) fn cancel(
        &mut self,
        time: DateTime<Utc>,
        request: &OrderRequestCancel,
    ) -> Result<Answer, Error> {
        let (key, order) = match self.order_to_cancel(request) {
            Ok(found) => found,
            Err((key, error)) => {
                return Ok(events::failed_cancel(key, OrderError::Rejected(error)));
            }
        };
        let resting = self.take(key.instrument, &order, Stage::Cancelled)?;
        let balance = self.free(key.exchange, resting.reserved, time)?;
        let cancelled = Cancelled {
            id: order_id(order.number),
            time_exchange: time,
        };
        Ok(Answer {
            exchange: key.exchange,
            order: Some(answered(&resting)),
            funded: None,
            events: vec![balance, events::cancelled(key, Ok(cancelled))],
        })
    }

    /// The resting order that a cancel is for, and the key that the answer carries; or that key, and the
    /// reason to refuse the cancel.
    fn order_to_cancel(
        &self,
        request: &OrderRequestCancel,
    ) -> Result<(OrderKey, OrderRef), (OrderKey, ApiError)> {
        let name = match &request.state.id {
            Some(id) => &id.0,
            None => &request.key.cid.0,
        };
        let number = self
            .number_of(request)
            .map_err(|error| (request.key.clone(), error))?;
        let accepted = number
            .and_then(|number| Some((number, self.orders.get(number)?)))
            .filter(|(_, accepted)| accepted.key.exchange == request.key.exchange);
        let Some((number, accepted)) = accepted else {
            let reason = format!("there is no order {name}");
            return Err((request.key.clone(), ApiError::OrderRejected(reason)));
        };
        let key = match &request.state.id {
            Some(_) => accepted.key.clone(),
            None => request.key.clone(),
        };
        match accepted.stage {
            Stage::Rests { side, price } => {
                let order = OrderRef {
                    side,
                    price,
                    number,
                };
                Ok((key, order))
            }
            Stage::Filled => Err((key, ApiError::OrderAlreadyFullyFilled)),
            Stage::Cancelled => Err((key, ApiError::OrderAlreadyCancelled)),
            Stage::Expired => {
                let reason = format!("the order {name} has expired");
                Err((key, ApiError::OrderRejected(reason)))
            }
        }
    }

    /// The number of the order that a cancel names, by the exchange's id if it has one, else by the
    /// client order id.
    fn number_of(&self, request: &OrderRequestCancel) -> Result<Option<u64>, ApiError> {
        if let Some(id) = &request.state.id {
            return Ok(number_of(id));
        }
        let OrderKey {
            instrument, cid, ..
        } = &request.key;
        match self.orders.latest(*instrument, cid) {
            Some(Latest::Accepted(number)) => Ok(Some(number)),
            Some(Latest::Refused) => Err(ApiError::OrderRejected(format!(
                "the order {cid} was refused"
            ))),
            None => Ok(None),
        }
    }

    /// Takes away a resting order.
    fn take(
        &mut self,
        instrument: InstrumentIndex,
        order: &OrderRef,
        stage: Stage,
    ) -> Result<Resting, Error> {
        let book = self.books.get_mut(instrument.index());
        let order = book.ok_or_else(|| order.missing())?.resting.remove(order)?;
        self.orders.finish(&order, stage)?;
        Ok(order)
    }

    /// Frees the amount that an order has reserved, and gives the event of the balance.
    fn free(
        &mut self,
        exchange: ExchangeIndex,
        reserved: Reserved,
        time: DateTime<Utc>,
    ) -> Result<AccountEvent, Error> {
        let Reserved { asset, amount } = reserved;
        self.accounts.reserve(asset, amount.negated())?;
        Ok(self.accounts.event(exchange, asset, time))
    }

    /// Ends the orders whose time is over at `time`, in nanoseconds since 1970; an answer for each, in the
    /// order of end and number.
    pub fn end_orders(&mut self, time: i64) -> Result<Vec<Answer>, Error> {
        let mut answers = Vec::new();
        while let Some((instrument, order)) = self.orders.pop_end(time)? {
            answers.push(self.expire(time, instrument, &order)?);
        }
        Ok(answers)
    }

    /// Ends a resting order as expired.
    pub(super) fn expire(
        &mut self,
        time: i64,
        instrument: InstrumentIndex,
        order: &OrderRef,
    ) -> Result<Answer, Error> {
        let order = self.take(instrument, order, Stage::Expired)?;
        let exchange = order.request.key.exchange;
        let balance = self.free(exchange, order.reserved, datetime_from_nanos(time))?;
        Ok(Answer {
            exchange,
            order: Some(answered(&order)),
            funded: None,
            events: vec![
                balance,
                events::order_event(order.request, OrderState::expired()),
            ],
        })
    }
}

/// A resting order that has ended, for the answer.
fn answered(order: &Resting) -> AnsweredOrder {
    AnsweredOrder {
        index: order.index,
        executed: Some((order_id(order.number), order.executed)),
    }
}
