"""A grid of EMA crossings over the bundled history, on one worker process and on two; short runs.

Processor times are those of the workers, after what as many workers take to start, to import the
package and to read the history: the times of a sweep that has no more than a run for each. Elapsed
times are with all of that, as a user sees them, and mean nothing while other programs run.
"""

from __future__ import annotations

import gc
import itertools
import os
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from time import perf_counter
from unittest.mock import patch

from cases import CONFIG, HISTORY, QUANTITIES
from ema_cross import Ema, EmaCross

import barter_python as bp

GRID = {"fast": range(5, 80, 5), "slow": range(100, 340, 10)}
START = {"fast": [5], "slow": [100, 110]}
SHORT_EVENTS, SHORT_RUNS = 1_000, 1_000


def ema_cross(fast: int, slow: int) -> EmaCross:
    """Make the strategy of one run."""
    return EmaCross(QUANTITIES, defaultdict(partial(Ema, fast, slow)))


def nothing(number: int) -> bp.DefaultStrategy:
    """Make the strategy of a run as short as can be."""
    return bp.DefaultStrategy(f"run {number}")


@dataclass
class Cost:
    """The seconds until the results are there, and those of the workers' processors."""

    elapsed: float
    processor: float


@dataclass
class Sweep:
    """A history and its configuration, read once."""

    data: bp.MarketData
    config: bp.SystemConfig

    def cost(
        self,
        factory: Callable[..., bp.Strategy],
        parameters: Mapping[str, Sequence[object]],
        workers: int,
        keep: Callable[[bp.BacktestResult], object] | None = None,
    ) -> Cost:
        """Run the grid in as many processes.

        `run_backtests` starts one for each processor that it is told of.
        """
        gc.collect()
        with patch.object(os, "cpu_count", return_value=workers):
            start, used = perf_counter(), _used()
            runs = bp.run_backtests(factory, parameters, self.data, self.config, keep=keep)
            cost = Cost(perf_counter() - start, _used() - used)
        for run in runs:
            if run.error is not None:
                raise run.error
        return cost


def _used() -> float:
    """Give the processor time of the processes that have ended."""
    import resource  # noqa: PLC0415 - not on every system

    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


def sweep_figures(rounds: int) -> dict[str, float | None]:
    """Give the best costs of the grid on one worker and on two, in turn, and how they compare.

    `None` where there is only one processor.
    """
    data = bp.MarketData.from_json_lines(HISTORY)
    sweep = Sweep(data, bp.SystemConfig.from_json(CONFIG))
    short = Sweep(bp.MarketData.from_events(itertools.islice(data, SHORT_EVENTS)), sweep.config)
    short_grid = {"number": range(SHORT_RUNS)}
    samples: dict[str, list[float]] = defaultdict(list)
    for _ in range(rounds):
        for name, workers in (("one", 1), ("two", 2)):
            if (os.cpu_count() or 1) < workers:
                continue
            begin = sweep.cost(ema_cross, {**START, "slow": START["slow"][:workers]}, workers)
            cost = sweep.cost(ema_cross, GRID, workers)
            samples[f"sweep_{name}_s"].append(cost.elapsed)
            samples[f"sweep_{name}_start_s"].append(begin.processor)
            samples[f"sweep_{name}_processor_s"].append(cost.processor - begin.processor)
        start = short.cost(nothing, {"number": [0]}, 1).processor
        for name, keep in (("short_run", None), ("short_kept", attrgetter("pnl"))):
            cost = short.cost(nothing, short_grid, 1, keep)
            samples[f"{name}_ns"].append((cost.processor - start) / SHORT_RUNS * 1e9)
    names = [f"sweep_{name}_{of}" for of in FIGURES for name in ("one", "two")]
    best = dict.fromkeys([*names, "sweep_speedup"]) | {
        name: min(times) for name, times in samples.items()
    }
    one, two = best["sweep_one_s"], best["sweep_two_s"]
    if one is not None and two is not None:
        best["sweep_speedup"] = one / two
    best["sweep_load"] = os.getloadavg()[0]
    return best


FIGURES = ("s", "start_s", "processor_s")


if __name__ == "__main__":
    for name, value in sweep_figures(rounds=3).items():
        print(f"{name:24}", "-" if value is None else f"{value:,.2f}")
