"""What a strategy asks the engine to compute: the base classes, and the sources of samples."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import timedelta
from enum import Enum
from functools import cached_property

from .._checks import check_type, checked_items, shown
from .._core import nanoseconds_of


class Node:
    """Base of indicators and conditions: what `InstrumentView.value` reads.

    Examples
    --------
    >>> from barter_python.indicators import Changes, Node, Source
    >>> isinstance(Source.MID, Node), isinstance(Changes(Source.MID), Node)
    (True, True)
    """

    @cached_property
    def _text(self) -> str:
        """What the engine reads, and knows the node by."""
        return json.dumps(_plain(self), separators=(",", ":"))


class Indicator(Node):
    """Base of indicators: a float for each instrument, computed by the engine at its events.

    An indicator takes a sample at each event that gives its source a value. Until it has taken
    enough of them, it has no value.

    Examples
    --------
    >>> from barter_python.indicators import Ema, Indicator, Source
    >>> isinstance(Ema(Source.MID, 50), Indicator)
    True
    """


class Condition(Node):
    """Base of conditions: whether a strategy is asked for orders.

    `a | b` holds if one of them holds at an event, `a & b` if both do. `InstrumentView.value` of a
    condition is 0 where it did not hold at the last event of the instrument.

    Examples
    --------
    >>> from barter_python.indicators import Fills, Trades
    >>> Trades() | Fills()
    AnyOf(conditions=(Trades(), Fills()))
    """

    def __or__(self, other: "Condition") -> "AnyOf":
        """Give the condition that holds if one of them does."""
        if not isinstance(other, Condition):
            return NotImplemented
        return AnyOf((self, other))

    def __and__(self, other: "Condition") -> "AllOf":
        """Give the condition that holds if both do at the same event."""
        if not isinstance(other, Condition):
            return NotImplemented
        return AllOf((self, other))


class Source(Indicator, Enum):
    """Where samples come from.

    Prices of quotes are samples at each market event of the instrument, whether they have changed
    or not; `Changes` holds if they have. What belongs to trades is a sample at each trade, what
    belongs to candles at each candle. Each is the float next to the exact decimal.

    Examples
    --------
    >>> from barter_python.indicators import Source
    >>> Source.MID.value
    'mid'
    """

    MID = "mid"
    """Half way between best bid and best ask, of the last L1 or of the book."""
    BEST_BID = "best_bid"
    """The best bid."""
    BEST_ASK = "best_ask"
    """The best ask."""
    TRADE = "trade"
    """The price of a public trade."""
    TRADE_AMOUNT = "trade_amount"
    """The amount of a public trade, in units of the base."""
    OPEN = "open"
    """The open of a candle."""
    HIGH = "high"
    """The high of a candle."""
    LOW = "low"
    """The low of a candle."""
    CLOSE = "close"
    """The close of a candle."""
    VOLUME = "volume"
    """The volume of a candle, in units of the base."""


@dataclass(frozen=True)
class _Joined(Condition):
    """Several conditions as one."""

    conditions: Sequence[Condition]

    def __post_init__(self) -> None:
        """Check the conditions, at least one."""
        checked = checked_items(
            "conditions",
            self.conditions,
            lambda place, item: check_type(place, item, Condition),
        )
        if not checked:
            raise ValueError("conditions must have at least one condition")
        object.__setattr__(self, "conditions", checked)


@dataclass(frozen=True)
class AnyOf(_Joined):
    """Holds if one of its conditions holds; `a | b` makes one.

    Parameters
    ----------
    conditions : sequence of Condition
        The conditions, at least one.

    Raises
    ------
    TypeError
        If one is no condition.
    ValueError
        If there are none.

    Examples
    --------
    >>> from barter_python.indicators import AnyOf, Fills, Trades
    >>> AnyOf((Trades(), Fills())) == Trades() | Fills()
    True
    """


@dataclass(frozen=True)
class AllOf(_Joined):
    """Holds if all of its conditions hold at the same event; `a & b` makes one.

    Parameters
    ----------
    conditions : sequence of Condition
        The conditions, at least one.

    Raises
    ------
    TypeError
        If one is no condition.
    ValueError
        If there are none.

    Examples
    --------
    >>> from barter_python.indicators import AllOf, Instruments, Trades
    >>> AllOf((Trades(), Instruments([0]))) == Trades() & Instruments([0])
    True
    """


@dataclass(frozen=True)
class Number(Indicator):
    """A number that never changes: the level of a crossing.

    Parameters
    ----------
    value : float
        The number, finite.

    Raises
    ------
    TypeError
        If it is no number.
    ValueError
        If it is not finite.

    Examples
    --------
    >>> from barter_python.indicators import Crosses, Number, Rsi, Source
    >>> Crosses(Rsi(Source.MID, 14), 70) == Crosses(Rsi(Source.MID, 14), Number(70))
    True
    """

    value: float

    def __post_init__(self) -> None:
        """Check the number."""
        object.__setattr__(self, "value", checked_number("value", self.value))


def checked_number(name: str, value: object) -> float:
    """Require a finite number, and give it as a float."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{name} must be a float, got {type(value).__name__} {shown(value)}")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError(f"{name} must be finite, got {shown(value)}")
    return number


def _plain(value: object) -> object:
    """Write a node, or a part of one, as the engine reads it: a class with its fields."""
    if isinstance(value, Source):
        return {"Source": str(value.value)}
    if isinstance(value, timedelta):
        return nanoseconds_of(value)
    if value is None or isinstance(value, (int, float)):
        return value
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    assert is_dataclass(value)
    return {
        type(value).__name__: {
            field.name: _plain(getattr(value, field.name)) for field in fields(value)
        }
    }
