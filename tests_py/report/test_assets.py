"""The vendored library is what its page says, and the page's own files are small and plain."""

from __future__ import annotations

import re
from hashlib import sha256
from importlib.resources import files

import pytest
from support import ROOT

REPORT = files("barter_python.report")
VENDOR = REPORT / "vendor"
HASHES = {
    "LICENSE": "8f989229699b4fe2f1a0432d0e9edc338a8a911e250e2d1b01ecd770a5f5b1bd",
    "uplot.iife.min.js": "2d27e8ad3d228164525ce213f9dc716f39b4e3aee0cc773fb3491c96cf4921a2",
    "uplot.min.css": "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04",
}


@pytest.mark.parametrize("name", HASHES)
def test_the_library_is_unchanged(name: str) -> None:
    assert sha256((VENDOR / name).read_bytes()).hexdigest() == HASHES[name]


def test_version_and_hashes_are_written_down() -> None:
    script = (VENDOR / "uplot.iife.min.js").read_text(encoding="utf-8")
    assert script.startswith("/*! https://github.com/leeoniya/uPlot (v1.6.31) */")
    note = (VENDOR / "README.md").read_text(encoding="utf-8")
    assert note.startswith("# uPlot 1.6.31\n")
    assert dict(re.findall(r"^\| `([^`]+)` \| `([0-9a-f]{64})` \|$", note, re.MULTILINE)) == HASHES
    license_text = (VENDOR / "LICENSE").read_text(encoding="utf-8")
    assert "The MIT License" in license_text
    assert "Leon Sorokin" in license_text


def test_the_wheel_has_every_file_of_the_page() -> None:
    source = ROOT / "src" / "barter_python" / "report"
    names = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    }
    assert names >= {"page.js", "sort.js", "page.css", *(f"vendor/{name}" for name in HASHES)}
    for name in names:
        assert REPORT.joinpath(name).is_file(), name


@pytest.mark.parametrize(("name", "most"), [("page.js", 410), ("sort.js", 30)])
def test_the_pages_scripts_are_small_and_ask_nobody(name: str, most: int) -> None:
    script = (REPORT / name).read_text(encoding="utf-8")
    assert script.count("\n") <= most
    for word in ("fetch(", "XMLHttpRequest", "import(", "eval(", "http", "innerHTML", "</"):
        assert word not in script, word
