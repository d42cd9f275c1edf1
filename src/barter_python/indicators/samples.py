"""Indicators over the samples of a source."""

from dataclasses import dataclass

from .._checks import check_int, check_type
from .bars import TickBars, VolumeBars, check_bars
from .node import Indicator

LONGEST_PERIOD = 1_000_000
"""The greatest number of samples of an indicator."""


@dataclass(frozen=True)
class _OverSamples(Indicator):
    """An indicator over the samples of another."""

    source: Indicator
    period: int

    def __post_init__(self) -> None:
        """Check source and period."""
        check_type("source", self.source, Indicator)
        check_int("period", self.period, 1, LONGEST_PERIOD)


@dataclass(frozen=True)
class Ema(_OverSamples):
    """The exponential moving average: each sample counts 2 / (period + 1).

    The first sample is the first value; a sample x takes a value v to
    v + (x - v) * 2 / (period + 1).

    Parameters
    ----------
    source : Indicator
        What the samples are of.
    period : int
        The number of samples, from 1 to a million.

    Raises
    ------
    TypeError
        If the source is no indicator, or the period no int.
    ValueError
        If the period is out of range.

    Examples
    --------
    >>> from barter_python.indicators import Ema, Source
    >>> Ema(Source.MID, 50)
    Ema(source=<Source.MID: 'mid'>, period=50)
    """


@dataclass(frozen=True)
class Sma(_OverSamples):
    """The mean of the last samples.

    The sum goes from the oldest to the newest, anew for each sample, so that nothing drifts. The
    first value comes with sample number `period`.

    Parameters
    ----------
    source : Indicator
        What the samples are of.
    period : int
        The number of samples, from 1 to a million.

    Raises
    ------
    TypeError
        If the source is no indicator, or the period no int.
    ValueError
        If the period is out of range.

    Examples
    --------
    >>> from barter_python.indicators import Sma, Source
    >>> Sma(Source.TRADE, 20).period
    20
    """


@dataclass(frozen=True)
class Minimum(_OverSamples):
    """The least of the last samples.

    The first value comes with sample number `period`.

    Parameters
    ----------
    source : Indicator
        What the samples are of.
    period : int
        The number of samples, from 1 to a million.

    Raises
    ------
    TypeError
        If the source is no indicator, or the period no int.
    ValueError
        If the period is out of range.

    Examples
    --------
    >>> from barter_python.indicators import Minimum, Source
    >>> Minimum(Source.LOW, 20).period
    20
    """


@dataclass(frozen=True)
class Maximum(_OverSamples):
    """The greatest of the last samples.

    The first value comes with sample number `period`.

    Parameters
    ----------
    source : Indicator
        What the samples are of.
    period : int
        The number of samples, from 1 to a million.

    Raises
    ------
    TypeError
        If the source is no indicator, or the period no int.
    ValueError
        If the period is out of range.

    Examples
    --------
    >>> from barter_python.indicators import Maximum, Source
    >>> Maximum(Source.HIGH, 20).period
    20
    """


@dataclass(frozen=True)
class Deviation(_OverSamples):
    """The standard deviation of the last samples.

    It is that of a whole population, as in Bollinger's bands: the root of the mean of the squared
    differences from the mean. The first value comes with sample number `period`.

    Parameters
    ----------
    source : Indicator
        What the samples are of.
    period : int
        The number of samples, from 1 to a million.

    Raises
    ------
    TypeError
        If the source is no indicator, or the period no int.
    ValueError
        If the period is out of range.

    Examples
    --------
    >>> from barter_python.indicators import Deviation, Source
    >>> Deviation(Source.CLOSE, 20).period
    20
    """


@dataclass(frozen=True)
class ZScore(_OverSamples):
    """How many deviations the last sample is above the mean of the last samples.

    Mean and deviation are those of `Sma` and `Deviation`, with the last sample in them. There is no
    value while all samples are equal. The first value comes with sample number `period`.

    Parameters
    ----------
    source : Indicator
        What the samples are of.
    period : int
        The number of samples, from 1 to a million.

    Raises
    ------
    TypeError
        If the source is no indicator, or the period no int.
    ValueError
        If the period is out of range.

    Examples
    --------
    >>> from barter_python.indicators import Source, ZScore
    >>> ZScore(Source.MID, 100).period
    100
    """


@dataclass(frozen=True)
class Return(_OverSamples):
    """The last sample against that of `period` samples before: x / x_before - 1.

    The first value comes with sample number `period + 1`; there is none against a zero.

    Parameters
    ----------
    source : Indicator
        What the samples are of.
    period : int
        The number of samples, from 1 to a million.

    Raises
    ------
    TypeError
        If the source is no indicator, or the period no int.
    ValueError
        If the period is out of range.

    Examples
    --------
    >>> from barter_python.indicators import Return, Source
    >>> Return(Source.CLOSE, 1).period
    1
    """


@dataclass(frozen=True)
class Rsi(_OverSamples):
    """Wilder's relative strength index: from 0, if all changes are losses, to 100.

    Source: J. W. Wilder, New Concepts in Technical Trading Systems, 1978. The average gain and the
    average loss are means of the first `period` changes; then each of them is
    (average * (period - 1) + change) / period. The value is 100 * gain / (gain + loss), and 50 if
    nothing has changed. The first value comes with sample number `period + 1`.

    Parameters
    ----------
    source : Indicator
        What the samples are of.
    period : int
        The number of samples, from 1 to a million.

    Raises
    ------
    TypeError
        If the source is no indicator, or the period no int.
    ValueError
        If the period is out of range.

    Examples
    --------
    >>> from barter_python.indicators import Rsi, Source
    >>> Rsi(Source.CLOSE, 14).period
    14
    """


@dataclass(frozen=True)
class Atr(Indicator):
    """Wilder's average true range, in units of the quote.

    Source: J. W. Wilder, New Concepts in Technical Trading Systems, 1978. The true range of a bar
    is the greatest of high - low, |high - close before| and |low - close before|, and high - low
    for the first bar. The average is the mean of the first `period` ranges; then it is
    (average * (period - 1) + range) / period. The first value comes with bar number `period`.

    Parameters
    ----------
    period : int
        The number of bars, from 1 to a million.
    bars : TickBars or VolumeBars, optional
        The bars; by default candles: those of the market events.

    Raises
    ------
    TypeError
        If the period is no int, or the bars are none.
    ValueError
        If the period is out of range.

    Examples
    --------
    >>> from barter_python.indicators import Atr, TickBars
    >>> Atr(14, TickBars(100)).bars
    TickBars(trades=100)
    """

    period: int
    bars: TickBars | VolumeBars | None = None

    def __post_init__(self) -> None:
        """Check period and bars."""
        check_int("period", self.period, 1, LONGEST_PERIOD)
        if self.bars is not None:
            check_bars("bars", self.bars)


@dataclass(frozen=True)
class Vwap(Indicator):
    """The price of the last trades, weighted by their amounts, in units of the quote.

    The first value comes with trade number `period`; there is none while all amounts are zero.

    Parameters
    ----------
    period : int
        The number of trades, from 1 to a million.

    Raises
    ------
    TypeError
        If the period is no int.
    ValueError
        If the period is out of range.

    Examples
    --------
    >>> from barter_python.indicators import Vwap
    >>> Vwap(500).period
    500
    """

    period: int

    def __post_init__(self) -> None:
        """Check the period."""
        check_int("period", self.period, 1, LONGEST_PERIOD)


@dataclass(frozen=True)
class Imbalance(Indicator):
    """The amount bid less the amount asked, by their sum: from -1, all asked, to 1, all bid.

    It is a sample at each market event of the instrument. There is no value while both sides are
    empty.

    Parameters
    ----------
    levels : int
        How many of the best levels of each side count, from 1 to 10,000. One level is that of the
        last L1 or of the book; more are those of the book.

    Raises
    ------
    TypeError
        If it is no int.
    ValueError
        If it is out of range.

    Examples
    --------
    >>> from barter_python.indicators import Imbalance
    >>> Imbalance()
    Imbalance(levels=1)
    """

    levels: int = 1

    def __post_init__(self) -> None:
        """Check the levels."""
        check_int("levels", self.levels, 1, 10_000)
