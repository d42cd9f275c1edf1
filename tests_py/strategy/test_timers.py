"""Timers: when the strategy is called for them, and what it may do then."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

import pytest
from typing_extensions import override

import barter_python as bp

SPOT = bp.ExchangeId.BINANCE_SPOT
START = 1_700_000_000_000_000_000
MILLISECOND = 1_000_000
INSTRUMENT = bp.InstrumentConfig(SPOT, "BTCUSDT", bp.Underlying("btc", "usdt"))


def config(latency: timedelta = timedelta(0)) -> bp.SystemConfig:
    execution = bp.MockExecutionConfig(SPOT, {"usdt": 1000}, latency=latency)
    return bp.SystemConfig([INSTRUMENT], [execution])


def quotes(*milliseconds: int) -> bp.MarketData:
    return bp.MarketData.from_events(
        bp.MarketEvent(
            START + after * MILLISECOND,
            START + after * MILLISECOND,
            SPOT,
            0,
            bp.OrderBookL1(
                START + after * MILLISECOND,
                bp.Level(price=Decimal(100), amount=5),
                bp.Level(price=Decimal(101), amount=5),
            ),
        )
        for after in milliseconds
    )


@dataclass
class Clock(bp.Strategy):
    """Asks for a timer at the start, and notes what it is called for."""

    first: int = 2 * MILLISECOND
    every: timedelta | None = None
    called: list[tuple[str, int]] = field(default_factory=list)

    strategy_id = "clock"

    @override
    def on_start(self, state: bp.EngineView, /) -> None:
        state.call_at(state.time_ns + self.first, every=self.every)

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        self.note("event", state)
        return bp.NO_ORDERS

    @override
    def on_timer(self, timer: bp.Timer, state: bp.EngineView, /) -> bp.Orders:
        assert state.event is None
        assert state.updated is None
        assert timer.time_ns == state.time_ns
        self.note("timer", state)
        return bp.NO_ORDERS

    def note(self, what: str, state: bp.EngineView) -> None:
        assert (state.time_ns - START) % MILLISECOND == 0
        self.called.append((what, (state.time_ns - START) // MILLISECOND))


def test_a_timer_is_due_once_between_events() -> None:
    strategy = Clock()
    bp.run_backtest(strategy, quotes(0, 1, 5), config())
    assert strategy.called == [("event", 0), ("event", 1), ("timer", 2), ("event", 5)]


def test_at_one_time_the_timer_comes_before_the_event() -> None:
    strategy = Clock(first=5 * MILLISECOND)
    bp.run_backtest(strategy, quotes(0, 5), config())
    assert strategy.called == [("event", 0), ("timer", 5), ("event", 5)]


def test_one_that_repeats_goes_on_until_the_last_event() -> None:
    strategy = Clock(every=timedelta(milliseconds=2))
    bp.run_backtest(strategy, quotes(0, 7), config())
    assert strategy.called == [
        ("event", 0), ("timer", 2), ("timer", 4), ("timer", 6), ("event", 7)
    ]  # fmt: skip


@dataclass
class Buyer(Clock):
    """Buys at the timer."""

    orders: list[bp.Order] = field(default_factory=list)

    @override
    def on_timer(self, timer: bp.Timer, state: bp.EngineView, /) -> bp.Orders:
        return [], [state.instrument(0).market_order(bp.Side.BUY, 1)]


def test_orders_travel_as_all_others() -> None:
    result = bp.run_backtest(Buyer(), quotes(0, 1, 9), config(timedelta(milliseconds=3)))
    (order,) = result.orders
    assert order.time_sent_ns == START + 2 * MILLISECOND
    assert order.order.strategy_id == "clock"
    (fill,) = result.fills
    assert (fill.time_exchange_ns, fill.price) == (START + 5 * MILLISECOND, Decimal(101))


def test_risk_checks_them() -> None:
    limits = bp.RiskLimits(max_order_notional=Decimal(50))
    result = bp.run_backtest(Buyer(), quotes(0, 1, 9), config(), risk_manager=limits)
    assert not result.orders
    assert len(result.refused) == 1


class Stops(Clock):
    """Ends its timer at the second call, and looks at what is to come."""

    @override
    def on_timer(self, timer: bp.Timer, state: bp.EngineView, /) -> bp.Orders:
        super().on_timer(timer, state)
        if timer.time_ns == START + 4 * MILLISECOND:
            (pending,) = state.timers
            assert pending.id == timer.id
            assert pending.time_ns == START + 6 * MILLISECOND
            assert state.cancel_timer(timer)
            assert not state.cancel_timer(timer)
            assert not state.timers
        return bp.NO_ORDERS


def test_a_timer_can_be_taken_back() -> None:
    strategy = Stops(every=timedelta(milliseconds=2))
    bp.run_backtest(strategy, quotes(0, 20), config())
    assert [time for what, time in strategy.called if what == "timer"] == [2, 4]


class Failing(Clock):
    @override
    def on_timer(self, timer: bp.Timer, state: bp.EngineView, /) -> bp.Orders:
        message = "at the timer"
        raise ZeroDivisionError(message)


def test_an_exception_comes_out_as_it_is() -> None:
    with pytest.raises(ZeroDivisionError, match="at the timer"):
        bp.run_backtest(Failing(), quotes(0, 20), config())


class Wrong(Clock):
    @override
    def on_timer(self, timer: bp.Timer, state: bp.EngineView, /) -> bp.Orders:
        return 3  # type: ignore[return-value] # a mistake to be answered


def test_what_it_returns_is_checked_by_name() -> None:
    with pytest.raises(TypeError, match=r"Wrong\.on_timer"):
        bp.run_backtest(Wrong(), quotes(0, 20), config())


class Asking(bp.DefaultStrategy):
    """Has no hook for the timer that it asks for."""

    @override
    def on_start(self, state: bp.EngineView, /) -> None:
        state.call_at(state.time_ns + 1)


def test_without_the_hook_nobody_could_be_called() -> None:
    with pytest.raises(ValueError, match=r"on_timer\(timer, state\)"):
        bp.run_backtest(Asking(), quotes(0), config())


@pytest.mark.parametrize("after", [0, -1])
def test_a_time_that_is_not_to_come_is_refused(after: int) -> None:
    with pytest.raises(ValueError, match="time must be after the engine's time"):
        bp.run_backtest(Clock(first=after), quotes(0), config())


@pytest.mark.parametrize("every", [timedelta(0), timedelta(seconds=-1)])
def test_an_interval_is_positive(every: timedelta) -> None:
    with pytest.raises(ValueError, match="every must be positive"):
        bp.run_backtest(Clock(every=every), quotes(0), config())


def test_while_trading_is_disabled_nobody_is_called() -> None:
    class Pausing(Clock):
        @override
        def on_disconnect(
            self, exchange: bp.ExchangeId, state: bp.EngineView, /
        ) -> list[bp.HookCommand]:
            return [bp.TradingState.DISABLED]

    events = [*quotes(0, 1), bp.Reconnecting(SPOT), *quotes(9)]
    strategy = Pausing(every=timedelta(milliseconds=2))
    bp.run_backtest(strategy, bp.MarketData.from_events(events), config())
    # The strategy is asked after the lost stream, before trading is disabled.
    assert strategy.called == [("event", 0), ("event", 1), ("event", 1)]


def test_in_a_group_the_one_that_has_asked_is_called() -> None:
    fast, slow = Clock(every=timedelta(milliseconds=2)), Clock(first=3 * MILLISECOND)
    group = bp.StrategyGroup({"fast": fast, "slow": slow})
    bp.run_backtest(group, quotes(0, 5), config())
    assert [time for what, time in fast.called if what == "timer"] == [2, 4]
    assert [time for what, time in slow.called if what == "timer"] == [3]


def test_of_parts_the_one_that_makes_orders_is_called() -> None:
    strategy = Clock()
    parts = bp.Strategies(strategy, close_positions=bp.DefaultStrategy())
    bp.run_backtest(parts, quotes(0, 5), config())
    assert ("timer", 2) in strategy.called


# The stepped engine


def engine_of(strategy: bp.Strategy) -> bp.Engine:
    engine = bp.Engine(strategy, bp.IndexedInstruments([INSTRUMENT]), time_start=START)
    engine.process(bp.TradingState.ENABLED)
    return engine


def test_the_stepped_engine_calls_when_it_is_told_the_time() -> None:
    strategy = Clock(every=timedelta(milliseconds=2))
    engine = engine_of(strategy)
    strategy.called.clear()
    ticks = engine.advance(START + 5 * MILLISECOND)
    assert strategy.called == [("timer", 2), ("timer", 4)]
    assert [tick.time_ns for tick in ticks] == [START + 2 * MILLISECOND, START + 4 * MILLISECOND]
    assert engine.last_ticks == ticks
    assert engine.time_ns == START + 5 * MILLISECOND
    assert engine.advance(START) == []
    assert engine.time_ns == START + 5 * MILLISECOND


def test_the_stepped_engine_sends_the_orders() -> None:
    strategy = Buyer()
    engine = engine_of(strategy)
    for event in quotes(1):
        engine.process(event)
    (tick,) = engine.advance(START + 2 * MILLISECOND)
    (output,) = tick.outputs
    assert isinstance(output, bp.engine.AlgoOrders)
    (request,) = output.opens.sent
    assert request.state.side is bp.Side.BUY
    assert tick.event is bp.TradingState.ENABLED


def test_a_failure_leaves_later_timers_to_come() -> None:
    engine = engine_of(Failing(every=timedelta(milliseconds=1)))
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            engine.advance(START + 10 * MILLISECOND)
    assert engine.time_ns == START + 3 * MILLISECOND


def test_a_snapshot_has_no_timers() -> None:
    state = engine_of(Clock()).snapshot()
    with pytest.raises(bp.ViewError, match="a snapshot has no timers"):
        state.call_at(START + MILLISECOND * 50)
    assert state.timers == []
