"""NumPy docstrings, read: their sections and the names in them."""

from __future__ import annotations

import inspect
import re

SECTION = re.compile(r"^(\w[\w ]*)\n-{3,}$", re.MULTILINE)


def sections(docstring: str | None) -> dict[str, str]:
    """Split a docstring by its headings."""
    parts = SECTION.split(inspect.cleandoc(docstring or ""))
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def names(section: str) -> list[str]:
    """Give what a section is about: `a, b : type` are two names, `ValueError` is one."""
    heads = [line for line in section.splitlines() if line and not line[0].isspace()]
    return [name.strip(" *") for head in heads for name in head.partition(" : ")[0].split(",")]
