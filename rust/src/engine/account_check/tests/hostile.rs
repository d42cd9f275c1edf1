//! What the check accepts goes through barter itself, with hostile values.

use super::*;
use proptest::prelude::*;

/// Numbers at the edges of what a decimal holds, and plain ones so that events get through.
fn number() -> impl Strategy<Value = Decimal> {
    let edges = [
        "0",
        "1",
        "-1",
        "3",
        "0.7",
        "9.75",
        "1000",
        "99999999999999",
        "99999999999999.99999999999999",
        "100000000000000",
        "-99999999999999",
        "0.0000000000000000000000000001",
        "-0.0000000000000000000000000001",
        "0.00000000000001",
        "79228162514264337593543950335",
        "-79228162514264337593543950335",
        "39614081257132168796771975168",
    ];
    prop_oneof![
        4 => proptest::sample::select(edges.map(decimal).to_vec()),
        4 => (1_i64..1_000_000, 0_u32..6).prop_map(|(mantissa, scale)| Decimal::new(mantissa, scale)),
        1 => (any::<u32>(), any::<u32>(), any::<u32>(), any::<bool>(), 0_u32..=28)
            .prop_map(|(low, mid, high, negative, scale)| {
                Decimal::from_parts(low, mid, high, negative, scale)
            }),
        2 => (any::<u64>(), 14_u32..=28).prop_map(|(mantissa, scale)| {
            Decimal::from_i128_with_scale(mantissa.into(), scale)
        }),
    ]
}

fn index(count: usize) -> impl Strategy<Value = usize> {
    prop_oneof![8 => 0..count, 1 => 0..=count.saturating_add(1)]
}

fn time() -> impl Strategy<Value = DateTime<Utc>> {
    prop_oneof![
        12 => (0_i64..10).prop_map(seconds),
        1 => Just(DateTime::<Utc>::MIN_UTC),
        1 => Just(DateTime::<Utc>::MAX_UTC),
    ]
}

fn side() -> impl Strategy<Value = Side> {
    prop_oneof![Just(Side::Buy), Just(Side::Sell)]
}

fn order_state() -> impl Strategy<Value = OrderState> {
    let opened = || (number(), time()).prop_map(|(filled, time)| open(filled, time));
    prop_oneof![
        Just(OrderState::active(OpenInFlight)),
        opened().prop_map(OrderState::active),
        proptest::option::of(opened())
            .prop_map(|order| OrderState::active(CancelInFlight { order })),
        time().prop_map(|time| OrderState::inactive(Cancelled::new(OrderId::new("1"), time))),
        Just(OrderState::fully_filled()),
        Just(OrderState::expired()),
        index(5).prop_map(|asset| {
            let error = ApiError::AssetInvalid(AssetIndex(asset), String::new());
            OrderState::inactive(OrderError::Rejected(error))
        }),
    ]
}

fn snapshot_order() -> impl Strategy<Value = OrderSnapshot> {
    (
        index(2),
        index(3),
        0..3_u8,
        number(),
        number(),
        order_state(),
    )
        .prop_map(|(exchange, instrument, cid, price, quantity, state)| {
            let key = key(exchange, instrument, &cid.to_string());
            order(key, price, quantity, state)
        })
}

fn any_balance() -> impl Strategy<Value = AssetBalance<AssetIndex>> {
    (index(5), number(), number(), time()).prop_map(|(asset, total, free, time)| {
        AssetBalance::new(AssetIndex(asset), Balance::new(total, free), time)
    })
}

fn any_trade() -> impl Strategy<Value = Trade<QuoteAsset, InstrumentIndex>> {
    (index(3), side(), number(), number(), number(), time()).prop_map(
        |(instrument, side, price, quantity, fees, time)| Trade {
            time_exchange: time,
            ..fill(instrument, side, price, quantity, fees)
        },
    )
}

fn any_event() -> impl Strategy<Value = AccountStreamEvent> {
    use proptest::collection::vec;
    let instruments = (index(3), vec(snapshot_order(), 0..3)).prop_map(|(instrument, orders)| {
        InstrumentAccountSnapshot::new(InstrumentIndex(instrument), orders)
    });
    let whole = (index(2), vec(any_balance(), 0..3), vec(instruments, 0..2)).prop_map(
        |(exchange, balances, instruments)| {
            AccountSnapshot::new(ExchangeIndex(exchange), balances, instruments)
        },
    );
    let cancel = (index(2), index(3), 0..3_u8, proptest::option::of(time())).prop_map(
        |(exchange, instrument, cid, time)| OrderEvent {
            key: key(exchange, instrument, &cid.to_string()),
            state: time
                .map(|time| Cancelled::new(OrderId::new("1"), time))
                .ok_or(OrderError::Rejected(ApiError::OrderAlreadyFullyFilled)),
        },
    );
    let kind = prop_oneof![
        1 => whole.prop_map(AccountEventKind::Snapshot),
        1 => any_balance().prop_map(|balance| AccountEventKind::BalanceSnapshot(Snapshot(balance))),
        2 => snapshot_order().prop_map(|order| AccountEventKind::OrderSnapshot(Snapshot(order))),
        1 => cancel.prop_map(AccountEventKind::OrderCancelled),
        8 => any_trade().prop_map(AccountEventKind::Trade),
    ];
    prop_oneof![
        20 => (index(2), kind).prop_map(|(exchange, kind)| event(exchange, kind)),
        1 => prop_oneof![
            Just(ExchangeId::Kraken), Just(ExchangeId::BinanceSpot), Just(ExchangeId::Okx)
        ].prop_map(AccountStreamEvent::Reconnecting),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// barter takes whatever is accepted, and so do the marks that a market of the allowed size gives.
    #[test]
    fn nothing_that_is_accepted_panics(events in proptest::collection::vec(any_event(), 1..60)) {
        let mut state = state();
        let edges = ["99999999999999.99999999999999", "-99999999999999.99999999999999", "0"].map(decimal);
        for event in &events {
            if check_account_event(event, &state).is_err() {
                continue;
            }
            apply(&mut state, event);
            for instrument in state.instruments.0.values_mut() {
                let Some(position) = &mut instrument.position.current else { continue };
                prop_assert!(position.quantity_abs > Decimal::ZERO);
                for price in edges {
                    position.update_pnl_unrealised(price);
                }
            }
            for order in state.instruments.0.values().flat_map(|one| one.orders.0.values()) {
                let open = order.state.open_meta();
                let filled = open.map_or(Decimal::ZERO, |open| open.filled_quantity);
                prop_assert!(filled >= Decimal::ZERO && filled <= order.quantity);
            }
        }
    }

    /// The check is no stricter on plain fills than it has to be: all of them are accepted.
    #[test]
    fn plain_fills_are_accepted(
        fills in proptest::collection::vec(
            (side(), 1_i64..1_000_000_000, 1_i64..1_000_000_000, 0_i64..1000), 1..60
        ),
    ) {
        let mut state = state();
        for (side, price, quantity, fees) in fills {
            let trade = fill(
                1, side, Decimal::new(price, 2), Decimal::new(quantity, 5), Decimal::new(fees, 3)
            );
            let event = event(0, AccountEventKind::Trade(trade));
            prop_assert_eq!(check_account_event(&event, &state), Ok(()));
            apply(&mut state, &event);
        }
    }

    /// barter's standard deviation takes this root and unwraps it.
    #[test]
    fn roots_are_found(
        low in any::<u32>(), mid in any::<u32>(), high in any::<u32>(), scale in 0_u32..=28
    ) {
        use rust_decimal::MathematicalOps;
        for parts in [(low, 0, 0), (low, mid, 0), (low, mid, high)] {
            let value = Decimal::from_parts(parts.0, parts.1, parts.2, false, scale);
            prop_assert!(value.sqrt().is_some());
        }
    }
}
