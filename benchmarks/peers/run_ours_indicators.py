"""barter_python with indicators of the engine: `python benchmarks/peers/run_ours_indicators.py`.

The engine computes the averages and calls Python where they cross. The strategy that does nothing
waits for a price that never comes. All else is as in `run_ours.py`.
"""

from __future__ import annotations

from importlib.metadata import version

from common import CONFIG, EVENTS, HISTORY, QUANTITIES, Counts, Noop, report, timed
from ema_indicators import EmaCross

import barter_python as bp
from barter_python.indicators import Crosses, Number, Source


class Waiting(Noop):
    """Does nothing, and is asked where the mid crosses a price that it never has."""

    wake_on = (Crosses(Source.MID, Number(1)),)


def main() -> None:
    """Time and report."""
    data = bp.MarketData.from_json_lines(HISTORY)
    config = bp.SystemConfig.from_json(CONFIG).with_executions(liquidity=bp.Liquidity.INFINITE)

    def nanoseconds(strategy: bp.Strategy) -> float:
        return timed(lambda: bp.run_backtest(strategy, data, config))

    result = bp.run_backtest(EmaCross(QUANTITIES), data, config)
    report(
        "barter_python, indicators",
        version("barter-python"),
        Counts(EVENTS, len(result.orders), len(result.fills)),
        lambda: nanoseconds(Waiting()),
        lambda: nanoseconds(EmaCross(QUANTITIES)),
    )


if __name__ == "__main__":
    main()
