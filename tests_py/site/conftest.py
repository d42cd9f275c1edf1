"""The site of the documentation, built once."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT

# The group `docs` brings it. The site is the same whichever interpreter and platform builds it.
if importlib.util.find_spec("zensical") is None or os.name != "posix":
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder of the built site."""
    run = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "site" / "build.py")],
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return ROOT / ".build" / "site"
