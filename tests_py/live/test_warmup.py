"""A warm-up of a run on live data: part of its record, and the same in replay and backtest."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from support.binance import quick
from support.paper import CONFIG, Trader, until, venue
from support.venue_server import PATIENCE, VenueServer
from typing_extensions import override

from barter_python import (
    EngineView,
    ExchangeId,
    Level,
    MarketData,
    MarketDataError,
    MarketEvent,
    OrderBookL1,
    Orders,
    PublicTrade,
    Reconnecting,
    Side,
    StreamError,
    run_backtest,
)
from barter_python.live import KillSwitch, System, replay, run_paper
from barter_python.streams import Address, StreamOptions

MS = timedelta(milliseconds=1)
HISTORY = Path(__file__).parents[2] / "examples" / "data"
WARMUP = MarketData.from_json_lines(
    HISTORY / "binance_spot_l1_trades_btc_eth_sol.jsonl.gz"
).between(until="2025-03-25T23:07:10Z")
EXCHANGE = ExchangeId.BINANCE_SPOT


def quoted(time: datetime, *, lost: bool = False) -> MarketData:
    """Give one quote, and a loss after it."""
    book = OrderBookL1(time, Level(price=1, amount=1), Level(price=2, amount=1))
    events: list[MarketEvent | Reconnecting] = [MarketEvent(time, time, EXCHANGE, 0, book)]
    return MarketData.from_events([*events, *([Reconnecting(EXCHANGE)] if lost else [])])


@dataclass
class Noting(Trader):
    """Notes what it is shown before the run, by which it also draws."""

    shown: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(3)

    @override
    def on_warmup(self, state: EngineView, /) -> None:
        self.shown.append(state.time_ns)
        self._draw.random()

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        if not self.calls:
            self.shown.append(0)
        return super().generate_algo_orders(state)


def test_a_replay_and_a_backtest_are_warmed_up_the_same_way(tmp_path: Path) -> None:
    strategy, record = Noting(), tmp_path / "paper.jsonl.gz"
    with (
        VenueServer(venue()) as server,
        System.start(
            strategy,
            CONFIG,
            stream_options=quick(server),
            latency=2 * MS,
            record=record,
            warmup=WARMUP,
            # The venue's events wait for the end of the warm-up: that is not the strategy's lag.
            kill_switch=KillSwitch(max_lag=timedelta(minutes=1)),
        ) as system,
    ):
        until(system, 1200)
        result = system.shutdown()
    assert result.orders
    assert not result.trips
    assert len(strategy.shown) == len(WARMUP) + 1
    assert strategy.shown[0] == WARMUP.time_start_ns
    assert strategy.shown[-1] == 0
    assert result.settings.warmup_events == len(WARMUP)
    assert result.time_start > WARMUP.time_end

    moved = tmp_path / "moved.jsonl.gz"
    for path in sorted(tmp_path.iterdir()):
        path.rename(f"{moved}{path.name.removeprefix(record.name)}")
    assert {path.name for path in tmp_path.iterdir()} == {
        "moved.jsonl.gz",
        "moved.jsonl.gz.session.jsonl.gz",
        "moved.jsonl.gz.warmup.jsonl.gz",
    }
    assert list(MarketData.from_json_lines(f"{moved}.warmup.jsonl.gz")) == list(WARMUP)
    again = Noting()
    replayed = replay(moved, again)
    assert replayed.difference is None
    assert replayed.result.to_json() == result.to_json()
    assert again.shown == strategy.shown
    data = MarketData.from_json_lines(moved)
    backtested, cold = (
        run_backtest(
            Noting(), data, CONFIG, latency=2 * MS, until=result.until_ns, warmup=warmup
        ).to_json()
        for warmup in (WARMUP, None)
    )
    assert backtested == result.to_json() != cold


def test_a_file_that_is_there_stands_in_the_way_and_nothing_is_left_behind(tmp_path: Path) -> None:
    record = tmp_path / "paper.jsonl.gz"
    names = [f"{record}{ending}" for ending in ("", ".session.jsonl.gz", ".warmup.jsonl.gz")]
    with VenueServer(venue(100)) as server:
        for name in names:
            Path(name).write_text("precious")
            with pytest.raises(FileExistsError) as raised:
                run_paper(
                    Trader(), CONFIG, stream_options=quick(server), record=record, warmup=WARMUP
                )
            assert str(raised.value.filename) == name
            assert Path(name).read_text() == "precious"
            assert os.listdir(tmp_path) == [Path(name).name]
            Path(name).unlink()


def test_one_that_is_later_than_the_first_event_is_refused(tmp_path: Path) -> None:
    later = quoted(datetime.now(timezone.utc) + timedelta(days=1))
    record = tmp_path / "paper.jsonl.gz"
    with (
        VenueServer(venue(100)) as server,
        pytest.raises(ValueError, match=r"^warmup must end no later than the run begins"),
    ):
        run_paper(Trader(), CONFIG, stream_options=quick(server), record=record, warmup=later)
    assert os.listdir(tmp_path) == []


def test_what_is_wrong_by_itself_is_refused_before_anything_connects() -> None:
    nobody = {EXCHANGE: Address(websocket="ws://127.0.0.1:9/ws")}
    options = StreamOptions(addresses=nobody)
    with pytest.raises(TypeError, match="warmup must be a MarketData, got str"):
        run_paper(
            Trader(),
            CONFIG,
            stream_options=options,
            warmup="today.jsonl.gz",  # type: ignore[arg-type] # a mistake on purpose
        )
    strange = MarketData.from_events(
        [
            MarketEvent(
                1, 1, ExchangeId.KRAKEN, 0, PublicTrade("1", price=1, amount=1, side=Side.BUY)
            )
        ]
    )
    with pytest.raises(MarketDataError, match=r"^warmup: "):
        run_paper(Trader(), CONFIG, stream_options=options, warmup=strange)


class Failing(Trader):
    """Cannot learn."""

    error = ZeroDivisionError("mine")

    @override
    def on_warmup(self, state: EngineView, /) -> None:
        raise self.error


def test_an_exception_arrives_unchanged() -> None:
    with VenueServer(venue(100)) as server:
        system = System.start(Failing(), CONFIG, stream_options=quick(server), warmup=WARMUP)
        with pytest.raises(ZeroDivisionError) as raised:
            system.wait()
    assert raised.value is Failing.error


@dataclass
class Stopping(Noting):
    """Stops its system while it learns."""

    system: list[System] = field(default_factory=list)
    is_there: threading.Event = field(default_factory=threading.Event)

    @override
    def on_warmup(self, state: EngineView, /) -> None:
        assert self.is_there.wait(PATIENCE)
        self.system[0]._session.controls.stop()


def test_the_end_does_not_wait_for_the_warm_up() -> None:
    strategy = Stopping()
    endless = MarketData.from_events([*quoted(datetime(2024, 1, 1, tzinfo=timezone.utc))] * 1_000)
    with VenueServer(venue(100)) as server:
        system = System.start(strategy, CONFIG, stream_options=quick(server), warmup=endless)
        strategy.system.append(system)
        strategy.is_there.set()
        with pytest.raises(StreamError, match="the run ended before its warm-up was over"):
            system.wait()
    assert strategy.calls == 0
