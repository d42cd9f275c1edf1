"""What the model's exchange refuses, reserves and books: each has its figures written out."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from models.account import Rules, Spec
from models.bench import PERPETUAL, SPOT, Bench, at, l1, number, pairs, trade
from models.exchange import DAY
from models.order import (
    FILL_OR_KILL,
    GOOD_UNTIL_CANCELLED,
    GOOD_UNTIL_END_OF_DAY,
    IMMEDIATE_OR_CANCEL,
    POST_ONLY,
    BalanceTold,
    Cancel,
    CancelTold,
    Fill,
    OrderTold,
)

REFUSALS = [
    ("sell", 1, -1, GOOD_UNTIL_CANCELLED, "the limit price must be positive, it is -1"),
    ("sell", "1.0000000000001", 1, IMMEDIATE_OR_CANCEL, "more than 12 decimal places"),
    ("buy", "0.2", 100, GOOD_UNTIL_CANCELLED, "quantity 0.2 is below the minimum 0.5"),
    ("buy", "0.6", 100, GOOD_UNTIL_CANCELLED, "quantity 0.6 is not a multiple of 0.25"),
    ("buy", 1, "1.5", GOOD_UNTIL_CANCELLED, "price 1.5 is below the minimum 2"),
    ("buy", 1, "2.05", GOOD_UNTIL_CANCELLED, "price 2.05 is not a multiple of 0.1"),
    ("buy", "0.5", 15, GOOD_UNTIL_CANCELLED, "notional 7.5 is below the minimum 10"),
    ("buy", 10**13, 100, GOOD_UNTIL_CANCELLED, "the value of 10000000000000 at 100 is too large"),
    ("buy", 1, 100, POST_ONLY, "post-only: the order would take liquidity"),
    ("buy", 1, None, POST_ONLY, "a market order cannot be post-only"),
]


@pytest.mark.parametrize(("side", "quantity", "limit", "force", "text"), REFUSALS)
def test_refusals(
    side: str, quantity: str | int, limit: str | int | None, force: str, text: str
) -> None:
    spec = Spec(number(2), number("0.1"), number("0.5"), number("0.25"), number(10))
    bench = Bench(instrument=replace(SPOT, spec=spec))
    bench.show(l1(at(98, 5), at(100, 2)))
    order, message = bench.send(side, quantity, limit, force)
    assert order.status == "open_failed"
    assert order.failure is not None
    assert text in (order.failure.detail or "")
    assert len(message) == 1
    assert bench.exchanges.numbers == 0


def test_a_client_order_id_is_free_again_when_its_order_has_ended() -> None:
    bench = Bench()
    bench.show(l1(at(98, 5), at(100, 2)))
    bench.send("buy", 1, 97, cid="a")
    again, _ = bench.send("buy", 1, 97, cid="a")
    assert again.failure is not None
    assert again.failure.detail == "the client order id a is in use"
    # The refusal does not hide the one that rests.
    assert len(bench.exchanges.cancel(Cancel(0, "a"), 9)) == 2
    third, _ = bench.send("buy", 1, 97, cid="a")
    assert (third.status, third.number) == ("open", 2)


def test_cancels_that_come_too_late_say_why() -> None:
    bench = Bench()
    bench.show(l1(at(98, 5), at(100, 2)))
    bench.send("buy", 1, 100, cid="filled")
    bench.send("buy", 1, 97, cid="cancelled")
    bench.send("buy", 1, 97, IMMEDIATE_OR_CANCEL, cid="expired")
    bench.send("buy", 1, 0, cid="refused")
    bench.exchanges.cancel(Cancel(0, "cancelled"), 9)
    found = []
    for cancel in (
        *(Cancel(0, cid) for cid in ("filled", "cancelled", "expired", "refused", "unknown")),
        Cancel(0, "unknown", "1"),
        Cancel(0, "filled", "77"),
    ):
        (told,) = bench.exchanges.cancel(cancel, 10)
        assert isinstance(told, CancelTold)
        assert told.failure is not None
        found.append((told.cid, told.failure.detail or told.failure.kind))
    assert found == [
        ("filled", "order_already_fully_filled"),
        ("cancelled", "order_already_cancelled"),
        ("expired", "the order expired has expired"),
        ("refused", "the order refused was refused"),
        ("unknown", "there is no order unknown"),
        ("filled", "order_already_fully_filled"),
        ("filled", "there is no order 77"),
    ]


def test_too_many_requests_within_the_interval_are_refused() -> None:
    bench = Bench(Rules(rate_limit=(2, 3)))
    bench.show(l1(at(98, 5), at(100, 2)))
    # At 2, 3, 4, 5, 6: at 5 the one of 2 still counts, and the refused one does not.
    kinds = []
    for _ in range(5):
        order, _ = bench.send("buy", 1, 97)
        kinds.append(None if order.failure is None else order.failure.kind)
    assert kinds == [None, None, "rate_limit", "rate_limit", None]


@pytest.mark.parametrize(("quote", "status"), [("200.2", "open"), ("200.1999", "open_failed")])
def test_a_purchase_needs_its_fills_and_what_then_rests(quote: str, status: str) -> None:
    bench = Bench(Rules(number("0.001"), number("0.001")), quote=quote)
    bench.show(l1(at(98, 5), at(100, 1)))
    order, _ = bench.send("buy", 2, 100)
    assert order.status == status
    if order.failure is not None:
        assert (order.failure.kind, order.failure.asset) == ("balance_insufficient", 1)


def test_a_sale_that_does_not_rest_needs_only_what_it_fills() -> None:
    bench = Bench(base="3")
    bench.show(l1(at(98, 3), at(100, 1)))
    assert bench.send("sell", 4, 98)[0].status == "open_failed"
    assert bench.send("sell", 4, 98, FILL_OR_KILL)[0].status == "expired"
    assert bench.send("sell", 4, 98, IMMEDIATE_OR_CANCEL)[0].filled == 3
    assert bench.balances() == pairs((0, 0), (10294, 10294))


def test_a_fee_of_what_is_received() -> None:
    bench = Bench(Rules(number("0.001"), number("0.001"), fee_of_received=True))
    bench.show(l1(at(98, 5), at("100.1", 5)))
    _, message = bench.send("buy", 3, None, IMMEDIATE_OR_CANCEL)
    (fill,) = (told for told in message if isinstance(told, Fill))
    # 0.003 coins at 100.1 are 0.3003.
    assert (fill.quantity, fill.fee) == (number("2.997"), number("0.3003"))
    assert bench.balances() == pairs(("102.997", "102.997"), ("9699.7", "9699.7"))
    _, message = bench.send("sell", 3, None, IMMEDIATE_OR_CANCEL)
    (fill,) = (told for told in message if isinstance(told, Fill))
    assert [fill.quantity, fill.fee] == [3, number("0.294")]
    bench.send("buy", 3, 97)
    # No fee is reserved: 9993.406 - 291.
    assert bench.balances()[1] == (number("9993.406"), number("9702.406"))


def test_orders_end_at_the_end_of_the_day_and_with_their_future() -> None:
    hour = DAY // 24
    bench = Bench(Rules(end_of_day=17 * hour), now=17 * hour - 3)
    bench.show(l1(at(98, 5), at(100, 1)))
    today, _ = bench.send("buy", 1, 97, GOOD_UNTIL_END_OF_DAY)
    tomorrow, _ = bench.send("buy", 1, 97, GOOD_UNTIL_END_OF_DAY)
    assert (today.ends, tomorrow.ends) == (17 * hour, 17 * hour + DAY)
    ((_, message),) = bench.exchanges.end_orders(17 * hour)
    assert [type(told) for told in message] == [BalanceTold, OrderTold]
    assert (today.status, tomorrow.status) == ("expired", "open")
    future = Bench(instrument=replace(PERPETUAL, expiry=3))
    future.show(l1(at(98, 5), at(100, 1)))
    order, _ = future.send("buy", 1, 97)
    late, _ = future.send("buy", 1, 97)
    assert (order.ends, late.status) == (3, "open_failed")


def test_a_perpetual_books_profit_and_reserves_margin() -> None:
    bench = Bench(Rules(number("0.001"), leverage=Fraction(3)), PERPETUAL, quote="100")
    bench.show(l1(at(98, 9), at(100, 9)))
    _, message = bench.send("sell", 2, None, IMMEDIATE_OR_CANCEL)
    assert [type(told) for told in message] == [BalanceTold, Fill, OrderTold]
    # 196 sold: a fee of 0.196, and a margin of 65.333333333333.
    assert bench.balances()[1] == (number("99.804"), number("34.470666666667"))
    bench.send("buy", 1, 90)
    # 30 and no maker's fee.
    assert bench.balances()[1] == (number("99.804"), number("4.470666666667"))
    assert bench.show(trade(80, 9, buy=False)) == pairs((90, 1))
    # Half of 196 less 90 is the profit, and half of the margin is back: 32.666666666667 stays.
    assert bench.balances()[1] == (number("107.804"), number("75.137333333333"))
    held = bench.exchanges.account.held[0]
    assert (held.buy, held.quantity, held.entry) == (False, number(1), number(98))
    assert held.margin == number("32.666666666667")
    # Closes one at 100 and opens two: a loss of 2, a fee of 0.3, a margin of 66.666666666666.
    _, message = bench.send("buy", 3, None, IMMEDIATE_OR_CANCEL)
    assert bench.balances()[1] == (number("105.504"), number("38.837333333334"))
    assert (held.quantity, bench.exchanges.account.held[0].buy) == (number(0), True)


def test_what_only_makes_smaller_is_always_taken() -> None:
    bench = Bench(Rules(leverage=Fraction(10)), PERPETUAL, quote="100")
    bench.show(l1(at(98, 9), at(100, 9)))
    bench.send("sell", 9, None, IMMEDIATE_OR_CANCEL)
    bench.show(l1(at(150, 9), at(160, 30), time=2))
    assert bench.send("buy", 4, None, IMMEDIATE_OR_CANCEL)[0].status == "fully_filled"
    assert bench.balances()[1][1] < 0
    assert bench.send("buy", 6, None, IMMEDIATE_OR_CANCEL)[0].status == "open_failed"
    assert bench.send("buy", 5, 1)[0].status == "open_failed"
    assert bench.send("buy", 5, 1, IMMEDIATE_OR_CANCEL)[0].status == "expired"
    assert bench.send("buy", 5, None, IMMEDIATE_OR_CANCEL)[0].status == "fully_filled"
    # Sold 9 at 98, bought 9 at 160.
    assert bench.balances()[1] == (number(100 - 9 * 62), number(100 - 9 * 62))


def test_what_finds_nothing_is_taken_even_without_means() -> None:
    bench = Bench(Rules(leverage=Fraction(10)), PERPETUAL, quote="100")
    bench.show(l1(at(98, 9), at(100, 9)))
    bench.send("sell", 9, None, IMMEDIATE_OR_CANCEL)
    bench.show(l1(at(150, 9), at(160, 30), time=2))
    bench.send("buy", 4, None, IMMEDIATE_OR_CANCEL)
    assert bench.balances()[1][1] < 0
    assert bench.send("sell", 1, 155, IMMEDIATE_OR_CANCEL)[0].status == "expired"
    assert bench.send("sell", 1, 150, IMMEDIATE_OR_CANCEL)[0].status == "open_failed"


def test_a_margin_is_of_the_value_that_was_cut() -> None:
    bench = Bench(Rules(leverage=Fraction("0.1")), PERPETUAL)
    bench.show(l1(None, at("1.5", 1)))
    bench.send("buy", "0.000000000001", None, IMMEDIATE_OR_CANCEL)
    held = bench.exchanges.account.held[0]
    assert (held.entry, held.margin) == (number("1E-12"), number("1E-11"))


def test_all_comes_back_when_offers_begin_or_cease_to_be_the_last_trade() -> None:
    bench = Bench()
    bench.show(trade(10, 5, buy=True))
    bench.send("buy", 3, 10, IMMEDIATE_OR_CANCEL)
    bench.show(l1(None, at(10, 5), time=2))
    assert bench.exchanges.offers(0, buy=True) == [at(10, 5)]
    bench.send("buy", 3, 10, IMMEDIATE_OR_CANCEL)
    bench.show(l1(None, None, time=3))
    assert bench.exchanges.offers(0, buy=True) == [at(10, 5)]


def test_an_older_l1_shows_nothing() -> None:
    bench = Bench()
    bench.show(l1(at(98, 10), at(110, 2), time=5))
    order, _ = bench.send("buy", 2, 98)
    bench.show(l1(at(98, 3), at(110, 2), time=4))
    assert order.ahead == 10
    assert bench.show(trade(98, 10, buy=False)) == []


def test_the_value_at_every_price_of_the_fills_must_fit() -> None:
    bench = Bench()
    bench.show(l1(at("100.5", 10**14), at(110, 2)))
    order, _ = bench.send("sell", 10**13 - 10**10, 100)
    assert order.failure is not None
    assert order.failure.detail == "the value of 9990000000000 at 100.5 is too large"
