"""Conditions: when a strategy is asked for orders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from .._checks import check_duration, check_int, check_type, checked_items
from .node import Condition, Indicator, Node, Number


@dataclass(frozen=True)
class _Crossing(Condition):
    """A value that crosses another, or a level."""

    first: Indicator
    second: Indicator | float

    def __post_init__(self) -> None:
        """Check both, and make a level a `Number`."""
        object.__setattr__(self, "second", _checked_crossing(self.first, self.second))


@dataclass(frozen=True)
class Crosses(_Crossing):
    """Holds if one value crosses another, either way.

    The values are compared at each event that gives one of them a sample, once both are known; the
    first comparison never fires. Equal is not above. The value is 1 upwards, -1 downwards, and
    else 0.

    Parameters
    ----------
    first : Indicator
        What crosses.
    second : Indicator or float
        What it crosses: another indicator, or a level.

    Raises
    ------
    TypeError
        If one is no indicator, or the level no number.
    ValueError
        If the level is not finite.

    Examples
    --------
    >>> from barter_python.indicators import Crosses, Ema, Source
    >>> cross = Crosses(Ema(Source.MID, 50), Ema(Source.MID, 200))
    """


@dataclass(frozen=True)
class CrossesAbove(_Crossing):
    """Holds if one value comes to be above another.

    The values are compared at each event that gives one of them a sample, once both are known; the
    first comparison never fires. Equal is not above. The value is 1 then, else 0.

    Parameters
    ----------
    first : Indicator
        What crosses.
    second : Indicator or float
        What it crosses: another indicator, or a level.

    Raises
    ------
    TypeError
        If one is no indicator, or the level no number.
    ValueError
        If the level is not finite.

    Examples
    --------
    >>> from barter_python.indicators import CrossesAbove, Rsi, Source
    >>> CrossesAbove(Rsi(Source.CLOSE, 14), 70).second
    Number(value=70.0)
    """


@dataclass(frozen=True)
class CrossesBelow(_Crossing):
    """Holds if one value comes to be no longer above another.

    The values are compared at each event that gives one of them a sample, once both are known; the
    first comparison never fires. Equal is not above. The value is -1 then, else 0.

    Parameters
    ----------
    first : Indicator
        What crosses.
    second : Indicator or float
        What it crosses: another indicator, or a level.

    Raises
    ------
    TypeError
        If one is no indicator, or the level no number.
    ValueError
        If the level is not finite.

    Examples
    --------
    >>> from barter_python.indicators import CrossesBelow, Rsi, Source
    >>> CrossesBelow(Rsi(Source.CLOSE, 14), 30).second
    Number(value=30.0)
    """


@dataclass(frozen=True)
class Changes(Condition):
    """Holds if a sample differs from the one before; the first sample does.

    Parameters
    ----------
    source : Indicator
        The indicator.

    Raises
    ------
    TypeError
        If it is no indicator.

    Examples
    --------
    >>> from barter_python.indicators import Changes, Source
    >>> Changes(Source.MID).source
    <Source.MID: 'mid'>
    """

    source: Indicator

    def __post_init__(self) -> None:
        """Check the source."""
        check_type("source", self.source, Indicator)


@dataclass(frozen=True)
class Computed(Condition):
    """Never holds: has the engine compute something that no condition needs, for `value` to read.

    Parameters
    ----------
    source : Node
        What to compute.

    Raises
    ------
    TypeError
        If it is neither an indicator nor a condition.

    Examples
    --------
    >>> from barter_python.indicators import Computed, Source
    >>> Computed(Source.MID).source
    <Source.MID: 'mid'>
    """

    source: Node

    def __post_init__(self) -> None:
        """Check the source."""
        check_type("source", self.source, Node)


@dataclass(frozen=True)
class Events(Condition):
    """Holds at each market event.

    Examples
    --------
    >>> from barter_python.indicators import Computed, Ema, Events, Source
    >>> wake_on = (Events(), Computed(Ema(Source.MID, 50)))
    """


@dataclass(frozen=True)
class Trades(Condition):
    """Holds at each public trade.

    Examples
    --------
    >>> from barter_python.indicators import Trades
    >>> Trades() == Trades()
    True
    """


@dataclass(frozen=True)
class Quotes(Condition):
    """Holds at each L1 quote and each change of the order book.

    Examples
    --------
    >>> from barter_python.indicators import Quotes
    >>> Quotes() == Quotes()
    True
    """


@dataclass(frozen=True)
class Candles(Condition):
    """Holds at each candle.

    Examples
    --------
    >>> from barter_python.indicators import Candles
    >>> Candles() == Candles()
    True
    """


@dataclass(frozen=True)
class Fills(Condition):
    """Holds at each of our fills, after `on_fill`; other events of the account wake nobody.

    Examples
    --------
    >>> from barter_python.indicators import Fills
    >>> Fills() == Fills()
    True
    """


@dataclass(frozen=True)
class Every(Condition):
    """Holds at the first market event of each instrument in each interval of UTC.

    A timer (`EngineView.call_at`) comes at its time exactly, and without an event.

    Parameters
    ----------
    interval : datetime.timedelta
        The length of the intervals, which begin at 1970-01-01 in UTC.

    Raises
    ------
    TypeError
        If it is no `timedelta`.
    ValueError
        If it is not positive, or longer than a year.

    Examples
    --------
    >>> from datetime import timedelta
    >>> from barter_python.indicators import Every
    >>> Every(timedelta(minutes=1)).interval.total_seconds()
    60.0
    """

    interval: timedelta

    def __post_init__(self) -> None:
        """Check the interval."""
        check_duration("interval", self.interval)


@dataclass(frozen=True)
class Instruments(Condition):
    """Holds at each event of some instruments, our fills included.

    Parameters
    ----------
    instruments : sequence of int
        Indices of instruments, at least one.

    Raises
    ------
    TypeError
        If one is no int.
    ValueError
        If there are none, or one is negative. A run refuses those that it does not have.

    Examples
    --------
    >>> from barter_python.indicators import Crosses, Ema, Instruments, Source
    >>> of_the_first = Crosses(Ema(Source.MID, 50), 100) & Instruments([0])
    """

    instruments: Sequence[int]

    def __post_init__(self) -> None:
        """Check the indices."""
        checked = checked_items(
            "instruments",
            self.instruments,
            lambda place, item: check_int(place, item, 0, 2**31 - 1),
        )
        if not checked:
            raise ValueError("instruments must have at least one index")
        object.__setattr__(self, "instruments", checked)


def _checked_crossing(first: object, second: object) -> Indicator:
    check_type("first", first, Indicator)
    if isinstance(second, Indicator):
        return second
    if isinstance(second, bool) or not isinstance(second, (int, float)):
        check_type("second", second, Indicator, float)
    assert isinstance(second, (int, float))
    return Number(second)
