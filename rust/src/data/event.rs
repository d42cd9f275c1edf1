//! Market events as a strategy sees them, and as they are given from Python.

use super::{
    kind::{
        CandleBar, FundingTick, L1Quote, LiquidationTick, LostStream, MarketKind, SettlementTick,
        StoredEvent, StoredMarketEvent, TradeTick,
    },
    level::Level,
    order_book::{OrderBook, OrderBookSnapshot, OrderBookUpdate},
};
use crate::{
    convert::{Dec, Index, UtcTime, f64_from_decimal, nanos, record},
    instrument::{PyExchangeId, PySide},
};
use barter_data::subscription::book::OrderBookEvent;
use barter_instrument::{exchange::ExchangeId, instrument::InstrumentIndex};
use pyo3::prelude::*;
use pyo3_stub_gen::{PyStubType, TypeInfo, derive::gen_stub_pymethods};
use smol_str::SmolStr;

record! {
    /// A trade between others (`barter_data::subscription::trade::PublicTrade`).
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import PublicTrade, Side
    /// >>> trade = PublicTrade("t1", price=100, amount=2, side=Side.BUY)
    /// >>> trade.price, trade.amount_f64
    /// (Decimal('100'), 2.0)
    #[signature(id, *, price, amount, side)]
    pub struct PublicTrade {
        /// The exchange's id of the trade.
        id: String,
        /// Price, in the quote asset.
        price: Dec,
        /// Quantity, in the base asset.
        amount: Dec,
        /// Side of the order that took liquidity.
        side: PySide,
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl PublicTrade {
    /// `price` as the nearest float.
    #[getter]
    fn price_f64(&self) -> f64 {
        f64_from_decimal(self.price.0)
    }

    /// `amount` as the nearest float.
    #[getter]
    fn amount_f64(&self) -> f64 {
        f64_from_decimal(self.amount.0)
    }
}

record! {
    /// The best bid and the best ask (`barter_data::subscription::book::OrderBookL1`).
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import Level, OrderBookL1
    /// >>> book = OrderBookL1("2024-01-01T00:00:00Z", Level(price=99, amount=1), None)
    /// >>> book.best_bid, book.best_ask
    /// (Level(price=Decimal('99'), amount=Decimal('1')), None)
    pub struct OrderBookL1 {
        /// When the book last changed, by the exchange's clock, in UTC.
        last_update_time: UtcTime,
        /// The highest bid, `None` if nobody bids.
        best_bid: Option<Level>,
        /// The lowest ask, `None` if nobody asks.
        best_ask: Option<Level>,
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl OrderBookL1 {
    /// `last_update_time` in nanoseconds since 1970 in UTC.
    #[getter]
    fn last_update_time_ns(&self) -> PyResult<i64> {
        nanos(self.last_update_time.0)
    }
}

record! {
    /// A candle (`barter_data::subscription::candle::Candle`).
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import Candle
    /// >>> candle = Candle(
    /// ...     "2024-01-01T00:01:00Z", open=10, high=12, low=9, close=11, volume=5, trade_count=3)
    /// >>> candle.high, candle.close_f64, candle.close_time.isoformat()
    /// (Decimal('12'), 11.0, '2024-01-01T00:01:00+00:00')
    #[signature(close_time, *, open, high, low, close, volume, trade_count)]
    pub struct Candle {
        /// When it closed, in UTC.
        close_time: UtcTime,
        /// First price, in the quote asset.
        open: Dec,
        /// Highest price.
        high: Dec,
        /// Lowest price.
        low: Dec,
        /// Last price.
        close: Dec,
        /// Quantity traded, in the base asset.
        volume: Dec,
        /// Number of trades.
        trade_count: u64,
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl Candle {
    /// `close_time` in nanoseconds since 1970 in UTC.
    #[getter]
    fn close_time_ns(&self) -> PyResult<i64> {
        nanos(self.close_time.0)
    }

    /// `close` as the nearest float.
    #[getter]
    fn close_f64(&self) -> f64 {
        f64_from_decimal(self.close.0)
    }
}

record! {
    /// A position of another trader that the exchange has closed (`barter_data::subscription::liquidation::Liquidation`).
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import Liquidation, Side
    /// >>> Liquidation(Side.SELL, price=99, quantity=2, time="2024-01-01T00:00:00Z").quantity
    /// Decimal('2')
    #[signature(side, *, price, quantity, time)]
    pub struct Liquidation {
        /// Side of the closing order.
        side: PySide,
        /// Price, in the quote asset.
        price: Dec,
        /// Quantity, in the base asset.
        quantity: Dec,
        /// When it happened, in UTC.
        time: UtcTime,
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl Liquidation {
    /// `time` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_ns(&self) -> PyResult<i64> {
        nanos(self.time.0)
    }
}

record! {
    /// A funding of a perpetual: those who hold it pay each other. barter has no such event.
    ///
    /// It happens to the position that the simulated exchange holds when the run comes to the event, so
    /// both times of the `MarketEvent` are best the time of the funding. `docs/exchange.md` has the rule.
    ///
    /// Examples
    /// --------
    /// >>> from decimal import Decimal
    /// >>> from barter_python.data import Funding
    /// >>> Funding(Decimal("0.0001"), mark_price=Decimal("64250.5")).rate
    /// Decimal('0.0001')
    #[signature(rate, *, mark_price=None)]
    pub struct Funding {
        /// What a long position pays to a short one, as a fraction of its value; shorts pay longs if it is
        /// negative.
        rate: Dec,
        /// The price at which positions are valued, in the quote asset; `None` for the mark of the run.
        mark_price: Option<Dec>,
    }
}

record! {
    /// The settlement of a future at or after its expiry. barter has no such event.
    ///
    /// The simulated exchange closes the position at this price, without a fee. `docs/exchange.md` has the
    /// rule.
    ///
    /// Examples
    /// --------
    /// >>> from decimal import Decimal
    /// >>> from barter_python.data import Settlement
    /// >>> Settlement(price=Decimal("64250.5"))
    /// Settlement(price=Decimal('64250.5'))
    #[signature(*, price)]
    pub struct Settlement {
        /// The price of the settlement, in the quote asset.
        price: Dec,
    }
}

/// The kind of a market event.
#[derive(Clone, PartialEq, Eq, Hash, Debug, IntoPyObject, FromPyObject)]
pub enum Kind {
    /// `DataKind::Trade`
    Trade(PublicTrade),
    /// `DataKind::OrderBookL1`
    L1(OrderBookL1),
    /// `DataKind::OrderBook(OrderBookEvent::Snapshot)`
    Snapshot(OrderBookSnapshot),
    /// `DataKind::OrderBook(OrderBookEvent::Update)`
    Update(OrderBookUpdate),
    /// `DataKind::Candle`
    Candle(Candle),
    /// `DataKind::Liquidation`
    Liquidation(Liquidation),
    /// Not one of barter's.
    Funding(Funding),
    /// Not one of barter's.
    Settlement(Settlement),
}

impl PyStubType for Kind {
    fn type_output() -> TypeInfo {
        PublicTrade::type_output()
            | OrderBookL1::type_output()
            | OrderBookSnapshot::type_output()
            | OrderBookUpdate::type_output()
            | Candle::type_output()
            | Liquidation::type_output()
            | Funding::type_output()
            | Settlement::type_output()
    }
}

record! {
    /// An event of a market (`barter_data::event::MarketEvent`).
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import ExchangeId, MarketEvent, PublicTrade, Side
    /// >>> trade = PublicTrade("t1", price=100, amount=2, side=Side.BUY)
    /// >>> sent, received = "2024-01-01T00:00:00Z", "2024-01-01T00:00:00.005Z"
    /// >>> event = MarketEvent(sent, received, ExchangeId.BINANCE_SPOT, 0, trade)
    /// >>> event.instrument, event.time_received.isoformat()
    /// (0, '2024-01-01T00:00:00.005000+00:00')
    pub struct MarketEvent {
        /// When it happened, by the exchange's clock, in UTC.
        time_exchange: UtcTime,
        /// When a trader's machine received it, in UTC.
        time_received: UtcTime,
        /// The exchange.
        exchange: PyExchangeId,
        /// Index of the instrument.
        instrument: Index,
        /// The event itself.
        kind: Kind,
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl MarketEvent {
    /// `time_exchange` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_exchange_ns(&self) -> PyResult<i64> {
        nanos(self.time_exchange.0)
    }

    /// `time_received` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_received_ns(&self) -> PyResult<i64> {
        nanos(self.time_received.0)
    }
}

record! {
    /// A stream was lost and is being opened again (`barter_data::streams::reconnect::Event::Reconnecting`).
    ///
    /// barter does not say when. A history may: without a time, the stream is lost at the time of the event
    /// before. An audit has the event as barter has it, beside the time of its tick.
    ///
    /// Examples
    /// --------
    /// >>> from barter_python import ExchangeId, Reconnecting
    /// >>> Reconnecting(ExchangeId.BINANCE_SPOT).exchange
    /// <ExchangeId.BINANCE_SPOT: 'binance_spot'>
    /// >>> Reconnecting(ExchangeId.BINANCE_SPOT, time_received="2025-03-28T08:00:00Z").time_received_ns
    /// 1743148800000000000
    #[signature(exchange, *, time_received=None)]
    pub struct Reconnecting {
        /// The exchange whose stream was lost.
        exchange: PyExchangeId,
        /// When that was known, in UTC, if the history says so.
        time_received: Option<UtcTime>,
    }
}

#[gen_stub_pymethods]
#[pymethods]
impl Reconnecting {
    /// `time_received` in nanoseconds since 1970 in UTC.
    #[getter]
    fn time_received_ns(&self) -> PyResult<Option<i64>> {
        self.time_received.map(|time| nanos(time.0)).transpose()
    }
}

impl From<&LostStream> for Reconnecting {
    fn from(lost: &LostStream) -> Self {
        let LostStream {
            exchange,
            time_received,
        } = *lost;
        Self {
            exchange: exchange.into(),
            time_received: time_received.map(UtcTime),
        }
    }
}

impl From<&Reconnecting> for LostStream {
    fn from(event: &Reconnecting) -> Self {
        let Reconnecting {
            exchange,
            time_received,
        } = event;
        Self {
            exchange: exchange.0,
            time_received: time_received.map(|time| time.0),
        }
    }
}

impl From<&CandleBar> for Candle {
    fn from(candle: &CandleBar) -> Self {
        let CandleBar {
            close_time,
            open,
            high,
            low,
            close,
            close_f64: _,
            volume,
            trade_count,
        } = candle;
        Self {
            close_time: UtcTime(*close_time),
            open: Dec(*open),
            high: Dec(*high),
            low: Dec(*low),
            close: Dec(*close),
            volume: Dec(*volume),
            trade_count: *trade_count,
        }
    }
}

impl From<&StoredMarketEvent> for MarketEvent {
    fn from(event: &StoredMarketEvent) -> Self {
        Self {
            time_exchange: UtcTime(event.time_exchange),
            time_received: UtcTime(event.time_received),
            exchange: event.exchange.into(),
            instrument: Index(event.instrument.index()),
            kind: match &event.kind {
                MarketKind::Trade(TradeTick {
                    id,
                    price,
                    amount,
                    side,
                    ..
                }) => Kind::Trade(PublicTrade {
                    id: id.to_string(),
                    price: Dec(*price),
                    amount: Dec(*amount),
                    side: (*side).into(),
                }),
                MarketKind::L1(quote) => {
                    let barter_data::subscription::book::OrderBookL1 {
                        last_update_time,
                        best_bid,
                        best_ask,
                    } = quote.l1;
                    Kind::L1(OrderBookL1 {
                        last_update_time: UtcTime(last_update_time),
                        best_bid: best_bid.map(Level::from),
                        best_ask: best_ask.map(Level::from),
                    })
                }
                MarketKind::L2(event) => match &**event {
                    OrderBookEvent::Snapshot(book) => Kind::Snapshot(OrderBookSnapshot {
                        book: OrderBook(book.clone()),
                    }),
                    OrderBookEvent::Update(book) => Kind::Update(OrderBookUpdate {
                        book: OrderBook(book.clone()),
                    }),
                },
                MarketKind::Candle(candle) => Kind::Candle((&**candle).into()),
                MarketKind::Liquidation(LiquidationTick {
                    side,
                    price,
                    quantity,
                    time,
                }) => Kind::Liquidation(Liquidation {
                    side: (*side).into(),
                    price: Dec(*price),
                    quantity: Dec(*quantity),
                    time: UtcTime(*time),
                }),
                MarketKind::Funding(FundingTick { rate, mark_price }) => Kind::Funding(Funding {
                    rate: Dec(*rate),
                    mark_price: mark_price.map(Dec),
                }),
                MarketKind::Settlement(SettlementTick { price }) => {
                    Kind::Settlement(Settlement { price: Dec(*price) })
                }
            },
        }
    }
}

impl From<&MarketEvent> for StoredMarketEvent {
    fn from(event: &MarketEvent) -> Self {
        Self {
            time_exchange: event.time_exchange.0,
            time_received: event.time_received.0,
            exchange: event.exchange.0,
            instrument: InstrumentIndex(event.instrument.0),
            kind: match &event.kind {
                Kind::Trade(PublicTrade {
                    id,
                    price,
                    amount,
                    side,
                }) => {
                    MarketKind::Trade(TradeTick::new(SmolStr::new(id), price.0, amount.0, side.0))
                }
                Kind::L1(OrderBookL1 {
                    last_update_time,
                    best_bid,
                    best_ask,
                }) => MarketKind::L1(L1Quote::new(
                    last_update_time.0,
                    best_bid.clone().map(Into::into),
                    best_ask.clone().map(Into::into),
                )),
                Kind::Snapshot(snapshot) => {
                    MarketKind::L2(OrderBookEvent::from(snapshot.clone()).into())
                }
                Kind::Update(update) => MarketKind::L2(OrderBookEvent::from(update.clone()).into()),
                Kind::Candle(Candle {
                    close_time,
                    open,
                    high,
                    low,
                    close,
                    volume,
                    trade_count,
                }) => MarketKind::Candle(
                    CandleBar {
                        close_time: close_time.0,
                        open: open.0,
                        high: high.0,
                        low: low.0,
                        close: close.0,
                        close_f64: f64_from_decimal(close.0),
                        volume: volume.0,
                        trade_count: *trade_count,
                    }
                    .into(),
                ),
                Kind::Liquidation(Liquidation {
                    side,
                    price,
                    quantity,
                    time,
                }) => MarketKind::Liquidation(LiquidationTick {
                    side: side.0,
                    price: price.0,
                    quantity: quantity.0,
                    time: time.0,
                }),
                Kind::Funding(Funding { rate, mark_price }) => MarketKind::Funding(FundingTick {
                    rate: rate.0,
                    mark_price: mark_price.map(|Dec(price)| price),
                }),
                Kind::Settlement(Settlement { price }) => {
                    MarketKind::Settlement(SettlementTick { price: price.0 })
                }
            },
        }
    }
}

/// An event of either kind, as Python gives and gets it.
#[derive(Clone, Debug, IntoPyObject, FromPyObject)]
pub enum AnyMarketEvent {
    /// An item of the stream.
    Item(MarketEvent),
    /// The stream was lost.
    Reconnecting(Reconnecting),
}

impl PyStubType for AnyMarketEvent {
    fn type_output() -> TypeInfo {
        MarketEvent::type_output() | Reconnecting::type_output()
    }
}

impl From<&StoredEvent> for AnyMarketEvent {
    fn from(event: &StoredEvent) -> Self {
        match event {
            StoredEvent::Item(event) => Self::Item(event.into()),
            StoredEvent::Reconnecting(lost) => Self::Reconnecting(lost.into()),
        }
    }
}

impl AnyMarketEvent {
    /// Its exchange, and the index of its instrument where it is about one.
    pub fn key(&self) -> (ExchangeId, Option<usize>) {
        match self {
            Self::Item(event) => (event.exchange.0, Some(event.instrument.0)),
            Self::Reconnecting(event) => (event.exchange.0, None),
        }
    }
}

impl From<&AnyMarketEvent> for StoredEvent {
    fn from(event: &AnyMarketEvent) -> Self {
        match event {
            AnyMarketEvent::Item(event) => Self::Item(event.into()),
            AnyMarketEvent::Reconnecting(event) => Self::Reconnecting(event.into()),
        }
    }
}
