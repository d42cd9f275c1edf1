//! What is refused, and what barter itself makes of it.

use super::*;
use crate::state::GlobalData;
use barter_execution::{
    InstrumentAccountSnapshot,
    balance::Balance,
    order::{
        Order, OrderEvent, OrderKind, TimeInForce,
        id::{OrderId, StrategyId},
        state::{Cancelled, Open, OpenInFlight},
    },
    trade::{AssetFees, TradeId},
};
use barter_instrument::{Side, index::IndexedInstruments, test_utils};
use std::panic::{AssertUnwindSafe, catch_unwind};

mod hostile;

/// Instruments 0 and 1 are on exchange 0 with assets 0 to 2; instrument 2 is on exchange 1 with 3 and 4.
fn state() -> State {
    let instruments = IndexedInstruments::new([
        test_utils::instrument(ExchangeId::BinanceSpot, "btc", "usdt"),
        test_utils::instrument(ExchangeId::BinanceSpot, "eth", "usdt"),
        test_utils::instrument(ExchangeId::Kraken, "btc", "usdt"),
    ]);
    State::builder(&instruments, GlobalData::default(), |_| {
        InstrumentData::default()
    })
    .time_engine_start(DateTime::UNIX_EPOCH)
    .build()
}

fn decimal(text: &str) -> Decimal {
    Decimal::from_str_exact(text).unwrap()
}

fn seconds(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

fn event(
    exchange: usize,
    kind: AccountEventKind<ExchangeIndex, AssetIndex, InstrumentIndex>,
) -> AccountStreamEvent {
    AccountStreamEvent::Item(AccountEvent::new(ExchangeIndex(exchange), kind))
}

fn fill(
    instrument: usize,
    side: Side,
    price: Decimal,
    quantity: Decimal,
    fees: Decimal,
) -> Trade<QuoteAsset, InstrumentIndex> {
    Trade {
        id: TradeId::new("trade"),
        order_id: OrderId::new("order"),
        instrument: InstrumentIndex(instrument),
        strategy: StrategyId::new("test"),
        time_exchange: seconds(1),
        side,
        price,
        quantity,
        fees: AssetFees::quote_fees(fees),
    }
}

fn filled(side: Side, price: &str, quantity: &str) -> AccountStreamEvent {
    let (price, quantity) = (decimal(price), decimal(quantity));
    let trade = fill(0, side, price, quantity, Decimal::ZERO);
    event(0, AccountEventKind::Trade(trade))
}

fn key(exchange: usize, instrument: usize, cid: &str) -> OrderKey {
    OrderKey {
        exchange: ExchangeIndex(exchange),
        instrument: InstrumentIndex(instrument),
        strategy: StrategyId::new("test"),
        cid: ClientOrderId::new(cid),
    }
}

fn order(key: OrderKey, price: Decimal, quantity: Decimal, state: OrderState) -> OrderSnapshot {
    Order {
        key,
        side: Side::Buy,
        price,
        quantity,
        kind: OrderKind::Limit,
        time_in_force: TimeInForce::GoodUntilEndOfDay,
        state,
    }
}

fn open(filled_quantity: Decimal, time_exchange: DateTime<Utc>) -> Open {
    Open {
        id: OrderId::new("1"),
        time_exchange,
        filled_quantity,
    }
}

fn ordered(order: OrderSnapshot) -> AccountStreamEvent {
    event(0, AccountEventKind::OrderSnapshot(Snapshot(order)))
}

fn snapshot(
    exchange: usize,
    balances: Vec<AssetBalance<AssetIndex>>,
    instruments: Vec<InstrumentAccountSnapshot>,
) -> AccountStreamEvent {
    let snapshot = AccountSnapshot::new(ExchangeIndex(exchange), balances, instruments);
    event(0, AccountEventKind::Snapshot(snapshot))
}

fn balance(asset: usize, total: Decimal, free: Decimal) -> AssetBalance<AssetIndex> {
    AssetBalance::new(AssetIndex(asset), Balance::new(total, free), seconds(1))
}

/// barter itself, without the check.
fn apply(state: &mut State, event: &AccountStreamEvent) {
    match event {
        AccountStreamEvent::Reconnecting(exchange) => {
            state
                .connectivity
                .update_from_account_reconnecting(exchange);
        }
        AccountStreamEvent::Item(event) => {
            state.update_from_account(event);
        }
    }
}

/// Applies what must be accepted.
fn accept(state: &mut State, event: &AccountStreamEvent) {
    check_account_event(event, state).unwrap();
    apply(state, event);
}

fn refuse(state: &State, event: &AccountStreamEvent, reason: &str) {
    let before = format!("{state:?}");
    let error = check_account_event(event, state).unwrap_err().to_string();
    assert!(error.contains(reason), "{error:?} does not say {reason:?}");
    assert_eq!(format!("{state:?}"), before);
}

fn barter_panics(state: &State, event: &AccountStreamEvent) -> bool {
    let mut state = state.clone();
    catch_unwind(AssertUnwindSafe(|| apply(&mut state, event))).is_err()
}

#[test]
fn unknown_indices_are_refused_where_barter_panics() {
    let state = state();
    let ten = Decimal::TEN;
    let in_flight = || OrderState::active(OpenInFlight);
    let cancel = |key| {
        let state = Ok(Cancelled::new(OrderId::new("1"), seconds(1)));
        event(
            0,
            AccountEventKind::OrderCancelled(OrderEvent { key, state }),
        )
    };
    let trade = |instrument| {
        let trade = fill(instrument, Side::Buy, ten, ten, ten);
        AccountEventKind::Trade(trade)
    };
    for (event, reason) in [
        (event(2, trade(0)), "no exchange 2; there are 2"),
        (event(0, trade(3)), "no instrument 3; there are 3"),
        (
            ordered(order(key(0, 3, "a"), ten, ten, in_flight())),
            "no instrument 3",
        ),
        (cancel(key(0, 3, "a")), "no instrument 3"),
        (
            snapshot(0, vec![balance(5, ten, ten)], vec![]),
            "no asset 5",
        ),
        (
            snapshot(
                0,
                vec![],
                vec![InstrumentAccountSnapshot::new(InstrumentIndex(3), vec![])],
            ),
            "no instrument 3",
        ),
        (AccountStreamEvent::Reconnecting(ExchangeId::Okx), "okx"),
    ] {
        refuse(&state, &event, reason);
        assert!(barter_panics(&state, &event), "{event:?}");
    }
}

#[test]
fn what_would_be_booked_in_the_wrong_place_is_refused() {
    let state = state();
    let (one, ten) = (Decimal::ONE, Decimal::TEN);
    let in_flight = || OrderState::active(OpenInFlight);
    let failed = |error: ApiError| OrderState::inactive(OrderError::Rejected(error));
    let cases = [
        (
            event(
                1,
                AccountEventKind::Trade(fill(0, Side::Buy, ten, ten, ten)),
            ),
            "instrument 0 (binance_spot-btc_usdt) is on exchange 0, its event is of exchange 1",
        ),
        (
            ordered(order(key(1, 2, "a"), ten, ten, in_flight())),
            "order \"a\" is on exchange 1",
        ),
        (
            ordered(order(key(0, 2, "a"), ten, ten, in_flight())),
            "is on exchange 1, its event is of exchange 0",
        ),
        (snapshot(1, vec![], vec![]), "the snapshot is on exchange 1"),
        (
            snapshot(0, vec![balance(3, ten, ten)], vec![]),
            "asset 3 (btc) is on kraken, its event is of binance_spot",
        ),
        (
            snapshot(
                0,
                vec![balance(0, ten, ten)],
                vec![InstrumentAccountSnapshot::new(
                    InstrumentIndex(0),
                    vec![order(key(0, 1, "a"), ten, ten, in_flight())],
                )],
            ),
            "order \"a\" is of instrument 1, but listed under instrument 0",
        ),
        (
            ordered(order(key(0, 0, "a"), ten, Decimal::ZERO, in_flight())),
            "order \"a\": quantity must be positive, got 0",
        ),
        (
            ordered(order(
                key(0, 0, "a"),
                ten,
                one,
                OrderState::active(open(ten, seconds(1))),
            )),
            "order \"a\": filled_quantity must be from 0 to the quantity 1, got 10",
        ),
        (
            ordered(order(
                key(0, 0, "a"),
                ten,
                one,
                OrderState::active(CancelInFlight::new(Some(open(-one, seconds(1))))),
            )),
            "got -1",
        ),
        (
            ordered(order(
                key(0, 0, "a"),
                ten,
                one,
                OrderState::active(open(one, DateTime::<Utc>::MIN_UTC)),
            )),
            "outside the years 1677 to 2262",
        ),
        (
            ordered(order(key(0, 0, "a"), MAGNITUDE_LIMIT, one, in_flight())),
            "price 100000000000000 is too large",
        ),
        (
            ordered(order(
                key(0, 0, "a"),
                ten,
                one,
                failed(ApiError::AssetInvalid(AssetIndex(9), String::new())),
            )),
            "no asset 9",
        ),
    ];
    for (event, reason) in cases {
        refuse(&state, &event, reason);
    }
}

/// barter keeps the quantity of the order that it tracks, whatever a snapshot says.
#[test]
fn an_order_is_not_filled_beyond_what_is_tracked() {
    let mut state = state();
    let of = |quantity: u32, filled: u32| {
        order(
            key(0, 0, "a"),
            Decimal::TEN,
            quantity.into(),
            OrderState::active(open(filled.into(), seconds(1))),
        )
    };
    accept(&mut state, &ordered(of(2, 1)));
    refuse(&state, &ordered(of(5, 3)), "to the quantity 2, got 3");
    accept(&mut state, &ordered(of(5, 2)));
    // In one snapshot the first order counts for the second.
    let orders = |orders| {
        let instruments = vec![InstrumentAccountSnapshot::new(InstrumentIndex(1), orders)];
        snapshot(0, vec![], instruments)
    };
    let elsewhere = |quantity: u32, filled: u32| {
        let mut order = of(quantity, filled);
        order.key.instrument = InstrumentIndex(1);
        order
    };
    let twice = orders(vec![elsewhere(2, 1), elsewhere(5, 3)]);
    refuse(&state, &twice, "to the quantity 2, got 3");
    accept(&mut state, &orders(vec![elsewhere(5, 3)]));
}

#[test]
fn balances_are_refused_only_where_barter_overflows() {
    let mut state = state();
    let balance_event = |total, free| {
        event(
            0,
            AccountEventKind::BalanceSnapshot(Snapshot(balance(0, total, free))),
        )
    };
    let (max, min) = (Decimal::MAX, Decimal::MIN);
    accept(&mut state, &balance_event(decimal("-5"), Decimal::ZERO));
    accept(&mut state, &balance_event(max, max));
    refuse(
        &state,
        &balance_event(min, min),
        "balance of asset 0: total -79228",
    );
    assert!(barter_panics(&state, &balance_event(min, min)));
    let both = vec![balance(1, max, max), balance(1, min, min)];
    refuse(&state, &snapshot(0, both, vec![]), "too large");
}

#[test]
fn positions_that_could_not_be_closed_are_refused() {
    let mut state = state();
    let tiny = "0.000000000000001";
    for (event, close) in [
        (filled(Side::Buy, "0", "1"), filled(Side::Sell, "1", "1")),
        (filled(Side::Sell, tiny, tiny), filled(Side::Buy, "1", tiny)),
    ] {
        refuse(&state, &event, "barter divides by the cost");
        let mut without_check = state.clone();
        apply(&mut without_check, &event);
        assert!(barter_panics(&without_check, &close), "{event:?}");
    }
    // Closing at zero is fine; flipping at zero is opening.
    accept(&mut state, &filled(Side::Buy, "10", "2"));
    refuse(
        &state,
        &filled(Side::Sell, "0", "3"),
        "price 0 by quantity 1",
    );
    accept(&mut state, &filled(Side::Sell, "0", "2"));
    // An average of zero costs nothing too.
    accept(&mut state, &filled(Side::Buy, "-5", "1"));
    refuse(
        &state,
        &filled(Side::Buy, "5", "1"),
        "price 0 by quantity 2",
    );
}

#[test]
fn fills_are_refused_where_barter_overflows() {
    let mut state = state();
    let almost = "99999999999999";
    for (event, reason) in [
        (
            filled(Side::Buy, "1", "0"),
            "trade \"trade\": quantity must be positive, got 0",
        ),
        (
            filled(Side::Buy, "1", "-1"),
            "quantity must be positive, got -1",
        ),
        (
            filled(Side::Buy, "100000000000000", "1"),
            "price 100000000000000 is too large",
        ),
        (
            filled(Side::Buy, "1", "100000000000000"),
            "quantity 100000000000000 is too large",
        ),
    ] {
        refuse(&state, &event, reason);
    }
    accept(&mut state, &filled(Side::Buy, "0.00000000000001", almost));
    refuse(
        &state,
        &filled(Side::Buy, "1", "1"),
        "makes the position of 99999999999999 too large",
    );
    // The return is 10^28, and its square, which the deviation needs, overflows at the second.
    let sell = filled(Side::Sell, almost, almost);
    accept(&mut state, &sell);
    accept(&mut state, &filled(Side::Buy, "1", "1"));
    let loss = filled(Side::Sell, "0", "1");
    refuse(&state, &loss, "statistics of barter would overflow");
    assert!(barter_panics(&state, &loss));
}
