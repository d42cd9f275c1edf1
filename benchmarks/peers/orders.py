"""The orders that `fills.py` gives to each engine, and the form in which fills come back.

Every `EVERY`th L1 of each instrument, but for the last second of the history, makes an order. It is
sent at that event's time and, if it is still open then, cancelled at the first event that is
`PATIENCE` later. What it is follows from its number:

- the side changes with every order, the kind, market or limit, with every second;
- of four limit orders two are at the best price of their own side, one is a tick better (which is
  the opposite price where bid and ask are a tick apart) and one a tick worse;
- after 16 small orders (a twentieth of the amount shown where the order takes or joins) come 16
  large ones (three times that amount).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from common import Quote, events

__all__ = [
    "ANSWER_NS",
    "LATENCY_NS",
    "LOTS",
    "RUNS",
    "TICK",
    "Fill",
    "Order",
    "Run",
    "orders",
    "read_fills",
    "write_fills",
]

EVERY = 50
PATIENCE, LAST = 10_000_000_000, 1_000_000_000
LATENCY_NS = ANSWER_NS = 50_000_000
TICK = Decimal("0.01")
LOTS = (Decimal("0.00001"), Decimal("0.0001"), Decimal("0.001"))
DISTANCES = (0, 0, 1, -1)
SMALL, LARGE = Decimal("0.05"), Decimal(3)


@dataclass(frozen=True)
class Order:
    """An order of the list.

    Attributes
    ----------
    number : int
        Its number, from 1.
    instrument : int
        Index of the instrument.
    sent, sent_event : int
        When it is sent, in ns since 1970, and the event after which that is, counted from 0.
    cancelled, cancelled_event : int or None
        The same of its cancel, for which the history may be too short.
    is_buy, is_market : bool
        Side and kind.
    distance : int or None
        Ticks by which a limit order is better than the best price of its side.
    is_large : bool
        Whether it is larger than what is shown.
    price : Decimal
        The limit; of a market order the opposite price when it is sent.
    quantity : Decimal
        Quantity, whole lots.
    """

    number: int
    instrument: int
    sent: int
    sent_event: int
    cancelled: int | None
    cancelled_event: int | None
    is_buy: bool
    is_market: bool
    distance: int | None
    is_large: bool
    price: Decimal
    quantity: Decimal


@dataclass(frozen=True)
class Fill:
    """What an engine filled of an order at one time, in ns, and one price."""

    number: int
    time: int
    price: Decimal
    quantity: Decimal
    maker: bool


@dataclass(frozen=True)
class Run:
    """Rules of ours and those of hftbacktest that come nearest to them.

    Attributes
    ----------
    name : str
        Name of the run.
    is_shown : bool
        `Liquidity.SHOWN`, there with partial fills; else `INFINITE`, there without.
    is_proportional : bool
        `QueuePosition.PROPORTIONAL`, there a probability model; else `BACK`, there the risk-averse.
    is_alone : bool
        Whether each order has a run of its own, so that no order meets another.
    keeps_levels : bool
        Whether hftbacktest's book keeps levels that are worse than the L1's, as they were last
        shown, or has one level a side.
    has_nautilus : bool
        Whether NautilusTrader has such rules too.
    """

    name: str
    is_shown: bool
    is_proportional: bool
    is_alone: bool = True
    keeps_levels: bool = True
    has_nautilus: bool = False


RUNS = (
    Run("whole-back", is_shown=False, is_proportional=False),
    Run("whole-proportional", is_shown=False, is_proportional=True),
    Run("shown-back", is_shown=True, is_proportional=False, has_nautilus=True),
    Run("shown-proportional", is_shown=True, is_proportional=True),
    Run("shown-back-dropped", is_shown=True, is_proportional=False, keeps_levels=False),
    Run("shown-back-together", is_shown=True, is_proportional=False, is_alone=False),
)


@cache
def orders() -> tuple[Order, ...]:
    """Derive the orders from the history."""
    end = events()[-1].time - LAST
    seen = [0, 0, 0]
    result: list[Order] = []
    for index, event in enumerate(events()):
        if isinstance(event, Quote):
            seen[event.instrument] += 1
            if seen[event.instrument] % EVERY == 0 and event.time < end:
                result.append(_order(len(result) + 1, index, event))
    return tuple(result)


def _order(number: int, index: int, quote: Quote) -> Order:
    count = number - 1
    is_buy, is_market = count % 2 == 0, count // 2 % 2 == 0
    distance = None if is_market else DISTANCES[count // 4 % 4]
    is_large = count // 16 % 2 == 1
    takes = distance is None or (distance > 0)
    bid, ask = (quote.bid, quote.bid_amount), (quote.ask, quote.ask_amount)
    shown_price, shown = map(Decimal, ask if is_buy == takes else bid)
    price = shown_price
    if distance is not None:
        own = Decimal(quote.bid if is_buy else quote.ask)
        price = own + distance * TICK * (1 if is_buy else -1)
    lot = LOTS[quote.instrument]
    lots = max(Decimal(1), (shown * (LARGE if is_large else SMALL)) // lot)
    cancelled = _first_event(index, quote.time + PATIENCE)
    return Order(
        number=number,
        instrument=quote.instrument,
        sent=quote.time,
        sent_event=index,
        cancelled=None if cancelled is None else events()[cancelled].time,
        cancelled_event=cancelled,
        is_buy=is_buy,
        is_market=is_market,
        distance=distance,
        is_large=is_large,
        price=price,
        quantity=lots * lot,
    )


def _first_event(start: int, time: int) -> int | None:
    history = events()
    return next((at for at in range(start, len(history)) if history[at].time >= time), None)


def write_fills(name: str, run: Run, fills: Iterable[Fill]) -> None:
    """Write fills as JSON lines into the folder that the command line names."""
    path = Path(sys.argv[1]) / f"{name}-{run.name}.jsonl"
    lines = (json.dumps(asdict(fill), default=str) for fill in sorted(fills, key=_key))
    path.write_text("".join(f"{line}\n" for line in lines))


def read_fills(folder: Path, name: str, run: Run) -> Iterator[Fill]:
    """Read them, those of one order, time and price as one."""
    merged: dict[tuple[int, int, Decimal, bool], Decimal] = {}
    for line in (folder / f"{name}-{run.name}.jsonl").read_text().splitlines():
        item = json.loads(line)
        key = item["number"], item["time"], Decimal(item["price"]), item["maker"]
        merged[key] = merged.get(key, Decimal(0)) + Decimal(item["quantity"])
    for (number, time, price, maker), quantity in merged.items():
        yield Fill(number, time, price.normalize(), quantity.normalize(), maker)


def _key(fill: Fill) -> tuple[int, int, Decimal]:
    return fill.number, fill.time, fill.price
