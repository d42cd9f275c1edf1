"""Paper trading: the run of a backtest on events that come now."""

from __future__ import annotations

import gzip
import os
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from support.binance import quick
from support.paper import CONFIG, Trader, until, venue
from support.risk_managers import Noting
from support.venue_server import VenueServer, Visit
from typing_extensions import override

from barter_python import (
    DelayAnswers,
    Disconnect,
    EngineView,
    Fault,
    Latency,
    MarketData,
    MarketDataError,
    Orders,
    RiskLimits,
    Side,
    StopOrder,
    StreamError,
    SystemConfig,
    TradingState,
    UniformLatency,
    run_backtest,
)
from barter_python.live import (
    Difference,
    KillSwitch,
    PaperResult,
    ShutdownPolicy,
    System,
    replay,
    run_paper,
)

MS = timedelta(milliseconds=1)
LATENCIES: list[Latency] = [timedelta(0), 2 * MS, UniformLatency(timedelta(0), 5 * MS, seed=3)]


def faulty(config: SystemConfig) -> SystemConfig:
    """Lose the exchange now and then from here on, and delay its answers."""
    now = datetime.now(timezone.utc)
    faults: list[Fault] = [
        DelayAnswers(now, timedelta(minutes=1), 3 * MS),
        *[Disconnect(now + number * 40 * MS, 10 * MS) for number in range(1, 20)],
    ]
    return config.with_executions(faults=faults)


# The session may end before some of the faults.
@pytest.mark.filterwarnings("ignore:faults")
@pytest.mark.parametrize("seed", range(20))
def test_a_backtest_and_a_replay_of_the_record_have_the_same_bytes(
    seed: int, tmp_path: Path
) -> None:
    config = faulty(CONFIG) if seed % 4 == 3 else CONFIG
    latency = LATENCIES[seed % 3]
    record = tmp_path / "paper.jsonl.gz"
    with (
        VenueServer(venue(lost_after=150 if seed % 2 else None)) as server,
        System.start(
            Trader(seed),
            config,
            stream_options=quick(server),
            latency=latency,
            record=record,
            close_at_end=seed % 5 == 0,
        ) as system,
    ):
        until(system, 1200)
        result = system.shutdown()
    assert result.orders
    data = MarketData.from_json_lines(record)
    again = run_backtest(
        Trader(seed),
        data,
        config,
        latency=latency,
        until=result.until_ns,
        close_at_end=seed % 5 == 0,
    )
    assert again.to_json() == result.to_json()
    replayed = replay(record, Trader(seed))
    assert replayed.difference is None
    assert replayed.result.to_json() == result.to_json()


@pytest.mark.parametrize("seed", range(4))
def test_commands_are_replayed_at_their_places(seed: int, tmp_path: Path) -> None:
    record = tmp_path / "paper.jsonl.gz"
    with (
        VenueServer(venue()) as server,
        System.start(
            Trader(seed),
            CONFIG,
            stream_options=quick(server),
            latency=LATENCIES[seed % 3],
            record=record,
            shutdown=ShutdownPolicy(cancel_orders=True, close_positions=True),
        ) as system,
    ):
        until(system, 300)
        system.trading_state(TradingState.DISABLED)
        system.cancel_orders()
        system.close_positions()
        until(system, 600)
        system.trading_state(TradingState.ENABLED)
        until(system, 1200)
        result = system.shutdown()
    assert not result.open_positions
    assert not result.open_orders
    replayed = replay(record, Trader(seed))
    assert replayed.difference is None
    assert replayed.result.to_json() == result.to_json()
    # Without its commands the run is another.
    alone = run_backtest(
        Trader(seed),
        MarketData.from_json_lines(record),
        CONFIG,
        latency=LATENCIES[seed % 3],
        until=result.until_ns,
    )
    assert alone.to_json() != result.to_json()


class Protected(Trader):
    """Has a stop that no price reaches."""

    @override
    def on_start(self, state: EngineView, /) -> None:
        state.place_stop(StopOrder(0, Side.SELL, quantity=1, trigger_price=Decimal("0.01")))


def test_a_guard_is_asked_at_the_time_of_a_command(tmp_path: Path) -> None:
    record = tmp_path / "paper.jsonl.gz"
    manager, again = Noting(), Noting()
    with (
        VenueServer(venue()) as server,
        System.start(
            Protected(),
            CONFIG,
            stream_options=quick(server),
            record=record,
            risk_manager=manager,
            guard_commands=True,
        ) as system,
    ):
        until(system, 100)
        system.trading_state(TradingState.DISABLED)
        asked = len(manager.seen)
        first = system.snapshot().instrument(0)
        system.send_open_requests([first.market_order(Side.BUY, quantity=1, strategy_id="me")])
        assert [told[1:] for told in manager.seen[asked:]] == [("NoneType", 1)]
    replay(record, Protected(), risk_manager=again)
    assert again.seen == manager.seen


def recorded(tmp_path: Path, strategy: Trader) -> tuple[Path, PaperResult]:
    """Record a short run."""
    record = tmp_path / "paper.jsonl.gz"
    with (
        VenueServer(venue(100)) as server,
        System.start(
            strategy, CONFIG, stream_options=quick(server), latency=2 * MS, record=record
        ) as system,
    ):
        until(system, 500)
        return record, system.shutdown()


class Slow(Trader):
    """Takes long over every event: the engine falls behind."""

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        sum(range(20_000))
        return super().generate_algo_orders(state)


def test_a_slow_strategy_is_replayed_too(tmp_path: Path) -> None:
    record, result = recorded(tmp_path, Slow())
    replayed = replay(record, Slow())
    assert replayed.difference is None
    assert replayed.result.to_json() == result.to_json()


def test_another_strategy_differs_at_its_first_request(tmp_path: Path) -> None:
    record, _ = recorded(tmp_path, Trader(1))
    difference = replay(record, Trader(2)).difference
    assert isinstance(difference, Difference)
    assert difference.position == 0
    assert str(difference).startswith('request 0: recorded {"Open":')


def test_the_record_of_a_killed_run_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    record, result = recorded(tmp_path, Trader(1))
    path = Path(f"{record}.session.jsonl.gz")
    lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    path.write_bytes(gzip.compress(b"".join(lines[:5])))
    assert replay(record, Trader(1)).difference is None
    assert replay(record, Trader(2)).difference is not None
    path.write_bytes(gzip.compress(b'{"session": {"version": 7}}\n'))
    with pytest.raises(MarketDataError, match="is no session of version 1"):
        replay(record, Trader(1))
    assert result.orders


def test_a_risk_manager_is_given_to_the_replay_as_well(tmp_path: Path) -> None:
    record = tmp_path / "paper.jsonl.gz"
    limits = RiskLimits(max_open_orders=1)
    with VenueServer(venue(100)) as server:
        result = run_paper(
            Trader(1),
            CONFIG,
            stream_options=quick(server),
            record=record,
            risk_manager=limits,
            duration=1000 * MS,
        )
    assert result.refused
    with pytest.raises(ValueError, match="the recorded run had a risk manager: give risk_manager"):
        replay(record, Trader(1))
    assert replay(record, Trader(1), risk_manager=limits).difference is None


def test_a_record_never_replaces_a_file(tmp_path: Path) -> None:
    record = tmp_path / "paper.jsonl.gz"
    session = Path(f"{record}.session.jsonl.gz")
    with VenueServer(venue(100)) as server:
        for path, other in ((record, session), (session, record)):
            path.write_text("precious")
            with pytest.raises(FileExistsError) as raised:
                run_paper(Trader(), CONFIG, stream_options=quick(server), record=record)
            assert str(raised.value.filename) == str(path)
            assert path.read_text() == "precious"
            assert not other.exists()
            path.unlink()


def test_without_an_event_the_run_says_so() -> None:
    async def silent(visit: Visit) -> None:
        await visit.receive()
        await visit.send({"result": None, "id": 1})
        await visit.stay()

    with (
        VenueServer(silent) as server,
        pytest.raises(StreamError, match="ended before its first market event"),
    ):
        run_paper(Trader(), CONFIG, stream_options=quick(server), duration=100 * MS)


def test_a_latency_that_no_record_can_hold_is_refused_before_anything_connects(
    tmp_path: Path,
) -> None:
    with pytest.raises(
        ValueError, match=r"latency is 0\.0005 s, which a JSON configuration cannot"
    ):
        run_paper(
            Trader(),
            CONFIG,
            record=tmp_path / "paper.jsonl.gz",
            latency=timedelta(microseconds=500),
        )
    assert os.listdir(tmp_path) == []


def test_silence_trips_the_kill_switch() -> None:
    with VenueServer(venue(50)) as server:
        result = run_paper(
            Trader(),
            CONFIG,
            stream_options=quick(server),
            duration=1000 * MS,
            kill_switch=KillSwitch(max_silence=50 * MS),
        )
    (trip,) = result.trips
    assert trip.reason.startswith("max_silence: no market event for ")
    assert trip.time_ns < result.until_ns


def test_a_drawdown_trips_the_kill_switch_and_nothing_is_sent_after_it() -> None:
    with (
        VenueServer(venue()) as server,
        System.start(
            Trader(4),
            CONFIG.with_executions(fee_rate=Decimal("0.5"), latency=timedelta(0)),
            stream_options=quick(server),
            kill_switch=KillSwitch(max_drawdown=Decimal("0.00001")),
        ) as system,
    ):
        until(system, 2000)
        result = system.shutdown()
    (trip,) = result.trips
    assert trip.reason.startswith("max_drawdown: drawdown ")
    assert all(report.time_sent_ns <= trip.time_ns for report in result.orders)


def test_rejections_in_a_row_trip_the_kill_switch_which_is_armed_again() -> None:
    (execution,) = CONFIG.executions
    poor = replace(CONFIG, executions=[replace(execution, balances={"usdt": 0}, latency=0 * MS)])
    with (
        VenueServer(venue()) as server,
        System.start(
            Trader(4),
            poor,
            stream_options=quick(server),
            kill_switch=KillSwitch(max_rejections=3),
        ) as system,
    ):
        until(system, 500)
        system.trading_state(TradingState.ENABLED)
        until(system, 1500)
        result = system.shutdown()
    assert [trip.reason for trip in result.trips] == [
        "max_rejections: 3 orders were refused in a row, the limit is 3"
    ] * 2
