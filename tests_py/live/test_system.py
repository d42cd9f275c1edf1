"""A running system in the hands of other threads."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from support.binance import quick
from support.paper import CONFIG, MOMENT, Failing, Trader, until, venue
from support.stream_child import settle
from support.venue_server import VenueServer
from typing_extensions import override

from barter_python import (
    NO_ORDERS,
    EngineView,
    Orders,
    StrategyBusyError,
    StreamError,
    TradingState,
)
from barter_python.live import System
from barter_python.streams import StreamStatusKind

ROOT = Path(__file__).parents[2]


def test_its_state_can_be_read_from_another_thread() -> None:
    with (
        VenueServer(venue()) as server,
        System.start(
            Trader(), CONFIG, stream_options=quick(server), latency=timedelta(milliseconds=1)
        ) as system,
    ):
        until(system, 100)
        view = system.snapshot()
        assert view.trading is TradingState.ENABLED
        assert view.instruments[0].mid is not None
        assert view.time_ns > 0
        # Answers move the clock between market events.
        for _ in range(300):
            view = system.snapshot()
            assert system.time_ns >= view.time_ns
        assert system.lag < timedelta(seconds=10)
        assert repr(system).startswith("<System on paper, running, ")
        assert {status.kind for status in system.statuses} == {StreamStatusKind.CONNECTED}
        result = system.shutdown()
    assert system.shutdown() is result
    assert system.result is result
    assert repr(system).startswith("<System on paper, ended, ")
    assert str(result).startswith("PAPER from ")
    assert result.until > result.time_start
    with pytest.raises(StreamError, match="the system has ended"):
        system.trading_state(TradingState.ENABLED)
    with pytest.raises(StreamError, match="the system has ended"):
        system.snapshot()


def test_an_exception_of_the_strategy_ends_it_and_is_raised_unchanged() -> None:
    strategy = Failing()
    with VenueServer(venue()) as server:
        system = System.start(strategy, CONFIG, stream_options=quick(server))
        with pytest.raises(ZeroDivisionError, match="mine") as raised:
            system.wait()
    assert raised.value is strategy.error
    assert strategy.calls == 50
    with pytest.raises(ZeroDivisionError, match="mine"):
        system.shutdown()
    # What it had done until then is not lost.
    assert system.result is not None


@dataclass
class Meddler(Trader):
    """Commands the system that it runs in."""

    system: list[System] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(7)

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        if self.system and not self.refusals:
            with pytest.raises(StrategyBusyError) as refused:
                self.system[0].cancel_orders()
            self.refusals.append(str(refused.value))
        return NO_ORDERS


def test_the_strategy_itself_cannot_command_it() -> None:
    strategy = Meddler()
    with (
        VenueServer(venue()) as server,
        System.start(strategy, CONFIG, stream_options=quick(server)) as system,
    ):
        strategy.system.append(system)
        while not strategy.refusals:
            system.wait(MOMENT)
    assert strategy.refusals[0].startswith("the strategy runs in the system that it commands")


def test_a_wrong_command_is_refused_and_the_system_goes_on() -> None:
    with (
        VenueServer(venue()) as server,
        System.start(Trader(), CONFIG, stream_options=quick(server)) as system,
    ):
        until(system, 50)
        with pytest.raises(TypeError, match="state must be a TradingState"):
            system.trading_state("on")  # type: ignore[arg-type] # a mistake on purpose
        with pytest.raises(ValueError, match="the command has no requests"):
            system.send_open_requests([])
        until(system, system.events + 50)


def test_a_command_is_answered_while_the_venue_is_silent() -> None:
    with (
        VenueServer(venue(1)) as server,
        System.start(Trader(), CONFIG, stream_options=quick(server)) as system,
    ):
        until(system, 6)
        for state in (TradingState.DISABLED, TradingState.ENABLED):
            system.trading_state(state)
            assert system.snapshot().trading is state
        assert system.events == 6


def test_asyncio_waits_for_its_end() -> None:
    async def main(system: System) -> int:
        threading.Timer(0.05, system.shutdown).start()
        return (await system.wait_async()).settings.events

    with VenueServer(venue()) as server:
        system = System.start(Trader(), CONFIG, stream_options=quick(server))
        until(system, 10)
        assert asyncio.run(main(system)) >= 10


def test_systems_leave_no_thread_behind() -> None:
    with VenueServer(venue(20)) as server:
        before = threading.active_count()
        for _ in range(20):
            with System.start(Trader(), CONFIG, stream_options=quick(server)) as system:
                until(system, 5)
    settle(lambda: threading.active_count() <= before)
    assert threading.active_count() <= before


PROGRAM = """
import os, signal, sys, threading
sys.path.insert(0, "tests_py")
from support.binance import quick
from support.paper import CONFIG, Trader, until, venue
from support.venue_server import VenueServer
from barter_python.live import ShutdownPolicy, System
with VenueServer(venue()) as server:
    system = System.start(
        Trader(3), CONFIG, stream_options=quick(server), record=sys.argv[2],
        shutdown=ShutdownPolicy(cancel_orders=True, close_positions=True),
    )
    if sys.argv[1] == "interrupt":
        until(system, 50)
        threading.Timer(0.2, os.kill, [os.getpid(), signal.SIGINT]).start()
        try:
            system.wait()
        except KeyboardInterrupt:
            print("interrupted", system.result is not None, len(system.result.open_positions))
    elif sys.argv[1] == "leave":
        while not system.events:
            pass
        print("left")
"""


@pytest.mark.parametrize(
    ("way", "says"), [("interrupt", "interrupted True 0\n"), ("leave", "left\n")]
)
def test_a_process_that_is_interrupted_or_ends_shuts_it_down(
    way: str, says: str, tmp_path: Path
) -> None:
    record = tmp_path / "paper.jsonl.gz"
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, way, str(record)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.returncode) == (says, 0), done.stderr
    assert record.stat().st_size > 0
