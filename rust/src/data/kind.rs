//! Market events as a history keeps them: exact decimals, and floats made once, when they are loaded.

use crate::convert::f64_from_decimal;
use barter_data::{
    books::{Level, OrderBook},
    event::MarketEvent,
    subscription::book::{OrderBookEvent, OrderBookL1},
};
use barter_instrument::{Side, exchange::ExchangeId, instrument::InstrumentIndex};
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use smol_str::SmolStr;
use std::sync::Arc;

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
