//! Events as records: whole numbers of seven bits a byte, times as their distance to the one before.

use super::header::Exchanges;
use crate::data::kind::{
    CandleBar, FundingTick, L1Quote, LiquidationTick, LostStream, MarketKind, SettlementTick,
    StoredEvent, StoredMarketEvent, TradeTick,
};
use barter_data::{
    books::{Level, OrderBook},
    subscription::book::OrderBookEvent,
};
use barter_instrument::{Side, exchange::ExchangeId, instrument::InstrumentIndex};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use rust_decimal::Decimal;
use smol_str::SmolStr;

/// What a record begins with.
mod tag {
    pub const RECONNECTING: u8 = 0;
    pub const TRADE: u8 = 1;
    pub const L1: u8 = 2;
    pub const SNAPSHOT: u8 = 3;
    pub const UPDATE: u8 = 4;
    pub const CANDLE: u8 = 5;
    pub const LIQUIDATION: u8 = 6;
    pub const FUNDING: u8 = 7;
    pub const SETTLEMENT: u8 = 8;
    pub const RECONNECTING_AT: u8 = 9;
}

/// The sign of a decimal, beside its scale.
const NEGATIVE: u8 = 0x80;

const SELL: u8 = 1;

/// In nanoseconds.
const SECOND: i64 = 1_000_000_000;
const DAY: i64 = 86_400 * SECOND;

/// Writes the records of a block.
#[derive(Default)]
pub struct RecordWriter {
    pub bytes: Vec<u8>,
    last_time: i64,
}

impl RecordWriter {
    /// Begins the next block.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.last_time = 0;
    }

    /// Adds an event; an error if it has a time outside the years 1677 to 2262.
    pub fn add(&mut self, event: &StoredEvent, exchanges: &mut Exchanges) -> Result<(), String> {
        let event = match event {
            StoredEvent::Reconnecting(lost) => return self.lost(*lost, exchanges),
            StoredEvent::Item(event) => event,
        };
        let tag = match &event.kind {
            MarketKind::Trade(_) => tag::TRADE,
            MarketKind::L1(_) => tag::L1,
            MarketKind::L2(event) => match &**event {
                OrderBookEvent::Snapshot(_) => tag::SNAPSHOT,
                OrderBookEvent::Update(_) => tag::UPDATE,
            },
            MarketKind::Candle(_) => tag::CANDLE,
            MarketKind::Liquidation(_) => tag::LIQUIDATION,
            MarketKind::Funding(_) => tag::FUNDING,
            MarketKind::Settlement(_) => tag::SETTLEMENT,
        };
        self.bytes.push(tag);
        self.count(exchanges.number(event.exchange));
        self.count(event.instrument.0);
        let exchange = nanos(event.time_exchange)?;
        let received = nanos(event.time_received)?;
        self.distance(received, self.last_time);
        self.distance(exchange, received);
        self.last_time = received;
        self.kind(&event.kind, exchange)
    }

    fn kind(&mut self, kind: &MarketKind, exchange: i64) -> Result<(), String> {
        match kind {
            MarketKind::Trade(trade) => {
                self.count(trade.id.len());
                self.bytes.extend(trade.id.as_bytes());
                self.side(trade.side);
                self.decimal(trade.price);
                self.decimal(trade.amount);
            }
            MarketKind::L1(L1Quote { l1, .. }) => {
                self.distance(nanos(l1.last_update_time)?, exchange);
                let has = |level: &Option<Level>| u8::from(level.is_some());
                self.bytes
                    .push(has(&l1.best_bid) | has(&l1.best_ask).wrapping_shl(1));
                let levels = [l1.best_bid, l1.best_ask];
                for level in levels.iter().flatten() {
                    self.level(level);
                }
            }
            MarketKind::L2(event) => {
                let (OrderBookEvent::Snapshot(book) | OrderBookEvent::Update(book)) = &**event;
                self.number(book.sequence().into());
                self.bytes.push(book.time_engine().is_some().into());
                if let Some(time) = book.time_engine() {
                    self.distance(nanos(time)?, exchange);
                }
                for levels in [book.bids().levels(), book.asks().levels()] {
                    self.count(levels.len());
                    for level in levels {
                        self.level(level);
                    }
                }
            }
            MarketKind::Candle(candle) => {
                self.distance(nanos(candle.close_time)?, exchange);
                let CandleBar {
                    open,
                    high,
                    low,
                    close,
                    volume,
                    ..
                } = **candle;
                for number in [open, high, low, close, volume] {
                    self.decimal(number);
                }
                self.number(candle.trade_count.into());
            }
            MarketKind::Liquidation(liquidation) => {
                self.distance(nanos(liquidation.time)?, exchange);
                self.side(liquidation.side);
                self.decimal(liquidation.price);
                self.decimal(liquidation.quantity);
            }
            MarketKind::Funding(FundingTick { rate, mark_price }) => {
                self.decimal(*rate);
                self.bytes.push(mark_price.is_some().into());
                if let Some(mark_price) = mark_price {
                    self.decimal(*mark_price);
                }
            }
            MarketKind::Settlement(SettlementTick { price }) => self.decimal(*price),
        }
        Ok(())
    }

    /// A number in pieces of seven bits, the lowest first; the last has no eighth bit.
    #[allow(clippy::cast_possible_truncation)] // seven bits at a time
    fn number(&mut self, mut number: u128) {
        while number >= 0x80 {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    fn count(&mut self, count: usize) {
        self.number(u128::try_from(count).unwrap_or(u128::MAX));
    }

    /// The distance of a time to another: small ones of either sign are short.
    fn lost(&mut self, lost: LostStream, exchanges: &mut Exchanges) -> Result<(), String> {
        let LostStream {
            exchange,
            time_received,
        } = lost;
        let (tag, received) = match time_received.map(nanos).transpose()? {
            None => (tag::RECONNECTING, None),
            Some(received) => (tag::RECONNECTING_AT, Some(received)),
        };
        self.bytes.push(tag);
        self.count(exchanges.number(exchange));
        if let Some(received) = received {
            self.distance(received, self.last_time);
            self.last_time = received;
        }
        Ok(())
    }

    fn distance(&mut self, time: i64, before: i64) {
        let distance = time.wrapping_sub(before);
        let folded = distance.wrapping_shl(1) ^ distance.wrapping_shr(63);
        self.number(folded.cast_unsigned().into());
    }

    fn decimal(&mut self, decimal: Decimal) {
        let scale = u8::try_from(decimal.scale()).unwrap_or(u8::MAX);
        let sign = if decimal.is_sign_negative() {
            NEGATIVE
        } else {
            0
        };
        self.bytes.push(scale | sign);
        self.number(decimal.mantissa().unsigned_abs());
    }

    fn side(&mut self, side: Side) {
        self.bytes.push(match side {
            Side::Buy => 0,
            Side::Sell => SELL,
        });
    }

    fn level(&mut self, level: &Level) {
        self.decimal(level.price);
        self.decimal(level.amount);
    }
}

/// A time in nanoseconds since 1970.
pub fn nanos(time: DateTime<Utc>) -> Result<i64, String> {
    time.timestamp_nanos_opt()
        .ok_or_else(|| format!("{time} is outside the years 1677 to 2262"))
}

/// Reads the records of a block, in place.
pub struct RecordReader<'a> {
    rest: &'a [u8],
    exchanges: &'a Exchanges,
    last_time: i64,
    /// The day of the time read last: how many days after 1970 began, and its date.
    day: (i64, NaiveDate),
}

/// A record that is none; the checksum was right, so that whoever wrote it was wrong.
const NO_RECORD: &str = "is no record of this version";

type Read<T> = Result<T, &'static str>;

impl<'a> RecordReader<'a> {
    /// Reads the bytes of a block.
    pub fn new(rest: &'a [u8], exchanges: &'a Exchanges) -> Self {
        Self {
            rest,
            exchanges,
            last_time: 0,
            day: (0, DateTime::UNIX_EPOCH.date_naive()),
        }
    }

    /// Whether all records are read.
    pub const fn is_over(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next event, which nobody has checked.
    #[inline]
    pub fn next(&mut self) -> Read<StoredEvent> {
        let tag = self.byte()?;
        let exchange = self.exchange()?;
        if matches!(tag, tag::RECONNECTING | tag::RECONNECTING_AT) {
            let time_received = if tag == tag::RECONNECTING_AT {
                self.last_time = self.time(self.last_time)?;
                Some(DateTime::from_timestamp_nanos(self.last_time))
            } else {
                None
            };
            return Ok(StoredEvent::Reconnecting(LostStream {
                exchange,
                time_received,
            }));
        }
        let instrument = InstrumentIndex(self.count()?);
        let received = self.time(self.last_time)?;
        let time_exchange = self.time(received)?;
        self.last_time = received;
        Ok(StoredEvent::Item(StoredMarketEvent {
            time_exchange: self.date_time(time_exchange),
            time_received: self.date_time(received),
            exchange,
            instrument,
            kind: self.kind(tag, time_exchange)?,
        }))
    }

    #[inline]
    fn kind(&mut self, tag: u8, exchange: i64) -> Read<MarketKind> {
        Ok(match tag {
            tag::TRADE => {
                let length = self.count()?;
                let (id, rest) = self.rest.split_at_checked(length).ok_or(NO_RECORD)?;
                let id = SmolStr::new(std::str::from_utf8(id).map_err(|_| NO_RECORD)?);
                self.rest = rest;
                let side = self.side()?;
                let (price, amount) = (self.decimal()?, self.decimal()?);
                MarketKind::Trade(TradeTick::new(id, price, amount, side))
            }
            tag::L1 => {
                let time = self.next_date_time(exchange)?;
                let sides = self.byte()?;
                if sides > 0b11 {
                    return Err(NO_RECORD);
                }
                let mut level = |side: u8| (sides & side != 0).then(|| self.level()).transpose();
                let (best_bid, best_ask) = (level(0b01)?, level(0b10)?);
                MarketKind::L1(L1Quote::new(time, best_bid, best_ask))
            }
            tag::SNAPSHOT => MarketKind::L2(OrderBookEvent::Snapshot(self.book(exchange)?).into()),
            tag::UPDATE => MarketKind::L2(OrderBookEvent::Update(self.book(exchange)?).into()),
            tag::CANDLE => {
                let close_time = self.next_date_time(exchange)?;
                let (open, high, low) = (self.decimal()?, self.decimal()?, self.decimal()?);
                let (close, volume) = (self.decimal()?, self.decimal()?);
                let trade_count = self.number()?.try_into().map_err(|_| NO_RECORD)?;
                MarketKind::Candle(
                    CandleBar {
                        close_time,
                        open,
                        high,
                        low,
                        close,
                        close_f64: crate::convert::f64_from_decimal(close),
                        volume,
                        trade_count,
                    }
                    .into(),
                )
            }
            tag::LIQUIDATION => {
                let time = self.next_date_time(exchange)?;
                MarketKind::Liquidation(LiquidationTick {
                    side: self.side()?,
                    price: self.decimal()?,
                    quantity: self.decimal()?,
                    time,
                })
            }
            tag::FUNDING => MarketKind::Funding(FundingTick {
                rate: self.decimal()?,
                mark_price: self.flag()?.then(|| self.decimal()).transpose()?,
            }),
            tag::SETTLEMENT => MarketKind::Settlement(SettlementTick {
                price: self.decimal()?,
            }),
            _ => return Err(NO_RECORD),
        })
    }

    fn book(&mut self, exchange: i64) -> Read<OrderBook> {
        let sequence = self.number()?.try_into().map_err(|_| NO_RECORD)?;
        let time = if self.flag()? {
            Some(self.next_date_time(exchange)?)
        } else {
            None
        };
        let (bids, asks) = (self.levels()?, self.levels()?);
        Ok(OrderBook::new(sequence, time, bids, asks))
    }

    fn levels(&mut self) -> Read<Vec<Level>> {
        let count = self.count()?;
        // A level has four bytes at least, so that this is not more than the block has.
        if count > self.rest.len() {
            return Err(NO_RECORD);
        }
        (0..count).map(|_| self.level()).collect()
    }

    fn byte(&mut self) -> Read<u8> {
        let (byte, rest) = self.rest.split_first().ok_or(NO_RECORD)?;
        self.rest = rest;
        Ok(*byte)
    }

    fn flag(&mut self) -> Read<bool> {
        match self.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(NO_RECORD),
        }
    }

    #[inline]
    fn number(&mut self) -> Read<u128> {
        // Nearly all numbers have nine bytes at most, which one register holds.
        let (mut number, mut shift, mut rest) = (0_u64, 0_u32, self.rest);
        while let Some((byte, more)) = rest.split_first()
            && shift < 63
        {
            number |= u64::from(byte & 0x7f).wrapping_shl(shift);
            (shift, rest) = (shift.wrapping_add(7), more);
            if *byte < 0x80 {
                self.rest = rest;
                return Ok(number.into());
            }
        }
        self.long_number()
    }

    fn long_number(&mut self) -> Read<u128> {
        let mut number = 0_u128;
        for shift in (0..128_u32).step_by(7) {
            let byte = self.byte()?;
            let part = u128::from(byte & 0x7f);
            if part.leading_zeros() < shift {
                return Err(NO_RECORD);
            }
            number |= part.wrapping_shl(shift);
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(NO_RECORD)
    }

    fn count(&mut self) -> Read<usize> {
        self.number()?.try_into().map_err(|_| NO_RECORD)
    }

    fn time(&mut self, before: i64) -> Read<i64> {
        let folded: u64 = self.number()?.try_into().map_err(|_| NO_RECORD)?;
        let sign = (folded & 1).wrapping_neg();
        let distance = (folded.wrapping_shr(1) ^ sign).cast_signed();
        Ok(before.wrapping_add(distance))
    }

    fn next_date_time(&mut self, before: i64) -> Read<DateTime<Utc>> {
        let nanos = self.time(before)?;
        Ok(self.date_time(nanos))
    }

    /// A time by its nanoseconds since 1970; most are of the day of the one before.
    #[inline]
    fn date_time(&mut self, nanos: i64) -> DateTime<Utc> {
        let (day, within) = (nanos.div_euclid(DAY), nanos.rem_euclid(DAY));
        if day == self.day.0
            && let Ok(seconds) = u32::try_from(within / SECOND)
            && let Ok(nanos) = u32::try_from(within % SECOND)
            && let Some(time) = NaiveTime::from_num_seconds_from_midnight_opt(seconds, nanos)
        {
            return self.day.1.and_time(time).and_utc();
        }
        let time = DateTime::from_timestamp_nanos(nanos);
        self.day = (day, time.date_naive());
        time
    }

    fn exchange(&mut self) -> Read<ExchangeId> {
        let number = self.count()?;
        self.exchanges.0.get(number).copied().ok_or(NO_RECORD)
    }

    #[inline]
    fn decimal(&mut self) -> Read<Decimal> {
        let head = self.byte()?;
        let mantissa = i128::try_from(self.number()?).map_err(|_| NO_RECORD)?;
        let scale = u32::from(head & !NEGATIVE);
        let mut decimal =
            Decimal::try_from_i128_with_scale(mantissa, scale).map_err(|_| NO_RECORD)?;
        decimal.set_sign_negative(head & NEGATIVE != 0);
        Ok(decimal)
    }

    fn side(&mut self) -> Read<Side> {
        match self.byte()? {
            0 => Ok(Side::Buy),
            SELL => Ok(Side::Sell),
            _ => Err(NO_RECORD),
        }
    }

    #[inline]
    fn level(&mut self) -> Read<Level> {
        Ok(Level {
            price: self.decimal()?,
            amount: self.decimal()?,
        })
    }
}
