//! Books whose rows are levels: the rows of one message become one event.

use super::{
    cell::Cell,
    layout::Book,
    names::Key,
    order::SortId,
    rows::{Fault, Made, Row, State, read},
};
use crate::data::kind::{MarketKind, StoredEvent};
use barter_data::{
    books::{Level, OrderBook},
    subscription::book::OrderBookEvent,
};
use barter_instrument::Side;

/// What the rows of one message have in common.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct MessageKey {
    instrument: Key,
    received: i64,
    is_snapshot: bool,
    sequence: Option<u64>,
}

/// The message whose rows are being read.
#[derive(Debug)]
pub struct Message {
    key: MessageKey,
    exchange_time: i64,
    bids: Vec<Level>,
    asks: Vec<Level>,
    /// The number of its first row.
    number: u64,
    is_reconnect: bool,
}

impl State {
    /// Adds the level of a row to its message.
    pub fn level(&mut self, row: &impl Row, layout: &Book, number: u64) -> Result<(), Fault> {
        let instrument = self.instrument(row, layout.common.instrument)?;
        let (exchange_time, received) = self.times(row, &layout.common)?;
        let is_snapshot = match layout.is_snapshot {
            Some(slot) => read(row, slot, Cell::truth)?,
            None => false,
        };
        let sequence = match layout.sequence {
            Some(slot) => Some(read(row, slot, Cell::count)?),
            None => None,
        };
        let key = MessageKey {
            instrument,
            received,
            is_snapshot,
            sequence,
        };
        let side = read(row, layout.side, |cell| {
            cell.side()?
                .ok_or_else(|| "must be the side of the book, bid or ask".to_owned())
        })?;
        let level = Level {
            price: read(row, layout.level.price, Cell::decimal)?,
            amount: read(row, layout.level.amount, Cell::decimal)?,
        };
        let mut message = match self.message.take() {
            Some(message) if message.key == key => message,
            last => {
                if let Some(last) = last {
                    self.end_message(last)?;
                }
                let is_reconnect = layout.snapshot_is_reconnect && is_snapshot && self.is_in_stream;
                self.is_in_stream = true;
                Message {
                    key,
                    exchange_time,
                    bids: Vec::new(),
                    asks: Vec::new(),
                    number,
                    is_reconnect,
                }
            }
        };
        message.exchange_time = message.exchange_time.max(exchange_time);
        match side {
            Side::Buy => message.bids.push(level),
            Side::Sell => message.asks.push(level),
        }
        self.message = Some(message);
        Ok(())
    }

    /// Makes a message an event.
    pub fn end_message(&mut self, message: Message) -> Result<(), Fault> {
        let Message {
            key,
            exchange_time,
            bids,
            asks,
            number,
            is_reconnect,
        } = message;
        let at_first_row = |fault: Fault| Fault {
            number: Some(number),
            ..fault
        };
        if is_reconnect {
            let (exchange, _) = key.instrument;
            let lost = StoredEvent::Reconnecting(exchange.into());
            self.push(key.received, SortId::None, lost)
                .map_err(at_first_row)?;
        }
        let sequence = key.sequence.unwrap_or_default();
        let kind = if key.is_snapshot {
            let book = OrderBook::new(sequence, None, offered(bids), offered(asks));
            OrderBookEvent::Snapshot(book)
        } else {
            OrderBookEvent::Update(OrderBook::new(sequence, None, newest(bids), newest(asks)))
        };
        let id = key.sequence.map_or(SortId::None, SortId::Number);
        let made = Made {
            instrument: key.instrument,
            times: (exchange_time, key.received),
            id,
            kind: MarketKind::L2(kind.into()),
        };
        self.push_event(made).map_err(at_first_row)
    }
}

/// The levels of a snapshot: a venue may write those that are gone as levels with nothing on offer.
pub fn offered(mut levels: Vec<Level>) -> Vec<Level> {
    levels.retain(|level| !level.amount.is_zero());
    levels
}

/// The last amount of each price, where a message changes a price more than once.
fn newest(mut levels: Vec<Level>) -> Vec<Level> {
    levels.reverse();
    // Stable: of one price, the newest comes first.
    levels.sort_by_key(|level| level.price);
    levels.dedup_by(|later, kept| later.price == kept.price);
    levels
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::Decimal;

    fn levels(of: &[(i64, i64)]) -> Vec<Level> {
        let level = |(price, amount): &(i64, i64)| Level {
            price: Decimal::from(*price),
            amount: Decimal::from(*amount),
        };
        of.iter().map(level).collect()
    }

    #[test]
    fn the_last_change_of_a_price_counts() {
        let changes = levels(&[(100, 1), (99, 2), (100, 3), (98, 0), (99, 0)]);
        assert_eq!(newest(changes), levels(&[(98, 0), (99, 0), (100, 3)]));
    }

    #[test]
    fn nothing_on_offer_is_no_level_of_a_snapshot() {
        assert_eq!(offered(levels(&[(100, 1), (99, 0)])), levels(&[(100, 1)]));
    }
}
