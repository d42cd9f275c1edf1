//! barter-data's events as a history keeps them.

use crate::{
    convert::decimal_from_f64,
    data::{
        CandleBar, L1Quote, LiquidationTick, MarketKind, StoredEvent, StoredMarketEvent, TradeTick,
    },
};
use barter_data::event::{DataKind, MarketEvent};
use barter_instrument::instrument::InstrumentIndex;
use rust_decimal::Decimal;
use smol_str::SmolStr;

/// An event of any kind, as barter-data has it.
pub type AnyEvent = MarketEvent<InstrumentIndex, DataKind>;

/// The event with exact numbers; the error says what a history must not hold.
pub fn stored(event: AnyEvent) -> Result<StoredEvent, String> {
    let exact = |name: &str, value: f64| -> Result<Decimal, String> {
        decimal_from_f64(value).map_err(|error| format!("{name} {value}: {error}"))
    };
    let kind = match event.kind {
        DataKind::Trade(trade) => MarketKind::Trade(TradeTick::new(
            SmolStr::new(trade.id),
            exact("price", trade.price)?,
            exact("amount", trade.amount)?,
            trade.side,
        )),
        DataKind::OrderBookL1(l1) => {
            MarketKind::L1(L1Quote::new(l1.last_update_time, l1.best_bid, l1.best_ask))
        }
        DataKind::OrderBook(book) => MarketKind::L2(book.into()),
        DataKind::Candle(candle) => MarketKind::Candle(
            CandleBar {
                close_time: candle.close_time,
                open: exact("open", candle.open)?,
                high: exact("high", candle.high)?,
                low: exact("low", candle.low)?,
                close: exact("close", candle.close)?,
                close_f64: candle.close,
                volume: exact("volume", candle.volume)?,
                trade_count: candle.trade_count,
            }
            .into(),
        ),
        DataKind::Liquidation(liquidation) => MarketKind::Liquidation(LiquidationTick {
            side: liquidation.side,
            price: exact("price", liquidation.price)?,
            quantity: exact("quantity", liquidation.quantity)?,
            time: liquidation.time,
        }),
    };
    let event = StoredEvent::Item(StoredMarketEvent {
        time_exchange: event.time_exchange,
        time_received: event.time_received,
        exchange: event.exchange,
        instrument: event.instrument,
        kind,
    });
    event.check()?;
    Ok(event)
}
