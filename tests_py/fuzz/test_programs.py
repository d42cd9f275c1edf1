"""The programs for long runs start, and count what they have done."""

from __future__ import annotations

import subprocess
import sys

import pytest
from support import ROOT


@pytest.mark.parametrize(
    ("arguments", "counted"),
    [
        (["fuzz.engine", "--events", "500"], "processed: MarketEvent"),
        (["fuzz.exchange", "--runs", "20"], "fills"),
        pytest.param(
            ["fuzz.soak", "--minutes", "0.01", "--rate", "1000", "--line-every", "0.2"],
            "lost connections",
            marks=pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
        ),
    ],
    ids=["engine", "exchange", "soak"],
)
def test_a_short_run(arguments: list[str], counted: str) -> None:
    run = subprocess.run(
        [sys.executable, "-W", "error", "-m", *arguments],
        cwd=ROOT / "tests_py",
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stderr == ""
    assert run.returncode == 0
    assert f" {counted}\n" in run.stdout
