//! Market data as the engine holds it: exact decimals, and floats made once, when the data is loaded.

use super::StrategyPositions;
use crate::{convert::f64_from_decimal, strategy::StrategyData};
use barter::engine::{
    Processor,
    state::{
        instrument::data::InstrumentDataState, order::in_flight_recorder::InFlightRequestRecorder,
    },
};
use barter_data::{
    books::{Level, OrderBook},
    event::MarketEvent,
    subscription::book::{OrderBookEvent, OrderBookL1},
};
use barter_execution::{
    AccountEvent, AccountEventKind,
    order::request::{OrderRequestCancel, OrderRequestOpen},
};
use barter_instrument::{Side, exchange::ExchangeId, instrument::InstrumentIndex};
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use smol_str::SmolStr;
use std::{cmp::Ordering, sync::Arc};

/// barter's market event with our kind of payload.
pub type StoredMarketEvent = MarketEvent<InstrumentIndex, MarketKind>;

/// One event of a history.
#[derive(Clone, PartialEq, Debug)]
pub enum StoredEvent {
    /// An item of the stream.
    Item(StoredMarketEvent),
    /// The stream was lost.
    Reconnecting(ExchangeId),
}

/// `barter_data::event::DataKind` with exact numbers, cheap to clone.
#[derive(Clone, PartialEq, Debug)]
pub enum MarketKind {
    /// A public trade.
    Trade(TradeTick),
    /// Best bid and ask.
    L1(L1Quote),
    /// The order book, or what has changed in it.
    L2(Arc<OrderBookEvent>),
    /// A candle.
    Candle(Arc<CandleBar>),
    /// A liquidation.
    Liquidation(LiquidationTick),
}

/// A public trade.
#[derive(Clone, PartialEq, Debug)]
pub struct TradeTick {
    pub id: SmolStr,
    pub price: Decimal,
    pub price_f64: f64,
    pub amount: Decimal,
    pub side: Side,
}

impl TradeTick {
    pub fn new(id: SmolStr, price: Decimal, amount: Decimal, side: Side) -> Self {
        Self {
            id,
            price,
            price_f64: f64_from_decimal(price),
            amount,
            side,
        }
    }
}

/// Best bid and ask with their floats; NaN stands for a side that is not there.
#[derive(Clone, Debug)]
pub struct L1Quote {
    pub l1: OrderBookL1,
    pub best_bid_f64: f64,
    pub best_ask_f64: f64,
    pub mid_f64: f64,
}

/// The floats follow from the rest, and NaN is not equal to itself.
impl PartialEq for L1Quote {
    fn eq(&self, other: &Self) -> bool {
        self.l1 == other.l1
    }
}

impl L1Quote {
    pub fn new(
        last_update_time: DateTime<Utc>,
        best_bid: Option<Level>,
        best_ask: Option<Level>,
    ) -> Self {
        let l1 = OrderBookL1 {
            last_update_time,
            best_bid,
            best_ask,
        };
        let float =
            |level: Option<Level>| level.map_or(f64::NAN, |level| f64_from_decimal(level.price));
        // Events are made before they are checked: here prices can still be too large for their sum.
        let mid_f64 = match (best_bid, best_ask) {
            (Some(bid), Some(ask)) if bid.price.checked_add(ask.price).is_none() => f64::NAN,
            _ => l1.mid_price().map_or(f64::NAN, f64_from_decimal),
        };
        Self {
            l1,
            best_bid_f64: float(best_bid),
            best_ask_f64: float(best_ask),
            mid_f64,
        }
    }
}

/// A candle.
#[derive(Clone, PartialEq, Debug)]
pub struct CandleBar {
    pub close_time: DateTime<Utc>,
    pub open: Decimal,
    pub high: Decimal,
    pub low: Decimal,
    pub close: Decimal,
    pub close_f64: f64,
    pub volume: Decimal,
    pub trade_count: u64,
}

/// A liquidation.
#[derive(Clone, PartialEq, Debug)]
pub struct LiquidationTick {
    pub side: Side,
    pub price: Decimal,
    pub quantity: Decimal,
    pub time: DateTime<Utc>,
}

/// barter multiplies a price by an amount and adds two such products: below this nothing overflows.
pub const MAGNITUDE_LIMIT: Decimal = Decimal::from_parts(276_447_232, 23283, 0, false, 0);

impl StoredEvent {
    /// Its exchange, and its instrument where it has one.
    pub const fn key(&self) -> (ExchangeId, Option<usize>) {
        match self {
            Self::Item(event) => (event.exchange, Some(event.instrument.0)),
            Self::Reconnecting(exchange) => (*exchange, None),
        }
    }

    /// What would make barter's arithmetic overflow or its clock fail, if anything.
    pub fn check(&self) -> Result<(), String> {
        let Self::Item(event) = self else {
            return Ok(());
        };
        let times = [
            ("time_exchange", event.time_exchange),
            ("time_received", event.time_received),
        ];
        let times = times.into_iter().chain(event.kind.own_time());
        for (name, time) in times {
            if time.timestamp_nanos_opt().is_none() {
                return Err(format!("{name} {time} is outside the years 1677 to 2262"));
            }
        }
        let within = |name: &str, number: Decimal| {
            if number.abs() < MAGNITUDE_LIMIT {
                Ok(())
            } else {
                Err(format!(
                    "{name} {number} is too large: barter's arithmetic needs less than {MAGNITUDE_LIMIT}"
                ))
            }
        };
        let amount = |name: &str, amount: Decimal| {
            if amount < Decimal::ZERO {
                return Err(format!("{name} must not be negative, got {amount}"));
            }
            within(name, amount)
        };
        match &event.kind {
            MarketKind::Trade(trade) => {
                within("price", trade.price)?;
                amount("amount", trade.amount)
            }
            MarketKind::L1(L1Quote { l1, .. }) => {
                for (side, level) in [("best_bid", l1.best_bid), ("best_ask", l1.best_ask)] {
                    let Some(level) = level else { continue };
                    within(&format!("{side}.price"), level.price)?;
                    amount(&format!("{side}.amount"), level.amount)?;
                }
                Ok(())
            }
            MarketKind::L2(event) => {
                let (OrderBookEvent::Snapshot(book) | OrderBookEvent::Update(book)) = &**event;
                let is_snapshot = matches!(&**event, OrderBookEvent::Snapshot(_));
                for (side, levels) in sides(book) {
                    for level in levels {
                        within(&format!("{side} price"), level.price)?;
                        amount(&format!("{side} amount"), level.amount)?;
                        if is_snapshot && level.amount.is_zero() {
                            return Err(format!(
                                "{side} amount at {} is zero: a snapshot has only levels with \
                                 something on offer",
                                level.price
                            ));
                        }
                    }
                    // barter has sorted them, and would find one of the two when it looks for the price.
                    for (level, next) in levels.iter().zip(levels.iter().skip(1)) {
                        if level.price == next.price {
                            return Err(format!("{side} price {} is there twice", level.price));
                        }
                    }
                }
                Ok(())
            }
            MarketKind::Candle(candle) => {
                let prices = [
                    ("open", candle.open),
                    ("high", candle.high),
                    ("low", candle.low),
                    ("close", candle.close),
                ];
                for (name, price) in prices {
                    within(name, price)?;
                }
                amount("volume", candle.volume)
            }
            MarketKind::Liquidation(liquidation) => {
                within("price", liquidation.price)?;
                amount("quantity", liquidation.quantity)
            }
        }
    }
}

fn sides(book: &OrderBook) -> [(&'static str, &[Level]); 2] {
    [
        ("bids", book.bids().levels()),
        ("asks", book.asks().levels()),
    ]
}

impl MarketKind {
    /// The time that the payload has beside those of its event.
    fn own_time(&self) -> Option<(&'static str, DateTime<Utc>)> {
        match self {
            Self::Trade(_) => None,
            Self::L1(quote) => Some(("last_update_time", quote.l1.last_update_time)),
            Self::L2(event) => {
                let (OrderBookEvent::Snapshot(book) | OrderBookEvent::Update(book)) = &**event;
                book.time_engine().map(|time| ("time_engine", time))
            }
            Self::Candle(candle) => Some(("close_time", candle.close_time)),
            Self::Liquidation(liquidation) => Some(("time", liquidation.time)),
        }
    }
}

/// What the engine knows of an instrument's market, in place of `DefaultInstrumentMarketData`.
///
/// An event replaces what it updates unless it is older by the exchange's clock. barter's default
/// also drops events of the same time, and with them three trades of four, and keeps no book.
#[derive(Clone, PartialEq, Debug)]
pub struct MarketState {
    /// Best bid and ask, of the last L1 or of the book; `last_update_time` is the time of that one.
    pub quote: L1Quote,
    pub last_trade: Option<(TradeTick, DateTime<Utc>)>,
    pub candle: Option<(Arc<CandleBar>, DateTime<Utc>)>,
    /// In a box, since most histories have none.
    book: Option<Box<KnownBook>>,
    /// The strategy's own data of the instrument.
    pub own: Option<StrategyData>,
    /// Nothing before the first fill.
    by_strategy: Option<Box<StrategyPositions>>,
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
            own: None,
            by_strategy: None,
        }
    }
}

impl MarketState {
    /// What is known of a market, the book with the greatest time of its events.
    pub fn new(
        quote: L1Quote,
        last_trade: Option<(TradeTick, DateTime<Utc>)>,
        candle: Option<(Arc<CandleBar>, DateTime<Utc>)>,
        book: Option<(OrderBook, DateTime<Utc>)>,
        by_strategy: Option<StrategyPositions>,
    ) -> Self {
        Self {
            quote,
            last_trade,
            candle,
            book: book.map(|(book, time)| Box::new(KnownBook { book, time })),
            own: None,
            by_strategy: by_strategy.map(Box::new),
        }
    }

    /// Applies an event of this instrument.
    pub fn update(&mut self, time: DateTime<Utc>, kind: &MarketKind) {
        let newer = |last: Option<DateTime<Utc>>| last.is_none_or(|last| last <= time);
        match kind {
            MarketKind::L1(quote)
                if self.quote.l1.last_update_time <= quote.l1.last_update_time =>
            {
                self.quote = quote.clone();
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
            | MarketKind::Liquidation(_) => {}
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

    /// The open positions of each strategy, once there was a fill.
    pub fn by_strategy(&self) -> Option<&StrategyPositions> {
        self.by_strategy.as_deref()
    }

    /// The order book, once there was an event of it.
    pub fn book(&self) -> Option<&OrderBook> {
        self.book.as_ref().map(|known| &known.book)
    }

    /// The same with the greatest time of its events.
    pub fn timed_book(&self) -> Option<(&OrderBook, DateTime<Utc>)> {
        self.book.as_ref().map(|known| (&known.book, known.time))
    }

    /// Whether there is a best bid or a best ask.
    pub const fn is_quoted(&self) -> bool {
        let l1 = &self.quote.l1;
        l1.best_bid.is_some() || l1.best_ask.is_some()
    }

    /// The best bid for buys, the best ask for sells.
    pub const fn best(&self, side: Side) -> Option<Level> {
        match side {
            Side::Buy => self.quote.l1.best_bid,
            Side::Sell => self.quote.l1.best_ask,
        }
    }

    /// Where there is an order book, its bids for buys, its asks for sells.
    fn levels(&self, side: Side) -> Option<&[Level]> {
        self.book().map(|book| match side {
            Side::Buy => book.bids().levels(),
            Side::Sell => book.asks().levels(),
        })
    }

    /// The amount of the order book at a price of that side, if it is there.
    fn level_amount(&self, side: Side, price: Decimal) -> Option<Decimal> {
        let levels = self.levels(side)?;
        let found = levels.binary_search_by(|level| match side {
            Side::Buy => price.cmp(&level.price),
            Side::Sell => level.price.cmp(&price),
        });
        let level = found.ok().and_then(|index| levels.get(index));
        level.map(|level| level.amount)
    }

    /// What is offered to who trades on that side, the best first: the best of the other side and what the
    /// order book has beyond it, else the last trade, else the last candle's close.
    pub fn offers(&self, side: Side) -> Offers<'_> {
        let (best, levels) = if self.is_quoted() {
            let other = opposite(side);
            (self.best(other), self.levels(other).unwrap_or_default())
        } else {
            (self.last(), [].as_slice())
        };
        Offers {
            side,
            best,
            beyond: best.map(|best| best.price),
            levels: if best.is_some() { levels } else { &[] },
        }
    }

    /// The last trade or candle, with its amount.
    fn last(&self) -> Option<Level> {
        let trade = self.last_trade.as_ref().map(|(trade, _)| Level {
            price: trade.price,
            amount: trade.amount,
        });
        trade.or_else(|| {
            self.candle.as_ref().map(|(candle, _)| Level {
                price: candle.close,
                amount: candle.volume,
            })
        })
    }

    /// The amount offered to who trades on that side at a price, where there is a best bid or ask.
    pub fn offered(&self, side: Side, price: Decimal) -> Option<Decimal> {
        let other = opposite(side);
        let best = self.best(other)?;
        match rank(other, price, best.price) {
            Ordering::Less => None,
            Ordering::Equal => Some(best.amount),
            Ordering::Greater => self.level_amount(other, price),
        }
    }

    /// The amount shown at a price of that side, as far as it is known.
    pub fn shown(&self, side: Side, price: Decimal) -> Option<Decimal> {
        if !self.is_quoted() {
            return None;
        }
        let Some(best) = self.best(side) else {
            return Some(Decimal::ZERO);
        };
        match rank(side, price, best.price) {
            Ordering::Less => Some(Decimal::ZERO),
            Ordering::Equal => Some(best.amount),
            Ordering::Greater => {
                self.book()?;
                Some(self.level_amount(side, price).unwrap_or_default())
            }
        }
    }

    /// Price of the last public trade.
    pub fn last_trade_price(&self) -> Option<Decimal> {
        self.last_trade.as_ref().map(|(trade, _)| trade.price)
    }

    /// Where there is no book: the last trade, else the last candle's close.
    fn price_without_book(&self) -> Option<Decimal> {
        self.last_trade_price()
            .or_else(|| self.candle.as_ref().map(|(candle, _)| candle.close))
    }

    /// Half way between best bid and best ask.
    pub fn mid(&self) -> Option<Decimal> {
        self.quote.l1.mid_price()
    }

    /// The price for valuing a position: the mid, else the last trade, else the last candle's close.
    pub fn mark(&self) -> Option<Decimal> {
        self.mid().or_else(|| self.price_without_book())
    }

    /// The price that a market order of that side gets: the best opposite price of the book where
    /// there is one, else the last trade, else the last candle's close.
    pub fn opposite(&self, side: Side) -> Option<Decimal> {
        let OrderBookL1 {
            best_bid, best_ask, ..
        } = &self.quote.l1;
        if best_bid.is_none() && best_ask.is_none() {
            return self.price_without_book();
        }
        let level = match side {
            Side::Buy => best_ask,
            Side::Sell => best_bid,
        };
        level.map(|level| level.price)
    }
}

/// The other side.
pub const fn opposite(side: Side) -> Side {
    match side {
        Side::Buy => Side::Sell,
        Side::Sell => Side::Buy,
    }
}

/// Whether a price of that side is better than another (less), the same or worse.
fn rank(side: Side, price: Decimal, other: Decimal) -> Ordering {
    match side {
        Side::Buy => other.cmp(&price),
        Side::Sell => price.cmp(&other),
    }
}

/// Offers of positive price, the best first.
pub struct Offers<'a> {
    /// Of who trades.
    side: Side,
    best: Option<Level>,
    /// The price that the levels must be worse than, until they have been cut to those.
    beyond: Option<Decimal>,
    levels: &'a [Level],
}

impl Iterator for Offers<'_> {
    type Item = Level;

    fn next(&mut self) -> Option<Level> {
        let is_offer = |level: &Level| level.price > Decimal::ZERO;
        if let Some(best) = self.best.take().filter(is_offer) {
            return Some(best);
        }
        // Not before they are needed: most of who looks needs the best only.
        if let Some(beyond) = self.beyond.take() {
            let first = self.levels.partition_point(|level| match self.side {
                Side::Buy => level.price <= beyond,
                Side::Sell => level.price >= beyond,
            });
            self.levels = self.levels.get(first..).unwrap_or_default();
        }
        loop {
            let (level, rest) = self.levels.split_first()?;
            self.levels = rest;
            if is_offer(level) {
                return Some(*level);
            }
        }
    }
}

impl InstrumentDataState for MarketState {
    type MarketEventKind = MarketKind;

    fn price(&self) -> Option<Decimal> {
        match (self.quote.l1.best_bid, self.quote.l1.best_ask) {
            // barter divides by the sum of the amounts.
            (Some(bid), Some(ask)) if bid.amount.is_zero() && ask.amount.is_zero() => self.mid(),
            _ => self
                .quote
                .l1
                .volume_weighed_mid_price()
                .or_else(|| self.price_without_book()),
        }
    }
}

impl Processor<&StoredMarketEvent> for MarketState {
    type Audit = ();

    fn process(&mut self, event: &StoredMarketEvent) {
        self.update(event.time_exchange, &event.kind);
        if let Some(own) = &self.own {
            own.on_market(event);
        }
    }
}

impl Processor<&AccountEvent> for MarketState {
    type Audit = ();

    fn process(&mut self, event: &AccountEvent) {
        if let Some(own) = &self.own {
            own.on_account(event);
        }
        if let AccountEventKind::Trade(fill) = &event.kind {
            let positions = self.by_strategy.get_or_insert_default();
            // barter's own position of the instrument is the one whose closing counts.
            drop(positions.update(fill));
        }
    }
}

impl InFlightRequestRecorder for MarketState {
    fn record_in_flight_cancel(&mut self, _: &OrderRequestCancel) {}

    fn record_in_flight_open(&mut self, _: &OrderRequestOpen) {}
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
        let price = |side| state.opposite(side).map(|price| price.try_into().unwrap());
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
