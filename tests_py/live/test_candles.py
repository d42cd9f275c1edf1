"""Candles of a live run: built from trades at their time, and again in its replay."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest
from support.binance import accept, quick, trade
from support.paper import CONFIG, MOMENT, Trader, until, venue
from support.venue_server import PATIENCE, VenueServer, Visit
from typing_extensions import override

from barter_python import Candle, EngineView, MarketData, MarketEvent, Orders, run_backtest
from barter_python.live import System, replay, run_paper

MS = timedelta(milliseconds=1)


class Watcher(Trader):
    """Trades, and keeps the candles that it sees."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__(seed)
        self.seen: list[MarketEvent] = []

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        match state.event:
            case MarketEvent(kind=Candle()) as event:
                self.seen.append(event)
                assert state.time_ns == event.time_received_ns
            case _:
                pass
        return super().generate_algo_orders(state)


@pytest.mark.parametrize("seed", range(4))
def test_a_backtest_and_a_replay_see_the_same_candles(seed: int, tmp_path: Path) -> None:
    record = tmp_path / "paper.jsonl.gz"
    every = (seed + 1) * 5 * MS
    latency = seed * MS
    strategies = [Watcher(seed) for _ in range(3)]
    with (
        VenueServer(venue(lost_after=150 if seed % 2 else None)) as server,
        System.start(
            strategies[0],
            CONFIG,
            stream_options=quick(server),
            latency=latency,
            record=record,
            candles=every,
        ) as system,
    ):
        until(system, 1200)
        last = time.monotonic() + PATIENCE
        while len(strategies[0].seen) < 10:
            assert time.monotonic() < last
            assert system.wait(MOMENT) is None
        result = system.shutdown()
    data = MarketData.from_json_lines(record)
    # The record has what came, and nothing that was made of it.
    assert not any(
        isinstance(event, MarketEvent) and isinstance(event.kind, Candle) for event in data
    )
    assert result.settings.events == len(data)
    assert result.settings.candles == every
    again = run_backtest(
        strategies[1], data, CONFIG, latency=latency, until=result.until_ns, candles=every
    )
    assert again.to_json() == result.to_json()
    replayed = replay(record, strategies[2])
    assert replayed.difference is None
    assert replayed.result.to_json() == result.to_json()
    assert strategies[0].seen == strategies[1].seen == strategies[2].seen
    # Only at the end of the run can there be candles that no later event shows to be complete.
    shown = list(data.candles(every))
    assert strategies[0].seen[: len(shown)] == shown


@pytest.mark.filterwarnings("ignore:the strategy sent no orders")
def test_a_candle_comes_at_its_time_if_nothing_else_does(tmp_path: Path) -> None:
    async def one_trade(visit: Visit) -> None:
        if (await accept(visit))[0].endswith("@trade"):
            await visit.send(trade(1, "101.5"))
        await visit.stay()

    record = tmp_path / "paper.jsonl.gz"
    strategy = Watcher()
    with (
        VenueServer(one_trade) as server,
        System.start(
            strategy, CONFIG, stream_options=quick(server), record=record, candles=50 * MS
        ) as system,
    ):
        last = time.monotonic() + PATIENCE
        while not strategy.seen:
            assert time.monotonic() < last
            assert system.wait(MOMENT) is None
        assert system.events == 1
        result = system.shutdown()
    (only,) = strategy.seen
    assert only.time_received_ns % 50_000_000 == 0
    assert isinstance(only.kind, Candle)
    assert only.kind.trade_count == 1
    again = Watcher()
    assert replay(record, again).result.to_json() == result.to_json()
    assert again.seen == [only]


class Fine(timedelta):
    """A length with half a microsecond, as pandas' can have."""

    nanoseconds = 500


def test_a_length_that_no_record_can_hold_is_refused_before_anything_connects(
    tmp_path: Path,
) -> None:
    with pytest.raises(
        ValueError, match="candles must be whole microseconds for a record, got 1000500 ns"
    ):
        run_paper(
            Trader(), CONFIG, record=tmp_path / "paper.jsonl.gz", candles=Fine(milliseconds=1)
        )
    with pytest.raises(ValueError, match="candles must be positive"):
        run_paper(Trader(), CONFIG, candles=0 * MS)
    assert list(tmp_path.iterdir()) == []
