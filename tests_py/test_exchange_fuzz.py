"""Properties of runs with the simulated exchange: `fuzz_exchange.py` is for long runs."""

from __future__ import annotations

import os
from collections import Counter

import pytest
from exchange_cases import case_of
from exchange_properties import check

RUNS = 20_000 if os.environ.get("BARTER_LONG_TESTS") == "1" else 500


@pytest.mark.filterwarnings("ignore:faults.*outside the history")
def test_what_must_hold_of_every_run() -> None:
    counts: Counter[str] = Counter()
    for seed in range(RUNS):
        try:
            check(case_of(seed, 25), counts, again=seed % 10 == 0)
        except BaseException:
            print(f"failed: fuzz_exchange.py --only {seed}")
            raise
    assert counts["fills"] > RUNS
    assert counts["settled runs"] > RUNS // 50
    for status in ("open", "cancelled", "expired", "fully_filled", "open_failed"):
        assert counts[status] > RUNS // 20, status
