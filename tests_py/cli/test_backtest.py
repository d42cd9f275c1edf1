"""The command's backtests: results, progress, refusals, exceptions."""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path

import pytest
from support.command import refused, run_command

import barter_python as bp
from barter_python import FillPrice, MarketData, SystemConfig, TimeInterval

QUANTITIES = {
    "binancespot-btc_usdt": "0.001",
    "binancespot-eth_usdt": "0.05",
    "binancespot-sol_usdt": "1",
}


# Backtests


def test_a_run_is_what_run_backtest_gives(
    repository: Path,
    inputs: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    real_history: MarketData,
    real_config: SystemConfig,
) -> None:
    file = tmp_path / "result.json"
    ema = repository / "examples" / "ema_cross.py"
    done = run_command(
        *("backtest", *inputs, "--strategy", f"{ema}:EmaCross"),
        *("--param", f"quantities={json.dumps(QUANTITIES)}"),
        *("--latency", "250ms", "--fee-rate", "0.002", "--close-at-end"),
        *("--fill-price", "requested", "--interval", "daily", "--json", str(file)),
        *("--candles", "7s"),
    )
    assert (done.returncode, done.stderr) == (0, "")
    spec = importlib.util.spec_from_file_location("ema_cross", ema)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "ema_cross", module)
    spec.loader.exec_module(module)
    script = bp.run_backtest(
        module.EmaCross({name: Decimal(quantity) for name, quantity in QUANTITIES.items()}),
        real_history,
        real_config,
        latency=timedelta(milliseconds=250),
        fee_rate=Decimal("0.002"),
        close_at_end=True,
        fill_price=FillPrice.REQUESTED,
        interval=TimeInterval.DAILY,
        candles=timedelta(seconds=7),
    )
    assert script.fills
    assert file.read_text(encoding="utf-8") == script.to_json(indent=2) + "\n"
    assert done.stdout == f"{script}\n"


def test_defaults_are_those_of_run_backtest(
    inputs: list[str], real_history: MarketData, real_config: SystemConfig
) -> None:
    done = run_command(
        "backtest", *inputs, "--strategy", "barter_python:DefaultStrategy", "--json", "-"
    )
    expected = bp.run_backtest(bp.DefaultStrategy(), real_history, real_config)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == expected.to_json(indent=2) + "\n"


def test_since_and_until_run_a_part(
    inputs: list[str], real_history: MarketData, real_config: SystemConfig
) -> None:
    since, until = "2025-03-25T23:08:00Z", "2025-03-25T23:09:00+00:00"
    strategy = "barter_python:DefaultStrategy"
    window = ("--since", since, "--until", until)
    done = run_command("backtest", *inputs, "--strategy", strategy, *window, "--json", "-")
    expected = bp.run_backtest(
        bp.DefaultStrategy(), real_history, real_config, since=since, until=until
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == expected.to_json(indent=2) + "\n"


LEARNER = """
import barter_python as bp

class Learner:
    def __init__(self, start: int = 0) -> None:
        self.shown = start

    def on_warmup(self, state, /):
        self.shown += 1

    def generate_algo_orders(self, state, /):
        raise RuntimeError(f"shown {self.shown}")
"""


def test_a_warm_up_comes_before_the_run(
    inputs: list[str], real_path: Path, real_history: MarketData, tmp_path: Path
) -> None:
    since = "2025-03-25T23:08:00Z"
    count = len(real_history.between(until=since))
    before, learner = tmp_path / "before.jsonl", tmp_path / "learner.py"
    with gzip.open(real_path, "rb") as lines:
        before.write_bytes(b"".join(islice(lines, count)))
    learner.write_text(LEARNER, encoding="utf-8")
    given = ["backtest", *inputs, "--strategy", f"{learner}:Learner", "--since", since]
    done = run_command(*given, "--warmup", before)
    assert done.returncode == 1
    assert done.stderr.endswith(f"RuntimeError: shown {count}\n")
    swept = run_command(*given, "--warmup", before, "--sweep", "start=1,2")
    assert swept.stderr.endswith(f"RuntimeError: shown {count + 1}\n")
    told = refused(*given, "--warmup", str(real_path))
    assert told.startswith("warmup must end no later than the run begins")


def test_a_file_imports_its_neighbours_and_hides_no_module(
    buyer: Callable[..., list[str]],
) -> None:
    done = run_command(*buyer("--param", "after=2000"))
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 order: 1 filled\n1 fill," in done.stdout


def test_a_module_is_found_from_the_current_folder(folder: Path, inputs: list[str]) -> None:
    done = run_command(
        *("backtest", *inputs, "--strategy", f"{folder.name}.helper:Side"), cwd=folder.parent
    )
    assert "Side has no method generate_algo_orders(state)" in done.stderr


def test_one_array_is_read_as_well(examples: Path, tmp_path: Path) -> None:
    array = examples / "binance_spot_market_data_with_disconnect_events.json"
    packed = tmp_path / "array.gz"
    packed.write_bytes(gzip.compress(b"\n " + array.read_bytes()))
    config = examples / "system_config.json"
    for file in (array, packed):
        done = run_command(
            *("backtest", "--config", config, "--data", file, "--json", "-"),
            *("--strategy", "barter_python:DefaultStrategy"),
        )
        assert (done.returncode, done.stderr) == (0, "")
        expected = bp.run_backtest(
            bp.DefaultStrategy(), MarketData.from_json(array), SystemConfig.from_json(config)
        )
        assert done.stdout == expected.to_json(indent=2) + "\n"


def test_a_great_fee_is_noted_unless_it_is_replaced(
    examples: Path, real_path: Path, tmp_path: Path
) -> None:
    text = (examples / "system_config.json").read_text(encoding="utf-8")
    config = tmp_path / "config.json"
    config.write_text(text.replace('"fees_percent": 0.001', '"fees_percent": 0.05'))
    arguments = ["backtest", "--config", str(config), "--data", str(real_path)]
    arguments += ["--strategy", "barter_python:DefaultStrategy"]
    done = run_command(*arguments)
    assert done.returncode == 0
    assert done.stderr.startswith("barter-python: note: ")
    assert done.stderr.count("\n") == 1
    assert "fees_percent is 0.05" in done.stderr
    assert run_command(*arguments, "--fee-rate", "0.001").stderr == ""


# Encodings


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_the_table_is_printed_in_any_encoding(
    buyer: Callable[..., list[str]], tmp_path: Path, encoding: str
) -> None:
    file = tmp_path / "result.json"
    done = subprocess.run(
        [sys.executable, "-m", "barter_python.cli", *buyer("--json", str(file), "--close-at-end")],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": encoding},
    )
    assert (done.returncode, done.stderr) == (0, b"")
    rows = done.stdout.decode(encoding).splitlines()
    assert any(row.startswith("barter's Sharpe") and "infinite" in row for row in rows)
    assert json.loads(file.read_text(encoding="utf-8"))["fills"]


# Progress


def test_progress_is_shown_on_a_terminal(buyer: Callable[..., list[str]]) -> None:
    ours, theirs = pty.openpty()
    with (
        os.fdopen(ours, "rb", buffering=0) as terminal,
        subprocess.Popen(
            [sys.executable, "-m", "barter_python.cli", *buyer()],
            stdout=subprocess.PIPE,
            stderr=theirs,
            text=True,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "80", "NO_COLOR": "1"},
        ) as process,
    ):
        os.close(theirs)
        shown = b""
        try:
            while chunk := terminal.read(65536):
                shown += chunk
        except OSError:  # Linux says so that nobody has the other side any more
            pass
        assert process.stdout is not None
        table = process.stdout.read()
    assert process.returncode == 0
    last = shown.decode().split("\r")[-2]
    assert "50,000/50,000 events" in last
    assert "/s" in last
    assert "0:00:00 left" in last
    assert table.startswith("Backtest from 2025-03-25")


# What is wrong with what was given


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--strategy", "no/such.py:X"], "--strategy: no such file: no/such.py"),
        (["--strategy", "no_such:X"], "--strategy: No module named 'no_such'"),
        (["--strategy", "barter_python.no:X"], "--strategy: No module named 'barter_python.no'"),
        (["--strategy", "barter_python"], "--strategy: expected path/to/file.py:Class or"),
        (["--strategy", "some/folder:X"], "--strategy: neither a file that ends in .py nor"),
        (["--strategy", "{folder}/statistics.py:Byer"], "no class 'Byer'; strategies: Buyer"),
        (["--strategy", "{folder}/statistics.py:Other"], "Other has no method generate_algo"),
        (["--strategy", "{folder}/statistics.py:Abstract"], "is abstract: it lacks generate_algo"),
        (["--strategy", "{folder}/statistics.py:Buyer"], "Buyer needs --param quantity=... (a fin"),
        (
            ["--strategy", "{folder}/statistics.py:Buyer", "--param", "unresolved=none"],
            "--param unresolved: the annotation 'Nothing | None' cannot be resolved",
        ),
        (
            ["--strategy", "{folder}/inherited.py:Derived", "--param", "size=x"],
            "--param size: expected a finite Decimal, got 'x'",
        ),
        (["--param", "quantity"], "--param: expected name=value, got 'quantity'"),
        (
            ["--param", "size=1"],
            "--param size: DefaultStrategy has no such parameter; it has strategy_id",
        ),
        (["--latency", "100"], "--latency: expected whole microseconds with a unit"),
        (["--latency", "1500ns"], "--latency: expected whole microseconds"),
        (["--since", "yesterday"], 'since: "yesterday" is not a time as of RFC 3339'),
        (["--since", "2025-01-01T00:00:00Z", "--until", "2024-01-01T00:00:00Z"], "before until"),
        (["--latency", "-1ms"], "latency must not be negative"),
        (["--candles", "0s"], "--candles must be positive and not above 365 days, got 0 s"),
        (["--fee-rate", "much"], "--fee-rate: expected a finite Decimal, got 'much'"),
        (["--fee-rate", "1"], "fee_rate must be a fraction"),
        (
            ["--interval", "weekly"],
            "--interval: expected one of daily, annual_252, annual_365, got 'weekly'",
        ),
        (
            ["--fill-price", "best"],
            "--fill-price: expected one of best_opposite, requested, got 'best'",
        ),
        (["--json", "no_such_folder/result.json"], "--json no_such_folder/result.json: not a file"),
        (["--config", "no_such.json"], "no_such.json: No such file or directory"),
        (["--config", "{folder}"], "Is a directory"),
        (["--config", "{folder}/helper.py"], "helper.py: not JSON"),
        (["--data", "no_such.jsonl"], "no_such.jsonl: No such file or directory"),
        (["--data", "{folder}"], "Is a directory"),
        (["--data", "{folder}/helper.py"], "helper.py"),
        (["--no-such-option"], "--no-such-option"),
    ],
)
def test_refusals(folder: Path, inputs: list[str], arguments: list[str], reason: str) -> None:
    given = [argument.replace("{folder}", str(folder)) for argument in arguments]
    strategy = ["--strategy", "barter_python:DefaultStrategy"]
    assert reason in refused("backtest", *inputs, *strategy, *given)


def test_other_refusals(
    examples: Path, real_path: Path, tmp_path: Path, buyer: Callable[..., list[str]]
) -> None:
    assert "Missing command" in refused()
    assert "no_such" in refused("no_such")
    assert "'--data'" in refused("backtest", "--config", "x", "--strategy", "x:X")
    assert "no_such.jsonl: No such file" in refused("inspect-data", "no_such.jsonl")
    cut = tmp_path / "cut.jsonl.gz"
    cut.write_bytes(real_path.read_bytes()[:10_000])
    assert "cut.jsonl.gz" in refused("inspect-data", cut)
    config = json.loads((examples / "system_config.json").read_text(encoding="utf-8"))
    config["instruments"].pop()
    config["executions"][0]["initial_state"]["balances"].pop()
    smaller = tmp_path / "smaller.json"
    smaller.write_text(json.dumps(config))
    assert "instrument" in refused(*buyer("--config", str(smaller)))


def test_an_order_that_must_not_reach_the_engine_is_one_line(
    buyer: Callable[..., list[str]],
) -> None:
    assert "order" in refused(*buyer("--param", "fails=order"))


# Exceptions of strategies


@pytest.mark.parametrize(
    ("fails", "last_line"),
    [
        ("constructor", "ValueError: from the constructor"),
        ("run", "ValueError: from the run"),
        ("exit", "SystemExit: 0"),
        ("lookup", "barter_python.errors.UnknownKeyError: "),
    ],
)
def test_exceptions_keep_their_traceback(
    buyer: Callable[..., list[str]], fails: str, last_line: str
) -> None:
    done = run_command(*buyer("--param", f"fails={fails}"))
    assert (done.returncode, done.stdout) == (1, "")
    lines = done.stderr.splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[-1].startswith(last_line)
    assert 'statistics.py", line ' in done.stderr


def test_a_wrong_answer_is_an_exception_of_the_strategy(buyer: Callable[..., list[str]]) -> None:
    done = run_command(*buyer("--param", "fails=answer"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Traceback (most recent call last):")
    assert "\nTypeError: " in done.stderr


@pytest.mark.parametrize(
    ("file", "last_line"),
    [
        ("broken.py", "RuntimeError: from the import"),
        ("unclosed.py", "SyntaxError: '(' was never closed"),
        ("needy.py", "ModuleNotFoundError: No module named 'no_such_module'"),
    ],
)
def test_imports_keep_their_traceback(
    folder: Path, inputs: list[str], file: str, last_line: str
) -> None:
    for place in (str(folder / file), f"{folder.name}.{file.removesuffix('.py')}"):
        done = run_command("backtest", *inputs, "--strategy", f"{place}:X", cwd=folder.parent)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("Traceback (most recent call last):")
        assert done.stderr.splitlines()[-1] == last_line
        assert f'{file}", line ' in done.stderr


def test_ctrl_c_is_one_line(buyer: Callable[..., list[str]]) -> None:
    done = run_command(*buyer("--param", "fails=interrupt"))
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "barter-python: interrupted\n")


def test_a_reader_that_leaves_is_no_traceback(buyer: Callable[..., list[str]]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "barter_python.cli", *buyer("--json", "-")],
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")
