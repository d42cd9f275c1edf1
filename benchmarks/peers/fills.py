"""Compares our fills with those of hftbacktest and NautilusTrader, order by order.

In an environment of its own, with the wheel of this project:

    python -m pip install -r benchmarks/peers/requirements.txt dist/*.whl
    python benchmarks/peers/fills.py

The orders are those of `orders.py`. Each engine writes its fills as JSON lines into `target/fills`,
and the tables of `docs/exchange_comparison.md` are printed.
"""

from __future__ import annotations

import subprocess
import sys
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import TypeAlias

from common import SYMBOLS, Event, Quote, events
from orders import LATENCY_NS, LOTS, RUNS, Fill, Order, Run, orders, read_fills

OURS = "ours"
PEERS = {"hftbacktest": RUNS, "nautilus": tuple(run for run in RUNS if run.has_nautilus)}
FOLDER = Path(__file__).resolve().parent.parent.parent / "target" / "fills"
AGREED = ("same", "within a lot", "in neither")
OUTCOMES = (*AGREED, "other parts", "other time", "other amount", "ours only", "theirs only")

Fills: TypeAlias = Mapping[int, Sequence[Fill]]


def produce(engine: str) -> None:
    """Run an engine in a process of its own."""
    path = Path(__file__).with_name(f"run_fills_{engine}.py")
    subprocess.run([sys.executable, "-W", "ignore", str(path), str(FOLDER)], check=True)


def fills_of(engine: str, run: Run) -> Fills:
    """Read the fills of a run, by number of the order."""
    result: defaultdict[int, list[Fill]] = defaultdict(list)
    for fill in read_fills(FOLDER, engine, run):
        result[fill.number].append(fill)
    return result


def kind_of(order: Order, ours: Sequence[Fill], theirs: Sequence[Fill]) -> str:
    """Name a kind of orders."""
    size = "large" if order.is_large else "small"
    if order.is_market:
        return f"market, {size}"
    takes = any(not fill.maker for fill in (*ours, *theirs))
    return f"limit that {'takes' if takes else 'rests'}, {size}"


def outcome_of(order: Order, ours: Sequence[Fill], theirs: Sequence[Fill]) -> str:
    """Say in what the fills of an order differ."""
    if not ours or not theirs:
        return "ours only" if ours else "theirs only" if theirs else "in neither"
    if ours == theirs:
        return "same"
    if _is_within_a_lot(order, ours, theirs):
        return "within a lot"
    if sum(fill.quantity for fill in ours) != sum(fill.quantity for fill in theirs):
        return "other amount"
    return "other parts" if ours[0].time == theirs[0].time else "other time"


def _is_within_a_lot(order: Order, ours: Sequence[Fill], theirs: Sequence[Fill]) -> bool:
    both = zip(ours, theirs, strict=False)
    return len(ours) == len(theirs) and all(_is_near(order, *pair) for pair in both)


def _is_near(order: Order, mine: Fill, other: Fill) -> bool:
    is_near = abs(mine.quantity - other.quantity) <= LOTS[order.instrument]
    return is_near and replace(mine, quantity=other.quantity) == other


def reason_of(order: Order, ours: Sequence[Fill], theirs: Sequence[Fill]) -> str:
    """Say what happened when the fills of an order first differ by more than a lot."""
    time = min(
        fill.time
        for mine, other in zip_longest(ours, theirs)
        if mine is None or other is None or not _is_near(order, mine, other)
        for fill in (mine, other)
        if fill is not None
    )
    if time == order.sent + LATENCY_NS:
        return "it arrives"
    found = (_touch(order, event) for event in _events_at(order.instrument, time))
    return " and ".join(dict.fromkeys(each for each in found if each is not None)) or "neither"


def _touch(order: Order, event: Event) -> str | None:
    sign = 1 if order.is_buy else -1
    if isinstance(event, Quote):
        opposite = Decimal(event.ask if order.is_buy else event.bid)
        return "an L1 crosses" if sign * (order.price - opposite) >= 0 else None
    beyond = sign * (order.price - Decimal(event.price))
    if beyond > 0:
        own = event.is_buy == order.is_buy
        return "a trade through, of its own side" if own else "a trade through"
    return "a trade at the limit" if beyond == 0 and event.is_buy != order.is_buy else None


@cache
def _history(instrument: int) -> tuple[list[int], list[Event]]:
    found = [event for event in events() if event.instrument == instrument]
    return [event.time for event in found], found


def _events_at(instrument: int, time: int) -> Iterator[Event]:
    times, found = _history(instrument)
    for event in found[bisect_left(times, time) :]:
        if event.time > time:
            return
        yield event


def share(run_fills: Fills, wanted: Sequence[Order]) -> float:
    """Give how much of an order is filled, on average, in percent."""
    shares = [
        float(sum(fill.quantity for fill in run_fills.get(order.number, ())) / order.quantity)
        for order in wanted
    ]
    return 100 * sum(shares) / len(shares)


def told(fills: Sequence[Fill], order: Order) -> str:
    """Write the first fills of an order, with times since its arrival in ms."""
    parts = []
    for fill in fills[:3]:
        after = (fill.time - order.sent - LATENCY_NS) / 1e6
        role = "maker" if fill.maker else "taker"
        parts.append(f"{fill.quantity:f} at {fill.price:f} after {after:.3f} ({role})")
    more = f" and {len(fills) - 3} more" if len(fills) > 3 else ""
    return ", ".join(parts) + more if parts else "nothing"


def figures(peer: str, run: Run) -> Iterator[str]:
    """Give the rows of the table for a run."""
    ours, theirs = fills_of(OURS, run), fills_of(peer, run)
    kinds: defaultdict[str, list[Order]] = defaultdict(list)
    outcomes: Counter[tuple[str, str]] = Counter()
    for order in orders():
        mine, other = ours.get(order.number, ()), theirs.get(order.number, ())
        kind = kind_of(order, mine, other)
        kinds[kind].append(order)
        outcomes[kind, outcome_of(order, mine, other)] += 1
    for kind, wanted in sorted(kinds.items(), reverse=True):
        counts = " | ".join(str(outcomes[kind, outcome]) for outcome in OUTCOMES)
        shares = " | ".join(f"{share(each, wanted):.1f} %" for each in (ours, theirs))
        yield f"| {run.name} | {kind} | {len(wanted)} | {counts} | {shares} |"


def differences(peer: str, run: Run) -> Iterator[str]:
    """Say when the fills of orders first differ, and give the first such order."""
    ours, theirs = fills_of(OURS, run), fills_of(peer, run)
    found: defaultdict[tuple[str, str], list[Order]] = defaultdict(list)
    for order in orders():
        mine, other = ours.get(order.number, ()), theirs.get(order.number, ())
        outcome = outcome_of(order, mine, other)
        if outcome not in AGREED:
            kind = kind_of(order, mine, other).partition(",")[0]
            found[f"{kind}: {reason_of(order, mine, other)}", outcome].append(order)
    for (reason, outcome), differing in sorted(found.items()):
        order = differing[0]
        yield f"- {len(differing)}: {reason}: {outcome}. Order {order.number}, {_described(order)}:"
        for engine, each in ((OURS, ours), (peer, theirs)):
            yield f"  - {engine}: {told(each.get(order.number, ()), order)}"


def _described(order: Order) -> str:
    side = "buy" if order.is_buy else "sell"
    price = "" if order.is_market else f" at {order.price:f}"
    return f"{SYMBOLS[order.instrument]}, {side} {order.quantity:f}{price}"


def apart(engine: str) -> int:
    """Count the orders whose fills are others when all orders are in one run."""
    alone, together = (
        fills_of(engine, run) for run in RUNS if run.name in {"shown-back", "shown-back-together"}
    )
    return sum(alone.get(order.number) != together.get(order.number) for order in orders())


def main() -> None:
    """Run the engines, and compare."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for engine in (OURS, *PEERS):
        produce(engine)
    columns = " | ".join(OUTCOMES)
    for peer, runs in PEERS.items():
        print(f"\n## {peer}\n\n| run | orders | | {columns} | filled, ours | theirs |")
        print("|---|---|--:|" + "--:|" * (len(OUTCOMES) + 2))
        for run in runs:
            print("\n".join(figures(peer, run)))
        for run in runs:
            print(f"\n### {peer}, {run.name}\n")
            print("\n".join(differences(peer, run)))
    print("\n## Orders whose fills are others when all are in one run\n")
    for engine in (OURS, "hftbacktest"):
        print(f"- {engine}: {apart(engine)} of {len(orders())}")


if __name__ == "__main__":
    main()
