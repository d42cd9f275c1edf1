//! Orders that arrive: what they take, and why they are refused.

use super::*;

pub fn spec() -> InstrumentSpec<AssetIndex> {
    InstrumentSpec {
        price: InstrumentSpecPrice {
            min: decimal("1"),
            tick_size: decimal("0.5"),
        },
        quantity: InstrumentSpecQuantity {
            unit: OrderQuantityUnits::Asset(BASE),
            min: decimal("0.1"),
            increment: decimal("0.1"),
        },
        notional: InstrumentSpecNotional { min: decimal("5") },
    }
}

#[test]
fn a_market_order_walks_the_levels() {
    let mut world = World::plain();
    world.see(&book(
        &[("9", "1")],
        &[("10", "1"), ("11", "2"), ("12", "5")],
    ));
    assert_eq!(
        world.market(Side::Buy, "4"),
        [
            "base 1001 1001",
            "quote 990 990",
            "trade 1 of 1: buy 1 at 10 fee 0",
            "base 1003 1003",
            "quote 968 968",
            "trade 2 of 1: buy 2 at 11 fee 0",
            "base 1004 1004",
            "quote 956 956",
            "trade 3 of 1: buy 1 at 12 fee 0",
            "1 filled"
        ]
    );
    // What was taken is gone, and what is left of an order expires.
    assert_eq!(
        world.market(Side::Buy, "5")[2..],
        ["trade 4 of 2: buy 4 at 12 fee 0", "2 expired"]
    );
    assert_eq!(world.market(Side::Buy, "1"), ["3 expired"]);
    assert_eq!(world.filled(2), decimal("4"));
}

#[test]
fn what_is_taken_comes_back_with_another_amount() {
    let mut world = World::plain();
    world.see(&book(&[("9", "1")], &[("10", "1"), ("11", "2")]));
    world.market(Side::Buy, "2");
    // 10 has nothing left and 11 has 1. The same amounts: they stay taken.
    world.see(&update(&[("9", "7")], &[("10", "1")]));
    assert_eq!(
        world.market(Side::Buy, "2")[2..],
        ["trade 3 of 2: buy 1 at 11 fee 0", "2 expired"]
    );
    // Another amount at 10; 11 stays.
    world.see(&update(&[], &[("10", "3")]));
    assert_eq!(
        world.market(Side::Buy, "9")[2..],
        ["trade 4 of 3: buy 3 at 10 fee 0", "3 expired"]
    );
    // 11 is gone once, and then back with the same amount.
    world.see(&update(&[], &[("11", "0")]));
    world.see(&update(&[], &[("11", "2")]));
    assert_eq!(
        world.market(Side::Buy, "9")[2..],
        ["trade 5 of 4: buy 2 at 11 fee 0", "4 expired"]
    );
    assert!(world.exchange.is_watching(InstrumentIndex(0)));
    world.see(&book(&[("9", "1")], &[]));
    assert!(!world.exchange.is_watching(InstrumentIndex(0)));
}

#[test]
fn an_l1_hides_what_the_book_has_at_its_price_or_better() {
    let mut world = World::plain();
    world.see(&book(
        &[("9", "1")],
        &[("10", "1"), ("11", "2"), ("12", "3")],
    ));
    world.see(&l1(Some(("9", "1")), Some(("11", "5"))));
    assert_eq!(
        world.market(Side::Buy, "100"),
        [
            "base 1005 1005",
            "quote 945 945",
            "trade 1 of 1: buy 5 at 11 fee 0",
            "base 1008 1008",
            "quote 909 909",
            "trade 2 of 1: buy 3 at 12 fee 0",
            "1 expired"
        ]
    );
    // Without that side there is no offer, whatever the book has.
    world.see(&l1(Some(("9", "1")), None));
    assert_eq!(
        world.market(Side::Buy, "1"),
        ["2 order rejected: order rejected: no price of binance_spot-btc_usdt to buy at is known"]
    );
}

#[test]
fn the_last_trade_is_one_offer_to_both_sides() {
    let mut world = World::plain();
    world.see(&trade(Side::Buy, "10", "3"));
    assert_eq!(
        world.market(Side::Buy, "2")[2..],
        ["trade 1 of 1: buy 2 at 10 fee 0", "1 filled"]
    );
    assert_eq!(
        world.market(Side::Sell, "2")[2..],
        ["trade 2 of 2: sell 1 at 10 fee 0", "2 expired"]
    );
    world.see(&trade(Side::Buy, "10", "3"));
    assert_eq!(
        world.market(Side::Sell, "2")[2..],
        ["trade 3 of 3: sell 2 at 10 fee 0", "3 filled"]
    );
    // A quote ends it, and its end brings all back.
    world.see(&l1(Some(("10", "3")), Some(("10", "3"))));
    assert_eq!(
        world.market(Side::Sell, "3")[2..],
        ["trade 4 of 4: sell 3 at 10 fee 0", "4 filled"]
    );
    world.see(&l1(None, None));
    assert_eq!(
        world.market(Side::Sell, "3")[2..],
        ["trade 5 of 5: sell 3 at 10 fee 0", "5 filled"]
    );
}

#[test]
fn infinite_liquidity_fills_all_at_the_best_price_again_and_again() {
    let rules = ExchangeRules {
        liquidity: Liquidity::Infinite,
        ..ExchangeRules::DEFAULT
    };
    let mut world = World::new(rules, spot(None), ["1000", "1000"]);
    world.see(&book(&[("9", "1")], &[("10", "0.1"), ("11", "2")]));
    for number in 1..=2 {
        assert_eq!(
            world.market_as(Side::Buy, "40", TimeInForce::FillOrKill)[2..],
            [
                format!("trade {number} of {number}: buy 40 at 10 fee 0"),
                format!("{number} filled")
            ]
        );
    }
    assert!(!world.exchange.is_watching(InstrumentIndex(0)));
}

#[test]
fn a_requested_price_takes_nothing() {
    let mut world = World::filled_at(
        FillPrice::Requested,
        rules("0.001", "0"),
        spot(None),
        ["2", "100"],
    );
    assert_eq!(
        world.market(Side::Buy, "1"),
        [
            "base 3 3",
            "quote 92.993 92.993",
            "trade 1 of 1: buy 1 at 7 fee 0.007",
            "1 filled"
        ]
    );
    assert!(!world.exchange.is_watching(InstrumentIndex(0)));
    let request = world.request(Side::Buy, "0", "1", OrderKind::Market, IOC);
    assert_eq!(
        world.send(request),
        ["2 order rejected: order rejected: the price of the fill must be positive, it is 0"]
    );
}

#[test]
fn what_is_left_of_a_limit_order_is_by_its_time_in_force() {
    for (time_in_force, expected) in [
        (IOC, "1 expired"),
        (TimeInForce::FillOrKill, "1 expired"),
        (GTC, "1 open 1 filled 1"),
        (TimeInForce::GoodUntilEndOfDay, "1 open 1 filled 1"),
    ] {
        let mut world = World::plain();
        world.see(&book(&[("9", "1")], &[("10", "1"), ("11", "2")]));
        let answer = world.limit_as(Side::Buy, "10.5", "2", time_in_force);
        assert_eq!(answer.last().map(String::as_str), Some(expected));
        // Whole or not at all.
        let is_killed = time_in_force == TimeInForce::FillOrKill;
        assert_eq!(answer.len() == 1, is_killed, "{answer:?}");
    }
    let mut world = World::plain();
    world.see(&book(&[("9", "1")], &[("10", "1"), ("11", "2")]));
    assert_eq!(
        world.limit_as(Side::Buy, "11", "2", TimeInForce::FillOrKill)[2..],
        [
            "trade 1 of 1: buy 1 at 10 fee 0",
            "base 1002 1002",
            "quote 979 979",
            "trade 2 of 1: buy 1 at 11 fee 0",
            "1 filled"
        ]
    );
}

#[test]
fn an_order_of_a_day_ends_with_it() {
    let mut world = World::plain();
    world.see(&l1(Some(("9", "1")), Some(("10", "1"))));
    world.limit_as(Side::Buy, "10.5", "2", TimeInForce::GoodUntilEndOfDay);
    world.limit(Side::Buy, "8", "1");
    assert_eq!(world.balances(), "1001/1001 990/971.5");
    assert_eq!(world.exchange.next_end(), Some(86_400_000_000_000));
    assert!(world.end_orders(86_399).is_empty());
    let ended = world.end_orders(86_400);
    assert_eq!(ended.len(), 1);
    assert_eq!(shorts(&ended[0]), ["quote 990 982", "1 expired"]);
    assert_eq!(world.exchange.next_end(), None);
    assert_eq!(world.open(), "2:1");
}

#[test]
fn refusals_have_their_texts() {
    let mut world = World::new(ExchangeRules::DEFAULT, spot(Some(spec())), ["1", "100"]);
    world.see(&l1(Some(("9", "50")), Some(("10", "50"))));
    let whole = |text: &str| format!("order rejected: order rejected: {text}");
    for (side, kind, price, quantity, time_in_force, expected) in [
        (Side::Buy, OrderKind::Market, "1", "1", POST_ONLY, whole("a market order cannot be post-only")),
        (Side::Buy, OrderKind::Limit, "9", "0.1000000000001", GTC, whole("quantity 0.1000000000001 has more than 12 decimal places")),
        (Side::Buy, OrderKind::Limit, "9", "0.09", GTC, whole("quantity 0.09 is below the minimum 0.1")),
        (Side::Buy, OrderKind::Limit, "9", "0.15", GTC, whole("quantity 0.15 is not a multiple of 0.1")),
        (Side::Buy, OrderKind::Limit, "0", "1", GTC, whole("the limit price must be positive, it is 0")),
        (Side::Buy, OrderKind::Limit, "0.5", "1", GTC, whole("price 0.5 is below the minimum 1")),
        (Side::Buy, OrderKind::Limit, "9.2", "1", GTC, whole("price 9.2 is not a multiple of 0.5")),
        (Side::Buy, OrderKind::Limit, "10", "100000000000000", GTC, whole("the value of 100000000000000 at 10 is too large")),
        // A sale at 9, though its limit is 1.
        (Side::Sell, OrderKind::Limit, "1", "150000000000000", GTC, whole("the value of 150000000000000 at 9 is too large")),
        (Side::Buy, OrderKind::Limit, "9", "0.5", GTC, whole("notional 4.5 is below the minimum 5")),
        (Side::Buy, OrderKind::Market, "9", "0.4", GTC, whole("notional 4 is below the minimum 5")),
        (Side::Buy, OrderKind::Limit, "10", "1", POST_ONLY, whole("post-only: the order would take liquidity")),
        (Side::Sell, OrderKind::Limit, "8", "1", POST_ONLY, whole("post-only: the order would take liquidity")),
        (Side::Buy, OrderKind::Limit, "9", "11.2", GTC, "order rejected: asset AssetIndex(1) balance insufficient: buy of 11.2 binance_spot-btc_usdt needs 100.8, free is 100".to_owned()),
        (Side::Sell, OrderKind::Market, "9", "1.1", IOC, "order rejected: asset AssetIndex(0) balance insufficient: sell of 1.1 binance_spot-btc_usdt needs 1.1, free is 1".to_owned()),
    ] {
        let request = world.request(side, price, quantity, kind, time_in_force);
        let cid = request.key.cid.clone();
        let answer = world.send(request);
        assert_eq!(answer, [format!("{cid} {expected}")]);
        assert_eq!(world.balances(), "1/1 100/100");
    }
    assert_eq!(
        world.limit_as(Side::Buy, "9.5", "1", POST_ONLY),
        ["quote 100 90.5", "16 open 1 filled 0"]
    );
}

#[test]
fn a_post_only_order_rests_where_nothing_is_left() {
    let mut world = World::plain();
    world.see(&l1(Some(("9", "5")), Some(("10", "5"))));
    world.market(Side::Buy, "5");
    assert_eq!(
        world.limit_as(Side::Buy, "10", "1", POST_ONLY),
        ["quote 950 940", "2 open 2 filled 0"]
    );
}

#[test]
fn a_client_order_id_is_free_again_after_the_orders_end() {
    let mut world = World::plain();
    world.see(&l1(Some(("9", "5")), Some(("10", "5"))));
    world.limit(Side::Buy, "9", "1");
    world.sent = 0;
    assert_eq!(
        world.limit(Side::Buy, "9", "1"),
        ["1 order rejected: order rejected: the client order id 1 is in use"]
    );
    // The refused one does not hide the open one.
    assert_eq!(world.cancel("1", None)[1], "cancelled 1 as 1");
    world.sent = 0;
    assert_eq!(world.limit(Side::Buy, "9", "1")[1], "1 open 2 filled 0");
}

#[test]
fn the_rate_limit_counts_the_requests_that_it_admits() {
    let rules = ExchangeRules {
        rate_limit: Some(RateLimit {
            requests: 2,
            interval: 1_000_000_000,
        }),
        ..ExchangeRules::DEFAULT
    };
    let mut world = World::new(rules, spot(None), ["1", "100"]);
    let limited = "rate limit exceeded";
    // A refusal by a later rule counts, and a cancel.
    assert!(world.market(Side::Buy, "1")[0].contains("no price"));
    assert!(world.cancel("1", None)[0].contains("was refused"));
    assert!(world.market(Side::Buy, "1")[0].contains(limited));
    assert!(world.cancel("1", None)[0].contains(limited));
    // Exactly the interval later it still counts; what was refused does not.
    world.now = 1;
    assert!(world.market(Side::Buy, "1")[0].contains(limited));
    world.now = 2;
    assert!(world.market(Side::Buy, "1")[0].contains("no price"));
    assert!(world.cancel("1", None)[0].contains("was refused"));
    assert!(world.market(Side::Buy, "1")[0].contains(limited));
}
