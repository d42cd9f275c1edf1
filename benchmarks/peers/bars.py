"""The history as bars, for engines that know nothing else."""

from __future__ import annotations

from common import SYMBOLS, Quote, events

__all__ = ["mids"]


def mids() -> list[list[float]]:
    """Give the mid after each event, by instrument; before the first quote, the trade's price."""
    result: list[list[float]] = [[] for _ in SYMBOLS]
    known: dict[int, float] = {}
    for event in events():
        if isinstance(event, Quote):
            known[event.instrument] = (float(event.bid) + float(event.ask)) / 2
            price = known[event.instrument]
        else:
            price = known.get(event.instrument, 0.0) or float(event.price)
        result[event.instrument].append(price)
    return result
