//! barter's JSON of market events, read exactly.
//!
//! barter's own types read a price of more than 28 digits rounded, and pass over keys that they do not
//! know; here both are errors.

mod lost;
mod number;
#[cfg(test)]
mod tests;
mod time;

use super::kind::{
    CandleBar, FundingTick, L1Quote, LiquidationTick, MarketKind, SettlementTick, StoredEvent,
    StoredMarketEvent, TradeTick,
};
use crate::convert::{cut, f64_from_decimal, serde_reason};
use barter_data::{
    books::{Level, OrderBook},
    subscription::book::OrderBookEvent,
};
use barter_instrument::{Side, exchange::ExchangeId, instrument::InstrumentIndex};
use lost::Lost;
use number::{Exact, Float};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use smol_str::SmolStr;
use std::borrow::Cow;
use time::Time;

/// `barter_data::streams::consumer::MarketStreamEvent`.
#[derive(Deserialize, Serialize)]
enum Event<'a> {
    Reconnecting(Lost),
    #[serde(borrow)]
    Item(Item<'a>),
}

/// `barter_data::streams::consumer::MarketStreamResult`.
#[derive(Deserialize)]
enum EventResult<'a> {
    Reconnecting(Lost),
    #[serde(borrow)]
    Item(ItemResult<'a>),
}

#[derive(Deserialize)]
enum ItemResult<'a> {
    #[serde(borrow)]
    Ok(Item<'a>),
    Err(serde_json::Value),
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Item<'a> {
    time_exchange: Time,
    time_received: Time,
    exchange: ExchangeId,
    instrument: usize,
    #[serde(borrow)]
    kind: Kind<'a>,
}

#[derive(Deserialize, Serialize)]
enum Kind<'a> {
    #[serde(borrow)]
    Trade(Trade<'a>),
    OrderBookL1(L1),
    OrderBook(L2),
    Candle(Candle),
    Liquidation(Liquidation),
    /// Ours, as the next one: barter has neither.
    Funding(Funding),
    Settlement(Settlement),
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Trade<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    price: Float,
    amount: Float,
    side: Side,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct L1 {
    last_update_time: Time,
    best_bid: Option<LevelOf>,
    best_ask: Option<LevelOf>,
}

/// barter's own type writes this, and cannot read it: it asks for a `side` in each side.
#[derive(Deserialize, Serialize)]
enum L2 {
    Snapshot(Book),
    Update(Book),
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Book {
    sequence: u64,
    time_engine: Option<Time>,
    bids: BookSide,
    asks: BookSide,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct BookSide {
    /// barter does not write it, and asks for it when it reads.
    #[serde(rename = "side", default, skip_serializing)]
    _side: (),
    levels: Vec<LevelOf>,
}

impl From<Book> for OrderBook {
    fn from(book: Book) -> Self {
        let Book {
            sequence,
            time_engine,
            bids,
            asks,
        } = book;
        Self::new(
            sequence,
            time_engine.map(|time| time.0),
            bids.levels,
            asks.levels,
        )
    }
}

impl From<&OrderBook> for Book {
    fn from(book: &OrderBook) -> Self {
        let side = |levels: &[Level]| BookSide {
            _side: (),
            levels: levels.iter().copied().map(LevelOf::from).collect(),
        };
        Self {
            sequence: book.sequence(),
            time_engine: book.time_engine().map(Time),
            bids: side(book.bids().levels()),
            asks: side(book.asks().levels()),
        }
    }
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct LevelOf {
    price: Exact,
    amount: Exact,
}

impl From<LevelOf> for Level {
    fn from(LevelOf { price, amount }: LevelOf) -> Self {
        Self {
            price: price.0,
            amount: amount.0,
        }
    }
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Candle {
    close_time: Time,
    open: Float,
    high: Float,
    low: Float,
    close: Float,
    volume: Float,
    trade_count: u64,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Liquidation {
    side: Side,
    price: Float,
    quantity: Float,
    time: Time,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Funding {
    rate: Exact,
    #[serde(default)]
    mark_price: Option<Exact>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Settlement {
    price: Exact,
}

impl<'a> From<&'a StoredEvent> for Event<'a> {
    fn from(event: &'a StoredEvent) -> Self {
        match event {
            StoredEvent::Reconnecting(lost) => Self::Reconnecting(Lost(*lost)),
            StoredEvent::Item(event) => Self::Item(Item {
                time_exchange: Time(event.time_exchange),
                time_received: Time(event.time_received),
                exchange: event.exchange,
                instrument: event.instrument.index(),
                kind: (&event.kind).into(),
            }),
        }
    }
}

impl<'a> From<&'a MarketKind> for Kind<'a> {
    fn from(kind: &'a MarketKind) -> Self {
        match kind {
            MarketKind::Trade(trade) => Self::Trade(trade.into()),
            MarketKind::L1(quote) => Self::OrderBookL1(quote.into()),
            MarketKind::L2(event) => Self::OrderBook(match &**event {
                OrderBookEvent::Snapshot(book) => L2::Snapshot(book.into()),
                OrderBookEvent::Update(book) => L2::Update(book.into()),
            }),
            MarketKind::Candle(candle) => Self::Candle((&**candle).into()),
            MarketKind::Liquidation(liquidation) => Self::Liquidation(Liquidation {
                side: liquidation.side,
                price: Float(liquidation.price),
                quantity: Float(liquidation.quantity),
                time: Time(liquidation.time),
            }),
            MarketKind::Funding(FundingTick { rate, mark_price }) => Self::Funding(Funding {
                rate: Exact(*rate),
                mark_price: mark_price.map(Exact),
            }),
            MarketKind::Settlement(SettlementTick { price }) => Self::Settlement(Settlement {
                price: Exact(*price),
            }),
        }
    }
}

impl<'a> From<&'a TradeTick> for Trade<'a> {
    fn from(trade: &'a TradeTick) -> Self {
        Self {
            id: Cow::Borrowed(&trade.id),
            price: Float(trade.price),
            amount: Float(trade.amount),
            side: trade.side,
        }
    }
}

impl From<Trade<'_>> for TradeTick {
    fn from(trade: Trade<'_>) -> Self {
        let Trade {
            id,
            price,
            amount,
            side,
        } = trade;
        Self::new(SmolStr::new(id), price.0, amount.0, side)
    }
}

impl From<&L1Quote> for L1 {
    fn from(quote: &L1Quote) -> Self {
        Self {
            last_update_time: Time(quote.l1.last_update_time),
            best_bid: quote.l1.best_bid.map(LevelOf::from),
            best_ask: quote.l1.best_ask.map(LevelOf::from),
        }
    }
}

impl From<L1> for L1Quote {
    fn from(quote: L1) -> Self {
        let L1 {
            last_update_time,
            best_bid,
            best_ask,
        } = quote;
        Self::new(
            last_update_time.0,
            best_bid.map(Into::into),
            best_ask.map(Into::into),
        )
    }
}

impl From<&CandleBar> for Candle {
    fn from(candle: &CandleBar) -> Self {
        Self {
            close_time: Time(candle.close_time),
            open: Float(candle.open),
            high: Float(candle.high),
            low: Float(candle.low),
            close: Float(candle.close),
            volume: Float(candle.volume),
            trade_count: candle.trade_count,
        }
    }
}

impl From<Candle> for CandleBar {
    fn from(candle: Candle) -> Self {
        let Candle {
            close_time,
            open,
            high,
            low,
            close,
            volume,
            trade_count,
        } = candle;
        Self {
            close_time: close_time.0,
            open: open.0,
            high: high.0,
            low: low.0,
            close: close.0,
            close_f64: f64_from_decimal(close.0),
            volume: volume.0,
            trade_count,
        }
    }
}

impl From<Level> for LevelOf {
    fn from(Level { price, amount }: Level) -> Self {
        Self {
            price: Exact(price),
            amount: Exact(amount),
        }
    }
}

impl Serialize for MarketKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Kind::from(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for MarketKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Kind::deserialize(deserializer)?.into_stored())
    }
}

impl Serialize for StoredEvent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Event::from(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for StoredEvent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let event = Event::deserialize(deserializer)?;
        event.into_stored().map_err(de::Error::custom)
    }
}

/// Writes one event as a line that `parse` reads back exactly.
pub fn write(event: &StoredEvent, to: &mut impl std::io::Write) -> std::io::Result<()> {
    serde_json::to_writer(&mut *to, &Event::from(event))?;
    to.write_all(b"\n")
}

impl Event<'_> {
    fn into_stored(self) -> Result<StoredEvent, String> {
        let event = match self {
            Self::Reconnecting(Lost(lost)) => StoredEvent::Reconnecting(lost),
            Self::Item(item) => StoredEvent::Item(item.into_stored()),
        };
        event.check_values()?;
        Ok(event)
    }
}

impl Item<'_> {
    fn into_stored(self) -> StoredMarketEvent {
        StoredMarketEvent {
            time_exchange: self.time_exchange.0,
            time_received: self.time_received.0,
            exchange: self.exchange,
            instrument: InstrumentIndex(self.instrument),
            kind: self.kind.into_stored(),
        }
    }
}

impl Kind<'_> {
    fn into_stored(self) -> MarketKind {
        match self {
            Self::Trade(trade) => MarketKind::Trade(trade.into()),
            Self::OrderBookL1(quote) => MarketKind::L1(quote.into()),
            Self::OrderBook(event) => MarketKind::L2(
                match event {
                    L2::Snapshot(book) => OrderBookEvent::Snapshot(book.into()),
                    L2::Update(book) => OrderBookEvent::Update(book.into()),
                }
                .into(),
            ),
            Self::Candle(candle) => MarketKind::Candle(CandleBar::from(candle).into()),
            Self::Liquidation(Liquidation {
                side,
                price,
                quantity,
                time,
            }) => MarketKind::Liquidation(LiquidationTick {
                side,
                price: price.0,
                quantity: quantity.0,
                time: time.0,
            }),
            Self::Funding(Funding { rate, mark_price }) => MarketKind::Funding(FundingTick {
                rate: rate.0,
                mark_price: mark_price.map(|Exact(price)| price),
            }),
            Self::Settlement(Settlement { price }) => {
                MarketKind::Settlement(SettlementTick { price: price.0 })
            }
        }
    }
}

/// Reads one event, and refuses what an event of a history must not hold.
pub fn parse(text: &str) -> Result<StoredEvent, String> {
    let event = parse_as_it_is(text)?;
    event.check_close()?;
    Ok(event)
}

/// Reads one event: a `MarketStreamEvent`, or a `MarketStreamResult` that is not an error. A candle may
/// be before its close.
pub fn parse_as_it_is(text: &str) -> Result<StoredEvent, String> {
    let error = match serde_json::from_str::<Event<'_>>(text) {
        Ok(event) => return event.into_stored(),
        Err(error) => error,
    };
    match serde_json::from_str::<EventResult<'_>>(text) {
        Ok(EventResult::Reconnecting(lost)) => Event::Reconnecting(lost).into_stored(),
        Ok(EventResult::Item(ItemResult::Ok(item))) => Event::Item(item).into_stored(),
        Ok(EventResult::Item(ItemResult::Err(reason))) => {
            let reason = reason.to_string();
            Err(format!(
                "the recorded stream had an error: {}",
                cut(&reason)
            ))
        }
        // The message is about the plain form, but for a line that is plainly of the other.
        Err(other) if text.contains("\"Ok\"") => Err(message(&other)),
        Err(_) => Err(message(&error)),
    }
}

/// serde_json counts lines within the text that it was given, which is always one line here.
fn message(error: &serde_json::Error) -> String {
    format!("{} (column {})", serde_reason(error), error.column())
}
