"""The command with its subcommands, options and exit status."""

import os
import sys
import traceback
from collections.abc import Sequence
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from .._core import FillPrice, RowOrder, TimeInterval, TimeUnit, __version__, wrapped_crates
from .backtest import BACKTEST_EPILOG, Backtest
from .errors import StrategyError, UsageError
from .histories import Files, Format
from .inspection import Inspection
from .paper import PAPER_EPILOG, Paper, Replay
from .parameters import convert_to
from .record import KINDS, RECORD_EPILOG, Record

if TYPE_CHECKING:
    from typer import Typer

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
Exit status: 0 for success, 1 with a traceback if the strategy raised an exception,
2 with one line if an argument or a file is wrong, 130 after Ctrl-C.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and give its exit status.

    Parameters
    ----------
    arguments : sequence of str, optional
        The arguments after the command's name; those of `sys.argv` if `None`.

    Examples
    --------
    >>> main(["no-such-command"])
    2
    """
    try:
        status = _run(sys.argv[1:] if arguments is None else arguments)
        sys.stdout.flush()
    except UsageError as error:
        return _fail(str(error), 2)
    except StrategyError as error:
        traceback.print_exception(error.raised)
        return 1
    except KeyboardInterrupt:
        return _fail("interrupted", 130)
    except BrokenPipeError:
        # The reader of the output has closed it; the flush at exit must not fail as well.
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
    import typer  # noqa: PLC0415 - only commands need it

    try:
        command = typer.main.get_command(app)
        job: object = command.main(
            list(arguments), prog_name="barter-python", standalone_mode=False
        )
    except Exception as error:
        # The errors of click and of typer's copy of click have no public class in common.
        describe = getattr(error, "format_message", None)
        if describe is None:
            raise
        raise UsageError(str(describe())) from error
    # Jobs run here because typer would handle some of their exceptions itself.
    if isinstance(job, (Backtest, Inspection, Record)):
        job.run()
        return 0
    if isinstance(job, (Paper, Replay)):
        return job.run()
    if job == 130:  # Ctrl-C while arguments are read
        raise KeyboardInterrupt
    return job if isinstance(job, int) else 0


def _fail(message: str, status: int) -> int:
    line = " ".join(part.strip() for part in message.splitlines())
    print(f"barter-python: {line}", file=sys.stderr)
    return status


def _app() -> "Typer":  # typer reads the annotations inside at run time
    import rich  # noqa: F401, PLC0415 - only commands need it
    import typer  # noqa: PLC0415 - only commands need it

    app = typer.Typer(
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        help="Backtests and paper trading in the barter-rs trading engine.",
        epilog=_EPILOG,
    )

    def show_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it
        if wanted:
            print(f"barter-python {__version__}")
            for crate, version in wrapped_crates().items():
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
        """Take the options of all commands."""

    @app.command(help="Run a strategy over a history and show its result.", epilog=BACKTEST_EPILOG)
    def backtest(
        *,
        config: Annotated[Path, typer.Option(help="What to trade: a JSON file as barter's.")],
        data: Annotated[
            list[Path],
            typer.Option(
                help="The history: JSON lines or one JSON array, plain or with gzip; or a table: "
                ".csv, .csv.gz, .zip, .parquet. Several files, --data each, are merged by time."
            ),
        ],
        strategy: Annotated[
            str,
            typer.Option(
                metavar="PLACE:CLASS",
                help="The strategy: path/to/file.py:Class or package.module:Class.",
            ),
        ],
        format: Annotated[
            str | None,
            typer.Option(
                metavar=_choices(Format),
                help="Whose format the files have; guessed from the name and the first row.",
            ),
        ] = None,
        order: Annotated[
            str,
            typer.Option(
                metavar=_choices(RowOrder),
                help="What becomes of rows of a table that are not in the order of time.",
            ),
        ] = RowOrder.REFUSE.value,
        unit: Annotated[
            str | None,
            typer.Option(
                metavar=_choices(TimeUnit),
                help="What whole numbers count since 1970 in a table whose columns have the names "
                "of the events' attributes.",
            ),
        ] = None,
        feed_latency: Annotated[
            str,
            typer.Option(
                metavar="DURATION",
                help="Time until the strategy sees an event of a table that does not say when "
                "events were received, such as 5ms.",
            ),
        ] = "0s",
        assume_utc: Annotated[
            bool, typer.Option("--assume-utc", help="Take times without a zone for UTC.")
        ] = False,
        param: Annotated[
            list[str] | None,
            typer.Option(metavar="NAME=VALUE", help="An argument of the strategy's constructor."),
        ] = None,
        sweep: Annotated[
            list[str] | None,
            typer.Option(
                metavar="NAME=VALUE,VALUE",
                help="Values of an argument, each of which is run; shows a table of the best runs.",
            ),
        ] = None,
        best: Annotated[
            int, typer.Option(min=1, help="How many runs of a sweep the table shows.")
        ] = 10,
        risk: Annotated[
            list[str] | None,
            typer.Option(metavar="NAME=VALUE|JSON", help="A limit of risk, or several as JSON."),
        ] = None,
        since: Annotated[
            str | None,
            typer.Option(
                metavar="TIME",
                help="Where the run begins in the history, as RFC 3339: 2025-03-25T23:08:00Z.",
            ),
        ] = None,
        until: Annotated[
            str | None,
            typer.Option(
                metavar="TIME",
                help="The end of the run, as RFC 3339: market events of this time are left out.",
            ),
        ] = None,
        warmup: Annotated[
            list[Path] | None,
            typer.Option(
                metavar="FILE",
                help="Events before the run, which the strategy is shown with trading disabled: "
                "files as for --data.",
            ),
        ] = None,
        latency: Annotated[
            str | None,
            typer.Option(
                metavar="DURATION",
                help="Time until a request arrives at the exchange, such as 100ms, instead of the "
                "configuration's. The latency of its answers is answer_latency_ms in the "
                "configuration's JSON, which has all other settings of the exchange.",
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
                metavar=_choices(FillPrice), help="At which price market orders are filled."
            ),
        ] = FillPrice.BEST_OPPOSITE.value,
        interval: Annotated[
            str,
            typer.Option(
                metavar=_choices(TimeInterval), help="What barter's ratios are scaled to."
            ),
        ] = TimeInterval.ANNUAL_365.value,
        candles: Annotated[
            str | None,
            typer.Option(
                metavar="DURATION",
                help="Build candles of this length, such as 1m, from the trades: the strategy sees "
                "each as a market event.",
            ),
        ] = None,
        json: Annotated[
            Path | None,
            typer.Option(help="Also write the result to this JSON file; - is for JSON alone."),
        ] = None,
        report: Annotated[
            Path | None,
            typer.Option(
                metavar="FILE.html", help="Also write the report with charts to this HTML file."
            ),
        ] = None,
    ) -> Backtest:
        def files(paths: Sequence[Path]) -> Files:
            delay = convert_to(feed_latency, timedelta, "--feed-latency")
            return _files(paths, format, order, unit, delay, assume_utc=assume_utc)

        return Backtest(
            config=config,
            data=files(data),
            warmup=files(warmup) if warmup else None,
            strategy=strategy,
            parameters=param or [],
            since=since,
            until=until,
            latency=latency,
            fee_rate=fee_rate,
            close_at_end=close_at_end,
            fill_price=convert_to(fill_price, FillPrice, "--fill-price"),
            interval=convert_to(interval, TimeInterval, "--interval"),
            json=json,
            report=report,
            risk=risk or [],
            sweep=sweep or [],
            best=best,
            candles=candles,
        )

    @app.command(help="Show what a history holds: counts, span, gaps, order, and what looks wrong.")
    def inspect_data(
        *,
        file: Annotated[Path, typer.Argument(help="The history, as for backtest.")],
        config: Annotated[
            Path | None,
            typer.Option(help="The configuration, for the names of the instruments."),
        ] = None,
        format: Annotated[
            str | None, typer.Option(metavar=_choices(Format), help="As for backtest.")
        ] = None,
        unit: Annotated[
            str | None, typer.Option(metavar=_choices(TimeUnit), help="As for backtest.")
        ] = None,
        assume_utc: Annotated[bool, typer.Option("--assume-utc", help="As for backtest.")] = False,
    ) -> Inspection:
        order = RowOrder.AS_GIVEN.value
        return Inspection(_files([file], format, order, unit, assume_utc=assume_utc), config)

    @app.command(help="Record live market data, for backtests.", epilog=RECORD_EPILOG)
    def record(
        *,
        config: Annotated[
            Path, typer.Option(help="The instruments: a JSON file as barter's, as for backtest.")
        ],
        out: Annotated[
            Path,
            typer.Option(
                metavar="FILE", help="The new file: JSON lines, with gzip if it ends in .gz."
            ),
        ],
        kind: Annotated[
            list[str] | None,
            typer.Option(
                metavar="|".join(KINDS), help="What to record; trades and l1 without this option."
            ),
        ] = None,
        instrument: Annotated[
            list[str] | None,
            typer.Option(
                metavar="NAME",
                help="An instrument, such as binancespot-btc_usdt; all without this option.",
            ),
        ] = None,
        duration: Annotated[
            str | None,
            typer.Option(
                "--for", metavar="DURATION", help="How long, such as 90m; without, until Ctrl-C."
            ),
        ] = None,
        rotate_every: Annotated[
            str | None,
            typer.Option(metavar="DURATION", help="Begin a new file so often; files are numbered."),
        ] = None,
        rotate_mb: Annotated[
            int | None,
            typer.Option(min=1, help="Begin a new file after so many megabytes."),
        ] = None,
        address: Annotated[
            list[str] | None,
            typer.Option(
                metavar="EXCHANGE=ADDRESS",
                help="A WebSocket's or http address of an exchange that is not its own, such as "
                "binance_spot=wss://stream.testnet.binance.vision/ws.",
            ),
        ] = None,
    ) -> Record:
        return Record(
            config=config,
            out=out,
            kinds=kind or ["trades", "l1"],
            instruments=instrument or [],
            duration=duration,
            rotate_every=rotate_every,
            rotate_mb=rotate_mb,
            addresses=address or [],
        )

    @app.command(help="Run a strategy on live data with simulated exchanges.", epilog=PAPER_EPILOG)
    def paper(
        *,
        config: Annotated[
            Path, typer.Option(help="What to trade: a JSON file as barter's, as for backtest.")
        ],
        strategy: Annotated[
            str, typer.Option(metavar="PLACE:CLASS", help="The strategy, as for backtest.")
        ],
        param: Annotated[
            list[str] | None,
            typer.Option(metavar="NAME=VALUE", help="An argument of the strategy's constructor."),
        ] = None,
        duration: Annotated[
            str | None,
            typer.Option(
                "--for", metavar="DURATION", help="How long, such as 8h; without, until Ctrl-C."
            ),
        ] = None,
        record: Annotated[
            Path | None,
            typer.Option(
                metavar="FILE",
                help="Record the run in this new file and one beside it, two with --warmup.",
            ),
        ] = None,
        warmup: Annotated[
            list[Path] | None,
            typer.Option(metavar="FILE", help="As for backtest."),
        ] = None,
        latency: Annotated[
            str | None, typer.Option(metavar="DURATION", help="As for backtest.")
        ] = None,
        candles: Annotated[
            str | None, typer.Option(metavar="DURATION", help="As for backtest.")
        ] = None,
        cancel_at_end: Annotated[
            bool, typer.Option(help="Cancel open orders at the end, while the market goes on.")
        ] = False,
        close_at_end: Annotated[
            bool, typer.Option(help="Close open positions at the end, while the market goes on.")
        ] = False,
        risk: Annotated[
            list[str] | None,
            typer.Option(metavar="NAME=VALUE|JSON", help="A limit of risk, as for backtest."),
        ] = None,
        kill: Annotated[
            list[str] | None,
            typer.Option(metavar="NAME=VALUE", help="What turns trading off, such as max_lag=5s."),
        ] = None,
        address: Annotated[
            list[str] | None,
            typer.Option(metavar="EXCHANGE=ADDRESS", help="As for record."),
        ] = None,
    ) -> Paper:
        return Paper(
            config=config,
            strategy=strategy,
            parameters=param or [],
            duration=duration,
            record=record,
            warmup=_files(warmup) if warmup else None,
            latency=latency,
            candles=candles,
            cancel_at_end=cancel_at_end,
            close_at_end=close_at_end,
            risk=risk or [],
            kill=kill or [],
            addresses=address or [],
        )

    @app.command(help="Repeat a recorded run; 1 if a decision differs, with the first that does.")
    def replay(
        record: Annotated[Path, typer.Argument(help="The file of --record of paper.")],
        *,
        strategy: Annotated[
            str, typer.Option(metavar="PLACE:CLASS", help="The strategy, as for backtest.")
        ],
        param: Annotated[
            list[str] | None,
            typer.Option(metavar="NAME=VALUE", help="An argument of the strategy's constructor."),
        ] = None,
        risk: Annotated[
            list[str] | None,
            typer.Option(metavar="NAME=VALUE|JSON", help="The limits of the recorded run."),
        ] = None,
    ) -> Replay:
        return Replay(record, strategy, param or [], risk or [])

    return app


def _files(
    paths: Sequence[Path],
    format_: str | None = None,
    order: str = RowOrder.REFUSE.value,
    unit: str | None = None,
    feed_latency: timedelta = timedelta(0),
    *,
    assume_utc: bool = False,
) -> Files:
    return Files(
        paths,
        None if format_ is None else convert_to(format_, Format, "--format"),
        convert_to(order, RowOrder, "--order"),
        None if unit is None else convert_to(unit, TimeUnit, "--unit"),
        feed_latency,
        assume_utc,
    )


def _choices(enum: type[Enum]) -> str:
    return "|".join(str(member.value) for member in enum)
