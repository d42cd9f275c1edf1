"""What barter logs reaches Python's `logging` when somebody asks for it, and never otherwise."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
from support import ROOT
from support.histories import (
    SPOT,
    START_NS,
    history,
    l1,
    market_request,
    quotes,
    reconnecting,
    snapshot,
    two_instruments,
    update,
)
from typing_extensions import override

from barter_python import (
    NO_ORDERS,
    ClosePositions,
    DefaultStrategy,
    Engine,
    EngineView,
    InstrumentFilter,
    Orders,
    Reconnecting,
    SendOpenRequests,
    StateReplica,
    Strategy,
    StrategyBusyError,
    TradingState,
    ViewError,
    disable_logging,
    enable_logging,
    run_backtest,
)

INSTRUMENTS = two_instruments().index()
TRADING = "barter.engine.state.trading"
CONNECTIVITY = "barter.engine.state.connectivity"


@pytest.fixture(autouse=True)
def silent_again() -> Iterator[None]:
    yield
    disable_logging()


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Let Python's loggers pass everything: what is dropped is dropped in Rust."""
    caplog.set_level(0)
    caplog.set_level(0, logger="barter")
    return caplog


def engine(strategy: Strategy | None = None) -> Engine:
    return Engine(strategy or DefaultStrategy(), INSTRUMENTS, time_start=START_NS)


def said(log: pytest.LogCaptureFixture) -> list[tuple[str, int, str]]:
    """Give the records so far, once."""
    records = list(log.record_tuples)
    log.clear()
    return records


ENABLED = (TRADING, logging.INFO, "EngineState setting TradingState::Enabled")
DISABLED = (TRADING, logging.INFO, "EngineState setting TradingState::Disabled")
LOST = (
    CONNECTIVITY,
    logging.WARNING,
    "EngineState received MarketStream disconnect event exchange=BinanceSpot",
)

# When


def test_silent_by_default() -> None:
    script = """
import logging
logging.basicConfig(level=0)
import barter_python as bp
path = "examples/data/binance_spot_market_data_with_disconnect_events.json"
data = bp.MarketData.from_json(path)
config = bp.SystemConfig.from_json("examples/data/system_config.json")
bp.run_backtest(bp.DefaultStrategy(), data, config, close_at_end=True)
bp.disable_logging()
bp.run_backtest(bp.DefaultStrategy(), data, config, close_at_end=True)
print("quiet")
bp.enable_logging()
bp.run_backtest(bp.DefaultStrategy(), data, config)
"""
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert run.stdout == "quiet\n"
    # All that comes, comes by `logging`, and from the third run.
    lines = run.stderr.splitlines()
    assert f"INFO:{CONNECTIVITY}:EngineState setting global connectivity to Healthy" in lines
    assert lines.count(f"WARNING:{CONNECTIVITY}:{LOST[2]}") == 3
    assert all(line.startswith(("INFO:barter.", "WARNING:barter.")) for line in lines)


def test_levels_can_be_changed_and_taken_back(log: pytest.LogCaptureFixture) -> None:
    made = engine()

    def all_levels() -> list[tuple[str, int, str]]:
        # INFO, WARNING, and DEBUG: the clock finds no time in a command.
        made.process(TradingState.ENABLED)
        made.process(Reconnecting(SPOT))
        made.process(TradingState.DISABLED)
        return said(log)

    assert all_levels() == []
    enable_logging()
    assert all_levels() == [ENABLED, LOST, DISABLED]
    enable_logging("INFO")
    enable_logging(logging.INFO)
    assert all_levels() == [ENABLED, LOST, DISABLED]
    enable_logging(logging.INFO + 1)
    assert all_levels() == [LOST]
    enable_logging("WARNING")
    assert all_levels() == [LOST]
    for level in ("ERROR", "CRITICAL", 41, 10**30):
        enable_logging(level)
        assert all_levels() == []
    for level in ("TRACE", "DEBUG", "NOTSET", 5, 0, -(10**30)):
        enable_logging(level)
        assert [one for one in all_levels() if one[1] > logging.DEBUG] == [ENABLED, LOST, DISABLED]
    disable_logging()
    assert all_levels() == []
    disable_logging()
    enable_logging()
    assert all_levels() == [ENABLED, LOST, DISABLED]


def test_crates_of_data_and_debug(log: pytest.LogCaptureFixture) -> None:
    enable_logging("DEBUG")
    made = engine()
    made.process(snapshot(0, {"100": "1"}, {"102": "1"}))
    log.clear()
    made.process(update(1, {"99": "0"}, {}, sequence=2))
    ((name, level, message),) = said(log)
    assert (name, level) == ("barter_data.books", logging.DEBUG)
    assert message.startswith("received upsert Level with zero amount")
    enable_logging("INFO")
    made.process(update(2, {"99": "0"}, {}, sequence=3))
    assert said(log) == []


@pytest.mark.parametrize("level", ["info", "", "LOUD", "Level 7"])
def test_unknown_levels_are_refused(level: str) -> None:
    with pytest.raises(ValueError, match="level must be a level of logging, got"):
        enable_logging(level)


@pytest.mark.parametrize("level", [True, None, 1.5])
def test_levels_of_other_types_are_refused(level: object) -> None:
    with pytest.raises(TypeError, match="level must be an int or a str, got"):
        enable_logging(level)  # type: ignore[arg-type]


def test_names_that_logging_knows_are_levels(
    log: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging, "_nameToLevel", {"LOUD": logging.WARNING})
    enable_logging("LOUD")
    made = engine()
    made.process(TradingState.ENABLED)
    made.process(Reconnecting(SPOT))
    assert said(log) == [LOST]


def test_python_s_loggers_have_the_last_word(log: pytest.LogCaptureFixture) -> None:
    enable_logging()
    made = engine()
    log.set_level(logging.WARNING, logger="barter")
    made.process(TradingState.ENABLED)
    made.process(Reconnecting(SPOT))
    assert said(log) == [LOST]
    log.set_level(logging.INFO, logger="barter")
    made.process(TradingState.DISABLED)
    assert said(log) == [DISABLED]


# What


def test_a_record_has_fields_and_source(log: pytest.LogCaptureFixture) -> None:
    enable_logging()
    engine().process(Reconnecting(SPOT))
    (record,) = log.records
    assert vars(record)["barter_fields"] == {"exchange": "BinanceSpot"}
    assert record.pathname.startswith("barter-0.14.")
    assert record.pathname.replace("\\", "/").endswith("/src/engine/state/connectivity/mod.rs")
    assert record.lineno > 0
    assert record.threadName == threading.current_thread().name


def test_commands_are_logged(log: pytest.LogCaptureFixture) -> None:
    enable_logging()
    engine().process(ClosePositions(InstrumentFilter.exchanges([0])))
    ((name, level, message),) = said(log)
    assert (name, level) == ("barter.engine", logging.INFO)
    assert message.startswith("Engine actioning user Command::ClosePositions filter=Exchanges(")


def test_percent_signs_are_no_format(log: pytest.LogCaptureFixture) -> None:
    enable_logging()
    engine().process(SendOpenRequests([market_request("100%s")]))
    ((name, _, message),) = said(log)
    assert name == "barter.engine"
    assert "100%s" in message


def test_a_replica_says_nothing_of_its_own(log: pytest.LogCaptureFixture) -> None:
    made = engine()
    replica = StateReplica(made.audit_snapshot())
    for level in ("INFO", "WARNING"):
        enable_logging(level)
        ticks = [made.process(one) for one in (Reconnecting(SPOT), l1(0, "1", "2"))]
        assert LOST in said(log)
        for tick in ticks:
            replica.update(tick)
        assert said(log) == []
    assert replica.state == made.snapshot()


# Handlers


class Calling(logging.Handler):
    """Calls something for each record."""

    def __init__(self, call: Callable[[logging.LogRecord], object]) -> None:
        super().__init__()
        self.call = call

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.call(record)


@pytest.fixture
def handle() -> Iterator[Callable[[Callable[[logging.LogRecord], object]], None]]:
    """Give what adds a handler to the logger of barter."""
    logger = logging.getLogger("barter")
    added: list[logging.Handler] = []

    def add(call: Callable[[logging.LogRecord], object]) -> None:
        added.append(Calling(call))
        logger.addHandler(added[-1])

    yield add
    for handler in added:
        logger.removeHandler(handler)


Handle = Callable[[Callable[[logging.LogRecord], object]], None]


def fail(error: BaseException) -> Callable[[logging.LogRecord], object]:
    def failing(record: logging.LogRecord) -> object:
        raise error

    return failing


@pytest.fixture
def unraisable(monkeypatch: pytest.MonkeyPatch) -> list[BaseException | None]:
    """What the hook for exceptions that nobody can catch is told."""
    told: list[BaseException | None] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda of: told.append(of.exc_value))
    return told


@pytest.mark.parametrize("error", [ValueError("mine"), SystemExit(1)])
def test_an_exception_of_a_handler_does_not_stop_the_engine(
    error: BaseException,
    handle: Handle,
    unraisable: list[BaseException | None],
    log: pytest.LogCaptureFixture,
) -> None:
    handle(fail(error))
    enable_logging()
    made = engine()
    tick = made.process(TradingState.ENABLED)
    assert unraisable == [error]
    assert made.last_tick == tick
    assert made.snapshot().trading is TradingState.ENABLED
    # What is left to Python is fine: nothing is set that would come up later.
    assert made.process(l1(0, "1", "2")).sequence == 1
    unraisable.clear()


def test_ctrl_c_in_a_handler_ends_the_run(
    handle: Handle, unraisable: list[BaseException | None], log: pytest.LogCaptureFixture
) -> None:
    handle(lambda record: signal.raise_signal(signal.SIGINT))
    enable_logging("WARNING")
    data = history(*quotes(10), reconnecting(), *quotes(10))
    with pytest.raises(KeyboardInterrupt):
        run_backtest(DefaultStrategy(), data, two_instruments())
    assert unraisable == []
    with pytest.raises(KeyboardInterrupt):
        engine().process(Reconnecting(SPOT))


@dataclass
class KeepsView(Strategy):
    """Keeps the view, and asks for logs inside a callback."""

    view: list[EngineView] = field(default_factory=list)

    @override
    def on_start(self, state: EngineView, /) -> None:
        self.view.append(state)

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        # Another engine, whose logging runs while this one has lent its state.
        engine().process(TradingState.ENABLED)
        return NO_ORDERS


def test_handlers_cannot_reach_the_engine(handle: Handle, log: pytest.LogCaptureFixture) -> None:
    strategy = KeepsView()
    made = engine(strategy)
    caught: list[type[Exception]] = []

    def reach(record: logging.LogRecord) -> None:
        for use in (lambda: strategy.view[0].time, lambda: made.process(TradingState.DISABLED)):
            try:
                use()
            except Exception as error:
                caught.append(type(error))

    handle(reach)
    enable_logging("WARNING")
    made.process(Reconnecting(SPOT))
    assert caught == [ViewError, StrategyBusyError]


def test_logging_inside_callbacks(log: pytest.LogCaptureFixture) -> None:
    enable_logging()
    made = engine(KeepsView())
    made.process(TradingState.ENABLED)
    assert said(log) == [ENABLED, ENABLED]


def test_a_handler_can_switch_it_off(handle: Handle, log: pytest.LogCaptureFixture) -> None:
    handle(lambda record: disable_logging())
    enable_logging()
    made = engine()
    made.process(TradingState.ENABLED)
    made.process(TradingState.DISABLED)
    assert said(log) == [ENABLED]


# Threads


def test_threads_log_and_switch_without_waiting_for_each_other(
    log: pytest.LogCaptureFixture,
) -> None:
    def work(number: int) -> int:
        made = engine()
        for turn in range(50):
            if number == 0:
                enable_logging(("INFO", "WARNING")[turn % 2])
            made.process(Reconnecting(SPOT))
        return number

    enable_logging("WARNING")
    with ThreadPoolExecutor(4) as executor:
        assert list(executor.map(work, range(4), timeout=60)) == [0, 1, 2, 3]
    assert said(log).count(LOST) == 200
