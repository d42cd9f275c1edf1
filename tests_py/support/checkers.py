"""Five type checkers, run on a user's files and read by machine.

pyright itself comes from npm, and its package on PyPI downloads it when it first runs. basedpyright
is pyright with more rules, and brings all it needs. Its mode `strict` has the rules of pyright's
`strict`: here that is `pyright`. Its own mode `recommended` is `basedpyright`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OLDEST, NEWEST = "3.10", "3.14"
"""The versions of Python that files are checked for."""

WITHOUT = {
    "reportAny": "the value of a member of an enum",
    "reportImplicitAbstractClass": "an incomplete strategy is reported where it is made",
    "reportImplicitRelativeImport": "scripts import their neighbours by name",
    "reportImplicitStringConcatenation": "long messages need it",
    "reportUnannotatedClassAttribute": "`strategy_id = ...` is how strategies are named",
    "reportUnusedCallResult": "a call that only checks types has a result that nobody needs",
    "reportUnusedParameter": "a hook need not use all that it is given",
}
"""Rules of basedpyright beyond pyright's that are about style, and why they are off."""


@dataclass(frozen=True, order=True)
class Problem:
    """What a checker says of a line."""

    file: str
    line: int
    code: str
    message: str


def _run(directory: Path, *command: str) -> str:
    """Run a program of the interpreter's environment, without a way to this repository."""
    away = ("MYPYPATH", "PYTHONPATH", "MYPY_CONFIG_FILE_DIR", "VIRTUAL_ENV", "CONDA_PREFIX")
    environment = {name: value for name, value in os.environ.items() if name not in away}
    done = subprocess.run(
        command, cwd=directory, env=environment, capture_output=True, text=True, check=False
    )
    # All of them end with 0 or 1; what they have said of files is on the standard output.
    assert done.returncode in (0, 1), f"{command}:\n{done.stdout}{done.stderr}"
    return done.stdout


def _program(name: str) -> str:
    return str(Path(sys.executable).parent / name)


def mypy(directory: Path, version: str) -> Iterator[Problem]:
    """Check with `mypy --strict`."""
    arguments = ("--strict", "--warn-unreachable", "--output=json", "--no-error-summary")
    command = (sys.executable, "-m", "mypy", *arguments, f"--python-version={version}")
    for line in _run(directory, *command, ".").splitlines():
        found: dict[str, Any] = json.loads(line)
        if found["severity"] == "error":
            yield Problem(found["file"], found["line"], found["code"] or "", found["message"])


def basedpyright(directory: Path, version: str) -> Iterator[Problem]:
    """Check with basedpyright's own rules, but for those of `WITHOUT`."""
    return _basedpyright(
        directory, version, {"typeCheckingMode": "recommended", **dict.fromkeys(WITHOUT, False)}
    )


def pyright(directory: Path, version: str) -> Iterator[Problem]:
    """Check with the rules of pyright's mode `strict`."""
    return _basedpyright(directory, version, {"typeCheckingMode": "strict"})


def _basedpyright(directory: Path, version: str, rules: dict[str, object]) -> Iterator[Problem]:
    settings = {"include": ["."], "pythonVersion": version, **rules}
    (directory / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    arguments = ("-m", "basedpyright", "--outputjson", "--pythonpath", sys.executable)
    answer: dict[str, Any] = json.loads(_run(directory, sys.executable, *arguments))
    for found in answer["generalDiagnostics"]:
        if found["severity"] in ("error", "warning"):
            path = Path(found["file"]).relative_to(directory)
            line = found["range"]["start"]["line"] + 1
            yield Problem(path.as_posix(), line, found.get("rule", ""), found["message"])


def pyrefly(directory: Path, version: str) -> Iterator[Problem]:
    """Check with pyrefly's preset `strict`."""
    # Else it would take the settings of this repository, where its environment is, and with them a
    # second copy of the package: the sources.
    (directory / "pyrefly.toml").write_text('preset = "strict"\n', encoding="utf-8")
    settings = ("--config=pyrefly.toml", f"--python-version={version}")
    arguments = ("--output-format=json", *settings)
    place = ("--python-interpreter-path", sys.executable)
    # Of a folder it checks nothing if a parent's name begins with a dot.
    files = sorted(str(path.relative_to(directory)) for path in directory.rglob("*.py*"))
    answer = _run(directory, _program("pyrefly"), "check", *arguments, *place, *files)
    found: dict[str, Any]
    for found in json.loads(answer)["errors"]:
        yield Problem(found["path"], found["line"], found["name"], found["description"])


def ty(directory: Path, version: str) -> Iterator[Problem]:
    """Check with ty."""
    arguments = ("--output-format=gitlab", f"--python-version={version}")
    answer = _run(directory, _program("ty"), "check", *arguments, "--python", sys.executable, ".")
    found: dict[str, Any]
    for found in json.loads(answer):
        place = found["location"]
        line = place["positions"]["begin"]["line"]
        yield Problem(place["path"], line, found["check_name"], found["description"])


CHECKERS: dict[str, Callable[[Path, str], Iterator[Problem]]] = {
    "mypy": mypy,
    "basedpyright": basedpyright,
    "pyright": pyright,
    "pyrefly": pyrefly,
    "ty": ty,
}
"""By name: what runs in a directory and gives what is wrong there."""
