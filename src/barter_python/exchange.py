"""How exchanges are simulated: `docs/exchange.md` has the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from itertools import pairwise
from typing import ClassVar, TypeAlias

from typing_extensions import override

from ._checks import (
    check_aware,
    check_duration,
    check_exact,
    check_int,
    check_latency,
    check_name,
    check_type,
    in_seconds,
)
from ._core import ExchangeId, FeeAsset, FillPrice, Liquidity, MarketData, QueuePosition

__all__ = [
    "DelayAnswers",
    "Disconnect",
    "DuplicateAnswers",
    "EmpiricalLatency",
    "Fault",
    "FeeAsset",
    "FillPrice",
    "Latency",
    "Liquidity",
    "MockExecutionConfig",
    "QueuePosition",
    "RateLimit",
    "RejectRequests",
    "UniformLatency",
]

_LARGEST_SEED = 2**64 - 1
_MOST_REQUESTS = 2**32 - 1
_DAY = timedelta(days=1)
_LEAST_LEVERAGE = Decimal("0.001")
_MOST_LEVERAGE = 1000
# What nanoseconds since 1970 reach to, in whole years.
_EARLIEST = datetime(1678, 1, 1, tzinfo=timezone.utc)
_LATEST = datetime(2262, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True)
class UniformLatency:
    """A latency that is drawn anew each time, any length from `low` to `high` as likely.

    Parameters
    ----------
    low, high : timedelta
        The least and the greatest.
    seed : int
        What the draws start with, from 0 to 2⁶⁴ - 1: the same seed gives the same latencies in
        every run, and other ones to each exchange and each way that has this latency.

    Raises
    ------
    ValueError
        When `low` is negative or greater than `high`, or a number is out of its range.

    Examples
    --------
    >>> from datetime import timedelta
    >>> UniformLatency(timedelta(milliseconds=20), timedelta(milliseconds=80), seed=1).seed
    1
    """

    low: timedelta
    high: timedelta
    seed: int

    def __post_init__(self) -> None:
        """Check the values."""
        check_latency("low", self.low)
        check_latency("high", self.high)
        if self.low > self.high:
            raise ValueError(
                "low must not be greater than high, "
                f"got {in_seconds(self.low)} and {in_seconds(self.high)}"
            )
        check_int("seed", self.seed, 0, _LARGEST_SEED)


@dataclass(frozen=True)
class EmpiricalLatency:
    """A latency that is drawn anew each time from what was measured.

    Parameters
    ----------
    samples : sequence of timedelta
        What was measured, each as likely; kept as a tuple.
    seed : int
        What the draws start with, from 0 to 2⁶⁴ - 1: the same seed gives the same latencies in
        every run, and other ones to each exchange and each way that has this latency.

    Raises
    ------
    ValueError
        When there are no samples, or a number is out of its range.

    Examples
    --------
    >>> from datetime import timedelta
    >>> measured = [timedelta(milliseconds=number) for number in (21, 22, 22, 25, 140)]
    >>> len(EmpiricalLatency(measured, seed=7).samples)
    5
    """

    samples: Sequence[timedelta]
    seed: int

    def __post_init__(self) -> None:
        """Check the values."""
        check_type("samples", self.samples, Sequence)
        object.__setattr__(self, "samples", tuple(self.samples))
        if not self.samples:
            raise ValueError("samples must not be empty")
        for position, sample in enumerate(self.samples):
            check_latency(f"samples[{position}]", sample)
        check_int("seed", self.seed, 0, _LARGEST_SEED)


Latency: TypeAlias = timedelta | UniformLatency | EmpiricalLatency
"""How long something is under way: always as long, or drawn each time."""


@dataclass(frozen=True)
class RateLimit:
    """How many requests an exchange takes.

    Parameters
    ----------
    requests : int
        How many, of orders and cancels together.
    interval : timedelta
        In which time, 365 days at most.

    Raises
    ------
    ValueError
        When one of them is not positive, or too large.

    Examples
    --------
    >>> from datetime import timedelta
    >>> RateLimit(50, timedelta(seconds=10)).requests
    50
    """

    requests: int
    interval: timedelta

    def __post_init__(self) -> None:
        """Check the values."""
        check_int("requests", self.requests, 1, _MOST_REQUESTS)
        check_duration("interval", self.interval)


@dataclass(frozen=True)
class _Fault:
    start: datetime
    duration: timedelta

    _kind: ClassVar[str]

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

    @property
    def _reason(self) -> str:
        return ""

    @property
    def _delay(self) -> timedelta:
        return timedelta(0)


@dataclass(frozen=True)
class Disconnect(_Fault):
    """The client loses the exchange, and gets no answers until it is back.

    Parameters
    ----------
    start : datetime
        From when, with a time zone.
    duration : timedelta
        For how long, 365 days at most.

    Examples
    --------
    >>> from datetime import datetime, timedelta, timezone
    >>> lost = Disconnect(datetime(2025, 3, 25, 23, 8, tzinfo=timezone.utc), timedelta(minutes=2))
    >>> lost.duration.total_seconds()
    120.0
    """

    _kind: ClassVar[str] = "disconnect"


@dataclass(frozen=True)
class RejectRequests(_Fault):
    """The exchange refuses all requests.

    Parameters
    ----------
    start : datetime
        From when, with a time zone.
    duration : timedelta
        For how long, 365 days at most.
    reason : str
        What it says.

    Examples
    --------
    >>> from datetime import datetime, timedelta, timezone
    >>> start = datetime(2025, 3, 25, 23, 8, tzinfo=timezone.utc)
    >>> RejectRequests(start, timedelta(minutes=2), "the engine is overloaded").reason
    'the engine is overloaded'
    """

    reason: str

    _kind: ClassVar[str] = "reject_requests"

    def __post_init__(self) -> None:
        """Check the values."""
        super().__post_init__()
        check_name("reason", self.reason)

    @property
    def _reason(self) -> str:
        return self.reason


@dataclass(frozen=True)
class DelayAnswers(_Fault):
    """What the exchange tells takes longer.

    Parameters
    ----------
    start : datetime
        From when, with a time zone.
    duration : timedelta
        For how long, 365 days at most.
    delay : timedelta
        By how much; several at one time add up.

    Examples
    --------
    >>> from datetime import datetime, timedelta, timezone
    >>> start = datetime(2025, 3, 25, 23, 8, tzinfo=timezone.utc)
    >>> DelayAnswers(start, timedelta(minutes=2), timedelta(seconds=5)).delay.total_seconds()
    5.0
    """

    delay: timedelta

    _kind: ClassVar[str] = "delay_answers"

    def __post_init__(self) -> None:
        """Check the values."""
        super().__post_init__()
        check_latency("delay", self.delay)
        check_duration("delay", self.delay)

    @property
    def _delay(self) -> timedelta:
        return self.delay


@dataclass(frozen=True)
class DuplicateAnswers(_Fault):
    """What the exchange tells is delivered twice.

    Parameters
    ----------
    start : datetime
        From when, with a time zone.
    duration : timedelta
        For how long, 365 days at most.

    Examples
    --------
    >>> from datetime import datetime, timedelta, timezone
    >>> start = datetime(2025, 3, 25, 23, 8, tzinfo=timezone.utc)
    >>> DuplicateAnswers(start, timedelta(minutes=2)).duration.total_seconds()
    120.0
    """

    _kind: ClassVar[str] = "duplicate_answers"


Fault: TypeAlias = Disconnect | RejectRequests | DelayAnswers | DuplicateAnswers
"""What goes wrong with an exchange, and when."""


@dataclass(frozen=True)
class MockExecutionConfig:
    """How an exchange is simulated (`barter_execution::client::mock::MockExecutionConfig`).

    `docs/exchange.md` has the rules that go with each field.

    Parameters
    ----------
    mocked_exchange : ExchangeId
        The exchange.
    balances : mapping of str to Decimal or int
        Name of each asset and what is held of it at the start; kept as a mapping that does not
        change.
    latency : timedelta, UniformLatency or EmpiricalLatency
        Time until a request arrives, in simulated time.
    fee_rate : Decimal or int
        Fraction of a fill's value that is charged: `Decimal("0.001")` is 0.1 %. barter's JSON calls
        the same plain factor `fees_percent`.
    maker_fee_rate : Decimal or int, optional
        The same for fills of orders that rest: a negative one is a rebate. `fee_rate` when it is
        not given.
    fee_asset : FeeAsset
        What fees of spot are paid in.
    answer_latency : timedelta, UniformLatency or EmpiricalLatency
        Time until the engine is told of what happens on the exchange.
    liquidity : Liquidity
        How much the offers of the market have.
    queue : QueuePosition
        Where a new order stands among those that rest at its price already: before them, behind
        them, or behind them with those who cancel spread evenly over the queue.
    leverage : Decimal or int
        Of perpetuals and futures, from 0.001 to 1000: a position's value divided by this is the
        margin that it takes. A leverage of 1 takes the whole value.
    end_of_day : timedelta
        When the trading day ends, counted from 00:00 UTC: orders that are good until the end of the
        day expire then. `timedelta(hours=21)` is 21:00 UTC.
    rate_limit : RateLimit, optional
        How many requests it takes; all, when it is not given.
    faults : sequence of Disconnect, RejectRequests, DelayAnswers or DuplicateAnswers
        What goes wrong, and when; kept as a tuple.

    Raises
    ------
    ValueError
        When a number is out of its range, or two disconnects overlap.

    Examples
    --------
    >>> from datetime import datetime, timedelta, timezone
    >>> from decimal import Decimal
    >>> start = datetime(2025, 3, 25, 23, 8, tzinfo=timezone.utc)
    >>> config = MockExecutionConfig(
    ...     ExchangeId.BINANCE_SPOT, {"btc": 1, "usdt": 100_000},
    ...     latency=UniformLatency(timedelta(milliseconds=5), timedelta(milliseconds=25), seed=1),
    ...     fee_rate=Decimal("0.001"), maker_fee_rate=Decimal("0.0005"),
    ...     faults=[Disconnect(start, timedelta(seconds=30))])
    >>> config.queue
    <QueuePosition.BACK: 'back'>
    """

    mocked_exchange: ExchangeId
    balances: Mapping[str, Decimal | int]
    latency: Latency = timedelta(0)
    fee_rate: Decimal | int = Decimal(0)
    maker_fee_rate: Decimal | int | None = None
    fee_asset: FeeAsset = FeeAsset.QUOTE
    answer_latency: Latency = timedelta(0)
    liquidity: Liquidity = Liquidity.SHOWN
    queue: QueuePosition = QueuePosition.BACK
    leverage: Decimal | int = 1
    end_of_day: timedelta = timedelta(0)
    rate_limit: RateLimit | None = None
    faults: Sequence[Fault] = ()

    def __post_init__(self) -> None:
        """Check the values."""
        check_type("mocked_exchange", self.mocked_exchange, ExchangeId)
        self._check_balances()
        _check_any_latency("latency", self.latency)
        _check_any_latency("answer_latency", self.answer_latency)
        check_exact("fee_rate", self.fee_rate)
        if not 0 <= self.fee_rate < 1:
            raise ValueError(
                "fee_rate must be a fraction from 0 to less than 1 (0.001 is 0.1 %), "
                f"got {self.fee_rate}"
            )
        if self.maker_fee_rate is not None:
            check_exact("maker_fee_rate", self.maker_fee_rate)
            if not -1 < self.maker_fee_rate < 1:
                raise ValueError(
                    "maker_fee_rate must be a fraction between -1 and 1 (-0.0001 is a rebate of "
                    f"0.01 %), got {self.maker_fee_rate}"
                )
        check_type("fee_asset", self.fee_asset, FeeAsset)
        check_type("liquidity", self.liquidity, Liquidity)
        check_type("queue", self.queue, QueuePosition)
        check_exact("leverage", self.leverage)
        if not _LEAST_LEVERAGE <= self.leverage <= _MOST_LEVERAGE:
            raise ValueError(
                f"leverage must be from {_LEAST_LEVERAGE} to {_MOST_LEVERAGE}, got {self.leverage}"
            )
        check_type("end_of_day", self.end_of_day, timedelta)
        if not timedelta(0) <= self.end_of_day < _DAY:
            raise ValueError(
                f"end_of_day must be from 0 to less than 24 hours, "
                f"got {in_seconds(self.end_of_day)}"
            )
        if self.rate_limit is not None:
            check_type("rate_limit", self.rate_limit, RateLimit)
        self._check_faults()

    def _check_balances(self) -> None:
        check_type("balances", self.balances, Mapping)
        object.__setattr__(self, "balances", _Balances(self.balances))
        spellings: dict[str, str] = {}
        for asset, total in self.balances.items():
            check_name("the name of a balance", asset)
            check_exact(f"balance of {asset!r}", total)
            if total < 0:
                raise ValueError(f"balance of {asset!r} must not be negative, got {total}")
            # barter's internal names are in lower case.
            other = spellings.setdefault(asset.lower(), asset)
            if other != asset:
                raise ValueError(f"balances of {other!r} and {asset!r} are of one asset")

    def _check_faults(self) -> None:
        check_type("faults", self.faults, Sequence)
        object.__setattr__(self, "faults", tuple(self.faults))
        for position, fault in enumerate(self.faults):
            check_type(
                f"faults[{position}]",
                fault,
                Disconnect,
                RejectRequests,
                DelayAnswers,
                DuplicateAnswers,
            )
        lost = sorted(
            (fault.start, fault._end, position)
            for position, fault in enumerate(self.faults)
            if isinstance(fault, Disconnect)
        )
        for (_, end, before), (start, _, after) in pairwise(lost):
            if start < end:
                first, second = sorted((before, after))
                raise ValueError(
                    f"faults[{first}] and faults[{second}] of {self.mocked_exchange.value} are "
                    f"disconnects that overlap, got {self.faults[first]}, {self.faults[second]}"
                )

    @property
    def initial_balances(self) -> list[tuple[str, Decimal | int]]:
        """`balances` as pairs, for the native module."""
        return list(self.balances.items())


class _Balances(Mapping[str, Decimal | int]):
    """A copy that cannot be changed; looks like a dict, and is equal to one."""

    __slots__ = ("_held",)

    def __init__(self, held: Mapping[str, Decimal | int]) -> None:
        self._held = dict(held)

    @override
    def __getitem__(self, asset: str) -> Decimal | int:
        return self._held[asset]

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    @override
    def __len__(self) -> int:
        return len(self._held)

    @override
    def __repr__(self) -> str:
        return repr(self._held)


def idle_faults(executions: Sequence[MockExecutionConfig], data: MarketData) -> list[str]:
    """Name the faults that are over before a history begins, or begin after it."""
    return [
        f"faults[{position}] of {execution.mocked_exchange.value}, {fault}, is outside the "
        f"history, which is from {data.time_start.isoformat()} to {data.time_end.isoformat()}"
        for execution in executions
        for position, fault in enumerate(execution.faults)
        if fault._end <= data.time_start or fault.start > data.time_end
    ]


def _check_any_latency(name: str, latency: object) -> None:
    if not isinstance(latency, (UniformLatency, EmpiricalLatency)):
        if not isinstance(latency, timedelta):
            check_type(name, latency, timedelta, UniformLatency, EmpiricalLatency)
        check_latency(name, latency)
