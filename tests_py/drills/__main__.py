"""Tries all drills, or those with a text: `cd tests_py && python -m drills [TEXT]`.

The copy stays in `target/drills`, so that the next time only the project itself is built.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import time

from support import ROOT

from . import native, python, shipping
from .batch import batches, tried
from .row import Step
from .scratch import LIBRARY, Scratch

ROWS = native.ROWS + python.ROWS + shipping.ROWS


def main() -> int:
    """Try them, and print what was caught."""
    if sys.platform not in LIBRARY:
        print(f"drills are tried on {' and '.join(LIBRARY)}")
        return 1
    chosen = sys.argv[1] if len(sys.argv) > 1 else ""
    rows = [row for row in ROWS if chosen in row.label]
    scratch = Scratch(ROOT / "target" / "drills")
    found = batches(rows, scratch)
    unchanged = scratch.native().with_name("unchanged")
    if failure := control(scratch, {row.step for row in rows}):
        print(failure)
        return 1
    shutil.copy(scratch.native(), unchanged)
    missed = []
    for number, batch in enumerate(found, start=1):
        start = time.monotonic()
        for row, fault in tried(batch, scratch, unchanged, "_core.abi3.so"):
            print(
                f"{'MISSED' if fault else 'caught'}  {row.step.name:<18}  {row.label}", flush=True
            )
            if fault:
                missed.append(f"MISSED  {row.label}\n{fault}\n")
        print(f"        batch {number} of {len(found)}: {time.monotonic() - start:.0f} s")
    scratch.restore()
    print(*missed, sep="\n")
    if not chosen:
        print(gate())
    print(f"caught {len(rows) - len(missed)} of {len(rows)}")
    return 1 if missed else 0


def control(scratch: Scratch, steps: set[Step]) -> str:
    """Run the steps on the project as it is, and give what fails: it would prove nothing."""
    built = scratch.build()
    if not built.passed:
        return f"the project is not built:\n{built.output}"
    scratch.install(scratch.native())
    for step in sorted(steps, key=lambda it: it.name):
        start = time.monotonic()
        outcome = scratch.check(step)
        if not outcome.passed:
            return f"{step.value} fails on the project as it is:\n{outcome.output}"
        print(f"passes  {step.name:<18}  on the project as it is, {time.monotonic() - start:.0f} s")
    return ""


def gate() -> str:
    """Tell how long the gate takes for a change of one Rust file."""
    (ROOT / "rust" / "src" / "wrapped.rs").touch()
    start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        ["make", "stubs-check", "alignment"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    computed = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return (
        f"the gate for a change of one Rust file: {time.monotonic() - start:.0f} s, "
        f"{computed:.0f} s of them on processors"
    )


if __name__ == "__main__":
    sys.exit(main())
