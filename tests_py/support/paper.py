"""Paper trading against a local venue: what it sends, and strategies that trade on it."""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path

from typing_extensions import override

from barter_python import (
    NO_ORDERS,
    EngineView,
    Orders,
    Side,
    Strategy,
    SystemConfig,
)
from barter_python.live import System
from support.binance import accept, quote, trade
from support.venue_server import PATIENCE, Visit

CONFIG = SystemConfig.from_json(
    Path(__file__).parents[2] / "examples" / "data" / "system_config.json"
)
MARKETS = {"BTCUSDT": 100, "ETHUSDT": 20, "SOLUSDT": 3}
MOMENT = timedelta(milliseconds=20)


AT_ONCE = 400
"""Rounds that an endless venue sends as fast as it can; the others follow each millisecond."""


def venue(
    rounds: int | None = None, *, lost_after: int | None = None
) -> Callable[[Visit], Awaitable[None]]:
    """Give a script that sends trades and quotes of Binance, and may lose its first connection.

    No trade comes before the quotes of its round have been sent. Without a number of rounds it
    never falls silent, however slow the test is.
    """
    quoted = 0
    changed = asyncio.Event()

    async def script(visit: Visit) -> None:
        nonlocal quoted, changed
        trades = (await accept(visit))[0].endswith("@trade")
        draw = random.Random(visit.number)
        for number in count() if rounds is None else range(rounds):
            if number > AT_ONCE:
                await asyncio.sleep(0.001)
            if visit.number == 0 and number == lost_after:
                await visit.close()
                return
            while trades and quoted <= number:
                await changed.wait()
            for market, lowest in MARKETS.items():
                price = lowest + draw.randrange(7)
                if trades:
                    await visit.send(trade(number, str(price), market=market))
                else:
                    bid, ask = str(price), str(price + 1)
                    await visit.send(quote(number, bid, ask, market=market))
            if not trades:
                quoted = max(quoted, number + 1)
                changed.set()
                changed = asyncio.Event()
        await visit.stay()

    return script


def until(system: System, events: int) -> None:
    """Let the system run until it has had so many events."""
    last = time.monotonic() + PATIENCE
    while system.events < events:
        assert time.monotonic() < last, f"only {system.events} events: {system.statuses}"
        assert system.wait(MOMENT) is None


def session(record: Path) -> list[dict[str, dict[str, object]]]:
    """Read the lines of a session."""
    text = gzip.decompress(Path(f"{record}.session.jsonl.gz").read_bytes())
    return [json.loads(line) for line in text.splitlines()]


def kinds(record: Path) -> list[str]:
    """Name the kinds of lines of a session."""
    return [next(iter(line)) for line in session(record)]


class Trader(Strategy):
    """Sends market orders, limit orders and cancels at random events."""

    strategy_id = "trader"

    def __init__(self, seed: int = 0) -> None:
        self._draw = random.Random(seed)
        self.calls = 0

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        self.calls += 1
        instrument = state.updated
        if instrument is None or instrument.mid is None or self._draw.random() < 0.9:
            return NO_ORDERS
        side = self._draw.choice([Side.BUY, Side.SELL])
        if instrument.orders and self._draw.random() < 0.5:
            cancel = instrument.orders[0].to_request_cancel()
            return ([], []) if cancel is None else ([cancel], [])
        if self._draw.random() < 0.5:
            return [], [instrument.market_order(side, quantity=Decimal("0.01"))]
        return [], [
            instrument.limit_order(side, price=int(instrument.mid), quantity=Decimal("0.02"))
        ]


class Failing(Trader):
    """Raises at its fiftieth event."""

    def __init__(self) -> None:
        super().__init__(7)
        self.error = ZeroDivisionError("mine")

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        orders = super().generate_algo_orders(state)
        if self.calls == 50:
            raise self.error
        return orders
