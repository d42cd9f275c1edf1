"""Ratios, rates, profit factors and win rates, against another calculation."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from models.statistic import MAX, MIN, assert_close, length, root
from support.drawn import INTERVALS, RETURNS, RISKS, decimals

from barter_python.statistic import (
    CalmarRatio,
    DataSetSummary,
    ProfitFactor,
    RateOfReturn,
    SharpeRatio,
    SortinoRatio,
    TimeInterval,
    WinRate,
)


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
        (
            SharpeRatio.calculate(
                risk_free_return=risk_free,
                mean_return=mean_return,
                std_dev_returns=risk,
                returns_period=period,
            ),
            Fraction(risk),
        ),
        (
            SortinoRatio.calculate(
                risk_free_return=risk_free,
                mean_return=mean_return,
                std_dev_loss_returns=risk,
                returns_period=period,
            ),
            Fraction(risk),
        ),
        (
            CalmarRatio.calculate(
                risk_free_return=risk_free,
                mean_return=mean_return,
                max_drawdown=risk,
                returns_period=period,
            ),
            abs(Fraction(risk)),
        ),
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


NAMES_OF_RISKS: dict[type[SharpeRatio | SortinoRatio | CalmarRatio], str] = {
    SharpeRatio: "std_dev_returns",
    SortinoRatio: "std_dev_loss_returns",
    CalmarRatio: "max_drawdown",
}


def calculate(
    figure: type[SharpeRatio | SortinoRatio | CalmarRatio],
    risk_free_return: Decimal | int,
    mean_return: Decimal | int,
    risk: Decimal | int,
    period: TimeInterval | timedelta,
) -> SharpeRatio | SortinoRatio | CalmarRatio:
    """Calculate the ratio to a risk that each figure calls by another name."""
    return figure.calculate(
        risk_free_return=risk_free_return,
        mean_return=mean_return,
        returns_period=period,
        **{NAMES_OF_RISKS[figure]: risk},
    )


@pytest.mark.parametrize("figure", [SharpeRatio, SortinoRatio, CalmarRatio])
def test_a_length_below_a_second_is_not_cut_off(
    figure: type[SharpeRatio | SortinoRatio | CalmarRatio],
) -> None:
    # barter's `num_seconds` makes nothing of the first, and one second of the second.
    tenth = calculate(figure, 0, 1, 4, timedelta(milliseconds=250))
    assert tenth.scale(timedelta(seconds=1)).value == Decimal("0.5")
    assert tenth.scale(timedelta(microseconds=62_500)).value == Decimal("0.125")
    more = calculate(figure, 0, 1, 4, timedelta(seconds=1, milliseconds=500))
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
    first = SharpeRatio.calculate(
        risk_free_return=0, mean_return=mean_return, std_dev_returns=0, returns_period=daily
    )
    assert (first.value, first.ratio) == (sharpe, None)
    for figure in (SortinoRatio, CalmarRatio):
        ratio = calculate(figure, 0, mean_return, 0, daily)
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
    ratio = SharpeRatio.calculate(
        risk_free_return=0, mean_return=huge, std_dev_returns=1, returns_period=TimeInterval.DAILY
    ).scale(TimeInterval.ANNUAL_365)
    assert (ratio.value, ratio.ratio) == (MAX, None)
    rate = RateOfReturn.calculate(huge, TimeInterval.DAILY).scale(TimeInterval.ANNUAL_365)
    assert (rate.value, rate.rate) == (MAX, None)


@pytest.mark.parametrize(("figure", "risk"), NAMES_OF_RISKS.items())
def test_ratios_that_do_not_fit(
    figure: type[SharpeRatio | SortinoRatio | CalmarRatio], risk: str
) -> None:
    with pytest.raises(ValueError, match=rf"risk_free_return=-1, mean_return={MAX}, {risk}=1$"):
        calculate(figure, -1, MAX, 1, TimeInterval.DAILY)
    with pytest.raises(
        ValueError, match=rf"mean_return=10, {risk}=0\.0000000000000000000000000001"
    ):
        calculate(figure, 0, 10, Decimal("1e-28"), TimeInterval.DAILY)
    # barter looks at the sign only where there is no risk, and subtracts nothing.
    assert calculate(figure, -1, MAX, 0, TimeInterval.DAILY).ratio is None


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
        SharpeRatio.calculate(
            risk_free_return=0,
            mean_return=1,
            std_dev_returns=1,
            returns_period=interval,  # type: ignore[arg-type]
        )
    with pytest.raises(error, match=message):
        RateOfReturn.calculate(1, interval)  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [0.5, "1", True, None])
def test_wrong_numbers_are_named(wrong: object) -> None:
    with pytest.raises(TypeError, match=r"^mean_return: must be a Decimal or an int"):
        SharpeRatio.calculate(
            risk_free_return=0,
            mean_return=wrong,  # type: ignore[arg-type]
            std_dev_returns=1,
            returns_period=TimeInterval.DAILY,
        )
    with pytest.raises(TypeError, match=r"^wins: must be"):
        WinRate.calculate(wins=wrong, total=1)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"^values\[1\]: must be"):
        DataSetSummary.of([1, wrong])  # type: ignore[list-item]


@given(decimals(-100, 100), decimals(-100, 100))
def test_profit_factor(profits: Decimal, losses: Decimal) -> None:
    factor = ProfitFactor.calculate(profits_gross_abs=profits, losses_gross_abs=losses)
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
    rate = WinRate.calculate(wins=wins, total=total)
    if total == 0:
        assert rate is None
    else:
        assert rate is not None
        assert_close(rate.value, abs(Fraction(wins, total)))


def test_quotients_that_do_not_fit_are_none_as_barter_has_it() -> None:
    assert ProfitFactor.calculate(profits_gross_abs=MAX, losses_gross_abs=Decimal("0.1")) is None
    assert WinRate.calculate(wins=MAX, total=Decimal("0.1")) is None
