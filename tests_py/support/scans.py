"""Functions that open parts of histories, which processes import by name."""

from __future__ import annotations

from barter_python import Level, MarketData, MarketEvent, OrderBookL1
from support.histories import SPOT, START_NS


def hundred(start: int) -> MarketData:
    """Make a hundred quotes a millisecond apart, whose prices rise."""
    return MarketData.from_events(_quote(start + 10**6 * number, number) for number in range(100))


def heap_of(count: int) -> MarketData:
    """Make quotes of one moment: histories of them follow one another in any number."""
    return MarketData.from_events(_quote(START_NS, number) for number in range(count))


def _quote(time: int, number: int) -> MarketEvent:
    sides = Level(price=100 + number, amount=1), Level(price=101 + number, amount=1)
    return MarketEvent(time, time, SPOT, 0, OrderBookL1(time, *sides))


def missing(start: int) -> MarketData:
    """Fail as a file does that is not there."""
    raise FileNotFoundError(f"no part of {start}")
