"""The rules of a run, one by one: each has its figures written out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from models import backtest as model
from models import script as script_model
from models.backtest_cases import (
    BTC_USDT,
    EXCHANGES,
    INDEX,
    INSTRUMENTS,
    MILLISECOND,
    START,
    compare,
    executions,
    quote_event,
)
from models.comparison import (
    Case,
)

import barter_python as bp


def simple(
    events: Sequence[bp.MarketEvent | bp.Reconnecting],
    script: Mapping[int, Sequence[script_model.Wish]],
    *,
    latency: int = 0,
    fee_rate: str = "0",
    money: str = "1000",
    coins: str = "10",
    close_at_end: bool = False,
) -> Case:
    config = bp.SystemConfig(
        INSTRUMENTS,
        executions(
            (timedelta(milliseconds=latency),) * 2,
            (Decimal(fee_rate),) * 2,
            Decimal(money),
            Decimal(coins),
        ),
    )
    return Case(config, events, script, close_at_end=close_at_end)


BUY = script_model.Wish(BTC_USDT, buy=True, quantity=Fraction(2))
SELL = script_model.Wish(BTC_USDT, buy=False, quantity=Fraction(2))


def quotes(*pairs: tuple[int, int, int]) -> list[bp.MarketEvent]:
    """Make quotes of BTC: milliseconds, bid and ask."""
    return [quote_event(BTC_USDT, time, Decimal(bid), Decimal(ask)) for time, bid, ask in pairs]


def prices_of(run: model.Run) -> list[tuple[int, str]]:
    """Time in milliseconds and price of each fill."""
    return [((fill.time - START) // MILLISECOND, str(fill.price)) for fill in run.fills]


def test_a_response_comes_before_a_market_event_of_the_same_time() -> None:
    events = quotes((0, 90, 100), (5, 91, 110), (6, 92, 120))
    run = compare(simple(events, {0: [BUY]}, latency=5))
    assert prices_of(run) == [(5, "100")]


def test_without_latency_the_response_follows_at_once() -> None:
    events = quotes((0, 90, 100), (0, 91, 110))
    run = compare(simple(events, {0: [BUY]}))
    assert prices_of(run) == [(0, "100")]
    assert [call.what[0] for call in run.calls] == [
        "market",
        "balance",
        "balance",
        "trade",
        "order",
        "market",
    ]


def test_time_never_runs_backwards() -> None:
    events = quotes((10, 90, 100), (3, 91, 110), (14, 92, 120), (15, 93, 130), (16, 94, 140))
    # Sent with the second event, whose time is held at 10 by the first: due at 15.
    run = compare(simple(events, {1: [BUY]}, latency=5))
    assert [order.time_sent - START for order in run.orders] == [10 * MILLISECOND]
    # The second book is older than the first and was ignored; the third was the last before 15.
    assert prices_of(run) == [(15, "120")]


def test_what_is_under_way_at_the_end_is_delivered_and_then_closed() -> None:
    events = quotes((0, 90, 100), (1, 92, 104))
    run = compare(simple(events, {1: [BUY]}, latency=50, close_at_end=True))
    assert prices_of(run) == [(51, "104"), (101, "92")]
    assert [position.pnl for position in run.closed] == [2 * (92 - 104)]
    assert [call.what[0] for call in run.calls] == ["market", "market"]


@pytest.mark.parametrize(
    ("money", "status"), [("202", "fully_filled"), ("201.999999", "open_failed")]
)
def test_a_purchase_needs_value_and_fee(money: str, status: str) -> None:
    # 2 at 100 with 1 % is 202.
    run = compare(simple(quotes((0, 90, 100)), {0: [BUY]}, fee_rate="0.01", money=money))
    assert [order.status for order in run.orders] == [status]
    coins = 12 if status == "fully_filled" else 10
    assert run.balances[INDEX.asset_index(EXCHANGES[0], "btc")].total == coins


@pytest.mark.parametrize(("coins", "status"), [("2", "fully_filled"), ("1.999", "open_failed")])
def test_a_sale_needs_the_quantity(coins: str, status: str) -> None:
    run = compare(simple(quotes((0, 90, 100)), {0: [SELL]}, coins=coins, money="0"))
    assert [order.status for order in run.orders] == [status]


def event(milliseconds: int, kind: bp.PublicTrade | bp.Candle, *, at: int) -> bp.MarketEvent:
    """Make an event of BTC that was received at one time and happened at another."""
    received, happened = (START + time * MILLISECOND for time in (milliseconds, at))
    return bp.MarketEvent(happened, received, EXCHANGES[0], BTC_USDT, kind)


def public_trade(price: int) -> bp.PublicTrade:
    return bp.PublicTrade("1", price=Decimal(price), amount=Decimal(100), side=bp.Side.BUY)


def candle(close: int) -> bp.Candle:
    price = Decimal(close)
    return bp.Candle(
        START, open=price, high=price, low=price, close=price, volume=Decimal(100), trade_count=1
    )


def test_a_book_with_one_side_gives_the_other_no_price() -> None:
    events = [
        event(0, public_trade(95), at=0),
        quote_event(BTC_USDT, 1, Decimal(90), None),
        quote_event(BTC_USDT, 2, None, None),
    ]
    wish = replace(BUY, price=Fraction(50))
    run = compare(simple(events, {0: [wish], 5: [wish], 7: [wish]}))
    failures = [None if order.failure is None else order.failure.detail for order in run.orders]
    assert failures == [None, "no price of binancespot-btc_usdt to buy at is known", None]
    assert prices_of(run) == [(0, "95"), (2, "95")]


def test_an_equal_time_replaces_and_an_older_one_does_not() -> None:
    events = [
        event(1, candle(60), at=5),
        event(2, candle(61), at=5),
        event(3, candle(62), at=4),
        event(4, public_trade(70), at=5),
        event(5, public_trade(71), at=5),
        event(6, public_trade(72), at=4),
        quote_event(BTC_USDT, 7, Decimal(79), Decimal(80), updated=5),
        quote_event(BTC_USDT, 8, Decimal(78), Decimal(81), updated=5),
        quote_event(BTC_USDT, 9, Decimal(77), Decimal(82), updated=4),
    ]
    # Each fill is told in four events, so the next market event is five calls away.
    run = compare(simple(events, {call: [BUY] for call in range(0, 45, 5)}, money="10000"))
    assert [int(fill.price) for fill in run.fills] == [60, 61, 61, 70, 71, 71, 80, 81, 81]


def book_event(
    milliseconds: int, kind: bp.OrderBookSnapshot | bp.OrderBookUpdate, *, at: int
) -> bp.MarketEvent:
    """Make an event of the book of BTC that was received at one time and happened at another."""
    received, happened = (START + time * MILLISECOND for time in (milliseconds, at))
    return bp.MarketEvent(happened, received, EXCHANGES[0], BTC_USDT, kind)


def side(*pairs: tuple[int, int]) -> list[bp.Level]:
    """Make levels of prices and amounts."""
    return [bp.Level(price=level_price, amount=amount) for level_price, amount in pairs]


def test_the_newer_of_quote_and_book_has_the_opposite_price() -> None:
    snapshot = bp.OrderBookSnapshot(bp.OrderBook(1, None, [], side((102, 9), (101, 9))))
    gone = bp.OrderBookUpdate(bp.OrderBook(2, None, [], side((101, 0))))
    nearer = bp.OrderBookUpdate(bp.OrderBook(3, None, [], side((99, 9))))
    nothing = bp.OrderBookSnapshot(bp.OrderBook(4, None, [], []))
    events = [
        event(0, public_trade(95), at=0),
        quote_event(BTC_USDT, 5, None, Decimal(100)),
        book_event(6, snapshot, at=5),
        quote_event(BTC_USDT, 7, None, Decimal(103), updated=4),
        quote_event(BTC_USDT, 8, None, Decimal(103), updated=7),
        # Older than the quote, but not left out of the book.
        book_event(9, gone, at=6),
        book_event(10, nearer, at=8),
        book_event(11, nothing, at=9),
    ]
    # Each fill is told in four events, so the next market event is five calls away.
    run = compare(simple(events, {call: [BUY] for call in range(0, 40, 5)}, money="10000"))
    assert [int(fill.price) for fill in run.fills] == [95, 100, 101, 101, 103, 103, 99, 95]
    known = [call.books[BTC_USDT] for call in run.calls[::5]]
    assert [None if one is None else len(one[1]) for one in known] == [None, None, 2, 2, 2, 1, 2, 0]


def test_a_price_of_zero_is_no_offer() -> None:
    events = [event(0, public_trade(price), at=0) for price in (0, -1, 1)]
    run = compare(simple(events, {0: [SELL], 2: [SELL], 4: [SELL]}))
    failures = [None if order.failure is None else order.failure.kind for order in run.orders]
    assert failures == ["order_rejected", "order_rejected", None]


def test_empty_levels_give_the_mid_as_the_price_to_close_at() -> None:
    bid, ask = (bp.Level(price=Decimal(price), amount=Decimal(0)) for price in (90, 100))
    book = bp.OrderBookL1(START, bid, ask)
    events = [bp.MarketEvent(START, START, EXCHANGES[0], BTC_USDT, book)]
    case = simple(events, {0: [BUY]}, close_at_end=True)
    executions = [replace(one, liquidity=bp.Liquidity.INFINITE) for one in case.config.executions]
    run = compare(replace(case, config=replace(case.config, executions=executions)))
    assert [order.request.price for order in run.orders] == [100, 95]
    assert prices_of(run) == [(0, "100"), (0, "90")]


def test_a_cancel_goes_before_the_orders_and_is_answered() -> None:
    cancel = replace(BUY, cancel=True)
    events: list[bp.MarketEvent | bp.Reconnecting] = []
    events += quotes((0, 90, 100), (1, 91, 101))
    events.append(bp.Reconnecting(EXCHANGES[1]))
    run = compare(simple(events, {1: [BUY, cancel]}))
    assert [call.what[0] for call in run.calls] == [
        "market",
        "market",
        "cancel",
        "balance",
        "balance",
        "trade",
        "order",
        "reconnecting",
    ]


def test_barter_forgets_an_order_under_way_whose_cancel_has_failed() -> None:
    """One cancel goes before the order that it is for, and is answered before the other."""
    cancel = replace(BUY, cancel=True)
    events: list[bp.MarketEvent | bp.Reconnecting] = []
    events += quotes((0, 90, 100), (0, 91, 101), (9, 90, 100))
    run = compare(simple(events, {0: [BUY, cancel], 1: [cancel]}, latency=5))
    assert [(call.what[0], call.live[BTC_USDT]) for call in run.calls[1:4]] == [
        ("market", (("bp-1", "open_in_flight", Fraction(0)),)),
        ("cancel", ()),
        ("balance", ()),
    ]
    assert prices_of(run) == [(5, "101")]


@pytest.mark.parametrize(
    ("price", "fee"), [("0.2500001", "2E-12"), ("0.4999999", "4E-12"), ("0.09", "0")]
)
def test_a_fee_is_cut_to_twelve_places(price: str, fee: str) -> None:
    quote = quote_event(BTC_USDT, 0, None, Decimal(price))
    wish = replace(BUY, quantity=Fraction(1))
    run = compare(simple([quote], {0: [wish]}, fee_rate="1E-11", money="1"))
    assert [fill.fee for fill in run.fills] == [Fraction(fee)]


def test_an_increase_averages_the_entry_and_adds_its_fee() -> None:
    events = quotes((0, 90, 100), (1, 110, 130))
    run = compare(
        simple(events, {0: [BUY], 5: [replace(BUY, quantity=Fraction(4))]}, fee_rate="0.01")
    )
    position = run.current[BTC_USDT]
    # 2 at 100 for 2, 4 at 130 for 5.2.
    assert position.average == 120
    assert position.pnl == Fraction("-7.2")
    assert position.quantity_max == 6


def test_a_flip_shares_its_fee() -> None:
    events = quotes((0, 90, 100), (1, 110, 120))
    sale = replace(SELL, quantity=Fraction(8))
    run = compare(simple(events, {0: [BUY], 5: [sale]}, fee_rate="0.01"))
    # Bought 2 at 100 for 2; sold 8 at 110 for 8.8, of which a quarter closes.
    (closed,) = run.closed
    assert closed.pnl == 2 * (110 - 100) - 2 - Fraction("2.2")
    assert run.current[BTC_USDT].fees_enter == Fraction("6.6")
    assert not run.current[BTC_USDT].buy
