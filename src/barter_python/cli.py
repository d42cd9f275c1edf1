"""The command `barter-python`: backtests and a look into market data from a terminal.

It needs the extra `cli`; nothing here imports typer and rich before the command runs.
"""

import gzip
import importlib
import importlib.util
import inspect
import os
import sys
import traceback
import warnings
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import Enum
from heapq import nlargest
from itertools import pairwise
from pathlib import Path
from time import monotonic
from types import ModuleType
from typing import TYPE_CHECKING, Annotated

import barter_python as bp

from ._cli_parameters import UsageError, bind, convert_to
from ._report import _aligned, time_text
from .system import ExecutionChanges

if TYPE_CHECKING:
    from typer import Typer

__all__ = ["main"]

_EPILOG = """\b
Example, with the files of the repository:
  barter-python backtest \\
    --config examples/data/system_config.json \\
    --data examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz \\
    --strategy examples/ema_cross.py:EmaCross \\
    --param 'quantities={"binancespot-btc_usdt": "0.001",
                         "binancespot-eth_usdt": "0.05",
                         "binancespot-sol_usdt": "1"}' \\
    --latency 100ms --fee-rate 0.001 --close-at-end --json result.json
  barter-python inspect-data examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz

\b
Exit status: 0 when all went well, 1 with a traceback when the strategy raised an exception,
2 with one line when something given is wrong, 130 after Ctrl-C.
"""
_BACKTEST_EPILOG = """\b
--param converts by the annotations of the strategy's constructor:
  int, float, Decimal, str   --param fast_span=50
  bool                       --param long_only=true
  timedelta                  --param patience=1.5s       (ns, us, ms, s, m)
  an Enum                    --param side=buy            (value or name)
  an optional                --param limit=none
  mappings, sequences        --param 'quantities={"binancespot-btc_usdt": "0.001"}'
"""
_PACKAGE = Path(__file__).resolve().parent
_GZIP_START = b"\x1f\x8b"
_PAUSES_SHOWN = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and give its exit status.

    Parameters
    ----------
    arguments : sequence of str, optional
        What follows the command's name; `sys.argv` unless given.
    """
    try:
        status = _run(sys.argv[1:] if arguments is None else arguments)
        sys.stdout.flush()
    except UsageError as error:
        return _fail(str(error), 2)
    except _StrategyError as error:
        traceback.print_exception(error.raised)
        return 1
    except KeyboardInterrupt:
        return _fail("interrupted", 130)
    except BrokenPipeError:
        # What reads the output has closed it: the flush at exit must not fail as well.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return status


def _run(arguments: Sequence[str]) -> int:
    try:
        app = _app()
    except ImportError as error:
        raise UsageError(
            f"the command line needs its extra: pip install 'barter-python[cli]' ({error})"
        ) from error
    import typer  # noqa: PLC0415 - see the module's docstring

    try:
        command = typer.main.get_command(app)
        job: object = command.main(
            list(arguments), prog_name="barter-python", standalone_mode=False
        )
    except Exception as error:
        # typer's own errors, of click or of its copy of click, have no other common public mark.
        describe = getattr(error, "format_message", None)
        if describe is None:
            raise
        raise UsageError(str(describe())) from error
    # Jobs run out here because typer has ways of its own with some exceptions of theirs.
    if isinstance(job, (_Backtest, _Inspection)):
        job.run()
        return 0
    if job == 130:  # Ctrl-C while arguments are read
        raise KeyboardInterrupt
    return job if isinstance(job, int) else 0


def _fail(message: str, status: int) -> int:
    line = " ".join(part.strip() for part in message.splitlines())
    print(f"barter-python: {line}", file=sys.stderr)
    return status


class _StrategyError(Exception):
    """An exception of the strategy, to be shown as it is."""

    def __init__(self, raised: BaseException) -> None:
        super().__init__(raised)
        self.raised = raised


def _app() -> "Typer":  # typer reads the annotations inside at run time
    import rich  # noqa: F401, PLC0415 - see the module's docstring
    import typer  # noqa: PLC0415 - see the module's docstring

    app = typer.Typer(
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        help="Backtests in the barter-rs trading engine, in simulated time.",
        epilog=_EPILOG,
    )

    def show_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it
        if wanted:
            print(f"barter-python {bp.__version__}")
            for crate, version in bp.wrapped_crates().items():
                print(f"{crate} {version}")
            raise typer.Exit

    @app.callback()
    def root(
        *,
        version: Annotated[
            bool,
            typer.Option(
                "--version",
                callback=show_version,
                is_eager=True,
                help="Show the versions of the package and of the wrapped crates.",
            ),
        ] = False,
    ) -> None:
        """Take what all commands share."""

    @app.command(help="Run a strategy over a history and show its result.", epilog=_BACKTEST_EPILOG)
    def backtest(
        *,
        config: Annotated[Path, typer.Option(help="What to trade: a JSON file as barter's.")],
        data: Annotated[
            Path,
            typer.Option(help="The history: JSON lines or one JSON array, plain or with gzip."),
        ],
        strategy: Annotated[
            str,
            typer.Option(
                metavar="PLACE:CLASS",
                help="The strategy: path/to/file.py:Class or package.module:Class.",
            ),
        ],
        param: Annotated[
            list[str] | None,
            typer.Option(metavar="NAME=VALUE", help="An argument of the strategy's constructor."),
        ] = None,
        latency: Annotated[
            str | None,
            typer.Option(
                metavar="DURATION",
                help="Time until a request arrives at the exchange, such as 100ms, instead of the "
                "configuration's. The time until its answers are told is answer_latency_ms in the "
                "configuration's JSON, as are all other settings of the exchange.",
            ),
        ] = None,
        fee_rate: Annotated[
            str | None,
            typer.Option(
                metavar="DECIMAL",
                help="Fraction of a fill's value that is charged, instead of the configuration's.",
            ),
        ] = None,
        close_at_end: Annotated[
            bool, typer.Option(help="Close open positions when the history is over.")
        ] = False,
        fill_price: Annotated[
            str,
            typer.Option(
                metavar=_choices(bp.FillPrice), help="At which price market orders are filled."
            ),
        ] = bp.FillPrice.BEST_OPPOSITE.value,
        interval: Annotated[
            str,
            typer.Option(
                metavar=_choices(bp.TimeInterval), help="What barter's ratios are scaled to."
            ),
        ] = bp.TimeInterval.ANNUAL_365.value,
        json: Annotated[
            Path | None,
            typer.Option(help="Also write the result to this JSON file; - is for JSON alone."),
        ] = None,
    ) -> _Backtest:
        return _Backtest(
            config=config,
            data=data,
            strategy=strategy,
            parameters=param or [],
            latency=latency,
            fee_rate=fee_rate,
            close_at_end=close_at_end,
            fill_price=convert_to(fill_price, bp.FillPrice, "--fill-price"),
            interval=convert_to(interval, bp.TimeInterval, "--interval"),
            json=json,
        )

    @app.command(help="Show what a history holds: counts, span, gaps and order.")
    def inspect_data(
        file: Annotated[Path, typer.Argument(help="The history, as for backtest.")],
    ) -> _Inspection:
        return _Inspection(file)

    return app


def _choices(enum: type[Enum]) -> str:
    return "|".join(str(member.value) for member in enum)


@contextmanager
def _one_line(name: object) -> Iterator[None]:
    """Turn what the package and the system find wrong with a file or an argument into one line."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"{name}: {error.strerror or error}") from error
    except bp.BarterError as error:
        raise UsageError(str(error)) from error
    except (ValueError, TypeError) as error:
        raise UsageError(str(error)) from error


@dataclass(frozen=True)
class _Backtest:
    """A run, as the command line has it."""

    config: Path
    data: Path
    strategy: str
    parameters: Sequence[str]
    latency: str | None
    fee_rate: str | None
    close_at_end: bool
    fill_price: bp.FillPrice
    interval: bp.TimeInterval
    json: Path | None

    def run(self) -> None:
        """Run it and show what came of it."""
        if self.json is not None and (self.json.is_dir() or not self.json.parent.is_dir()):
            raise UsageError(f"--json {self.json}: not a file in an existing folder")
        config = self._system_config()
        strategy = _make_strategy(self.strategy, self.parameters)
        data = _load(self.data)
        result = self._result(strategy, data, config)
        if self.json != Path("-"):
            print(result)
        if self.json is not None:
            text = result.to_json(indent=2)
            if self.json == Path("-"):
                print(text)
            else:
                with _one_line(self.json):
                    self.json.write_text(f"{text}\n", encoding="utf-8", newline="\n")

    def _system_config(self) -> bp.SystemConfig:
        with warnings.catch_warnings(record=True) as remarks, _one_line(self.config):
            warnings.simplefilter("always")
            config = bp.SystemConfig.from_json(self.config)
        for remark in remarks if self.fee_rate is None else []:
            print(f"barter-python: note: {remark.message}", file=sys.stderr)
        # Overrides are set here, not by `run_backtest`: what it raises then is about the run.
        with _one_line("the arguments"):
            changes: ExecutionChanges = {}
            if self.latency is not None:
                changes["latency"] = convert_to(self.latency, timedelta, "--latency")
            if self.fee_rate is not None:
                changes["fee_rate"] = convert_to(self.fee_rate, Decimal, "--fee-rate")
            return config.with_executions(**changes)

    def _result(
        self, strategy: bp.AlgoStrategy, data: bp.MarketData, config: bp.SystemConfig
    ) -> bp.BacktestResult:
        with _progress() as progress:
            try:
                return bp.run_backtest(
                    strategy,
                    data,
                    config,
                    fill_price=self.fill_price,
                    close_at_end=self.close_at_end,
                    interval=self.interval,
                    progress=progress,
                )
            except KeyboardInterrupt:
                raise
            except BaseException as error:
                if isinstance(error, bp.BarterError) and not _raised_outside(error):
                    raise UsageError(str(error)) from error
                raise _StrategyError(error) from error


def _raised_outside(error: BaseException) -> bool:
    """Say whether an exception came through code that is not this package's: a strategy's."""
    return any(
        Path(frame.f_code.co_filename).resolve().parent != _PACKAGE
        for frame, _ in traceback.walk_tb(error.__traceback__)
    )


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None] | None]:
    """Give what shows the progress of a run on a terminal; nothing without one."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich import progress as bars  # noqa: PLC0415 - see the module's docstring
    from rich.console import Console  # noqa: PLC0415 - see the module's docstring

    # `run_backtest` calls often enough: a refreshing thread would only take time from the run.
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


def _load(path: Path) -> bp.MarketData:
    """Load a history: one JSON array when the first character says so, JSON lines otherwise."""
    with _one_line(path):
        start = b""
        if path.is_file():  # a pipe could not be read again
            with path.open("rb") as file:
                packed = file.read(2) == _GZIP_START
            try:
                with gzip.open(path) if packed else path.open("rb") as file:
                    start = file.read(4096).lstrip()
            except (OSError, EOFError):
                pass  # the loader says it better
        load = bp.MarketData.from_json if start[:1] == b"[" else bp.MarketData.from_json_lines
        return load(path)


def _make_strategy(place: str, parameters: Sequence[str]) -> bp.AlgoStrategy:
    """Import a class and call it."""
    location, colon, name = place.rpartition(":")
    if not colon or not location or not name:
        raise UsageError(
            f"--strategy: expected path/to/file.py:Class or package.module:Class, got {place!r}"
        )
    module = _import(location)
    cls: object = getattr(module, name, None)
    if not isinstance(cls, type):
        known = ", ".join(
            key
            for key, value in vars(module).items()
            if isinstance(value, type)
            and value.__module__ == module.__name__
            and hasattr(value, "generate_algo_orders")
        )
        raise UsageError(
            f"--strategy: {location} has no class {name!r}; strategies: {known or '-'}"
        )
    if not callable(getattr(cls, "generate_algo_orders", None)):
        raise UsageError(f"--strategy: {name} has no method generate_algo_orders(state)")
    if inspect.isabstract(cls):
        missing = ", ".join(sorted(getattr(cls, "__abstractmethods__", ())))
        raise UsageError(f"--strategy: {name} is abstract: it lacks {missing}")
    bound = bind(cls, parameters)
    try:
        strategy: bp.AlgoStrategy = cls(*bound.args, **bound.kwargs)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise _StrategyError(error) from error
    return strategy


def _import(location: str) -> ModuleType:
    """Import a file or a module, with its folder on the path as Python has it for scripts."""
    path = Path(location)
    is_file = path.suffix == ".py"
    if is_file and not path.is_file():
        raise UsageError(f"--strategy: no such file: {location}")
    if not is_file and not all(part.isidentifier() for part in location.split(".")):
        raise UsageError(f"--strategy: neither a file that ends in .py nor a module: {location}")
    sys.path.insert(0, str(path.resolve().parent if is_file else Path.cwd()))
    try:
        if not is_file:
            return importlib.import_module(location)
        # A name that no other module has, even when the file is called like one.
        spec = importlib.util.spec_from_file_location(f"strategy_file_{path.stem}", path.resolve())
        if spec is None or spec.loader is None:
            raise UsageError(f"--strategy: not a Python file: {location}")
        module = importlib.util.module_from_spec(spec)
        # Dataclasses look their module up.
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
    except (KeyboardInterrupt, UsageError):
        raise
    except BaseException as error:
        missing = error.name if isinstance(error, ModuleNotFoundError) else None
        if not is_file and missing is not None and f"{location}.".startswith(f"{missing}."):
            raise UsageError(f"--strategy: {error}") from error
        raise _StrategyError(error) from error
    return module


@dataclass(frozen=True)
class _Inspection:
    """A look into a history."""

    file: Path

    def run(self) -> None:
        """Count, and print tables."""
        data = _load(self.file)
        counts: Counter[tuple[str, str, str]] = Counter()
        received, exchanged, positions = array("q"), array("q"), array("q")
        for position, event in enumerate(data):
            exchange = event.exchange.value
            if isinstance(event, bp.MarketEvent):
                counts[exchange, str(event.instrument), type(event.kind).__name__] += 1
                received.append(event.time_received_ns)
                exchanged.append(event.time_exchange_ns)
                positions.append(position)
            else:
                counts[exchange, "-", type(event).__name__] += 1
        _print_table(
            f"{len(data)} events in {self.file}",
            ["exchange", "instrument", "kind", "events"],
            [[*key, str(count)] for key, count in sorted(counts.items(), key=_by_instrument)],
        )
        first, last = min(received), max(received)
        _print_table(
            f"Span: {_seconds(last - first)} seconds",
            ["", "time_received"],
            [["first", time_text(first)], ["last", time_text(last)]],
        )
        # Streams that were written one after the other step back without a gap: time's own order.
        in_time = sorted(range(len(received)), key=received.__getitem__)
        pauses = nlargest(
            _PAUSES_SHOWN,
            ((received[after] - received[before], -before) for before, after in pairwise(in_time)),
        )
        _print_table(
            "Gaps: the largest pauses between one time_received and the next in time; events count "
            "from 0",
            ["after event", "received", "pause in seconds"],
            [
                [str(positions[-index]), time_text(received[-index]), _seconds(pause)]
                for pause, index in pauses
                if pause > 0
            ],
        )
        rows = []
        for name, times in (("time_received", received), ("time_exchange", exchanged)):
            steps = [before - after for before, after in pairwise(times) if after < before]
            rows.append([name, str(len(steps)), _seconds(max(steps, default=0))])
        _print_table(
            "Order: steps back from one event to the next in the file",
            ["time", "steps back", "seconds at most"],
            rows,
        )


def _by_instrument(item: tuple[tuple[str, str, str], int]) -> tuple[str, int, str]:
    (exchange, instrument, kind), _ = item
    return exchange, -1 if instrument == "-" else int(instrument), kind


def _seconds(nanoseconds: int) -> str:
    whole, fraction = divmod(nanoseconds, 1_000_000_000)
    return f"{whole}.{fraction:09d}"


def _print_table(title: str, names: list[str], rows: list[list[str]]) -> None:
    """Print a table: fitted to a terminal, plain and never cut in a pipe."""
    if not sys.stdout.isatty():
        print(title, *_aligned([names, *rows]), "", sep="\n")
        return
    from rich import box  # noqa: PLC0415 - see the module's docstring
    from rich.console import Console  # noqa: PLC0415 - see the module's docstring
    from rich.table import Table  # noqa: PLC0415 - see the module's docstring

    table = Table(box=box.SIMPLE_HEAD)
    for column, name in enumerate(names):
        table.add_column(name, justify="right" if column else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    print(title)
    Console().print(table)


if __name__ == "__main__":
    sys.exit(main())
