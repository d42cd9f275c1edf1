//! The books that a reader has seen so far.

use super::status::{Status, StatusKind};
use crate::data::{MarketKind, StoredMarketEvent};
use barter_data::{
    books::OrderBook,
    subscription::{SubKind, book::OrderBookEvent},
};
use barter_instrument::{exchange::ExchangeId, instrument::InstrumentIndex};
use std::collections::HashMap;

/// Books by instrument; one that is not there is unknown.
#[derive(Debug, Default)]
pub struct Books(HashMap<InstrumentIndex, (ExchangeId, OrderBook)>);

impl Books {
    /// Follows an event. Updates without a snapshot before them say nothing of the rest of the book.
    pub fn event(&mut self, event: &StoredMarketEvent) {
        let MarketKind::L2(change) = &event.kind else {
            return;
        };
        match &**change {
            OrderBookEvent::Snapshot(book) => {
                let book = (event.exchange, book.clone());
                self.0.insert(event.instrument, book);
            }
            OrderBookEvent::Update(_) => {
                if let Some((_, book)) = self.0.get_mut(&event.instrument) {
                    book.update(change);
                }
            }
        }
    }

    /// Forgets the books of a connection that is lost: what they are now, nobody knows.
    pub fn status(&mut self, status: &Status) {
        if status.sub_kind == SubKind::OrderBooksL2 && status.kind == StatusKind::Lost {
            self.0
                .retain(|_, (exchange, _)| *exchange != status.exchange);
        }
    }

    /// The book of the instrument, if it is known.
    pub fn book(&self, instrument: InstrumentIndex) -> Option<OrderBook> {
        self.0.get(&instrument).map(|(_, book)| book.clone())
    }
}
