//! The simulated exchanges of a run: requests in, answers out.

use super::{
    accepted::AcceptedOrders,
    account::Accounts,
    booking::Terms,
    events,
    matching::{InstrumentBook, Matching},
    offered::Offered,
    protocol::{Answer, ExchangeRequest},
    rules::{ExchangeRules, FillPrice},
    waiting::WaitingOrder,
};
use crate::{
    convert::datetime_from_nanos,
    data::{MarketKind, MarketState},
    error::Error,
    instrument::BarterInstrument,
};
use barter_execution::{
    balance::Balance,
    error::{ApiError, OrderError},
    order::OrderSnapshot,
};
use barter_instrument::{asset::AssetIndex, exchange::ExchangeIndex, instrument::InstrumentIndex};
use rust_decimal::Decimal;
use std::collections::VecDeque;

/// The simulated exchanges of a run.
///
/// All times are in nanoseconds since 1970, and given by the caller.
#[derive(Debug)]
pub struct SimulatedExchange {
    pub(super) fill_price: FillPrice,
    /// By exchange index.
    pub(super) exchanges: Vec<Exchange>,
    pub(super) accounts: Accounts,
    /// By instrument index, up to the greatest that had an order.
    pub(super) books: Vec<InstrumentBook>,
    pub(super) orders: AcceptedOrders,
    pub(super) fills: u64,
    pub(super) is_history_over: bool,
    /// Whether an exchange has one.
    pub(super) has_maintenance_margin: bool,
}

/// One exchange.
#[derive(Debug)]
pub(super) struct Exchange {
    pub(super) rules: ExchangeRules,
    /// When requests were admitted within the interval of the rate limit.
    admitted: VecDeque<i64>,
}

impl SimulatedExchange {
    /// Exchanges with their rules by exchange index, and balances by asset index.
    pub fn new(fill_price: FillPrice, rules: Vec<ExchangeRules>, balances: Vec<Decimal>) -> Self {
        let exchange = |rules| Exchange {
            rules,
            admitted: VecDeque::new(),
        };
        let has_maintenance_margin = rules.iter().any(|rules| rules.maintenance_margin.is_some());
        Self {
            fill_price,
            exchanges: rules.into_iter().map(exchange).collect(),
            accounts: Accounts::new(&balances),
            books: Vec::new(),
            orders: AcceptedOrders::default(),
            fills: 0,
            is_history_over: false,
            has_maintenance_margin,
        }
    }

    /// The balance of an asset: in total, and the part that is not reserved.
    pub fn balance(&self, asset: AssetIndex) -> Balance {
        self.accounts.balance(asset)
    }

    /// Whether `observe` has anything to do for events of an instrument that are not for holders.
    #[inline]
    pub fn is_watching(&self, index: InstrumentIndex) -> bool {
        self.books
            .get(index.index())
            .is_some_and(|book| !book.is_idle())
    }

    /// Decides a request that arrives at `time`, by the market as it is known then. `None` if the order
    /// waits for the next candle.
    pub fn execute(
        &mut self,
        time: i64,
        request: ExchangeRequest,
        instrument: &BarterInstrument,
        market: &MarketState,
    ) -> Result<Option<Answer>, Error> {
        if !self.admit(request.key().exchange, time)? {
            return Ok(Some(self.refuse(request, ApiError::RateLimit.into())));
        }
        match request {
            ExchangeRequest::Cancel(request) => match self.cancel_waiting(time, &request) {
                Some(answer) => Ok(Some(answer)),
                None => self.cancel(datetime_from_nanos(time), &request).map(Some),
            },
            ExchangeRequest::Open(order, request, path) => {
                let (index, fill_price) = (request.key.instrument, self.fill_price);
                let may_wait = !self.is_history_over;
                if self.books.len() <= index.index() {
                    let count = index.index().saturating_add(1);
                    self.books.resize_with(count, InstrumentBook::default);
                }
                let mut matching = self.matching(time, index, instrument)?;
                if let Some(path) = path.filter(|path| matching.is_on_path(path, market)) {
                    let offered = Offered::candle(&path.candle, path.price);
                    return matching
                        .open(order, request, fill_price, market, offered)
                        .map(Some);
                }
                if may_wait && matching.waits(&request, fill_price, market) {
                    let index = order;
                    matching
                        .book
                        .waiting
                        .push_back(WaitingOrder { index, request });
                    return Ok(None);
                }
                let offered = Offered::Market(market);
                matching
                    .open(order, request, fill_price, market, offered)
                    .map(Some)
            }
        }
    }

    /// Does what a market event brings that the engine has just processed; `market` is the market after
    /// the event. Gives an answer for each order that is filled, and for a funding or a settlement.
    pub fn observe(
        &mut self,
        time: i64,
        index: InstrumentIndex,
        instrument: &BarterInstrument,
        event: &MarketKind,
        market: &MarketState,
    ) -> Result<Vec<Answer>, Error> {
        let mut answers = Vec::new();
        match event {
            MarketKind::Funding(funding) => {
                answers.extend(self.fund(time, index, instrument, funding, market)?);
            }
            MarketKind::Settlement(settlement) => {
                answers = self.settle(time, index, instrument, settlement, market)?;
            }
            MarketKind::Trade(_)
            | MarketKind::L1(_)
            | MarketKind::L2(_)
            | MarketKind::Candle(_)
            | MarketKind::Liquidation(_) => {
                if self.is_watching(index) {
                    self.matching(time, index, instrument)?.match_event(
                        event,
                        market,
                        &mut answers,
                    )?;
                }
            }
        }
        Ok(answers)
    }

    pub(super) fn matching<'a>(
        &'a mut self,
        time: i64,
        index: InstrumentIndex,
        instrument: &'a BarterInstrument,
    ) -> Result<Matching<'a>, Error> {
        let exchange = self.exchanges.get(instrument.exchange.key.index());
        let book = self.books.get_mut(index.index());
        let (Some(Exchange { rules, .. }), Some(book)) = (exchange, book) else {
            return Err(Error::inconsistent(format!(
                "the simulated exchange does not know {}",
                instrument.name_internal
            )));
        };
        Ok(Matching {
            time: datetime_from_nanos(time),
            index,
            terms: Terms { instrument, rules },
            accounts: &mut self.accounts,
            orders: &mut self.orders,
            book,
            fills: &mut self.fills,
        })
    }

    /// Counts a request against the rate limit of its exchange; whether the limit admits it.
    fn admit(&mut self, exchange: ExchangeIndex, time: i64) -> Result<bool, Error> {
        let Some(Exchange { rules, admitted }) = self.exchanges.get_mut(exchange.index()) else {
            return Err(Error::inconsistent(format!("there is no {exchange}")));
        };
        let Some(limit) = rules.rate_limit else {
            return Ok(true);
        };
        let first = time.saturating_sub(limit.interval);
        while admitted.front().is_some_and(|earlier| *earlier < first) {
            admitted.pop_front();
        }
        let is_admitted = admitted.len() < limit.requests as usize;
        if is_admitted {
            admitted.push_back(time);
        }
        Ok(is_admitted)
    }

    /// Refuses a request before the rules of orders are looked at.
    pub fn refuse(&mut self, request: ExchangeRequest, error: OrderError) -> Answer {
        match request {
            ExchangeRequest::Cancel(request) => events::failed_cancel(request.key, error),
            ExchangeRequest::Open(index, request, _) => {
                self.orders.note_refused(&request.key);
                events::refusal(index, request, error)
            }
        }
    }

    /// When the next resting order ends by time, in nanoseconds since 1970.
    pub fn next_end(&self) -> Option<i64> {
        self.orders.next_end()
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
                    .map(|order| events::order(order.request.clone(), events::resting(order))),
            );
        }
        open
    }
}

#[cfg(test)]
mod tests;
