"""One run over a history, in simulated time."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from os import PathLike

from .. import _core
from .._checks import check_type
from .._core import (
    AuditSnapshot,
    AuditTick,
    FillPrice,
    IndexedInstruments,
    MarketData,
    MarketScan,
    TimeInterval,
)
from .._json import time_text
from ..exchange import Latency, MockExecutionConfig
from ..exchange.config import idle_faults
from ..report.plain import plain_text
from ..risk import RiskLimits, RiskManagerLike
from ..strategy import AlgoStrategy
from ..system import SystemConfig
from .options import RunOptions
from .result import BacktestResult
from .settings import RunSettings, parameters_of

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True)
class PreparedRun:
    """A run without its strategy."""

    data: MarketData | MarketScan
    instruments: IndexedInstruments
    executions: Sequence[MockExecutionConfig]
    options: RunOptions

    @classmethod
    def of(
        cls, data: MarketData | MarketScan, config: SystemConfig, options: RunOptions
    ) -> PreparedRun:
        """Apply the options to the executions; warn the caller's caller of idle faults.

        The options change no instruments, so that the index of the configuration serves the run;
        native code checks that the executions fit it.
        """
        executions = options.executions(config)
        if isinstance(data, MarketData):
            # Workers get no more than the part.
            data = data._between_ns(options.since_ns, options.until_ns)
            for remark in _remarks(executions, options, data.time_start, data.time_end):
                warnings.warn(remark, stacklevel=3)
        instruments = config.index()
        return cls(data, instruments, executions, options.for_instruments(instruments))

    def run(self, strategy: AlgoStrategy) -> BacktestResult:
        """Run a strategy."""
        return self.run_with_requests(strategy)[0]

    def run_with_requests(
        self, strategy: AlgoStrategy
    ) -> tuple[BacktestResult, Sequence[tuple[int, str]]]:
        """Run a strategy; give what the engine has sent as well, if the options keep it."""
        manager = self.options.risk_manager
        # Before the run, which changes them.
        parameters = parameters_of(strategy)
        risk_manager = None if manager is None else plain_text(manager)
        output = _core.run_backtest(
            strategy, self.data, self.instruments, self.executions, self.options
        )
        remarks = _remarks(self.executions, self.options, output.time_start, output.time_end)
        if isinstance(self.data, MarketScan):
            # Only the run has told when the history begins and ends.
            for remark in remarks:
                warnings.warn(remark, stacklevel=4)
        if output.missing_quotes:
            warnings.warn(_no_quotes(output.missing_quotes), stacklevel=4)
        if output.crossed is not None:
            remarks.append(self._crossed(*output.crossed))
            warnings.warn(remarks[-1], stacklevel=4)
        remarks += self._overdrawn(output.overdrawn)
        settings = RunSettings(
            strategy=type(strategy).__qualname__,
            parameters=parameters,
            executions=tuple(self.executions),
            fill_price=self.options.fill_price,
            close_at_end=self.options.close_at_end,
            risk_manager=risk_manager,
            events=output.events,
            warmup_events=0 if self.options.warmup is None else len(self.options.warmup),
            since_ns=self.options.since_ns,
            until_ns=self.options.until_ns,
            candles=self.options.candles,
            remarks=tuple(remarks),
        )
        return BacktestResult._of(output, self.instruments, settings), output.requests

    def _overdrawn(self, overdrawn: Sequence[tuple[int, Decimal]]) -> list[str]:
        """Warn the caller's caller once if the run ends with a negative balance."""
        if not overdrawn:
            return []
        names = self.instruments._asset_names()
        below = [f"{names[asset]} is {total}" for asset, total in overdrawn]
        remark = (
            f"the run ends with a negative balance: {', '.join(below)}. Losses, fees or funding of "
            "contracts have exceeded it. An exchange would have closed the positions before: "
            "MockExecutionConfig(maintenance_margin=...) does (docs/exchange.md)"
        )
        warnings.warn(remark, stacklevel=5)
        return [remark]

    def _crossed(self, count: int, time_ns: int, instrument: int) -> str:
        events = "1 event has" if count == 1 else f"{count:,} events have"
        return (
            f"{events} left a best bid above the best ask, first at {time_text(time_ns)} with "
            f"{self.instruments.instruments[instrument].name}: bids above the best ask and asks "
            "below the best bid are no offers then (docs/exchange.md). `barter-python "
            "inspect-data` shows them"
        )


def _remarks(
    executions: Sequence[MockExecutionConfig],
    options: RunOptions,
    time_start: datetime,
    time_end: datetime,
) -> list[str]:
    """Describe the faults that a run from the first event to the last does not come to."""
    if options.until_ns is not None:
        time_end = _EPOCH + timedelta(microseconds=options.until_ns // 1_000)
    return idle_faults(executions, time_start, time_end)


def run_backtest(
    strategy: AlgoStrategy,
    data: MarketData | MarketScan,
    config: SystemConfig,
    *,
    since: datetime | int | str | None = None,
    until: datetime | int | str | None = None,
    warmup: MarketData | None = None,
    latency: Latency | None = None,
    fee_rate: Decimal | int | None = None,
    fill_price: FillPrice = FillPrice.BEST_OPPOSITE,
    close_at_end: bool = False,
    risk_free_return: Decimal | int | None = None,
    interval: TimeInterval | timedelta = TimeInterval.ANNUAL_365,
    progress: Callable[[int, int], object] | None = None,
    audit: Callable[[AuditSnapshot | AuditTick], object] | None = None,
    risk_manager: RiskManagerLike | RiskLimits | None = None,
    guard_commands: bool = False,
    equity_interval: timedelta | None = None,
    equity_conversions: Mapping[str, str] | None = None,
    candles: timedelta | None = None,
) -> BacktestResult:
    """Run a strategy in barter's engine over a history, in simulated time.

    The same inputs give the same result, byte for byte, on every machine.

    Parameters
    ----------
    strategy : Strategy
        The strategy. Each run needs an instance of its own, since strategies usually have state.
        Any object with `generate_algo_orders` is accepted; the other hooks are called if it has
        them.
    data : MarketData or MarketScan
        The history, in memory or in parts of which the run holds one at a time.
    config : SystemConfig
        The instruments to trade, and how their exchanges are simulated.
    since : datetime, int or str, optional
        Where the run begins in the history, as of `MarketData.between`: nothing is known of what
        was before.
    until : datetime, int or str, optional
        The end of the run in simulated time. Market events of this time or later are left out.
        What is due by then, such as answers, is delivered while the strategy still trades. If
        `None`, the run ends with the history.
    warmup : MarketData, optional
        Events before the run's first, which the strategy is shown by its hook `on_warmup` while
        trading is disabled, after `on_start`. They change the prices of the state and the
        strategy's own data. The result has nothing of them, and the simulated exchanges do not see
        them. `docs/strategy.md` has the rules.
    latency : timedelta, UniformLatency or EmpiricalLatency, optional
        Time until a request arrives at any exchange, in simulated time; replaces the
        configuration's.
    fee_rate : Decimal or int, optional
        Fee of every exchange as a fraction of a fill's value; replaces the configuration's. It also
        applies to fills of resting orders if the exchange's `maker_fee_rate` is `None`.
    fill_price : FillPrice
        The price at which market orders are filled.
    close_at_end : bool
        Whether to cancel open orders at the end of the run, and to close open positions then
        with the strategy's `close_positions_requests`.
    risk_free_return : Decimal or int, optional
        Return without risk for barter's ratios; replaces the configuration's.
    interval : TimeInterval or timedelta
        The interval to which barter's ratios and returns are scaled, in whole seconds.
    progress : callable, optional
        Called with the number of processed events and of all events, over a `MarketScan` with those
        of parts: at most twenty times a second, and once at the end. An exception stops the run and
        reaches the caller unchanged.
    audit : callable, optional
        Called with an `AuditSnapshot` of the engine's state before the first event, and then with
        the `AuditTick` of every event, including those of the simulated exchange and the disabling
        of trading at the end: the input of a `StateReplica`. An exception stops the run.
    risk_manager : RiskManager or RiskLimits, optional
        Approves or refuses the orders and cancels of `generate_algo_orders`. If `None`, all are
        approved. `docs/risk.md` has the rules.
    guard_commands : bool
        Whether the risk manager also checks the requests of `close_positions_requests` and of the
        commands that hooks return. barter sends these unchecked.
    equity_interval : timedelta, optional
        The interval of the bars of `BacktestResult.equity`. If `None`, it is chosen so that there
        are 4096 bars at most.
    equity_conversions : mapping of str to str, optional
        By name of a quote asset, such as `btc`, the instrument at whose mark its equity is
        converted for the equity of the account as a whole, such as `binancespot-btc_usdt`. All
        quote assets must come to one.
    candles : timedelta, optional
        The length of the candles that the run builds from the trades of each instrument, such as
        `timedelta(minutes=1)`, a year at most. The strategy sees each as a market event at its
        close. The exchange does not, since the trades have offered their volume already; nor is it
        counted in `settings.events`. If `None`, no candles are built. `docs/data.md` has the rules.

    Raises
    ------
    ConfigError
        If the configuration contradicts itself, or the simulated exchange cannot trade it.
    MarketDataError
        If the history has exchanges or instruments that the configuration lacks, or no event from
        `since` until `until`; if a part of a `MarketScan` begins before the one ahead of it ends;
        if the history has candles although `candles` is given.
    OrderRequestError
        If the strategy sends an order that must not reach the engine, or the risk manager leaves
        a request undecided.
    UnknownKeyError
        If the limits or `equity_conversions` name an instrument that the configuration lacks.
    StrategyBusyError
        If the strategy is already in a run.
    EnginePoisonedError
        If barter panics.
    ValueError, TypeError
        If an argument or a return value of the strategy is wrong, such as a `warmup` that ends
        after the run's first event.
    Exception
        If the strategy, the risk manager or a function of a `MarketScan` raises it: unchanged, with
        its traceback.

    Warns
    -----
    UserWarning
        If a fault of an exchange ends before the history begins, or begins after its end.
        If `since` or `until` looks like seconds, milliseconds or microseconds since 1970.
        If an event leaves a best bid above the best ask: of an L1, or of the order book.
        If a balance is negative at the end, which losses of contracts and their funding can bring.
        If the strategy sends no orders and reads `mid`, `best_bid` or `best_ask`, and these are
        `None` all the time although other prices are there, as with candles only.

    Examples
    --------
    >>> from barter_python import DefaultStrategy, MarketData, SystemConfig, run_backtest
    >>> history = "examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz"
    >>> data = MarketData.from_json_lines(history)
    >>> config = SystemConfig.from_json("examples/data/system_config.json")
    >>> run_backtest(DefaultStrategy(), data, config).pnl
    {'usdt': Decimal('0')}

    A minute of it:

    >>> since, until = "2025-03-25T23:08:00Z", "2025-03-25T23:09:00Z"
    >>> result = run_backtest(DefaultStrategy(), data, config, since=since, until=until)
    >>> result.time_start.isoformat(), result.settings.events
    ('2025-03-25T23:08:00.061880+00:00', 11002)

    The same minute, and what was before it as its warm-up:

    >>> warm = run_backtest(DefaultStrategy(), data, config, since=since, until=until,
    ...                     warmup=data.between(until=since))
    >>> warm.settings.warmup_events, warm.settings.events, warm.to_json() == result.to_json()
    (11045, 11002, True)
    """
    check_inputs(data, config)
    since_ns, until_ns = _core.window_ns(since, until)
    options = RunOptions(
        since_ns=since_ns,
        until_ns=until_ns,
        warmup=warmup,
        latency=latency,
        fee_rate=fee_rate,
        fill_price=fill_price,
        close_at_end=close_at_end,
        risk_free_return=config.risk_free_return if risk_free_return is None else risk_free_return,
        interval=interval,
        progress=progress,
        audit=audit,
        risk_manager=risk_manager,
        guard_commands=guard_commands,
        equity_interval=equity_interval,
        equity_conversions=equity_conversions,
        candles=candles,
    )
    return PreparedRun.of(data, config, options).run(strategy)


def _no_quotes(names: Sequence[str]) -> str:
    listed = " and ".join(f"`{name}`" for name in names)
    were = "was" if len(names) == 1 else "were"
    return (
        f"the strategy sent no orders, and {listed} {were} None each time that it was read: the "
        "history has no quotes for it. `price` has a value: that of the last trade or candle"
    )


def check_inputs(data: MarketData | MarketScan, config: SystemConfig) -> None:
    """Require a history and a configuration."""
    if not isinstance(data, (MarketData, MarketScan)):
        # Not its repr: a table or a list of events would be all of the message.
        raise TypeError(
            f"data must be a MarketData or a MarketScan, got {type(data).__name__}: {_cure(data)}"
        )
    check_type("config", config, SystemConfig)


def _cure(data: object) -> str:
    """Say what makes a history of what was given for one."""
    if isinstance(data, (str, PathLike)):
        return "MarketData.from_json_lines and MarketData.from_csv are two that read a file"
    if isinstance(data, Sequence) and data and isinstance(data[0], (MarketData, MarketScan)):
        return f"{type(data[0]).__name__}.merge(*data) makes one of several"
    return "MarketData.from_events makes one of market events, one for each row of a table"
