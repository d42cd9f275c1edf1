"""Faults of a simulated exchange."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TypeAlias

from .._checks import check_aware, check_duration, check_name, in_seconds

# The whole years that nanoseconds since 1970 can represent.
_EARLIEST = datetime(1678, 1, 1, tzinfo=timezone.utc)
_LATEST = datetime(2262, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True)
class _Fault:
    start: datetime
    duration: timedelta

    def __post_init__(self) -> None:
        """Check the values."""
        check_aware("start", self.start)
        if not _EARLIEST <= self.start < _LATEST:
            raise ValueError(f"start must be in the years 1678 to 2261, got {self.start!r}")
        check_duration("duration", self.duration)
        if self.start + self.duration > _LATEST:
            raise ValueError(
                "duration must end before the year 2262, "
                f"got {in_seconds(self.duration)} from {self.start!r}"
            )

    @property
    def _end(self) -> datetime:
        return self.start + self.duration


@dataclass(frozen=True)
class Disconnect(_Fault):
    """The connection to the exchange is lost; answers arrive when it is back.

    Parameters
    ----------
    start : datetime
        Start of the fault, with a time zone.
    duration : timedelta
        Length of the fault, 365 days at most.

    Examples
    --------
    >>> from datetime import datetime, timedelta, timezone
    >>> lost = Disconnect(datetime(2025, 3, 25, 23, 8, tzinfo=timezone.utc), timedelta(minutes=2))
    >>> lost.duration.total_seconds()
    120.0
    """


@dataclass(frozen=True)
class RejectRequests(_Fault):
    """The exchange refuses all requests.

    Parameters
    ----------
    start : datetime
        Start of the fault, with a time zone.
    duration : timedelta
        Length of the fault, 365 days at most.
    reason : str
        The exchange's reason.

    Examples
    --------
    >>> from datetime import datetime, timedelta, timezone
    >>> start = datetime(2025, 3, 25, 23, 8, tzinfo=timezone.utc)
    >>> RejectRequests(start, timedelta(minutes=2), "the engine is overloaded").reason
    'the engine is overloaded'
    """

    reason: str

    def __post_init__(self) -> None:
        """Check the values."""
        super().__post_init__()
        check_name("reason", self.reason)


@dataclass(frozen=True)
class DelayAnswers(_Fault):
    """Answers from the exchange are delayed.

    Parameters
    ----------
    start : datetime
        Start of the fault, with a time zone.
    duration : timedelta
        Length of the fault, 365 days at most.
    delay : timedelta
        Time that is added to the latency of answers; delays of overlapping faults add up.

    Examples
    --------
    >>> from datetime import datetime, timedelta, timezone
    >>> start = datetime(2025, 3, 25, 23, 8, tzinfo=timezone.utc)
    >>> DelayAnswers(start, timedelta(minutes=2), timedelta(seconds=5)).delay.total_seconds()
    5.0
    """

    delay: timedelta

    def __post_init__(self) -> None:
        """Check the values."""
        super().__post_init__()
        check_duration("delay", self.delay)


@dataclass(frozen=True)
class DuplicateAnswers(_Fault):
    """Answers from the exchange arrive twice.

    Parameters
    ----------
    start : datetime
        Start of the fault, with a time zone.
    duration : timedelta
        Length of the fault, 365 days at most.

    Examples
    --------
    >>> from datetime import datetime, timedelta, timezone
    >>> start = datetime(2025, 3, 25, 23, 8, tzinfo=timezone.utc)
    >>> DuplicateAnswers(start, timedelta(minutes=2)).duration.total_seconds()
    120.0
    """


Fault: TypeAlias = Disconnect | RejectRequests | DelayAnswers | DuplicateAnswers
"""A fault of an exchange."""
