"""Throw random orders at the simulated exchange for as long as you like.

    cd tests_py && python -m fuzz.exchange --runs 100000 --seed 1

A run has its own history, settings and script, all of which follow from its seed; what fails is
raised, and says with which `--only` it comes again.
"""

from __future__ import annotations

import argparse
import faulthandler
import sys
import time
import warnings
from collections import Counter

from models.exchange_cases import case_of
from models.exchange_properties import check


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=100_000, help="so many")
    parser.add_argument("--seed", type=int, default=0, help="of the first run")
    parser.add_argument("--events", type=int, default=25, help="at most so many in a history")
    parser.add_argument("--only", type=int, help="only the run with this seed")
    arguments = parser.parse_args()

    warnings.filterwarnings("ignore", "faults.*outside the history")
    counts: Counter[str] = Counter()
    started = time.monotonic()
    seeds = range(arguments.seed, arguments.seed + arguments.runs)
    if arguments.only is not None:
        seeds = range(arguments.only, arguments.only + 1)
    for done, seed in enumerate(seeds, start=1):
        # A run that hangs ends the process, with where it hangs.
        faulthandler.dump_traceback_later(120, exit=True)
        try:
            check(case_of(seed, arguments.events), counts, again=seed % 10 == 0)
        except BaseException:
            print(f"failed: --only {seed} --events {arguments.events}", file=sys.stderr)
            raise
        if done % 10_000 == 0:
            print(f"{done:>12,} runs, {time.monotonic() - started:.0f} s", flush=True)
    faulthandler.cancel_dump_traceback_later()
    for name, count in sorted(counts.items()):
        print(f"{count:>12,} {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
