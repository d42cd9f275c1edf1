"""Parameters of strategies on the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import InitVar, dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Literal

import pytest

from barter_python import Side
from barter_python.cli.errors import UsageError
from barter_python.cli.parameters import bind, convert


@dataclass
class Parameters:
    """What a strategy's constructor may ask for."""

    text: str = ""
    count: int = 0
    ratio: float = 0.0
    price: Decimal = Decimal(0)
    flag: bool = False
    pause: timedelta = timedelta(0)
    side: Side = Side.BUY
    maybe: int | None = 0
    number: Decimal | int = 0
    quantities: Mapping[str, Decimal] = field(default_factory=dict)
    sides: dict[Side, list[timedelta]] = field(default_factory=dict)
    spans: Sequence[int] = ()
    pair: tuple[int, str] = (0, "")
    limits: tuple[Decimal | None, ...] = ()
    start: InitVar[int] = 0
    known: Literal["a"] = "a"


GOOD: list[tuple[str, object]] = [
    ("text=a=b", "a=b"),
    ("text=", ""),
    ("count=-5", -5),
    ("ratio=1e-3", 0.001),
    ("price=0.1000", Decimal("0.1000")),
    ("flag=True", True),
    ("flag=false", False),
    ("pause=100ms", timedelta(milliseconds=100)),
    ("pause=1.5s", timedelta(seconds=1.5)),
    ("pause=2m", timedelta(minutes=2)),
    ("pause=7us", timedelta(microseconds=7)),
    ("pause=3000ns", timedelta(microseconds=3)),
    ("side=sell", Side.SELL),
    ("side=SELL", Side.SELL),
    ("maybe=none", None),
    ("maybe=3", 3),
    ("number=5", Decimal(5)),
    ('quantities={"btc": "0.10", "eth": 0.10}', {"btc": Decimal("0.10"), "eth": Decimal("0.10")}),
    ('sides={"buy": ["1s", "2ms"]}', {Side.BUY: [timedelta(seconds=1), timedelta(0, 0, 2000)]}),
    ("spans=[1, 2]", (1, 2)),
    ('pair=[1, "a"]', (1, "a")),
    ("limits=[null, 2.50]", (None, Decimal("2.50"))),
    ("start=4", 4),
]


@pytest.mark.parametrize(("given", "expected"), GOOD, ids=[given for given, _ in GOOD])
def test_parameters_are_converted(given: str, expected: object) -> None:
    value = bind(Parameters, [given]).arguments[given.partition("=")[0]]
    assert value == expected
    assert type(value) is type(expected)
    assert str(value) == str(expected)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("count=1.5", "--param count: expected an int, got '1.5'"),
        ("ratio=nan", "--param ratio: expected a finite float, got 'nan'"),
        ("ratio=1e999", "--param ratio: expected a finite float, got '1e999'"),
        ("price=Infinity", "--param price: expected a finite Decimal, got 'Infinity'"),
        ("flag=1", "--param flag: expected true or false, got '1'"),
        ("pause=5", "--param pause: expected whole microseconds with a unit (ns, us, ms, s, m, h)"),
        ("pause=1ns", "--param pause: expected whole microseconds"),
        ("pause=99999999999999m", "--param pause: expected whole microseconds"),
        ("side=up", "--param side: expected one of buy, sell, got 'up'"),
        ("maybe=x", "--param maybe: expected an int or none, got 'x'"),
        ("quantities=5", "--param quantities: expected a JSON object for Mapping[str, Decimal]"),
        ('quantities={"a": true}', "--param quantities: expected a JSON object"),
        ('quantities={"a": 1, "a": 2}', "--param quantities: expected a JSON object"),
        ('quantities={"a": NaN}', "--param quantities: expected a JSON object"),
        ("spans=[1.5]", "--param spans: expected a JSON array for Sequence[int]"),
        ('pair=[1, "a", 2]', "--param pair: expected a JSON array for tuple[int, str]"),
        ("pair=[1, 2]", "--param pair: expected a JSON array for tuple[int, str]"),
        ("known=a", "--param known: no text can be converted to the annotation Literal['a']"),
        ("unknown=1", "--param unknown: Parameters has no such parameter; it has text, count"),
        ("=1", "--param: expected name=value, got '=1'"),
    ],
)
def test_parameters_that_cannot_be_converted(given: str, reason: str) -> None:
    with pytest.raises(UsageError) as caught:
        bind(Parameters, [given])
    assert str(caught.value).startswith(reason)
    assert "\n" not in str(caught.value)


def test_parameters_are_given_once_and_completely() -> None:
    class Needy:
        def __init__(self, first: int, second, /, third: Missing, *rest: int) -> None:  # type: ignore[no-untyped-def,name-defined]  # noqa: ANN001, F821 - what the test is about
            self.first = first

    with pytest.raises(UsageError, match=r"^--param first is given twice$"):
        bind(Needy, ["first=1", "first=1"])
    with pytest.raises(UsageError, match=r"^--param rest: Needy has no such parameter"):
        bind(Needy, ["rest=1"])
    with pytest.raises(UsageError, match=r"^--param second: the parameter has no annotation"):
        bind(Needy, ["second=1"])
    with pytest.raises(UsageError, match=r"^--param third: the annotation 'Missing' cannot be"):
        bind(Needy, ["third=1"])
    with pytest.raises(UsageError, match=r"^Needy needs --param second=.* and --param third="):
        bind(Needy, ["first=1"])


def test_positional_parameters_are_passed_by_position() -> None:
    class Positional:
        def __init__(self, first: int, /, second: str = "") -> None:
            self.both = first, second

    bound = bind(Positional, ["second=x", "first=1"])
    assert Positional(*bound.args, **bound.kwargs).both == (1, "x")


def test_conversion_names_what_was_given() -> None:
    with pytest.raises(UsageError, match=r"^--latency: expected"):
        convert("x", timedelta, "--latency")
