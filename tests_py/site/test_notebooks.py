"""The notebooks run, and their cells give what their texts say."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from support import ROOT

NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.py"))


@pytest.fixture(scope="module")
def notebooks() -> ModuleType:
    """The build's module that runs notebooks."""
    spec = importlib.util.spec_from_file_location("notebooks", ROOT / "docs/site/notebooks.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(
    notebooks: ModuleType, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(sys, "path", list(sys.path))
    page = notebooks.page(path)
    assert page.startswith("# ")
    shown = {
        "market_making": "failed_cancels",
        "own_csv": "profit and loss 653.43585 usd",
        "sweep": "True the same results",
    }
    assert shown[path.stem] in page


def test_a_cell_shows_what_it_prints_and_its_last_value(notebooks: ModuleType) -> None:
    assert (
        notebooks.outcome("x = 2\nprint(x)\nx + 1", "cell", {})
        == "```text\n2\n```\n\n```text\n3\n```"
    )
    assert notebooks.outcome("x = 2", "cell", {}) == ""
    with pytest.raises(ZeroDivisionError):
        notebooks.outcome("1 / 0", "cell", {})


def test_cells_are_told_apart(notebooks: ModuleType) -> None:
    source = "# %% [markdown]\n# # Title\n#\n# Text\n\n# %%\nx = 1\n"
    assert list(notebooks.cells(source)) == [(True, "# Title\n\nText"), (False, "x = 1")]
