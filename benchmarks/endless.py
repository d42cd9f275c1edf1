"""A history that memory does not hold, as plain records and as compressed blocks.

`python benchmarks/endless.py 50_000_000` makes as many quotes in files of a million, runs over them
in a process of its own, and prints for each layout: bytes of the files and nanoseconds of processor
time an event, and the greatest memory of the process, in megabytes. `anonymous` is what the process
has for itself; `resident` has the mapped pages of the files as well, which the operating system
takes back when it needs them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time_ns

from scan import EVENTS_A_PART, config, part, resident_mb

import barter_python as bp

PARTS_A_FILE = 4
EVENTS_A_FILE = PARTS_A_FILE * EVENTS_A_PART
LAYOUTS = ("plain", "compressed")


def anonymous_mb() -> float:
    """Give the anonymous memory of this process now, in megabytes."""
    lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(lines["RssAnon"].split()[0]) * 1024 / 1e6


def write(folder: Path, events: int, layout: str) -> None:
    """Write the files."""
    instruments = config().index()
    for number in range(events // EVENTS_A_FILE):
        first = number * PARTS_A_FILE
        parts = [part(instruments, each) for each in range(first, first + PARTS_A_FILE)]
        path = folder / f"{number:06}.bph"
        bp.MarketData.merge(*parts).save(path, compressed=layout == "compressed")


def run(folder: Path) -> None:
    """Run over the files, and print what it took."""
    scan = bp.MarketScan(sorted(folder.glob("*.bph")))
    peak = 0.0

    def look(*_: int) -> None:
        nonlocal peak
        peak = max(peak, anonymous_mb())

    start = process_time_ns()
    result = bp.run_backtest(bp.DefaultStrategy(), scan, config(), progress=look)
    taken = process_time_ns() - start
    print(result.settings.events, taken / result.settings.events, peak, resident_mb())


def figures(events: int, layout: str) -> dict[str, float]:
    """Write and run in processes of their own."""
    with TemporaryDirectory() as folder:

        def done(action: str) -> str:
            command = [sys.executable, __file__, action, folder, str(events), layout]
            return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout

        done("write")
        ran, nanoseconds, anonymous, resident = map(float, done("run").split())
        size = sum(path.stat().st_size for path in Path(folder).glob("*.bph"))
    return {
        "events": ran,
        "bytes_an_event": size / ran,
        "ns_an_event": nanoseconds,
        "anonymous_mb": anonymous,
        "resident_mb": resident,
    }


def main() -> None:
    """Do as the arguments say."""
    if sys.argv[1:2] == ["write"]:
        write(Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
    elif sys.argv[1:2] == ["run"]:
        run(Path(sys.argv[2]))
    else:
        events = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000_000
        for layout in LAYOUTS:
            found = figures(events, layout)
            print(layout, *(f"{name} {value:,.0f}" for name, value in found.items()), sep="  ")
        print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
