"""barter_python, compiled: `python benchmarks/peers/run_ours_compiled.py`.

numba compiles the strategies, as it does for hftbacktest, and no event calls Python. They are
compiled before the clock runs, as there. All else is as in `run_ours.py`.
"""

from __future__ import annotations

from importlib.metadata import version

from common import CONFIG, EVENTS, HISTORY, OWN, Counts, compiled_noop, report, timed
from ema_compiled import ema_cross

import barter_python as bp


def main() -> None:
    """Time and report."""
    data = bp.MarketData.from_json_lines(HISTORY)
    config = bp.SystemConfig.from_json(CONFIG).with_executions(liquidity=bp.Liquidity.INFINITE)
    noop = compiled_noop.strategy(OWN, strategy_id="noop")
    ema = ema_cross.strategy(OWN, strategy_id="ema")

    def nanoseconds(strategy: bp.Strategy) -> float:
        return timed(lambda: bp.run_backtest(strategy, data, config))

    result = bp.run_backtest(ema, data, config)
    report(
        "barter_python, compiled",
        version("barter-python"),
        Counts(EVENTS, len(result.orders), len(result.fills)),
        lambda: nanoseconds(noop),
        lambda: nanoseconds(ema),
    )


if __name__ == "__main__":
    main()
