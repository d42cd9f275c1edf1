"""vectorbt: `pip install vectorbt`, then `python benchmarks/peers/run_vectorbt.py`.

vectorbt calls no strategy. It takes arrays of signals, here of the mid after each event, and makes
the orders of all of them at once, in code that numba compiles. "Nothing" is no signals.

A signal is filled at the next event, at the mid, with fees of 0.1 %; no latency. The clock runs
from the prices to the last order. Everything is compiled in a run that is not timed.
"""

from __future__ import annotations

import numpy
import pandas
import vectorbt
from bars import mids
from common import AMOUNTS, FEE_RATE, Counts, report, timed

CASH = 1_000_000


def trade(close, amount, entries, exits):
    """Make the orders of one instrument and give their number."""
    portfolio = vectorbt.Portfolio.from_signals(
        close, entries, exits, size=amount, fees=FEE_RATE, init_cash=CASH
    )
    return int(portfolio.orders.count())


def noop(history):
    """Trade nothing."""
    for close, amount in zip(history, AMOUNTS, strict=True):
        never = numpy.zeros(len(close), dtype=bool)
        trade(close, float(amount), never, never)


def ema_cross(history):
    """Long while the fast average is above the slow one; gives the number of orders."""
    orders = 0
    for close, amount in zip(history, AMOUNTS, strict=True):
        fast = close.ewm(alpha=2 / 51, adjust=False).mean()
        slow = close.ewm(alpha=2 / 201, adjust=False).mean()
        above = (fast > slow).to_numpy()
        before = numpy.concatenate(([False], above[:-1]))
        # An event later, as a strategy that sees a price can trade at the next one only.
        entries = numpy.concatenate(([False], (above & ~before)[:-1]))
        exits = numpy.concatenate(([False], (~above & before)[:-1]))
        orders += trade(close, float(amount), entries, exits)
    return orders


def main():
    """Count, time and report."""
    history = [
        pandas.Series(prices, index=pandas.date_range("2025-03-25", periods=len(prices), freq="ms"))
        for prices in mids()
    ]
    orders = ema_cross(history)
    noop(history)
    report(
        "vectorbt, arrays of signals",
        vectorbt.__version__,
        Counts(sum(len(close) for close in history), orders, orders),
        lambda: timed(lambda: noop(history)),
        lambda: timed(lambda: ema_cross(history)),
    )


if __name__ == "__main__":
    main()
