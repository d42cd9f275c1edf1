"""The versions of the crates inside are those that `Cargo.lock` names."""

from __future__ import annotations

import re

from support import ROOT

from barter_python import wrapped_crates


def test_versions_are_those_of_the_lock_file() -> None:
    lock = (ROOT / "Cargo.lock").read_text(encoding="utf-8")
    locked = dict(
        re.findall(r'^name = "(barter(?:-\w+)?)"\nversion = "([\d.]+)"$', lock, re.MULTILINE)
    )
    del locked["barter-python"], locked["barter-macro"]
    assert wrapped_crates() == locked
    assert wrapped_crates()["barter"].startswith("0.14.")
