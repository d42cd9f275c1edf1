//! A random search for what must never be.

use super::*;
use proptest::{collection::vec, prelude::*};
use std::collections::HashMap;

/// What can happen.
#[derive(Clone, Debug)]
enum Step {
    See(MarketKind),
    Send(RequestOpen),
    /// By the exchange's id, or by the client's.
    Cancel(u32, bool),
    /// Seconds go by, and orders end.
    Wait(i64),
}

fn side() -> impl Strategy<Value = Side> {
    prop_oneof![Just(Side::Buy), Just(Side::Sell)]
}

/// Few prices, so that they meet; some of many digits.
fn price() -> impl Strategy<Value = Decimal> {
    prop_oneof![
        20 => (90_i64..110).prop_map(Decimal::from),
        1 => proptest::sample::select(
            ["-1", "0", "99.123456789012345678901234", "0.0000000000000000000000000001", "99999999999999"]
                .map(decimal)
                .to_vec()
        ),
    ]
}

fn quantity() -> impl Strategy<Value = Decimal> {
    prop_oneof![
        8 => (1_i64..100).prop_map(|tenths| Decimal::new(tenths, 1)),
        2 => (1_i64..9_000_000_000_000).prop_map(|parts| Decimal::new(parts, 12)),
        1 => proptest::sample::select(
            ["0.0000000000001", "0.000000000001", "99999999999999", "1000000"].map(decimal).to_vec()
        ),
    ]
}

fn amount() -> impl Strategy<Value = Decimal> {
    prop_oneof![9 => quantity(), 1 => Just(Decimal::ZERO)]
}

fn book_levels(zero: bool) -> impl Strategy<Value = Vec<Level>> {
    proptest::collection::btree_map(price(), amount(), 0..6).prop_map(move |levels| {
        levels
            .into_iter()
            .filter(|(_, amount)| zero || !amount.is_zero())
            .map(|(price, amount)| Level { price, amount })
            .collect()
    })
}

fn market_event() -> impl Strategy<Value = MarketKind> {
    let level = || proptest::option::weighted(0.9, (price(), amount()).prop_map(Level::from));
    prop_oneof![
        4 => (0_i64..20, level(), level())
            .prop_map(|(seconds, bid, ask)| MarketKind::L1(L1Quote::new(at(seconds), bid, ask))),
        4 => (price(), amount(), side()).prop_map(|(price, amount, side)| {
            MarketKind::Trade(TradeTick::new("1".into(), price, amount, side))
        }),
        1 => (book_levels(false), book_levels(false)).prop_map(|(bids, asks)| {
            MarketKind::L2(OrderBookEvent::Snapshot(OrderBook::new(1, None, bids, asks)).into())
        }),
        2 => (book_levels(true), book_levels(true)).prop_map(|(bids, asks)| {
            MarketKind::L2(OrderBookEvent::Update(OrderBook::new(1, None, bids, asks)).into())
        }),
        1 => (price(), amount()).prop_map(|(close, volume)| {
            MarketKind::Candle(crate::data::CandleBar {
                close_time: at(0), open: close, high: close, low: close, close, close_f64: 0.0,
                volume, trade_count: 1,
            }.into())
        }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let kind = prop_oneof![1 => Just(OrderKind::Market), 4 => Just(OrderKind::Limit)];
    let force = prop_oneof![
        6 => Just(GTC),
        2 => Just(POST_ONLY),
        1 => Just(IOC),
        1 => Just(TimeInForce::FillOrKill),
        1 => Just(TimeInForce::GoodUntilEndOfDay),
    ];
    let send = (side(), price(), quantity(), kind, force).prop_map(
        |(side, price, quantity, kind, time_in_force)| RequestOpen {
            side,
            price,
            quantity,
            kind,
            time_in_force,
        },
    );
    prop_oneof![
        5 => market_event().prop_map(Step::See),
        5 => send.prop_map(Step::Send),
        1 => (1_u32..40, any::<bool>()).prop_map(|(number, by_id)| Step::Cancel(number, by_id)),
        1 => prop_oneof![Just(1_i64), Just(50_000)].prop_map(Step::Wait),
    ]
}

fn any_rules() -> impl Strategy<Value = ExchangeRules> {
    let rate = || proptest::sample::select(["0", "0.001", "0.0123456789012"].map(decimal).to_vec());
    let maker = prop_oneof![rate(), Just(decimal("-0.0005"))];
    (
        (rate(), maker),
        prop_oneof![Just(FeeAsset::Quote), Just(FeeAsset::Received)],
        prop_oneof![3 => Just(Liquidity::Shown), 1 => Just(Liquidity::Infinite)],
        prop_oneof![
            Just(QueuePosition::Front),
            Just(QueuePosition::Back),
            Just(QueuePosition::Proportional)
        ],
        proptest::sample::select(["1", "3", "0.7"].map(decimal).to_vec()),
    )
        .prop_map(
            |((taker, maker), fee_asset, liquidity, queue, leverage)| ExchangeRules {
                taker_fee_rate: taker,
                maker_fee_rate: maker,
                fee_asset,
                liquidity,
                queue,
                leverage,
                ..ExchangeRules::DEFAULT
            },
        )
}

/// What was asked for and what of it was filled, by client order id.
#[derive(Default)]
struct Seen {
    orders: HashMap<String, RequestOpen>,
    filled: HashMap<String, Decimal>,
    /// By the exchange's id.
    cids: HashMap<String, String>,
}

impl World {
    /// What holds after each step.
    fn assert_sound(&self) {
        let is_spot = matches!(self.instrument.kind, InstrumentKind::Spot);
        let mut reserved = [Decimal::ZERO; 2];
        for book in &self.exchange.books {
            for order in book.resting.iter() {
                assert!(order.left.is_positive() && order.left <= order.quantity);
                reserved[order.reserved.asset.index()] += order.reserved.amount.decimal();
                let terms = Terms {
                    instrument: &self.instrument,
                    rules: &self.exchange.rules[0],
                };
                let state = &order.request.state;
                let anew = terms.reserved(state.side, state.price, order.left);
                assert_eq!(anew, Some(order.reserved));
            }
            reserved[QUOTE.index()] += book.holding.margin.decimal();
            if book.holding.quantity.is_zero() {
                assert!(book.holding.entry.is_zero() && book.holding.margin.is_zero());
            }
            assert!(!book.holding.margin.is_negative());
        }
        for asset in [BASE, QUOTE] {
            let Balance { total, free } = self.exchange.balance(asset);
            assert!(total.scale() <= 12 && free.scale() <= 12);
            assert_eq!(total - free, reserved[asset.index()], "of {asset:?}");
            assert!(!is_spot || free >= Decimal::ZERO, "{total} {free}");
        }
    }

    /// Looks at what was told, and at each fill.
    fn follow(&self, message: &Message, seen: &mut Seen) {
        for event in message {
            match &event.kind {
                AccountEventKind::OrderSnapshot(Snapshot(order)) => {
                    let cid = order.key.cid.to_string();
                    let filled = seen.filled.get(&cid).copied().unwrap_or_default();
                    match &order.state {
                        OrderState::Active(ActiveOrderState::Open(open)) => {
                            assert_eq!(open.filled_quantity, filled);
                            assert!(filled < order.quantity);
                        }
                        OrderState::Inactive(InactiveOrderState::FullyFilled) => {
                            assert_eq!(filled, order.quantity);
                        }
                        OrderState::Inactive(InactiveOrderState::Expired) => {
                            assert!(filled < order.quantity);
                        }
                        OrderState::Inactive(InactiveOrderState::OpenFailed(_)) => {
                            assert!(filled.is_zero());
                            assert_eq!(message.len(), 1);
                        }
                        other => panic!("{other:?}"),
                    }
                    let told = self.filled(&order.key.cid.0);
                    assert_eq!(told, filled);
                }
                AccountEventKind::Trade(trade) => {
                    let cid = &seen.cids[trade.order_id.0.as_str()];
                    let order = &seen.orders[cid];
                    assert_eq!(trade.side, order.side);
                    if order.kind == OrderKind::Limit {
                        assert!(match order.side {
                            Side::Buy => trade.price <= order.price,
                            Side::Sell => trade.price >= order.price,
                        });
                    }
                    let filled = seen.filled.entry(cid.clone()).or_default();
                    // With fees in what is received, the trade tells less than was filled.
                    *filled = self.filled(cid);
                    assert!(*filled <= order.quantity);
                }
                AccountEventKind::Snapshot(_)
                | AccountEventKind::BalanceSnapshot(_)
                | AccountEventKind::OrderCancelled(_) => {}
            }
        }
    }
}

fn run(mut world: World, steps: Vec<Step>) {
    let mut seen = Seen::default();
    for step in steps {
        let messages = match step {
            Step::See(event) => {
                world.market.update(at(world.now), &event);
                world.exchange.observe(
                    at(world.now),
                    InstrumentIndex(0),
                    &world.instrument,
                    &event,
                    &world.market,
                )
            }
            Step::Send(state) => {
                world.sent += 1;
                let cid = world.sent.to_string();
                seen.orders.insert(cid.clone(), state.clone());
                let number = world.exchange.orders.next_number().to_string();
                seen.cids.insert(number, cid.clone());
                let request = OrderRequestOpen {
                    key: key(&cid),
                    state,
                };
                vec![world.exchange.execute(
                    at(world.now),
                    ExecutionRequest::Open(request),
                    &world.instrument,
                    &world.market,
                )]
            }
            Step::Cancel(number, by_id) => {
                let number = number.to_string();
                let id = by_id.then_some(number.as_str());
                world.cancel(&number, id);
                Vec::new()
            }
            Step::Wait(seconds) => {
                world.now += seconds;
                let ended = world.exchange.end_orders(at(world.now));
                ended.into_iter().map(|(_, message)| message).collect()
            }
        };
        for message in &messages {
            world.follow(message, &mut seen);
        }
        world.assert_sound();
    }
    // When nothing rests, nothing is held back but margins.
    let open = world.exchange.open_orders(ExchangeIndex(0));
    for order in open {
        let told = world.cancel(&order.key.cid.0, None);
        assert_eq!(told.len(), 2, "{told:?}");
    }
    world.assert_sound();
    assert!(world.exchange.orders.next_end().is_none());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Balances are on the grid and cover what is reserved, which is what the orders that rest need;
    /// no order is filled beyond its quantity or its limit, and each event says how far it is.
    #[test]
    fn spot_is_sound(rules in any_rules(), steps in vec(step(), 1..80)) {
        run(World::new(rules, spot(None), ["20", "3000"]), steps);
    }

    /// The same of contracts, whose balances can be negative.
    #[test]
    fn contracts_are_sound(rules in any_rules(), steps in vec(step(), 1..80)) {
        run(World::new(rules, perpetual(), ["0", "3000"]), steps);
    }
}
