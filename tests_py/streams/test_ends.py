"""How processes that read streams end: Ctrl-C, exit, fork, and what is left behind."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from support import ROOT
from support.binance import accept, trade
from support.venue_server import PATIENCE, VenueServer, Visit

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs the signals of POSIX")


async def one_trade(visit: Visit) -> None:
    """Send one trade and stay."""
    await accept(visit)
    await visit.send(trade(1))
    await visit.stay()


@contextmanager
def child(part: str) -> Iterator[subprocess.Popen[str]]:
    """Run a part of the child program against a local venue."""
    with VenueServer(one_trade) as server:
        address = server.address().websocket
        assert address is not None
        program = [sys.executable, "-m", "support.stream_child", part, address]
        with subprocess.Popen(
            program, cwd=ROOT / "tests_py", stdout=subprocess.PIPE, text=True
        ) as process:
            try:
                yield process
            finally:
                process.kill()


def rest(process: subprocess.Popen[str]) -> list[str]:
    """Wait for the end and give what the process has printed."""
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    return output.splitlines()


@POSIX
def test_ctrl_c_ends_a_wait() -> None:
    with child("interrupted") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "event MarketEvent\n"
        process.send_signal(signal.SIGINT)
        assert rest(process) == ["interrupted"]


def test_a_process_may_end_without_closing() -> None:
    with child("exits") as process:
        assert rest(process) == ["event MarketEvent"]


@POSIX
def test_a_forked_child_is_told_and_may_connect_itself() -> None:
    with child("forks") as process:
        told, connected, status = rest(process)
    assert told.startswith("child: these streams belong to the parent process")
    assert connected == "child: MarketEvent"
    assert status == "status 0"


@LINUX
def test_a_hundred_starts_and_stops_leave_nothing_behind() -> None:
    with child("again_and_again") as process:
        before, after = rest(process)
    assert after == before
