"""Strategies that turn trading off and on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from support.engines import INSTRUMENTS, BrokenError
from support.histories import (
    SPOT,
    OnMarketEvents,
    buy,
    history,
    l1,
    quotes,
    reconnecting,
    two_instruments,
)
from typing_extensions import override

from barter_python import (
    NO_ORDERS,
    AccountEvent,
    AuditSnapshot,
    AuditTick,
    CancelOrders,
    Engine,
    EngineView,
    ExchangeId,
    HookCommand,
    InstrumentFilter,
    MarketEvent,
    Orders,
    Reconnecting,
    Shutdown,
    StateReplica,
    TradingState,
    run_backtest,
)
from barter_python.engine import (
    MarketDisconnect,
    TradingDisabled,
)


@dataclass(eq=False)
class Switching(OnMarketEvents):
    """Answers as it is told to."""

    disconnected: Sequence[HookCommand] = ()
    disabled: Sequence[HookCommand] = ()
    asked: list[tuple[object, TradingState]] = field(default_factory=list)

    @override
    def on_disconnect(self, exchange: ExchangeId, state: EngineView, /) -> Sequence[HookCommand]:
        return self.disconnected

    @override
    def on_trading_disabled(self, state: EngineView, /) -> Sequence[HookCommand]:
        return self.disabled

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        self.asked.append((state.event, state.trading))
        return super().generate_algo_orders(state)


def ticks_of(
    run: Callable[[Callable[[AuditSnapshot | AuditTick], None]], object],
) -> list[AuditTick]:
    """Give the audit of a run."""
    ticks: list[AuditTick] = []

    def audit(tick: AuditSnapshot | AuditTick) -> None:
        if isinstance(tick, AuditTick):
            ticks.append(tick)

    run(audit)
    return ticks


def test_a_hook_disables_trading_as_the_next_event() -> None:
    strategy = Switching(
        {0: buy}, disconnected=[TradingState.DISABLED, CancelOrders(InstrumentFilter.none())]
    )
    data = history(l1(0, "100", "102"), reconnecting(), l1(200, "100", "102"), l1(300, "1", "2"))
    ticks = ticks_of(
        lambda audit: run_backtest(
            strategy, data, two_instruments(latency=timedelta(milliseconds=100)), audit=audit
        )
    )
    # The order's answer would come before the next quote: trading is disabled before both.
    events = [tick.event for tick in ticks]
    assert events[1:3] == [reconnecting(), TradingState.DISABLED]
    assert [tick.outputs for tick in ticks[2:3]] == [(TradingDisabled(()),)]
    assert isinstance(ticks[1].outputs[0], MarketDisconnect)
    assert all(isinstance(event, (AccountEvent, MarketEvent)) for event in events[3:-1])
    assert events[-1] is TradingState.DISABLED
    # Asked with the first quote, and with the lost stream itself, before the next event.
    assert [trading for _, trading in strategy.asked] == [TradingState.ENABLED] * 2


def test_a_hook_enables_trading_again() -> None:
    strategy = Switching({}, disconnected=[TradingState.DISABLED], disabled=[TradingState.ENABLED])
    data = history(l1(0, "100", "102"), reconnecting(), l1(1, "100", "102"))
    ticks = ticks_of(lambda audit: run_backtest(strategy, data, two_instruments(), audit=audit))
    assert [tick.event for tick in ticks[1:4]] == [
        reconnecting(),
        TradingState.DISABLED,
        TradingState.ENABLED,
    ]
    # Trading was enabled by an event that has nothing to show.
    assert [event for event, _ in strategy.asked][2] is None
    assert len(strategy.asked) == 4


def test_the_engine_of_its_user_processes_it_at_once_and_tells_every_tick() -> None:
    strategy = Switching({0: buy}, disconnected=[TradingState.DISABLED])
    made = Engine(strategy, INSTRUMENTS, time_start=0)
    replica = StateReplica(made.audit_snapshot())
    assert made.last_ticks == []
    for event in (TradingState.ENABLED, l1(0, "100", "102"), Reconnecting(SPOT), l1(1, "1", "2")):
        tick = made.process(event)
        assert tick == made.last_ticks[0]
        assert made.last_tick == made.last_ticks[-1]
        for one in made.last_ticks:
            replica.update(one)
        further = [one.event for one in made.last_ticks[1:]]
        assert further == ([TradingState.DISABLED] if event == Reconnecting(SPOT) else [])
    assert made.snapshot().trading is TradingState.DISABLED
    assert replica.state == made.snapshot()


def test_trading_is_switched_even_when_the_strategy_fails_at_the_same_event() -> None:
    def fail(_: EngineView) -> Orders:
        raise BrokenError("on purpose")

    @dataclass(eq=False)
    class Fails(Switching):
        @override
        def generate_algo_orders(self, state: EngineView, /) -> Orders:
            return fail(state) if isinstance(state.event, Reconnecting) else NO_ORDERS

    made = Engine(Fails({}, disconnected=[TradingState.DISABLED]), INSTRUMENTS, time_start=0)
    made.process(TradingState.ENABLED)
    with pytest.raises(BrokenError, match="on purpose"):
        made.process(Reconnecting(SPOT))
    assert [tick.event for tick in made.last_ticks] == [Reconnecting(SPOT), TradingState.DISABLED]
    assert made.snapshot().trading is TradingState.DISABLED
    made.process(l1(0, "1", "2"))


def test_switching_for_ever_ends() -> None:
    forever = [TradingState.ENABLED, TradingState.DISABLED]
    made = Engine(Switching({}, disabled=forever), INSTRUMENTS, time_start=0)
    made.process(TradingState.ENABLED)
    with pytest.raises(ValueError, match="on and off 1000 times without an event between"):
        made.process(TradingState.DISABLED)
    made.process(l1(0, "1", "2"))
    strategy = Switching({}, disconnected=[TradingState.DISABLED], disabled=forever)
    with pytest.raises(ValueError, match="Switching have turned trading on and off 1000 times"):
        run_backtest(strategy, history(l1(0, "1", "2"), reconnecting()), two_instruments())


def test_orders_cannot_hold_a_trading_state_and_hooks_nothing_else() -> None:
    bad = OnMarketEvents({0: lambda _: ([], [TradingState.DISABLED])})  # type: ignore[list-item]
    with pytest.raises(TypeError, match=r"generate_algo_orders returned wrong opens\[0\]"):
        run_backtest(bad, quotes(1), two_instruments())
    worse = Switching({}, disconnected=[Shutdown()])  # type: ignore[list-item]
    with pytest.raises(TypeError, match=r"expected a command .* or a TradingState, got Shutdown"):
        run_backtest(worse, history(l1(0, "1", "2"), reconnecting()), two_instruments())
