"""What takes the path of a file: anything else is an error that names the argument."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

import pytest
from support import ROOT
from support.binance import accept
from support.histories import quotes, two_instruments
from support.stream_child import connect
from support.venue_server import VenueServer, Visit

from barter_python import (
    DefaultStrategy,
    MarketData,
    SystemConfig,
    TradeColumns,
    read_binance,
    read_tardis,
    run_backtest,
    run_backtests,
)
from barter_python.backtest import sweep_to_html
from barter_python.live import System, replay, run_paper

DATA = quotes(2)
CONFIG = two_instruments()
INDEX = CONFIG.index()
RESULT = run_backtest(DefaultStrategy(), DATA, CONFIG)
RUNS = run_backtests(DefaultStrategy, [{}], DATA, CONFIG, executor="threads")
COLUMNS = TradeColumns()


async def silent(visit: Visit) -> None:
    """Accept the subscriptions and say nothing."""
    await accept(visit)
    await visit.stay()


def record(path: object) -> object:
    """Record streams into a path."""
    with VenueServer(silent) as server:
        address = server.address().websocket
        assert address is not None
        with connect(address) as streams:
            take: Callable[..., object] = streams.record
            return take(path)


# Checkers refuse all of these, so the functions are called as what takes anything.
from_json: Callable[..., object] = MarketData.from_json
from_json_lines: Callable[..., object] = MarketData.from_json_lines
open_: Callable[..., object] = MarketData.open
save: Callable[..., object] = DATA.save
from_csv: Callable[..., object] = MarketData.from_csv
from_parquet: Callable[..., object] = MarketData.from_parquet
binance: Callable[..., object] = read_binance
tardis: Callable[..., object] = read_tardis
config_from_json: Callable[..., object] = SystemConfig.from_json
to_html: Callable[..., object] = RESULT.to_html
sweep: Callable[..., object] = sweep_to_html
repeat: Callable[..., object] = replay
start: Callable[..., object] = System.start
paper: Callable[..., object] = run_paper

CALLS: dict[str, Callable[[object], object]] = {
    "MarketData.from_json": from_json,
    "MarketData.from_json_lines": from_json_lines,
    "MarketData.open": open_,
    "MarketData.save": save,
    "MarketData.from_csv": lambda path: from_csv(path, COLUMNS, instruments=INDEX),
    "MarketData.from_parquet": lambda path: from_parquet(path, COLUMNS, instruments=INDEX),
    "read_binance": lambda path: binance(path, instruments=INDEX),
    "read_tardis": lambda path: tardis(path, instruments=INDEX),
    "SystemConfig.from_json": config_from_json,
    "BacktestResult.to_html": to_html,
    "sweep_to_html": lambda path: sweep(RUNS, path),
    "Streams.record": record,
    "replay": lambda path: repeat(path, DefaultStrategy()),
    "System.start": lambda path: start(DefaultStrategy(), CONFIG, record=path),
    "run_paper": lambda path: paper(DefaultStrategy(), CONFIG, record=path),
}
SEVERAL = {"MarketData.from_csv", "MarketData.from_parquet", "read_binance", "read_tardis"}
"""What reads several files."""
BY_OPTIONS = {"System.start", "run_paper"}
"""Whose path is among their options."""


@pytest.mark.parametrize("wrong", [5, b"path", [b"path"], {"a"}, 0.5], ids=repr)
@pytest.mark.parametrize("name", CALLS)
def test_the_argument_is_named(name: str, wrong: object) -> None:
    argument = "record" if name in BY_OPTIONS | {"replay"} else "path"
    with pytest.raises(TypeError) as caught:
        CALLS[name](wrong)
    message = str(caught.value)
    if name in SEVERAL and isinstance(wrong, list):
        assert message == f"{argument}[0] must be a str or os.PathLike, got bytes b'path'"
    elif name in SEVERAL:
        assert message.startswith(f"{argument} must be a str")
    else:
        kind = type(wrong).__name__
        assert message == f"{argument} must be a str or os.PathLike, got {kind} {wrong!r}"


@pytest.mark.parametrize("name", sorted(CALLS.keys() - SEVERAL))
def test_several_paths_are_not_one(name: str) -> None:
    with pytest.raises(TypeError, match=r"must be a str or os\.PathLike, got list \['a', 'b'\]"):
        CALLS[name](["a", "b"])


def with_a_path() -> Iterator[str]:
    """Name the public functions with an annotation that has a path."""
    sources = [*(ROOT / "src" / "barter_python").rglob("[!_]*.py"), *ROOT.glob("stubs/**/*.pyi")]
    for source in sources:
        for node in ast.parse(source.read_text(encoding="utf-8")).body:
            inner = node.body if isinstance(node, ast.ClassDef) else [node]
            prefix = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
            for function in inner:
                if not isinstance(function, ast.FunctionDef) or function.name.startswith("_"):
                    continue
                annotations = [it.annotation for it in function.args.args if it.annotation]
                if any(
                    "PathLike" in ast.unparse(it) or ast.unparse(it) == "Paths"
                    for it in annotations
                ):
                    yield f"{prefix}{function.name}"


def test_these_are_all_functions_that_take_a_path() -> None:
    not_public = {
        "MarketFeed.record",
        "csv_first_rows",
        "csv_values",
        "paths_of",
        "read_csv_files",
        "read_session",
        "session_path",
        "warmup_path",
    }
    assert set(with_a_path()) - not_public == CALLS.keys() - BY_OPTIONS
