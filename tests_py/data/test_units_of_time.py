"""Whole numbers that are not nanoseconds, and clocks that step back."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from support.command import run_command
from support.histories import SPOT, watch

import barter_python as bp

SECONDS = 1_735_689_599
TICK = bp.PublicTrade("1", price=100, amount=1, side=bp.Side.BUY)


def history(*times: int) -> bp.MarketData:
    return bp.MarketData.from_events(bp.MarketEvent(time, time, SPOT, 0, TICK) for time in times)


@pytest.mark.parametrize(
    ("factor", "unit", "multiply"),
    [
        (1, "seconds", "1000000000"),
        (1000, "milliseconds", "1000000"),
        (1_000_000, "microseconds", "1000"),
    ],
)
def test_other_units_warn(factor: int, unit: str, multiply: str) -> None:
    with pytest.warns(UserWarning, match=f"looks like {unit}; multiply by {multiply}$"):
        history(SECONDS * factor)
    with pytest.warns(UserWarning, match=f"time_start is 1970.* looks like {unit}"):
        bp.Engine(
            bp.DefaultStrategy(),
            bp.IndexedInstruments(
                [bp.InstrumentConfig(SPOT, "BTCUSDT", bp.Underlying("btc", "usdt"))]
            ),
            time_start=SECONDS * factor,
        )


@pytest.mark.parametrize("time", [0, 1, 1000, 10**9 // 2, SECONDS * 10**9, -SECONDS * 1000, 2**62])
def test_nanoseconds_and_made_up_times_do_not(time: int) -> None:
    assert history(time).time_start_ns == time


def test_a_file_is_looked_at_too(tmp_path: Path) -> None:
    line = {
        "time_exchange": "2025-01-01T00:00:00Z",
        "time_received": "1970-01-01T00:28:55.689599Z",
        "exchange": "binance_spot",
        "instrument": 0,
        "kind": {"Trade": {"id": "1", "price": 1, "amount": 1, "side": "Buy"}},
    }
    (tmp_path / "lines.jsonl").write_text(json.dumps({"Item": line}))
    (tmp_path / "array.json").write_text(json.dumps([{"Item": line}]))
    with pytest.warns(UserWarning, match=r"lines.jsonl is 1970.*milliseconds"):
        bp.MarketData.from_json_lines(tmp_path / "lines.jsonl")
    with pytest.warns(UserWarning, match=r"array.json is 1970.*milliseconds"):
        bp.MarketData.from_json(tmp_path / "array.json")


def test_inspect_data_counts_the_times_of_1970(tmp_path: Path, real_path: Path) -> None:
    lines = [
        {
            "time_exchange": time,
            "time_received": "2025-01-01T00:00:00Z",
            "exchange": "binance_spot",
            "instrument": 0,
            "kind": {"Trade": {"id": "1", "price": 1, "amount": 1, "side": "Buy"}},
        }
        for time in ("1970-01-01T00:00:01Z", "1970-03-01T00:00:00Z", "2025-01-01T00:00:00Z")
    ]
    file = tmp_path / "lines.jsonl"
    file.write_text("\n".join(json.dumps({"Item": line}) for line in lines))
    done = run_command("inspect-data", str(file))
    assert done.returncode == 0
    assert "times in 1970, which whole numbers of seconds, milliseconds or" in done.stdout
    rows = [line.split() for line in done.stdout.splitlines()]
    assert ["time_received", "0"] in rows
    assert ["time_exchange", "2"] in rows
    assert "1970" not in run_command("inspect-data", str(real_path)).stdout


@pytest.mark.parametrize(
    ("time", "count"),
    [
        ("1999-12-31T23:59:59.999999999Z", 1),
        ("2000-01-01T00:00:00Z", 0),
        ("2099-12-31T23:59:59Z", 0),
        ("2100-01-01T00:00:00Z", 1),
        ("1969-12-31T23:59:59Z", 1),
        ("1970-03-01T00:00:00Z", 0),
    ],
)
def test_inspect_data_counts_the_years_that_no_market_has(
    tmp_path: Path, time: str, count: int
) -> None:
    line = {
        "time_exchange": time,
        "time_received": "2025-01-01T00:00:00Z",
        "exchange": "binance_spot",
        "instrument": 0,
        "kind": {"Trade": {"id": "1", "price": 1, "amount": 1, "side": "Buy"}},
    }
    file = tmp_path / "lines.jsonl"
    file.write_text(json.dumps({"Item": line}))
    _, found, rows = run_command("inspect-data", str(file)).stdout.partition("Years: times before")
    assert bool(found) == bool(count)
    if count:
        assert [row.split() for row in rows.splitlines()[2:4]] == [
            ["time_received", "0"],
            ["time_exchange", "1"],
        ]


def test_the_clock_never_runs_backwards(real_history: bp.MarketData) -> None:
    steps = [1_700_000_000_000_000_000 + step for step in (5, 3, 9, 1)]
    seen = watch(lambda state: state.time_ns, history(*steps))
    assert seen == [steps[0], steps[0], steps[2], steps[2]]
    times = [event.time_received_ns for event in real_history if isinstance(event, bp.MarketEvent)]
    assert any(after < before for before, after in pairwise(times))
