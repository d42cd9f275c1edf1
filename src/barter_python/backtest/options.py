"""The options of a run, as one value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from .._checks import check_duration, check_exact, check_type, shown
from .._core import (
    AuditSnapshot,
    AuditTick,
    FillPrice,
    IndexedInstruments,
    MarketData,
    TimeInterval,
)
from .._records.equity import conversions_of, positive_nanoseconds
from ..engine import EngineEvent
from ..exchange import Latency, MockExecutionConfig
from ..risk import RiskLimits, RiskManagerLike
from ..system import ExecutionChanges, SystemConfig


@dataclass(frozen=True, kw_only=True)
class RunOptions:
    """The options of `run_backtest` and `run_backtests`, checked; native code reads them by name.

    A latency or a fee rate of `None` is the configuration's.
    """

    since_ns: int | None = None
    until_ns: int | None = None
    warmup: MarketData | None = None
    latency: Latency | None
    fee_rate: Decimal | int | None
    fill_price: FillPrice
    close_at_end: bool
    risk_free_return: Decimal | int
    interval: TimeInterval | timedelta
    progress: Callable[[int, int], object] | None = None
    audit: Callable[[AuditSnapshot | AuditTick], object] | None = None
    risk_manager: RiskManagerLike | RiskLimits | None
    guard_commands: bool
    equity_interval: timedelta | None = None
    equity_conversions: Mapping[str, str] | None = None
    conversions: Sequence[tuple[int, int]] = ()
    """`equity_conversions` by indices of asset and instrument."""
    candles: timedelta | None = None
    """The length of the candles that the run builds from trades."""
    commands: Sequence[tuple[int, int, EngineEvent]] = ()
    """Commands from outside: after how many market events, when in nanoseconds, and what."""
    keep_requests: bool = False
    """Whether the output has what the engine sends."""

    def __post_init__(self) -> None:
        """Check the values that neither the executions nor native code check."""
        if self.warmup is not None and not isinstance(self.warmup, MarketData):
            # Not its repr: a table or a list of events would be all of the message.
            raise TypeError(f"warmup must be a MarketData, got {type(self.warmup).__name__}")
        check_type("fill_price", self.fill_price, FillPrice)
        check_type("close_at_end", self.close_at_end, bool)
        check_type("interval", self.interval, TimeInterval, timedelta)
        for name, callback in (("progress", self.progress), ("audit", self.audit)):
            if callback is not None and not callable(callback):
                raise TypeError(
                    f"{name} must be callable, got {type(callback).__name__} {shown(callback)}"
                )
        check_type("guard_commands", self.guard_commands, bool)
        check_exact("risk_free_return", self.risk_free_return)
        if self.equity_interval is not None:
            positive_nanoseconds("equity_interval", self.equity_interval)
        if self.candles is not None:
            check_duration("candles", self.candles)

    @property
    def equity_interval_ns(self) -> int | None:
        """The interval of the equity's bars in nanoseconds."""
        if self.equity_interval is None:
            return None
        return positive_nanoseconds("equity_interval", self.equity_interval)

    def for_instruments(self, instruments: IndexedInstruments) -> RunOptions:
        """Look the instruments up that convert the equity; check those of the warm-up."""
        if self.warmup is not None:
            self.warmup._check_against(instruments, "warmup")
        return replace(self, conversions=conversions_of(self.equity_conversions, instruments))

    def executions(self, config: SystemConfig) -> Sequence[MockExecutionConfig]:
        """Put the options in the place of the configuration's; its index stays valid."""
        changes: ExecutionChanges = {}
        if self.latency is not None:
            changes["latency"] = self.latency
        if self.fee_rate is not None:
            changes["fee_rate"] = self.fee_rate
        if not changes:
            return config.executions
        return [replace(execution, **changes) for execution in config.executions]
