"""The model of `docs/exchange.md` against figures that were worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from models.account import Rules, Spec
from models.bench import SPOT, Bench, at, bar, book, fills, l1, number, pairs, trade
from models.market import (
    cut,
)
from models.order import (
    IMMEDIATE_OR_CANCEL,
    BalanceTold,
    Cancel,
    CancelTold,
    Fill,
    OrderTold,
    plain,
)
from models.wire import (
    Constant,
    Draws,
    Empirical,
    Uniform,
)


def test_numbers_are_cut_towards_zero_and_written_plainly() -> None:
    assert cut(Fraction(2, 3)) == number("0.666666666666")
    assert cut(-Fraction(2, 3)) == number("-0.666666666666")
    assert [plain(number(text)) for text in ("-0.050", "12", "3.10")] == ["-0.05", "12", "3.1"]


def test_split_mix_gives_the_published_sequence() -> None:
    draws = Draws(Uniform(0, 0, 1234567))
    assert [draws.split_mix() for _ in range(3)] == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
    ]


def test_latencies_are_drawn_evenly() -> None:
    first = 6457827717110365317
    assert Draws(Uniform(10, 19, 1234567)).next() == 10 + first * 10 // 2**64 == 13
    assert Draws(Empirical([7, 8, 9], 1234567)).next() == 8
    assert Draws(Constant(5)).next() == 5


def test_offers_are_the_book_where_it_is_newest_and_else_the_l1_before_what_is_worse() -> None:
    bench = Bench()
    assert bench.market.offers(buy=True) == []
    bench.show(trade("5.0000000000019", "2", buy=True))
    assert bench.market.offers(buy=True) == [at("5.0000000000019", 2)]
    bench.show(book(bids=[at(8, 1)], asks=[at(10, 1), at(9, 2), at(11, 3), at(-1, 1)]))
    assert bench.market.offers(buy=True) == [at(9, 2), at(10, 1), at(11, 3)]
    bench.show(l1(None, at(10, "0.5000000000009"), time=3))
    assert bench.market.offers(buy=True) == [at(10, "0.5"), at(11, 3)]
    assert bench.market.offers(buy=False) == []
    bench.show(l1(None, None, time=4))
    assert bench.market.offers(buy=False) == [at("5.0000000000019", 2)]


def test_a_market_order_goes_down_the_offers_and_its_rest_expires() -> None:
    bench = Bench(Rules(fee_rate=number("0.001")))
    bench.show(book(bids=[at(99, 5)], asks=[at(100, 1), at(101, 2)]))
    order, message = bench.send("buy", 4, None, IMMEDIATE_OR_CANCEL)
    assert fills(message) == pairs((100, 1), (101, 2))
    assert (order.status, order.filled, order.number) == ("expired", number(3), 1)
    # 302 and a fee of 0.1 and 0.202.
    assert bench.balances() == pairs((103, 103), ("9697.698", "9697.698"))
    totals = [told.total for told in message if isinstance(told, BalanceTold)]
    assert totals == [101, number("9899.9"), 103, number("9697.698")]
    # Nothing is left there, but there is an offer: the next one is not refused.
    order, message = bench.send("buy", 1, None, IMMEDIATE_OR_CANCEL)
    assert (order.status, len(message)) == ("expired", 1)


def test_what_was_taken_comes_back_with_another_amount_or_when_the_price_was_away() -> None:
    bench = Bench()
    asks = [at(100, 5)]
    bench.show(book(bids=[at(99, 5)], asks=asks))
    bench.send("buy", 3, 100, IMMEDIATE_OR_CANCEL)
    bench.show(book(whole=False, bids=[at(99, 6)]))
    assert bench.exchanges.offers(0, buy=True) == [at(100, 2)]
    bench.show(book(whole=False, asks=[at(100, 4)]))
    assert bench.exchanges.offers(0, buy=True) == [at(100, 4)]
    bench.send("buy", 3, 100, IMMEDIATE_OR_CANCEL)
    bench.show(book(whole=False, asks=[at(100, 0)]))
    bench.show(book(whole=False, asks=[at(100, 4)]))
    assert bench.exchanges.offers(0, buy=True) == [at(100, 4)]


def test_a_last_trade_is_one_offer_to_both_sides_until_the_next() -> None:
    bench = Bench()
    bench.show(trade(10, 5, buy=True))
    bench.send("buy", 3, 10, IMMEDIATE_OR_CANCEL)
    assert bench.exchanges.offers(0, buy=False) == [at(10, 2)]
    bench.show(bar(10, 10, 10, 10, 7))
    assert bench.exchanges.offers(0, buy=False) == [at(10, 2)]
    bench.show(trade(10, 5, buy=False))
    assert bench.exchanges.offers(0, buy=False) == [at(10, 5)]


def test_infinite_liquidity_fills_all_at_the_best_offer() -> None:
    bench = Bench(Rules(infinite=True))
    bench.show(l1(at(99, 1), at(100, 0)))
    for _ in range(2):
        _, message = bench.send("buy", 7, 105)
        assert fills(message) == pairs((100, 7))


def test_at_the_requested_price_an_order_is_filled_whole_and_takes_nothing() -> None:
    bench = Bench(as_requested=True)
    bench.show(l1(at(99, 1), at(100, 1)))
    _, message = bench.send("buy", 7, None, IMMEDIATE_OR_CANCEL, price=50)
    assert fills(message) == pairs((50, 7))
    assert bench.exchanges.offers(0, buy=True) == [at(100, 1)]
    order, _ = bench.send("buy", 7, None, IMMEDIATE_OR_CANCEL, price=0)
    assert order.failure is not None
    assert order.failure.detail == "the price of the fill must be positive, it is 0"


def test_a_limit_order_takes_then_rests_and_reserves_value_and_fee() -> None:
    bench = Bench(Rules(number("0.01"), number("0.001")))
    bench.show(l1(at(99, 1), at(100, 2)))
    order, message = bench.send("buy", 5, "100.5")
    kinds = [type(told) for told in message]
    assert kinds == [BalanceTold, BalanceTold, Fill, BalanceTold, OrderTold]
    assert (order.status, order.filled) == ("open", number(2))
    # Paid 200 + 2; reserved 3 at 100.5 and a thousandth of it.
    assert bench.balances() == pairs((102, 102), (9798, "9496.1985"))
    message = bench.exchanges.cancel(Cancel(0, "1"), 9)
    assert [type(told) for told in message] == [BalanceTold, CancelTold]
    assert bench.balances() == pairs((102, 102), (9798, 9798))
    assert (order.status, order.time_finished) == ("cancelled", 9)


def test_resting_orders_are_filled_at_their_limits_with_the_makers_fee() -> None:
    bench = Bench(Rules(number("0.01"), -number("0.001")))
    bench.show(l1(at(99, 1), at(110, 2)))
    first, _ = bench.send("buy", 2, 98)
    second, _ = bench.send("buy", 2, "98.5")
    # A rebate is not reserved: 196 and 197.
    assert bench.balances() == pairs((100, 100), (10000, 9607))
    assert bench.show(l1(at(97, 1), at(98, 3), time=5)) == pairs(("98.5", 2), (98, 1))
    assert (second.status, first.status, first.filled) == ("fully_filled", "open", number(1))
    # 197 - 0.197 and 98 - 0.098 are paid.
    assert bench.balances() == pairs((103, 103), ("9705.295", "9607.295"))
    # What was taken of 98 is gone until another amount is shown.
    assert bench.show(l1(at(97, 2), at(98, 3), time=6)) == []
    assert bench.show(l1(at(97, 2), at(98, 2), time=7)) == pairs((98, 1))


def test_a_trade_past_the_limit_is_shared_and_ignores_the_queue() -> None:
    bench = Bench()
    bench.show(l1(at(98, 50), at(110, 2)))
    bench.send("buy", 2, 97)
    bench.send("buy", 2, 98)
    assert bench.show(trade("96.5", 3, buy=True)) == []
    assert bench.show(trade("96.5", 3, buy=False)) == pairs((98, 2), (97, 1))


def test_without_a_book_a_trade_of_either_side_fills_what_is_better() -> None:
    bench = Bench()
    bench.send("buy", 2, 97)
    bench.send("buy", 2, 96)
    bench.send("sell", 2, 95)
    bench.send("sell", 2, 96)
    # A buy fills the sales at its price; of both sides first what is past it.
    assert bench.show(trade(96, 5, buy=True)) == pairs((97, 2), (95, 2))
    shown = Bench(Rules(queue="front"))
    shown.send("buy", 2, 97)
    shown.send("sell", 2, 96)
    assert shown.show(trade(96, 5, buy=True)) == pairs((97, 2), (96, 2))


def test_at_its_price_an_order_waits_for_what_was_there_before() -> None:
    bench = Bench()
    bench.show(l1(at(98, 5), at(110, 2)))
    order, _ = bench.send("buy", 2, 98)
    later, _ = bench.send("buy", 2, 98)
    assert order.ahead == 5
    assert bench.show(trade(98, 50, buy=True)) == []
    assert bench.show(trade(98, 3, buy=False)) == []
    assert [order.ahead, later.ahead] == [2, 2]
    assert bench.show(trade(98, 3, buy=False)) == pairs((98, 1))
    assert [order.ahead, later.ahead] == [0, 0]
    # The first wants one more; two are left for the other.
    assert bench.show(trade(98, "2.5", buy=False)) == pairs((98, 1), (98, "1.5"))


def test_who_cancels_was_behind_or_anywhere() -> None:
    for queue in ("front", "back", "proportional"):
        bench = Bench(Rules(queue=queue))
        bench.show(l1(at(98, 10), at(110, 2)))
        order, _ = bench.send("buy", 2, 98)
        bench.show(l1(at(98, 12), at(110, 2), time=3))
        bench.show(trade(98, 4, buy=False))
        # 12 - 4 = 8 were left, 6 of them before the order; 16/3 remain, then of 8 - 2.
        bench.show(l1(at(98, 8), at(110, 2), time=4))
        bench.show(l1(at(98, "16/3"), at(110, 2), time=5))
        expected = {"front": "0", "back": "5.333333333333", "proportional": "3.999999999999"}
        assert order.ahead is not None
        assert order.ahead == number(expected[queue]), queue


def test_the_same_amount_again_does_not_start_the_trades_anew() -> None:
    bench = Bench(Rules(queue="proportional"))
    bench.show(l1(at(98, 10), at(110, 2)))
    order, _ = bench.send("buy", 2, 98)
    bench.show(l1(at(98, 12), at(110, 2), time=3))
    bench.show(trade(98, 4, buy=False))
    bench.show(l1(at(98, 12), at(110, 3), time=4))
    # 6 of 8 stay: 4.5 of 6.
    bench.show(l1(at(98, 6), at(110, 3), time=5))
    assert order.ahead == number("4.5")


def test_what_a_trade_gives_in_the_queue_is_whole_lots() -> None:
    spec = Spec(number(0), number(0), number(0), number("0.5"), number(0))
    bench = Bench(Rules(queue="proportional"), replace(SPOT, spec=spec))
    bench.show(l1(at(98, 10), at(110, 2)))
    order, _ = bench.send("buy", 2, 98)
    bench.show(l1(at(98, 12), at(110, 2), time=3))
    bench.show(l1(at(98, 8), at(110, 2), time=4))
    # 10 times 8/12 is 6.67: of 1.33 the order gets 1.
    assert order.ahead == number("6.666666666666")
    assert bench.show(trade(98, 8, buy=False)) == pairs((98, 1))
    assert order.ahead == 0


def test_an_unknown_queue_fills_by_nothing_at_the_price_until_it_is_shown() -> None:
    bench = Bench()
    bench.show(l1(at(98, 5), at(110, 2)))
    order, _ = bench.send("buy", 2, 97)
    assert [order.ahead] == [None]
    assert bench.show(trade(97, 99, buy=False)) == []
    bench.show(l1(at(97, 1), at(110, 2), time=4))
    assert order.ahead == 1
    assert bench.show(trade(97, 2, buy=False)) == pairs((97, 1))
    better, _ = bench.send("sell", 2, 100)
    assert better.ahead == 0


def test_a_book_shows_each_of_its_prices() -> None:
    bench = Bench()
    bench.show(book(bids=[at(98, 5), at(97, 4)], asks=[at(110, 1)]))
    order, _ = bench.send("buy", 2, 97)
    none, _ = bench.send("buy", 2, 96)
    assert [order.ahead, none.ahead] == [4, 0]
    bench.show(book(whole=False, bids=[at(98, 1)]))
    assert order.ahead == 4
    bench.show(book(whole=False, bids=[at(97, 3)]))
    assert order.ahead == 3
    bench.show(book(whole=False, bids=[at(98, 0), at(97, 0)]))
    assert order.ahead == 0
