"""The command in a pipe."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def run_command(
    *arguments: str | Path, cwd: Path | None = None, path: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command in a pipe."""
    added = {} if path is None else {"PYTHONPATH": os.pathsep.join([str(path), *sys.path])}
    return subprocess.run(
        [sys.executable, "-m", "barter_python.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={**os.environ, **added},
    )


def refused(*arguments: str | Path, cwd: Path | None = None) -> str:
    """Give the one line with which the command refuses something."""
    done = run_command(*arguments, cwd=cwd)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("barter-python: ")
    return done.stderr.removeprefix("barter-python: ").strip()
