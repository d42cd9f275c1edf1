"""Checks a user's project against the installed package, from a directory outside of this one.

    python tests_py/package/check_user_project.py

mypy must accept the project as it is, and report every mistake of `wrong.py` once its ignores are
gone; and the program itself must run.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "typing" / "user_project"
REPOSITORY = Path(__file__).parents[2]
IGNORE = re.compile(r"  # type: ignore\[[a-z, -]+\]$")
ERROR = re.compile(r"^(?P<file>[\w.]+):(?P<line>\d+): error: ")


def run(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a directory, without anything that would lead it to the sources."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("MYPYPATH", "PYTHONPATH", "MYPY_CONFIG_FILE_DIR")
    }
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=directory,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def mypy(directory: Path) -> subprocess.CompletedProcess[str]:
    """Check a project as its author would."""
    return run(directory, "-m", "mypy", "--strict", "--no-pretty", ".")


def copy_project(directory: Path, name: str) -> Path:
    """Copy the project."""
    copied = directory / name
    shutil.copytree(PROJECT, copied, ignore=shutil.ignore_patterns("__pycache__", ".mypy_cache"))
    return copied


def check_accepted(project: Path) -> list[str]:
    """Expect no errors, neither from mypy nor from the program."""
    failures = []
    checked = mypy(project)
    if checked.returncode != 0 or "no issues found in 2 source files" not in checked.stdout:
        failures.append(f"mypy rejects the project:\n{checked.stdout}{checked.stderr}")
    program = run(project, "-W", "error", "app.py")
    if program.returncode != 0 or "1 closed position," not in program.stdout:
        failures.append(f"app.py does not run:\n{program.stdout}{program.stderr}")
    return failures


def strip_ignores(file: Path) -> list[int]:
    """Remove the ignores of a file and give the lines that had one."""
    lines = file.read_text(encoding="utf-8").splitlines()
    marked = [number for number, line in enumerate(lines, start=1) if IGNORE.search(line)]
    text = "\n".join(IGNORE.sub("", line) for line in lines) + "\n"
    file.write_text(text, encoding="utf-8")
    return marked


def check_rejected(project: Path) -> list[str]:
    """Expect one error for each line of `wrong.py` that had an ignore, and no others."""
    marked = strip_ignores(project / "wrong.py")
    if not marked:
        return ["wrong.py has no mistakes"]
    checked = mypy(project)
    found = [match for line in checked.stdout.splitlines() if (match := ERROR.match(line))]
    errors = Counter((match["file"], int(match["line"])) for match in found)
    wanted = Counter(("wrong.py", line) for line in marked)
    if errors == wanted:
        return []
    missing, excess = sorted(wanted - errors), sorted(errors - wanted)
    return [
        f"without its ignores, mypy misses {missing} and adds {excess}:\n"
        f"{checked.stdout}{checked.stderr}"
    ]


def main() -> int:
    """Check, and print what is wrong."""
    with tempfile.TemporaryDirectory(prefix="user-project-") as name:
        directory = Path(name).resolve()
        if directory.is_relative_to(REPOSITORY):
            print(f"FAIL {directory} is inside of the repository")
            return 1
        failures = check_accepted(copy_project(directory, "accepted"))
        failures += check_rejected(copy_project(directory, "rejected"))
    for failure in failures:
        print(f"FAIL {failure}")
    if not failures:
        print("ok: a user's project is checked, and its mistakes are found")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
