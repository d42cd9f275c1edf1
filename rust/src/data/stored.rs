//! The known state of a market as exact JSON: floats are computed again, so that NaN is never written.

use super::{
    json::{Book, Candle, L1, Trade},
    kind::CandleBar,
    market::MarketState,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// `MarketState` in the forms of barter's events.
#[derive(Deserialize, Serialize)]
struct Stored<'a> {
    quote: L1,
    #[serde(borrow)]
    last_trade: Option<(Trade<'a>, DateTime<Utc>)>,
    candle: Option<(Candle, DateTime<Utc>)>,
    book: Option<(Book, DateTime<Utc>)>,
}

impl Serialize for MarketState {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let last_trade = self.last_trade.as_ref();
        let candle = self.candle.as_ref();
        Stored {
            quote: (&self.quote).into(),
            last_trade: last_trade.map(|(trade, time)| (trade.into(), *time)),
            candle: candle.map(|(candle, time)| ((&**candle).into(), *time)),
            book: self.timed_book().map(|(book, time)| (book.into(), time)),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for MarketState {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Stored {
            quote,
            last_trade,
            candle,
            book,
        } = Stored::deserialize(deserializer)?;
        Ok(Self::new(
            quote.into(),
            last_trade.map(|(trade, time)| (trade.into(), time)),
            candle.map(|(candle, time)| (CandleBar::from(candle).into(), time)),
            book.map(|(book, time)| (book.into(), time)),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::kind::{L1Quote, MarketKind, TradeTick};
    use barter_data::{
        books::{Level, OrderBook},
        subscription::book::OrderBookEvent,
    };
    use barter_instrument::Side;
    use rust_decimal::Decimal;

    fn exact(text: &str) -> Decimal {
        Decimal::from_str_exact(text).unwrap()
    }

    fn at(nanos: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_nanos(nanos)
    }

    /// Unlike equality, text shows the zeros at the end of a decimal, and Debug shows the floats.
    fn survives(state: &MarketState) {
        let text = serde_json::to_string(state).unwrap();
        let again: MarketState = serde_json::from_str(&text).unwrap();
        assert_eq!(&again, state);
        assert_eq!(format!("{again:?}"), format!("{state:?}"));
        assert_eq!(serde_json::to_string(&again).unwrap(), text);
        assert!(!text.contains("NaN"), "{text}");
    }

    #[test]
    fn a_market_state_survives_json() {
        let mut state = MarketState::default();
        assert_eq!(
            state.quote.l1.last_update_time,
            DateTime::<Utc>::MIN_UTC,
            "barter's never"
        );
        survives(&state);
        let trade = |id: &str| {
            let (price, amount) = (exact("0.10"), exact("79228162514264337593543950335"));
            TradeTick::new(id.into(), price, amount, Side::Sell)
        };
        state.update(at(1), &MarketKind::Trade(trade("a \"quoted\" \u{e9} id")));
        survives(&state);
        state.update(
            at(2),
            &MarketKind::Candle(
                CandleBar {
                    close_time: at(-7),
                    open: exact("1.0"),
                    high: exact("0.0000000000000000000000000001"),
                    low: exact("-2"),
                    close: exact("87232.100"),
                    close_f64: 87232.1,
                    volume: exact("0"),
                    trade_count: u64::MAX,
                }
                .into(),
            ),
        );
        survives(&state);
        let level = |price: &str| Some(Level::new(exact(price), exact("1.50")));
        state.update(
            at(3),
            &MarketKind::L1(L1Quote::new(
                at(1_742_943_900_123_456_789),
                level("99.10"),
                None,
            )),
        );
        survives(&state);
        let levels = |of: &[&str]| {
            of.iter()
                .filter_map(|price| level(price))
                .collect::<Vec<_>>()
        };
        let book = OrderBook::new(
            u64::MAX,
            Some(at(4)),
            levels(&["99.10", "99.2"]),
            levels(&["100.0", "99.90"]),
        );
        state.update(
            at(4),
            &MarketKind::L2(OrderBookEvent::Snapshot(book).into()),
        );
        survives(&state);
        let update = OrderBook::new(8, None, vec![Level::new(exact("99.2"), exact("0"))], vec![]);
        state.update(
            at(5),
            &MarketKind::L2(OrderBookEvent::Update(update).into()),
        );
        survives(&state);
    }
}
