"""What `barter-python paper` shows while it runs."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from rich.console import Console
from support.binance import quick
from support.paper import CONFIG, Trader, until, venue
from support.venue_server import VenueServer

from barter_python import ExchangeId, RiskLimits
from barter_python.cli.display import State, Watched, connections, table_of
from barter_python.live import System
from barter_python.streams import StreamStatus, StreamStatusKind, SubKind

NAMES = [
    "time",
    "trading",
    "events",
    "lag",
    "equity",
    "drawdown",
    "positions",
    "open orders",
    "connections",
    "refused last",
]


def drawn(state: State, width: int) -> list[str]:
    """Draw the table on a terminal of a width."""
    terminal = io.StringIO()
    Console(file=terminal, width=width).print(table_of(state))
    return terminal.getvalue().splitlines()


@pytest.mark.parametrize("width", [40, 80, 120])
def test_each_text_has_one_line_however_long_it_is(width: int) -> None:
    state = {"time": ["2026"], "refused last": ["[bold] reason " * 20, "short"]}
    lines = drawn(state, width)
    assert len(lines) == 3 + 3 + 1
    assert {len(line) for line in lines} == {width}
    assert "PAPER" in lines[1]
    assert lines[4].split()[:4] == ["│", "refused", "last", "│"]
    assert "[bold] reason" in lines[4]
    assert lines[4].rstrip(" │").endswith("…")
    assert "short" in lines[5]


@pytest.mark.parametrize("width", [80, 120])
def test_a_run_fits_on_a_terminal(width: int) -> None:
    (execution,) = CONFIG.executions
    poor = replace(execution, balances={"usdt": 20, "btc": 1}, latency=timedelta(0))
    config = replace(CONFIG, executions=[poor])
    with VenueServer(venue()) as server:
        system = System.start(Trader(3), config, stream_options=quick(server))
        with system:
            watched = Watched(system)
            until(system, 1500)
            while (state := watched.state())["refused last"] == ["none"]:
                until(system, system.events + 50)
            rate = watched.state()["events"][0]
    assert list(state) == NAMES
    assert state["trading"] == ["enabled"]
    assert state["equity"][0].endswith(" binance_spot_usdt")
    assert state["drawdown"][0].endswith(" % binance_spot_usdt")
    # An order without the money for it, or a cancel that comes too late.
    assert all(re.match(r"\d\d:\d\d:\d\d .*: ", each) for each in state["refused last"])
    assert rate.endswith("/s")
    lines = drawn(state, width)
    assert len(lines) <= 24
    assert {len(line) for line in lines} == {width}
    assert watched.state() == {}


def test_equity_drawdown_and_refusals_are_those_of_the_result() -> None:
    with (
        VenueServer(venue(200)) as server,
        System.start(
            Trader(3),
            CONFIG.with_executions(latency=timedelta(0)),
            stream_options=quick(server),
            risk_manager=RiskLimits(max_open_orders=1),
        ) as system,
    ):
        until(system, 200 * 3 * 2)
        ((asset, equity, fall),), refusals = system._standing()
        result = system.shutdown()
    bars = result.equity()[asset]
    assert equity == bars[-1].equity
    peak = max(bar.peak for bar in bars)
    assert fall is not None
    assert fall == pytest.approx((peak - equity) / peak)
    by_manager = [
        (each.time_ns, f'"{each.item.key.cid}", by the risk manager: {each.reason}')
        for each in result.refused
    ]
    assert by_manager
    assert {each for each in refusals if "risk manager" in each[1]} <= set(by_manager)
    times = [moment for moment, _ in by_manager]
    times += [each.time_ns for each in result.failed_cancels]
    for report in result.orders:
        if report.order.failure is not None:
            assert report.time_finished_ns is not None
            times.append(report.time_finished_ns)
    assert [moment for moment, _ in refusals] == sorted(times, reverse=True)[:3]


def test_connections_have_an_age() -> None:
    def status(kind: StreamStatusKind, second: int) -> StreamStatus:
        at = datetime(2026, 1, 1, 0, 0, second, tzinfo=timezone.utc)
        return StreamStatus(
            kind, ExchangeId.KRAKEN, SubKind.PUBLIC_TRADES, None, time=at, reason=""
        )

    lost = status(StreamStatusKind.LOST, 5)
    told = [status(StreamStatusKind.CONNECTED, 1), lost]
    assert connections(told, lost.time_ns + 61_500_000_000) == [
        "kraken public_trades lost for 1 min 1 s"
    ]
    # The machine's clock was set back.
    assert connections(told, lost.time_ns - 1) == ["kraken public_trades lost for 0 s"]
