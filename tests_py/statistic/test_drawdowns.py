"""Drawdowns, against another calculation."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from models.statistic import (
    MAX,
    START,
    assert_close,
    assert_same_fall,
    barter_s_mean_milliseconds,
    falls,
    mean,
)
from support.drawn import POINTS, with_times

from barter_python.statistic import (
    Drawdown,
    DrawdownGenerator,
    MaxDrawdownGenerator,
    MeanDrawdownGenerator,
)


@given(POINTS, st.booleans())
def test_drawdowns(drawn: list[tuple[int, int]], init: bool) -> None:
    points = with_times(drawn)
    maximum, average = MaxDrawdownGenerator.default(), MeanDrawdownGenerator.default()
    generator = DrawdownGenerator.default()
    found: list[Drawdown] = []
    for position, (value, time) in enumerate(points):
        if position == 0 and init:
            generator = DrawdownGenerator.init(int(value), time)
            continue
        ended = generator.update(int(value), time)
        if ended is not None:
            found.append(ended)
    over, open_fall = falls(points)
    for actual, expected in zip(found, over, strict=True):
        assert_same_fall(actual, expected)
        maximum.update(actual)
        average.update(actual)
    for _ in range(2):
        assert_same_fall(generator.generate(), open_fall)
    assert generator.peak == max(value for value, _ in points)
    assert generator.time_now_ns == points[-1][1]
    deepest = max(over, key=lambda fall: fall.depth, default=None)
    assert_same_fall(maximum.generate(), deepest)
    mean_drawdown = average.generate()
    assert average.count == len(over)
    if mean_drawdown is None:
        assert over == []
        assert average.mean_duration is None
        return
    assert_close(mean_drawdown.mean_drawdown, mean([fall.depth for fall in over]))
    assert mean_drawdown.mean_drawdown_ms == barter_s_mean_milliseconds(over)
    nanoseconds = sum(fall.end - fall.start for fall in over)
    assert average.mean_duration == timedelta(microseconds=nanoseconds // 1000 // len(over))


def test_the_mean_duration_that_barter_rounds_away() -> None:
    """Each step is less than the count, so that barter's mean stays where it began."""
    generator = MeanDrawdownGenerator.default()
    for count in range(100):
        generator.update(Drawdown(Decimal("0.1"), START, START + count * 1_000_000))
    mean_drawdown = generator.generate()
    assert mean_drawdown is not None
    assert mean_drawdown.mean_drawdown_ms == 0
    assert generator.mean_duration == timedelta(microseconds=49_500)


@pytest.mark.parametrize("peak", [0, -10])
def test_barter_sees_no_fall_below_a_peak_that_is_not_positive(peak: int) -> None:
    generator = DrawdownGenerator.init(peak, START)
    assert generator.update(peak - 5, START + 1) is None
    assert generator.generate() is None


def test_values_too_far_apart_change_nothing() -> None:
    generator = DrawdownGenerator.init(MAX, START)
    with pytest.raises(ValueError, match=rf"peak={MAX}, value=-1$"):
        generator.update(-1, START + 1)
    assert generator.time_now_ns == START
    average = MeanDrawdownGenerator.init(Drawdown(MAX, START, START + 1))
    with pytest.raises(ValueError, match="next_drawdown: -1 is too far from the mean"):
        average.update(Drawdown(-1, START, START + 1))
    assert average.count == 1


def test_generators_are_safe_to_share() -> None:
    generator = MeanDrawdownGenerator.default()
    fall = Drawdown(Decimal("0.25"), START, START + 1_000_000)
    with ThreadPoolExecutor(4) as executor:
        list(executor.map(lambda _: generator.update(fall), range(2000)))
    mean_drawdown = generator.generate()
    assert mean_drawdown is not None
    assert (generator.count, mean_drawdown.mean_drawdown) == (2000, Decimal("0.25"))
