//! A random search for violations of what always holds.

use super::*;
use crate::exchange::amount::Amount;
use proptest::{collection::vec, prelude::*};

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
        1 => any_candle(),
    ]
}

fn any_candle() -> impl Strategy<Value = MarketKind> {
    ([price(), price(), price(), price()], amount()).prop_map(|(prices, volume)| {
        let [open, high, low, close] = prices;
        MarketKind::Candle(
            CandleBar {
                close_time: at(0),
                open,
                high,
                low,
                close,
                close_f64: 0.0,
                volume,
                trade_count: 1,
            }
            .into(),
        )
    })
}

fn step(market_event: impl Strategy<Value = MarketKind>) -> impl Strategy<Value = Step> {
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
        5 => market_event.prop_map(Step::See),
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
        (
            prop_oneof![Just(CandleFills::Path), Just(CandleFills::CloseOnly)],
            prop_oneof![Just(CandlePrice::Close), Just(CandlePrice::NextOpen)],
        ),
    )
        .prop_map(
            |((taker, maker), fee_asset, liquidity, queue, leverage, candles)| ExchangeRules {
                taker_fee_rate: taker,
                maker_fee_rate: maker,
                fee_asset,
                liquidity,
                queue,
                leverage,
                candle_fills: candles.0,
                candle_price: candles.1,
                ..ExchangeRules::DEFAULT
            },
        )
}

/// The orders so far and their filled quantities.
#[derive(Default)]
struct Seen {
    orders: HashMap<OrderIndex, RequestOpen>,
    filled: HashMap<OrderIndex, Decimal>,
}

impl World {
    /// What holds after each step.
    fn assert_sound(&self) {
        let is_spot = matches!(self.instrument.kind, InstrumentKind::Spot);
        let mut reserved = [Decimal::ZERO; 2];
        for book in &self.exchange.books {
            for order in book.resting.iter() {
                let quantity = Amount::exact(order.request.state.quantity);
                assert_eq!(Some(order.left.plus(order.executed.quantity)), quantity);
                assert!(order.left.is_positive());
                reserved[order.reserved.asset.index()] += order.reserved.amount.decimal();
                let terms = Terms {
                    instrument: &self.instrument,
                    rules: &self.exchange.exchanges[0].rules,
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

    /// Checks the events of an answer against its order.
    fn follow(&self, answer: &Answer, seen: &mut Seen) {
        let Some(AnsweredOrder { index, executed }) = &answer.order else {
            let [event] = &answer.events[..] else {
                panic!("{answer:?}")
            };
            let AccountEventKind::OrderCancelled(response) = &event.kind else {
                panic!("{answer:?}")
            };
            assert!(response.state.is_err());
            return;
        };
        let order = &seen.orders[index];
        let id = executed.as_ref().map(|(id, _)| id);
        let filled = executed
            .as_ref()
            .map_or(Decimal::ZERO, |(_, executed)| executed.quantity.decimal());
        assert!(filled <= order.quantity);
        let before = seen.filled.insert(*index, filled).unwrap_or_default();
        let mut traded = Decimal::ZERO;
        for event in &answer.events {
            match &event.kind {
                AccountEventKind::OrderSnapshot(Snapshot(snapshot)) => {
                    assert_eq!(snapshot.key.cid.to_string(), index.0.to_string());
                    match &snapshot.state {
                        OrderState::Active(ActiveOrderState::Open(open)) => {
                            assert_eq!(Some(&open.id), id);
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
                            assert!(id.is_none());
                            assert_eq!(answer.events.len(), 1);
                        }
                        other => panic!("{other:?}"),
                    }
                }
                AccountEventKind::Trade(trade) => {
                    assert_eq!(Some(&trade.order_id), id);
                    assert_eq!(trade.side, order.side);
                    if order.kind == OrderKind::Limit {
                        assert!(match order.side {
                            Side::Buy => trade.price <= order.price,
                            Side::Sell => trade.price >= order.price,
                        });
                    }
                    traded += trade.quantity;
                }
                AccountEventKind::OrderCancelled(response) => assert!(response.state.is_ok()),
                AccountEventKind::Snapshot(_) | AccountEventKind::BalanceSnapshot(_) => {}
            }
        }
        // A fee in the received asset makes the trade of a buy smaller than the fill.
        let fee_in_base = order.side == Side::Buy
            && matches!(self.instrument.kind, InstrumentKind::Spot)
            && self.exchange.exchanges[0].rules.fee_asset == FeeAsset::Received;
        if !fee_in_base {
            assert_eq!(traded, filled - before);
        }
    }
}

fn run(mut world: World, steps: Vec<Step>) {
    let mut seen = Seen::default();
    for step in steps {
        let answers = match step {
            Step::See(event) => world.observe(&event),
            Step::Send(state) => {
                world.sent += 1;
                let index = OrderIndex(world.sent as usize);
                seen.orders.insert(index, state.clone());
                let key = key(&world.sent.to_string());
                let request = OrderRequestOpen { key, state };
                Vec::from_iter(world.submit(ExchangeRequest::Open(index, request, None)))
            }
            Step::Cancel(number, by_id) => {
                let number = number.to_string();
                let request = OrderRequestCancel {
                    key: key(&number),
                    state: RequestCancel {
                        id: by_id.then(|| OrderId::new(&number)),
                    },
                };
                vec![world.execute(ExchangeRequest::Cancel(request))]
            }
            Step::Wait(seconds) => {
                world.now += seconds;
                world.end_orders(world.now)
            }
        };
        for answer in &answers {
            world.follow(answer, &mut seen);
        }
        world.assert_sound();
    }
    world.exchange.end_history();
    for answer in world.decide_waiting() {
        world.follow(&answer, &mut seen);
    }
    // When no order rests, only margins are reserved.
    let open = world.exchange.open_orders(ExchangeIndex(0));
    for order in open {
        let answer = world.cancel(&order.key.cid.0, None);
        assert_eq!(answer.len(), 2, "{answer:?}");
    }
    world.assert_sound();
    assert!(world.exchange.orders.next_end().is_none());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Balances are on the grid and cover the reserved amounts, which are those of the resting orders;
    /// no order is filled beyond its quantity or its limit, and each answer has the sums over its order's fills.
    #[test]
    fn spot_is_sound(rules in any_rules(), steps in vec(step(market_event()), 1..80)) {
        run(World::new(rules, spot(None), ["20", "3000"]), steps);
    }

    /// The same of contracts, whose balances can be negative.
    #[test]
    fn contracts_are_sound(rules in any_rules(), steps in vec(step(market_event()), 1..80)) {
        run(World::new(rules, perpetual(), ["0", "3000"]), steps);
    }

    /// The same if there is nothing but candles.
    #[test]
    fn candles_are_sound(rules in any_rules(), steps in vec(step(any_candle()), 1..80)) {
        run(World::new(rules, spot(None), ["20", "3000"]), steps);
    }
}
