//! Resting orders, matched with offers and trades.

use super::*;

#[test]
fn orders_get_what_offers_at_their_limit_have() {
    let mut world = World::plain();
    world.see(&l1(Some(("9", "5")), Some(("20", "5"))));
    world.limit(Side::Buy, "11", "1");
    world.limit(Side::Buy, "12", "2");
    world.limit(Side::Buy, "12", "3");
    // The best price first, then the longest rest; at the limit, not at the offer.
    assert_eq!(
        world.see(&l1(Some(("9", "5")), Some(("11", "4.5")))),
        [
            vec![
                "base 1002 1002",
                "quote 976 929",
                "trade 1 of 2: buy 2 at 12 fee 0",
                "2 filled"
            ],
            vec![
                "base 1004.5 1004.5",
                "quote 946 929",
                "trade 2 of 3: buy 2.5 at 12 fee 0",
                "3 open 3 filled 2.5"
            ],
        ]
    );
    // The same amount again is taken; another amount is not.
    assert!(
        world
            .see(&l1(Some(("9", "6")), Some(("11", "4.5"))))
            .is_empty()
    );
    assert_eq!(
        fills(&world.see(&l1(Some(("9", "6")), Some(("11", "1"))))),
        ["3 0.5@12", "1 0.5@11"]
    );
    assert_eq!(world.open(), "1:0.5");
    // What resting orders have taken, an arriving one does not find.
    assert_eq!(world.market(Side::Buy, "1"), ["4 expired"]);
}

#[test]
fn books_fill_both_sides() {
    let mut world = World::plain();
    world.see(&book(&[("9", "1")], &[("20", "1")]));
    world.limit(Side::Buy, "12", "5");
    world.limit(Side::Sell, "13", "5");
    assert_eq!(
        fills(&world.see(&book(
            &[("9", "1")],
            &[("10", "1"), ("12", "1"), ("12.5", "9")]
        ))),
        ["1 2@12"]
    );
    assert_eq!(
        fills(&world.see(&update(&[], &[("12", "1"), ("11", "0.5")]))),
        ["1 0.5@12"]
    );
    assert_eq!(
        fills(&world.see(&book(
            &[("15", "1"), ("13", "2"), ("12", "9")],
            &[("20", "1")]
        ))),
        ["2 3@13"]
    );
}

#[test]
fn a_crossed_book_fills_nobody_on_its_wrong_side() {
    let mut world = World::plain();
    world.see(&book(&[("9", "1")], &[("20", "1")]));
    world.limit(Side::Buy, "12", "5");
    world.limit(Side::Sell, "13", "5");
    // All bids are above the best ask, and all asks below the best bid.
    let crossed = book(
        &[("15", "1"), ("13", "2"), ("12", "9")],
        &[("10", "1"), ("12", "1"), ("12.5", "9")],
    );
    assert!(fills(&world.see(&crossed)).is_empty());
    // Without the bids above 12 the asks of 12 and more are offers again.
    assert_eq!(
        fills(&world.see(&update(&[("15", "0"), ("13", "0")], &[("10", "0")]))),
        ["1 1@12"]
    );
}

#[test]
fn a_trade_past_several_orders_is_shared() {
    let mut world = World::plain();
    world.see(&l1(Some(("9", "5")), Some(("20", "5"))));
    world.limit(Side::Buy, "8", "2");
    world.limit(Side::Buy, "8.5", "2");
    world.limit(Side::Buy, "7", "2");
    let answers = world.see(&trade(Side::Sell, "7", "3"));
    assert_eq!(fills(&answers), ["2 2@8.5", "1 1@8"]);
    assert_eq!(answers.len(), 2);
    assert_eq!(answers[1][3], "1 open 1 filled 1");
    world.limit(Side::Sell, "21", "1");
    world.limit(Side::Sell, "21", "1");
    assert_eq!(
        fills(&world.see(&trade(Side::Buy, "22", "1.5"))),
        ["4 1@21", "5 0.5@21"]
    );
}

#[test]
fn a_trade_shows_the_side_that_it_took_from() {
    let mut world = World::plain();
    world.see(&l1(Some(("9", "5")), Some(("20", "5"))));
    world.limit(Side::Buy, "8", "2");
    world.limit(Side::Sell, "21", "2");
    assert!(world.see(&trade(Side::Buy, "7", "3")).is_empty());
    assert!(world.see(&trade(Side::Sell, "22", "3")).is_empty());
    // Without quotes, of both: first the buys, then the sells, then by its side those at its price.
    let mut world = World::queued(QueuePosition::Front);
    world.see(&trade(Side::Buy, "10", "1"));
    world.limit(Side::Buy, "9", "2");
    world.limit(Side::Sell, "12", "2");
    world.limit(Side::Sell, "11", "2");
    assert_eq!(fills(&world.see(&trade(Side::Sell, "8", "1"))), ["1 1@9"]);
    assert_eq!(fills(&world.see(&trade(Side::Sell, "12", "1"))), ["3 1@11"]);
    assert_eq!(
        fills(&world.see(&trade(Side::Buy, "12", "2.5"))),
        ["3 1@11", "2 1.5@12"]
    );
    assert_eq!(fills(&world.see(&trade(Side::Buy, "8", "2"))), ["1 1@9"]);
}

#[test]
fn infinite_liquidity_gives_all_past_a_trade_or_an_offer() {
    let rules = ExchangeRules {
        liquidity: Liquidity::Infinite,
        ..ExchangeRules::DEFAULT
    };
    let mut world = World::new(rules, spot(None), ["1000", "1000"]);
    world.see(&l1(Some(("9", "5")), Some(("20", "5"))));
    world.limit(Side::Buy, "9", "20");
    world.limit(Side::Buy, "10", "3");
    world.limit(Side::Buy, "11", "4");
    assert_eq!(
        fills(&world.see(&trade(Side::Sell, "9", "5"))),
        ["3 4@11", "2 3@10"]
    );
    // 5 were ahead, and the trade before has taken them.
    assert_eq!(
        fills(&world.see(&trade(Side::Sell, "9", "0.1"))),
        ["1 20@9"]
    );
    world.limit(Side::Buy, "10", "3");
    assert_eq!(fills(&world.see(&l1(None, Some(("10", "0"))))), ["4 3@10"]);
}

#[test]
fn at_the_front_every_trade_at_the_price_fills() {
    let mut world = World::queued(QueuePosition::Front);
    world.see(&l1(Some(("9", "5")), Some(("20", "5"))));
    world.limit(Side::Buy, "9", "2");
    // The side that takes must be the other one.
    assert!(world.see(&trade(Side::Buy, "9", "1")).is_empty());
    assert_eq!(fills(&world.see(&trade(Side::Sell, "9", "1"))), ["1 1@9"]);
}

#[test]
fn at_the_back_what_was_there_comes_first() {
    let mut world = World::queued(QueuePosition::Back);
    world.see(&l1(Some(("9", "5")), Some(("20", "5"))));
    world.limit(Side::Buy, "9", "2");
    world.limit(Side::Buy, "9", "2");
    assert!(world.see(&trade(Side::Sell, "9", "4")).is_empty());
    // 1 is ahead of both: the first gets 2 of 3.5, and of the 1.5 that are left the second 0.5.
    assert_eq!(
        fills(&world.see(&trade(Side::Sell, "9", "3.5"))),
        ["1 2@9", "2 0.5@9"]
    );
    assert_eq!(fills(&world.see(&trade(Side::Sell, "9", "1"))), ["2 1@9"]);
    // Shown anew with less: who has cancelled was behind, but no more is ahead than is there.
    world.see(&l1(Some(("9", "6")), Some(("20", "5"))));
    world.limit(Side::Buy, "9", "2");
    world.see(&l1(Some(("9", "6")), Some(("20", "4"))));
    world.see(&l1(Some(("9", "3")), Some(("20", "5"))));
    assert_eq!(
        fills(&world.see(&trade(Side::Sell, "9", "4"))),
        ["2 0.5@9", "3 0.5@9"]
    );
}

#[test]
fn cancels_move_an_order_up_in_proportion() {
    let mut world = World::queued(QueuePosition::Proportional);
    world.see(&l1(Some(("9", "10")), Some(("20", "5"))));
    world.limit(Side::Buy, "9", "100");
    // 4 of 10 are traded and 2 come behind: 6 are ahead of 8 that should be shown.
    world.see(&trade(Side::Sell, "9", "4"));
    world.see(&l1(Some(("9", "8")), Some(("20", "5"))));
    // 8 are shown, 6 of them ahead; a quarter is cancelled, and of those a quarter was ahead.
    world.see(&l1(Some(("9", "6")), Some(("20", "5"))));
    assert_eq!(fills(&world.see(&trade(Side::Sell, "9", "5"))), ["1 0.5@9"]);
    // Nothing is ahead any more, whatever is shown.
    world.see(&l1(Some(("9", "50")), Some(("20", "5"))));
    assert_eq!(fills(&world.see(&trade(Side::Sell, "9", "1"))), ["1 1@9"]);
}

#[test]
fn a_share_of_the_queue_is_cut() {
    let mut world = World::queued(QueuePosition::Proportional);
    world.see(&l1(Some(("9", "3")), Some(("20", "5"))));
    world.limit(Side::Buy, "9", "100");
    world.see(&l1(Some(("9", "7")), Some(("20", "5"))));
    world.see(&l1(Some(("9", "2")), Some(("20", "5"))));
    // 3 × 2 ÷ 7 are ahead.
    assert_eq!(
        fills(&world.see(&trade(Side::Sell, "9", "1"))),
        ["1 0.142857142858@9"]
    );
}

#[test]
fn the_same_amount_shown_again_changes_nothing() {
    let mut world = World::queued(QueuePosition::Proportional);
    world.see(&l1(Some(("9", "10")), Some(("20", "5"))));
    world.limit(Side::Buy, "9", "100");
    world.see(&trade(Side::Sell, "9", "4"));
    // It shows a change of the other side: the trade is still to be taken off.
    world.see(&l1(Some(("9", "10")), Some(("20", "6"))));
    world.see(&l1(Some(("9", "6")), Some(("20", "6"))));
    assert_eq!(
        fills(&world.see(&trade(Side::Sell, "9", "6.5"))),
        ["1 0.5@9"]
    );
}

#[test]
fn in_the_queue_an_order_gets_whole_steps() {
    let mut spec = arrival::spec();
    spec.notional.min = Decimal::ZERO;
    let mut world = World::new(ExchangeRules::DEFAULT, spot(Some(spec)), ["1000", "1000"]);
    world.see(&l1(Some(("9", "0.25")), Some(("20", "5"))));
    world.limit(Side::Buy, "9", "0.3");
    world.limit(Side::Buy, "9", "0.3");
    // 0.37 is more than what was ahead: 0.3 are whole steps, and 0.32 are left for the next.
    assert!(world.see(&trade(Side::Sell, "9", "0.3")).is_empty());
    assert_eq!(
        fills(&world.see(&trade(Side::Sell, "9", "0.57"))),
        ["1 0.3@9", "2 0.2@9"]
    );
    // Past a trade, all of it can be had.
    assert_eq!(
        fills(&world.see(&trade(Side::Sell, "8", "0.05"))),
        ["2 0.05@9"]
    );
    // What is left of an order can be had, even if that is less than a step.
    assert_eq!(
        fills(&world.see(&trade(Side::Sell, "9", "1"))),
        ["2 0.05@9"]
    );
}

#[test]
fn a_better_price_than_the_best_has_nobody_ahead() {
    let mut world = World::plain();
    world.see(&l1(Some(("9", "5")), Some(("20", "5"))));
    world.limit(Side::Buy, "9.5", "1");
    assert_eq!(
        fills(&world.see(&trade(Side::Sell, "9.5", "1"))),
        ["1 1@9.5"]
    );
    // A side without a level shows nothing there, and the best that falls away leaves the price.
    world.limit(Side::Buy, "9", "1");
    world.see(&l1(None, Some(("20", "5"))));
    assert_eq!(fills(&world.see(&trade(Side::Sell, "9", "1"))), ["2 1@9"]);
    world.limit(Side::Sell, "20", "1");
    world.see(&l1(Some(("9", "5")), Some(("21", "5"))));
    assert_eq!(fills(&world.see(&trade(Side::Buy, "20", "1"))), ["3 1@20"]);
}

#[test]
fn what_is_not_known_to_be_ahead_does_not_fill() {
    let mut world = World::plain();
    world.see(&l1(Some(("9", "5")), Some(("20", "5"))));
    world.limit(Side::Buy, "8", "2");
    assert!(world.see(&trade(Side::Sell, "8", "100")).is_empty());
    world.see(&l1(Some(("8", "3")), Some(("20", "5"))));
    assert_eq!(fills(&world.see(&trade(Side::Sell, "8", "4"))), ["1 1@8"]);
    // Past it, nothing is ahead.
    world.limit(Side::Buy, "7", "2");
    assert_eq!(
        fills(&world.see(&trade(Side::Sell, "6", "4"))),
        ["1 1@8", "2 2@7"]
    );
}

#[test]
fn the_book_shows_prices_below_the_best() {
    let mut world = World::plain();
    world.see(&book(&[("9", "1"), ("8", "4")], &[("20", "1")]));
    world.limit(Side::Buy, "8", "10");
    world.limit(Side::Buy, "7", "10");
    // 7 has no level: nobody is ahead there.
    assert_eq!(
        fills(&world.see(&trade(Side::Sell, "7", "10.5"))),
        ["1 10@8", "2 0.5@7"]
    );
    world.limit(Side::Buy, "8", "10");
    world.see(&update(&[("8", "3")], &[]));
    assert_eq!(fills(&world.see(&trade(Side::Sell, "8", "4"))), ["3 1@8"]);
    world.limit(Side::Buy, "8", "10");
    // An event about another price leaves 3 ahead of the new one; a snapshot shows 8 anew.
    world.see(&update(&[("9", "2")], &[]));
    world.see(&book(&[("9", "1"), ("8", "2")], &[("20", "1")]));
    assert_eq!(
        fills(&world.see(&trade(Side::Sell, "8", "11.5"))),
        ["3 9@8", "4 0.5@8"]
    );
    world.limit(Side::Buy, "8.5", "1");
    world.limit(Side::Buy, "9", "1");
    // The best falls to 8: 9 and 8.5 are better, and free.
    world.see(&update(&[("9", "0")], &[]));
    assert_eq!(fills(&world.see(&trade(Side::Sell, "9", "1"))), ["6 1@9"]);
}

#[test]
fn an_l1_that_is_older_than_what_is_known_does_nothing() {
    let mut world = World::queued(QueuePosition::Proportional);
    world.see(&l1_at(10, Some(("9", "5")), Some(("20", "5"))));
    world.limit(Side::Buy, "9", "5");
    assert!(
        world
            .see(&l1_at(9, Some(("9", "1")), Some(("8", "5"))))
            .is_empty()
    );
    assert!(world.see(&trade(Side::Sell, "9", "5")).is_empty());
    assert_eq!(fills(&world.see(&trade(Side::Sell, "9", "1"))), ["1 1@9"]);
}

#[test]
fn other_instruments_and_liquidations_change_nothing() {
    let mut world = World::plain();
    world.see(&l1(Some(("9", "5")), Some(("20", "5"))));
    world.limit(Side::Buy, "10", "5");
    let liquidation = MarketKind::Liquidation(crate::data::LiquidationTick {
        side: Side::Sell,
        price: decimal("1"),
        quantity: decimal("100"),
        time: at(0),
    });
    assert!(world.see(&liquidation).is_empty());
    assert!(!world.exchange.is_watching(InstrumentIndex(1)));
}
