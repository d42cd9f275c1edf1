"""Many backtests of one strategy, in parallel."""

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from os import PathLike
from pathlib import Path
from typing import Generic, Literal, cast

from typing_extensions import TypeVar

from .._checks import check_path, check_type, shown
from .._core import FillPrice, MarketData, MarketScan, TimeInterval, window_ns
from .._rows import Records
from ..exchange import Latency
from ..risk import RiskLimits, RiskManagerLike
from ..strategy import AlgoStrategy
from ..system import SystemConfig
from .options import RunOptions
from .result import BacktestResult
from .run import PreparedRun, check_inputs
from .runs import BacktestRun, BacktestRunRows

KeptT = TypeVar("KeptT", default=BacktestResult)


@dataclass(frozen=True)
class _OneRun(Generic[KeptT]):
    """A run without its parameters; each worker gets it once."""

    factory: Callable[..., AlgoStrategy]
    prepared: PreparedRun
    keep: Callable[[BacktestResult], KeptT]

    def __call__(self, parameters: Mapping[str, object]) -> KeptT:
        # A risk manager may have state, which no other run should see.
        manager = copy.deepcopy(self.prepared.options.risk_manager)
        options = replace(self.prepared.options, risk_manager=manager)
        return self.keep(replace(self.prepared, options=options).run(self.factory(**parameters)))


def _whole(result: BacktestResult) -> BacktestResult:
    return result


def run_backtests(
    factory: Callable[..., AlgoStrategy],
    parameters: Mapping[str, Sequence[object]] | Iterable[Mapping[str, object]],
    data: MarketData | MarketScan,
    config: SystemConfig,
    *,
    keep: Callable[[BacktestResult], KeptT] | None = None,
    executor: Executor | Literal["threads"] | None = None,
    since: datetime | int | str | None = None,
    until: datetime | int | str | None = None,
    warmup: MarketData | None = None,
    latency: Latency | None = None,
    fee_rate: Decimal | int | None = None,
    fill_price: FillPrice = FillPrice.BEST_OPPOSITE,
    close_at_end: bool = False,
    risk_free_return: Decimal | int | None = None,
    interval: TimeInterval | timedelta = TimeInterval.ANNUAL_365,
    risk_manager: RiskManagerLike | RiskLimits | None = None,
    guard_commands: bool = False,
    equity_interval: timedelta | None = None,
    equity_conversions: Mapping[str, str] | None = None,
    candles: timedelta | None = None,
) -> Records[BacktestRun[KeptT]]:
    """Run a strategy with many parameters over one history, in parallel.

    Parameters
    ----------
    factory : callable
        Makes a strategy: a class or a function at the top level of a module, because worker
        processes import it.
    parameters : mapping of str to sequence, or iterable of mapping of str to object
        A grid, all combinations of which are run, or the parameters of each run.
    data : MarketData or MarketScan
        The history, which each worker reads once. Each run opens the parts of a scan anew.
    config : SystemConfig
        The instruments to trade, and how their exchanges are simulated.
    keep : callable, optional
        What to keep of each run: a function of the `BacktestResult`, whose return value is the
        run's `result` then, and all that a process sends back, such as `attrgetter("pnl")`. Its
        errors are those of the run. If `None`, whole results come back.
    executor : concurrent.futures.Executor or "threads", optional
        Where to run: `"threads"` of this process, a Dask cluster's `Client.get_executor()` or any
        other executor. If `None`, new processes, which import the factory: in a notebook, and in a
        script without `if __name__ == "__main__":`, use `"threads"`.
    since, until
        As in `run_backtest`. Workers get the part of the history.
    warmup : MarketData, optional
        As in `run_backtest`: each run is shown the same events. Each worker gets them once.
    latency, fee_rate, fill_price, close_at_end, risk_free_return, interval, guard_commands
        As in `run_backtest`.
    equity_interval, equity_conversions, candles
        As in `run_backtest`.
    risk_manager : RiskManager or RiskLimits, optional
        As in `run_backtest`. Each run has a deep copy of its own; processes get it pickled.

    Returns
    -------
    Records of BacktestRun
        The runs in the order of the parameters. If a run fails, it has the error, and the others
        go on. As a table they have a column for each parameter and each figure, such as
        `parameter_fast` and `pnl_usdt`; if `keep` is given, `result`, or a column such as
        `result_pnl` for each name of mappings, in the place of figures.

    Raises
    ------
    ValueError
        If `executor` is not given and new processes could not import the factory, `keep`, or a
        function of a `MarketScan`: a lambda, a function or class inside a function, or one of a
        notebook's cell. Other errors are those of `run_backtest`, before the first run; those about
        a part of a `MarketScan` come in the runs.
    TypeError
        If `factory` or `keep` is not callable.
    OSError
        If the history cannot be saved for new processes, in the folder of temporary files.

    Examples
    --------
    >>> from barter_python import DefaultStrategy, MarketData, SystemConfig, run_backtests
    >>> history = "examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz"
    >>> data = MarketData.from_json_lines(history)
    >>> config = SystemConfig.from_json("examples/data/system_config.json")
    >>> runs = run_backtests(
    ...     DefaultStrategy, {"strategy_id": ["one", ""]}, data, config, executor="threads")
    >>> [(run.parameters["strategy_id"], run.error is None) for run in runs]
    [('one', True), ('', False)]

    No more than the profit of each run:

    >>> from operator import attrgetter
    >>> runs = run_backtests(DefaultStrategy, [{"strategy_id": "one"}], data, config,
    ...                      keep=attrgetter("pnl"), executor="threads")
    >>> runs[0].result
    {'usdt': Decimal('0')}
    """
    from .pool import (  # noqa: PLC0415 - not needed to import the package
        call_all,
        check_importable,
        check_workers,
        combinations,
    )

    if not callable(factory):
        raise TypeError(f"factory must be callable, got {type(factory).__name__} {shown(factory)}")
    if keep is not None and not callable(keep):
        raise TypeError(f"keep must be callable, got {type(keep).__name__} {shown(keep)}")
    check_workers(executor)
    check_inputs(data, config)
    since_ns, until_ns = window_ns(since, until)
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
        risk_manager=risk_manager,
        guard_commands=guard_commands,
        equity_interval=equity_interval,
        equity_conversions=equity_conversions,
        candles=candles,
    )
    prepared = PreparedRun.of(data, config, options)
    # Once, and not in each run, which may be in another process.
    if isinstance(prepared.data, MarketData):
        prepared.data._check_against(prepared.instruments)
    if keep is None:
        # The default of the type, which `KeptT` is then.
        keep = cast("Callable[[BacktestResult], KeptT]", _whole)
    one_run = _OneRun(factory, prepared, keep)
    each = combinations(parameters)
    if executor is None and each:
        check_importable("factory", factory)
        check_importable("keep", keep)
        if isinstance(data, MarketScan):
            for position, part in enumerate(data.parts):
                if callable(part):
                    check_importable(f"parts[{position}] of data", part)
    runs = [
        BacktestRun(of, outcome.result, outcome.error, outcome.traceback)
        for of, outcome in zip(each, call_all(one_run, each, executor), strict=True)
    ]
    return Records(BacktestRunRows(runs))


def sweep_to_html(
    runs: Records[BacktestRun] | Sequence[BacktestRun],
    path: str | PathLike[str],
    *,
    asset: str | None = None,
) -> None:
    """Write the report of a sweep: one HTML file that works offline.

    It has a table of the runs, the profit by two parameters, and the equity of the best, the median
    and the worst run. Runs that did not trade have no rank. `docs/report.md` says how to read it.

    Parameters
    ----------
    runs : Records or sequence of BacktestRun
        What `run_backtests` has given.
    path : str or os.PathLike
        The file to write.
    asset : str, optional
        Name of the quote asset whose profit ranks the runs, such as `usdt`. If there is only one,
        it need not be given.

    Raises
    ------
    ValueError
        If the runs have several quote assets and none is named, or none of that name.
    OSError
        If the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from barter_python import DefaultStrategy, MarketData, SystemConfig, run_backtests
    >>> history = "examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz"
    >>> data = MarketData.from_json_lines(history)
    >>> config = SystemConfig.from_json("examples/data/system_config.json")
    >>> runs = run_backtests(
    ...     DefaultStrategy, {"strategy_id": ["one", "two"]}, data, config, executor="threads")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sweep_to_html(runs, Path(folder) / "sweep.html")
    ...     (Path(folder) / "sweep.html").stat().st_size < 1_000_000
    True
    """
    from ..report.show import write  # noqa: PLC0415 - not needed to import the package
    from ..report.sweep import sweep_html  # noqa: PLC0415 - not needed to import the package

    check_type("runs", runs, Records, Sequence)
    for position, run in enumerate(runs):
        check_type(f"runs[{position}]", run, BacktestRun)
        if run.result is not None:
            check_type(f"runs[{position}].result", run.result, BacktestResult)
    if asset is not None:
        check_type("asset", asset, str)
    check_path("path", path)
    write(sweep_html(list(runs), asset), Path(path))
