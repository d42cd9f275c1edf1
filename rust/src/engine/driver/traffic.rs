//! Requests to the exchanges, and what they tell.

use super::Driver;
use crate::{
    convert::datetime_from_nanos,
    data::{MarketKind, MarketState},
    engine::{
        SeenEvent, State,
        network::TooLate,
        queue::{Rank, Sent, Thing, Told, ToldOrder},
        record::is_refused,
    },
    error::Error,
    exchange::{Message, Noticed},
    instrument::{BarterInstrument, Indexed},
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
    /// Lets everything happen that is due by `until`, in order.
    pub(super) fn deliver(&mut self, py: Python<'_>, until: i64) -> PyResult<()> {
        while let Some((due, rank)) = self.next_due() {
            if due > until || self.is_history_over && !self.network.is_busy() {
                break;
            }
            self.set_time(self.now.max(due));
            match rank {
                Rank::Delivery | Rank::Arrival => match self.network.arrive() {
                    Some(Thing::Message(told)) => self.told(told)?,
                    Some(Thing::Request(sent)) => self.arrived(py, sent)?,
                    None => {}
                },
                Rank::OrderEnd => {
                    let ended = self.exchange.end_orders(datetime_from_nanos(self.now));
                    for (exchange, message) in ended {
                        self.tell(exchange, message, None)?;
                    }
                }
                Rank::Fault => self.fault()?,
            }
        }
        Ok(())
    }

    fn next_due(&self) -> Option<(i64, Rank)> {
        let end = self.exchange.next_end().map(|time| (time, Rank::OrderEnd));
        match (self.network.next(), end) {
            (Some(thing), Some(end)) => Some(thing.min(end)),
            (thing, end) => thing.or(end),
        }
    }

    /// Lets resting orders meet a market event that the engine has processed.
    pub(super) fn observe(
        &mut self,
        instrument: InstrumentIndex,
        event: &MarketKind,
    ) -> PyResult<()> {
        let Some((definition, market)) =
            market_of(&self.run.indexed, &self.engine.state, instrument)
        else {
            return Ok(());
        };
        let (exchange, now) = (definition.exchange.key, datetime_from_nanos(self.now));
        let messages = self
            .exchange
            .observe(now, instrument, definition, event, market);
        for message in messages {
            self.tell(exchange, message, None)?;
        }
        Ok(())
    }

    /// Lets a request be decided.
    fn arrived(&mut self, py: Python<'_>, sent: Sent) -> PyResult<()> {
        self.responses_now = self.responses_now.saturating_add(1);
        if self.responses_now > RESPONSES_AT_ONE_TIME {
            return Err(Error::Order(format!(
                "{RESPONSES_AT_ONE_TIME} requests were answered at {} without an event between: \
                 without latency, a request in answer to every response never ends",
                datetime_from_nanos(self.now),
            ))
            .into());
        }
        py.check_signals()?;
        let Sent {
            exchange,
            request,
            order,
        } = sent;
        if self.network.is_disconnected(exchange) {
            // By the client itself: there is no way to take.
            let id = self.exchange_id(exchange);
            let offline = ConnectivityError::ExchangeOffline(id);
            let message = self
                .exchange
                .refuse(request, OrderError::Connectivity(offline));
            let told = self.message(exchange, message, order);
            return self.told(told);
        }
        let message = match self.network.rejects(exchange) {
            Some(reason) => {
                let error = ApiError::OrderRejected(reason.to_owned());
                self.exchange.refuse(request, OrderError::Rejected(error))
            }
            None => self.execute(request),
        };
        if message.is_empty() {
            return Ok(());
        }
        Ok(self.tell(exchange, message, order)?)
    }

    fn execute(&mut self, request: ExecutionRequest) -> Message {
        let instrument = match &request {
            ExecutionRequest::Open(request) => request.key.instrument,
            ExecutionRequest::Cancel(request) => request.key.instrument,
            ExecutionRequest::Shutdown => return Message::new(),
        };
        let Some((definition, market)) =
            market_of(&self.run.indexed, &self.engine.state, instrument)
        else {
            return Message::new();
        };
        let now = datetime_from_nanos(self.now);
        self.exchange.execute(now, request, definition, market)
    }

    /// Sends what an exchange tells on its way; `sent` is the order that it answers.
    fn tell(
        &mut self,
        exchange: ExchangeIndex,
        message: Message,
        sent: Option<usize>,
    ) -> Result<(), Error> {
        let told = self.message(exchange, message, sent);
        let now = self.now;
        self.network.tell(told).map_err(|TooLate| {
            Error::Order(format!(
                "what is told at {} would come after the year 2262",
                datetime_from_nanos(now)
            ))
        })
    }

    /// A message, with the order that it is about.
    fn message(&mut self, exchange: ExchangeIndex, events: Message, sent: Option<usize>) -> Told {
        let order = self.records.order_of(&events, sent);
        let order = order.map(|(number, key)| {
            let executed = if is_refused(&events) {
                None
            } else {
                self.exchange.executed(key.instrument, &key.cid)
            };
            ToldOrder { number, executed }
        });
        Told {
            exchange,
            time: self.now,
            events,
            order,
            again: false,
        }
    }

    /// Has the engine process what an exchange has told.
    fn told(&mut self, mut told: Told) -> PyResult<()> {
        for event in std::mem::take(&mut told.events) {
            self.run
                .set_other_event(Some(SeenEvent::Account(event.clone())));
            let mut filled = None;
            if let AccountEventKind::Trade(trade) = &event.kind {
                filled = self.records.quote_asset(trade.instrument);
            }
            if !told.again {
                self.records.told(&told, &event);
            }
            self.process(EngineEvent::Account(AccountStreamEvent::Item(event)))?;
            if let Some(asset) = filled {
                self.records.equity(self.now, &self.engine.state, asset);
            }
        }
        Ok(())
    }

    /// Lets a fault begin or end.
    fn fault(&mut self) -> PyResult<()> {
        match self.network.next_fault() {
            Noticed::Nothing => Ok(()),
            Noticed::Lost(exchange) => {
                let id = self.exchange_id(exchange);
                self.run.set_other_event(None);
                self.process(EngineEvent::Account(AccountStreamEvent::Reconnecting(id)))
            }
            Noticed::Back(exchange) => {
                let orders = self.exchange.open_orders(exchange);
                let id = self.exchange_id(exchange);
                let snapshot = Told {
                    exchange,
                    time: self.now,
                    events: vec![self.account_snapshot(exchange, id, orders)],
                    order: None,
                    again: false,
                };
                self.network.release(self.now, snapshot);
                Ok(())
            }
        }
    }

    /// What an account holds now, and its open orders by instrument.
    pub(super) fn account_snapshot(
        &self,
        exchange: ExchangeIndex,
        id: ExchangeId,
        orders: Vec<OrderSnapshot>,
    ) -> AccountEvent {
        let assets = self.run.indexed.instruments.assets().iter();
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

    fn exchange_id(&self, exchange: ExchangeIndex) -> ExchangeId {
        let exchanges = self.run.indexed.instruments.exchanges();
        exchanges
            .get(exchange.index())
            .map_or(ExchangeId::Other, |keyed| keyed.value)
    }

    /// Sends what the engine has asked for on its way.
    pub(super) fn send_requests(&mut self) -> Result<(), Error> {
        for request in self.engine.execution_txs.take() {
            let (key, order) = match &request {
                ExecutionRequest::Shutdown => continue,
                ExecutionRequest::Cancel(cancel) => (&cancel.key, None),
                ExecutionRequest::Open(open) => {
                    (&open.key, Some(self.records.sent(self.now, open)))
                }
            };
            let (exchange, cid) = (key.exchange, key.cid.clone());
            let sent = Sent {
                exchange,
                request,
                order,
            };
            self.network.send(self.now, sent).map_err(|TooLate| {
                Error::Order(format!(
                    "the request for order {:?} would arrive after the year 2262",
                    cid.0.as_str()
                ))
            })?;
        }
        Ok(())
    }
}

fn market_of<'a>(
    indexed: &'a Indexed,
    state: &'a State,
    instrument: InstrumentIndex,
) -> Option<(&'a BarterInstrument, &'a MarketState)> {
    let definition = indexed.instrument(instrument.index())?;
    let (_, state) = state.instruments.0.get_index(instrument.index())?;
    Some((definition, &state.data))
}
