//! The known state of an instrument's market.

use super::kind::{CandleBar, L1Quote, MAGNITUDE_LIMIT, MarketKind, TradeTick};
use barter_data::{
    books::{Level, OrderBook, volume_weighted_mid_price},
    subscription::book::{OrderBookEvent, OrderBookL1},
};
use barter_instrument::Side;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use std::sync::Arc;

/// The known state of an instrument's market.
///
/// An event replaces the last one of its kind unless it is older by the exchange's clock. barter's default
/// also drops events of the same time, and with them three trades of four, and keeps no book.
#[derive(Clone, PartialEq, Debug)]
pub struct MarketState {
    /// Best bid and ask, of the last L1 or of the book; `last_update_time` is the time of that one.
    pub quote: L1Quote,
    pub last_trade: Option<(TradeTick, DateTime<Utc>)>,
    pub candle: Option<(Arc<CandleBar>, DateTime<Utc>)>,
    /// In a box, since most histories have none.
    book: Option<Box<KnownBook>>,
}

/// The order book as its events so far have left it.
#[derive(Clone, PartialEq, Debug)]
struct KnownBook {
    book: OrderBook,
    /// The greatest time of its events.
    time: DateTime<Utc>,
}

impl Default for MarketState {
    fn default() -> Self {
        Self {
            quote: L1Quote::new(DateTime::<Utc>::MIN_UTC, None, None),
            last_trade: None,
            candle: None,
            book: None,
        }
    }
}

impl MarketState {
    /// The state of a market; the book comes with the greatest time of its events.
    pub fn new(
        quote: L1Quote,
        last_trade: Option<(TradeTick, DateTime<Utc>)>,
        candle: Option<(Arc<CandleBar>, DateTime<Utc>)>,
        book: Option<(OrderBook, DateTime<Utc>)>,
    ) -> Self {
        Self {
            quote,
            last_trade,
            candle,
            book: book.map(|(book, time)| Box::new(KnownBook { book, time })),
        }
    }

    /// Applies an event of this instrument.
    pub fn update(&mut self, time: DateTime<Utc>, kind: &MarketKind) {
        let newer = |last: Option<DateTime<Utc>>| last.is_none_or(|last| last <= time);
        match kind {
            MarketKind::L1(quote)
                if self.quote.l1.last_update_time <= quote.l1.last_update_time =>
            {
                self.quote.set(quote);
            }
            MarketKind::Trade(trade) if newer(self.last_trade.as_ref().map(|(_, time)| *time)) => {
                self.last_trade = Some((trade.clone(), time));
            }
            MarketKind::Candle(candle) if newer(self.candle.as_ref().map(|(_, time)| *time)) => {
                self.candle = Some((Arc::clone(candle), time));
            }
            MarketKind::L2(event) => self.update_book(time, event),
            MarketKind::L1(_)
            | MarketKind::Trade(_)
            | MarketKind::Candle(_)
            | MarketKind::Liquidation(_)
            | MarketKind::Funding(_)
            | MarketKind::Settlement(_) => {}
        }
    }

    /// Applies an event of the order book, whatever its sequence and its time: a change left out would
    /// make the book wrong until the next snapshot.
    fn update_book(&mut self, time: DateTime<Utc>, event: &OrderBookEvent) {
        let known = self.book.get_or_insert_with(|| {
            Box::new(KnownBook {
                book: OrderBook::default(),
                time,
            })
        });
        known.book.update(event);
        known.time = known.time.max(time);
        if self.quote.l1.last_update_time <= known.time {
            let best = |levels: &[Level]| levels.first().copied();
            self.quote = L1Quote::new(
                known.time,
                best(known.book.bids().levels()),
                best(known.book.asks().levels()),
            );
        }
    }

    /// Whether all that is known of the prices comes from candles: there is neither a best bid or ask nor a
    /// trade.
    pub const fn is_of_candles(&self) -> bool {
        !self.is_quoted() && self.last_trade.is_none()
    }

    /// Whether a candle is the last one: not if it was older than the one before it.
    pub fn is_last_candle(&self, candle: &Arc<CandleBar>) -> bool {
        self.candle
            .as_ref()
            .is_some_and(|(last, _)| Arc::ptr_eq(last, candle))
    }

    /// The order book, once there was an event of it.
    pub fn book(&self) -> Option<&OrderBook> {
        self.book.as_ref().map(|known| &known.book)
    }

    /// The same with the greatest time of its events.
    pub fn timed_book(&self) -> Option<(&OrderBook, DateTime<Utc>)> {
        self.book.as_ref().map(|known| (&known.book, known.time))
    }

    /// Price of the last public trade.
    pub fn last_trade_price(&self) -> Option<Decimal> {
        self.last_trade.as_ref().map(|(trade, _)| trade.price)
    }

    /// The price without L1 and book: the last trade, else the last candle's close.
    pub fn price_without_book(&self) -> Option<Decimal> {
        self.last_trade_price()
            .or_else(|| self.candle.as_ref().map(|(candle, _)| candle.close))
    }

    /// The float next to it; NaN if there is neither.
    pub fn price_without_book_f64(&self) -> f64 {
        let trade = self.last_trade.as_ref().map(|(trade, _)| trade.price_f64);
        trade
            .or_else(|| self.candle.as_ref().map(|(candle, _)| candle.close_f64))
            .unwrap_or(f64::NAN)
    }

    /// Half way between best bid and best ask.
    pub fn mid(&self) -> Option<Decimal> {
        self.quote.l1.mid_price()
    }

    /// barter's price of the instrument: the mid weighted by the amounts, else as `mark`.
    pub fn price(&self) -> Option<Decimal> {
        match (self.quote.l1.best_bid, self.quote.l1.best_ask) {
            // barter divides by the sum of the amounts.
            (Some(bid), Some(ask)) if bid.amount.is_zero() && ask.amount.is_zero() => self.mid(),
            // Its products would overflow; only the ratio of the amounts matters.
            (Some(bid), Some(ask)) if bid.amount.max(ask.amount) >= MAGNITUDE_LIMIT => {
                let scaled = |level: Level| Level {
                    amount: level
                        .amount
                        .checked_div(MAGNITUDE_LIMIT)
                        .unwrap_or_default(),
                    ..level
                };
                Some(volume_weighted_mid_price(scaled(bid), scaled(ask)))
            }
            _ => self
                .quote
                .l1
                .volume_weighed_mid_price()
                .or_else(|| self.price_without_book()),
        }
    }

    /// The price for valuing a position: the mid, else the last trade, else the last candle's close.
    pub fn mark(&self) -> Option<Decimal> {
        self.mid().or_else(|| self.price_without_book())
    }

    /// The price that a market order of that side names: the best price of the other side, in a crossed
    /// market of its own side; without any L1 or book the last trade, else the last candle's close.
    pub fn price_to_take(&self, side: Side) -> Option<Decimal> {
        let OrderBookL1 {
            best_bid, best_ask, ..
        } = &self.quote.l1;
        if best_bid.is_none() && best_ask.is_none() {
            return self.price_without_book();
        }
        let level = match side {
            Side::Buy if self.quote.is_crossed() => best_bid,
            Side::Sell if self.quote.is_crossed() => best_ask,
            Side::Buy => best_ask,
            Side::Sell => best_bid,
        };
        level.map(|level| level.price)
    }

    /// The price that a market order names: the one to take, else barter's.
    pub fn price_of_market_order(&self, side: Side) -> Option<Decimal> {
        self.price_to_take(side).or_else(|| self.price())
    }

    /// The levels of both sides, bids first: of the book, or without one of the last L1.
    pub fn best_levels(&self) -> [&[Level]; 2] {
        match self.book() {
            Some(book) => [book.bids().levels(), book.asks().levels()],
            None => [
                self.quote.l1.best_bid.as_slice(),
                self.quote.l1.best_ask.as_slice(),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    fn levels(of: &[(i64, i64)]) -> Vec<Level> {
        of.iter()
            .map(|(price, amount)| Level::new(*price, *amount))
            .collect()
    }

    type Levels<'a> = &'a [(i64, i64)];

    fn snapshot(bids: Levels<'_>, asks: Levels<'_>) -> OrderBookEvent {
        OrderBookEvent::Snapshot(OrderBook::new(1, None, levels(bids), levels(asks)))
    }

    fn update(bids: Levels<'_>, asks: Levels<'_>) -> OrderBookEvent {
        OrderBookEvent::Update(OrderBook::new(2, None, levels(bids), levels(asks)))
    }

    fn l1(seconds: i64, bid: i64, ask: i64) -> MarketKind {
        let level = |price| Some(Level::new(price, 1));
        MarketKind::L1(L1Quote::new(at(seconds), level(bid), level(ask)))
    }

    fn best(state: &MarketState) -> (Option<i64>, Option<i64>) {
        let price = |side| {
            state
                .price_to_take(side)
                .map(|price| price.try_into().unwrap())
        };
        (price(Side::Sell), price(Side::Buy))
    }

    #[test]
    fn the_newer_of_quote_and_book_has_the_best_prices() {
        let mut state = MarketState::default();
        let l2 = |event: OrderBookEvent| MarketKind::L2(event.into());
        for (seconds, kind, expected) in [
            (1, l1(1, 10, 20), (10, 20)),
            (1, l2(snapshot(&[(11, 1)], &[(21, 1)])), (11, 21)),
            (2, l1(2, 12, 22), (12, 22)),
            // Older than the quote: it changes the book only.
            (1, l2(update(&[(13, 1)], &[(23, 1)])), (12, 22)),
            (3, l2(update(&[(14, 1)], &[(21, 0)])), (14, 23)),
            // Older than the book: nothing.
            (2, l1(2, 15, 25), (14, 23)),
            // The book's own time does not step back.
            (2, l2(update(&[(14, 0)], &[])), (13, 23)),
            (3, l1(3, 16, 26), (16, 26)),
        ] {
            state.update(at(seconds), &kind);
            let (bid, ask) = expected;
            assert_eq!(best(&state), (Some(bid), Some(ask)), "{kind:?}");
        }
        let expected = OrderBook::new(2, None, levels(&[(13, 1), (11, 1)]), levels(&[(23, 1)]));
        assert_eq!(state.book(), Some(&expected));
    }

    /// Where barter's products overflow, the price is that of amounts in another unit.
    #[test]
    fn amounts_of_cheap_coins_weigh_the_price() {
        let decimal = |text: &str| Decimal::from_str_exact(text).unwrap();
        let quote = |bid: &str, ask: &str| {
            let level = |price, amount: &str| Some(Level::new(decimal(price), decimal(amount)));
            let mut state = MarketState::default();
            let quote = L1Quote::new(
                at(1),
                level("99999999999999", bid),
                level("0.00000001", ask),
            );
            state.update(at(1), &MarketKind::L1(quote));
            state.price()
        };
        let price = quote("9999999999999999999999999", "1");
        assert_eq!(
            price.map(|price| price.round_dp(10)),
            Some(decimal("0.0000000100"))
        );
        assert_eq!(
            quote("300000000000000", "100000000000000"),
            quote("3", "1"),
            "a quarter of the way"
        );
    }

    #[test]
    fn a_book_may_begin_with_an_update() {
        let mut state = MarketState::default();
        assert_eq!(state.book(), None);
        state.update(
            at(1),
            &MarketKind::L2(update(&[(9, 2), (8, 0)], &[]).into()),
        );
        assert_eq!(
            state.book(),
            Some(&OrderBook::new(2, None, levels(&[(9, 2)]), vec![]))
        );
        assert_eq!(best(&state), (Some(9), None));
    }
}
