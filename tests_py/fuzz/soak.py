"""Trade on paper for a long time, and see whether memory and lag stay where they are.

    cd tests_py && python -m fuzz.soak --minutes 20 --rate 5000

A venue of its own process sends so many events a second to a `System` that trades and keeps a
record. Each minute has a line; the last lines judge. It needs Linux, for the memory.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import random
import sys
import time
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

from support.binance import accept, quote, trade
from support.paper import CONFIG, MARKETS, until
from support.venue_server import LIFE, VenueServer, Visit
from typing_extensions import override

from barter_python import NO_ORDERS, EngineView, ExchangeId, Orders, Side, Strategy
from barter_python.live import System
from barter_python.streams import Address, StreamOptions, StreamStatusKind

PAUSE = 0.002
"""Seconds between two looks of the venue at what is due."""
LOOK = timedelta(milliseconds=50)
FEWEST = 6
"""With fewer lines nothing is judged."""
MB = 1_000_000


def serve(pipe: Connection, rate: int, seconds: float) -> None:
    """Be the venue: one half of the events are trades, the other quotes."""

    async def script(visit: Visit) -> None:
        trades = (await accept(visit))[0].endswith("@trade")
        draw = random.Random(visit.number)
        loop = asyncio.get_running_loop()
        started, sent = loop.time(), 0
        while True:
            while sent < (loop.time() - started) * rate / 2:
                market, lowest = draw.choice(list(MARKETS.items()))
                price = lowest + draw.randrange(7)
                if trades:
                    await visit.send(trade(sent, str(price), market=market))
                else:
                    await visit.send(quote(sent, str(price), str(price + 1), market=market))
                sent += 1
            await asyncio.sleep(PAUSE)

    with VenueServer(script, life=seconds + LIFE) as server:
        pipe.send(server.address().websocket)
        pipe.poll(seconds + LIFE)  # until the other side closes it


class Trading(Strategy):
    """Sends an order, or cancels one, at every so many events."""

    strategy_id = "soak"

    def __init__(self, every: int) -> None:
        self._every = every
        self._calls = 0
        self.sent = 0

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        self._calls += 1
        instrument = state.updated
        if self._calls % self._every or instrument is None or instrument.mid is None:
            return NO_ORDERS
        cancels = [each.to_request_cancel() for each in instrument.orders]
        position = instrument.position
        side = Side.BUY if position is None or position.side is Side.SELL else Side.SELL
        self.sent += 1
        if self.sent % 2:
            order = instrument.market_order(side, quantity=Decimal("0.01"))
        else:
            price = int(instrument.mid) - (1 if side is Side.BUY else -1)
            order = instrument.limit_order(side, price=price, quantity=Decimal("0.01"))
        return [each for each in cancels if each is not None], [order]


def resident() -> float:
    """Give this process's resident memory, in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MB


@dataclass(frozen=True)
class Line:
    """What one interval was like."""

    minutes: float
    events: int
    rate: float
    lag: float
    waiting: int
    memory: float
    orders: int

    def __str__(self) -> str:
        return (
            f"{self.minutes:6.2f} min {self.events:>12,} events {self.rate:>9,.0f} a second, "
            f"lag at most {self.lag * 1000:>8,.1f} ms, {self.waiting:>7,} waiting at most, "
            f"{self.memory:>7,.1f} MB, {self.orders:>7,} orders"
        )


def watch(system: System, strategy: Trading, seconds: float, every: float) -> list[Line]:
    """Look at the system until the time is over."""
    lines: list[Line] = []
    until(system, 1)
    started = last = time.monotonic()
    before, lag, waiting = 0, 0.0, 0
    while last - started < seconds and system.wait(LOOK) is None:
        lag = max(lag, system.lag.total_seconds())
        # A system tells its lag, not what waits: for once look inside.
        waiting = max(waiting, system._session.streams.lag.waiting)
        now = time.monotonic()
        if now - last >= every:
            events = system.events
            rate = (events - before) / (now - last)
            line = Line((now - started) / 60, events, rate, lag, waiting, resident(), strategy.sent)
            print(line, flush=True)
            lines.append(line)
            last, before, lag, waiting = now, events, 0.0, 0
    return lines


def judge(lines: list[Line]) -> bool:
    """Say whether memory was flat and the lag bounded, by the first and the last third."""
    if len(lines) < FEWEST:
        print("too short to judge: memory and lag")
        return True
    third = len(lines) // 3
    first, last = lines[:third], lines[-third:]
    # The first lines of a run still fill buffers and caches.
    memory = lines[third].memory, max(line.memory for line in last)
    flat = memory[1] <= memory[0] * 1.1 + 8
    orders = lines[-1].orders - lines[third].orders
    print(
        f"memory {'flat' if flat else 'grows'}: {memory[0]:,.1f} MB after the first third, at most "
        f"{memory[1]:,.1f} MB in the last, with {orders:,} orders in between"
    )
    lag = max(line.lag for line in first), max(line.lag for line in last)
    bounded = lag[1] <= 2 * lag[0] + 1
    print(
        f"lag {'bounded' if bounded else 'grows'}: at most {lag[0]:,.3f} s in the first third, "
        f"{lag[1]:,.3f} s in the last"
    )
    return flat and bounded


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20, help="how long")
    parser.add_argument("--rate", type=int, default=5000, help="events a second")
    parser.add_argument("--orders-every", type=int, default=1000, help="an order at so many events")
    parser.add_argument("--line-every", type=float, default=60, help="seconds between two lines")
    arguments = parser.parse_args()

    seconds = 60 * arguments.minutes
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    venue = spawn.Process(target=serve, args=(theirs, arguments.rate, seconds), daemon=True)
    venue.start()
    theirs.close()
    address = Address(websocket=ours.recv())
    strategy = Trading(arguments.orders_every)
    with TemporaryDirectory() as folder:
        record = Path(folder) / "soak.jsonl.gz"
        with System.start(
            strategy,
            CONFIG,
            stream_options=StreamOptions(addresses={ExchangeId.BINANCE_SPOT: address}),
            latency=timedelta(milliseconds=2),
            record=record,
        ) as system:
            lines = watch(system, strategy, seconds, arguments.line_every)
            result = system.shutdown()
        size = sum(path.stat().st_size for path in Path(folder).iterdir()) / MB
    ours.close()
    venue.join()
    print(f"{result.settings.events:>12,} events")
    print(f"{len(result.orders):>12,} orders")
    print(f"{len(result.fills):>12,} fills")
    lost = [each for each in result.statuses if each.kind is StreamStatusKind.LOST]
    print(f"{len(lost):>12,} lost connections")
    print(f"{size:>12,.1f} MB of record")
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"{load} load of the machine at the end, {os.cpu_count()} cores")
    return 0 if judge(lines) else 1


if __name__ == "__main__":
    sys.exit(main())
