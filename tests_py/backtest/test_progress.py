"""A run tells how far it is, seldom enough to cost nothing."""

from __future__ import annotations

import time

import pytest
from support.histories import quotes, two_instruments
from typing_extensions import override

from barter_python import (
    NO_ORDERS,
    DefaultStrategy,
    EngineView,
    Orders,
    Strategy,
    run_backtest,
)


class Slow(Strategy):
    """Keeps the processor busy for a while at every event."""

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        sum(range(1000))
        return NO_ORDERS


def test_progress_rises_to_the_total_and_is_told_seldom() -> None:
    data = quotes(40_000)
    calls: list[tuple[int, int]] = []
    start = time.monotonic()
    run_backtest(Slow(), data, two_instruments(), progress=lambda *call: calls.append(call))
    elapsed = time.monotonic() - start
    assert calls[-1] == (len(data), len(data))
    assert calls == sorted(set(calls))
    assert {total for _, total in calls} == {len(data)}
    assert 2 <= len(calls) <= 20 * elapsed + 1


def test_the_last_call_comes_for_the_shortest_history() -> None:
    calls: list[tuple[int, int]] = []
    run_backtest(
        DefaultStrategy(), quotes(1), two_instruments(), progress=lambda *call: calls.append(call)
    )
    assert calls == [(1, 1)]


def test_what_progress_raises_stops_the_run_unchanged() -> None:
    class StoppedError(Exception):
        pass

    error = StoppedError()

    def stop(done: int, total: int) -> None:
        raise error

    with pytest.raises(StoppedError) as caught:
        run_backtest(DefaultStrategy(), quotes(1), two_instruments(), progress=stop)
    assert caught.value is error


def test_progress_must_be_callable() -> None:
    with pytest.raises(TypeError, match="progress must be callable, got int 5"):
        run_backtest(
            DefaultStrategy(),
            quotes(1),
            two_instruments(),
            progress=5,  # type: ignore[arg-type]
        )


def test_a_default_strategy_with_a_method_of_its_own_is_asked() -> None:
    """`DefaultStrategy` itself runs without Python; nothing else may."""
    asked: list[bool] = []

    class Own(DefaultStrategy):
        @override
        def generate_algo_orders(self, state: object = None, /) -> Orders:
            asked.append(True)
            return [], []

    run_backtest(Own(), quotes(2), two_instruments())
    assert asked == [True, True]
    patched = DefaultStrategy()
    patched.generate_algo_orders = Own().generate_algo_orders  # type: ignore[method-assign]
    run_backtest(patched, quotes(1), two_instruments())
    assert asked == [True, True, True]
