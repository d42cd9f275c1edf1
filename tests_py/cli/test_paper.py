"""The commands that trade on paper and repeat such a run."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest
from support.command import refused, run_command
from support.paper import venue
from support.venue_server import PATIENCE, VenueServer

STRATEGY = """
import sys
sys.path.insert(0, {tests!r})
from support.paper import Failing, Trader
"""


@pytest.fixture
def config(repository: Path) -> Path:
    """Give the configuration of the examples: three instruments of Binance."""
    return repository / "examples" / "data" / "system_config.json"


@pytest.fixture
def strategies(tmp_path: Path, repository: Path) -> Path:
    """Write a file with strategies."""
    path = tmp_path / "mine.py"
    path.write_text(STRATEGY.format(tests=str(repository / "tests_py")), encoding="utf-8")
    return path


def test_a_run_on_paper_is_repeated(tmp_path: Path, config: Path, strategies: Path) -> None:
    record = tmp_path / "session.jsonl.gz"
    before = tmp_path / "before.jsonl"
    with gzip.open(config.parent / "binance_spot_l1_trades_btc_eth_sol.jsonl.gz", "rb") as lines:
        before.write_bytes(b"".join(islice(lines, 300)))
    with VenueServer(venue(200)) as server:
        done = run_command(
            *("paper", "--config", config, "--strategy", f"{strategies}:Trader"),
            *("--record", record, "--for", "1500ms", "--latency", "2ms", "--param", "seed=3"),
            *("--candles", "20ms"),
            *("--cancel-at-end", "--close-at-end", "--kill", "max_silence=1h"),
            *("--warmup", before),
            *("--address", f"binance_spot={server.address().websocket}"),
        )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("PAPER from ")
    again = run_command("replay", record, "--strategy", f"{strategies}:Trader", "--param", "seed=3")
    assert (again.returncode, again.stderr) == (0, "")
    assert again.stdout.endswith("\nsame decisions as in the record\n")
    other = run_command("replay", record, "--strategy", f"{strategies}:Trader", "--param", "seed=4")
    assert other.returncode == 1
    assert other.stderr.startswith("differs from the record: request 0: recorded ")


@pytest.mark.skipif(sys.platform == "win32", reason="needs the signals of POSIX")
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_in_order(
    tmp_path: Path, config: Path, strategies: Path, ending: signal.Signals
) -> None:
    with VenueServer(venue()) as server:
        command = [sys.executable, "-m", "barter_python.cli", "paper", "--config", str(config)]
        command += ["--strategy", f"{strategies}:Trader", "--close-at-end", "--latency", "0ms"]
        command += ["--address", f"binance_spot={server.address().websocket}"]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ
        ) as process:
            assert process.stderr is not None
            while not (line := process.stderr.readline()).startswith("PAPER time "):
                assert line.startswith("PAPER waiting "), line
            process.send_signal(ending)
            output, errors = process.communicate(timeout=PATIENCE)
    assert errors == "interrupted: the run has been shut down\n"
    assert process.returncode == 0
    assert ", 0 open positions" in output.splitlines()[2]


def test_an_exception_of_the_strategy_is_shown(
    tmp_path: Path, config: Path, strategies: Path
) -> None:
    with VenueServer(venue()) as server:
        done = run_command(
            *("paper", "--config", config, "--strategy", f"{strategies}:Failing"),
            *("--address", f"binance_spot={server.address().websocket}"),
        )
    assert done.returncode == 1
    assert done.stderr.endswith("ZeroDivisionError: mine\n")
    assert "support/paper.py" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--kill", "max_noise=1"], "--kill"),
        (["--kill", "max_drawdown=2"], "max_drawdown must be between 0 and 1"),
        (["--for", "0s"], "--for must be positive"),
        (["--candles", "0s"], "--candles must be positive"),
        (["--latency", "0.5ms", "--record", "x.jsonl.gz"], "latency is 0.0005 s"),
        (["--address", "binance_spot=ws://127.0.0.1:9/ws"], "binance_spot"),
    ],
)
def test_wrong_arguments_are_one_line(
    arguments: list[str], message: str, config: Path, strategies: Path
) -> None:
    given = ["paper", "--config", str(config), "--strategy", f"{strategies}:Trader", *arguments]
    assert message in refused(*given)


def test_a_record_that_is_not_there(strategies: Path) -> None:
    told = refused("replay", "nothing.jsonl.gz", "--strategy", f"{strategies}:Trader")
    assert told == "nothing.jsonl.gz.session.jsonl.gz: No such file or directory"
