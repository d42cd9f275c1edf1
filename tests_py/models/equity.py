"""The equity of a run as `docs/backtest.md` has it, from all marks and in fractions.

It shares no code with the package; `models.backtest` gives the marks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import groupby


@dataclass(frozen=True)
class Mark:
    """What the account is worth from a time on."""

    time: int
    equity: Fraction


@dataclass(frozen=True)
class Bar:
    """The marks of an interval."""

    time: int
    equity: Fraction
    low: Fraction
    high: Fraction
    peak: Fraction


@dataclass(frozen=True)
class Fall:
    """A drawdown."""

    peak: Fraction
    trough: Fraction
    start: int
    bottom: int
    end: int | None

    @property
    def depth(self) -> Fraction:
        """Its amount."""
        return self.peak - self.trough

    @property
    def share(self) -> Fraction | None:
        """Its share of the peak."""
        return self.depth / self.peak if self.peak > 0 else None


def bars(marks: Sequence[Mark], length: int) -> list[Bar]:
    """Put the marks into intervals that are counted from 1970."""
    found = []
    peak = marks[0].equity
    for _, group in groupby(marks, key=lambda mark: mark.time // length):
        of_interval = list(group)
        equities = [mark.equity for mark in of_interval]
        peak = max(peak, *equities)
        last = of_interval[-1]
        found.append(Bar(last.time, last.equity, min(equities), max(equities), peak))
    return found


def falls(marks: Sequence[Mark]) -> list[Fall]:
    """Find all drawdowns, in their order: look from each peak for what lies below it."""
    found = []
    place = 0
    while place < len(marks):
        peak = marks[place].equity
        after = place + 1
        while after < len(marks) and marks[after].equity < peak:
            after += 1
        below = marks[place + 1 : after]
        if below:
            trough = min(mark.equity for mark in below)
            bottom = next(mark.time for mark in below if mark.equity == trough)
            end = marks[after].time if after < len(marks) else None
            found.append(Fall(peak, trough, below[0].time, bottom, end))
        place = after
    return found


def deepest(marks: Sequence[Mark], *, by_share: bool) -> list[Fall]:
    """Give the drawdowns, the deepest first and of equal ones the earliest."""
    if by_share:
        shares = [(fall.share, fall) for fall in falls(marks)]
        found = [(share, fall) for share, fall in shares if share is not None]
        return [fall for _, fall in sorted(found, key=lambda pair: -pair[0])]
    return sorted(falls(marks), key=lambda fall: -fall.depth)


@dataclass(frozen=True)
class Return:
    """The return of an interval."""

    start: int
    end: int
    value: Fraction | None


def returns(marks: Sequence[Mark], length: int) -> list[Return]:
    """Give the return of each interval from that of the first mark to that of the last."""
    found = []
    before = marks[0].equity
    for number in range(marks[0].time // length, marks[-1].time // length + 1):
        until = [mark for mark in marks if mark.time < (number + 1) * length]
        after = until[-1].equity
        value = (after - before) / before if before > 0 else None
        found.append(Return(number * length, (number + 1) * length, value))
        before = after
    return found


@dataclass(frozen=True)
class Ratios:
    """What `docs/statistic.md` says of returns."""

    annual_return: Decimal | None = None
    volatility: Decimal | None = None
    sharpe: Decimal | None = None
    sortino: Decimal | None = None
    calmar: Decimal | None = None


def root(number: Fraction) -> Decimal:
    """Take a root, to many digits."""
    return as_decimal(number).sqrt()


def as_decimal(number: Fraction) -> Decimal:
    """Write a fraction as a decimal of many digits."""
    return Decimal(number.numerator) / Decimal(number.denominator)


def ratios(
    found: Iterable[Return], deepest_share: Fraction | None, every: int, free: Fraction, year: int
) -> Ratios:
    """Calculate the ratios of returns."""
    values = [one.value for one in found]
    known = [value for value in values if value is not None]
    count = len(values)
    if len(known) < count or count < 2 or not any(known):
        return Ratios()
    with localcontext() as context:
        context.prec = 60
        periods = Fraction(year, every)
        of_period = free / periods
        mean = sum(known, Fraction(0)) / count
        excess = mean - of_period
        variance = sum(((value - mean) ** 2 for value in known), Fraction(0)) / (count - 1)
        below = [min(value - of_period, Fraction(0)) for value in known]
        downside = sum((value**2 for value in below), Fraction(0)) / count
        scale = root(periods)
        return Ratios(
            annual_return=as_decimal(mean * periods),
            volatility=root(variance) * scale,
            sharpe=as_decimal(excess) / root(variance) * scale if variance else None,
            sortino=as_decimal(excess) / root(downside) * scale if downside else None,
            calmar=as_decimal(excess * periods / deepest_share) if deepest_share else None,
        )
