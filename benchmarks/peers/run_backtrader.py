"""backtrader: `pip install backtrader`, then `python benchmarks/peers/run_backtrader.py`.

backtrader knows bars. Each event is one, of its instrument's feed, with the mid as all four prices
(of a trade too, as it does not change the mid) and the traded amount as volume. Bars of one time
reach a strategy in one call, and its times are floats that hold no nanoseconds; so event number n
is put at n milliseconds, and the strategy is called once an event.

A market order is filled at the next bar of its instrument, at the mid; fees 0.1 %; no latency.
The clock runs from the strategy's `start` to its `stop`: feeds are loaded before. backtrader runs
as it does by default (bars loaded before, indicators over all of them), but for its observers,
which are off.
"""

from __future__ import annotations

import gc
from datetime import datetime, timedelta
from time import process_time_ns

import backtrader
from bars import mids
from common import AMOUNTS, EVENTS, FEE_RATE, SYMBOLS, Counts, Ema, Quote, events, report

START = datetime(2025, 3, 25)


def bars() -> list[list[tuple[float, float, float]]]:
    """Give the bars of each instrument: time, mid, volume."""
    result: list[list[tuple[float, float, float]]] = [[] for _ in SYMBOLS]
    prices = [iter(each) for each in mids()]
    for number, event in enumerate(events()):
        volume = 0.0 if isinstance(event, Quote) else float(event.amount)
        time = backtrader.date2num(START + timedelta(milliseconds=number))
        result[event.instrument].append((time, next(prices[event.instrument]), volume))
    return result


class Feed(backtrader.feed.DataBase):
    """The bars of one instrument, from a list."""

    params = (("bars", ()), ("timeframe", backtrader.TimeFrame.MicroSeconds))

    def start(self):
        """Begin at the first."""
        super().start()
        self.left = iter(self.p.bars)

    def _load(self):
        bar = next(self.left, None)
        if bar is None:
            return False
        lines = self.lines
        lines.datetime[0], price, lines.volume[0] = bar
        lines.open[0] = lines.high[0] = lines.low[0] = lines.close[0] = price
        lines.openinterest[0] = 0.0
        return True


class Noop(backtrader.Strategy):
    """Does nothing, and knows how long that took."""

    def start(self):
        """Start the clock."""
        gc.collect()
        self.started = process_time_ns()

    def stop(self):
        """Stop the clock."""
        self.ns = (process_time_ns() - self.started) / EVENTS

    def prenext(self):
        """Treat the first events, when not all instruments have a bar, as all others."""
        self.next()

    def next(self):
        """Do nothing."""


class EmaCross(Noop):
    """Long while the fast average is above the slow one; one position an instrument."""

    def __init__(self):
        self.emas = [Ema() for _ in SYMBOLS]
        self.seen = [0 for _ in SYMBOLS]
        self.pending = [None for _ in SYMBOLS]
        self.orders = self.fills = 0

    def notify_order(self, order):
        """Forget an order that is done."""
        if not order.alive():
            self.pending[self.datas.index(order.data)] = None
            self.fills += order.status == order.Completed

    def next(self):
        """Find the instrument that has a new bar, and trade it."""
        seen = self.seen
        for index, data in enumerate(self.datas):
            length = len(data)
            if length != seen[index]:
                seen[index] = length
                self.on_bar(index, data)

    def on_bar(self, index, data):
        """Take the mid."""
        cross = self.emas[index].crossed(data.close[0])
        if cross == 0 or self.pending[index] is not None:
            return
        position = self.getposition(data)
        if cross > 0 and not position:
            self.pending[index] = self.buy(data, size=float(AMOUNTS[index]))
        elif cross < 0 and position:
            self.pending[index] = self.close(data)
        else:
            return
        self.orders += 1


class Counting(EmaCross):
    """Counts the events."""

    events = 0

    def on_bar(self, index, data):
        """Count, and go on."""
        self.events += 1
        super().on_bar(index, data)


def run(strategy, history):
    """Run once and give the strategy."""
    cerebro = backtrader.Cerebro(stdstats=False)
    cerebro.broker.setcash(10_000)
    cerebro.broker.setcommission(FEE_RATE)
    for symbol, each in zip(SYMBOLS, history, strict=True):
        cerebro.adddata(Feed(bars=each), symbol)
    cerebro.addstrategy(strategy)
    return cerebro.run()[0]


def main():
    """Count, time and report."""
    history = bars()
    counted = run(Counting, history)
    report(
        "backtrader",
        backtrader.__version__,
        Counts(counted.events, counted.orders, counted.fills),
        lambda: run(Noop, history).ns,
        lambda: run(EmaCross, history).ns,
    )


if __name__ == "__main__":
    main()
