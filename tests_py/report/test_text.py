"""Numbers, times and values as the report writes them."""

from __future__ import annotations

import decimal
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest

from barter_python import DefaultStrategy, RiskLimits, Side
from barter_python.backtest.settings import parameters_of
from barter_python.report.plain import plain_text
from barter_python.report.text import amount, duration, exact, moment, percent, tagged

MINUS = "\N{MINUS SIGN}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("-3.050664", f"{MINUS}3.0507"),
        ("0.000005184472", "0.0000051845"),
        ("96123.456", "96,123.46"),
        ("1234567", "1,234,567.00"),
        ("0.00", "0"),
        ("100", "100.00"),
        ("1e-20", "0.0000000000000000"),
    ],
)
def test_amounts(value: str, text: str) -> None:
    assert amount(Decimal(value)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("-0.000305066", f"{MINUS}0.0305 %"),
        ("0.4212", "42.1 %"),
        ("12.5", "1,250 %"),
        ("0", "0 %"),
        ("1", "100 %"),
    ],
)
def test_percentages(value: str, text: str) -> None:
    assert percent(Decimal(value)) == text


def test_exact_numbers() -> None:
    assert [exact(Decimal(each)) for each in ("12345.5000", "10", "-0.10")] == [
        "12,345.5",
        "10",
        f"{MINUS}0.1",
    ]


@pytest.mark.parametrize(
    ("nanoseconds", "text"),
    [
        (184_590_286_000, "3 min 5 s"),
        (100_000_000, "100 ms"),
        (1_500, "1.5 µs"),
        (999, "999 ns"),
        (0, "0 s"),
        (2_969_000_000, "2.97 s"),
        (93_784 * 10**9, "1 d 2 h"),
        (86_400 * 10**9, "1 d"),
    ],
)
def test_durations(nanoseconds: int, text: str) -> None:
    assert duration(nanoseconds) == text


def test_moments() -> None:
    time = 1_700_000_000_123_456_789
    assert moment(time) == "2023-11-14 22:13:20"
    assert moment(time, 3) == "2023-11-14 22:13:20.123"


def test_figures_hold_their_exact_number() -> None:
    assert tagged(Decimal("-1.23456789"), "x") == '<data class="loss" value="-1.23456789">x</data>'


def test_figures_do_not_depend_on_the_callers_decimal_context() -> None:
    value = Decimal("-98765.4321012345678")
    expected = [amount(value), percent(value), exact(value), tagged(value, "")]
    with decimal.localcontext(decimal.Context(prec=3, rounding=decimal.ROUND_UP)):
        assert [amount(value), percent(value), exact(value), tagged(value, "")] == expected


class Opaque:
    pass


@dataclass
class Inner:
    side: Side
    hidden: int = field(default=0, repr=False)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"a": Decimal("0.10"), "b": None}, "{a: 0.10, b: None}"),
        ({"z", "a", "m"}, "{a, m, z}"),
        ([1, 2.5, True], "[1, 2.5, True]"),
        (timedelta(milliseconds=1500), "1.5 s"),
        (datetime(2024, 1, 2, tzinfo=timezone.utc), "2024-01-02T00:00:00+00:00"),
        (Inner(Side.BUY), "Inner(side=buy)"),
        (Opaque(), "Opaque"),
        (Opaque, "Opaque"),
        (range(30), f"[{', '.join(map(str, range(20)))}, … 10 more]"),
        ([[[[[1]]]]], "[[[list]]]"),
        (RiskLimits(max_open_orders=3), None),
    ],
)
def test_values_are_written_without_addresses(value: object, text: str | None) -> None:
    written = plain_text(value)
    assert text is None or written == text
    assert " at 0x" not in written


@dataclass
class Crossing(DefaultStrategy):
    fast: int = 50
    names: list[str] = field(default_factory=list)
    state: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    _private: int = 0


def test_parameters_are_what_a_dataclass_was_made_of() -> None:
    assert parameters_of(Crossing(fast=3)) == {"fast": "3"}
    assert parameters_of(Crossing(names=["a"])) == {"fast": "50", "names": "[a]"}
    assert parameters_of(Opaque()) == {}
