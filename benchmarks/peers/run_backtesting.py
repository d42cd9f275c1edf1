"""backtesting.py: `pip install backtesting`, then `python benchmarks/peers/run_backtesting.py`.

backtesting.py knows bars of one instrument. Each event is one, with the mid as all four prices, and
the instruments are run one after the other. A strategy is never shown the first bar.

A market order is filled at the next bar, at its open, which is the mid; fees 0.1 %; no latency.
Sizes are whole, so `FractionalBacktest` counts in lots. The clock runs while `run` does, which
makes its statistics at the end.
"""

from __future__ import annotations

import os

os.environ["TQDM_DISABLE"] = "1"  # its bars of progress

import backtesting
import pandas
from backtesting.lib import FractionalBacktest
from bars import mids
from common import AMOUNTS, FEE_RATE, Counts, Ema, report, timed

LOT = 1e-5
CASH = 1_000_000


def frames():
    """Give the bars of each instrument."""
    result = []
    for prices in mids():
        times = pandas.date_range("2025-03-25", periods=len(prices), freq="ms")
        named = dict.fromkeys(("Open", "High", "Low", "Close"), prices)
        result.append(pandas.DataFrame({**named, "Volume": 1.0}, index=times))
    return result


class Noop(backtesting.Strategy):
    """Does nothing."""

    def init(self):
        """Prepare nothing."""

    def next(self):
        """Do nothing."""


class EmaCross(backtesting.Strategy):
    """Long while the fast average is above the slow one."""

    lots = 1

    def init(self):
        """Begin with the first bar, which `next` does not see."""
        self.ema = Ema()
        self.ema.crossed(float(self.data.Close[0]))

    def next(self):
        """Take the mid."""
        cross = self.ema.crossed(float(self.data.Close[-1]))
        if cross > 0 and not self.position:
            self.buy(size=self.lots)
        elif cross < 0 and self.position:
            self.position.close()


def main():
    """Count, time and report."""
    history = frames()
    lots = [round(float(amount) / LOT) for amount in AMOUNTS]

    def tests(strategy):
        return [
            FractionalBacktest(frame, strategy, fractional_unit=LOT, cash=CASH, commission=FEE_RATE)
            for frame in history
        ]

    def run_ema(made):
        return [test.run(lots=each) for test, each in zip(made, lots, strict=True)]

    trades = [stats["_trades"] for stats in run_ema(tests(EmaCross))]
    still_open = sum(bool(stats._strategy.position) for stats in run_ema(tests(EmaCross)))
    fills = 2 * sum(len(each) for each in trades) + still_open
    noops, emas = tests(Noop), tests(EmaCross)
    report(
        "backtesting.py",
        backtesting.__version__,
        Counts(sum(len(frame) for frame in history), fills, fills),
        lambda: timed(lambda: [test.run() for test in noops]),
        lambda: timed(lambda: run_ema(emas)),
    )


if __name__ == "__main__":
    main()
