//! Against barter's own serde.

use super::*;
use crate::data::kind::LostStream;
use barter_data::{
    event::{DataKind, MarketEvent},
    streams::consumer::MarketStreamEvent,
};
use chrono::DateTime;
use rust_decimal::Decimal;

const L1: &str = r#"{"Item":{"time_exchange":"2025-03-25T23:07:00.773674205Z","time_received":"2025-03-25T23:07:00.773684644Z","exchange":"binance_spot","instrument":1,"kind":{"OrderBookL1":{"last_update_time":"2025-03-25T23:07:00.773674205Z","best_bid":{"price":"2059.10000000","amount":"33.09140000"},"best_ask":{"price":"2059.11000000","amount":"3.01460000"}}}}}"#;
const TRADE: &str = r#"{"Item":{"time_exchange":"2025-03-25T23:07:00.715Z","time_received":"2025-03-25T23:07:00.847021081Z","exchange":"binance_spot","instrument":0,"kind":{"Trade":{"id":"4744868157","price":87232.0,"amount":0.00012,"side":"Sell"}}}}"#;

/// The second way: what barter's own serde makes of the same text.
#[test]
fn reads_what_barter_reads() {
    for text in [L1, TRADE] {
        let barter: MarketStreamEvent<InstrumentIndex, DataKind> =
            serde_json::from_str(text).unwrap();
        let MarketStreamEvent::Item(barter) = barter else {
            panic!("{barter:?}")
        };
        let StoredEvent::Item(ours) = parse(text).unwrap() else {
            panic!()
        };
        assert_eq!(
            (ours.time_exchange, ours.time_received),
            (barter.time_exchange, barter.time_received)
        );
        assert_eq!(
            (ours.exchange, ours.instrument),
            (barter.exchange, barter.instrument)
        );
        match (ours.kind, barter.kind) {
            (MarketKind::L1(ours), DataKind::OrderBookL1(barter)) => {
                assert_eq!(ours.l1, barter);
            }
            (MarketKind::Trade(ours), DataKind::Trade(barter)) => {
                assert_eq!(ours.id, barter.id);
                assert_eq!(ours.price_f64.to_bits(), barter.price.to_bits());
                assert_eq!(ours.price.to_string(), "87232.0");
                assert_eq!(
                    (ours.amount.to_string().as_str(), ours.side),
                    ("0.00012", barter.side)
                );
            }
            other => panic!("{other:?}"),
        }
    }
}

/// barter's serde writes books that it cannot read; we read them and write the same text.
/// What barter holds as a float is written as one, so that barter reads it too.
#[test]
fn barter_reads_what_is_written() {
    for text in [L1, TRADE] {
        let mut written = Vec::new();
        write(&parse(text).unwrap(), &mut written).unwrap();
        let barter = |text: &[u8]| {
            serde_json::from_slice::<MarketStreamEvent<InstrumentIndex, DataKind>>(text)
        };
        assert_eq!(barter(&written).unwrap(), barter(text.as_bytes()).unwrap());
    }
    let mut written = Vec::new();
    write(&parse(TRADE).unwrap(), &mut written).unwrap();
    assert_eq!(String::from_utf8(written).unwrap().trim_end(), TRADE);
}

#[test]
fn numbers_come_back_digit_for_digit() {
    for (text, written) in [
        ("\"5\"", "5"),
        ("5.0", "5.0"),
        ("\"5.00\"", "5.00"),
        ("\"0.1234567890123456789\"", "0.1234567890123456789"),
        ("1e16", "10000000000000000"),
        ("\"9223372036854775808\"", "9223372036854775808"),
        ("0.123456789012345678", "0.123456789012345678"),
        ("3526246938.98713386", "3526246938.98713386"),
        ("-1.50", "-1.50"),
        (
            "79228162514264337593543950335",
            "79228162514264337593543950335",
        ),
    ] {
        let Float(number) = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&Float(number)).unwrap(), written);
        let Float(again) = serde_json::from_str(written).unwrap();
        assert_eq!(again.unpack(), number.unpack());
    }
}

#[test]
fn reads_the_books_that_barter_writes() {
    let decimal = |text| Decimal::from_str_exact(text).unwrap();
    let level = |price, amount| Level::new(decimal(price), decimal(amount));
    let time = DateTime::from_timestamp_nanos(1_742_943_900_123_456_789);
    let bids = [level("99.10", "1.50"), level("99.2", "0.00000001")];
    let asks = [level("100.0", "3"), level("99.90", "2")];
    let book = OrderBook::new(u64::MAX, Some(time), bids, asks);
    let update = OrderBook::new(8, None, vec![level("99.2", "0")], vec![]);
    for event in [
        OrderBookEvent::Snapshot(book),
        OrderBookEvent::Update(update),
    ] {
        let barter = MarketStreamEvent::Item(MarketEvent {
            time_exchange: time,
            time_received: time,
            exchange: ExchangeId::BinanceSpot,
            instrument: InstrumentIndex(2),
            kind: DataKind::OrderBook(event.clone()),
        });
        let text = serde_json::to_string(&barter).unwrap();

        let ours = parse(&text).unwrap();
        let StoredEvent::Item(item) = &ours else {
            panic!("{ours:?}")
        };
        let MarketKind::L2(read) = &item.kind else {
            panic!("{item:?}")
        };
        assert_eq!(**read, event);
        let mut written = Vec::new();
        write(&ours, &mut written).unwrap();
        assert_eq!(String::from_utf8(written).unwrap(), format!("{text}\n"));

        let error = serde_json::from_str::<MarketStreamEvent<InstrumentIndex, DataKind>>(&text)
            .unwrap_err();
        assert!(
            error.to_string().contains("missing field `side`"),
            "{error}"
        );
    }
}

#[test]
fn reads_results_and_reconnects() {
    let result = TRADE.replace(r#"{"Item":{"#, r#"{"Item":{"Ok":{"#) + "}";
    assert!(matches!(parse(&result), Ok(StoredEvent::Item(_))));
    for (text, time_received) in [
        (r#"{"Reconnecting":"binance_spot"}"#, None),
        (
            r#"{"Reconnecting":{"exchange":"binance_spot","time_received":"1970-01-01T00:00:00.000000007Z"}}"#,
            Some(DateTime::from_timestamp_nanos(7)),
        ),
    ] {
        let lost = StoredEvent::Reconnecting(LostStream {
            exchange: ExchangeId::BinanceSpot,
            time_received,
        });
        assert_eq!(parse(text), Ok(lost.clone()));
        assert_eq!(serde_json::to_string(&lost).unwrap(), text);
    }
}

#[test]
fn refuses_what_is_no_lost_stream() {
    for (text, wrong) in [
        (r#"{"Reconnecting":"nowhere"}"#, "unknown variant `nowhere`"),
        (
            r#"{"Reconnecting":{"exchange":"okx"}}"#,
            "missing field `time_received`",
        ),
        (
            r#"{"Reconnecting":{"exchange":"okx","time":"1970-01-01T00:00:00Z"}}"#,
            "unknown field `time`",
        ),
        (
            r#"{"Reconnecting":{"exchange":"okx","time_received":"2500-01-01T00:00:00Z"}}"#,
            "time_received",
        ),
        (
            r#"{"Reconnecting":7}"#,
            "an exchange, or an exchange and a time_received",
        ),
    ] {
        let error = parse(text).unwrap_err();
        assert!(error.contains(wrong), "{error}");
    }
}

#[test]
fn refuses_what_it_cannot_read_exactly() {
    let forty = "1234567890123456789012345678901234567890";
    for (text, reason) in [
        (L1.replace("2059.11000000", forty), "does not fit exactly"),
        (L1.replace("2059.11000000", "NaN"), "not a finite number"),
        (L1.replace("\"2059.11000000\"", "NaN"), "expected value"),
        (L1.replace("2059.11000000", "100000000000000"), "too large"),
        (TRADE.replace("87232.0", "null"), "a number, or a string"),
        (
            TRADE.replace("binance_spot", "binance_spott"),
            "unknown variant `binance_spott`",
        ),
        (
            TRADE.replace("\"instrument\":0,", ""),
            "missing field `instrument`",
        ),
        ("{".to_owned(), "EOF"),
    ] {
        let error = parse(&text).unwrap_err();
        assert!(error.contains(reason), "{error} does not say {reason}");
    }
}
