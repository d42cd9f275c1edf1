"""Five checkers accept what is right and report what is wrong, as a user of the package sees it.

Each runs in a directory of its own, outside of this repository.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from support import ROOT
from support.checkers import CHECKERS, NEWEST, OLDEST, Problem

import barter_python as bp

HERE = Path(__file__).parent
IGNORE = re.compile(r"  # type: ignore\[(?P<codes>[a-z, -]+)\]$")

STYLE_OF_STUBS = {"reportDeprecated", "reportImplicitOverride"}
"""The generator writes `typing.Optional`, and no `@override` above `__eq__`."""


def copy(directory: Path, *paths: Path) -> Path:
    """Copy files and packages into a directory that no checker skips, as `.tmp` would be."""
    directory.mkdir()
    for path in paths:
        if path.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(path, directory / path.name, ignore=ignored)
        else:
            shutil.copy(path, directory)
    assert not directory.resolve().is_relative_to(ROOT)
    return directory


def said(problems: list[Problem]) -> str:
    """Give problems as lines."""
    return "\n".join(f"{it.file}:{it.line}: {it.message} [{it.code}]" for it in sorted(problems))


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
@pytest.mark.parametrize("name", list(CHECKERS))
def test_correct_code_is_accepted(name: str, version: str, tmp_path: Path) -> None:
    paths = [HERE / "accepted", HERE / "user_project" / "app.py"]
    paths += sorted((HERE / "user_projects").glob("[!_]*"))
    paths += sorted((ROOT / "examples").glob("*.py"))
    project = copy(tmp_path / "project", *paths)
    assert said(list(CHECKERS[name](project, version))) == ""


@pytest.mark.parametrize("name", CHECKERS)
def test_the_stub_is_accepted(name: str, tmp_path: Path) -> None:
    package = copy(tmp_path / "project", Path(bp.__file__).with_name("_core.pyi"))
    # Beside the installed package it would be the package's own module, and not checked.
    package = (package / "_core.pyi").rename(package / "stub_of_core.pyi").parent
    problems = [it for it in CHECKERS[name](package, OLDEST) if it.code not in STYLE_OF_STUBS]
    assert said(problems) == ""


def marked_lines(file: Path) -> dict[int, list[str]]:
    """Give the codes by line, and take the marks out of the file."""
    lines = file.read_text(encoding="utf-8").splitlines()
    marks = [(number, IGNORE.search(line)) for number, line in enumerate(lines, start=1)]
    stripped = [IGNORE.sub("", line) for line in lines]
    file.write_text("\n".join(stripped) + "\n", encoding="utf-8")
    return {number: sorted(re.split(r",\s*", mark["codes"])) for number, mark in marks if mark}


def wrong_code(directory: Path) -> tuple[Path, dict[str, dict[int, list[str]]]]:
    """Copy the wrong code without its marks, and give these by file."""
    project = copy(directory, HERE / "rejected", HERE / "user_project" / "wrong.py")
    files = sorted(project.rglob("*.py"))
    return project, {file.relative_to(project).as_posix(): marked_lines(file) for file in files}


def exceptions(name: str) -> Counter[str]:
    """Read where a checker departs from the marks: `-` what it misses, `+` what it says beside."""
    text = (HERE / "departures" / f"{name}.txt").read_text(encoding="utf-8")
    return Counter(line for line in text.splitlines() if line and not line.startswith("#"))


@pytest.mark.parametrize("name", sorted(CHECKERS.keys() - {"mypy"}))
def test_each_mistake_is_reported(name: str, tmp_path: Path) -> None:
    project, marks = wrong_code(tmp_path / "project")
    problems = list(CHECKERS[name](project, OLDEST))
    found = {(it.file, it.line) for it in problems}
    wanted = {(file, line) for file, lines in marks.items() for line in lines}
    assert len(wanted) > 250, "the marks are not found"
    text = {file: (project / file).read_text(encoding="utf-8").splitlines() for file in marks}
    departures = Counter(
        f"{sign} {file}: {text[file][line - 1].strip()}"
        for sign, places in (("-", wanted - found), ("+", found - wanted))
        for file, line in places
    )
    listed = exceptions(name)
    assert sorted(departures - listed) == [], "not in the list of departures"
    assert sorted(listed - departures) == [], "in the list of departures, and no longer true"


MOST = {"basedpyright": 2, "pyrefly": 0, "pyright": 2, "ty": 2}
"""How many departures each may have: none may be added."""


@pytest.mark.parametrize("name", MOST)
def test_departures_only_shrink(name: str) -> None:
    assert exceptions(name).total() <= MOST[name]


def test_basedpyright_misses_nothing() -> None:
    assert [line for line in exceptions("basedpyright") if line.startswith("-")] == []


def test_mypy_reports_them_with_their_codes(tmp_path: Path) -> None:
    project, marks = wrong_code(tmp_path / "project")
    text = {file: (project / file).read_text(encoding="utf-8").splitlines() for file in marks}

    def place(file: str, line: int) -> str:
        return f"{file}:{line}: {text[file][line - 1].strip()}"

    codes: dict[str, set[str]] = {}
    for it in CHECKERS["mypy"](project, OLDEST):
        codes.setdefault(place(it.file, it.line), set()).add(it.code)
    wanted = {place(file, line): it for file, lines in marks.items() for line, it in lines.items()}
    assert {where: sorted(found) for where, found in codes.items()} == wanted
