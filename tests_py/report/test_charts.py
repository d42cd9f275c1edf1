"""Series are reduced without losing a spike, and packed without losing digits."""

from __future__ import annotations

import decimal
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as draw
from support.reports import unpacked

from barter_python.report.charts import extremes, pack, pack_times


@given(draw.lists(draw.integers(-50, 50), min_size=1, max_size=300), draw.integers(4, 60))
def test_minimum_and_maximum_of_each_bucket_stay(values: list[int], most: int) -> None:
    kept = extremes(values, most)
    assert kept == sorted(set(kept))
    assert {kept[0], kept[-1]} == {0, len(values) - 1}
    if len(values) <= most:
        assert kept == list(range(len(values)))
        return
    assert len(kept) <= most
    buckets = (most - 2) // 2
    for bucket in range(buckets):
        inside = range(bucket * len(values) // buckets, (bucket + 1) * len(values) // buckets)
        shown = [values[position] for position in kept if position in inside]
        assert min(shown) == min(values[position] for position in inside)
        assert max(shown) == max(values[position] for position in inside)


def test_one_spike_in_a_million_is_kept() -> None:
    values = [100.0] * 1_000_000
    values[654_321] = 7.0
    assert 654_321 in extremes(values, 1_000)


@given(draw.lists(draw.decimals(-(10**6), 10**6, places=3), max_size=40))
def test_prices_keep_their_digits(values: list[Decimal]) -> None:
    assert unpacked(pack(values)) == list(map(Fraction, values))


@given(
    draw.lists(
        draw.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20),
        min_size=1,
        max_size=20,
    )
)
def test_other_numbers_lose_a_part_of_their_range_at_most(values: list[Decimal]) -> None:
    range_ = Fraction(max(values)) - Fraction(min(values))
    # The step is a power of ten, and ten times as fine would take more than 32 bits.
    allowed = max(range_ * 10 / 2**32, Fraction(1, 10**12)) / 2
    for value, shown in zip(values, unpacked(pack(values)), strict=True):
        assert abs(Fraction(value) - shown) <= allowed


@given(draw.lists(draw.integers(0, 2**62), min_size=1, max_size=20).map(sorted))
def test_times_are_exact_to_a_part_of_their_span(times: list[int]) -> None:
    packed = pack_times(times)
    step = 10 ** (9 - packed["digits"])
    assert step == 1_000 or step <= (times[-1] - times[0]) / 10**8
    for time, shown in zip(times, unpacked(packed), strict=True):
        assert 0 <= time - shown * 10**9 < step


def test_nothing_depends_on_the_callers_decimal_context() -> None:
    values = [Decimal("87245.125"), Decimal("-0.000001"), Decimal("1e-9")]
    expected = pack(values)
    with decimal.localcontext(decimal.Context(prec=3, rounding=decimal.ROUND_UP)):
        assert pack(values) == expected


def test_empty_series() -> None:
    assert unpacked(pack([])) == []
    assert unpacked(pack_times([])) == []
    assert extremes([], 10) == []


@pytest.mark.parametrize("value", [0.0, 1e-9, 87245.125, -3.5])
def test_one_value(value: float) -> None:
    assert [float(shown) for shown in unpacked(pack([value]))] == [value]
