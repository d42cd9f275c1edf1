"""Means, variances and summaries of data sets, against another calculation."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from models.statistic import MAX, assert_close, mean, root, variance
from support.drawn import decimals

from barter_python.statistic import (
    DataSetSummary,
    Dispersion,
    Range,
    calculate_mean,
    calculate_population_variance,
    calculate_recurrence_relation_m,
    calculate_sample_variance,
)


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
        bool(values), high=max(values, default=Decimal(0)), low=min(values, default=Decimal(0))
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
        before, average = average, calculate_mean(prev_mean=average, next_value=value, count=count)
        relation = calculate_recurrence_relation_m(
            prev_m=relation, prev_mean=before, new_value=value, new_mean=average
        )
        dispersion = dispersion.updated(
            prev_mean=before, new_mean=average, new_value=value, value_count=count
        )
    exact = [Fraction(value) for value in values]
    count = len(exact)
    assert_close(average, mean(exact))
    assert_close(
        calculate_population_variance(recurrence_relation_m=relation, count=count), variance(exact)
    )
    sample = variance(exact) * count / (count - 1) if count > 1 else Fraction(0)
    assert_close(calculate_sample_variance(recurrence_relation_m=relation, count=count), sample)
    assert dispersion == DataSetSummary.of(values).dispersion


@pytest.mark.parametrize("count", [0, -1, Decimal("0.5")])
def test_variances_of_too_few_values(count: Decimal | int) -> None:
    assert calculate_population_variance(recurrence_relation_m=7, count=count) == 0
    assert calculate_sample_variance(recurrence_relation_m=7, count=count) == 0
    assert calculate_sample_variance(recurrence_relation_m=7, count=1) == 0


def test_what_welford_cannot_hold(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="count must not be zero"):
        calculate_mean(prev_mean=1, next_value=2, count=0)
    with pytest.raises(ValueError, match=rf"prev_mean=-1, next_value={MAX}, count=2"):
        calculate_mean(prev_mean=-1, next_value=MAX, count=2)
    with pytest.raises(ValueError, match=rf"prev_m=0, prev_mean=0, new_value={MAX}, new_mean=0"):
        calculate_recurrence_relation_m(prev_m=0, prev_mean=0, new_value=MAX, new_mean=0)
    with pytest.raises(ValueError, match=rf"next_value={MAX} after count=1, sum=1, mean=1"):
        DataSetSummary.of([1, MAX])
    with pytest.raises(ValueError, match=rf"new_value={MAX}, value_count=1"):
        Dispersion.default().updated(prev_mean=0, new_mean=0, new_value=MAX, value_count=1)
    with pytest.raises(ValueError, match=rf"range .*high={MAX}, low=-1"):
        _ = Range(True, high=MAX, low=-1).range
    # What is raised is not also printed.
    assert capfd.readouterr().err == ""
