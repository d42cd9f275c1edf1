//! Crossed markets: a best bid above the best ask, which no market has for long.

use super::{
    MarketState,
    kind::{L1Quote, MarketKind, StoredEvent, StoredMarketEvent},
};
use barter_data::books::{Level, OrderBook};
use rust_decimal::Decimal;
use std::collections::HashMap;

/// Whether the bid is above the ask, if both are there.
pub fn is_crossed(bid: Option<Level>, ask: Option<Level>) -> bool {
    bid.zip(ask).is_some_and(|(bid, ask)| bid.price > ask.price)
}

impl L1Quote {
    /// Whether the best bid is above the best ask.
    #[inline]
    pub fn is_crossed(&self) -> bool {
        // Mostly the floats decide, which are compared faster; NaN stands for a side that is not there.
        let is_apart = self.best_bid_f64 < self.best_ask_f64;
        !is_apart && is_crossed(self.l1.best_bid, self.l1.best_ask)
    }
}

impl MarketState {
    /// The best bid and the best ask, if they are crossed.
    pub fn crossing(&self) -> Option<(Decimal, Decimal)> {
        if !self.quote.is_crossed() {
            return None;
        }
        let (bid, ask) = self.quote.l1.best_bid.zip(self.quote.l1.best_ask)?;
        Some((bid.price, ask.price))
    }
}

/// Whether a quote is crossed, or an event of the order book leaves the book crossed; `market` gives the
/// market after the event.
#[inline]
pub fn leaves_crossed<'a>(
    kind: &MarketKind,
    market: impl FnOnce() -> Option<&'a MarketState>,
) -> bool {
    match kind {
        MarketKind::L1(quote) => quote.is_crossed(),
        MarketKind::L2(_) => market()
            .and_then(MarketState::book)
            .is_some_and(is_book_crossed),
        MarketKind::Trade(_)
        | MarketKind::Candle(_)
        | MarketKind::Liquidation(_)
        | MarketKind::Funding(_)
        | MarketKind::Settlement(_) => false,
    }
}

fn is_book_crossed(book: &OrderBook) -> bool {
    let best = |levels: &[Level]| levels.first().copied();
    is_crossed(best(book.bids().levels()), best(book.asks().levels()))
}

/// The positions of the events that are crossed quotes, or that leave an order book crossed.
pub fn positions_of_crossed(events: &[StoredEvent]) -> Vec<usize> {
    let mut markets: HashMap<_, MarketState> = HashMap::new();
    let mut found = Vec::new();
    for (position, event) in events.iter().enumerate() {
        let StoredEvent::Item(item) = event else {
            continue;
        };
        if item.kind.shows_offers() {
            let market = markets.entry(event.key()).or_default();
            market.update(item.time_exchange, &item.kind);
            if leaves_crossed(&item.kind, || Some(market)) {
                found.push(position);
            }
        }
    }
    found
}

/// The events of a history that are crossed quotes, or that leave an order book crossed.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct CrossedEvents {
    /// How many there are.
    pub count: usize,
    /// When the first was received, in nanoseconds since 1970, and its instrument.
    pub first: Option<(i64, usize)>,
}

impl CrossedEvents {
    /// Counts an event.
    pub fn add(&mut self, event: &StoredMarketEvent) {
        self.count = self.count.saturating_add(1);
        if self.first.is_none() {
            let time = event.time_received.timestamp_nanos_opt();
            self.first = Some((time.unwrap_or_default(), event.instrument.index()));
        }
    }
}
