"""Runs over candles alone: what is filled at which price, worked out by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from models.bench import bar, number
from typing_extensions import override

import barter_python as bp

SPOT = bp.ExchangeId.BINANCE_SPOT
START = 1_700_000_000_000_000_000
MINUTE = 60 * 10**9

Step = Callable[[bp.InstrumentView], bp.OrderRequestOpen]
Bar = tuple[int, int, int, int]


class Script(bp.Strategy):
    """Sends an order at the candles that a plan names, counted from 0."""

    def __init__(self, plan: Mapping[int, Sequence[Step]]) -> None:
        self.plan, self.candle = plan, -1

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        if state.updated is None:
            return bp.NO_ORDERS
        self.candle += 1
        return [], [step(state.updated) for step in self.plan.get(self.candle, ())]


def limit(side: bp.Side, price: int, quantity: int = 1) -> Step:
    return lambda view: view.limit_order(side, price=price, quantity=quantity, strategy_id="s")


def market(side: bp.Side, quantity: int = 1) -> Step:
    return lambda view: view.market_order(side, quantity, strategy_id="s")


def run(
    plan: Mapping[int, Sequence[Step]],
    bars: Sequence[Bar],
    volume: int = 1000,
    *,
    close_at_end: bool = False,
    **changes: object,
) -> bp.BacktestResult:
    events = []
    for minute, prices in enumerate(bars):
        time = START + minute * MINUTE
        start, high, low, close = prices
        candle = bp.Candle(
            time, open=start, high=high, low=low, close=close, volume=volume, trade_count=1
        )
        events.append(bp.MarketEvent(time, time, SPOT, 0, candle))
    instrument = bp.InstrumentConfig(SPOT, "BTCUSDT", bp.Underlying("btc", "usdt"))
    execution = bp.MockExecutionConfig(SPOT, {"usdt": 10_000, "btc": 10}, **changes)  # type: ignore[arg-type]  # by name
    config = bp.SystemConfig([instrument], [execution])
    data = bp.MarketData.from_events(events)
    return bp.run_backtest(Script(plan), data, config, close_at_end=close_at_end)


def fills(result: bp.BacktestResult) -> list[tuple[Decimal | int, ...]]:
    """Give candle, price, quantity and fee of each fill."""
    return [
        ((fill.time_exchange_ns - START) // MINUTE, fill.price, fill.quantity, fill.fees)
        for fill in result.fills
    ]


FLAT = (100, 101, 99, 100)


def test_a_limit_within_the_range_is_filled_at_the_limit_with_the_makers_fee() -> None:
    plan = {0: [limit(bp.Side.BUY, 95)]}
    bars = [FLAT, (100, 101, 90, 99), (99, 110, 98, 109)]
    fee = Decimal("0.01")
    result = run(plan, bars, fee_rate=Decimal("0.5"), maker_fee_rate=fee)
    assert fills(result) == [(1, Decimal(95), Decimal(1), 95 * fee)]
    assert not fills(run(plan, bars, candle_fills=bp.CandleFills.CLOSE_ONLY))


def test_a_candle_that_opens_beyond_the_limit_fills_at_the_limit() -> None:
    result = run({0: [limit(bp.Side.BUY, 95)]}, [FLAT, (90, 92, 89, 91)])
    assert fills(result) == [(1, Decimal(95), Decimal(1), Decimal(0))]


def test_an_order_sent_at_a_candle_is_not_filled_by_its_range() -> None:
    """The strategy has seen the whole candle when it sends the order."""
    assert not fills(run({1: [limit(bp.Side.BUY, 95)]}, [FLAT, (100, 101, 90, 99), FLAT]))


def test_the_volume_is_shared_in_the_order_of_the_path() -> None:
    plan = {0: [limit(bp.Side.SELL, 104, 3), limit(bp.Side.BUY, 97, 3), limit(bp.Side.BUY, 98, 3)]}
    # The low is nearer to the open, so both purchases come before the sale.
    result = run(plan, [FLAT, (100, 110, 95, 105)], volume=7)
    assert [fill[1:3] for fill in fills(result)] == [(98, 3), (97, 3), (104, 1)]
    # Now the high is nearer.
    result = run(plan, [FLAT, (100, 104, 95, 96)], volume=4)
    assert [fill[1:3] for fill in fills(result)] == [(104, 3), (98, 1)]


def test_market_orders_get_the_last_close_or_the_next_open() -> None:
    plan = {0: [market(bp.Side.BUY)]}
    bars = [FLAT, (102, 103, 101, 102)]
    assert fills(run(plan, bars)) == [(0, 100, 1, 0)]
    at_open = run(plan, bars, candle_price=bp.CandlePrice.NEXT_OPEN)
    assert fills(at_open) == [(1, 102, 1, 0)]
    (report,) = at_open.orders
    assert (report.time_sent_ns, report.time_finished_ns) == (START, START + MINUTE)
    # With a latency, the open is that of the candle after the arrival.
    late = timedelta(seconds=90)
    bars = [FLAT, (102, 103, 101, 102), (104, 105, 103, 104)]
    assert fills(run(plan, bars, latency=late)) == [(1, 102, 1, 0)]
    result = run(plan, bars, latency=late, candle_price=bp.CandlePrice.NEXT_OPEN)
    assert fills(result) == [(2, 104, 1, 0)]


def test_the_last_close_serves_where_no_open_comes() -> None:
    """A market order sent at the last candle, and the closing orders after it."""
    result = run(
        {0: [market(bp.Side.BUY)], 1: [market(bp.Side.BUY)]},
        [FLAT, (102, 103, 101, 103)],
        candle_price=bp.CandlePrice.NEXT_OPEN,
        close_at_end=True,
    )
    assert [fill[1:3] for fill in fills(result)] == [(102, 1), (103, 1), (103, 2)]
    assert not result.open_positions


@pytest.mark.parametrize("places", list(permutations(range(3))))
def test_the_order_of_sending_does_not_change_what_the_path_fills(places: Sequence[int]) -> None:
    orders = [limit(bp.Side.BUY, 98), limit(bp.Side.SELL, 102), limit(bp.Side.BUY, 96)]
    result = run({0: [orders[place] for place in places]}, [FLAT, (100, 103, 96, 97)])
    assert [fill[1] for fill in fills(result)] == [102, 98, 96]


prices = st.integers(90, 110)


@given(st.lists(st.tuples(prices, prices, prices, prices), min_size=1, max_size=4), prices)
def test_an_order_is_filled_in_the_first_candle_that_reaches_it(
    drawn: list[tuple[int, int, int, int]], price: int
) -> None:
    bars = [FLAT]
    for one in drawn:
        low, start, close, high = sorted(one)
        bars.append((start, high, low, close))
    if price >= 100:
        return
    reached = [minute for minute, one in enumerate(bars) if minute and one[2] <= price]
    expected = [(reached[0], Decimal(price), Decimal(1), Decimal(0))] if reached else []
    assert fills(run({0: [limit(bp.Side.BUY, price)]}, bars)) == expected


def test_the_path_of_the_model_is_that_of_the_page() -> None:
    assert bar(10, 12, 7, 8, 1).path == tuple(map(number, (10, 12, 7, 8)))
    assert bar(10, 14, 9, 13, 1).path == tuple(map(number, (10, 9, 14, 13)))
    assert bar(10, 12, 8, 9, 1).path == tuple(map(number, (10, 8, 12, 9)))
