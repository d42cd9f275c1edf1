"""Sweeps: many runs with the values of parameters that the command line lists."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

from .._exact import fixed
from ..backtest import BacktestResult, BacktestRun, Records
from ..errors import BarterError
from ..report.tables import aligned
from ..strategy import AlgoStrategy
from .errors import StrategyError, UsageError
from .parameters import bind
from .strategies import make_strategy, strategy_class


@dataclass(frozen=True)
class Factory:
    """Makes the strategy, in whatever process: from texts, since its module has no name there."""

    place: str

    def __call__(self, given: Sequence[str]) -> AlgoStrategy:
        """Make one; what its constructor raises arrives as it is."""
        try:
            return make_strategy(self.place, given)
        except StrategyError as error:
            raise error.raised from None


@dataclass(frozen=True)
class Sweep:
    """The combinations of a grid."""

    place: str
    parameters: Sequence[str]
    swept: Sequence[str]

    @property
    def factory(self) -> Factory:
        """What makes the strategy of a run from its parameters."""
        return Factory(self.place)

    @cached_property
    def values(self) -> dict[str, list[str]]:
        """The values of each parameter, as text."""
        values: dict[str, list[str]] = {}
        for item in self.swept:
            name, equals, text = item.partition("=")
            if not equals or not name:
                raise UsageError(f"--sweep: expected name=value,value, got {item!r}")
            if name in values:
                raise UsageError(f"--sweep {name} is given twice")
            values[name] = _values(name, text)
        return values

    def combinations(self) -> list[tuple[str, ...]]:
        """Give the swept values of each run, in the order of `values`."""
        return list(product(*self.values.values()))

    def given(self) -> list[list[str]]:
        """Give all parameters of each run."""
        return [
            [
                *self.parameters,
                *(f"{name}={text}" for name, text in zip(self.values, texts, strict=True)),
            ]
            for texts in self.combinations()
        ]

    def check(self) -> None:
        """Convert all values, so that what is wrong is said before anything runs."""
        cls = strategy_class(self.place)
        for given in self.given():
            bind(cls, given)


def _values(name: str, text: str) -> list[str]:
    if not text.lstrip().startswith("["):
        return text.split(",")
    try:
        # Numbers as they were written: `json.dumps` would round them.
        values: object = json.loads(text, parse_float=_Number, parse_int=_Number)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"--sweep {name}: not a JSON array: {error}") from error
    if not isinstance(values, list) or not values:
        raise UsageError(f"--sweep {name}: expected a JSON array of values, got {text!r}")
    return [value if isinstance(value, str) else _written(value) for value in values]


class _Number(str):
    """A number of JSON text, digit by digit as it was written."""

    __slots__ = ()


def _written(value: object) -> str:
    if isinstance(value, _Number):
        return value
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, dict):
        pairs = (f"{json.dumps(key)}: {_written(item)}" for key, item in value.items())
        return f"{{{', '.join(pairs)}}}"
    return json.dumps(value)


class _OtherProcessError(Exception):
    """The traceback of an exception that was raised in another process, as its text."""


def raise_if_all_failed(runs: Records[BacktestRun]) -> None:
    """Raise the first error if no run has a result."""
    if any(run.error is None for run in runs):
        return
    error = runs[0].error
    if isinstance(error, BarterError):
        raise UsageError(str(error)) from error
    if error is not None:
        error.__cause__ = _OtherProcessError(f"\n{runs[0].traceback}")
        raise StrategyError(error)


def best_runs(sweep: Sweep, runs: Records[BacktestRun], count: int) -> list[str]:
    """Lay the best runs out, by the profit in the first quote asset.

    Runs that did not trade come after the others, and failed runs last.
    """
    names = list(sweep.values)
    combinations = sweep.combinations()
    done: list[tuple[tuple[str, ...], BacktestResult]] = []
    failed: list[str] = []
    for texts, run in zip(combinations, runs, strict=True):
        if run.result is not None:
            done.append((texts, run.result))
            continue
        values = ", ".join(f"{name}={text}" for name, text in zip(names, texts, strict=True))
        failed.append(f"failed: {values}: {type(run.error).__name__}: {run.error}")
    assets = list(done[0][1].pnl)
    # A run that did not trade is not the best of those that lost.
    ranked = sorted(
        done, key=lambda each: (bool(each[1].fills), each[1].pnl[assets[0]]), reverse=True
    )
    head = [*names, *(f"pnl {asset}" for asset in assets), "closed positions", "orders", "fills"]
    rows = [[*texts, *_figures(result)] for texts, result in ranked[:count]]
    title = f"{len(runs)} runs, the best {len(rows)} by profit in {assets[0]}"
    return [title, "", *aligned([head, *rows]), *failed]


def _figures(result: BacktestResult) -> list[str]:
    pnl = [fixed(profit, 4) for profit in result.pnl.values()]
    return [*pnl, str(len(result.positions)), str(len(result.orders)), str(len(result.fills))]


def named_runs(sweep: Sweep, runs: Records[BacktestRun]) -> list[BacktestRun]:
    """Give the runs with the swept values as their parameters."""
    return [
        replace(run, parameters=dict(zip(sweep.values, texts, strict=True)))
        for texts, run in zip(sweep.combinations(), runs, strict=True)
    ]


def runs_json(sweep: Sweep, runs: Records[BacktestRun]) -> str:
    """Give all runs, in the order of the grid, as JSON text."""
    entries = [
        {
            "parameters": dict(zip(sweep.values, texts, strict=True)),
            "result": None if run.result is None else run.result.to_dict(),
            "error": None if run.error is None else f"{type(run.error).__name__}: {run.error}",
        }
        for texts, run in zip(sweep.combinations(), runs, strict=True)
    ]
    return json.dumps(entries, indent=2, ensure_ascii=False)
