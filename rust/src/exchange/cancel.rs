//! Cancels, and orders that end by time.

use super::{
    Message, SimulatedExchange,
    account::Reserved,
    orders::{Latest, Stage, number_of, order_id},
    resting::{Found, Resting},
    tell,
};
use barter_execution::{
    error::{ApiError, OrderError},
    order::{
        OrderKey,
        request::OrderRequestCancel,
        state::{Cancelled, OrderState},
    },
};
use barter_instrument::{exchange::ExchangeIndex, instrument::InstrumentIndex};
use chrono::{DateTime, Utc};

/// What a cancel is about.
struct Target {
    /// What the answer carries.
    key: OrderKey,
    instrument: InstrumentIndex,
    number: u64,
    stage: Stage,
}

impl SimulatedExchange {
    /// Answers a cancel that was let in.
    pub(super) fn cancel(&mut self, time: DateTime<Utc>, request: OrderRequestCancel) -> Message {
        let id = match &request.state.id {
            Some(id) => id.0.clone(),
            None => request.key.cid.0.clone(),
        };
        let rejected = |reason: String| ApiError::OrderRejected(reason);
        let (key, error) = match self.target(&request) {
            Err(error) => (request.key, error),
            Ok(target) => match target.stage {
                Stage::Rests { side, price } => {
                    let found = Found {
                        side,
                        price,
                        number: target.number,
                    };
                    if let Some(order) = self.take(target.instrument, &found, Stage::Cancelled) {
                        let exchange = target.key.exchange;
                        let balance = self.free(exchange, order.reserved, time);
                        let cancelled = Cancelled {
                            id: order_id(target.number),
                            time_exchange: time,
                        };
                        return vec![balance, tell::cancelled(target.key, Ok(cancelled))];
                    }
                    (target.key, rejected(format!("there is no order {id}")))
                }
                Stage::Filled => (target.key, ApiError::OrderAlreadyFullyFilled),
                Stage::Cancelled => (target.key, ApiError::OrderAlreadyCancelled),
                Stage::Expired => (target.key, rejected(format!("the order {id} has expired"))),
            },
        };
        vec![tell::cancelled(key, Err(OrderError::Rejected(error)))]
    }

    /// The order that a cancel names: by the exchange's id if there is one, else by client order id.
    fn target(&self, request: &OrderRequestCancel) -> Result<Target, ApiError> {
        let key = &request.key;
        let number = match &request.state.id {
            Some(id) => number_of(id),
            None => match self.orders.latest(key.instrument, &key.cid) {
                Some(Latest::Numbered(number)) => Some(number),
                Some(Latest::Refused) => {
                    return Err(ApiError::OrderRejected(format!(
                        "the order {} was refused",
                        key.cid
                    )));
                }
                None => None,
            },
        };
        let found = number.and_then(|number| Some((number, self.orders.get(number)?)));
        let Some((number, known)) = found.filter(|(_, known)| known.key.exchange == key.exchange)
        else {
            let id = request.state.id.as_ref().map_or(&key.cid.0, |id| &id.0);
            return Err(ApiError::OrderRejected(format!("there is no order {id}")));
        };
        let answered = if request.state.id.is_some() {
            known.key.clone()
        } else {
            key.clone()
        };
        Ok(Target {
            key: answered,
            instrument: known.key.instrument,
            number,
            stage: known.stage,
        })
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
    ) -> barter_execution::AccountEvent {
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
