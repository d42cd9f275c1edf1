"""What a result costs as JSON and as a pickle, by the number of its orders.

The run is that of `tables.py`. An exponent of one means that the cost grows as the orders do.
"""

from __future__ import annotations

import math
import pickle
from collections.abc import Callable

from cases import timed
from tables import ORDERS_AT_ONCE, made_run

import barter_python as bp

SIZES = (1_000, 10_000, 100_000)


class Results:
    """Results of three sizes, made once."""

    def __init__(self) -> None:
        self._results = {size: made_run(size // ORDERS_AT_ONCE)[0] for size in SIZES}

    def run(self) -> dict[str, float]:
        """Give nanoseconds an order of each size, and the exponents."""
        figures: dict[str, float] = {}
        for name, action in ACTIONS.items():
            costs = {size: timed(action(result), size) for size, result in self._results.items()}
            figures |= {f"{name}_{size}_ns": cost for size, cost in costs.items()}
            growth = costs[SIZES[-1]] * SIZES[-1] / (costs[SIZES[0]] * SIZES[0])
            figures[f"{name}_exponent"] = math.log(growth) / math.log(SIZES[-1] / SIZES[0])
        return figures


def written(result: bp.BacktestResult) -> Callable[[], object]:
    """Give what writes the result as JSON."""
    return result.to_json


def pickled(result: bp.BacktestResult) -> Callable[[], object]:
    """Give what pickles the result."""
    return lambda: pickle.dumps(result)


def unpickled(result: bp.BacktestResult) -> Callable[[], object]:
    """Give what reads the pickle."""
    packed = pickle.dumps(result)
    return lambda: pickle.loads(packed)


ACTIONS = {
    "result_json": written,
    "result_pickle": pickled,
    "result_unpickle": unpickled,
}


if __name__ == "__main__":
    results = Results()
    rounds = [results.run() for _ in range(3)]
    for name in rounds[0]:
        print(f"{name:28} {min(figures[name] for figures in rounds):,.2f}")
