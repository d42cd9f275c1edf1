//! Cancels, and orders that end by time.

use super::{
    Message, SimulatedExchange,
    account::Reserved,
    orders::{Latest, Stage, number_of, order_id},
    resting::{Found, Resting},
    tell,
};
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

/// A cancel that cannot be done: the key that its answer carries, and why.
type Late = (OrderKey, ApiError);

impl SimulatedExchange {
    /// Answers a cancel that was let in.
    pub(super) fn cancel(&mut self, time: DateTime<Utc>, request: &OrderRequestCancel) -> Message {
        match self.cancel_resting(time, request) {
            Ok(message) => message,
            Err((key, error)) => vec![tell::cancelled(key, Err(OrderError::Rejected(error)))],
        }
    }

    fn cancel_resting(
        &mut self,
        time: DateTime<Utc>,
        request: &OrderRequestCancel,
    ) -> Result<Message, Late> {
        let named = match &request.state.id {
            Some(id) => &id.0,
            None => &request.key.cid.0,
        };
        let rejected = |reason: String| ApiError::OrderRejected(reason);
        let missing = || rejected(format!("there is no order {named}"));
        let number = self
            .number_of(request)
            .map_err(|error| (request.key.clone(), error))?;
        let known = number
            .and_then(|number| Some((number, self.orders.get(number)?)))
            .filter(|(_, known)| known.key.exchange == request.key.exchange);
        let Some((number, known)) = known else {
            return Err((request.key.clone(), missing()));
        };
        let key = match &request.state.id {
            Some(_) => known.key.clone(),
            None => request.key.clone(),
        };
        let (side, price) = match known.stage {
            Stage::Rests { side, price } => (side, price),
            Stage::Filled => return Err((key, ApiError::OrderAlreadyFullyFilled)),
            Stage::Cancelled => return Err((key, ApiError::OrderAlreadyCancelled)),
            Stage::Expired => {
                return Err((key, rejected(format!("the order {named} has expired"))));
            }
        };
        let found = Found {
            side,
            price,
            number,
        };
        let instrument = known.key.instrument;
        let Some(order) = self.take(instrument, &found, Stage::Cancelled) else {
            return Err((key, missing()));
        };
        let cancelled = Cancelled {
            id: order_id(number),
            time_exchange: time,
        };
        let balance = self.free(key.exchange, order.reserved, time);
        Ok(vec![balance, tell::cancelled(key, Ok(cancelled))])
    }

    /// The number that a cancel names: the exchange's id if there is one, else by client order id.
    fn number_of(&self, request: &OrderRequestCancel) -> Result<Option<u64>, ApiError> {
        if let Some(id) = &request.state.id {
            return Ok(number_of(id));
        }
        let OrderKey {
            instrument, cid, ..
        } = &request.key;
        match self.orders.latest(*instrument, cid) {
            Some(Latest::Numbered(number)) => Ok(Some(number)),
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
        found: &Found,
        stage: Stage,
    ) -> Option<Resting> {
        let book = self.books.get_mut(instrument.index())?;
        let order = book.resting.remove(found)?;
        self.orders.finish(&order, stage);
        Some(order)
    }

    /// Frees what an order has held back, and tells the balance.
    fn free(
        &mut self,
        exchange: ExchangeIndex,
        reserved: Reserved,
        time: DateTime<Utc>,
    ) -> AccountEvent {
        let Reserved { asset, amount } = reserved;
        self.accounts.reserve(asset, amount.negated());
        self.accounts.event(exchange, asset, time)
    }

    /// Ends what ends at or before `time`; a message for each order, in the order of time and number.
    pub fn end_orders(&mut self, time: DateTime<Utc>) -> Vec<(ExchangeIndex, Message)> {
        let mut told = Vec::new();
        let Some(until) = time.timestamp_nanos_opt() else {
            return told;
        };
        while let Some((instrument, found)) = self.orders.pop_end(until) {
            if let Some(order) = self.take(instrument, &found, Stage::Expired) {
                let exchange = order.request.key.exchange;
                let balance = self.free(exchange, order.reserved, time);
                let ended = tell::order_event(order.request, OrderState::expired());
                told.push((exchange, vec![balance, ended]));
            }
        }
        told
    }
}
