//! Candles: their path, their volume, and market orders that wait for an open.

use super::*;

fn close_only() -> World {
    let rules = ExchangeRules {
        candle_fills: CandleFills::CloseOnly,
        ..ExchangeRules::DEFAULT
    };
    World::new(rules, spot(None), ["1000", "1000"])
}

fn next_open() -> World {
    let rules = ExchangeRules {
        candle_price: CandlePrice::NextOpen,
        ..ExchangeRules::DEFAULT
    };
    World::new(rules, spot(None), ["1000", "1000"])
}

/// Sends a market order that waits.
fn wait(world: &mut World, side: Side, quantity: &str) {
    let request = world.request(side, "7", quantity, OrderKind::Market, IOC);
    let request = ExchangeRequest::Open(OrderIndex(world.sent as usize), request, None);
    assert!(world.submit(request).is_none());
}

#[test]
fn the_nearer_extreme_comes_first() {
    let path = |prices| match candle(prices, "1") {
        MarketKind::Candle(candle) => candle.path(),
        other => panic!("{other:?}"),
    };
    for (prices, expected) in [
        (["10", "12", "7", "8"], ["10", "12", "7", "8"]),
        (["10", "14", "9", "13"], ["10", "9", "14", "13"]),
        (["10", "12", "8", "9"], ["10", "8", "12", "9"]),
        (["10", "10", "9", "9"], ["10", "10", "9", "9"]),
    ] {
        assert_eq!(path(prices), expected.map(decimal), "{prices:?}");
    }
}

#[test]
fn orders_are_filled_at_their_limits_in_the_order_of_the_path() {
    let mut world = World::plain();
    world.see(&candle(["20", "20", "20", "20"], "9"));
    for (side, price) in [
        (Side::Buy, "15"),
        (Side::Buy, "18"),
        (Side::Sell, "24"),
        (Side::Sell, "22"),
        (Side::Buy, "14"),
    ] {
        world.limit(side, price, "1");
    }
    // The high is nearer: both sales, then the purchases, of which one is at the low itself.
    assert_eq!(
        fills(&world.see(&candle(["21", "24", "15", "16"], "9"))),
        ["4 1@22", "3 1@24", "2 1@18", "1 1@15"]
    );
    assert_eq!(world.open(), "5:1");
    // An open past the limit does not make the price better.
    assert_eq!(
        fills(&world.see(&candle(["10", "11", "9", "10"], "9"))),
        ["5 1@14"]
    );
}

#[test]
fn orders_share_the_volume_and_leave_the_rest_at_the_close() {
    let mut world = World::plain();
    world.see(&candle(["20", "20", "20", "20"], "9"));
    world.limit(Side::Buy, "18", "4");
    world.limit(Side::Sell, "22", "4");
    world.limit(Side::Buy, "17", "4");
    assert_eq!(
        fills(&world.see(&candle(["20", "21", "16", "21"], "5"))),
        ["1 4@18", "3 1@17"]
    );
    let sale = world.market(Side::Sell, "1");
    assert!(
        sale.iter().any(|event| event.ends_with("expired")),
        "{sale:?}"
    );
    assert_eq!(
        fills(&world.see(&candle(["20", "22", "20", "21"], "5"))),
        ["2 4@22"]
    );
    let purchase = world.market(Side::Buy, "3");
    assert!(
        purchase.iter().any(|event| event.contains("1 at 21")),
        "{purchase:?}"
    );
    assert_eq!(world.open(), "3:3");
}

#[test]
fn infinite_liquidity_fills_all_that_the_path_reaches() {
    let rules = ExchangeRules {
        liquidity: Liquidity::Infinite,
        ..ExchangeRules::DEFAULT
    };
    let mut world = World::new(rules, spot(None), ["1000", "1000"]);
    world.see(&candle(["20", "20", "20", "20"], "0"));
    world.limit(Side::Buy, "18", "4");
    world.limit(Side::Sell, "22", "4");
    assert_eq!(
        fills(&world.see(&candle(["20", "22", "18", "19"], "0"))),
        ["1 4@18", "2 4@22"]
    );
}

#[test]
fn only_the_close_counts_with_close_only() {
    let mut world = close_only();
    world.see(&candle(["20", "20", "20", "20"], "1"));
    world.limit(Side::Buy, "12", "5");
    world.limit(Side::Sell, "30", "5");
    assert!(world.see(&candle(["13", "40", "1", "13"], "9")).is_empty());
    for _ in 0..2 {
        assert_eq!(
            fills(&world.see(&candle(["13", "40", "1", "12"], "2"))),
            ["1 2@12"]
        );
    }
}

#[test]
fn a_candle_changes_nothing_beside_trades_or_if_it_is_old() {
    let mut world = World::plain();
    world.now = 2;
    world.see(&candle(["20", "20", "20", "20"], "1"));
    world.limit(Side::Buy, "12", "5");
    world.now = 1;
    assert!(world.see(&candle(["20", "20", "1", "1"], "9")).is_empty());
    world.now = 2;
    world.see(&trade(Side::Buy, "20", "1"));
    assert!(world.see(&candle(["20", "20", "1", "1"], "9")).is_empty());
}

#[test]
fn market_orders_wait_for_the_next_open_and_come_before_resting_orders() {
    let mut world = next_open();
    world.see(&candle(["20", "20", "20", "20"], "9"));
    world.limit(Side::Buy, "21.5", "1");
    assert_eq!(world.open(), "");
    world.limit(Side::Buy, "19", "2");
    wait(&mut world, Side::Sell, "1");
    wait(&mut world, Side::Buy, "2");
    let seen = world.see(&candle(["18", "19", "17", "18"], "4"));
    assert_eq!(seen[0][2], "trade 2 of 3: sell 1 at 18 fee 0");
    assert_eq!(seen[1][2], "trade 3 of 4: buy 2 at 18 fee 0");
    // Of the volume one is left for the order that rests.
    assert_eq!(fills(&seen[2..]), ["2 1@19"]);
    assert!(world.see(&candle(["30", "30", "30", "30"], "4")).is_empty());
}

#[test]
fn waiting_orders_are_decided_by_what_the_market_shows_then() {
    let mut world = next_open();
    world.see(&candle(["20", "20", "20", "20"], "9"));
    wait(&mut world, Side::Buy, "100");
    let refused = world.see(&candle(["30", "30", "30", "30"], "900"));
    assert!(refused[0][0].contains("needs 3000"), "{refused:?}");
    wait(&mut world, Side::Buy, "1");
    let seen = world.see(&l1(Some(("24", "5")), Some(("25", "5"))));
    assert_eq!(seen[0][2], "trade 1 of 1: buy 1 at 25 fee 0");
    world.see(&l1_at(1, None, None));
    // Nothing comes after the end of the history.
    wait(&mut world, Side::Buy, "1");
    assert_eq!(world.exchange.instruments_waiting(), [InstrumentIndex(0)]);
    world.exchange.end_history();
    let decided = world.decide_waiting();
    assert_eq!(shorts(&decided[0])[2], "trade 2 of 2: buy 1 at 30 fee 0");
    assert_eq!(
        world.market(Side::Buy, "1")[2],
        "trade 3 of 3: buy 1 at 30 fee 0"
    );
}

#[test]
fn a_cancel_ends_an_order_that_waits() {
    let mut world = next_open();
    world.see(&candle(["20", "20", "20", "20"], "9"));
    wait(&mut world, Side::Buy, "1");
    assert_eq!(world.cancel("1", None), ["cancelled 1 as 1"]);
    assert!(world.cancel("1", None)[0].contains("already cancelled"));
    assert!(world.see(&candle(["20", "20", "20", "20"], "9")).is_empty());
    assert_eq!(world.balances(), "1000/1000 1000/1000");
}
