"""Crossed markets: nobody buys below the best bid or sells above the best ask."""

from __future__ import annotations

import warnings
from collections.abc import Mapping

import pytest
from support.histories import (
    BTC,
    ETH,
    Acting,
    Action,
    OnMarketEvents,
    history,
    l1,
    limit_request,
    orders,
    snapshot,
    trade,
    two_instruments,
    update,
    with_execution,
)

import barter_python as bp

SHOWN = with_execution(two_instruments(), liquidity=bp.Liquidity.SHOWN)
BOOK = snapshot(0, {"100": "5", "94": "5"}, {"101": "5", "102": "5"})
CROSSING = update(1, {}, {"95": "5"})
LATER = [update(2, {}, {"102": "4"}), update(3, {}, {"102": "3"})]


def run(
    actions: Mapping[int, Action],
    *events: bp.MarketEvent,
    config: bp.SystemConfig = SHOWN,
    fill_price: bp.FillPrice = bp.FillPrice.BEST_OPPOSITE,
) -> bp.BacktestResult:
    """Run over a history that is crossed, which is warned of."""
    with pytest.warns(UserWarning, match="left a best bid above the best ask"):
        return bp.run_backtest(
            OnMarketEvents(actions), history(*events), config, fill_price=fill_price
        )


def at_market(side: bp.Side, quantity: int = 1) -> Action:
    return lambda state: (
        [],
        [state.instrument(BTC).market_order(side, quantity, strategy_id="test")],
    )


def fills(result: bp.BacktestResult) -> list[tuple[int, int]]:
    """Give prices and quantities, which are whole here."""
    for fill in result.fills:
        assert fill.price % 1 == 0
        assert fill.quantity % 1 == 0
    return [(int(fill.price), int(fill.quantity)) for fill in result.fills]


BUY, SELL = at_market(bp.Side.BUY, 5), at_market(bp.Side.SELL, 5)


def test_a_level_that_was_never_taken_away_makes_no_money() -> None:
    """The ask of 95 is below the bid of 100: one of the two is not there any more."""
    result = run({2: BUY, 3: SELL}, BOOK, CROSSING, *LATER)
    assert fills(result) == [(101, 5), (94, 5)]
    assert result.pnl["usdt"] == 5 * (94 - 101)


def test_orders_walk_the_book_from_the_other_sides_best_on() -> None:
    events = [
        snapshot(
            0, {"100": "1", "99": "2", "94": "4"}, {"95": "1", "97": "2", "100": "8", "103": "9"}
        )
    ]
    result = run({0: at_market(bp.Side.BUY, 9)}, *events)
    assert fills(result) == [(100, 8), (103, 1)]
    result = run({0: at_market(bp.Side.SELL, 9)}, *events)
    assert fills(result) == [(94, 4)]
    assert result.orders[0].filled_quantity == 4


@pytest.mark.parametrize("queue", bp.QueuePosition)
@pytest.mark.parametrize("liquidity", bp.Liquidity)
def test_a_crossed_quote_offers_nothing(queue: bp.QueuePosition, liquidity: bp.Liquidity) -> None:
    config = with_execution(two_instruments(), queue=queue, liquidity=liquidity)
    for side, word in ((bp.Side.BUY, "buy"), (bp.Side.SELL, "sell")):
        result = run({0: at_market(side)}, l1(0, "100", "95"), l1(1, "94", "95"), config=config)
        failure = result.orders[0].order.failure
        assert failure is not None
        assert failure.detail == (
            f"nothing to {word} in the crossed market of binancespot-btc_usdt: "
            "the best bid is 100, the best ask 95"
        )


def test_a_crossed_quote_leaves_the_levels_of_the_book_behind_it() -> None:
    result = run({1: BUY, 2: SELL}, BOOK, l1(1, "100", "95"), l1(2, "100", "95", ask_amount="2"))
    assert fills(result) == [(101, 5), (94, 5)]


def test_a_market_whose_sides_meet_is_not_crossed() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = bp.run_backtest(
            OnMarketEvents({0: at_market(bp.Side.BUY), 1: at_market(bp.Side.SELL)}),
            history(l1(0, "100", "100"), l1(1, "100", "100")),
            SHOWN,
        )
    assert fills(result) == [(100, 1), (100, 1)]


def resting(price: int, side: bp.Side, force: bp.TimeInForce) -> Action:
    request = limit_request("cid", price, 5, side, force)
    return lambda _: orders([request])


@pytest.mark.parametrize(
    "force", [bp.TimeInForce.GOOD_UNTIL_CANCELLED, bp.TimeInForce.GOOD_UNTIL_CANCELLED_POST_ONLY]
)
def test_resting_orders_wait_until_the_market_is_not_crossed(force: bp.TimeInForce) -> None:
    """A buy at 96 meets the ask of 95 once the bid of 100 is gone, and then as a maker."""
    uncrossing = update(2, {"100": "0"}, {})
    plan = {1: resting(96, bp.Side.BUY, force)}
    result = run(plan, BOOK, CROSSING, uncrossing)
    assert fills(result) == [(96, 5)]
    assert result.fills[0].time_exchange_ns == uncrossing.time_exchange_ns
    assert result.orders[0].maker_quantity == 5
    plan = {1: resting(99, bp.Side.SELL, force)}
    result = run(plan, BOOK, CROSSING, update(2, {}, {"95": "0"}))
    assert fills(result) == [(99, 5)]
    assert fills(run(plan, BOOK, CROSSING, *LATER)) == []


def test_what_was_taken_is_back_after_the_crossing() -> None:
    """While the market is crossed, the price is not among the offers."""
    buy = at_market(bp.Side.BUY, 3)
    first = snapshot(0, {"94": "5"}, {"95": "5", "102": "9"})
    crossing, uncrossing = update(1, {"100": "1"}, {}), update(2, {"100": "0"}, {})
    result = run({0: buy, 1: buy, 2: BUY}, first, crossing, uncrossing)
    assert fills(result) == [(95, 3), (102, 3), (95, 5)]


def test_a_market_order_names_the_price_that_makes_no_money() -> None:
    """As which it is filled with `REQUESTED`."""
    result = run(
        {0: at_market(bp.Side.BUY), 1: at_market(bp.Side.SELL)},
        l1(0, "100", "95"),
        l1(1, "100", "95"),
        fill_price=bp.FillPrice.REQUESTED,
    )
    assert fills(result) == [(100, 1), (95, 1)]


def test_trades_fill_resting_orders_all_the_same() -> None:
    sale = trade(2, "95", "5", side=bp.Side.SELL)
    plan = {1: resting(96, bp.Side.BUY, bp.TimeInForce.GOOD_UNTIL_CANCELLED)}
    assert fills(run(plan, BOOK, CROSSING, sale)) == [(96, 5)]


# What is said of it


def test_a_run_warns_once_and_its_settings_say_so() -> None:
    events = [
        l1(0, "1", "2", instrument=ETH),
        BOOK,
        CROSSING,
        *LATER,
        update(5, {"100": "0"}, {}),
        l1(6, "3", "2", instrument=ETH),
        l1(7, "3", "3", instrument=ETH),
        l1(8, "3", None, instrument=ETH),
    ]
    with pytest.warns(UserWarning, match="events have left") as told:
        result = bp.run_backtest(Acting(lambda _: bp.NO_ORDERS), history(*events), SHOWN)
    (warning,) = told
    text = str(warning.message)
    assert text.startswith(
        "4 events have left a best bid above the best ask, first at "
        "2023-11-14T22:13:20.124456789Z with binancespot-btc_usdt: "
    )
    assert warning.filename == __file__
    assert result.settings.remarks == (text,)


def test_a_quote_counts_even_if_it_is_older_than_what_is_known() -> None:
    old = replace_time(l1(1, "100", "95"), l1(0, "1", "2"))
    with pytest.warns(UserWarning, match="1 event has left .* first at .* with"):
        bp.run_backtest(Acting(lambda _: bp.NO_ORDERS), history(l1(1, "1", "2"), old), SHOWN)


def replace_time(event: bp.MarketEvent, by: bp.MarketEvent) -> bp.MarketEvent:
    """Give an event the time of another's update, but not its time of receipt."""
    assert isinstance(event.kind, bp.OrderBookL1)
    kind = bp.OrderBookL1(by.time_exchange_ns, event.kind.best_bid, event.kind.best_ask)
    return bp.MarketEvent(
        by.time_exchange_ns, event.time_received_ns, event.exchange, event.instrument, kind
    )
