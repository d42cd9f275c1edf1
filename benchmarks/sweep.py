"""A grid of EMA crossings over the bundled history, on one worker process and on two."""

from __future__ import annotations

import gc
import os
from collections import defaultdict
from functools import partial
from time import perf_counter
from unittest.mock import patch

from cases import CONFIG, HISTORY, QUANTITIES
from ema_cross import Ema, EmaCross

import barter_python as bp

FAST_SPANS = range(5, 80, 5)
SLOW_SPANS = range(100, 340, 10)
RUNS = len(FAST_SPANS) * len(SLOW_SPANS)


def ema_cross(fast: int, slow: int) -> EmaCross:
    """Make the strategy of one run."""
    return EmaCross(QUANTITIES, defaultdict(partial(Ema, fast, slow)))


class Sweep:
    """The history and the configuration, read once."""

    def __init__(self) -> None:
        self._data = bp.MarketData.from_json_lines(HISTORY)
        self._config = bp.SystemConfig.from_json(CONFIG)

    def seconds(self, workers: int) -> float:
        """Run the grid in as many processes; their start is part of the time, as it is of a user's.

        `run_backtests` starts one for each processor that it is told of.
        """
        grid = {"fast": FAST_SPANS, "slow": SLOW_SPANS}
        gc.collect()
        with patch.object(os, "cpu_count", return_value=workers):
            start = perf_counter()
            runs = bp.run_backtests(ema_cross, grid, self._data, self._config)
            seconds = perf_counter() - start
        for run in runs:
            if run.error is not None:
                raise run.error
        return seconds


def sweep_figures(rounds: int) -> dict[str, float | None]:
    """Give the best times of the grid on one worker and on two, in turn, and how they compare.

    `None` where there is only one processor.
    """
    if (os.cpu_count() or 1) < 2:
        return dict.fromkeys(("sweep_one_s", "sweep_two_s", "sweep_speedup"))
    sweep = Sweep()
    one, two = [], []
    for _ in range(rounds):
        one.append(sweep.seconds(1))
        two.append(sweep.seconds(2))
    return {
        "sweep_one_s": min(one),
        "sweep_two_s": min(two),
        "sweep_speedup": min(one) / min(two),
    }


if __name__ == "__main__":
    for name, value in sweep_figures(rounds=3).items():
        print(f"{name:14}", "-" if value is None else f"{value:.2f}")
