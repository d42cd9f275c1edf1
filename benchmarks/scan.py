"""A run over a history in parts, which is longer than it could be in memory.

`python benchmarks/scan.py 20_000_000` prints nanoseconds an event, the making of the parts
included, and the greatest resident memory of the process in megabytes.
"""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path
from time import perf_counter_ns

import barter_python as bp

EXCHANGE = bp.ExchangeId.BINANCE_SPOT
EVENTS_A_PART = 250_000
MILLISECOND = 1_000_000
START = 1_700_000_000_000_000_000


def config() -> bp.SystemConfig:
    """Give one instrument and its exchange."""
    return bp.SystemConfig(
        [bp.InstrumentConfig(EXCHANGE, "BTCUSDT", bp.Underlying("btc", "usdt"))],
        [bp.MockExecutionConfig(EXCHANGE, {"usdt": 10**6})],
    )


def part(instruments: bp.IndexedInstruments, number: int) -> bp.MarketData:
    """Make the quotes of a part, a millisecond apart, from a table as a reader has it."""
    import polars as pl  # noqa: PLC0415 - only the process that is measured needs it

    index = pl.int_range(
        number * EVENTS_A_PART, (number + 1) * EVENTS_A_PART, dtype=pl.Int64, eager=True
    )
    bid = 10_000 + index % 977
    table = pl.DataFrame(
        {
            "time_exchange": (START + index * MILLISECOND).cast(pl.Datetime("ns", "UTC")),
            "bid_price": bid,
            "bid_amount": 1 + index % 7,
            "ask_price": bid + 1,
            "ask_amount": 1 + index % 5,
        }
    )
    return bp.MarketData.from_arrow(
        table, bp.L1Columns(), instruments=instruments, instrument="binancespot-btc_usdt"
    )


def resident_mb() -> float:
    """Give the greatest resident memory of this process, in megabytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # Unlike the figure of `resource`, this does not begin with that of the parent process.
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(lines["VmHWM"].split()[0]) * 1024 / 1e6
    import resource  # noqa: PLC0415 - not on every system

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def scan_figures(events: int) -> dict[str, float]:
    """Run so many events in a process of its own."""
    command = [sys.executable, __file__, str(events)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    nanoseconds, megabytes = done.stdout.split()
    return {"scan_ns": float(nanoseconds), "scan_mb": float(megabytes)}


def main() -> None:
    """Run as many events as the first argument says."""
    settings = config()
    parts = int(sys.argv[1]) // EVENTS_A_PART
    scan = bp.MarketScan(partial(part, settings.index(), number) for number in range(parts))
    start = perf_counter_ns()
    result = bp.run_backtest(bp.DefaultStrategy(), scan, settings)
    taken = perf_counter_ns() - start
    print(taken / result.settings.events, resident_mb())


if __name__ == "__main__":
    main()
