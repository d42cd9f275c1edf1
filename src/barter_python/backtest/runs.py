"""The runs of a sweep: what each was made with, and its result."""

import numbers
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Generic, Literal, SupportsIndex, TypeAlias

from typing_extensions import Self, TypeVar

from .._core import ArrowTable, check_number, table_of
from ..report.plain import plain_text
from ..statistic import exact_sum
from .result import BacktestResult

if TYPE_CHECKING:
    # The comparison of stub and module cannot follow an alias of literals.
    _Kind: TypeAlias = Literal["decimal", "flag", "float", "integer", "text", "time"]
    _Column: TypeAlias = tuple[str, _Kind, list[object]]


KeptT_co = TypeVar("KeptT_co", default=BacktestResult, covariant=True)


@dataclass(frozen=True)
class BacktestRun(Generic[KeptT_co]):
    """One run of `run_backtests`.

    Attributes
    ----------
    parameters : dict of str to object
        The arguments of the factory.
    result : BacktestResult, optional
        The result, or what the function `keep` has returned for it; `None` if the run failed.
    error : Exception, optional
        The exception that ended the run, or a `RuntimeError` that names it if it cannot be pickled.
    traceback : str, optional
        The traceback of the exception, as text.

    Examples
    --------
    >>> BacktestRun({"fast": 5}, None, ValueError("fast must be less"), "Traceback ...").parameters
    {'fast': 5}
    """

    parameters: dict[str, object]
    result: KeptT_co | None
    error: Exception | None
    traceback: str | None


@dataclass(frozen=True)
class BacktestRunRows(Generic[KeptT_co]):
    """Runs, for `Records`: Python objects, of which a table has a row each."""

    runs: Sequence[BacktestRun[KeptT_co]]

    @property
    def kind(self) -> str:
        """The name of the class of the rows."""
        return BacktestRun.__name__

    def __len__(self) -> int:
        return len(self.runs)

    def item(self, position: int) -> BacktestRun[KeptT_co]:
        """Give the run at a position."""
        return self.runs[position]

    def chosen(self, positions: Sequence[int]) -> "BacktestRunRows[KeptT_co]":
        """Give the runs at the positions."""
        return BacktestRunRows([self.runs[position] for position in positions])

    def equals(self, other: Self) -> bool:
        """Tell whether the other has equal runs in the same order."""
        return self.runs == other.runs

    def to_arrow(self, decimals: Literal["exact", "float"]) -> ArrowTable:
        """Give the parameters and the figures of the runs, or what was kept of them, as a table."""
        results: list[object] = [run.result for run in self.runs]
        figures = [
            _figures(result) if isinstance(result, BacktestResult) else {} for result in results
        ]
        names: dict[str, _Kind] = {}
        for each in figures:
            names |= {name: kind for name, (kind, _) in each.items()}
        errors: list[object] = [
            None if run.error is None else f"{type(run.error).__name__}: {run.error}"
            for run in self.runs
        ]
        columns: list[_Column] = [
            *_parameters([run.parameters for run in self.runs]),
            ("error", "text", errors),
            *(
                (name, kind, [each[name][1] if name in each else None for each in figures])
                for name, kind in names.items()
            ),
            *_kept([None if isinstance(it, BacktestResult) else it for it in results]),
        ]
        return table_of(columns, decimals)


def _figures(result: BacktestResult) -> "dict[str, tuple[_Kind, object]]":
    """Give the figures of a run by the names of their columns."""
    won = sum(statistics.wins for statistics in result.statistics.values())
    figures: dict[str, tuple[_Kind, object]] = {
        "orders": ("integer", len(result.orders)),
        "fills": ("integer", len(result.fills)),
        "refused": ("integer", len(result.refused)),
        "positions": ("integer", len(result.positions)),
        "positions_won": ("integer", won),
        "open_positions": ("integer", len(result.open_positions)),
    }
    for asset, pnl in result.pnl.items():
        figures[f"pnl_{asset}"] = "decimal", pnl
        figures[f"fees_{asset}"] = "decimal", result.fees[asset]
    for account in result._accounts():
        fall, ratios = account.drawdown, account.ratios
        of_line: dict[str, Decimal | None] = {
            "profit": exact_sum([account.end, account.start.copy_negate()]),
            "drawdown": None if fall is None else fall.depth,
            "drawdown_share": None if fall is None else fall.share,
            "volatility": None if ratios is None else ratios.volatility,
            "sharpe": None if ratios is None else ratios.sharpe,
            "sortino": None if ratios is None else ratios.sortino,
            "calmar": None if ratios is None else ratios.calmar,
        }
        for name, value in of_line.items():
            figures[f"{name}_{account.name}"] = "decimal", value
    return figures


def _parameters(runs: Sequence[Mapping[str, object]]) -> "list[_Column]":
    names = dict.fromkeys(name for run in runs for name in run)
    return [(f"parameter_{name}", *_values([run.get(name) for run in runs])) for name in names]


def _kept(results: list[object]) -> "list[_Column]":
    """Give a column for what was kept of the runs, or one for each name of mappings."""
    mappings = [result for result in results if isinstance(result, Mapping)]
    names: dict[object, None] = dict.fromkeys(name for each in mappings for name in each)
    columns: list[_Column] = [
        (
            f"result_{name}",
            *_values([it.get(name) if isinstance(it, Mapping) else None for it in results]),
        )
        for name in names
    ]
    others = [None if isinstance(result, Mapping) else result for result in results]
    if others.count(None) < len(others):
        columns.append(("result", *_values(others)))
    return columns


def _values(values: list[object]) -> "tuple[_Kind, list[object]]":
    """Give the narrowest kind that holds all values but `None`, and the values as that."""
    if any(value is not None for value in values):
        for kind, read in _READERS.items():
            found = [None if value is None else read(value) for value in values]
            if found.count(None) == values.count(None):
                return kind, found
    return "text", [None if value is None else plain_text(value) for value in values]


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _integer(value: object) -> int | None:
    # Also those of numpy.
    if isinstance(value, bool) or not isinstance(value, SupportsIndex):
        return None
    whole = operator.index(value)
    return whole if -(2**63) <= whole < 2**63 else None


def _decimal(value: object) -> Decimal | int | None:
    if isinstance(value, bool) or not isinstance(value, (Decimal, int)):
        return None
    try:
        check_number("parameter", value)
    except ValueError:
        return None
    return value


def _float(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (numbers.Real, Decimal)):
        return None
    try:
        return float(value)
    except OverflowError:
        return None


def _time(value: object) -> datetime | None:
    return value if isinstance(value, datetime) and value.tzinfo is not None else None


# A text for what none of them takes.
_READERS: "dict[_Kind, Callable[[object], object]]" = {
    "flag": _flag,
    "integer": _integer,
    "decimal": _decimal,
    "float": _float,
    "time": _time,
}
