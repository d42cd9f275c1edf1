//! Repairs of events: what barter-data makes of some venues' messages is not what they say.

use super::event::AnyEvent;
use barter_data::{books::Level, event::DataKind, subscription::book::OrderBookL1};
use barter_instrument::{Side, exchange::ExchangeId, instrument::InstrumentIndex};
use chrono::{DateTime, Utc};
use std::collections::{HashMap, HashSet};

/// What one connection has to remember for its repairs.
#[derive(Debug)]
pub struct Repair {
    exchange: ExchangeId,
    /// Ids of the last trades, which outlive the connection.
    last_trades: HashMap<InstrumentIndex, u64>,
    /// Before this, a venue's first trade of an instrument is one from before the subscription.
    opened: DateTime<Utc>,
    first_seen: HashSet<InstrumentIndex>,
    quotes: HashMap<InstrumentIndex, OrderBookL1>,
}

impl Repair {
    /// For the connections of that venue.
    pub fn new(exchange: ExchangeId) -> Self {
        Self {
            exchange,
            last_trades: HashMap::new(),
            opened: DateTime::<Utc>::MIN_UTC,
            first_seen: HashSet::new(),
            quotes: HashMap::new(),
        }
    }

    /// A connection begins.
    pub fn open(&mut self, now: DateTime<Utc>) {
        self.opened = now;
        self.first_seen.clear();
        self.quotes.clear();
    }

    /// The event as the venue means it, or `None` if it is not news.
    pub fn event(&mut self, mut event: AnyEvent) -> Option<AnyEvent> {
        // barter-data calls the books of Bybit's perpetual contracts those of `BybitSpot`.
        event.exchange = self.exchange;
        let (instrument, time) = (event.instrument, event.time_exchange);
        match &mut event.kind {
            DataKind::Trade(trade) => match self.exchange {
                ExchangeId::Coinbase => {
                    if self.is_repeated(instrument, time, &trade.id) {
                        return None;
                    }
                    // Coinbase says the side of the maker, every other venue that of the taker.
                    trade.side = match trade.side {
                        Side::Buy => Side::Sell,
                        Side::Sell => Side::Buy,
                    };
                }
                // A sale of contracts has a negative size there; the side is right.
                ExchangeId::GateioFuturesUsd
                | ExchangeId::GateioFuturesBtc
                | ExchangeId::GateioPerpetualsUsd
                | ExchangeId::GateioPerpetualsBtc
                | ExchangeId::GateioOptions => trade.amount = trade.amount.abs(),
                _ => {}
            },
            DataKind::OrderBookL1(quote) => {
                if matches!(
                    self.exchange,
                    ExchangeId::BybitSpot | ExchangeId::BybitPerpetualsUsd
                ) {
                    self.fill_quote(instrument, quote);
                }
            }
            DataKind::OrderBook(_) | DataKind::Candle(_) | DataKind::Liquidation(_) => {}
        }
        Some(event)
    }

    /// Whether it is a trade from before the subscription: Coinbase begins with the last one, which
    /// barter-data takes for a new one.
    fn is_repeated(&mut self, instrument: InstrumentIndex, time: DateTime<Utc>, id: &str) -> bool {
        let is_first = self.first_seen.insert(instrument);
        let Ok(id) = id.parse::<u64>() else {
            return false;
        };
        let last = self.last_trades.get(&instrument).copied();
        if last.is_some_and(|last| id <= last) {
            return true;
        }
        self.last_trades.insert(instrument, id);
        last.is_none() && is_first && time < self.opened
    }

    /// Bybit sends only the side that has changed; an amount of zero takes it away.
    fn fill_quote(&mut self, instrument: InstrumentIndex, quote: &mut OrderBookL1) {
        let before = self.quotes.get(&instrument);
        let filled = |now: Option<Level>, before: Option<Level>| match now {
            Some(level) => Some(level).filter(|level| !level.amount.is_zero()),
            None => before,
        };
        quote.best_bid = filled(quote.best_bid, before.and_then(|quote| quote.best_bid));
        quote.best_ask = filled(quote.best_ask, before.and_then(|quote| quote.best_ask));
        self.quotes.insert(instrument, quote.clone());
    }
}
