"""A grid of EMA crossings over the bundled history, in processes and, compiled, on threads.

Short runs, too.

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
from dataclasses import dataclass, field
from functools import partial
from operator import attrgetter
from time import perf_counter, process_time
from typing import Literal
from unittest.mock import patch

from cases import CONFIG, HISTORY, QUANTITIES
from ema_compiled import Ema as CompiledEma
from ema_compiled import ema_cross as compiled_cross
from ema_cross import Ema, EmaCross

import barter_python as bp

GRID = {"fast": range(5, 80, 5), "slow": range(100, 340, 10)}
START = {"fast": [5], "slow": [100, 110]}
SHORT_EVENTS, SHORT_RUNS = 1_000, 1_000


def ema_cross(fast: int, slow: int) -> EmaCross:
    """Make the strategy of one run."""
    return EmaCross(QUANTITIES, defaultdict(partial(Ema, fast, slow)))


def compiled_ema_cross(fast: int, slow: int) -> bp.Strategy:
    """Make the strategy of one run, compiled."""
    weights = 2 / (fast + 1), 2 / (slow + 1)
    own = {name: CompiledEma(float(quantity), *weights) for name, quantity in QUANTITIES.items()}
    return compiled_cross.strategy(own, strategy_id="ema")


def order_count(result: bp.BacktestResult) -> int:
    """Give what a sweep keeps, which says whether it has done its work."""
    return len(result.orders)


def nothing(number: int) -> bp.DefaultStrategy:
    """Make the strategy of a run as short as can be."""
    return bp.DefaultStrategy(f"run {number}")


@dataclass
class Cost:
    """The seconds until the results are there, those of the processors, and the results."""

    elapsed: float
    processor: float
    results: list[object] = field(default_factory=list)


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
        executor: Literal["threads"] | None = None,
    ) -> Cost:
        """Run the grid in as many processes, or threads.

        `run_backtests` starts one for each processor that it is told of.
        """
        gc.collect()
        used = _used if executor is None else process_time
        with patch.object(os, "cpu_count", return_value=workers):
            start, before = perf_counter(), used()
            runs = bp.run_backtests(
                factory, parameters, self.data, self.config, keep=keep, executor=executor
            )
            cost = Cost(perf_counter() - start, used() - before)
        for run in runs:
            if run.error is not None:
                raise run.error
            cost.results.append(run.result)
        return cost


def add_compiled(sweep: Sweep, samples: Mapping[str, list[float]]) -> None:
    """Add the costs of the grid in Python, on two processes, and compiled, on two threads.

    The start-up of the processes is in their elapsed time only.
    """
    begin = sweep.cost(ema_cross, START, 2, order_count)
    plain = sweep.cost(ema_cross, GRID, 2, order_count)
    compiled = sweep.cost(compiled_ema_cross, GRID, 2, order_count, "threads")
    if compiled.results != plain.results:
        raise ValueError("the compiled crossings have other orders")
    samples["sweep_plain_s"].append(plain.elapsed)
    samples["sweep_plain_processor_s"].append(plain.processor - begin.processor)
    samples["sweep_compiled_s"].append(compiled.elapsed)
    samples["sweep_compiled_processor_s"].append(compiled.processor)


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
    compiled_ema_cross(1, 2)  # before any clock runs
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
        add_compiled(sweep, samples)
    names = [f"sweep_{name}_{of}" for of in FIGURES for name in ("one", "two")]
    best = dict.fromkeys([*names, "sweep_speedup"]) | {
        name: min(times) for name, times in samples.items()
    }
    one, two = best["sweep_one_s"], best["sweep_two_s"]
    if one is not None and two is not None:
        best["sweep_speedup"] = one / two
    plain, compiled = min(samples["sweep_plain_s"]), min(samples["sweep_compiled_s"])
    best["sweep_compiled_speedup"] = plain / compiled
    best["sweep_load"] = os.getloadavg()[0]
    return best


FIGURES = ("s", "start_s", "processor_s")


if __name__ == "__main__":
    for name, value in sweep_figures(rounds=3).items():
        print(f"{name:24}", "-" if value is None else f"{value:,.2f}")
