"""Throw random and hostile events at the engine for as long as you like.

    cd tests_py && python -m fuzz.engine --events 1000000 --seed 1

An episode is an engine with its own strategy, risk manager and events, all of which follow from its
seed; what fails is raised, and says with which `--episode` it comes again.
"""

from __future__ import annotations

import argparse
import faulthandler
import gc
import sys
import time
from collections import Counter
from random import Random
from weakref import WeakSet

from support.hostile import Episode, HostileStrategy


def run_one(seed: int, length: int, counts: Counter[str], alive: WeakSet[HostileStrategy]) -> None:
    """Run an episode, of which nothing is left but its strategy in `alive` while that lives."""
    episode = Episode(Random(seed), counts)
    alive.add(episode.strategy)
    episode.run(length)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000, help="at least so many")
    parser.add_argument("--seed", type=int, default=0, help="of the first episode")
    parser.add_argument("--length", type=int, default=250, help="events of an episode")
    parser.add_argument("--episode", type=int, help="only the episode with this seed")
    arguments = parser.parse_args()

    counts: Counter[str] = Counter()
    alive: WeakSet[HostileStrategy] = WeakSet()
    started, done, seed = time.monotonic(), 0, arguments.seed
    if arguments.episode is not None:
        seed, arguments.events = arguments.episode, 1
    while done < arguments.events:
        # An event that hangs ends the process, with where it hangs.
        faulthandler.dump_traceback_later(120, exit=True)
        try:
            run_one(seed, arguments.length, counts, alive)
        except BaseException:
            print(f"failed: --episode {seed} --length {arguments.length}", file=sys.stderr)
            raise
        done += arguments.length
        seed += 1
        if done % 100_000 < arguments.length:
            print(f"{done:>12,} events, {time.monotonic() - started:.0f} s", flush=True)
    faulthandler.cancel_dump_traceback_later()
    # Each strategy holds its engine: the circles are freed.
    gc.collect()
    if alive:
        print(f"failed: {len(alive)} engines are never freed", file=sys.stderr)
        return 1
    for name, count in sorted(counts.items()):
        print(f"{count:>12,} {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
