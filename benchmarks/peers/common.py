"""What the runs of all engines share: the events, the averages, the clock and the report."""

from __future__ import annotations

import gc
import gzip
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from time import process_time_ns
from typing import TypeAlias

sys.path.append(str(Path(__file__).resolve().parent.parent))
from cases import CONFIG, HISTORY, OWN, QUANTITIES, Noop, compiled_noop
from ema_cross import Ema, EmaCross

__all__ = [
    "AMOUNTS",
    "CONFIG",
    "EVENTS",
    "FEE_RATE",
    "HISTORY",
    "LATENCY_NS",
    "OWN",
    "QUANTITIES",
    "SYMBOLS",
    "Counts",
    "Ema",
    "EmaCross",
    "Event",
    "Noop",
    "Quote",
    "Trade",
    "compiled_noop",
    "events",
    "report",
    "timed",
]

EVENTS = 50_000
ROUNDS = 5
SYMBOLS = ("BTCUSDT", "ETHUSDT", "SOLUSDT")
AMOUNTS = tuple(QUANTITIES.values())
FEE_RATE = 0.001
LATENCY_NS = 100_000_000


@dataclass(frozen=True)
class Quote:
    """The best bid and ask: prices and amounts as text."""

    time: int
    instrument: int
    bid: str
    bid_amount: str
    ask: str
    ask_amount: str


@dataclass(frozen=True)
class Trade:
    """A trade: price and amount as text."""

    time: int
    instrument: int
    id: str
    price: str
    amount: str
    is_buy: bool


Event: TypeAlias = Quote | Trade


@cache
def events() -> list[Event]:
    """Read the bundled history, each event at the time at which ours has it.

    That is the greatest `time_received` so far, so that engines which sort keep the order.
    """
    result: list[Event] = []
    clock = 0
    with gzip.open(HISTORY, "rt") as lines:
        for line in lines:
            item = json.loads(line)["Item"]
            clock = max(clock, _nanoseconds(item["time_received"]))
            kind, instrument = item["kind"], item["instrument"]
            if "Trade" in kind:
                trade = kind["Trade"]
                price, amount = repr(trade["price"]), f"{trade['amount']:.8f}"
                is_buy = trade["side"] == "Buy"
                result.append(Trade(clock, instrument, trade["id"], price, amount, is_buy))
            else:
                bid, ask = kind["OrderBookL1"]["best_bid"], kind["OrderBookL1"]["best_ask"]
                result.append(
                    Quote(
                        clock, instrument, bid["price"], bid["amount"], ask["price"], ask["amount"]
                    )
                )
    if len(result) != EVENTS:
        raise ValueError(f"expected {EVENTS} events, got {len(result)}")
    return result


def timed(work: Callable[[], object]) -> float:
    """Do the work, with garbage collected before, and give nanoseconds an event.

    They are those of the processor, of all threads of this process: long runs suffer no more than
    short ones from whatever else the machine does.
    """
    gc.collect()
    start = process_time_ns()
    work()
    return (process_time_ns() - start) / EVENTS


def _nanoseconds(text: str) -> int:
    seconds, _, fraction = text.removesuffix("Z").partition(".")
    whole = int(datetime.fromisoformat(seconds + "+00:00").timestamp())
    return whole * 1_000_000_000 + int(fraction.ljust(9, "0"))


@dataclass(frozen=True)
class Counts:
    """What a run did, so that nobody times one that did nothing."""

    events: int
    orders: int
    fills: int


def report(
    engine: str,
    version: str,
    counts: Counts,
    noop: Callable[[], float],
    ema: Callable[[], float],
) -> None:
    """Time both strategies in turn and print the best of each, nanoseconds an event, as JSON.

    `counts` is of a run of the EMA crossing that nobody times, with a handler that counts.
    """
    if counts.events != EVENTS or not counts.orders or not counts.fills:
        raise ValueError(f"{engine} has not done its work: {counts}")
    rounds = [(noop(), ema()) for _ in range(ROUNDS)]
    figures = {
        "engine": engine,
        "version": version,
        "noop_ns": round(min(noop for noop, _ in rounds)),
        "ema_ns": round(min(ema for _, ema in rounds)),
        "events": counts.events,
        "orders": counts.orders,
        "fills": counts.fills,
    }
    print(json.dumps(figures), flush=True)
