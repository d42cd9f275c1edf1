"""Five drills each time, and that all the others can still be tried."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from support import ROOT

import barter_python
from barter_python import _core
from drills import native, python, shipping
from drills.batch import batches, tried
from drills.row import Drill
from drills.scratch import LIBRARY, Scratch

NEEDS_LINKS = pytest.mark.skipif(sys.platform not in LIBRARY, reason="tools are linked")
ROWS = native.ROWS + python.ROWS + shipping.ROWS


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.label)
def test_the_text_that_a_row_replaces_is_there_once(row: Drill) -> None:
    text = (ROOT / row.file).read_text(encoding="utf-8")
    assert row.applied_to(text) != text


def test_a_text_that_is_gone_is_an_error() -> None:
    row = replace(ROWS[0], changes=(("no such text", ""),))
    with pytest.raises(LookupError, match="has 0 times, not once"):
        row.applied_to((ROOT / row.file).read_text(encoding="utf-8"))


def test_there_are_enough_and_the_seed_s_names_come_first() -> None:
    assert len({row.label for row in ROWS}) == len(ROWS) >= 50
    tried_items = {row.item for row in ROWS}
    for name in (
        "PyOrderRequestOpen",
        "InstrumentFilter",
        "build_ioc_market_order_to_close_position",
        "close_open_positions_with_market_orders",
    ):
        assert name in tried_items


@NEEDS_LINKS
def test_the_gate_catches_five(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path)
    module = Path(str(_core.__file__))
    (batch,) = batches(python.CHEAP, scratch)
    faults = {row.label: it for row, it in tried(batch, scratch, module, module.name)}
    assert len(faults) == 5
    assert set(faults.values()) == {""}, faults


@NEEDS_LINKS
def test_a_harmless_change_is_not_caught(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path)
    module = Path(str(_core.__file__))
    kept = "exactly, independently of the caller's decimal context."
    harmless = replace(
        python.CHEAP[-1],
        file=python.STATISTIC,
        changes=((kept, kept.replace("exactly", "Exactly")),),
    )
    (batch,) = batches([harmless], scratch)
    ((_, fault),) = tried(batch, scratch, module, module.name)
    assert fault.endswith("passes")
    assert Path(barter_python.__file__).parent not in scratch.site.parents
