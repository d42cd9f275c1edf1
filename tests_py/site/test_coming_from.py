"""The strategy in other engines gives the fills of ours, where these engines are installed."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import warnings
from decimal import Decimal
from itertools import accumulate

import pytest
from support import ROOT
from support.oracle import oracle_path

from barter_python import BacktestResult, Side

PAGES = {"backtrader": "backtrader", "backtesting": "backtesting", "nautilus": "nautilus_trader"}
Fills = list[tuple[str, float]]


def blocks(page: str, language: str) -> list[str]:
    """Give the blocks of a page."""
    text = (ROOT / "docs" / "coming_from" / f"{page}.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)


def names_of(page: str, language: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """Run the blocks of a page and give what they name."""
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {"__name__": "page"}
    # Dataclasses look their module up.
    monkeypatch.setitem(sys.modules, "page", sys)
    for block in blocks(page, language):
        exec(compile(block, page, "exec"), names)
    return names


def fills_of(page: str, language: str, monkeypatch: pytest.MonkeyPatch) -> Fills:
    """Run the blocks of a page and give the fills that they find."""
    fills = names_of(page, language, monkeypatch)["fills"]
    assert isinstance(fills, list)
    return fills


def agree(theirs: Fills, ours: Fills) -> None:
    """Require the same fills; an engine that lists closed trades leaves the last purchase out."""
    assert len(ours) - len(theirs) in {0, 1}
    for (side, price), (our_side, our_price) in zip(theirs, ours, strict=False):
        assert (side, round(price, 6)) == (our_side, round(our_price, 6))


def test_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = fills_of("index", "python", monkeypatch)
    assert ours[:2] == [("buy", 93927.5), ("sell", 94797.5)]
    with pytest.raises(AssertionError):
        agree([("buy", 93927.5), ("sell", 94797.0)], ours[:2])


@pytest.mark.parametrize("page", PAGES)
def test_theirs(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if importlib.util.find_spec(PAGES[page]) is None:
        pytest.skip(f"{PAGES[page]} is not installed")
    ours = fills_of("index", "python", monkeypatch)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # theirs are not ours to judge
        agree(fills_of(page, "py", monkeypatch), ours)


def test_hftbacktest(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = names_of("hftbacktest", "python", monkeypatch)
    result = ours["result"]
    assert isinstance(result, BacktestResult)
    signs = {Side.BUY: -1, Side.SELL: 1}
    fees = sum(fill.fees for fill in result.fills)
    cash = sum(signs[fill.side] * fill.price * fill.quantity for fill in result.fills)
    assert len(result.orders) == len(result.fills) == 17
    assert (fees, cash) == (Decimal("1.48310453"), Decimal("-87.16937"))
    if importlib.util.find_spec("hftbacktest") is None:
        pytest.skip("hftbacktest is not installed")
    theirs = names_of("hftbacktest", "py", monkeypatch)
    assert theirs["fills"] == ours["fills"]
    assert theirs["count"] == len(result.fills)
    assert theirs["fees"] == pytest.approx(float(fees))
    assert theirs["cash"] == pytest.approx(float(cash))


def test_the_page_shows_the_program_in_rust() -> None:
    source = (ROOT / "rust/examples/crossing.rs").read_text(encoding="utf-8")
    shown = blocks("barter", "rust")
    assert len(shown) == 2
    for block in shown:
        assert block in source


def test_barter_in_rust(monkeypatch: pytest.MonkeyPatch) -> None:
    result = names_of("barter", "python", monkeypatch)["result"]
    assert isinstance(result, BacktestResult)
    candles = ROOT / "examples/data/candles_btc_five_minutes.csv"
    with candles.open(encoding="utf-8") as table:
        run = subprocess.run(
            [oracle_path("crossing")], stdin=table, capture_output=True, text=True, check=True
        )
    *theirs, last = [line.split() for line in run.stdout.splitlines()]
    assert [(side, Decimal(price), Decimal(quantity)) for side, price, quantity, _ in theirs] == [
        (fill.side.value, fill.price, fill.quantity) for fill in result.fills
    ]
    assert len(result.orders) == len(theirs) == 11
    profits = [Decimal(profit) for side, _, _, profit in theirs if side == "sell"]
    assert profits == list(accumulate(each.pnl_realised for each in result.positions))
    (still_open,) = result.open_positions
    assert last == ["open", str(still_open.quantity_abs), str(still_open.price_entry_average)]
