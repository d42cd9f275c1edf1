"""How paper trading ends: at any moment, by whatever may end it."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support import ROOT
from support.paper import Trader, session, venue
from support.venue_server import PATIENCE, VenueServer

from barter_python import MarketData
from barter_python.live import replay

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs the signals of POSIX")


@contextmanager
def process(*command: str) -> Iterator[subprocess.Popen[str]]:
    """Run a program against a local venue; `ADDRESS` stands for the venue's."""
    with VenueServer(venue(lost_after=70)) as server:
        address = server.address().websocket
        assert address is not None
        arguments = [sys.executable, *(each.replace("ADDRESS", address) for each in command)]
        with subprocess.Popen(
            arguments,
            cwd=ROOT / "tests_py",
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as running:
            try:
                yield running
            finally:
                running.kill()


def output(running: subprocess.Popen[str], patience: float = PATIENCE) -> str:
    """Wait for the end, which must be in order."""
    printed, errors = running.communicate(timeout=patience)
    assert (running.returncode, errors) == (0, "")
    return printed


def check_record(record: Path, seed: int) -> None:
    """The record is whole, and the same strategy decides the same once more."""
    end = session(record)[-1]["end"]
    assert end["after"] == len(MarketData.from_json_lines(record)) >= 1
    assert replay(record, Trader(seed)).difference is None


@POSIX
@pytest.mark.parametrize("seed", range(10))
def test_ctrl_c_at_any_moment(seed: int, tmp_path: Path) -> None:
    record = tmp_path / "paper.jsonl.gz"
    part = ("-m", "support.paper_child", "interrupted", "ADDRESS", str(record), str(seed))
    with process(*part) as running:
        assert output(running) == "interrupted\n"
    check_record(record, seed)


@pytest.mark.parametrize("seed", range(5))
def test_the_end_of_the_program_at_any_moment(seed: int, tmp_path: Path) -> None:
    record = tmp_path / "paper.jsonl.gz"
    part = ("-m", "support.paper_child", "leaves", "ADDRESS", str(record), str(seed))
    with process(*part) as running:
        assert output(running) == "left\n"
    check_record(record, seed)


@POSIX
@pytest.mark.parametrize("seed", range(5))
def test_sigterm_ends_the_command_at_any_moment(seed: int, tmp_path: Path) -> None:
    record = tmp_path / "paper.jsonl.gz"
    config = ROOT / "examples" / "data" / "system_config.json"
    part = ["-m", "barter_python.cli", "paper", "--config", str(config), "--record", str(record)]
    part += ["--strategy", "support/paper_child.py:Interrupted", "--cancel-at-end"]
    part += ["--param", f"seed={seed}", "--param", f"signal={int(signal.SIGTERM)}"]
    with process(*part, "--latency", "1ms", "--address", "binance_spot=ADDRESS") as running:
        printed, errors = running.communicate(timeout=PATIENCE)
    assert running.returncode == 0, errors
    assert printed.startswith("PAPER from ")
    assert errors.endswith("interrupted: the run has been shut down\n")
    check_record(record, seed)


@POSIX
@pytest.mark.parametrize("way", ["answers", "endless"])
def test_a_second_ctrl_c_does_not_wait(way: str) -> None:
    with process("-m", "support.paper_child", "twice", "ADDRESS", way) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "shutting down\n"
        running.send_signal(signal.SIGINT)
        assert output(running) == "left False\n"


@POSIX
def test_a_forked_child_is_refused() -> None:
    with process("-W", "ignore", "-m", "support.paper_child", "forks", "ADDRESS") as running:
        *told, status, parent = output(running).splitlines()
    assert told == ["child: this system runs in the parent process"] * 4
    assert status == "status 3"
    assert parent == "parent: True"


@LINUX
def test_a_hundred_starts_and_ends_leave_nothing_behind(tmp_path: Path) -> None:
    part = ("-m", "support.paper_child", "again_and_again", "ADDRESS", str(tmp_path))
    with process(*part) as running:
        before, after, records = output(running, 2 * PATIENCE).splitlines()
    assert after == before
    assert records == str(2 * 100)
