"""Properties of runs with the simulated exchange: `fuzz.exchange` is for long runs."""

from __future__ import annotations

from collections import Counter

import pytest
from models.exchange_cases import case_of
from models.exchange_properties import check
from support import LONG_RUN

RUNS = 20_000 if LONG_RUN else 500


@pytest.mark.filterwarnings("ignore:faults.*outside the history")
def test_what_must_hold_of_every_run() -> None:
    counts: Counter[str] = Counter()
    for seed in range(RUNS):
        try:
            check(case_of(seed, 25), counts, again=seed % 10 == 0)
        except BaseException:
            print(f"failed: python -m fuzz.exchange --only {seed}")
            raise
    assert counts["fills"] > RUNS
    assert counts["settled runs"] > RUNS // 50
    assert counts["fundings"] > RUNS // 50
    assert counts["liquidations"] > RUNS // 50
    assert counts["settlements"] > RUNS // 100
    assert counts["fills in crossed markets"] > RUNS // 50
    for status in ("open", "cancelled", "expired", "fully_filled", "open_failed"):
        assert counts[status] > RUNS // 20, status
