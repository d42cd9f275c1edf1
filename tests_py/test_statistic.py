"""Statistics, against a calculation of their own: fractions, and roots of sixty digits."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from math import isqrt
from typing import Protocol, TypeVar

import pytest
from histories import BTC, OnMarketEvents, l1, two_instruments
from hypothesis import given
from hypothesis import strategies as st

from barter_python import (
    AssetBalance,
    Balance,
    EngineView,
    MarketData,
    Orders,
    PositionExited,
    Side,
    SystemConfig,
    UnknownKeyError,
    run_backtest,
)
from barter_python.statistic import (
    CalmarRatio,
    DataSetSummary,
    Dispersion,
    Drawdown,
    DrawdownGenerator,
    MaxDrawdownGenerator,
    MeanDrawdownGenerator,
    PnLReturns,
    PositionStatistics,
    ProfitFactor,
    Range,
    RateOfReturn,
    SharpeRatio,
    SortinoRatio,
    TearSheetAssetGenerator,
    TearSheetGenerator,
    TimeInterval,
    TradingSummaryGenerator,
    WinRate,
    calculate_mean,
    calculate_population_variance,
    calculate_recurrence_relation_m,
    calculate_sample_variance,
)

MAX = Decimal(2**96 - 1)
"""The greatest decimal that barter has, which stands for infinity in its ratios."""

MIN = Decimal(1 - 2**96)
"""The least: `-MAX` would be rounded to the 28 digits of Python's context."""

SECOND = 1_000_000_000
DAY = 86_400 * SECOND
START = 1_704_067_200_123_456_789
CONFIG = two_instruments()

T = TypeVar("T")


# The other calculation


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


# What is drawn


def decimals(least: int, greatest: int, places: int = 6) -> st.SearchStrategy[Decimal]:
    return st.decimals(least, greatest, places=places, allow_nan=False)


RETURNS = decimals(-10, 10)
RISKS = decimals(-10, 10).filter(lambda risk: abs(risk) > Decimal("0.001"))
INTERVALS = st.one_of(
    st.sampled_from(TimeInterval), st.timedeltas(timedelta(minutes=1), timedelta(days=3660))
)


# Ratios


@given(RETURNS, RETURNS, RISKS, INTERVALS, INTERVALS)
def test_ratios(
    risk_free: Decimal,
    mean_return: Decimal,
    risk: Decimal,
    period: TimeInterval | timedelta,
    target: TimeInterval | timedelta,
) -> None:
    excess = Fraction(mean_return) - Fraction(risk_free)
    scale = root(length(target) / length(period))
    for figure, divisor in (
        (SharpeRatio.calculate(risk_free, mean_return, risk, period), Fraction(risk)),
        (SortinoRatio.calculate(risk_free, mean_return, risk, period), Fraction(risk)),
        (CalmarRatio.calculate(risk_free, mean_return, risk, period), abs(Fraction(risk))),
    ):
        assert_close(figure.value, excess / divisor)
        assert (figure.interval, figure.ratio) == (period, figure.value)
        scaled = figure.scale(target)
        assert_close(scaled.value, excess / divisor * scale)
        assert (scaled.interval, scaled.ratio) == (target, scaled.value)


@given(RETURNS, INTERVALS, INTERVALS)
def test_rate_of_return(
    mean_return: Decimal, period: TimeInterval | timedelta, target: TimeInterval | timedelta
) -> None:
    rate = RateOfReturn.calculate(mean_return, period)
    assert (rate.value, rate.interval, rate.rate) == (mean_return, period, mean_return)
    scaled = rate.scale(target)
    assert_close(scaled.value, Fraction(mean_return) * length(target) / length(period))
    assert (scaled.interval, scaled.rate) == (target, scaled.value)


@pytest.mark.parametrize("figure", [SharpeRatio, SortinoRatio, CalmarRatio])
def test_a_length_below_a_second_is_not_cut_off(
    figure: type[SharpeRatio | SortinoRatio | CalmarRatio],
) -> None:
    # barter's `num_seconds` makes nothing of the first, and one second of the second.
    tenth = figure.calculate(0, 1, 4, timedelta(milliseconds=250))
    assert tenth.scale(timedelta(seconds=1)).value == Decimal("0.5")
    assert tenth.scale(timedelta(microseconds=62_500)).value == Decimal("0.125")
    more = figure.calculate(0, 1, 4, timedelta(seconds=1, milliseconds=500))
    assert more.scale(timedelta(seconds=6)).value == Decimal("0.5")


def test_a_rate_of_a_length_below_a_second() -> None:
    rate = RateOfReturn.calculate(1, timedelta(microseconds=1)).scale(timedelta(seconds=1))
    assert rate.value == 10**6


def test_lengths_of_half_a_second_and_of_centuries_are_refused() -> None:
    rate = RateOfReturn.calculate(1, timedelta(milliseconds=500))
    with pytest.raises(ValueError, match=r"below 292 years, got 0\.5 s and 864000"):
        rate.scale(timedelta(days=10**6))


@pytest.mark.parametrize(
    ("mean_return", "sharpe", "others"), [(1, MAX, MAX), (-1, MAX, MIN), (0, MAX, 0)]
)
def test_without_risk(mean_return: int, sharpe: Decimal, others: Decimal) -> None:
    daily, yearly = TimeInterval.DAILY, TimeInterval.ANNUAL_365
    first = SharpeRatio.calculate(0, mean_return, 0, daily)
    assert (first.value, first.ratio) == (sharpe, None)
    for figure in (SortinoRatio, CalmarRatio):
        ratio = figure.calculate(0, mean_return, 0, daily)
        assert (ratio.value, ratio.ratio) == (others, None)
        # barter takes every number that does not fit for the greatest, also below zero.
        scaled = ratio.scale(yearly)
        assert (scaled.value, scaled.ratio) == (MAX if mean_return else 0, None)
        # And half of what stands for infinity does not: `ratio` remembers.
        halved = ratio.scale(timedelta(hours=6))
        assert abs(Fraction(halved.value) - Fraction(ratio.value) / 2) < 1
        assert halved.ratio is None


@pytest.mark.parametrize("sign", [1, -1])
def test_scaling_that_does_not_fit(sign: int) -> None:
    huge = sign * Decimal(10) ** 28
    ratio = SharpeRatio.calculate(0, huge, 1, TimeInterval.DAILY).scale(TimeInterval.ANNUAL_365)
    assert (ratio.value, ratio.ratio) == (MAX, None)
    rate = RateOfReturn.calculate(huge, TimeInterval.DAILY).scale(TimeInterval.ANNUAL_365)
    assert (rate.value, rate.rate) == (MAX, None)


@pytest.mark.parametrize(
    ("figure", "risk"),
    [
        (SharpeRatio, "std_dev_returns"),
        (SortinoRatio, "std_dev_loss_returns"),
        (CalmarRatio, "max_drawdown"),
    ],
)
def test_ratios_that_do_not_fit(
    figure: type[SharpeRatio | SortinoRatio | CalmarRatio], risk: str
) -> None:
    with pytest.raises(ValueError, match=rf"risk_free_return=-1, mean_return={MAX}, {risk}=1$"):
        figure.calculate(-1, MAX, 1, TimeInterval.DAILY)
    with pytest.raises(
        ValueError, match=rf"mean_return=10, {risk}=0\.0000000000000000000000000001"
    ):
        figure.calculate(0, 10, Decimal("1e-28"), TimeInterval.DAILY)
    # barter looks at the sign only where there is no risk, and subtracts nothing.
    assert figure.calculate(-1, MAX, 0, TimeInterval.DAILY).ratio is None


@pytest.mark.parametrize(
    ("interval", "error", "message"),
    [
        (
            timedelta(0),
            ValueError,
            r"returns_period: must be positive, got datetime.timedelta\(0\)",
        ),
        (timedelta(-1), ValueError, "returns_period: must be positive, got .*days=-1"),
        ("daily", TypeError, "returns_period: expected a member of TimeInterval or a .*'daily'"),
        (86_400, TypeError, "returns_period: expected a member of TimeInterval or a .*86400"),
        (None, TypeError, "returns_period: expected a member of TimeInterval or a .*None"),
    ],
)
def test_wrong_intervals(interval: object, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        SharpeRatio.calculate(0, 1, 1, interval)  # type: ignore[arg-type]
    with pytest.raises(error, match=message):
        RateOfReturn.calculate(1, interval)  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [0.5, "1", True, None])
def test_wrong_numbers_are_named(wrong: object) -> None:
    with pytest.raises(TypeError, match=r"^mean_return: must be a Decimal or an int"):
        SharpeRatio.calculate(0, wrong, 1, TimeInterval.DAILY)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"^wins: must be"):
        WinRate.calculate(wrong, 1)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"^values\[1\]: must be"):
        DataSetSummary.of([1, wrong])  # type: ignore[list-item]


@given(decimals(-100, 100), decimals(-100, 100))
def test_profit_factor(profits: Decimal, losses: Decimal) -> None:
    factor = ProfitFactor.calculate(profits, losses)
    if profits == losses == 0:
        assert factor is None
        return
    assert factor is not None
    if losses == 0:
        assert (factor.value, factor.ratio) == (MAX, None)
    elif profits == 0:
        assert (factor.value, factor.ratio) == (MIN, Decimal(0))
    else:
        assert_close(factor.value, abs(Fraction(profits) / Fraction(losses)))
        assert factor.ratio == factor.value


@given(st.integers(-1000, 1000), st.integers(-1000, 1000))
def test_win_rate(wins: int, total: int) -> None:
    rate = WinRate.calculate(wins, total)
    if total == 0:
        assert rate is None
    else:
        assert rate is not None
        assert_close(rate.value, abs(Fraction(wins, total)))


def test_quotients_that_do_not_fit_are_none_as_barter_has_it() -> None:
    assert ProfitFactor.calculate(MAX, Decimal("0.1")) is None
    assert WinRate.calculate(MAX, Decimal("0.1")) is None


# Data sets


@given(st.lists(decimals(-1000, 1000), max_size=30))
def test_data_set_summary(values: list[Decimal]) -> None:
    summary = DataSetSummary.of(iter(values))
    exact = [Fraction(value) for value in values]
    assert summary.count == len(values)
    assert summary.sum == sum(values)
    assert_close(summary.mean, mean(exact))
    dispersion = summary.dispersion
    assert_close(dispersion.recurrence_relation_m, variance(exact) * len(exact))
    assert_close(dispersion.variance, variance(exact))
    assert_close(dispersion.std_dev, root(variance(exact)))
    assert dispersion.range == Range(
        bool(values), max(values, default=Decimal(0)), min(values, default=Decimal(0))
    )
    assert dispersion.range.range == max(values, default=0) - min(values, default=0)
    step_by_step = DataSetSummary.default()
    for value in values:
        step_by_step = step_by_step.updated(value)
    assert step_by_step == summary


@given(st.lists(decimals(-1000, 1000), min_size=1, max_size=30))
def test_welford_s_steps(values: list[Decimal]) -> None:
    average, relation, dispersion = Decimal(0), Decimal(0), Dispersion.default()
    for count, value in enumerate(values, start=1):
        before, average = average, calculate_mean(average, value, count)
        relation = calculate_recurrence_relation_m(relation, before, value, average)
        dispersion = dispersion.updated(before, average, value, count)
    exact = [Fraction(value) for value in values]
    count = len(exact)
    assert_close(average, mean(exact))
    assert_close(calculate_population_variance(relation, count), variance(exact))
    sample = variance(exact) * count / (count - 1) if count > 1 else Fraction(0)
    assert_close(calculate_sample_variance(relation, count), sample)
    assert dispersion == DataSetSummary.of(values).dispersion


@pytest.mark.parametrize("count", [0, -1, Decimal("0.5")])
def test_variances_of_too_few_values(count: Decimal | int) -> None:
    assert calculate_population_variance(7, count) == 0
    assert calculate_sample_variance(7, count) == 0
    assert calculate_sample_variance(7, 1) == 0


def test_what_welford_cannot_hold(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="count must not be zero"):
        calculate_mean(1, 2, 0)
    with pytest.raises(ValueError, match=rf"prev_mean=-1, next_value={MAX}, count=2"):
        calculate_mean(-1, MAX, 2)
    with pytest.raises(ValueError, match=rf"prev_m=0, prev_mean=0, new_value={MAX}, new_mean=0"):
        calculate_recurrence_relation_m(0, 0, MAX, 0)
    with pytest.raises(ValueError, match=rf"next_value={MAX} after count=1, sum=1, mean=1"):
        DataSetSummary.of([1, MAX])
    with pytest.raises(ValueError, match=rf"new_value={MAX}, value_count=1"):
        Dispersion.default().updated(0, 0, MAX, 1)
    with pytest.raises(ValueError, match=rf"range .*high={MAX}, low=-1"):
        _ = Range(True, MAX, -1).range
    # What is raised is not also printed.
    assert capfd.readouterr().err == ""


# Drawdowns


POINTS = st.lists(
    st.tuples(st.integers(-20, 60), st.integers(0, 10 * SECOND)), min_size=1, max_size=25
)


def with_times(drawn: Sequence[tuple[int, int]]) -> list[tuple[Fraction, int]]:
    """Turn distances into times."""
    points: list[tuple[Fraction, int]] = []
    time = START
    for value, distance in drawn:
        time += distance
        points.append((Fraction(value), time))
    return points


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


# Tear sheets


def exited(pnl: Decimal | int, cost: int, time: int, instrument: int = 0) -> PositionExited:
    price = Decimal(cost) / 10
    return PositionExited(instrument, Side.BUY, price, 10, pnl, 0, 0, START, time, [])


TRADES = st.lists(
    st.tuples(st.integers(-50, 50), st.sampled_from([10, 100]), st.integers(0, 3 * 86_400_000)),
    max_size=12,
)


def positions_of(drawn: Sequence[tuple[int, int, int]]) -> list[PositionExited]:
    """Make positions of profits, costs and distances in milliseconds."""
    positions, time = [], START
    for pnl, cost, milliseconds in drawn:
        time += milliseconds * 1_000_000
        positions.append(exited(pnl, cost, time))
    return positions


@given(
    TRADES,
    decimals(-1, 1, 2),
    st.one_of(st.sampled_from(TimeInterval), st.integers(60, 10**8).map(lambda s: timedelta(0, s))),
)
def test_tear_sheets(
    drawn: list[tuple[int, int, int]], risk_free: Decimal, interval: TimeInterval | timedelta
) -> None:
    positions = positions_of(drawn)
    generator = TearSheetGenerator.init(START)
    for position in positions:
        generator.update_from_position(position)
    sheet = generator.generate(risk_free, interval)
    assert generator.generate(risk_free, interval) == sheet  # barter's second mean would differ
    assert generator.statistics == PositionStatistics.of(positions)

    returns = [Fraction(pnl, cost) for pnl, cost, _ in drawn]
    losses = [value for value in returns if value < 0]
    end = positions[-1].time_exit_ns if positions else START
    assert generator.time_engine_now_ns == end
    period = max((end - START) // SECOND, 1)
    scale = length(interval) / period
    assert sheet.pnl == sum(pnl for pnl, _, _ in drawn)
    assert_close(sheet.pnl_return, mean(returns) * scale)
    assert_returns(generator.pnl_returns, returns, losses)

    points: list[tuple[Fraction, int]] = []
    total = Fraction(0)
    for (pnl, _, _), position in zip(drawn, positions, strict=True):
        total += pnl
        points.append((total, position.time_exit_ns))
    over, open_fall = falls(points) if points else ([], None)
    all_falls = over if open_fall is None else [*over, open_fall]
    deepest = max(all_falls, key=lambda fall: fall.depth, default=None)
    assert_same_fall(sheet.pnl_drawdown, open_fall)
    assert_same_fall(sheet.pnl_drawdown_max, deepest)
    assert (sheet.pnl_drawdown_mean is None) == (not all_falls)
    if sheet.pnl_drawdown_mean is not None:
        assert_close(
            sheet.pnl_drawdown_mean.mean_drawdown, mean([fall.depth for fall in all_falls])
        )
        milliseconds = sheet.pnl_drawdown_mean.mean_drawdown_ms
        assert milliseconds == barter_s_mean_milliseconds(all_falls)

    excess = mean(returns) - Fraction(risk_free)
    risks: tuple[tuple[Decimal, Fraction], ...] = (
        (sheet.sharpe_ratio, root(variance(returns))),
        (sheet.sortino_ratio, root(variance(losses))),
        (sheet.calmar_ratio, Fraction(0) if deepest is None else deepest.depth),
    )
    for ratio, risk in risks:
        if risk != 0:
            assert_close(ratio, excess / risk * root(scale))
    if risks[0][1] == 0 and scale > 1:
        assert sheet.sharpe_ratio == MAX
    # barter's own: losses where wins are meant, the net where the gross is.
    assert (sheet.win_rate is None) == (not returns)
    if sheet.win_rate is not None:
        assert_close(sheet.win_rate, Fraction(len(losses), len(returns)))
    if sheet.profit_factor is not None and losses and sum(returns) != 0:
        assert_close(sheet.profit_factor, abs(sum(returns, Fraction(0)) / sum(losses, Fraction(0))))


def assert_returns(
    actual: PnLReturns, returns: Sequence[Fraction], losses: Sequence[Fraction]
) -> None:
    for summary, values in ((actual.total, returns), (actual.losses, losses)):
        assert summary.count == len(values)
        assert_close(summary.mean, mean(values))
        assert_close(summary.dispersion.std_dev, root(variance(values)))


def test_a_tear_sheet_by_hand() -> None:
    """Three wins and a loss of a cost of 100 each, one a day."""
    generator = TearSheetGenerator.init(START)
    returns = PnLReturns.default()
    for day, pnl in enumerate([10, -5, 20, 15], start=1):
        position = exited(pnl, 100, START + day * DAY)
        generator.update_from_position(position)
        returns = returns.updated(position)
    assert generator.pnl_returns == returns
    sheet = generator.generate(0, timedelta(days=4))
    assert (sheet.pnl, sheet.pnl_return) == (Decimal(40), Decimal("0.1"))
    # Squares of distances: 0, 225, 100, 25 of 1e-4, their mean 87.5.
    assert_close(sheet.sharpe_ratio, Fraction(1, 10) / root(Fraction(875, 100_000)))
    # From 10 to 5, over when 25 is reached.
    assert sheet.pnl_drawdown is None
    assert sheet.pnl_drawdown_max == Drawdown(Decimal("0.5"), START + DAY, START + 3 * DAY)
    assert sheet.calmar_ratio == Decimal("0.2")
    assert (sheet.win_rate, sheet.profit_factor) == (Decimal("0.25"), Decimal(8))
    right = generator.statistics
    assert (right.closed, right.wins, right.losses) == (4, 3, 1)
    assert (right.win_ratio, right.gross_profit_factor) == (Decimal("0.75"), Decimal(9))
    # With one loss nothing varies: barter has the greatest decimal, and keeps it for a bad mean.
    assert sheet.sortino_ratio == MAX
    assert generator.generate(1, TimeInterval.ANNUAL_365).sortino_ratio == MAX
    right_sortino = SortinoRatio.calculate(
        1, returns.total.mean, returns.losses.dispersion.std_dev, timedelta(days=4)
    )
    assert (right_sortino.value, right_sortino.scale(TimeInterval.ANNUAL_365).ratio) == (MIN, None)


def test_reset_forgets() -> None:
    generator = TearSheetGenerator.init(START)
    generator.update_from_position(exited(5, 10, START + DAY))
    generator.reset(START + DAY)
    fresh = TearSheetGenerator.init(START + DAY)
    assert repr(generator) == repr(fresh)
    assert generator.pnl_returns == fresh.pnl_returns == PnLReturns.default()
    assets = TearSheetAssetGenerator.init(Balance(10, 10), START)
    assets.update_from_balance(AssetBalance(0, Balance(5, 5), START + 1))
    assets.reset(Balance(7, 7), START + 2)
    assert assets.generate() == TearSheetAssetGenerator.init(Balance(7, 7), START + 2).generate()


WRONG_POSITIONS = [
    (exited(1, 0, START), r"must not be zero, got 0(\.0)? \* 10"),
    (
        PositionExited(0, Side.BUY, MAX, 2, 1, 0, 0, START, START, []),
        rf"its cost .*price_entry_average={MAX}, quantity_abs_max=2",
    ),
    (
        PositionExited(0, Side.BUY, Decimal("1e-9"), 1, MAX, 0, 0, START, START, []),
        rf"do not fit with pnl_realised={MAX}",
    ),
]


@pytest.mark.parametrize(("position", "message"), WRONG_POSITIONS)
def test_positions_that_barter_would_panic_on(
    position: PositionExited, message: str, config: SystemConfig
) -> None:
    generator = TearSheetGenerator.init(START)
    summary = TradingSummaryGenerator.init(0, START, START, config.index())
    for update in (
        generator.update_from_position,
        summary.update_from_position,
        PnLReturns.default().updated,
    ):
        with pytest.raises(ValueError, match=message):
            update(position)
    assert repr(generator) == repr(TearSheetGenerator.init(START))
    assert repr(summary) == repr(TradingSummaryGenerator.init(0, START, START, config.index()))


def test_ratios_of_a_tear_sheet_that_do_not_fit() -> None:
    generator = TearSheetGenerator.init(START)
    for pnl in (10, 20):
        generator.update_from_position(exited(pnl, 100, START + DAY))
    with pytest.raises(ValueError, match=rf"risk_free_return={MIN}, mean return 0\.15"):
        generator.generate(MIN, TimeInterval.DAILY)


def test_tear_sheets_count_whole_seconds(config: SystemConfig) -> None:
    summary = TradingSummaryGenerator.init(0, START, START, config.index())
    with pytest.raises(ValueError, match=r"interval must be of whole seconds.*got 1\.5 s"):
        TearSheetGenerator.init(START).generate(0, timedelta(seconds=1, milliseconds=500))
    with pytest.raises(ValueError, match=r"interval must be of whole seconds.*got 0\.5 s"):
        summary.generate(timedelta(milliseconds=500))


@given(POINTS)
def test_tear_sheets_of_assets(drawn: list[tuple[int, int]]) -> None:
    points = with_times(drawn)
    (first, start), *others = points
    generator = TearSheetAssetGenerator.init(Balance(int(first), 0), start)
    for value, time in others:
        generator.update_from_balance(AssetBalance(3, Balance(int(value), 0), time))
    sheet = generator.generate()
    assert generator.generate() == sheet
    over, open_fall = falls(points)
    all_falls = over if open_fall is None else [*over, open_fall]
    assert sheet.balance_end == generator.balance_now == Balance(int(points[-1][0]), 0)
    assert_same_fall(sheet.drawdown, open_fall)
    assert_same_fall(sheet.drawdown_max, max(all_falls, key=lambda it: it.depth, default=None))
    assert (sheet.drawdown_mean is None) == (not all_falls)
    if sheet.drawdown_mean is not None:
        assert_close(sheet.drawdown_mean.mean_drawdown, mean([fall.depth for fall in all_falls]))


def test_a_balance_too_far_from_the_peak_changes_nothing(config: SystemConfig) -> None:
    generator = TearSheetAssetGenerator.init(Balance(MAX, 0), START)
    summary = TradingSummaryGenerator.init(0, START, START, config.index())
    summary.update_from_balance(AssetBalance(0, Balance(MAX, 0), START))
    for update in (generator.update_from_balance, summary.update_from_balance):
        with pytest.raises(ValueError, match=rf"balance: .*peak={MAX}, total=-1"):
            update(AssetBalance(0, Balance(-1, 0), START + DAY))
    assert generator.balance_now == Balance(MAX, 0)
    assert summary.time_engine_now_ns == START


# Summaries


@given(drawn=TRADES)
def test_a_summary_holds_the_sheets_of_its_instruments(
    drawn: list[tuple[int, int, int]],
) -> None:
    indexed = CONFIG.index()
    summary = TradingSummaryGenerator.init(Decimal("0.01"), START, START, indexed)
    sheets = [TearSheetGenerator.init(START) for _ in indexed.instruments]
    assets = [TearSheetAssetGenerator.default() for _ in indexed.assets]
    time = START
    for number, (pnl, cost, milliseconds) in enumerate(drawn):
        time += milliseconds * 1_000_000
        position = exited(pnl, cost, time, number % 2)
        summary.update_from_position(position)
        sheets[number % 2].update_from_position(position)
        balance = AssetBalance(number % len(assets), Balance(1000 + pnl, 0), time)
        summary.update_from_balance(balance)
        assets[number % len(assets)].update_from_balance(balance)
    for _ in range(2):
        made = summary.generate(timedelta(days=7))
        assert made.interval == timedelta(days=7)
        assert (made.time_engine_start_ns, made.time_engine_end_ns) == (START, time)
        assert made.trading_duration == timedelta(microseconds=(time - START) // 1000)
        assert made.instruments == {
            instrument.name: sheet.generate(Decimal("0.01"), timedelta(days=7))
            for instrument, sheet in zip(indexed.instruments, sheets, strict=True)
        }
        assert list(made.assets.values()) == [asset.generate() for asset in assets]
    assert summary.statistics == {
        instrument.name: sheet.statistics
        for instrument, sheet in zip(indexed.instruments, sheets, strict=True)
    }


@pytest.mark.parametrize("interval", [TimeInterval.ANNUAL_252, timedelta(days=7)])
def test_a_summary_of_a_run_s_positions_is_the_run_s(interval: TimeInterval | timedelta) -> None:
    prices = [100, 105, 104, 99, 99, 108, 107, 101, 103, 103, 110, 106]

    def trade(state: EngineView) -> Orders:
        side = Side.BUY if state.instrument(BTC).position is None else Side.SELL
        return [], [state.instrument(BTC).market_order(side, 1, strategy_id="test")]

    result = run_backtest(
        OnMarketEvents(dict.fromkeys(range(len(prices)), trade)),
        MarketData.from_events(
            l1(3_600_000 * hour, str(price), str(price + 1)) for hour, price in enumerate(prices)
        ),
        CONFIG,
        risk_free_return=Decimal("0.001"),
        interval=interval,
    )
    assert len(result.positions) == 6
    generator = TradingSummaryGenerator.init(
        Decimal("0.001"), result.time_start_ns, result.summary.time_engine_end_ns, CONFIG.index()
    )
    for position in result.positions:
        generator.update_from_position(position)
    summary = generator.generate(interval)
    assert summary.instruments == result.summary.instruments
    assert summary.interval == result.summary.interval == interval
    assert summary.time_engine_end_ns == result.summary.time_engine_end_ns
    assert generator.statistics == result.statistics
    shown = "7 days, 0:00:00" if isinstance(interval, timedelta) else "annual 252"
    assert f"barter's Sharpe, {shown}" in str(result)
    shown = "7 days, 0:00:00" if isinstance(interval, timedelta) else "annual_252"
    assert f'"interval": "{shown}"' in result.to_json(indent=2)


def test_time_of_a_summary_moves_as_it_is_told(config: SystemConfig) -> None:
    summary = TradingSummaryGenerator.init(0, START, START, config.index())
    summary.update_time_now(START + 2 * DAY)
    summary.update_from_position(exited(1, 10, START + DAY))
    assert summary.time_engine_now_ns == START + 2 * DAY
    assert summary.generate(TimeInterval.DAILY).trading_duration == timedelta(2)


def test_indices_that_a_summary_does_not_know(config: SystemConfig) -> None:
    summary = TradingSummaryGenerator.init(0, START, START, config.index())
    instruments, assets = len(config.index().instruments), len(config.index().assets)
    with pytest.raises(UnknownKeyError, match=f"no instrument has the index {instruments};"):
        summary.update_from_position(exited(1, 10, START, instruments))
    with pytest.raises(UnknownKeyError, match=f"no asset has the index {assets};"):
        summary.update_from_balance(AssetBalance(assets, Balance(1, 1), START))


# Pickling


class Copier(Protocol):
    """Makes another that is the same."""

    def __call__(self, value: T, /) -> T: ...


def pickled(value: T) -> T:
    again: T = pickle.loads(pickle.dumps(value))
    return again


@pytest.mark.parametrize("copied", [pickled, copy.copy, copy.deepcopy])
def test_copies_of_generators_go_their_own_way(copied: Copier, config: SystemConfig) -> None:
    """Each goes on from where it was, to the nanosecond, and the original stays."""
    positions = positions_of([(10, 100, 1), (-5, 10, 2), (-1, 10, 3)])
    sheets = TearSheetGenerator.init(START)
    summary = TradingSummaryGenerator.init(0, START, START, config.index())
    drawdowns = DrawdownGenerator.init(Decimal("10.50"), START)
    assets = TearSheetAssetGenerator.init(Balance(10, 5), START)
    maximum = MaxDrawdownGenerator.init(Drawdown(Decimal("0.1"), START, START + 1))
    average = MeanDrawdownGenerator.init(Drawdown(Decimal("0.1"), START, START + 1999))
    for position in positions:
        sheets.update_from_position(position)
        summary.update_from_position(position)
    balance = AssetBalance(1, Balance(Decimal("2.5"), 1), START + 1)
    summary.update_from_balance(balance)
    drawdowns.update(7, START + 1)
    assets.update_from_balance(balance)
    before = [repr(it) for it in (sheets, summary, drawdowns, assets, maximum, average)]

    sheets_2, summary_2 = copied(sheets), copied(summary)
    drawdowns_2, assets_2 = copied(drawdowns), copied(assets)
    maximum_2, average_2 = copied(maximum), copied(average)
    copies = (sheets_2, summary_2, drawdowns_2, assets_2, maximum_2, average_2)
    assert [repr(it) for it in copies] == before
    assert sheets_2.generate(0, timedelta(1)) == sheets.generate(0, timedelta(1))
    assert summary_2.generate(timedelta(1)) == summary.generate(timedelta(1))
    assert drawdowns_2.generate() == drawdowns.generate()
    assert assets_2.generate() == assets.generate()
    assert average_2.mean_duration == average.mean_duration

    fall = Drawdown(Decimal("0.2"), START, START + 2001)
    sheets_2.update_from_position(positions[0])
    summary_2.update_from_position(positions[0])
    drawdowns_2.update(11, START + 2)
    assets_2.update_from_balance(AssetBalance(1, Balance(11, 1), START + 2))
    maximum_2.update(fall)
    average_2.update(fall)
    assert average_2.mean_duration == timedelta(microseconds=2)
    assert [repr(it) for it in (sheets, summary, drawdowns, assets, maximum, average)] == before
    assert all(repr(it) != old for it, old in zip(copies, before, strict=True))


def test_what_is_not_a_pickled_generator_is_refused() -> None:
    with pytest.raises(ValueError, match="not what pickling has written"):
        TradingSummaryGenerator._from_json("{}")
