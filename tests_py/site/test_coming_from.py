"""The strategy in other engines gives the fills of ours, where these engines are installed."""

from __future__ import annotations

import importlib.util
import re
import sys
import warnings

import pytest
from support import ROOT

PAGES = {"backtrader": "backtrader", "backtesting": "backtesting", "nautilus": "nautilus_trader"}
Fills = list[tuple[str, float]]


def fills_of(page: str, language: str, monkeypatch: pytest.MonkeyPatch) -> Fills:
    """Run the blocks of a page and give the fills that they find."""
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {"__name__": "page"}
    # Dataclasses look their module up.
    monkeypatch.setitem(sys.modules, "page", sys)
    text = (ROOT / "docs" / "coming_from" / f"{page}.md").read_text(encoding="utf-8")
    for block in re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE):
        exec(compile(block, page, "exec"), names)
    fills = names["fills"]
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
