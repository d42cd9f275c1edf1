"""Ctrl-C stops long native work at once.

Each case runs in a process of its own, which does the work twice: once to its end, and once with a
signal after a tenth of the processor time that the whole has taken. Processor time, and only as a
share, since a busy machine stretches every other clock.
"""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

PREPARE = """
import itertools, signal, sys, time
from collections import defaultdict
from barter_python import NO_ORDERS, DefaultStrategy, MarketData, SystemConfig, run_backtest

examples, big = sys.argv[1:]
"""

# The strategy without a line of Python: nothing but the native loop can notice the signal.
NATIVE_STRATEGY = """
class Native:
    answers = defaultdict(itertools.repeat(NO_ORDERS).__next__)
    generate_algo_orders = staticmethod(answers.__getitem__)
strategy = Native()
"""

BIG_HISTORY = """
events = list(MarketData.from_json_lines(f"{examples}/binance_spot_l1_trades_btc_eth_sol.jsonl.gz"))
data = MarketData.from_events(itertools.chain.from_iterable(itertools.repeat(events, 30)))
config = SystemConfig.from_json(f"{examples}/system_config.json")
"""

TABLES = """
from barter_python import TimeUnit, TradeColumns
columns = TradeColumns()
options = {
    "instruments": SystemConfig.from_json(f"{examples}/system_config.json").index(),
    "instrument": "BTCUSDT",
    "unit": TimeUnit.MILLISECONDS,
}
"""

MEASURE = """
def work():
    {work}

whole = time.process_time()
work()
whole = time.process_time() - whole
signal.signal(signal.SIGPROF, lambda number, frame: signal.raise_signal(signal.SIGINT))
start = time.process_time()
signal.setitimer(signal.ITIMER_PROF, whole / 10)
try:
    work()
except KeyboardInterrupt:
    print("stopped after", (time.process_time() - start) / whole)
else:
    print("finished")
"""


@pytest.fixture(scope="module")
def big_files(real_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A million real events, as gzipped lines and as one array."""
    folder = tmp_path_factory.mktemp("big")
    packed = real_path.read_bytes()
    lines = gzip.decompress(packed).rstrip(b"\n")
    (folder / "events.jsonl.gz").write_bytes(packed * 20)
    array = b"[" + b",\n".join([lines.replace(b"\n", b",\n")] * 20) + b"]"
    (folder / "events.json").write_bytes(array)
    rows = b"1742943900123,87232.50,0.00012,buy\n" * 1_000_000
    (folder / "rows.csv").write_bytes(b"time_exchange,price,amount,side\n" + rows)
    (folder / "few.jsonl").write_bytes(lines[: lines.index(b"\n")])
    return folder


CASES = {
    "a run of Python": (
        "strategy = DefaultStrategy()\n" + BIG_HISTORY,
        "run_backtest(strategy, data, config)",
    ),
    "a run without Python": (NATIVE_STRATEGY + BIG_HISTORY, "run_backtest(strategy, data, config)"),
    "loading lines": ("", 'MarketData.from_json_lines(f"{big}/events.jsonl.gz")'),
    "loading an array": ("", 'MarketData.from_json(f"{big}/events.json")'),
    "reading CSV": (TABLES, 'MarketData.from_csv(f"{big}/rows.csv", columns, **options)'),
    "reading a table": (
        TABLES + 'import polars\ntable = polars.read_csv(f"{big}/rows.csv")\n',
        "MarketData.from_arrow(table, columns, **options)",
    ),
    "taking events": (
        'event = MarketData.from_json_lines(f"{big}/few.jsonl")[0]',
        "MarketData.from_events(itertools.repeat(event, 3_000_000))",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_ctrl_c_stops_at_once(case: str, examples: Path, big_files: Path) -> None:
    prepare, work = CASES[case]
    script = PREPARE + prepare + MEASURE.replace("{work}", work)
    done = subprocess.run(
        [sys.executable, "-c", script, str(examples), str(big_files)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("stopped after ")
    # Work that looks at signals only when it is over stops after the whole of it.
    assert float(done.stdout.split()[-1]) < 0.5
