"""The configuration of a simulated exchange."""

from collections.abc import ItemsView, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from typing_extensions import override

from .._checks import (
    check_duration,
    check_exact,
    check_int,
    check_name,
    check_type,
    checked_items,
    in_seconds,
    shown,
)
from .._core import (
    CandleFills,
    CandlePrice,
    ExchangeId,
    FeeAsset,
    Liquidity,
    QueuePosition,
)
from .._exact import product
from .faults import DelayAnswers, Disconnect, DuplicateAnswers, Fault, RejectRequests
from .latency import Latency, check_any_latency

_MOST_REQUESTS = 2**32 - 1
_DAY = timedelta(days=1)
_LEAST_LEVERAGE = Decimal("0.001")
_MOST_LEVERAGE = 1000


@dataclass(frozen=True)
class RateLimit:
    """The greatest rate of requests that an exchange accepts.

    Parameters
    ----------
    requests : int
        Number of requests, orders and cancels together, that it accepts in one interval.
    interval : timedelta
        Length of the interval, 365 days at most.

    Raises
    ------
    ValueError
        If one of them is not positive or too large.

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


def _check_fault(name: str, fault: object) -> None:
    check_type(name, fault, Disconnect, RejectRequests, DelayAnswers, DuplicateAnswers)


@dataclass(frozen=True)
class MockExecutionConfig:
    """How an exchange is simulated (`barter_execution::client::mock::MockExecutionConfig`).

    `docs/exchange.md` has the rules for each field.

    Parameters
    ----------
    mocked_exchange : ExchangeId
        The exchange.
    balances : mapping of str to Decimal or int
        Balance of each asset at the start, by the asset's name; stored as a mapping that cannot be
        changed.
    latency : timedelta, UniformLatency or EmpiricalLatency
        Time until a request arrives at the exchange, in simulated time.
    fee_rate : Decimal or int
        Fee as a fraction of a fill's value: `Decimal("0.001")` is 0.1 %. barter's JSON calls the
        same plain factor `fees_percent`.
    maker_fee_rate : Decimal or int, optional
        Fee for fills of resting orders; negative for a rebate. `None` means `fee_rate`.
    fee_asset : FeeAsset
        The asset in which fees of spot trades are paid.
    answer_latency : timedelta, UniformLatency or EmpiricalLatency
        Time until an answer of the exchange arrives at the engine, in simulated time.
    liquidity : Liquidity
        The quantity that the market offers.
    queue : QueuePosition
        The place of a new order among the orders that already rest at its price: before them,
        behind them, or behind them with cancels spread evenly over the queue.
    leverage : Decimal or int
        Leverage of perpetuals and futures, from 0.001 to 1000: the margin of a position is its
        value divided by the leverage.
    end_of_day : timedelta
        End of the trading day, counted from 00:00 UTC, at which orders that are good until the end
        of the day expire. `timedelta(hours=21)` is 21:00 UTC.
    rate_limit : RateLimit, optional
        The greatest rate of requests that the exchange accepts; unlimited if `None`.
    faults : sequence of Disconnect, RejectRequests, DelayAnswers or DuplicateAnswers
        Faults of the exchange; stored as a tuple.
    candle_fills : CandleFills
        Which prices of a candle fill resting orders: its path from open to close, or its close.
        Candles count for instruments of which the history shows no quotes, book or trades.
    candle_price : CandlePrice
        Which price of a candle a market order gets: the last close, or the next open.
    maintenance_margin : Decimal or int, optional
        The share of the value of perpetuals and futures that the equity must cover, else the
        account is liquidated: `Decimal("0.005")` is 0.5 %. It must be positive, and less than
        1 / `leverage`. There is no liquidation if it is `None`.

    Raises
    ------
    ValueError
        If a number is out of range, or two disconnects overlap.

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
    _: KW_ONLY
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
    candle_fills: CandleFills = CandleFills.PATH
    candle_price: CandlePrice = CandlePrice.CLOSE
    maintenance_margin: Decimal | int | None = None

    def __post_init__(self) -> None:
        """Check the values."""
        check_type("mocked_exchange", self.mocked_exchange, ExchangeId)
        self._check_balances()
        check_any_latency("latency", self.latency)
        check_any_latency("answer_latency", self.answer_latency)
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
        check_type("candle_fills", self.candle_fills, CandleFills)
        check_type("candle_price", self.candle_price, CandlePrice)
        if self.maintenance_margin is not None:
            check_exact("maintenance_margin", self.maintenance_margin)
            margin = self.maintenance_margin
            if not (margin > 0 and product(margin, self.leverage) < 1):
                raise ValueError(
                    "maintenance_margin must be positive and less than 1 / leverage, which is the "
                    f"margin of a new position, got {self.maintenance_margin} with the leverage "
                    f"{self.leverage}"
                )

    def _check_balances(self) -> None:
        check_type("balances", self.balances, Mapping)
        object.__setattr__(self, "balances", _Balances(self.balances))
        spellings: dict[str, str] = {}
        for asset, total in self.balances.items():
            check_name("the name of a balance", asset)
            check_exact(f"balance of {shown(asset)}", total)
            if total < 0:
                raise ValueError(f"balance of {shown(asset)} must not be negative, got {total}")
            # barter's internal names are lower case.
            other = spellings.setdefault(asset.lower(), asset)
            if other != asset:
                raise ValueError(
                    f"balances has {shown(other)} and {shown(asset)}, which are the same asset"
                )

    def _check_faults(self) -> None:
        faults = checked_items("faults", self.faults, _check_fault)
        object.__setattr__(self, "faults", faults)
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
        """The balances as pairs, for the native module."""
        return list(self.balances.items())


class _Balances(Mapping[str, Decimal | int]):
    """A read-only copy of a mapping, which looks like a dict and compares equal to one."""

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
    def items(self) -> ItemsView[str, Decimal | int]:
        return self._held.items()

    @override
    def __len__(self) -> int:
        return len(self._held)

    @override
    def __repr__(self) -> str:
        return repr(self._held)


def idle_faults(
    executions: Sequence[MockExecutionConfig], start: datetime, end: datetime
) -> list[str]:
    """Describe the faults that end before a run begins, or begin after its end."""
    return [
        f"faults[{position}] of {execution.mocked_exchange.value}, {fault}, is outside the "
        f"history, which is from {start.isoformat()} to {end.isoformat()}"
        for execution in executions
        for position, fault in enumerate(execution.faults)
        if fault._end <= start or fault.start > end
    ]
