//! Records and JSON against barter's own types.

use super::{event::AnyAccountEvent, json};
use barter::execution::AccountStreamEvent;
use barter_execution::{
    AccountEvent, AccountEventKind, AccountSnapshot, InstrumentAccountSnapshot,
    balance::{AssetBalance, Balance},
    error::{ApiError, ConnectivityError, OrderError},
    order::{
        Order, OrderEvent, OrderKey, OrderKind, OrderSnapshot, TimeInForce,
        id::{ClientOrderId, OrderId, StrategyId},
        state::{CancelInFlight, Cancelled, Open, OpenInFlight, OrderState},
    },
    trade::{AssetFees, Trade, TradeId},
};
use barter_instrument::{
    Side,
    asset::AssetIndex,
    exchange::{ExchangeId, ExchangeIndex},
    instrument::InstrumentIndex,
};
use barter_integration::collection::snapshot::Snapshot;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

fn decimal(text: &str) -> Decimal {
    Decimal::from_str_exact(text).unwrap()
}

fn time() -> DateTime<Utc> {
    DateTime::from_timestamp_nanos(1_704_067_200_123_456_789)
}

fn key() -> OrderKey {
    OrderKey {
        exchange: ExchangeIndex(1),
        instrument: InstrumentIndex(2),
        strategy: StrategyId::new("ema"),
        cid: ClientOrderId::new("an id of more than twenty-three bytes, \"quoted\""),
    }
}

fn failures() -> Vec<OrderError> {
    let detail = || "because".to_owned();
    vec![
        ConnectivityError::ExchangeOffline(ExchangeId::Kraken).into(),
        ConnectivityError::Timeout.into(),
        ConnectivityError::Socket(detail()).into(),
        ApiError::AssetInvalid(AssetIndex(3), detail()).into(),
        ApiError::InstrumentInvalid(InstrumentIndex(4), detail()).into(),
        ApiError::RateLimit.into(),
        ApiError::BalanceInsufficient(AssetIndex(5), detail()).into(),
        ApiError::OrderRejected(detail()).into(),
        ApiError::OrderAlreadyCancelled.into(),
        ApiError::OrderAlreadyFullyFilled.into(),
    ]
}

fn orders() -> Vec<OrderSnapshot> {
    let open = Open {
        id: OrderId::new("42"),
        time_exchange: time(),
        filled_quantity: decimal("0.10"),
    };
    let mut states = vec![
        OrderState::active(OpenInFlight),
        OrderState::active(open.clone()),
        OrderState::active(CancelInFlight { order: Some(open) }),
        OrderState::active(CancelInFlight { order: None }),
        OrderState::inactive(Cancelled::new(OrderId::new("42"), time())),
        OrderState::fully_filled(),
        OrderState::expired(),
    ];
    states.extend(failures().into_iter().map(OrderState::inactive));
    let order = |state| Order {
        key: key(),
        side: Side::Sell,
        price: decimal("-7.9228162514264337593543950335"),
        quantity: decimal("0.0000000000000000000000000001"),
        kind: OrderKind::Limit,
        time_in_force: TimeInForce::GoodUntilCancelled { post_only: true },
        state,
    };
    states.into_iter().map(order).collect()
}

/// An event of each variant of barter's.
fn events() -> Vec<AccountStreamEvent> {
    let balance = AssetBalance {
        asset: AssetIndex(1),
        balance: Balance::new(decimal("100.50"), decimal("-1")),
        time_exchange: time(),
    };
    let trade = Trade {
        id: TradeId::new("t"),
        order_id: OrderId::new("o"),
        instrument: InstrumentIndex(2),
        strategy: StrategyId::new("ema"),
        time_exchange: time(),
        side: Side::Buy,
        price: Decimal::MAX,
        quantity: decimal("1.0"),
        fees: AssetFees::quote_fees(decimal("-0.001")),
    };
    let instruments = vec![
        InstrumentAccountSnapshot::new(InstrumentIndex(2), orders()),
        InstrumentAccountSnapshot::new(InstrumentIndex(0), vec![]),
    ];
    let snapshot = AccountSnapshot::new(ExchangeIndex(1), vec![balance.clone()], instruments);
    let mut kinds = vec![
        AccountEventKind::Snapshot(snapshot),
        AccountEventKind::BalanceSnapshot(Snapshot(balance)),
        AccountEventKind::Trade(trade),
    ];
    kinds.extend(
        orders()
            .into_iter()
            .map(|order| AccountEventKind::OrderSnapshot(Snapshot(order))),
    );
    let cancelled = Cancelled::new(OrderId::new("42"), time());
    let answers = failures().into_iter().map(Err).chain([Ok(cancelled)]);
    kinds.extend(
        answers.map(|state| AccountEventKind::OrderCancelled(OrderEvent { key: key(), state })),
    );
    let items = kinds.into_iter().map(|kind| {
        AccountStreamEvent::Item(AccountEvent {
            exchange: ExchangeIndex(1),
            kind,
        })
    });
    items
        .chain([AccountStreamEvent::Reconnecting(ExchangeId::Okx)])
        .collect()
}

#[test]
fn records_lose_nothing() {
    for event in events() {
        let record = AnyAccountEvent::from(&event);
        assert_eq!(AccountStreamEvent::try_from(&record), Ok(event));
    }
}

#[test]
fn barter_reads_what_we_write_and_we_read_what_barter_writes() {
    for event in events() {
        let ours = AnyAccountEvent::from(&event).to_json().unwrap();
        let theirs = serde_json::to_string(&event).unwrap();
        assert_eq!(
            serde_json::from_str::<AccountStreamEvent>(&ours).unwrap(),
            event
        );
        for text in [ours, theirs] {
            assert_eq!(json::read(&text).as_ref(), Ok(&event));
            // Spread over lines.
            let value: serde_json::Value = serde_json::from_str(&text).unwrap();
            let pretty = serde_json::to_string_pretty(&value).unwrap();
            assert_eq!(json::read(&pretty).as_ref(), Ok(&event));
        }
        if let AccountStreamEvent::Item(item) = &event {
            let inner = serde_json::to_string(item).unwrap();
            assert_eq!(json::read(&inner), Ok(event));
        }
    }
}

#[test]
fn numbers_are_read_digit_for_digit_or_not_at_all() {
    let event = |price: &str| {
        format!(
            r#"{{"exchange":0,"kind":{{"Trade":{{"id":"t","order_id":"o","instrument":0,"strategy":"s","time_exchange":"2024-01-01T00:00:00Z","side":"Buy","price":{price},"quantity":"1","fees":{{"asset":null,"fees":0}}}}}}}}"#
        )
    };
    let price = |text: &str| match json::read(&event(text))? {
        AccountStreamEvent::Item(AccountEvent {
            kind: AccountEventKind::Trade(trade),
            ..
        }) => Ok::<_, String>(trade.price.to_string()),
        other => panic!("{other:?}"),
    };
    let digits = "1234567890123456.789012345678";
    for text in [digits, &format!("\"{digits}\"")] {
        assert_eq!(price(text), Ok(digits.to_owned()));
    }
    assert_eq!(price("1.50e2"), Ok("150".to_owned()));
    let more = "1.23456789012345678901234567895";
    for text in [more, &format!("\"{more}\"")] {
        // barter itself rounds.
        assert!(serde_json::from_str::<AccountEvent>(&event(text)).is_ok());
        let error = price(text).unwrap_err();
        assert!(
            error.contains("price: 1.23456789012345678901234567895 does not fit"),
            "{error}"
        );
    }
    for (text, reason) in [
        ("true", "invalid type"),
        ("\"much\"", "much"),
        ("1,\"price\":2", "duplicate field"),
    ] {
        let error = price(text).unwrap_err();
        assert!(error.contains(reason), "{error} does not say {reason}");
    }
}
