"""The command `barter-python`, as a process of its own."""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from support.command import run_command

import barter_python as bp
from barter_python import MarketData, MarketEvent

# Help, versions, data


def test_help_teaches() -> None:
    done = run_command("--help")
    assert (done.returncode, done.stderr) == (0, "")
    for word in ("backtest", "inspect-data", "--param 'quantities=", "--latency 100ms", "130"):
        assert word in done.stdout
    done = run_command("backtest", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    for word in (
        "--config",
        "--no-close-at-end",
        "best_opposite",
        "annual_365",
        "timedelta",
        "answer_latency_ms",
    ):
        assert word in done.stdout


def test_version() -> None:
    done = run_command("--version")
    assert (done.returncode, done.stderr) == (0, "")
    crates = [f"{crate} {version}" for crate, version in bp.wrapped_crates().items()]
    assert done.stdout.splitlines() == [f"barter-python {bp.__version__}", *crates]


def figures(output: str) -> list[list[str]]:
    return [line.split() for line in output.splitlines()]


def test_inspect_data_counts_as_python_does(real_path: Path, real_history: MarketData) -> None:
    done = run_command("inspect-data", real_path)
    assert (done.returncode, done.stderr) == (0, "")
    rows = figures(done.stdout)
    events = [event for event in real_history if isinstance(event, MarketEvent)]
    assert len(events) == len(real_history)
    counts = Counter(
        (event.exchange.value, str(event.instrument), type(event.kind).__name__) for event in events
    )
    assert rows[0][:2] == ["50000", "events"]
    end = rows.index([])
    assert {tuple(row[:3]): int(row[3]) for row in rows[2:end]} == counts

    received = [event.time_received_ns for event in events]
    span, first, last = (
        next(row for row in rows if row[:1] == [word]) for word in ("Span:", "first", "last")
    )
    assert Decimal(span[1]) * 10**9 == max(received) - min(received)
    assert [first[1][:23], last[1][:23]] == [
        f"{time:%Y-%m-%dT%H:%M:%S.%f}"[:23]
        for time in (
            min(event.time_received for event in events),
            max(event.time_received for event in events),
        )
    ]

    in_order = sorted(received)
    pauses = sorted(b - a for a, b in itertools.pairwise(in_order))[:-6:-1]
    start = next(number for number, row in enumerate(rows) if row[:1] == ["Gaps:"]) + 2
    gaps = rows[start : start + 5]
    assert [Decimal(row[2]) * 10**9 for row in gaps] == pauses
    for row, pause in zip(gaps, pauses, strict=True):
        before = received[int(row[0])]
        assert min(time for time in received if time > before) - before == pause

    for name in ("time_received", "time_exchange"):
        times = [getattr(event, f"{name}_ns") for event in events]
        steps = [a - b for a, b in itertools.pairwise(times) if b < a]
        row = next(row for row in rows if row[:1] == [name] and len(row) == 3)
        assert (int(row[1]), Decimal(row[2]) * 10**9) == (len(steps), max(steps))


def test_inspect_data_counts_snapshots_and_updates_of_the_order_book(tmp_path: Path) -> None:
    level = '{"levels":[{"price":"1.5","amount":"2"}]}'
    book = f'{{"sequence":1,"time_engine":null,"bids":{level},"asks":{{"levels":[]}}}}'
    time = "2025-03-25T23:07:00Z"
    lines = [
        f'{{"Item":{{"time_exchange":"{time}","time_received":"{time}","exchange":"binance_spot",'
        f'"instrument":0,"kind":{{"OrderBook":{{"{kind}":{book}}}}}}}}}\n'
        for kind in ("Snapshot", "Update", "Update")
    ]
    path = tmp_path / "books.jsonl"
    path.write_text("".join(lines), encoding="utf-8")
    done = run_command("inspect-data", path)
    assert (done.returncode, done.stderr) == (0, "")
    rows = figures(done.stdout)
    assert ["binance_spot", "0", "OrderBookSnapshot", "1"] in rows
    assert ["binance_spot", "0", "OrderBookUpdate", "2"] in rows


def test_inspect_data_counts_lost_streams(examples: Path) -> None:
    done = run_command(
        "inspect-data", examples / "binance_spot_market_data_with_disconnect_events.json"
    )
    rows = figures(done.stdout)
    assert ["binance_spot", "-", "Reconnecting", "3"] in rows
    assert ["time_received", "0", "0.000000000"] in rows


# Without the extra


def test_importing_the_package_imports_no_dependency_of_the_command() -> None:
    script = (
        "import sys, barter_python\n"
        "print([n for n in sys.modules if n.startswith(('typer', 'rich', 'barter_python.cli'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("module", ["typer", "rich"])
def test_without_the_extra_one_line_says_what_to_install(tmp_path: Path, module: str) -> None:
    text = f"raise ModuleNotFoundError(\"No module named '{module}'\", name='{module}')\n"
    (tmp_path / f"{module}.py").write_text(text)
    done = run_command("--help", path=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "pip install 'barter-python[cli]'" in done.stderr
