"""Returns of the equity by month, day, hour or minute: what a run's length calls for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from .equity import EquityLine
from .facts import difference, share_of
from .text import utc

_MINUTE = 60 * 10**9
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR


@dataclass(frozen=True)
class Period:
    """How a run is cut: into rows, and these into columns, which have an order and a heading.

    Every period is as long as `step_ns` at least.
    """

    name: str
    whole: str
    step_ns: int
    row: Callable[[datetime], str]
    column: Callable[[datetime], str]
    heading: Callable[[str], str] = str


# Not by `strftime`, whose names of months are those of the machine's language.
_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS = Period(
    "month",
    "Year",
    _DAY,
    lambda time: f"{time:%Y}",
    lambda time: f"{time:%m}",
    lambda number: _NAMES[int(number) - 1],
)
_DAYS = Period("day", "Month", _DAY, lambda time: f"{time:%Y-%m}", lambda time: f"{time:%d}")
_HOURS = Period("hour", "Day", _HOUR, lambda time: f"{time:%Y-%m-%d}", lambda time: f"{time:%H}:00")
_MINUTES = Period(
    "minute", "Hour", _MINUTE, lambda time: f"{time:%Y-%m-%d %H}:00", lambda time: f"{time:%H:%M}"
)


def period_of(length_ns: int) -> Period:
    """Choose the periods by the length of the run."""
    if length_ns > 62 * _DAY:
        return _MONTHS
    if length_ns > 3 * _DAY:
        return _DAYS
    return _HOURS if length_ns > 3 * _HOUR else _MINUTES


@dataclass(frozen=True)
class Change:
    """The change of the equity in a period.

    `share` is the change divided by the equity before it; `None` if that is not positive.
    """

    row: str
    column: str
    before: Decimal
    after: Decimal

    @property
    def share(self) -> Decimal | None:
        """The return."""
        return share_of(difference(self.after, self.before), self.before)


def changes(line: EquityLine, period: Period, start_ns: int, end_ns: int) -> list[Change]:
    """Give the changes of all periods of a run, also of those without a mark."""
    found: list[Change] = []
    before = line.start
    marks: list[tuple[int, Decimal | None]] = [(bar.time_ns, bar.equity) for bar in line.bars]
    # Between marks the equity is what it was.
    ticks = ((time, None) for time in range(start_ns, end_ns, period.step_ns))
    for time_ns, mark in sorted([*marks, *ticks, (end_ns, line.end)], key=lambda each: each[0]):
        time, equity = utc(time_ns), before if mark is None else mark
        row, column = period.row(time), period.column(time)
        if found and (found[-1].row, found[-1].column) == (row, column):
            found[-1] = Change(row, column, found[-1].before, equity)
        else:
            found.append(Change(row, column, before, equity))
        before = equity
    return found


def whole_row(row: Mapping[str, Change]) -> Change:
    """Give the change over a whole row."""
    *_, last = row.values()
    first = next(iter(row.values()))
    return Change(first.row, "", first.before, last.after)


def by_row(found: Sequence[Change]) -> dict[str, dict[str, Change]]:
    """Put the changes into rows and columns."""
    rows: dict[str, dict[str, Change]] = {}
    for change in found:
        rows.setdefault(change.row, {})[change.column] = change
    return rows
