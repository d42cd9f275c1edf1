//! The simulated exchange, by the rules of docs/exchange.md. The ways there and back are the driver's;
//! their latencies and the script of faults are here.

mod account;
mod amount;
mod arrival;
mod booking;
mod cancel;
mod contract;
mod desk;
mod executed;
mod fault;
mod latency;
mod meeting;
mod offers;
mod orders;
mod queue;
mod resting;
mod rules;
mod tell;
mod tradable;

pub use executed::Executed;
pub use fault::{Fault, Noticed, Script};
pub use latency::{Latency, LatencyDraws, duration_nanos};
pub use rules::{
    ExchangeRules, FillPrice, PyFeeAsset, PyFillPrice, PyLiquidity, PyQueuePosition, RateLimit,
};
pub use tradable::{check_balance, check_tradable};

use crate::{
    data::{MarketKind, MarketState},
    instrument::BarterInstrument,
};
use account::Accounts;
use barter::execution::request::ExecutionRequest;
use barter_execution::{
    AccountEvent,
    balance::Balance,
    error::{ApiError, OrderError},
    order::{
        OrderSnapshot,
        id::{ClientOrderId, OrderId},
    },
};
use barter_instrument::{asset::AssetIndex, exchange::ExchangeIndex, instrument::InstrumentIndex};
use booking::Terms;
use chrono::{DateTime, Utc};
use desk::{Desk, InstrumentBook};
use orders::{Latest, Orders, order_id};
use rust_decimal::Decimal;
use std::collections::VecDeque;

/// What is told together, in order.
pub type Message = Vec<AccountEvent>;

/// The simulated exchanges of a run.
#[derive(Debug)]
pub struct SimulatedExchange {
    fill_price: FillPrice,
    /// By exchange index.
    rules: Vec<ExchangeRules>,
    accounts: Accounts,
    /// By instrument index, as far as there were orders.
    books: Vec<InstrumentBook>,
    orders: Orders,
    fills: u64,
    /// By exchange index, when requests were let in within the rate limit's interval.
    let_in: Vec<VecDeque<i64>>,
}

impl SimulatedExchange {
    /// Exchanges with their rules by exchange index, and balances by asset index.
    pub fn new(fill_price: FillPrice, rules: Vec<ExchangeRules>, balances: Vec<Decimal>) -> Self {
        Self {
            fill_price,
            accounts: Accounts::new(&balances),
            books: Vec::new(),
            orders: Orders::default(),
            fills: 0,
            let_in: vec![VecDeque::new(); rules.len()],
            rules,
        }
    }

    /// What is held of an asset, and what of it is not reserved.
    pub fn balance(&self, asset: AssetIndex) -> Balance {
        self.accounts.balance(asset)
    }

    /// Whether `observe` has anything to do for events of an instrument.
    #[inline]
    pub fn is_watching(&self, index: InstrumentIndex) -> bool {
        self.books
            .get(index.index())
            .is_some_and(|book| !book.is_idle())
    }

    /// Decides a request that arrives at `time`, by the market as it is known then.
    pub fn execute(
        &mut self,
        time: DateTime<Utc>,
        request: ExecutionRequest,
        instrument: &BarterInstrument,
        market: &MarketState,
    ) -> Message {
        let exchange = match &request {
            ExecutionRequest::Shutdown => return Vec::new(),
            ExecutionRequest::Cancel(request) => request.key.exchange,
            ExecutionRequest::Open(request) => request.key.exchange,
        };
        if let Err(error) = self.let_in(exchange, time) {
            return self.refuse(request, error.into());
        }
        match request {
            ExecutionRequest::Shutdown => Vec::new(),
            ExecutionRequest::Cancel(request) => self.cancel(time, &request),
            ExecutionRequest::Open(request) => {
                let (index, fill_price) = (request.key.instrument, self.fill_price);
                if self.books.len() <= index.index() {
                    let count = index.index().saturating_add(1);
                    self.books.resize_with(count, InstrumentBook::default);
                }
                self.desk(time, index, instrument)
                    .map_or_else(Vec::new, |mut desk| desk.open(request, fill_price, market))
            }
        }
    }

    /// Lets resting orders meet a market event that the engine has just processed; `market` is after it.
    /// Gives a message for each order that is filled.
    pub fn observe(
        &mut self,
        time: DateTime<Utc>,
        index: InstrumentIndex,
        instrument: &BarterInstrument,
        event: &MarketKind,
        market: &MarketState,
    ) -> Vec<Message> {
        let mut told = Vec::new();
        if self.is_watching(index)
            && let Some(mut desk) = self.desk(time, index, instrument)
        {
            desk.meet(event, market, &mut told);
        }
        told
    }

    fn desk<'a>(
        &'a mut self,
        time: DateTime<Utc>,
        index: InstrumentIndex,
        instrument: &'a BarterInstrument,
    ) -> Option<Desk<'a>> {
        let exchange = instrument.exchange.key.index();
        let rules = self.rules.get(exchange).unwrap_or(&ExchangeRules::DEFAULT);
        Some(Desk {
            time,
            terms: Terms { instrument, rules },
            accounts: &mut self.accounts,
            orders: &mut self.orders,
            book: self.books.get_mut(index.index())?,
            fills: &mut self.fills,
        })
    }

    /// Counts a request against its exchange's rate limit.
    fn let_in(&mut self, exchange: ExchangeIndex, time: DateTime<Utc>) -> Result<(), ApiError> {
        let rules = self.rules.get(exchange.index());
        let Some((limit, earlier)) = rules
            .and_then(|rules| rules.rate_limit)
            .zip(self.let_in.get_mut(exchange.index()))
        else {
            return Ok(());
        };
        let now = time.timestamp_nanos_opt().unwrap_or_default();
        let first = now.saturating_sub(limit.interval);
        while earlier.front().is_some_and(|earlier| *earlier < first) {
            earlier.pop_front();
        }
        if earlier.len() >= limit.requests as usize {
            return Err(ApiError::RateLimit);
        }
        earlier.push_back(now);
        Ok(())
    }

    /// Tells that a request was refused before the rules of orders were looked at.
    pub fn refuse(&mut self, request: ExecutionRequest, error: OrderError) -> Message {
        match request {
            ExecutionRequest::Shutdown => Vec::new(),
            ExecutionRequest::Cancel(request) => vec![tell::cancelled(request.key, Err(error))],
            ExecutionRequest::Open(request) => {
                self.orders.note_refused(&request.key);
                vec![tell::refused(request, error)]
            }
        }
    }

    /// When the next resting order ends by time, in nanoseconds since 1970.
    pub fn next_end(&self) -> Option<i64> {
        self.orders.next_end()
    }

    /// The exchange's id of an order and what its fills add up to: of the last order with that id of the
    /// client's, also after its end; `None` if it was refused.
    pub fn executed(
        &self,
        instrument: InstrumentIndex,
        cid: &ClientOrderId,
    ) -> Option<(OrderId, Executed)> {
        match self.orders.latest(instrument, cid)? {
            Latest::Numbered(number) => {
                let known = self.orders.get(number)?;
                Some((order_id(number), known.executed))
            }
            Latest::Refused => None,
        }
    }

    /// The resting orders of an exchange, by instrument and number.
    pub fn open_orders(&self, exchange: ExchangeIndex) -> Vec<OrderSnapshot> {
        let mut open = Vec::new();
        for book in &self.books {
            let mut orders = book
                .resting
                .iter()
                .filter(|order| order.request.key.exchange == exchange)
                .collect::<Vec<_>>();
            orders.sort_by_key(|order| order.number);
            open.extend(
                orders
                    .into_iter()
                    .map(|order| tell::order(order.request.clone(), tell::resting(order))),
            );
        }
        open
    }
}

#[cfg(test)]
mod tests;
