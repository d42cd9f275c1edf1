"""Writes `stubs/` as the native module says; with `--check`, fails and prints what would change.

    python rust/stub_gen.py [--check]

The module itself holds what the stub is made of, so that nothing is compiled for it but the module.
It is loaded without its package, which cannot be imported if it does not fit the module any more.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

STUBS = Path(__file__).parents[1] / "stubs"
OWNERS = ("class ", "def ")


def render() -> dict[str, str]:
    """Give the text of each stub by its path in `stubs/`; raise `ValueError` if one would lie."""
    package = importlib.util.find_spec("barter_python")
    folders = [] if package is None else package.submodule_search_locations or []
    suffixes = importlib.machinery.EXTENSION_SUFFIXES
    names = [Path(folder) / f"_core{suffix}" for folder in folders for suffix in suffixes]
    built = [path for path in names if path.is_file()]
    if not built:
        raise FileNotFoundError("the native module is not built: run `make develop`")
    spec = importlib.util.spec_from_file_location("_core", built[0])
    if spec is None or spec.loader is None:
        raise ImportError(f"{built[0]} is no module of this Python")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    stubs: Callable[[], dict[str, str]] = module._stubs
    return stubs()


def lines_by_owner(text: str) -> list[str]:
    """Give the lines without their indentation, each with the class or function that it is in."""
    owner, lines = "", []
    for line in text.splitlines():
        if line.startswith(OWNERS):
            owner = line.split(" ")[1].partition("(")[0].strip(":")
        lines.append(f"{owner}: {line.strip()}")
    return lines


def difference(old: str, new: str) -> Iterator[str]:
    """Give the lines that are in one of two stubs only."""
    before, after = lines_by_owner(old), lines_by_owner(new)
    gone, added = set(before) - set(after), set(after) - set(before)
    yield from (f"- {line}" for line in before if line in gone)
    yield from (f"+ {line}" for line in after if line in added)


def main() -> int:
    """Write the stubs, or check them."""
    try:
        rendered = render()
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    is_stale = False
    for name, text in rendered.items():
        path = STUBS / name
        old = path.read_text(encoding="utf-8") if path.is_file() else ""
        if old == text:
            continue
        is_stale = True
        if "--check" in sys.argv[1:]:
            print(f"{path} is out of date: run `make stubs`", *difference(old, text), sep="\n")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path}")
    return int(is_stale and "--check" in sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
