"""Backtests in simulated time: what `barter::backtest` is for.

barter's own `backtest` replays a history as fast as it can while its exchange answers in
wall-clock time, so that the history is over before the first fill. Here one queue holds everything,
and time is the history's: `docs/backtest.md` has the rules.
"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property

from ._checks import check_type
from ._core import (
    AuditSnapshot,
    AuditTick,
    BacktestOutput,
    Balance,
    EquityPoint,
    FailedCancel,
    FillPrice,
    IndexedInstruments,
    MarketData,
    OpenPosition,
    OrderReport,
    OrderStatus,
    PositionExited,
    TimeInterval,
    Trade,
    TradingSummary,
)
from ._core import run_backtest as _run_backtest
from ._report import Json, Tables, tables, time_text, to_json_value
from ._strategy_result import StrategyResult, results_by_strategy
from ._sweep import Parameters, call_all, combinations
from .exchange import Latency, idle_faults
from .risk import RiskLimits, RiskManagerLike, RiskRefusal
from .statistic import PositionStatistics, exact_sum
from .strategy import AlgoStrategy
from .system import ExecutionChanges, SystemConfig

__all__ = [
    "BacktestResult",
    "BacktestRun",
    "EquityPoint",
    "FailedCancel",
    "FillPrice",
    "OrderReport",
    "StrategyResult",
    "run_backtest",
    "run_backtests",
]


_ENDS = {
    OrderStatus.FULLY_FILLED: "filled",
    OrderStatus.OPEN: "open",
    OrderStatus.CANCEL_IN_FLIGHT: "open",
    OrderStatus.OPEN_IN_FLIGHT: "not answered",
    OrderStatus.CANCELLED: "cancelled",
    OrderStatus.EXPIRED: "expired",
    OrderStatus.OPEN_FAILED: "refused",
}


@dataclass(frozen=True)
class BacktestResult:
    """What a run has brought forth. `print` it for a table.

    Attributes
    ----------
    instruments : IndexedInstruments
        What was traded; indices in orders, fills and positions are its.
    time_start : datetime
        When the first event was received, in UTC.
    time_start_ns : int
        The same in nanoseconds since 1970.
    summary : TradingSummary
        barter's own summary, as barter calculates it.
    orders : list of OrderReport
        All orders, in the order in which they were sent.
    fills : list of Trade
        Our fills, in their order.
    failed_cancels : list of FailedCancel
        Cancels that failed, in their order: the exchange's answer, and when it refused.
    refused : list of RiskRefusal
        What the risk manager has refused, in its order.
    positions : list of PositionExited
        Closed positions, in the order of their closing.
    open_positions : list of OpenPosition
        Positions still open at the end, valued at the mid.
    balances : dict of str to Balance
        Balances at the end, such as `binance_spot_usdt`.
    """

    instruments: IndexedInstruments
    time_start: datetime
    time_start_ns: int
    summary: TradingSummary
    orders: list[OrderReport]
    fills: list[Trade]
    failed_cancels: list[FailedCancel]
    refused: list[RiskRefusal]
    positions: list[PositionExited]
    open_positions: list[OpenPosition]
    balances: dict[str, Balance]
    _equity: list[EquityPoint] = field(repr=False)
    _marks: list[Decimal | None] = field(repr=False)

    @classmethod
    def _of(cls, output: BacktestOutput, instruments: IndexedInstruments) -> BacktestResult:
        assets = [f"{asset.exchange_id.value}_{asset.name}" for asset in instruments.assets]
        return cls(
            instruments=instruments,
            time_start=output.time_start,
            time_start_ns=output.time_start_ns,
            summary=output.summary,
            orders=output.orders,
            fills=output.fills,
            failed_cancels=output.failed_cancels,
            refused=output.refused,
            positions=output.positions,
            open_positions=output.open_positions,
            balances=dict(zip(assets, output.balances, strict=True)),
            _equity=output.equity,
            _marks=output.marks,
        )

    def equity(self) -> dict[str, list[EquityPoint]]:
        """Give the worth of the account by quote asset: at the start, after each fill, at the end.

        Assets of one name on several exchanges have a line each, such as `binance_spot_usdt`. A
        point is the asset's balance at the start, plus the profit and loss of all instruments
        quoted in it: realised, and unrealised at the mid.
        """
        curves: dict[str, list[EquityPoint]] = {}
        assets = self.instruments.assets
        for point in self._equity:
            asset = assets[point.asset]
            curves.setdefault(f"{asset.exchange_id.value}_{asset.name}", []).append(point)
        return curves

    @property
    def open_orders(self) -> list[OrderReport]:
        """Orders that rest at the end, or that no answer has come to, in the order of sending."""
        return [report for report in self.orders if report.time_finished is None]

    @property
    def order_counts(self) -> dict[str, int]:
        """How many orders are `filled`, `open`, `cancelled`, `expired`, `refused`: those there are.

        An order that was cancelled or has expired counts as that, also when a part of it is filled.
        One that no answer has come to is `not answered`.
        """
        ends = [_ENDS[report.order.status] for report in self.orders]
        counts = {end: ends.count(end) for end in _ENDS.values()}
        return {end: count for end, count in counts.items() if count}

    def fills_of(self, report: OrderReport) -> list[Trade]:
        """Give the fills of one of `orders`, in their order.

        Parameters
        ----------
        report : OrderReport
            An order of this result.
        """
        check_type("report", report, OrderReport)
        return (
            [] if report.order_id is None else list(self._fills_by_order.get(report.order_id, ()))
        )

    @cached_property
    def _fills_by_order(self) -> dict[str, list[Trade]]:
        fills: dict[str, list[Trade]] = {}
        for fill in self.fills:
            fills.setdefault(fill.order_id, []).append(fill)
        return fills

    @property
    def pnl(self) -> dict[str, Decimal]:
        """Profit and loss by quote asset's name, of all exchanges: realised and unrealised."""
        profits: dict[str, list[Decimal]] = {}
        for points in self.equity().values():
            name = self.instruments.assets[points[0].asset].name
            profits.setdefault(name, []).extend([points[-1].equity, -points[0].equity])
        return {name: exact_sum(changes) for name, changes in profits.items()}

    @property
    def statistics(self) -> dict[str, PositionStatistics]:
        """Wins and losses by instrument's name: right where barter's `summary` is not."""
        return {
            instrument.name: PositionStatistics.of(
                position for position in self.positions if position.instrument == instrument.index
            )
            for instrument in self.instruments.instruments
        }

    def by_strategy(self) -> dict[str, StrategyResult]:
        """Tell apart what strategies with ids of their own have brought forth in one engine.

        The keys are the ids of the orders, in the order of their first. `positions` here are those
        of the account: where two strategies trade one instrument, a buy of the one may close a
        short position of the other. `by_strategy` books each fill for the strategy whose order it
        was, by barter's own position manager. The profits and losses of all together are those of
        the account, up to the rounding of average prices.
        """
        return results_by_strategy(self.orders, self.fills, self.instruments, self._marks)

    def to_dict(self) -> dict[str, Json]:
        """Give everything as JSON has it: decimals and times as text, times with nanoseconds."""
        return {
            "time_start": time_text(self.time_start_ns),
            "pnl": to_json_value(self.pnl),
            "balances": to_json_value(self.balances),
            "statistics": to_json_value(self.statistics),
            "summary": to_json_value(self.summary),
            "orders": to_json_value(self.orders),
            "fills": to_json_value(self.fills),
            "failed_cancels": to_json_value(self.failed_cancels),
            "refused": [refusal.to_dict() for refusal in self.refused],
            "positions": to_json_value(self.positions),
            "open_positions": to_json_value(self.open_positions),
            "equity": to_json_value(self.equity()),
            "instruments": to_json_value(self.instruments.instruments),
        }

    def to_json(self, *, indent: int | None = None) -> str:
        """Give `to_dict()` as JSON text, the same bytes for the same inputs."""
        import json  # noqa: PLC0415 - not needed to import the package

        return json.dumps(self.to_dict(), indent=indent, ensure_ascii=False)

    def __str__(self) -> str:
        """Give a plain table."""
        return self._tables().to_text()

    def _repr_html_(self) -> str:
        """Give the same as HTML, for notebooks."""
        return self._tables().to_html()

    def _tables(self) -> Tables:
        return tables(
            start=self.time_start,
            summary=self.summary,
            statistics=self.statistics,
            pnl=self.pnl,
            balances=self.balances,
            orders=self.order_counts,
            counts={
                "fills": len(self.fills),
                "closed positions": len(self.positions),
                "open positions": len(self.open_positions),
                **({"failed cancels": len(self.failed_cancels)} if self.failed_cancels else {}),
                **({"refused requests": len(self.refused)} if self.refused else {}),
            },
            fees=exact_sum(fill.fees for fill in self.fills),
        )


def _with_options(
    config: SystemConfig,
    latency: Latency | None,
    fee_rate: Decimal | int | None,
    risk_free_return: Decimal | int | None,
) -> SystemConfig:
    """Put what was given in the place of the configuration's."""
    if latency is None and fee_rate is None and risk_free_return is None:
        return config
    changes: ExecutionChanges = {}
    if latency is not None:
        changes["latency"] = latency
    if fee_rate is not None:
        changes["fee_rate"] = fee_rate
    free = config.risk_free_return if risk_free_return is None else risk_free_return
    return replace(config.with_executions(**changes), risk_free_return=free)


def run_backtest(
    strategy: AlgoStrategy,
    data: MarketData,
    config: SystemConfig,
    *,
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
) -> BacktestResult:
    """Run a strategy in barter's engine over a history, in simulated time.

    The same inputs give the same result, byte for byte, on every machine.

    Parameters
    ----------
    strategy : Strategy
        An instance of its own for each run: it usually keeps state. Any object with
        `generate_algo_orders` will do; the other hooks are called where it has them.
    data : MarketData
        The history.
    config : SystemConfig
        What to trade, and how the exchanges are simulated.
    latency : timedelta, UniformLatency or EmpiricalLatency, optional
        Time until a request arrives at any exchange, in simulated time, instead of the
        configuration's.
    fee_rate : Decimal or int, optional
        Fraction of a fill's value that every exchange charges, instead of the configuration's; for
        orders that rest, where its `maker_fee_rate` is `None`.
    fill_price : FillPrice
        At which price market orders are filled.
    close_at_end : bool
        Whether open orders are cancelled when the history is over, and open positions closed then,
        by the strategy's `close_positions_requests`.
    risk_free_return : Decimal or int, optional
        For barter's ratios, instead of the configuration's.
    interval : TimeInterval or timedelta
        What barter's ratios and returns are scaled to; a length of whole seconds.
    progress : callable, optional
        Called with the count of events done and of all events: at most twenty times a second, and
        once when all are done. What it raises stops the run and arrives unchanged.
    audit : callable, optional
        Called with an `AuditSnapshot` of the engine's state before the first event, and with the
        `AuditTick` of every event after it, those of the simulated exchange and the disabling of
        trading at the end included: what a `StateReplica` needs. What it raises stops the run.
    risk_manager : RiskManager or RiskLimits, optional
        What approves or refuses the orders and cancels of `generate_algo_orders`; everything is
        approved when it is not given. `docs/risk.md` has the rules.
    guard_commands : bool
        Whether the risk manager also checks what `close_positions_requests` and the commands of
        hooks ask for. barter sends these unchecked.

    Raises
    ------
    ConfigError
        When the configuration contradicts itself, or the simulated exchange cannot trade it.
    MarketDataError
        When the history has exchanges or instruments that the configuration has not.
    OrderRequestError
        When the strategy sends an order that must not reach the engine, or the risk manager leaves
        a request undecided.
    UnknownKeyError
        When the limits name an instrument that is not there.
    StrategyBusyError
        When the strategy is in a run already.
    EnginePoisonedError
        When barter panics.
    ValueError, TypeError
        When an argument is wrong, or the strategy returns something wrong.
    Exception
        What the strategy or the risk manager raises, unchanged, with its traceback.

    Warns
    -----
    UserWarning
        When a fault of an exchange is over before the history begins, or begins after its end.

    Examples
    --------
    >>> from barter_python import DefaultStrategy, MarketData, SystemConfig, run_backtest
    >>> history = "examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz"
    >>> data = MarketData.from_json_lines(history)
    >>> config = SystemConfig.from_json("examples/data/system_config.json")
    >>> run_backtest(DefaultStrategy(), data, config).pnl
    {'usdt': Decimal('0')}
    """
    _check_types(data, config, fill_price, close_at_end=close_at_end, interval=interval)
    if progress is not None and not callable(progress):
        raise TypeError(f"progress must be callable, got {type(progress).__name__} {progress!r}")
    if audit is not None and not callable(audit):
        raise TypeError(f"audit must be callable, got {type(audit).__name__} {audit!r}")
    check_type("guard_commands", guard_commands, bool)
    config = _with_options(config, latency, fee_rate, risk_free_return)
    for remark in idle_faults(config.executions, data):
        warnings.warn(remark, stacklevel=2)
    return _run(
        strategy,
        data,
        config,
        fill_price=fill_price,
        close_at_end=close_at_end,
        interval=interval,
        progress=progress,
        audit=audit,
        risk_manager=risk_manager,
        guard_commands=guard_commands,
    )


def _run(
    strategy: AlgoStrategy,
    data: MarketData,
    config: SystemConfig,
    *,
    fill_price: FillPrice,
    close_at_end: bool,
    interval: TimeInterval | timedelta,
    progress: Callable[[int, int], object] | None = None,
    audit: Callable[[AuditSnapshot | AuditTick], object] | None = None,
    risk_manager: RiskManagerLike | RiskLimits | None,
    guard_commands: bool,
) -> BacktestResult:
    """Run with arguments that are checked."""
    instruments = config.index()
    output = _run_backtest(
        strategy,
        data,
        instruments,
        config.executions,
        close_at_end=close_at_end,
        fill_price=fill_price,
        risk_free_return=config.risk_free_return,
        interval=interval,
        progress=progress,
        audit=audit,
        risk_manager=risk_manager,
        guard_commands=guard_commands,
    )
    return BacktestResult._of(output, instruments)


@dataclass(frozen=True)
class BacktestRun:
    """One run of several.

    Attributes
    ----------
    parameters : dict of str to object
        What the factory was called with.
    result : BacktestResult, optional
        What came of it, `None` when it failed.
    error : Exception, optional
        Why it failed: the exception itself where it can be pickled, else a `RuntimeError` that
        names it.
    traceback : str, optional
        Its traceback, as text.
    """

    parameters: dict[str, object]
    result: BacktestResult | None
    error: Exception | None
    traceback: str | None


@dataclass(frozen=True)
class _OneRun:
    """A run but for its parameters; workers get it once."""

    factory: Callable[..., AlgoStrategy]
    data: MarketData
    config: SystemConfig
    fill_price: FillPrice
    close_at_end: bool
    interval: TimeInterval | timedelta
    risk_manager: RiskManagerLike | RiskLimits | None
    guard_commands: bool

    def __call__(self, parameters: Parameters) -> BacktestResult:
        return _run(
            self.factory(**parameters),
            self.data,
            self.config,
            fill_price=self.fill_price,
            close_at_end=self.close_at_end,
            interval=self.interval,
            # A manager may keep state, which no other run is to see.
            risk_manager=copy.deepcopy(self.risk_manager),
            guard_commands=self.guard_commands,
        )


def run_backtests(
    factory: Callable[..., AlgoStrategy],
    parameters: Mapping[str, Sequence[object]] | Iterable[Parameters],
    data: MarketData,
    config: SystemConfig,
    *,
    executor: Executor | None = None,
    latency: Latency | None = None,
    fee_rate: Decimal | int | None = None,
    fill_price: FillPrice = FillPrice.BEST_OPPOSITE,
    close_at_end: bool = False,
    risk_free_return: Decimal | int | None = None,
    interval: TimeInterval | timedelta = TimeInterval.ANNUAL_365,
    risk_manager: RiskManagerLike | RiskLimits | None = None,
    guard_commands: bool = False,
) -> list[BacktestRun]:
    """Run a strategy with many parameters over one history, in parallel.

    Parameters
    ----------
    factory : callable
        Makes a strategy: a class, or a function at the top of a module, since processes import it.
    parameters : mapping of str to sequence, or iterable of mapping of str to object
        A grid, of which all combinations are run, or the parameters of each run.
    data : MarketData
        The history; sent once to a worker, not once a run.
    config : SystemConfig
        What to trade, and how the exchanges are simulated.
    executor : concurrent.futures.Executor, optional
        Where to run: threads, a Dask cluster's `Client.get_executor()`, or any other. Processes of
        its own when it is not given; a script then needs `if __name__ == "__main__":`.
    latency, fee_rate, fill_price, close_at_end, risk_free_return, interval, guard_commands
        As of `run_backtest`.
    risk_manager : RiskManager or RiskLimits, optional
        As of `run_backtest`; each run has a deep copy of its own, and processes get it pickled.

    Returns
    -------
    list of BacktestRun
        In the order of the parameters. A run that fails has its error; the others go on.

    Examples
    --------
    >>> from concurrent.futures import ThreadPoolExecutor
    >>> from barter_python import DefaultStrategy, MarketData, SystemConfig, run_backtests
    >>> history = "examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz"
    >>> data = MarketData.from_json_lines(history)
    >>> config = SystemConfig.from_json("examples/data/system_config.json")
    >>> with ThreadPoolExecutor() as executor:
    ...     runs = run_backtests(
    ...         DefaultStrategy, {"strategy_id": ["one", ""]}, data, config, executor=executor)
    >>> [(run.parameters["strategy_id"], run.error is None) for run in runs]
    [('one', True), ('', False)]
    """
    if not callable(factory):
        raise TypeError(f"factory must be callable, got {type(factory).__name__} {factory!r}")
    _check_types(data, config, fill_price, close_at_end=close_at_end, interval=interval)
    check_type("guard_commands", guard_commands, bool)
    config = _with_options(config, latency, fee_rate, risk_free_return)
    # Once, and not in each run, which may be elsewhere.
    for remark in idle_faults(config.executions, data):
        warnings.warn(remark, stacklevel=2)
    one_run = _OneRun(
        factory,
        data,
        config,
        fill_price,
        close_at_end,
        interval,
        risk_manager,
        guard_commands,
    )
    each = combinations(parameters)
    return [
        BacktestRun(of, outcome.result, outcome.error, outcome.traceback)
        for of, outcome in zip(each, call_all(one_run, each, executor), strict=True)
    ]


def _check_types(
    data: MarketData,
    config: SystemConfig,
    fill_price: FillPrice,
    *,
    close_at_end: bool,
    interval: TimeInterval | timedelta,
) -> None:
    for name, value, expected in (
        ("data", data, MarketData),
        ("config", config, SystemConfig),
        ("fill_price", fill_price, FillPrice),
        ("close_at_end", close_at_end, bool),
    ):
        check_type(name, value, expected)
    check_type("interval", interval, TimeInterval, timedelta)
