"""Figures of the statistics by another calculation: fractions, and the sums of the textbook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from math import isqrt

from barter_python.statistic import (
    Drawdown,
    TimeInterval,
)

MAX = Decimal(2**96 - 1)
"""The greatest decimal that barter has, which stands for infinity in its ratios."""

MIN = Decimal(1 - 2**96)
"""The least: `-MAX` would be rounded to the 28 digits of Python's context."""

SECOND = 1_000_000_000
DAY = 86_400 * SECOND
START = 1_704_067_200_123_456_789


def root(value: Fraction) -> Fraction:
    """Give the square root to at least sixty digits after the point."""
    shift = 10**60
    return Fraction(
        isqrt(value.numerator * value.denominator * shift**2), value.denominator * shift
    )


def assert_close(actual: Decimal, expected: Fraction) -> None:
    """Compare within 1e-20 of the figure, or of one for small figures."""
    difference = abs(Fraction(actual) - expected)
    assert difference <= Fraction(1, 10**20) * max(Fraction(1), abs(expected)), (
        actual,
        float(expected),
    )


def length(interval: TimeInterval | timedelta) -> Fraction:
    """Give an interval in seconds."""
    if isinstance(interval, timedelta):
        return Fraction(interval // timedelta(microseconds=1), 10**6)
    days = {TimeInterval.DAILY: 1, TimeInterval.ANNUAL_252: 252, TimeInterval.ANNUAL_365: 365}
    return Fraction(days[interval] * 86_400)


def mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values) if values else Fraction(0)


def variance(values: Sequence[Fraction]) -> Fraction:
    """Give the variance of a population, with both sums of the textbook."""
    return mean([value**2 for value in values]) - mean(values) ** 2


class Fall:
    """A drawdown of the other calculation."""

    def __init__(self, depth: Fraction, start: int, end: int) -> None:
        self.depth, self.start, self.end = depth, start, end


def falls(points: Sequence[tuple[Fraction, int]]) -> tuple[list[Fall], Fall | None]:
    """Give the falls that are over, and the one that is not, of values with their times.

    Highs are found first and the depths between them later: the opposite of a running figure.
    """
    highs = [
        position
        for position, (value, _) in enumerate(points)
        if all(value > other for other, _ in points[:position])
    ]
    over: list[Fall] = []
    for number, high in enumerate(highs):
        peak, start = points[high]
        last = number + 1 == len(highs)
        following = points[high + 1 :] if last else points[high + 1 : highs[number + 1]]
        end = points[-1][1] if last else points[highs[number + 1]][1]
        depth = (
            max(((peak - value) / peak for value, _ in following), default=Fraction(0))
            if peak > 0
            else Fraction(0)
        )
        fall = Fall(depth, start, end) if depth > 0 else None
        if last:
            return over, fall
        if fall is not None:
            over.append(fall)
    return over, None


def assert_same_fall(actual: Drawdown | None, expected: Fall | None) -> None:
    if actual is None or expected is None:
        assert actual is None
        assert expected is None
        return
    assert_close(actual.value, expected.depth)
    assert (actual.time_start_ns, actual.time_end_ns) == (expected.start, expected.end)


def barter_s_mean_milliseconds(all_falls: Sequence[Fall]) -> int:
    """Cut to whole milliseconds at each step, as barter does."""
    so_far = 0
    for count, fall in enumerate(all_falls, start=1):
        distance = (fall.end - fall.start) // 1_000_000 - so_far
        so_far += abs(distance) // count * (1 if distance > 0 else -1)
    return so_far
