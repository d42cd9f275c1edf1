"""Every example runs as a script, and prints what it is said to print."""

from __future__ import annotations

import gzip
import json
import re
import runpy
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from support import ROOT

EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
PRINTED = Path(__file__).parents[1] / "examples"


def printed(name: str) -> str:
    return (PRINTED / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example(path: Path) -> None:
    if path.stem == "ema_compiled":
        pytest.importorskip("numba")
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


def test_the_page_of_the_examples_has_them_all() -> None:
    page = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| \[`(\w+\.py)`\]\((\w+\.py)\) \|", page, flags=re.MULTILINE)
    assert sorted(table) == [(path.name, path.name) for path in EXAMPLES]


@pytest.mark.parametrize("name", ["breakout", "basis"])
def test_an_example_writes_its_report(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main = runpy.run_path(str(ROOT / "examples" / f"{name}.py"))["main"]
    main(str(tmp_path / "report.html"))
    assert capsys.readouterr().out == printed(name)
    page = (tmp_path / "report.html").read_text("utf-8")
    assert f"<h1>{name.capitalize()} " in page
    assert ("<h3>Funding</h3>" in page) == (name == "basis")


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


def test_the_breakout_sells_what_it_buys_at_its_stop_or_target() -> None:
    lines = [
        line for line in printed("breakout").splitlines() if " at " in line and "|" not in line
    ]
    trades = [line.replace(":", " ", 1).split() for line in lines if line[2] == ":"]
    pairs = list(zip(trades[::2], trades[1::2], strict=True))
    assert len(pairs) > 5
    for (_, _, buy, _, bought, _), (_, _, sell, _, sold, *why) in pairs:
        assert (buy, sell) == ("buy", "sell")
        share = Decimal(sold.rstrip(":")) / Decimal(bought.rstrip(":")) - 1
        expected = {"stop": Decimal("-0.004"), "take profit": Decimal("0.008")}.get(" ".join(why))
        # Prices are printed with one decimal place.
        assert expected is None or abs(share - expected) < Decimal("0.000002")


def test_the_funding_of_the_basis_trade_is_that_of_the_history() -> None:
    path = ROOT / "examples" / "data" / "okx_btc_spot_perpetual_funding.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        events = [json.loads(line)["Item"] for line in lines]
    quotes = {0: Decimal(0), 1: Decimal(0)}
    wanted, held, received, times = False, False, Decimal(0), 0
    for event in events:
        kind = event["kind"]
        if "Funding" in kind:
            if held:
                funding = kind["Funding"]
                received += Decimal(funding["rate"]) * Decimal(funding["mark_price"]) / 2
                times += 1
            continue
        sides = [Decimal(kind["OrderBookL1"][side]["price"]) for side in ("best_bid", "best_ask")]
        quotes[event["instrument"]] = (sides[0] + sides[1]) / 2
        if event["instrument"] == 1:
            # The orders of an hour arrive after its funding.
            held = wanted
            premium = quotes[1] / quotes[0] - 1
            wanted = premium >= Decimal("0.0004") if held else premium > Decimal("0.0012")
    text = printed("basis")
    assert f"funding, {times} times" in text
    assert f"{received:.2f}" in text


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
