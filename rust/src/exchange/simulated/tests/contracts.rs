//! Perpetuals and futures: positions, their margin and their profit.

use super::*;

fn world(leverage: &str, quote: &str) -> World {
    let rules = ExchangeRules {
        leverage: decimal(leverage),
        ..rules("0.01", "0.001")
    };
    let mut world = World::new(rules, perpetual(), ["0", quote]);
    world.see(&l1(Some(("100", "50")), Some(("100", "50"))));
    world
}

fn shift(world: &mut World, price: &str) {
    world.see(&l1(Some((price, "50")), Some((price, "50"))));
}

#[test]
fn a_long_is_increased_closed_in_part_and_flipped() {
    let mut world = world("5", "1000");
    // A value of 300, a margin of 60 and a fee of 3.
    assert_eq!(
        world.market(Side::Buy, "3"),
        [
            "quote 997 937",
            "trade 1 of 1: buy 3 at 100 fee 3",
            "1 filled"
        ]
    );
    shift(&mut world, "110");
    // 110 more, 22 of margin.
    assert_eq!(world.market(Side::Buy, "1")[0], "quote 995.9 913.9");
    // 2 of 4 cost 205 and have 41 of margin: a profit of 15, less 2.2.
    assert_eq!(world.market(Side::Sell, "2")[0], "quote 1008.7 967.7");
    shift(&mut world, "90");
    // The other 2 lose 25; 1 is sold short for 90, with 18 of margin; the fee is 2.7.
    assert_eq!(world.market(Side::Sell, "3")[0], "quote 981 963");
    shift(&mut world, "80");
    // Bought back for a profit of 10, less 0.8.
    assert_eq!(
        world.market(Side::Buy, "1"),
        [
            "quote 990.2 990.2",
            "trade 5 of 5: buy 1 at 80 fee 0.8",
            "5 filled"
        ]
    );
}

#[test]
fn quotients_are_cut_and_leave_nothing_behind() {
    let mut world = world("3", "1000");
    // 100 ÷ 3 of margin for each.
    assert_eq!(
        world.market(Side::Sell, "1")[0],
        "quote 999 965.666666666667"
    );
    assert_eq!(
        world.market(Side::Buy, "0.3")[0],
        "quote 998.7 975.366666666666"
    );
    assert_eq!(world.market(Side::Buy, "0.7")[0], "quote 998 998");
}

#[test]
fn margin_is_needed_but_not_for_what_reduces() {
    let mut world = world("2", "153");
    // 150 of margin and 3 of fee.
    assert!(world.market(Side::Buy, "3.1")[0].contains("needs 158.1, free is 153"));
    assert_eq!(world.market(Side::Buy, "3")[0], "quote 150 0");
    shift(&mut world, "40");
    // The loss of 180 is more than there is.
    assert!(world.market(Side::Sell, "3.1")[0].contains("balance insufficient"));
    assert_eq!(
        world.market(Side::Sell, "3"),
        [
            "quote -31.2 -31.2",
            "trade 2 of 4: sell 3 at 40 fee 1.2",
            "4 filled"
        ]
        .map(|text| text.replace("of 4", "of 2"))
    );
    // With nothing free, an order that does nothing may still expire.
    assert_eq!(world.limit_as(Side::Buy, "1", "1", IOC), ["5 expired"]);
    assert!(world.limit(Side::Buy, "1", "0.1")[0].contains("free is -31.2"));
}

#[test]
fn resting_orders_hold_back_margin_and_fee() {
    let mut world = world("4", "100");
    // 90 ÷ 4 and 0.09.
    assert_eq!(
        world.limit(Side::Buy, "90", "1"),
        ["quote 100 77.41", "1 open 1 filled 0"]
    );
    assert_eq!(world.limit(Side::Sell, "120", "1")[0], "quote 100 47.29");
    assert_eq!(
        world.see(&trade(Side::Sell, "80", "0.5")),
        [[
            "quote 99.955 47.29",
            "trade 1 of 1: buy 0.5 at 90 fee 0.045",
            "1 open 1 filled 0.5"
        ]]
    );
    // The sale closes 0.5 with a profit of 15, and opens 0.5 with a margin of 15.
    assert_eq!(
        world.see(&trade(Side::Buy, "130", "9")),
        [[
            "quote 114.835 88.54",
            "trade 2 of 2: sell 1 at 120 fee 0.12",
            "2 filled"
        ]]
    );
    assert_eq!(world.cancel("1", None)[0], "quote 114.835 99.835");
}

#[test]
fn futures_expire() {
    let mut world = World::new(rules("0", "0"), future(at(100)), ["0", "1000"]);
    world.see(&l1(Some(("100", "50")), Some(("101", "50"))));
    world.market(Side::Buy, "1");
    world.limit(Side::Buy, "90", "1");
    world.limit_as(Side::Buy, "90", "1", TimeInForce::GoodUntilEndOfDay);
    assert_eq!(world.exchange.next_end(), Some(100_000_000_000));
    world.now = 100;
    assert_eq!(
        world.market(Side::Sell, "1"),
        ["4 order rejected: instrument InstrumentIndex(0) invalid: the contract has expired"]
    );
    let ended = world.end_orders(100);
    let ended = ended.iter().map(shorts);
    assert_eq!(
        ended.collect::<Vec<_>>(),
        [
            ["quote 1000 809", "2 expired"],
            ["quote 1000 899", "3 expired"]
        ]
    );
    // There is no settlement: what is held stays.
    assert_eq!(world.balances(), "0/0 1000/899");
}

#[test]
fn a_walk_books_each_offer() {
    let mut world = world("10", "100");
    world.see(&book(&[("99", "1"), ("98", "1")], &[]));
    assert_eq!(
        world.market(Side::Sell, "2"),
        [
            "quote 99.01 89.11",
            "trade 1 of 1: sell 1 at 99 fee 0.99",
            "quote 98.03 78.33",
            "trade 2 of 1: sell 1 at 98 fee 0.98",
            "1 filled"
        ]
    );
}
