"""What users write runs, outside of this repository."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROJECTS = Path(__file__).parent / "user_projects"
# Counted by hand.
PRINTED = {
    "functions": ["3 and 2 fills"],
    "desk": [
        "breakout 3",  # bought at 101, sold at 99 since 102 is refused, bought at 101
        "reversal 2",  # bought at 99 since 102 is refused, sold at 101
        "2 refused",
        "{'window': 1} 3",
        "{'window': 2} 3",
        "{'window': 3} 3",
    ],
}


@pytest.mark.parametrize("name", PRINTED)
def test_it_runs(name: str, tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-m", name]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env={"PYTHONPATH": str(PROJECTS), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == PRINTED[name]
