//! Fees, rebates and reservations of spot fills.

use super::*;

const QUOTED: ([&str; 2], [&str; 2]) = (["9", "50"], ["10", "50"]);

fn quoted(world: &mut World) {
    let ([bid, bids], [ask, asks]) = QUOTED;
    world.see(&l1(Some((bid, bids)), Some((ask, asks))));
}

fn received() -> ExchangeRules {
    ExchangeRules {
        fee_asset: FeeAsset::Received,
        ..rules("0.001", "0.0005")
    }
}

#[test]
fn both_sides_are_booked_with_the_takers_fee() {
    let mut world = World::new(rules("0.001", "0"), spot(None), ["2", "100"]);
    quoted(&mut world);
    assert_eq!(
        world.market(Side::Buy, "3"),
        [
            "base 5 5",
            "quote 69.97 69.97",
            "trade 1 of 1: buy 3 at 10 fee 0.03",
            "1 filled"
        ]
    );
    assert_eq!(
        world.market(Side::Sell, "5"),
        [
            "base 0 0",
            "quote 114.925 114.925",
            "trade 2 of 2: sell 5 at 9 fee 0.045",
            "2 filled"
        ]
    );
}

#[test]
fn fees_can_be_paid_in_what_is_received() {
    let mut world = World::new(received(), spot(None), ["2", "100"]);
    quoted(&mut world);
    // 0.003 of 3 stay with the exchange; they are worth 0.03.
    assert_eq!(
        world.market(Side::Buy, "3"),
        [
            "base 4.997 4.997",
            "quote 70 70",
            "trade 1 of 1: buy 2.997 at 10 fee 0.03",
            "1 filled"
        ]
    );
    assert_eq!(world.filled(1), decimal("3"));
    assert_eq!(
        world.market(Side::Sell, "4.997"),
        [
            "base 0 0",
            "quote 114.928027 114.928027",
            "trade 2 of 2: sell 4.997 at 9 fee 0.044973",
            "2 filled"
        ]
    );
    // A resting buy holds back no fee, and pays the maker's in base.
    assert_eq!(
        world.limit(Side::Buy, "8", "1")[0],
        "quote 114.928027 106.928027"
    );
    assert_eq!(
        world.see(&trade(Side::Sell, "7", "1")),
        [[
            "base 0.9995 0.9995",
            "quote 106.928027 106.928027",
            "trade 3 of 3: buy 0.9995 at 8 fee 0.004",
            "3 filled"
        ]]
    );
}

#[test]
fn a_resting_buy_holds_back_its_value_and_the_makers_fee() {
    let mut world = World::new(rules("0.002", "0.001"), spot(None), ["2", "100"]);
    quoted(&mut world);
    assert_eq!(
        world.limit(Side::Buy, "8", "4"),
        ["quote 100 67.968", "1 open 1 filled 0"]
    );
    assert_eq!(
        world.see(&trade(Side::Sell, "7", "1")),
        [[
            "base 3 3",
            "quote 91.992 67.968",
            "trade 1 of 1: buy 1 at 8 fee 0.008",
            "1 open 1 filled 1"
        ]]
    );
    // What is not held back can be spent, to the last.
    assert_eq!(
        world.limit(Side::Buy, "8", "8.5")[0],
        "2 order rejected: asset AssetIndex(1) balance insufficient: buy of 8.5 binance_spot-btc_usdt needs 68.068, free is 67.968"
    );
    assert_eq!(
        world.cancel("1", None),
        ["quote 91.992 91.992", "cancelled 1 as 1"]
    );
}

#[test]
fn a_resting_sale_holds_back_its_quantity() {
    let mut world = World::new(rules("0.002", "-0.001"), spot(None), ["2", "100"]);
    quoted(&mut world);
    assert_eq!(
        world.limit(Side::Sell, "11", "1.5"),
        ["base 2 0.5", "1 open 1 filled 0"]
    );
    assert!(world.market(Side::Sell, "0.6")[0].contains("needs 0.6, free is 0.5"));
    // The rebate comes on top.
    assert_eq!(
        world.see(&trade(Side::Buy, "12", "9")),
        [[
            "base 0.5 0.5",
            "quote 116.5165 116.5165",
            "trade 1 of 1: sell 1.5 at 11 fee -0.0165",
            "1 filled"
        ]]
    );
    // A rebate is not held back in advance.
    assert_eq!(
        world.limit(Side::Buy, "8", "1")[0],
        "quote 116.5165 108.5165"
    );
}

#[test]
fn what_fills_and_what_rests_are_needed_together() {
    let mut world = World::new(rules("0.01", "0"), spot(None), ["0", "100"]);
    world.see(&l1(Some(("9", "1")), Some(("10", "1"))));
    // 10 and 0.1 of fee, and 9 at 10.
    assert!(world.limit(Side::Buy, "10", "10")[0].contains("needs 100.1, free is 100"));
    assert_eq!(
        world.limit(Side::Buy, "10", "9.99"),
        [
            "base 1 1",
            "quote 89.9 89.9",
            "trade 1 of 2: buy 1 at 10 fee 0.1",
            "quote 89.9 0",
            "2 open 2 filled 1"
        ]
        .map(|text| text.replace("of 2", "of 1").replace("open 2", "open 1"))
    );
    // Of a sale that cannot rest, only what fills is needed.
    world.see(&l1(Some(("9", "1")), Some(("12", "1"))));
    assert_eq!(world.market(Side::Sell, "5")[3], "3 expired");
}

#[test]
fn bookings_are_cut_to_twelve_places() {
    let mut world = World::new(rules("0.0000000000005", "0"), spot(None), ["0", "100"]);
    world.see(&l1(None, Some(("0.3333333333333333", "50"))));
    assert_eq!(
        world.market(Side::Buy, "3"),
        [
            "base 3 3",
            "quote 99.000000000001 99.000000000001",
            "trade 1 of 1: buy 3 at 0.3333333333333333 fee 0",
            "1 filled"
        ]
    );
}
