"""The workflows run what is there, and nothing that others can change under their names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
WORKFLOWS = sorted((REPOSITORY / ".github" / "workflows").glob("*.yml"))
USES = re.compile(r"^\s*(?:- )?uses: (.+)$", re.MULTILINE)
PINNED = re.compile(r"[\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
MAKE = re.compile(r"\bmake ((?:[a-z][a-z-]*[ \n])+)")
SCRIPT = re.compile(r"\bpython ((?:tests_py|rust)/[\w/]+\.py)")


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_what_a_workflow_runs(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    uses = USES.findall(text)
    assert uses
    assert [each for each in uses if not PINNED.fullmatch(each)] == []
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    targets = {target for found in MAKE.findall(text) for target in found.split()}
    assert [each for each in targets if not re.search(rf"^{each}:", makefile, re.MULTILINE)] == []
    for script in SCRIPT.findall(text):
        assert (REPOSITORY / script).is_file(), script


def test_only_the_release_may_write() -> None:
    for path in WORKFLOWS:
        text = path.read_text(encoding="utf-8")
        assert "permissions:\n  contents: read\n" in text
        assert (": write" in text) is (path.name == "release.yml")
