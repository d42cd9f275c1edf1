"""Checks that package, crate and changelog have the version of a release.

    python tests_py/package/check_version.py v0.2.0

The changelog must have a section with the version and its day, and nothing that is not released.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
VERSION = re.compile(r'^version = "(?P<version>[^"]+)"$', re.MULTILINE)
SECTION = re.compile(r"^## (?P<name>.+)$", re.MULTILINE)


def faults(tag: str, root: Path = REPOSITORY) -> Iterator[str]:
    """Give what does not have the version of a tag."""
    version = tag.removeprefix("v")
    for name in ("pyproject.toml", "rust/Cargo.toml"):
        found = VERSION.search((root / name).read_text(encoding="utf-8"))
        if found is None or found["version"] != version:
            yield f"{name} has {found and found['version']}, not {version}"
    newest = SECTION.search((root / "CHANGELOG.md").read_text(encoding="utf-8"))
    section = newest["name"] if newest else "no section"
    if not re.fullmatch(re.escape(version) + r" - \d{4}-\d{2}-\d{2}", section):
        yield f"CHANGELOG.md begins with {section!r}, not with {version} and its day"


def main() -> int:
    """Check, and print what is wrong."""
    (tag,) = sys.argv[1:]
    found = list(faults(tag))
    for fault in found:
        print(f"FAIL {fault}")
    if not found:
        print(f"ok: {tag}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
