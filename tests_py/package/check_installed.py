"""Installs a wheel or a source distribution into empty environments, and tries the users' projects.

    python tests_py/package/check_installed.py dist/*.whl [PYTHON ...]

Each environment is outside of this checkout, with nothing but the package, what it requires, and
mypy. Without a `PYTHON`, the one that runs this is taken.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
PROJECTS = REPOSITORY / "tests_py" / "typing" / "user_projects"
MYPY = re.compile(r'"(mypy==[^"]+)"')


def python_of(environment: Path) -> Path:
    """Find the interpreter of an environment."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def commands(path: Path, python: str) -> Iterator[list[str]]:
    """Give what is run with the interpreter of the environment, in order."""
    mypy = MYPY.search((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    assert mypy is not None
    yield [python, "-m", "pip", "install", "--quiet", str(path.resolve()), mypy[1]]
    yield [python, "-m", "pip", "check"]
    yield [python, str(REPOSITORY / "tests_py" / "package" / "check_user_project.py")]
    for name in ("functions", "desk"):
        yield [python, "-W", "error", "-m", name]


def check(path: Path, interpreter: str) -> str:
    """Try it with one interpreter, and give what fails."""
    with tempfile.TemporaryDirectory(prefix="installed-") as directory:
        environment = Path(directory).resolve() / "venv"
        if environment.is_relative_to(REPOSITORY):
            return f"{environment} is inside of the repository"
        if interpreter == sys.executable:
            venv.create(environment, with_pip=True)
        else:
            subprocess.run([interpreter, "-m", "venv", str(environment)], check=True)
        variables = {name: value for name, value in os.environ.items() if "PYTHON" not in name}
        variables |= {"PYTHONPATH": str(PROJECTS), "PYTHONDONTWRITEBYTECODE": "1"}
        for command in commands(path, str(python_of(environment))):
            done = subprocess.run(
                command,
                cwd=directory,
                env=variables,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                return f"{' '.join(command)}\n{done.stdout}{done.stderr}"
    return ""


def main() -> int:
    """Try each interpreter, and print what is wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("path", type=Path)
    parser.add_argument("python", nargs="*", default=[sys.executable])
    given = parser.parse_args()
    failures = 0
    for interpreter in given.python:
        failure = check(given.path, interpreter)
        failures += bool(failure)
        answer = f"FAIL {failure}" if failure else f"ok: {given.path.name} works"
        print(f"{interpreter}: {answer}", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
