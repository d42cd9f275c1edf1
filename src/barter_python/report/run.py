"""What a report needs to know of a run: results of every kind that have it can be shown."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Literal, Protocol

from .._core import (
    AccountEquity,
    EquityBar,
    EquityDrawdown,
    EquityRatios,
    FailedCancel,
    FillPrice,
    FundingPayment,
    IndexedInstruments,
    OpenPosition,
    OrderReport,
    PositionExited,
    TimeInterval,
    Trade,
    TradingSummary,
)
from .._rows import Records
from ..exchange import MockExecutionConfig
from ..statistic import PositionStatistics


@dataclass
class Prices:
    """The prices of one instrument, where they change.

    Attributes
    ----------
    times : array of int
        Nanoseconds since 1970.
    values : array of float
        The mid; where there is none, the last trade, else the last candle's close.
    """

    times: array[int] = field(default_factory=lambda: array("q"))
    values: array[float] = field(default_factory=lambda: array("d"))


class Settings(Protocol):
    """How a run was made: `barter_python.backtest.RunSettings` documents the attributes."""

    @property
    def strategy(self) -> str: ...
    @property
    def parameters(self) -> Mapping[str, str]: ...
    @property
    def executions(self) -> Sequence[MockExecutionConfig]: ...
    @property
    def fill_price(self) -> FillPrice: ...
    @property
    def close_at_end(self) -> bool: ...
    @property
    def risk_manager(self) -> str | None: ...
    @property
    def events(self) -> int: ...
    @property
    def warmup_events(self) -> int: ...
    @property
    def since_ns(self) -> int | None: ...
    @property
    def until_ns(self) -> int | None: ...
    @property
    def candles(self) -> timedelta | None: ...
    @property
    def remarks(self) -> Sequence[str]: ...


class Refusal(Protocol):
    """A request that the risk manager refused."""

    @property
    def reason(self) -> str: ...


class Run(Protocol):
    """A run's result: `barter_python.backtest.BacktestResult` documents the attributes."""

    @property
    def settings(self) -> Settings: ...
    @property
    def instruments(self) -> IndexedInstruments: ...
    @property
    def time_start_ns(self) -> int: ...
    @property
    def summary(self) -> TradingSummary: ...
    @property
    def orders(self) -> Records[OrderReport]: ...
    @property
    def fills(self) -> Records[Trade]: ...
    @property
    def funding(self) -> Records[FundingPayment]: ...
    @property
    def funding_by_asset(self) -> Mapping[str, Decimal]: ...
    @property
    def failed_cancels(self) -> Records[FailedCancel]: ...
    @property
    def refused(self) -> Records[Refusal]: ...
    @property
    def positions(self) -> Records[PositionExited]: ...
    @property
    def open_positions(self) -> Records[OpenPosition]: ...
    @property
    def order_counts(self) -> Mapping[str, int]: ...
    @property
    def pnl(self) -> Mapping[str, Decimal]: ...
    @property
    def fees(self) -> Mapping[str, Decimal]: ...
    @property
    def statistics(self) -> Mapping[str, PositionStatistics]: ...
    @property
    def _marks(self) -> Sequence[Decimal | None]: ...
    @property
    def _equity(self) -> AccountEquity: ...
    @property
    def equity_interval_ns(self) -> int: ...
    def equity(self) -> Mapping[str, Records[EquityBar]]: ...
    def drawdowns(
        self, count: int, *, asset: str, by: Literal["amount", "share"]
    ) -> Records[EquityDrawdown]: ...
    def ratios(self, every: timedelta, *, year: TimeInterval, asset: str) -> EquityRatios: ...


class SweptRun(Protocol):
    """A run of several: `barter_python.backtest.BacktestRun` documents the attributes."""

    @property
    def parameters(self) -> Mapping[str, object]: ...
    @property
    def result(self) -> Run | None: ...
    @property
    def error(self) -> Exception | None: ...
