"""A process of its own that reads streams: `python -m support.stream_child PART ADDRESS ...`."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from barter_python import ExchangeId, InstrumentConfig, StreamError, Underlying
from barter_python.streams import Address, StreamOptions, Streams, SubKind, Subscription
from support.venue_server import PATIENCE

BITCOIN = InstrumentConfig(ExchangeId.BINANCE_SPOT, "BTCUSDT", Underlying("btc", "usdt"))
MOMENT = timedelta(milliseconds=10)
TRADES = Subscription(BITCOIN, SubKind.PUBLIC_TRADES)


def connect(address: str) -> Streams:
    """Connect to that address."""
    addresses = {ExchangeId.BINANCE_SPOT: Address(websocket=address)}
    return Streams.connect([TRADES], options=StreamOptions(addresses=addresses))


def interrupted(address: str) -> None:
    """Read until Ctrl-C comes."""
    with connect(address) as streams:
        try:
            for event in streams:
                print("event", type(event).__name__, flush=True)
        except KeyboardInterrupt:
            print("interrupted", flush=True)


def exits(address: str) -> None:
    """Leave without closing."""
    streams = connect(address)
    print("event", type(next(streams)).__name__, flush=True)


def forks(address: str) -> None:
    """Read in a child that a fork has made, which must not hang."""
    streams = connect(address)
    next(streams)
    child = os.fork()
    if child == 0:
        try:
            next(streams)
        except StreamError as error:
            print("child:", error, flush=True)
        streams.close()
        with connect(address) as own:
            print("child:", type(next(own)).__name__, flush=True)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    print("status", status, flush=True)
    streams.close()


def records(address: str, path: str) -> None:
    """Record a hundred events, and more until somebody kills the process."""
    with connect(address) as streams, streams.record(path) as recording:
        while recording.events < 100:
            streams.next(MOMENT)
        print("written", flush=True)
        for _ in streams:
            pass


def counted() -> tuple[int, int]:
    """Count the threads and the open files of this process."""
    own = Path("/proc/self")
    return len(list((own / "task").iterdir())), len(list((own / "fd").iterdir()))


def again_and_again(address: str) -> None:
    """Start and stop a hundred times, and compare what is left."""

    def once() -> None:
        with connect(address) as streams:
            next(streams)

    threads, _ = counted()
    once()
    settle(lambda: counted()[0] == threads)
    before = counted()  # with what the process opens once
    for _ in range(100):
        once()
    settle(lambda: counted() == before)
    print(before, counted(), sep="\n")


def settle(is_so: Callable[[], bool]) -> None:
    """Wait for what has been closed and joined: the system may still count it for a moment."""
    last = time.monotonic() + PATIENCE
    while not is_so() and time.monotonic() < last:
        time.sleep(MOMENT.total_seconds())


PARTS: dict[str, Callable[..., None]] = {
    "interrupted": interrupted,
    "exits": exits,
    "forks": forks,
    "again_and_again": again_and_again,
    "records": records,
}

if __name__ == "__main__":
    PARTS[sys.argv[1]](*sys.argv[2:])
