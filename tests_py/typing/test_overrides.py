"""How many types of the stub are written by hand in the Rust source: each could lie."""

from __future__ import annotations

import re

from support import ROOT

MOST = 57
"""May only fall: a type that the generator knows by itself needs no override."""

OVERRIDE = re.compile(r"override_(return_)?type\(")


def test_no_more_types_are_written_by_hand() -> None:
    sources = (ROOT / "rust" / "src").rglob("*.rs")
    count = sum(len(OVERRIDE.findall(path.read_text(encoding="utf-8"))) for path in sources)
    print(f"{count} overrides of types in the Rust source, {MOST} at most")
    assert count <= MOST, "give the value a type that implements PyStubType"
