"""Every example runs as a script, and prints what it is said to print."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
PRINTED = Path(__file__).parent / "examples"


def printed(name: str) -> str:
    return (PRINTED / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example(path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-W", "error", str(path)],
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
        env={"PYTHONIOENCODING": "utf-8"},
    )
    assert run.stderr == ""
    assert run.returncode == 0
    assert run.stdout == printed(path.stem)


def test_nothing_is_expected_of_no_example() -> None:
    assert {path.stem for path in PRINTED.iterdir()} == {path.stem for path in EXAMPLES}


def test_the_readme_has_them_all() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| \[`(\w+\.py)`\]\(examples/(\w+\.py)\) \|", readme, flags=re.MULTILINE)
    assert sorted(table) == [(path.name, path.name) for path in EXAMPLES]


# What the texts say, a second time


def test_strategies_of_one_engine_add_up() -> None:
    lines = [
        line.split()
        for line in printed("engine_sync_with_multiple_strategies").splitlines()
        if line.startswith(("trend", "turns", "both"))
    ]
    (_, trend, trend_pnl, _), (_, turns, turns_pnl, _), (_, both, both_pnl) = lines
    assert int(trend) + int(turns) == int(both)
    assert Decimal(trend_pnl) + Decimal(turns_pnl) == Decimal(both_pnl)


def test_the_replica_is_the_engine_s_state() -> None:
    lines = printed("engine_sync_with_audit_replica_engine_state").splitlines()
    assert sum(line.endswith(", True") for line in lines) == 7
    assert not any(line.endswith("False") for line in lines)


def test_the_summary_is_of_its_positions() -> None:
    names = runpy.run_path(str(ROOT / "examples" / "statistical_trading_summary.py"))
    positions: list[tuple[int, int, str, object, str, str, str, str]] = names["POSITIONS"]
    text = printed("statistical_trading_summary")
    for base in ("btc", "eth"):
        pnls = [Decimal(pnl) for _, _, of, _, _, _, pnl, _ in positions if of == base]
        won, lost = (sum(1 for pnl in pnls if sign * pnl > 0) for sign in (1, -1))
        factor = sum(max(pnl, Decimal(0)) for pnl in pnls) / -sum(
            min(pnl, Decimal(0)) for pnl in pnls
        )
        assert f"  pnl             {sum(pnls)}\n  wins / losses   {won} / {lost}\n" in text
        assert f"  profit factor   {factor:.4f}\n" in text
