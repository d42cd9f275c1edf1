"""A grid of EMA crossings over the bundled history, in processes and, compiled, on threads.

Short runs, too.

Processor times are those of the workers, after what as many workers take to start, to import the
package and to read the history: the times of a sweep that has no more than a run for each. Elapsed
times are with all of that, as a user sees them, and mean nothing while other programs run.
"""

from __future__ import annotations

import gc
import itertools
import math
import os
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from operator import attrgetter
from time import perf_counter, process_time
from unittest.mock import patch

from cases import CONFIG, HISTORY, QUANTITIES
from ema_cross import Ema, EmaCross

import barter_python as bp
from barter_python.compiled import CompiledInstrument, CompiledOrders, compiled

GRID = {"fast": range(5, 80, 5), "slow": range(100, 340, 10)}
START = {"fast": [5], "slow": [100, 110]}
SHORT_EVENTS, SHORT_RUNS = 1_000, 1_000


def ema_cross(fast: int, slow: int) -> EmaCross:
    """Make the strategy of one run."""
    return EmaCross(QUANTITIES, defaultdict(partial(Ema, fast, slow)))


@dataclass
class Spans:
    """What the compiled crossing knows of an instrument."""

    quantity: float
    fast_span: int
    slow_span: int
    fast: float = math.nan
    slow: float = math.nan
    was_above: bool = False


@compiled(Spans)
def compiled_cross(
    time_ns: int, instrument: CompiledInstrument, own: Spans, orders: CompiledOrders
) -> None:
    """Trade as `EmaCross` does."""
    mid = instrument.mid
    if math.isnan(mid):
        return
    if math.isnan(own.fast):
        own.fast = own.slow = mid
        return
    own.fast += (mid - own.fast) * (2 / (own.fast_span + 1))
    own.slow += (mid - own.slow) * (2 / (own.slow_span + 1))
    above = own.fast > own.slow
    if above == own.was_above:
        return
    own.was_above = above
    if instrument.order_count > 0:
        return
    if above and instrument.position == 0:
        orders.market_buy(own.quantity)
    elif not above:
        orders.close()


def compiled_ema_cross(fast: int, slow: int) -> bp.Strategy:
    """Make the strategy of one run, compiled."""
    own = {name: Spans(float(quantity), fast, slow) for name, quantity in QUANTITIES.items()}
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
            cost.results.append(run.result)
        return cost


def compiled_figures(sweep: Sweep, rounds: int) -> dict[str, float]:
    """Give the best costs of the grid in Python, on two processes, and compiled, on two threads.

    They take turns. The function is compiled before, and the start-up of the processes is in their
    elapsed time only.
    """
    compiled_ema_cross(1, 2)
    best: dict[str, float] = {}

    def note(name: str, cost: Cost) -> None:
        for figure, value in (("s", cost.elapsed), ("processor_s", cost.processor)):
            key = f"sweep_{name}_{figure}"
            best[key] = min(value, best.get(key, value))

    for _ in range(rounds):
        begin = sweep.cost(ema_cross, {**START, "slow": START["slow"][:2]}, 2, order_count)
        plain = sweep.cost(ema_cross, GRID, 2, order_count)
        note("plain", Cost(plain.elapsed, plain.processor - begin.processor))
        gc.collect()
        start, used = perf_counter(), process_time()
        with patch.object(os, "cpu_count", return_value=2):
            runs = bp.run_backtests(
                compiled_ema_cross,
                GRID,
                sweep.data,
                sweep.config,
                keep=order_count,
                executor="threads",
            )
        note("compiled", Cost(perf_counter() - start, process_time() - used))
        if [run.result for run in runs] != plain.results:
            raise ValueError("the compiled crossings have other orders")
    best["sweep_compiled_speedup"] = best["sweep_plain_s"] / best["sweep_compiled_s"]
    return best


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
    best |= compiled_figures(sweep, rounds)
    best["sweep_load"] = os.getloadavg()[0]
    return best


FIGURES = ("s", "start_s", "processor_s")


if __name__ == "__main__":
    for name, value in sweep_figures(rounds=3).items():
        print(f"{name:24}", "-" if value is None else f"{value:,.2f}")
