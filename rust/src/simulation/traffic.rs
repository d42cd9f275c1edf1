//! Requests to the exchanges, and their answers.

use super::{driver::Driver, script::SentRequest};
use crate::{
    convert::{Dec, Index, UtcTime, datetime_from_nanos},
    data::{MarketKind, MarketState, StoredEvent},
    error::Error,
    exchange::{Answer, AnsweredOrder, ExchangeRequest, Funded},
    instrument::{BarterInstrument, Indexed},
    network::{AnswerInFlight, ConnectionChange, InFlight, Rank, earlier},
    records::{FundingPayment, OrderTotals},
    state::{SeenEvent, State},
    stops::Triggered,
};
use barter::{
    EngineEvent,
    execution::{AccountStreamEvent, request::ExecutionRequest},
};
use barter_execution::{
    AccountEvent, AccountEventKind, AccountSnapshot, InstrumentAccountSnapshot,
    balance::AssetBalance,
    error::{ApiError, ConnectivityError, OrderError},
    order::OrderSnapshot,
};
use barter_instrument::{
    exchange::{ExchangeId, ExchangeIndex},
    instrument::InstrumentIndex,
};
use pyo3::prelude::*;

/// With latency zero, a strategy that answers every response with an order would never let the next
/// event come.
const RESPONSES_AT_ONE_TIME: u32 = 100_000;

impl Driver {
    /// Does everything that is due by `until`, in order.
    #[inline]
    pub fn deliver(&mut self, until: i64) -> PyResult<()> {
        if self.is_due(until) {
            self.deliver_due(until)
        } else {
            Ok(())
        }
    }

    /// Whether anything may be due by `until`. At most events nothing is, which few comparisons show.
    #[inline]
    fn is_due(&self, until: i64) -> bool {
        let by = |time: Option<i64>| time.is_some_and(|time| time <= until);
        by(self.network.next_time())
            || by(self.driven.run.next_timer())
            || by(self.exchange.next_end())
            || by(self.next_candle())
    }

    #[inline(never)]
    fn deliver_due(&mut self, until: i64) -> PyResult<()> {
        while let Some((due, rank)) = self.next_due() {
            if due > until || self.is_history_over && !self.network.is_busy() {
                break;
            }
            self.set_time(self.now.max(due));
            match rank {
                Rank::Delivery | Rank::Arrival => match self.network.arrive()? {
                    Some(InFlight::Answer(answer)) => self.deliver_answer(answer)?,
                    Some(InFlight::Request(request)) => self.decide(request)?,
                    None => {}
                },
                Rank::OrderEnd => {
                    for answer in self.exchange.end_orders(self.now)? {
                        self.network.send_answer(self.now, answer)?;
                    }
                }
                Rank::Fault => self.fault()?,
                Rank::Candle => self.candle()?,
                Rank::Timer => self.timer()?,
            }
        }
        Ok(())
    }

    /// When something is due next, and what.
    #[inline]
    pub fn next_due(&self) -> Option<(i64, Rank)> {
        let end = self.exchange.next_end().map(|time| (time, Rank::OrderEnd));
        let candle = self.next_candle().map(|time| (time, Rank::Candle));
        let timer = self.next_timer().map(|time| (time, Rank::Timer));
        let of_strategy = earlier(candle, timer);
        earlier(earlier(self.network.next(), end), of_strategy)
    }

    /// Once the history is over, the strategy is not asked any more.
    fn next_timer(&self) -> Option<i64> {
        if self.is_history_over {
            return None;
        }
        self.driven.run.next_timer()
    }

    /// A candle that is in progress at the end of the history stays so.
    fn next_candle(&self) -> Option<i64> {
        if self.is_history_over {
            return None;
        }
        self.candles.as_ref()?.next()
    }

    /// Has the engine process a candle that is complete.
    ///
    /// The exchange does not hear of it: the trades have offered their volume already.
    fn candle(&mut self) -> PyResult<()> {
        self.interrupts.look()?;
        let complete = self.candles.as_mut().and_then(|it| it.take(self.now));
        let Some(candle) = complete else {
            return Ok(());
        };
        let seen = SeenEvent::Market(StoredEvent::Item(candle.clone()));
        self.driven.run.set_other_event(Some(seen));
        self.process_item(&candle)?;
        self.show_exchanges(&candle);
        Ok(())
    }

    fn timer(&mut self) -> PyResult<()> {
        self.interrupts.look()?;
        let Some(timer) = self.driven.run.take_timer(self.now) else {
            return Ok(());
        };
        let turn = self.driven.turn_timer(timer);
        self.settle(*turn)?;
        self.change_trading()
    }

    /// Matches resting orders with a market event that the engine has processed.
    pub(super) fn observe(
        &mut self,
        instrument: InstrumentIndex,
        event: &MarketKind,
    ) -> Result<(), Error> {
        let (definition, market) = market_of(
            &self.driven.run.indexed,
            &self.driven.engine.state,
            self.markets.as_deref(),
            instrument,
        )?;
        let answers = self
            .exchange
            .observe(self.now, instrument, definition, event, market)?;
        for answer in answers {
            self.network.send_answer(self.now, answer)?;
        }
        Ok(())
    }

    /// Liquidates the account of an instrument if its equity does not cover its maintenance margin.
    #[inline(never)]
    pub(super) fn liquidate(&mut self, instrument: InstrumentIndex) -> Result<(), Error> {
        let (indexed, state) = (&self.driven.run.indexed, &self.driven.engine.state);
        let markets = self.markets.as_deref();
        let look = |index| market_of(indexed, state, markets, index);
        let answers = self.exchange.liquidate(self.now, instrument, look)?;
        for answer in answers {
            self.network.send_answer(self.now, answer)?;
        }
        Ok(())
    }

    /// Has a request decided that arrives at its exchange.
    fn decide(&mut self, request: ExchangeRequest) -> PyResult<()> {
        self.responses_now = self.responses_now.saturating_add(1);
        if self.responses_now > RESPONSES_AT_ONE_TIME {
            let refusal = self.records.last_refusal().map_or_else(
                || "None was refused".to_owned(),
                |refusal| format!("The last refusal: {refusal}"),
            );
            return Err(Error::orders(format!(
                "{RESPONSES_AT_ONE_TIME} requests were answered at {} without an event between: \
                 without latency, a request in answer to every response never ends. {refusal}. \
                 Give the exchange a latency, send no request while instrument.has_orders, and do \
                 not repeat what was refused before the next market event (state.updated)",
                datetime_from_nanos(self.now),
            ))
            .into());
        }
        self.interrupts.look()?;
        let key = request.key();
        let exchange = key.exchange;
        if self.network.is_disconnected(exchange) {
            let id = self.exchange_id(exchange)?;
            let offline = ConnectivityError::ExchangeOffline(id);
            let answer = self
                .exchange
                .refuse(request, OrderError::Connectivity(offline));
            // The client itself answers, so that the answer takes no link.
            return self.deliver_answer(AnswerInFlight {
                time: self.now,
                answer,
                is_duplicate: false,
            });
        }
        let answer = if let Some(reason) = self.network.rejects(exchange) {
            let error = ApiError::OrderRejected(reason.to_owned());
            Some(self.exchange.refuse(request, OrderError::Rejected(error)))
        } else {
            let (definition, market) = market_of(
                &self.driven.run.indexed,
                &self.driven.engine.state,
                self.markets.as_deref(),
                key.instrument,
            )?;
            self.exchange
                .execute(self.now, request, definition, market)?
        };
        if let Some(answer) = answer {
            self.network.send_answer(self.now, answer)?;
        }
        Ok(())
    }

    /// Has the market orders decided that wait for a candle, of which none comes any more.
    pub(super) fn decide_waiting(&mut self) -> Result<(), Error> {
        for instrument in self.exchange.instruments_waiting() {
            let (definition, market) = market_of(
                &self.driven.run.indexed,
                &self.driven.engine.state,
                self.markets.as_deref(),
                instrument,
            )?;
            let answers = self
                .exchange
                .decide_waiting(self.now, instrument, definition, market)?;
            for answer in answers {
                self.network.send_answer(self.now, answer)?;
            }
        }
        Ok(())
    }

    /// Has the engine process the events of an answer.
    fn deliver_answer(&mut self, delivered: AnswerInFlight) -> PyResult<()> {
        let AnswerInFlight {
            time,
            answer:
                Answer {
                    exchange: _,
                    order,
                    funded,
                    events,
                },
            is_duplicate,
        } = delivered;
        let funded = funded.filter(|_| !is_duplicate);
        if !is_duplicate {
            let order = order.map(|AnsweredOrder { index, executed }| {
                let totals = executed.map(|(order_id, executed)| OrderTotals {
                    order_id,
                    filled_quantity: executed.quantity.decimal(),
                    maker_quantity: executed.maker.decimal(),
                    fees: executed.fees.decimal(),
                    average_price: executed.average_price(),
                });
                (index, totals)
            });
            self.records.record_answer(time, &events, order)?;
        }
        if let Some(funded) = &funded
            && let Some(definition) = self
                .driven
                .run
                .indexed
                .instrument(funded.instrument.index())
        {
            let quote = definition.underlying.quote;
            self.driven.run.add_funding(quote, funded.amount);
        }
        for event in events {
            self.driven
                .run
                .set_other_event(Some(SeenEvent::Account(event.clone())));
            let mut filled = None;
            if let AccountEventKind::Trade(trade) = &event.kind {
                filled = Some(trade.instrument);
            }
            self.process(EngineEvent::Account(AccountStreamEvent::Item(event)))?;
            if let Some(instrument) = filled {
                let equity = &mut self.records.equity;
                equity.on_fill(self.now, &self.driven.engine.state, instrument);
            }
        }
        if let Some(Funded {
            instrument,
            side,
            quantity,
            mark_price,
            rate,
            amount,
        }) = funded
        {
            let payment = FundingPayment {
                time: UtcTime(datetime_from_nanos(time)),
                instrument: Index(instrument.index()),
                side: side.into(),
                quantity: Dec(quantity),
                mark_price: mark_price.map(Dec),
                rate: Dec(rate),
                amount: Dec(amount),
            };
            self.records.record_funding(self.now, payment);
        }
        Ok(())
    }

    /// Begins or ends a fault.
    fn fault(&mut self) -> PyResult<()> {
        match self.network.next_fault()? {
            None => Ok(()),
            Some(ConnectionChange::Lost(exchange)) => {
                let id = self.exchange_id(exchange)?;
                self.driven.run.set_other_event(None);
                self.process(EngineEvent::Account(AccountStreamEvent::Reconnecting(id)))
            }
            Some(ConnectionChange::Restored(exchange)) => {
                let orders = self.exchange.open_orders(exchange);
                let id = self.exchange_id(exchange)?;
                let snapshot = Answer {
                    exchange,
                    order: None,
                    funded: None,
                    events: vec![self.account_snapshot(exchange, id, orders)],
                };
                Ok(self.network.release(self.now, snapshot)?)
            }
        }
    }

    /// A snapshot of an account: its balances, and its open orders by instrument.
    pub(super) fn account_snapshot(
        &self,
        exchange: ExchangeIndex,
        id: ExchangeId,
        orders: Vec<OrderSnapshot>,
    ) -> AccountEvent {
        let assets = self.driven.run.indexed.instruments.assets().iter();
        let balances = assets
            .filter(|keyed| keyed.value.exchange == id)
            .map(|keyed| AssetBalance {
                asset: keyed.key,
                balance: self.exchange.balance(keyed.key),
                time_exchange: datetime_from_nanos(self.now),
            })
            .collect();
        let mut instruments: Vec<InstrumentAccountSnapshot> = Vec::new();
        for order in orders {
            match instruments.last_mut() {
                Some(last) if last.instrument == order.key.instrument => last.orders.push(order),
                Some(_) | None => instruments.push(InstrumentAccountSnapshot {
                    instrument: order.key.instrument,
                    orders: vec![order],
                }),
            }
        }
        let snapshot = AccountSnapshot {
            exchange,
            balances,
            instruments,
        };
        AccountEvent::new(exchange, AccountEventKind::Snapshot(snapshot))
    }

    fn exchange_id(&self, exchange: ExchangeIndex) -> Result<ExchangeId, Error> {
        let exchanges = self.driven.run.indexed.instruments.exchanges();
        match exchanges.get(exchange.index()) {
            Some(keyed) => Ok(keyed.value),
            None => Err(Error::inconsistent(format!("there is no {exchange}"))),
        }
    }

    /// Sends the requests of the engine.
    ///
    /// `triggered` are the orders of stops among them.
    pub(super) fn send_requests(
        &mut self,
        requests: Vec<ExecutionRequest>,
        mut triggered: Vec<Triggered>,
    ) -> Result<(), Error> {
        if let Some(sent) = &mut self.requests {
            let time = self.now;
            sent.extend(requests.iter().map(|request| SentRequest {
                time,
                request: request.clone(),
            }));
        }
        for request in requests {
            let request = match request {
                ExecutionRequest::Shutdown => continue,
                ExecutionRequest::Cancel(cancel) => ExchangeRequest::Cancel(cancel),
                ExecutionRequest::Open(open) => {
                    let is_open = |one: &Triggered| one.request.key == open.key;
                    let found = triggered.iter().position(is_open);
                    let (trigger, path) = match found.map(|place| triggered.swap_remove(place)) {
                        Some(Triggered { trigger, path, .. }) => (Some(trigger), path),
                        None => (None, None),
                    };
                    let index = self.records.record_order(self.now, &open, trigger);
                    ExchangeRequest::Open(index, open, path)
                }
            };
            self.network.send_request(self.now, request)?;
        }
        Ok(())
    }
}

/// What an exchange knows of an instrument: its `markets`, if they are not those of the engine.
fn market_of<'a>(
    indexed: &'a Indexed,
    state: &'a State,
    markets: Option<&'a [MarketState]>,
    instrument: InstrumentIndex,
) -> Result<(&'a BarterInstrument, &'a MarketState), Error> {
    let definition = indexed.instrument(instrument.index());
    let market = if let Some(markets) = markets {
        markets.get(instrument.index())
    } else {
        let state = state.instruments.0.get_index(instrument.index());
        state.map(|(_, state)| &state.data.market)
    };
    match (definition, market) {
        (Some(definition), Some(market)) => Ok((definition, market)),
        (_, _) => Err(Error::inconsistent(format!("there is no {instrument}"))),
    }
}
