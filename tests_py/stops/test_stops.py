"""Stops that the run holds, worked out by hand; the differential tests compare random runs."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

import barter_python as bp

SPOT = bp.ExchangeId.BINANCE_SPOT
START = 1_700_000_000_000_000_000
SECOND = 10**9
SELL, BUY = bp.Side.SELL, bp.Side.BUY

Kind = bp.Candle | bp.OrderBookL1 | bp.PublicTrade
Step = Callable[[bp.EngineView], object]
PERPETUAL = bp.InstrumentConfig(
    SPOT,
    "BTCUSDT",
    bp.Underlying("btc", "usdt"),
    kind=bp.system.PerpetualContract(Decimal(1), "usdt"),
)


def trade(price: int, amount: int = 1000) -> bp.PublicTrade:
    return bp.PublicTrade("t", price=price, amount=amount, side=BUY)


def candle(start: int, high: int, low: int, close: int, volume: int = 1000) -> bp.Candle:
    return bp.Candle(
        START, open=start, high=high, low=low, close=close, volume=volume, trade_count=1
    )


def quote(bid: int, ask: int, second: int) -> bp.OrderBookL1:
    time = START + second * SECOND
    return bp.OrderBookL1(time, bp.Level(price=bid, amount=1000), bp.Level(price=ask, amount=1000))


class Steps(bp.Strategy):
    """Does a step at each market event, and notes the stops that wait after it."""

    strategy_id = "steps"

    def __init__(self, *steps: Step | None) -> None:
        self.steps = list(steps)
        self.waiting: list[list[bp.Stop]] = []
        self.in_flight: list[int] = []

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        if state.updated is None:
            return bp.NO_ORDERS
        self.in_flight.append(len(state.updated.orders))
        step = self.steps.pop(0) if self.steps else None
        done = None if step is None else step(state)
        self.waiting.append(state.updated.stops)
        return ([], [done]) if isinstance(done, bp.OrderRequestOpen) else bp.NO_ORDERS


def run(strategy: bp.Strategy, kinds: Sequence[Kind], **changes: object) -> bp.BacktestResult:
    events = []
    for second, kind in enumerate(kinds):
        time = START + second * SECOND
        events.append(bp.MarketEvent(time, time, SPOT, 0, kind))
    execution = bp.MockExecutionConfig(SPOT, {"usdt": 100_000}, leverage=10, **changes)  # type: ignore[arg-type]  # by name
    config = bp.SystemConfig([PERPETUAL], [execution])
    return bp.run_backtest(strategy, bp.MarketData.from_events(events), config)


def fills(result: bp.BacktestResult) -> list[tuple[int | Decimal, ...]]:
    """Give second and price of each fill."""
    return [((fill.time_exchange_ns - START) // SECOND, fill.price) for fill in result.fills]


def place(order: bp.StopOrder | bp.TakeProfitOrder | bp.TrailingStopOrder) -> Step:
    return lambda state: state.place_stop(order)


@pytest.mark.parametrize(
    ("order", "prices", "at"),
    [
        (bp.StopOrder(0, SELL, quantity=1, trigger_price=95), (100, 96, 95, 94), 2),
        (bp.StopOrder(0, BUY, quantity=1, trigger_price=105), (100, 104, 106, 107), 2),
        (bp.TakeProfitOrder(0, SELL, quantity=1, trigger_price=105), (100, 95, 105, 106), 2),
        (bp.TakeProfitOrder(0, BUY, quantity=1, trigger_price=95), (100, 105, 94, 93), 2),
        (bp.TrailingStopOrder(0, SELL, quantity=1, distance=5), (100, 110, 106, 105), 3),
        (bp.TrailingStopOrder(0, BUY, quantity=1, distance=5), (100, 90, 94, 95), 3),
        # Placed beyond the price: the next event triggers it.
        (bp.StopOrder(0, SELL, quantity=1, trigger_price=101), (100, 100), 1),
    ],
)
def test_each_kind_is_triggered_by_the_first_price_that_reaches_it(
    order: bp.StopOrder, prices: Sequence[int], at: int
) -> None:
    strategy = Steps(place(order))
    result = run(strategy, [trade(price) for price in prices])
    assert fills(result) == [(at, prices[at])]
    (report,) = result.orders
    assert report.stop is not None
    assert report.stop.stop_id == 1
    assert report.stop.price == prices[at]
    assert report.order.kind is bp.OrderKind.MARKET
    assert report.order.strategy_id == "steps"
    assert [len(stops) for stops in strategy.waiting] == [1] * at + [0] * (len(prices) - at)
    # The strategy is asked once the order is in flight.
    assert strategy.in_flight[at] == 1


def test_a_stop_limit_rests_at_its_limit() -> None:
    strategy = Steps(place(bp.StopOrder(0, SELL, quantity=1, trigger_price=95, limit_price=97)))
    result = run(strategy, [trade(100), trade(94), trade(96), trade(98)])
    assert fills(result) == [(3, 97)]
    assert result.orders[0].maker_quantity == 1


def test_the_mark_is_the_mid_and_the_last_trade_may_be_chosen() -> None:
    kinds: list[Kind] = [quote(99, 101, 0), trade(90), quote(94, 96, 2), quote(89, 91, 3)]
    by_mark = run(Steps(place(bp.StopOrder(0, SELL, quantity=1, trigger_price=95))), kinds)
    assert fills(by_mark) == [(2, 94)]
    last = bp.StopOrder(0, SELL, quantity=1, trigger_price=95, trigger=bp.TriggerPrice.LAST_TRADE)
    assert fills(run(Steps(place(last)), kinds)) == [(1, 99)]


BARS = [candle(100, 101, 99, 100), candle(100, 103, 94, 99), candle(80, 82, 79, 81)]


def test_a_candle_triggers_along_its_path_and_fills_at_the_trigger() -> None:
    stop = bp.StopOrder(0, SELL, quantity=1, trigger_price=95)
    assert fills(run(Steps(place(stop)), BARS)) == [(1, 95)]
    # A latency shorter than the candle changes nothing; with a longer one the close counts.
    short = run(Steps(place(stop)), BARS, latency=timedelta(milliseconds=10))
    assert [price for _, price in fills(short)] == [95]
    long = run(Steps(place(stop)), BARS, latency=timedelta(seconds=1.5))
    assert [price for _, price in fills(long)] == [81]
    # A candle that opens beyond the trigger.
    assert fills(run(Steps(place(bp.StopOrder(0, SELL, quantity=1, trigger_price=90))), BARS)) == [
        (2, 80)
    ]
    # Neither waits for the next open.
    at_open = run(Steps(place(stop)), BARS, candle_price=bp.CandlePrice.NEXT_OPEN)
    assert fills(at_open) == [(1, 95)]


def test_only_the_close_triggers_with_close_only() -> None:
    stop = bp.StopOrder(0, SELL, quantity=1, trigger_price=95)
    only = run(Steps(place(stop)), BARS, candle_fills=bp.CandleFills.CLOSE_ONLY)
    assert fills(only) == [(2, 81)]


def test_the_volume_of_the_candle_limits_the_fill() -> None:
    bars = [BARS[0], candle(100, 103, 94, 99, volume=2)]
    result = run(Steps(place(bp.StopOrder(0, SELL, quantity=3, trigger_price=95))), bars)
    (report,) = result.orders
    assert report.filled_quantity == 2
    assert report.order.status is bp.OrderStatus.EXPIRED


def bracket(state: bp.EngineView) -> None:
    stop = state.place_stop(bp.StopOrder(0, SELL, quantity=1, trigger_price=95))
    state.place_stop(
        bp.TakeProfitOrder(0, SELL, quantity=1, trigger_price=103), one_cancels_other=stop
    )


def test_of_two_that_a_candle_reaches_the_first_on_its_path_cancels_the_other() -> None:
    # The high is nearer to the open.
    assert fills(run(Steps(bracket), BARS)) == [(1, 103)]
    low_first = [BARS[0], candle(98, 103, 94, 99)]
    assert fills(run(Steps(bracket), low_first)) == [(1, 95)]


@given(st.lists(st.integers(90, 110), min_size=2, max_size=12))
def test_one_cancels_the_other_whatever_the_prices(prices: list[int]) -> None:
    strategy = Steps(bracket)
    result = run(strategy, [trade(price) for price in prices])
    reached = [price for price in prices[1:] if price <= 95 or price >= 103]
    assert [price for _, price in fills(result)] == reached[:1]
    assert [len(stops) for stops in strategy.waiting][-1] == (0 if reached else 2)


@given(st.lists(st.integers(80, 120), min_size=2, max_size=20), st.sampled_from([SELL, BUY]))
def test_a_trailing_stop_never_loosens(prices: list[int], side: bp.Side) -> None:
    strategy = Steps(place(bp.TrailingStopOrder(0, side, quantity=1, distance=7)))
    result = run(strategy, [trade(price) for price in prices])
    triggers = [stops[0].trigger_price for stops in strategy.waiting if stops]
    assert triggers == sorted(triggers, reverse=side is BUY)
    sign = 1 if side is SELL else -1
    best, expected = prices[0], None
    for price in prices[1:]:
        best = max(best, price) if side is SELL else min(best, price)
        if sign * (best - price) >= 7:
            expected = price
            break
    assert [price for _, price in fills(result)] == ([] if expected is None else [expected])


def test_stops_are_withdrawn_by_id_and_once() -> None:
    answers = []
    strategy = Steps(
        place(bp.StopOrder(0, SELL, quantity=1, trigger_price=95)),
        lambda state: answers.extend([state.cancel_stop(1), state.cancel_stop(1)]),
    )
    result = run(strategy, [trade(100), trade(99), trade(90)])
    assert not result.orders
    assert answers == [True, False]


def test_the_closing_of_the_position_withdraws_what_is_declared_so() -> None:
    def enter(state: bp.EngineView) -> object:
        state.place_stop(bp.StopOrder(0, SELL, quantity=1, trigger_price=95, until_closed=True))
        state.place_stop(bp.StopOrder(0, SELL, quantity=1, trigger_price=94))
        return state.instrument(0).market_order(BUY, 1)

    def leave(state: bp.EngineView) -> object:
        return state.instrument(0).market_order(SELL, 1)

    strategy = Steps(enter, leave)
    result = run(strategy, [trade(100), trade(101), trade(101), trade(90)])
    assert [[stop.id for stop in stops] for stops in strategy.waiting] == [[1, 2], [1, 2], [2], []]
    assert [price for _, price in fills(result)] == [100, 101, 90]


class Refuses(bp.RiskManager):
    """Refuses all orders."""

    @override
    def check(
        self,
        state: bp.EngineView,
        cancels: Sequence[bp.OrderRequestCancel],
        opens: Sequence[bp.OrderRequestOpen],
        /,
    ) -> bp.RiskDecision:
        refused = [bp.RiskRefused(order, "not today") for order in opens]
        return bp.RiskDecision(cancels=cancels, opens=[], refused_opens=refused)


def engine_at(*prices: int, steps: Steps) -> bp.Engine:
    engine = bp.Engine(steps, bp.IndexedInstruments([PERPETUAL]), time_start=START)
    engine.process(bp.TradingState.ENABLED)
    for price in prices:
        engine.process(bp.MarketEvent(START, START, SPOT, 0, trade(price)))
    return engine


def test_the_stepped_engine_holds_stops_and_commands_withdraw_them() -> None:
    engine = engine_at(100, steps=Steps(bracket))
    snapshot = engine.snapshot()
    assert [stop.id for stop in snapshot.instrument(0).stops] == [1, 2]
    copied = pickle.loads(pickle.dumps(snapshot))
    assert copied == snapshot == copy.deepcopy(snapshot)
    assert copied.instrument(0).stops == snapshot.instrument(0).stops
    with pytest.raises(bp.ViewError, match="snapshot"):
        snapshot.cancel_stop(1)
    with pytest.raises(bp.ViewError, match="snapshot"):
        snapshot.place_stop(bp.StopOrder(0, SELL, quantity=1, trigger_price=95))
    tick = engine.process(bp.MarketEvent(START, START, SPOT, 0, trade(95)))
    assert len(tick.outputs) == 1
    (order,) = engine.snapshot().instrument(0).orders
    assert order.side is SELL
    assert order.quantity == 1
    assert order.price == 95
    assert not engine.snapshot().instrument(0).stops

    engine = engine_at(100, steps=Steps(bracket))
    engine.process(bp.CancelOrders(bp.InstrumentFilter.exchanges([7])))
    assert len(engine.snapshot().instrument(0).stops) == 2
    engine.process(bp.CancelOrders(bp.InstrumentFilter.instruments([0])))
    assert not engine.snapshot().instrument(0).stops


def test_disabled_trading_suspends_stops() -> None:
    engine = engine_at(100, steps=Steps(bracket))
    engine.process(bp.TradingState.DISABLED)
    engine.process(bp.MarketEvent(START, START, SPOT, 0, trade(90)))
    engine.process(bp.MarketEvent(START, START, SPOT, 0, trade(100)))
    engine.process(bp.TradingState.ENABLED)
    assert len(engine.snapshot().instrument(0).stops) == 2
    engine.process(bp.MarketEvent(START, START, SPOT, 0, trade(100)))
    assert len(engine.snapshot().instrument(0).stops) == 2
    engine.process(bp.MarketEvent(START, START, SPOT, 0, trade(95)))
    assert not engine.snapshot().instrument(0).stops


def test_the_risk_manager_is_asked_when_a_stop_is_triggered() -> None:
    events = [
        bp.MarketEvent(START + number, START + number, SPOT, 0, trade(price))
        for number, price in enumerate((100, 95, 90))
    ]
    execution = bp.MockExecutionConfig(SPOT, {"usdt": 1000})
    result = bp.run_backtest(
        Steps(place(bp.StopOrder(0, SELL, quantity=1, trigger_price=95))),
        bp.MarketData.from_events(events),
        bp.SystemConfig([PERPETUAL], [execution]),
        risk_manager=Refuses(),
    )
    assert not result.orders
    (refused,) = result.refused
    assert refused.reason == "not today"


@pytest.mark.parametrize(
    ("order", "other", "error", "text"),
    [
        (
            bp.StopOrder(7, SELL, quantity=1, trigger_price=95),
            None,
            bp.UnknownKeyError,
            "there is no instrument 7",
        ),
        (bp.StopOrder(0, SELL, quantity=1, trigger_price=95), 9, ValueError, "no stop 9 waits"),
        (
            bp.TrailingStopOrder(0, SELL, quantity=1, distance=5),
            None,
            ValueError,
            "none is known yet",
        ),
    ],
)
def test_what_cannot_be_placed_is_refused(
    order: bp.StopOrder, other: int | None, error: type[Exception], text: str
) -> None:
    class Wrong(Steps):
        @override
        def on_start(self, state: bp.EngineView, /) -> None:
            state.place_stop(order, one_cancels_other=other)

    with pytest.raises(error, match=text):
        run(Wrong(), [trade(100)])


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (
            lambda: bp.StopOrder(0, SELL, quantity=0, trigger_price=95),
            "quantity must be positive, got 0",
        ),
        (
            lambda: bp.StopOrder(0, SELL, quantity=1, trigger_price=-1),
            "trigger_price must be positive, got -1",
        ),
        (
            lambda: bp.TakeProfitOrder(0, SELL, quantity=1, trigger_price=5, limit_price=0),
            "limit_price must be positive, got 0",
        ),
        (
            lambda: bp.TrailingStopOrder(0, SELL, quantity=1, distance=0),
            "distance must be positive, got 0",
        ),
        (
            lambda: bp.StopOrder(0, SELL, quantity=1, trigger_price=10**14),
            "trigger_price .* is too large",
        ),
    ],
)
def test_wrong_numbers_are_refused(make: Callable[[], object], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        make()


def test_a_stop_needs_to_know_whose_it_is() -> None:
    class Nobody(bp.Strategy):
        @override
        def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
            state.place_stop(bp.StopOrder(0, SELL, quantity=1, trigger_price=95))
            return bp.NO_ORDERS

    with pytest.raises(ValueError, match="whose stop"):
        run(Nobody(), [trade(100)])
