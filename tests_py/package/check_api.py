"""Checks that the changelog names what of the public API is gone or changed since the last release.

    python tests_py/package/check_api.py COMMIT

`COMMIT` is that of the last release. griffe compares its sources with those that are here.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import griffe

REPOSITORY = Path(__file__).parents[2]
PACKAGE = "barter_python"
RELEASE = re.compile(r"^## (?P<version>\d+\.\d+\.\d+) ", re.MULTILINE)
VERSION = re.compile(r'^version = "(?P<version>[^"]+)"$', re.MULTILINE)


def changed_since(text: str, version: str) -> str:
    """Give what a changelog says of the time since a version."""
    for release in RELEASE.finditer(text):
        if release["version"] == version:
            return text[: release.start()]
    raise ValueError(f"the changelog has no section of version {version}")


def name_of(path: str) -> str:
    """Name what a user knows of an object: a method by itself, a constructor by its class."""
    public = [part for part in path.split(".") if not part.startswith("_")]
    return public[-1]


def unnamed(commit: str, text: str) -> Iterator[str]:
    """Give the changes whose names are not in the text."""
    old = griffe.load_git(
        PACKAGE, ref=commit, repo=REPOSITORY, search_paths=["src"], allow_inspection=False
    )
    new = griffe.load(PACKAGE, search_paths=[REPOSITORY / "src"], allow_inspection=False)
    named = set(re.findall(r"\w+", text))
    for change in griffe.find_breaking_changes(old, new):
        if isinstance(change.new_value, griffe.Module) or change.new_value is griffe.Kind.MODULE:
            continue  # a function of a package that is called as the file that holds it
        if name_of(change.obj.path) not in named:
            yield f"{change.obj.path}: {change.kind.value}"


def main() -> int:
    """Check, and print what is wrong."""
    (commit,) = sys.argv[1:]
    project = subprocess.run(
        ["git", "show", f"{commit}:pyproject.toml"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    version = VERSION.search(project)
    assert version is not None
    text = (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")
    changes = list(unnamed(commit, changed_since(text, version["version"])))
    for change in changes:
        print(f"FAIL CHANGELOG.md does not name it: {change}")
    if not changes:
        print(f"ok: the changelog names what has changed since {version['version']}")
    return 1 if changes else 0


if __name__ == "__main__":
    sys.exit(main())
