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

SITE = ROOT / ".build" / "site"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built site, which all workers of a run share."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        build()
        return SITE
    import fcntl  # noqa: PLC0415 - Windows has none

    folder = tmp_path_factory.getbasetemp().parent
    with open(folder / "site.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        built = folder / "site.built"
        if not built.exists():
            build()
            built.touch()
    return SITE


def build() -> None:
    """Build the site."""
    run = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "site" / "build.py")],
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    assert run.returncode == 0, run.stdout + run.stderr
