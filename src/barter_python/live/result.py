"""The results of a run on live data."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import ClassVar

from .._core import StreamStatus
from ..backtest import BacktestResult

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True)
class KillSwitchTrip:
    """The kill switch has turned trading off.

    Parameters
    ----------
    time_ns : int
        When, in nanoseconds since 1970 in UTC.
    reason : str
        Why: the name of the limit first.

    Examples
    --------
    >>> from barter_python.live import KillSwitchTrip
    >>> KillSwitchTrip(0, "max_silence: no market event for 30.1 s, the limit is 30 s").time_ns
    0
    """

    time_ns: int
    reason: str


@dataclass(frozen=True)
class PaperResult(BacktestResult):
    """The results of paper trading: those of a backtest, and how the run went.

    Attributes
    ----------
    until_ns : int
        When the run ended, in nanoseconds since 1970 in UTC. A backtest over the run's record with
        this `until` gives the same results, byte for byte.
    statuses : tuple of StreamStatus
        What has happened to the connections: the last thousand statuses.
    trips : tuple of KillSwitchTrip
        When the kill switch has tripped, and why.

    Examples
    --------
    >>> from barter_python.live import PaperResult
    >>> def print_end(result: PaperResult) -> None:
    ...     print(result.until, [trip.reason for trip in result.trips])
    """

    until_ns: int = field(kw_only=True)
    statuses: tuple[StreamStatus, ...] = field(kw_only=True, repr=False, compare=False)
    trips: tuple[KillSwitchTrip, ...] = field(kw_only=True, compare=False)

    _run: ClassVar[str] = "PAPER"

    @property
    def until(self) -> datetime:
        """`until_ns` in UTC, to the microsecond."""
        return _EPOCH + timedelta(microseconds=self.until_ns // 1_000)
