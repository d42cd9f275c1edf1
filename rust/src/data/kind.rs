//! Market events as a history keeps them: exact decimals, and floats made once, when they are loaded.

use crate::convert::{check_time, f64_from_decimal, time_text};
use barter_data::{
    books::{Level, OrderBook},
    event::MarketEvent,
    subscription::book::{OrderBookEvent, OrderBookL1},
};
use barter_instrument::{Side, exchange::ExchangeId, instrument::InstrumentIndex};
use chrono::{DateTime, TimeDelta, Utc};
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
    Reconnecting(LostStream),
}

/// A stream that was lost.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct LostStream {
    /// Whose.
    pub exchange: ExchangeId,
    /// When that was known, if anybody says; barter does not.
    pub time_received: Option<DateTime<Utc>>,
}

/// As barter has it: without a time.
impl From<ExchangeId> for LostStream {
    fn from(exchange: ExchangeId) -> Self {
        Self {
            exchange,
            time_received: None,
        }
    }
}

/// `barter_data::event::DataKind` with exact numbers, cheap to clone.
#[derive(Clone, PartialEq, Debug)]
pub enum MarketKind {
    /// A public trade.
    Trade(TradeTick),
    /// Best bid and ask.
    L1(L1Quote),
    /// The order book, or a change of it.
    L2(Arc<OrderBookEvent>),
    /// A candle.
    Candle(Arc<CandleBar>),
    /// A liquidation.
    Liquidation(LiquidationTick),
    /// A funding of a perpetual.
    Funding(FundingTick),
    /// The settlement of a future.
    Settlement(SettlementTick),
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
    /// Becomes the other, field by field: a clone would take a way round by the stack, with every quote.
    #[inline]
    pub fn set(&mut self, other: &Self) {
        let Self {
            l1:
                OrderBookL1 {
                    last_update_time,
                    best_bid,
                    best_ask,
                },
            best_bid_f64,
            best_ask_f64,
            mid_f64,
        } = other;
        self.l1.last_update_time = *last_update_time;
        self.l1.best_bid = *best_bid;
        self.l1.best_ask = *best_ask;
        self.best_bid_f64 = *best_bid_f64;
        self.best_ask_f64 = *best_ask_f64;
        self.mid_f64 = *mid_f64;
    }

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
        let mid_f64 = match (best_bid, best_ask) {
            (Some(bid), Some(ask)) => mid_f64(bid.price, ask.price),
            (_, _) => f64::NAN,
        };
        Self {
            l1,
            best_bid_f64: float(best_bid),
            best_ask_f64: float(best_ask),
            mid_f64,
        }
    }
}

/// The float nearest to the mid of two prices.
fn mid_f64(bid: Decimal, ask: Decimal) -> f64 {
    if bid.scale() == ask.scale() {
        // Half of a sum is five times the sum, with one decimal place more: without a division.
        let five_times = bid
            .mantissa()
            .saturating_add(ask.mantissa())
            .saturating_mul(5);
        let mid = Decimal::try_from_i128_with_scale(five_times, bid.scale().saturating_add(1));
        if let Ok(mid) = mid {
            return f64_from_decimal(mid);
        }
    }
    // Events are made before they are checked: here prices can still be too large for their sum.
    let sum = bid.checked_add(ask);
    let mid = sum.and_then(|sum| sum.checked_div(Decimal::TWO));
    mid.map_or(f64::NAN, f64_from_decimal)
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

impl CandleBar {
    /// The prices that the market had in turn, as far as the candle tells: its open, the extreme that is
    /// nearer to the open (the low if both are equally near), the other extreme, its close.
    pub fn path(&self) -> [Decimal; 4] {
        let Self {
            open,
            high,
            low,
            close,
            ..
        } = *self;
        let distance = |extreme: Decimal| extreme.saturating_sub(open).abs();
        if distance(high) < distance(low) {
            [open, high, low, close]
        } else {
            [open, low, high, close]
        }
    }
}

/// A liquidation.
#[derive(Clone, PartialEq, Debug)]
pub struct LiquidationTick {
    pub side: Side,
    pub price: Decimal,
    pub quantity: Decimal,
    pub time: DateTime<Utc>,
}

/// A funding of a perpetual.
#[derive(Clone, PartialEq, Debug)]
pub struct FundingTick {
    /// What a long position pays, as a fraction of its value.
    pub rate: Decimal,
    pub mark_price: Option<Decimal>,
}

/// The settlement of a future.
#[derive(Clone, PartialEq, Debug)]
pub struct SettlementTick {
    pub price: Decimal,
}

/// barter multiplies a price by an amount and adds two such products: below this nothing overflows.
pub const MAGNITUDE_LIMIT: Decimal = Decimal::from_parts(276_447_232, 23283, 0, false, 0);

/// The bound of the amounts that a market shows, 10²⁵: the simulated exchange counts them in units of
/// 10⁻¹², whose sums fit below it. Amounts of cheap coins pass 10¹⁴, and no price is multiplied by them
/// unseen.
pub const AMOUNT_LIMIT: Decimal =
    Decimal::from_parts(1_241_513_984, 370_409_800, 542_101, false, 0);

/// How far a trader's clock may be behind the exchange's when a candle is received.
const CLOCKS_APART: TimeDelta = TimeDelta::seconds(1);

impl StoredEvent {
    /// The exchange of the event, and its instrument if it has one.
    pub const fn key(&self) -> (ExchangeId, Option<usize>) {
        match self {
            Self::Item(event) => (event.exchange, Some(event.instrument.0)),
            Self::Reconnecting(lost) => (lost.exchange, None),
        }
    }

    /// When it was received, if it says so: an item does.
    pub const fn time_received(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Item(event) => Some(event.time_received),
            Self::Reconnecting(lost) => lost.time_received,
        }
    }

    /// The same in nanoseconds since 1970.
    pub fn received_ns(&self) -> Option<i64> {
        self.time_received()?.timestamp_nanos_opt()
    }

    /// Refuses what an event of a history must not hold.
    pub fn check(&self) -> Result<(), String> {
        self.check_values()?;
        self.check_close()
    }

    /// Refuses a candle that is an event before its close: it would tell a strategy the future.
    pub fn check_close(&self) -> Result<(), String> {
        let Self::Item(event) = self else {
            return Ok(());
        };
        let MarketKind::Candle(candle) = &event.kind else {
            return Ok(());
        };
        let latest = event.time_received.checked_add_signed(CLOCKS_APART);
        let (name, time) = if event.time_exchange < candle.close_time {
            ("time_exchange", event.time_exchange)
        } else if latest.is_some_and(|latest| latest < candle.close_time) {
            ("time_received", event.time_received)
        } else {
            return Ok(());
        };
        let close_time = time_text(candle.close_time);
        Err(format!(
            "close_time {close_time} is after {name} {}: a candle is an event at its close, never before; \
             if the times of the event are those of the candle's opening, add the length of the candle",
            time_text(time)
        ))
    }

    /// Refuses a value that would make barter's arithmetic overflow or its clock fail.
    pub fn check_values(&self) -> Result<(), String> {
        self.check_times()?;
        self.check_numbers()
    }

    fn check_times(&self) -> Result<(), String> {
        let event = match self {
            Self::Item(event) => event,
            Self::Reconnecting(lost) => {
                return lost
                    .time_received
                    .map_or(Ok(()), |time| check_time("time_received", time));
            }
        };
        check_time("time_exchange", event.time_exchange)?;
        check_time("time_received", event.time_received)?;
        event
            .kind
            .own_time()
            .map_or(Ok(()), |(name, time)| check_time(name, time))
    }

    /// Refuses a number that would make barter's arithmetic overflow.
    pub fn check_numbers(&self) -> Result<(), String> {
        let Self::Item(event) = self else {
            return Ok(());
        };
        let within = |name: &str, number: Decimal| {
            if is_below(number, MAGNITUDE_LIMIT) {
                Ok(())
            } else {
                Err(format!(
                    "{name} {number} is too large: barter's arithmetic needs less than {MAGNITUDE_LIMIT}"
                ))
            }
        };
        let positive = |name: &str, price: Decimal| {
            if price <= Decimal::ZERO {
                return Err(format!("{name} must be positive, got {price}"));
            }
            within(name, price)
        };
        match &event.kind {
            MarketKind::Trade(trade) => {
                within("price", trade.price)?;
                check_amount("amount", trade.amount)
            }
            MarketKind::L1(L1Quote { l1, .. }) => {
                if let Some(level) = l1.best_bid {
                    within("best_bid.price", level.price)?;
                    check_amount("best_bid.amount", level.amount)?;
                }
                if let Some(level) = l1.best_ask {
                    within("best_ask.price", level.price)?;
                    check_amount("best_ask.amount", level.amount)?;
                }
                Ok(())
            }
            MarketKind::L2(event) => {
                let (OrderBookEvent::Snapshot(book) | OrderBookEvent::Update(book)) = &**event;
                let is_snapshot = matches!(&**event, OrderBookEvent::Snapshot(_));
                for (side, price_name, amount_name, levels) in sides(book) {
                    for level in levels {
                        within(price_name, level.price)?;
                        check_amount(amount_name, level.amount)?;
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
                check_amount("volume", candle.volume)
            }
            MarketKind::Liquidation(liquidation) => {
                within("price", liquidation.price)?;
                check_amount("quantity", liquidation.quantity)
            }
            MarketKind::Funding(FundingTick { rate, mark_price }) => {
                if rate.abs() > Decimal::ONE {
                    return Err(format!(
                        "rate must be a fraction of the position's value from -1 to 1 (0.0001 is \
                         0.01 %), got {rate}"
                    ));
                }
                mark_price.map_or(Ok(()), |price| positive("mark_price", price))
            }
            MarketKind::Settlement(SettlementTick { price }) => positive("price", *price),
        }
    }
}

/// Refuses an amount that the simulated exchange cannot count.
fn check_amount(name: &str, amount: Decimal) -> Result<(), String> {
    if amount.is_sign_negative() && !amount.is_zero() {
        return Err(format!("{name} must not be negative, got {amount}"));
    }
    if is_below(amount, AMOUNT_LIMIT) {
        return Ok(());
    }
    Err(format!(
        "{name} {amount} is too large: the simulated exchange counts up to {AMOUNT_LIMIT}"
    ))
}

/// Whether the number is below a whole limit, of either sign.
fn is_below(number: Decimal, limit: Decimal) -> bool {
    // Decimal places only make a number smaller; comparing with another scale costs a multiplication.
    number.mantissa().unsigned_abs() < limit.mantissa().unsigned_abs() || number.abs() < limit
}

/// The sides of a book: their names, those of their prices and amounts, and their levels.
fn sides(book: &OrderBook) -> [(&'static str, &'static str, &'static str, &[Level]); 2] {
    [
        ("bids", "bids price", "bids amount", book.bids().levels()),
        ("asks", "asks price", "asks amount", book.asks().levels()),
    ]
}

impl MarketKind {
    /// Whether it shows bids and asks.
    pub const fn shows_offers(&self) -> bool {
        matches!(self, Self::L1(_) | Self::L2(_))
    }

    /// Whether it is about those who hold the contract, and shows no price.
    pub const fn is_for_holders(&self) -> bool {
        matches!(self, Self::Funding(_) | Self::Settlement(_))
    }

    /// The time that the payload has beside those of its event.
    fn own_time(&self) -> Option<(&'static str, DateTime<Utc>)> {
        match self {
            Self::Trade(_) | Self::Funding(_) | Self::Settlement(_) => None,
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A mid by barter's arithmetic, and ours.
    fn mids(bid: &str, ask: &str) -> [Option<f64>; 2] {
        let [bid, ask] = [bid, ask].map(|text| Decimal::from_str_exact(text).unwrap_or_default());
        let level = |price| Some(Level::new(price, Decimal::ONE));
        let quote = L1Quote::new(DateTime::UNIX_EPOCH, level(bid), level(ask));
        let mid = quote.l1.mid_price().map(f64_from_decimal);
        [mid, Some(quote.mid_f64)]
    }

    #[test]
    fn the_mid_is_barters() {
        for (bid, ask) in [
            ("99.10", "99.20"),
            ("99.10", "99.2"),
            ("-99.10", "99.2"),
            ("-0.01", "-0.02"),
            ("0", "0.0000000000000000000000000001"),
            ("9007199254740993", "9007199254740993"),
            ("0.1234567890123456", "0.1234567890123457"),
            (
                "79228162514264.337593543950334",
                "79228162514264.337593543950335",
            ),
        ] {
            let [barter, ours] = mids(bid, ask);
            assert_eq!(
                barter.map(f64::to_bits),
                ours.map(f64::to_bits),
                "{bid} {ask}"
            );
        }
    }

    #[test]
    fn numbers_are_below_a_limit_by_their_value() {
        for (text, below) in [
            ("99999999999999.99999999999999", true),
            ("100000000000000", false),
            ("-100000000000000.0", false),
            ("-99999999999999.9", true),
            ("0.1000000000000000000000000000", true),
        ] {
            let number = Decimal::from_str_exact(text).unwrap_or_default();
            assert_eq!(is_below(number, MAGNITUDE_LIMIT), below, "{text}");
        }
    }

    #[test]
    fn the_limits_are_powers_of_ten() {
        assert_eq!(MAGNITUDE_LIMIT, Decimal::from(10_u64.pow(14)));
        assert_eq!(AMOUNT_LIMIT, Decimal::from(10_u128.pow(25)));
    }
}
