"""The command `backtest`, which runs a strategy over a history."""

from __future__ import annotations

import json
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from time import monotonic

from .._core import window_ns
from ..backtest import BacktestResult, FillPrice, run_backtest, run_backtests, sweep_to_html
from ..data import MarketData
from ..errors import BarterError
from ..risk import RiskLimits
from ..statistic import TimeInterval
from ..strategy import AlgoStrategy
from ..system import ExecutionChanges, SystemConfig
from .errors import StrategyError, UsageError, one_line
from .histories import Files
from .limits import risk_limits
from .parameters import convert_to, positive_duration
from .strategies import make_strategy
from .sweep import Sweep, best_runs, named_runs, raise_if_all_failed, runs_json

BACKTEST_EPILOG = """\b
--param converts by the annotations of the strategy's constructor:
  int, float, Decimal, str   --param fast_span=50
  bool                       --param long_only=true
  timedelta                  --param patience=1.5s       (ns, us, ms, s, m, h)
  an Enum                    --param side=buy            (value or name)
  an optional                --param limit=none
  mappings, sequences        --param 'quantities={"binancespot-btc_usdt": "0.001"}'

\b
--sweep has several values of a parameter, and runs all combinations of several --sweep:
  with commas                --sweep fast_span=10,20,50
  as a JSON array            --sweep 'spans=[[10, 50], [20, 100]]'

\b
--risk limits what the strategy's orders may do, as RiskLimits of the Python API:
  one limit each             --risk max_open_orders=2 --risk max_order_notional=1000
  as a JSON object           --risk '{"max_drawdown": 0.2, "instruments":
                               {"binancespot-btc_usdt": {"max_position_quantity": "0.1"}}}'
"""
_PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Backtest:
    """The arguments of the command."""

    config: Path
    data: Files
    strategy: str
    parameters: Sequence[str]
    since: str | None
    until: str | None
    latency: str | None
    fee_rate: str | None
    close_at_end: bool
    fill_price: FillPrice
    interval: TimeInterval
    json: Path | None
    report: Path | None
    warmup: Files | None = None
    risk: Sequence[str] = ()
    sweep: Sequence[str] = ()
    best: int = 10
    candles: str | None = None

    def run(self) -> None:
        """Run the backtest and print its result."""
        for name, path in (("--json", self.json), ("--report", self.report)):
            if path is not None and (path.is_dir() or not path.parent.is_dir()):
                raise UsageError(f"{name} {path}: not a file in an existing folder")
        with one_line("--since, --until"):
            window_ns(self.since, self.until)
        self.data.check_options()
        config = self._system_config()
        limits = risk_limits(self.risk)
        if self.sweep:
            self._run_sweep(config, limits)
            return
        strategy = make_strategy(self.strategy, self.parameters)
        data = self.data.load(config.index())
        result = self._result(strategy, data, config, limits, load_warmup(self.warmup, config))
        # The files come first: a long run is not lost if its table cannot be printed.
        if self.json is not None:
            self._write(result.to_json(indent=2), json.dumps(result.to_dict(), indent=2))
        self._write_report(result, data)
        if self.json != Path("-"):
            print_text(str(result))

    def _run_sweep(self, config: SystemConfig, limits: RiskLimits | None) -> None:
        sweep = Sweep(self.strategy, self.parameters, self.sweep)
        sweep.check()
        data = self.data.load(config.index())
        runs = run_backtests(
            sweep.factory,
            [{"given": given} for given in sweep.given()],
            data,
            config,
            since=self.since,
            until=self.until,
            warmup=load_warmup(self.warmup, config),
            fill_price=self.fill_price,
            close_at_end=self.close_at_end,
            interval=self.interval,
            risk_manager=limits,
            candles=positive_duration("--candles", self.candles),
        )
        raise_if_all_failed(runs)
        if self.json is not None:
            text = runs_json(sweep, runs)
            self._write(text, json.dumps(json.loads(text), indent=2))
        if self.report is not None:
            with one_line(self.report):
                sweep_to_html(named_runs(sweep, runs), self.report)
        if self.json != Path("-"):
            print_text("\n".join(best_runs(sweep, runs, self.best)))

    def _write(self, text: str, ascii_text: str) -> None:
        """Write JSON; on a terminal that cannot show all of it, with escapes."""
        if self.json is None or self.json == Path("-"):
            print(text if _is_printable(text) else ascii_text)
            return
        with one_line(self.json):
            self.json.write_text(f"{text}\n", encoding="utf-8", newline="\n")

    def _write_report(self, result: BacktestResult, data: MarketData) -> None:
        if self.report is not None:
            with one_line(self.report):
                result.to_html(self.report, data)

    def _system_config(self) -> SystemConfig:
        with warnings.catch_warnings(record=True) as remarks, one_line(self.config):
            warnings.simplefilter("always")
            config = SystemConfig.from_json(self.config)
        for remark in remarks if self.fee_rate is None else []:
            print(f"barter-python: note: {remark.message}", file=sys.stderr)
        # Set here rather than by `run_backtest`, whose errors are then about the run.
        with one_line("the arguments"):
            changes: ExecutionChanges = {}
            if self.latency is not None:
                changes["latency"] = convert_to(self.latency, timedelta, "--latency")
            if self.fee_rate is not None:
                changes["fee_rate"] = convert_to(self.fee_rate, Decimal, "--fee-rate")
            return config.with_executions(**changes)

    def _result(
        self,
        strategy: AlgoStrategy,
        data: MarketData,
        config: SystemConfig,
        limits: RiskLimits | None,
        warmup: MarketData | None,
    ) -> BacktestResult:
        candles = positive_duration("--candles", self.candles)
        with _progress() as progress:
            try:
                return run_backtest(
                    strategy,
                    data,
                    config,
                    since=self.since,
                    until=self.until,
                    warmup=warmup,
                    fill_price=self.fill_price,
                    close_at_end=self.close_at_end,
                    interval=self.interval,
                    progress=progress,
                    risk_manager=limits,
                    candles=candles,
                )
            except KeyboardInterrupt:
                raise
            except BaseException as error:
                if isinstance(error, (BarterError, ValueError)) and not raised_outside(error):
                    raise UsageError(str(error)) from error
                raise StrategyError(error) from error


def load_warmup(files: Files | None, config: SystemConfig) -> MarketData | None:
    """Load the files of `--warmup`, if there are any."""
    return None if files is None else files.load(config.index())


def raised_outside(error: BaseException) -> bool:
    """Tell an exception that passed through a strategy's code from one of this package."""
    return any(
        not Path(frame.f_code.co_filename).resolve().is_relative_to(_PACKAGE)
        for frame, _ in traceback.walk_tb(error.__traceback__)
    )


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None] | None]:
    """Show the progress of a run on a terminal; yield `None` if there is none."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich import progress as bars  # noqa: PLC0415 - only commands need it
    from rich.console import Console  # noqa: PLC0415 - only commands need it

    # No refreshing thread, which would take time from the run: `run_backtest` calls often enough.
    with bars.Progress(
        bars.BarColumn(bar_width=16),
        bars.TextColumn("{task.completed:,.0f}/{task.fields[events]} events"),
        bars.TextColumn("{task.fields[rate]}/s"),
        bars.TimeRemainingColumn(),
        bars.TextColumn("left"),
        console=Console(stderr=True),
        auto_refresh=False,
        redirect_stdout=sys.stdout.isatty(),
    ) as display:
        task = display.add_task("", total=None, events="-", rate="-")
        start = monotonic()

        def show(done: int, total: int) -> None:
            rate = done / max(monotonic() - start, 1e-9)
            display.update(
                task,
                completed=done,
                total=total,
                events=f"{total:,}",
                rate=f"{rate:,.0f}",
                refresh=True,
            )

        yield show


def _is_printable(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def print_text(text: str) -> None:
    """Print; characters that the stream cannot show are escaped."""
    encoding = sys.stdout.encoding or "ascii"
    print(text.encode(encoding, "backslashreplace").decode(encoding))
