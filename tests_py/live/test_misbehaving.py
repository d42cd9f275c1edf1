"""Strategies that fail, block, or never return, in a running system."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from support.binance import quick
from support.paper import CONFIG, MOMENT, Trader, kinds, until, venue
from support.venue_server import PATIENCE, VenueServer
from typing_extensions import override

from barter_python import (
    NO_ORDERS,
    Command,
    EngineView,
    ExchangeId,
    HookCommand,
    InstrumentFilter,
    MarketData,
    Orders,
    PositionExited,
    StrategyBusyError,
    StreamError,
    Timer,
    Trade,
    TradingState,
)
from barter_python.live import ShutdownPolicy, System, replay


class MineError(Exception):
    """What the strategy raises."""


class Failing(Trader):
    """Trades, sets timers, and raises at the second call of one hook, or at the first of some."""

    def __init__(self, hook: str, seed: int) -> None:
        super().__init__(seed)
        self._hook = hook
        self._left = 1 if hook in ONCE else random.Random(seed).randrange(1, 8)
        self.error = MineError(hook)
        self.hooks: list[str] = []

    def _enter(self, hook: str) -> None:
        self.hooks.append(hook)
        if hook == self._hook:
            self._left -= 1
            if self._left == 0:
                raise self.error

    @override
    def on_start(self, state: EngineView, /) -> None:
        self._enter("on_start")
        state.call_at(state.time_ns + 1_000_000, every=timedelta(milliseconds=1))

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        self._enter("generate_algo_orders")
        return super().generate_algo_orders(state)

    @override
    def on_fill(self, trade: Trade, state: EngineView, /) -> None:
        self._enter("on_fill")

    @override
    def on_position_closed(self, position: PositionExited, state: EngineView, /) -> None:
        self._enter("on_position_closed")

    @override
    def on_timer(self, timer: Timer, state: EngineView, /) -> Orders:
        self._enter("on_timer")
        return NO_ORDERS

    @override
    def on_disconnect(self, exchange: ExchangeId, state: EngineView, /) -> list[HookCommand]:
        self._enter("on_disconnect")
        return []

    @override
    def on_trading_disabled(self, state: EngineView, /) -> list[Command]:
        self._enter("on_trading_disabled")
        return []

    @override
    def close_positions_requests(self, state: EngineView, filter: InstrumentFilter, /) -> Orders:
        self._enter("close_positions_requests")
        return super().close_positions_requests(state, filter)


ONCE = ["on_start", "on_disconnect", "on_trading_disabled", "close_positions_requests"]
IN_A_SHUTDOWN = ["on_trading_disabled", "close_positions_requests"]


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(
    "hook", [*ONCE, "generate_algo_orders", "on_fill", "on_position_closed", "on_timer"]
)
def test_an_exception_in_any_hook(hook: str, seed: int, tmp_path: Path) -> None:
    record = tmp_path / "paper.jsonl.gz"
    strategy = Failing(hook, seed)
    with VenueServer(venue(lost_after=100)) as server:
        system = System.start(
            strategy,
            CONFIG,
            stream_options=quick(server),
            latency=timedelta(milliseconds=1),
            record=record,
            shutdown=ShutdownPolicy(close_positions=hook in IN_A_SHUTDOWN),
        )
        if hook in IN_A_SHUTDOWN:
            until(system, 300)
        with pytest.raises(MineError) as raised:
            system.shutdown() if hook in IN_A_SHUTDOWN else system.wait()
    assert raised.value is strategy.error
    result = system.result
    assert result is not None
    assert strategy.hooks[-1] == hook
    data = MarketData.from_json_lines(record)
    assert len(data) == result.settings.events
    # The same strategy fails at the same place once more, after the same calls.
    again = Failing(hook, seed)
    with pytest.raises(MineError):
        replay(record, again)
    assert again.hooks == strategy.hooks


class Blocking(Trader):
    """Stays in a call until it is released."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks = threading.Event()
        self.release = threading.Event()

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        orders = super().generate_algo_orders(state)
        if self.calls == 100:
            self.blocks.set()
            assert self.release.wait(PATIENCE)
        return orders


def test_a_strategy_that_blocks_loses_no_command(tmp_path: Path) -> None:
    record = tmp_path / "paper.jsonl.gz"
    strategy = Blocking()
    failures: list[BaseException] = []
    with VenueServer(venue()) as server:
        policy = ShutdownPolicy(cancel_orders=True)
        system = System.start(
            strategy, CONFIG, stream_options=quick(server), record=record, shutdown=policy
        )
        assert strategy.blocks.wait(PATIENCE)
        ready = threading.Barrier(5)

        def ask(command: Callable[[], object]) -> None:
            ready.wait(PATIENCE)
            try:
                command()
            except BaseException as failure:
                failures.append(failure)

        commands: list[Callable[[], object]] = [
            lambda: system.trading_state(TradingState.DISABLED),
            system.cancel_orders,
            system.close_positions,
            system.snapshot,
        ]
        threads = [threading.Thread(target=ask, args=(command,)) for command in commands]
        for thread in threads:
            thread.start()
        ready.wait(PATIENCE)
        assert system.wait(MOMENT) is None  # as long as the strategy likes
        strategy.release.set()
        for thread in threads:
            thread.join(PATIENCE)
        assert not any(thread.is_alive() for thread in threads)
        calls = strategy.calls
        until(system, system.events + 50)
        assert strategy.calls == calls
        result = system.shutdown()
    assert failures == []
    assert result.settings.events >= 150
    # Three of the threads, and two of the shutdown.
    assert kinds(record).count("command") == 5
    assert replay(record, Trader()).difference is None


def test_a_shutdown_comes_through_after_a_strategy_that_blocks() -> None:
    strategy = Blocking()
    with VenueServer(venue()) as server:
        system = System.start(strategy, CONFIG, stream_options=quick(server))
        assert strategy.blocks.wait(PATIENCE)
        stopping = threading.Thread(target=system.shutdown)
        stopping.start()
        assert system.wait(MOMENT) is None
        strategy.release.set()
        stopping.join(PATIENCE)
        assert not system.is_running
        with pytest.raises(StreamError, match="the system has ended"):
            system.cancel_orders()


def test_an_abort_passes_the_policy_over(tmp_path: Path) -> None:
    record = tmp_path / "paper.jsonl.gz"
    with VenueServer(venue()) as server:
        policy = ShutdownPolicy(cancel_orders=True, timeout=timedelta(days=1))
        system = System.start(
            Trader(),
            CONFIG,
            stream_options=quick(server),
            latency=timedelta(days=2),
            record=record,
            shutdown=policy,
        )
        until(system, 300)
        system.abort()
    result = system.result
    assert result is not None
    assert result.open_orders
    assert "command" not in kinds(record)


def test_a_strategy_that_never_returns_is_interrupted_by_an_abort() -> None:
    class Endless(Trader):
        @override
        def generate_algo_orders(self, state: EngineView, /) -> Orders:
            reached.set()
            while True:
                pass

    reached = threading.Event()
    with VenueServer(venue()) as server:
        system = System.start(Endless(), CONFIG, stream_options=quick(server))
        assert reached.wait(PATIENCE)
        system.abort()
        with pytest.raises(KeyboardInterrupt):
            system.shutdown()
    assert system.result is not None


def test_the_strategy_itself_cannot_wait_for_the_end() -> None:
    class Impatient(Trader):
        @override
        def generate_algo_orders(self, state: EngineView, /) -> Orders:
            started.wait(PATIENCE)
            systems[0].shutdown()
            return NO_ORDERS

    systems: list[System] = []
    started = threading.Event()
    with VenueServer(venue()) as server:
        systems.append(System.start(Impatient(), CONFIG, stream_options=quick(server)))
        started.set()
        with pytest.raises(StrategyBusyError, match="whose end it would wait for"):
            systems[0].wait()


def test_asyncio_may_stop_waiting() -> None:
    async def main(system: System) -> None:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(system.wait_async(), 0.01)

    with (
        VenueServer(venue()) as server,
        System.start(Trader(), CONFIG, stream_options=quick(server)) as system,
    ):
        until(system, 10)
        # It would not come back if a thread of the loop's still waited for the end.
        asyncio.run(main(system))
        assert system.is_running
