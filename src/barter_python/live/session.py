"""One run on live data, from its start to its result."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from os import PathLike, fspath
from typing import TypedDict

from .. import _core
from .._checks import check_duration, check_path, check_type
from .._core import (
    AuditSnapshot,
    AuditTick,
    FillPrice,
    MarketData,
    SystemControls,
    TimeInterval,
)
from ..backtest.options import RunOptions
from ..backtest.result import result_fields
from ..backtest.settings import RunSettings, parameters_of
from ..exchange import Latency
from ..report.plain import plain_text
from ..risk import RiskLimits, RiskManagerLike
from ..strategy import AlgoStrategy
from ..streams import StreamOptions, Streams, Subscription
from ..system import SystemConfig
from .policy import KillSwitch, LiveOptions, ShutdownPolicy
from .record import session_text
from .result import KillSwitchTrip, PaperResult
from .subscriptions import default_subscriptions


class PaperOptions(TypedDict, total=False):
    """The options of `run_paper` and `System.start`; `run_paper` describes them.

    Examples
    --------
    >>> from datetime import timedelta
    >>> from barter_python.live import PaperOptions
    >>> options: PaperOptions = {"duration": timedelta(hours=1), "close_at_end": True}
    """

    subscriptions: Iterable[Subscription] | None
    stream_options: StreamOptions | None
    duration: timedelta | None
    record: str | PathLike[str] | None
    warmup: MarketData | None
    shutdown: ShutdownPolicy
    kill_switch: KillSwitch
    latency: Latency | None
    fee_rate: Decimal | int | None
    fill_price: FillPrice
    close_at_end: bool
    risk_free_return: Decimal | int | None
    interval: TimeInterval | timedelta
    audit: Callable[[AuditSnapshot | AuditTick], object] | None
    risk_manager: RiskManagerLike | RiskLimits | None
    guard_commands: bool
    equity_interval: timedelta | None
    equity_conversions: Mapping[str, str] | None
    candles: timedelta | None


@dataclass(frozen=True)
class Session:
    """A run whose streams are open, without its end."""

    strategy: AlgoStrategy
    config: SystemConfig
    streams: Streams
    run_options: RunOptions
    live_options: LiveOptions
    controls: SystemControls

    @classmethod
    def open(cls, strategy: AlgoStrategy, config: SystemConfig, options: PaperOptions) -> "Session":
        """Check the options, and connect."""
        check_type("config", config, SystemConfig)
        duration = options.get("duration")
        if duration is not None:
            check_duration("duration", duration)
        shutdown = options.get("shutdown", ShutdownPolicy())
        check_type("shutdown", shutdown, ShutdownPolicy)
        kill_switch = options.get("kill_switch", KillSwitch())
        check_type("kill_switch", kill_switch, KillSwitch)
        risk_free_return = options.get("risk_free_return")
        record = options.get("record")
        if record is not None:
            check_path("record", record)
        run_options = RunOptions(
            warmup=options.get("warmup"),
            latency=options.get("latency"),
            fee_rate=options.get("fee_rate"),
            fill_price=options.get("fill_price", FillPrice.BEST_OPPOSITE),
            close_at_end=options.get("close_at_end", False),
            risk_free_return=(
                config.risk_free_return if risk_free_return is None else risk_free_return
            ),
            interval=options.get("interval", TimeInterval.ANNUAL_365),
            audit=options.get("audit"),
            risk_manager=options.get("risk_manager"),
            guard_commands=options.get("guard_commands", False),
            equity_interval=options.get("equity_interval"),
            equity_conversions=options.get("equity_conversions"),
            candles=options.get("candles"),
        ).for_instruments(config.index())
        live_options = LiveOptions(
            duration=duration,
            record=None if record is None else fspath(record),
            session="{}" if record is None else session_text(config, run_options, fspath(record)),
            shutdown=shutdown,
            kill_switch=kill_switch,
        )
        subscriptions = options.get("subscriptions")
        streams = Streams.connect(
            default_subscriptions(config) if subscriptions is None else subscriptions,
            options=options.get("stream_options"),
            instruments=config.index(),
        )
        return cls(strategy, config, streams, run_options, live_options, SystemControls())

    def run(self) -> tuple[PaperResult, BaseException | None]:
        """Run to the end; give the result, and the exception that ended the run, if one did."""
        options = self.run_options
        executions = tuple(options.executions(self.config))
        parameters = parameters_of(self.strategy)
        manager = options.risk_manager
        risk_manager = None if manager is None else plain_text(manager)
        instruments = self.config.index()
        with self.streams:
            live = _core.run_paper(
                self.strategy,
                self.streams._feed,
                instruments,
                executions,
                options,
                self.live_options,
                self.controls,
            )
            statuses = self.streams.statuses
        settings = RunSettings(
            strategy=type(self.strategy).__qualname__,
            parameters=parameters,
            executions=executions,
            fill_price=options.fill_price,
            close_at_end=options.close_at_end,
            risk_manager=risk_manager,
            events=live.output.events,
            warmup_events=0 if options.warmup is None else len(options.warmup),
            since_ns=None,
            until_ns=live.until_ns,
            candles=options.candles,
            remarks=(),
        )
        result = PaperResult(
            **result_fields(live.output, instruments, settings),
            until_ns=live.until_ns,
            statuses=statuses,
            trips=tuple(KillSwitchTrip(time, reason) for time, reason in live.trips),
        )
        return result, live.failure
