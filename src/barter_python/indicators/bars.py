"""Bars of trades as sources of samples."""

from dataclasses import dataclass

from .._checks import check_int, check_type
from .node import Indicator, Source, checked_number

_OF_BARS = (Source.OPEN, Source.HIGH, Source.LOW, Source.CLOSE, Source.VOLUME)


@dataclass(frozen=True)
class TickBars:
    """Bars that have a given number of trades each.

    Parameters
    ----------
    trades : int
        The trades of a bar, from 1 to a million.

    Raises
    ------
    TypeError
        If it is no int.
    ValueError
        If it is out of range.

    Examples
    --------
    >>> from barter_python.indicators import Bar, Source, TickBars
    >>> Bar(TickBars(100), Source.HIGH).price
    <Source.HIGH: 'high'>
    """

    trades: int

    def __post_init__(self) -> None:
        """Check the number."""
        check_int("trades", self.trades, 1, 1_000_000)


@dataclass(frozen=True)
class VolumeBars:
    """Bars that end with the trade that brings their volume to a given volume or above.

    Parameters
    ----------
    volume : float
        The volume of a bar, in units of the base.

    Raises
    ------
    TypeError
        If it is no number.
    ValueError
        If it is not positive and finite.

    Examples
    --------
    >>> from barter_python.indicators import VolumeBars
    >>> VolumeBars(2.5)
    VolumeBars(volume=2.5)
    """

    volume: float

    def __post_init__(self) -> None:
        """Check the volume."""
        volume = checked_number("volume", self.volume)
        if volume <= 0:
            raise ValueError(f"volume must be positive, got {self.volume}")
        object.__setattr__(self, "volume", volume)


@dataclass(frozen=True)
class Bar(Indicator):
    """A price of each complete bar, or its volume: a sample at the trade that completes the bar.

    Parameters
    ----------
    bars : TickBars or VolumeBars
        The bars. For bars of time, let the run build candles and use `Source.CLOSE` and its like.
    price : Source
        `OPEN`, `HIGH`, `LOW`, `CLOSE` or `VOLUME`.

    Raises
    ------
    TypeError
        If the bars are none, or the price is no `Source`.
    ValueError
        If bars have no such price.

    Examples
    --------
    >>> from barter_python.indicators import Bar, Ema, Source, VolumeBars
    >>> average = Ema(Bar(VolumeBars(10), Source.CLOSE), 20)
    """

    bars: TickBars | VolumeBars
    price: Source = Source.CLOSE

    def __post_init__(self) -> None:
        """Check bars and price."""
        check_bars("bars", self.bars)
        check_type("price", self.price, Source)
        if self.price not in _OF_BARS:
            names = ", ".join(source.name for source in _OF_BARS)
            raise ValueError(f"price must be one of {names} of Source, got {self.price.name}")


def check_bars(name: str, bars: object) -> None:
    """Require bars of trades."""
    check_type(name, bars, TickBars, VolumeBars)
