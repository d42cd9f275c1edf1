"""Runs all engines in turn, several times, and prints the best of each as a table.

In an environment of its own, with the wheel of this project:

    python -m pip install -r benchmarks/peers/requirements.txt dist/*.whl
    python benchmarks/peers/compare.py
"""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

PASSES = 3
SCRIPTS = (
    "ours",
    "ours_indicators",
    "ours_compiled",
    "nautilus_rust",
    "nautilus",
    "hftbacktest",
    "vectorbt",
    "backtesting",
    "backtrader",
)


def figures(script: str) -> dict[str, str | int]:
    """Run one script in a process of its own and read its last line."""
    path = Path(__file__).with_name(f"run_{script}.py")
    command = [sys.executable, "-W", "ignore", str(path)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, str | int] = json.loads(done.stdout.splitlines()[-1])
    return result


def main() -> None:
    """Measure and print."""
    best: dict[str, dict[str, str | int]] = {}
    for _ in range(PASSES):
        for script in SCRIPTS:
            found = figures(script)
            known = best.setdefault(script, found)
            for name in ("noop_ns", "ema_ns"):
                known[name] = min(int(known[name]), int(found[name]))
    noop, ema = int(best["ours"]["noop_ns"]), int(best["ours"]["ema_ns"])
    print("| engine | version | nothing | | EMA crossing | | orders |")
    print("|---|---|--:|--:|--:|--:|--:|")
    for each in best.values():
        ratios = int(each["noop_ns"]) / noop, int(each["ema_ns"]) / ema
        print(
            f"| {each['engine']} | {each['version']} | {each['noop_ns']:,} | {ratios[0]:.1f} x "
            f"| {each['ema_ns']:,} | {ratios[1]:.1f} x | {each['orders']} |"
        )
    today = datetime.now(timezone.utc).date()
    print(f"\nNanoseconds an event; {today}, CPython {platform.python_version()}.")


if __name__ == "__main__":
    main()
