"""Builds the site of the documentation from the pages of this repository.

    python docs/site/build.py

Zensical reads pages from one folder, and ours stand where GitHub shows them. So the build copies
them into `.build/docs`, with links that lead inside the site, adds the pages that are generated
(the reference, the gallery, the notebooks), and calls `zensical build --strict`. The site is in
`.build/site`.
"""

from __future__ import annotations

import os
import posixpath
import re
import shutil
import subprocess
import sys
from pathlib import Path

import gallery
import notebooks
import reference

ROOT = Path(__file__).parents[2]
PAGES = ROOT / ".build" / "docs"
SITE = ROOT / ".build" / "site"
MOVED = {
    "CHANGELOG.md": "project/changelog.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "README.md": "project/readme.md",
    "SECURITY.md": "project/security.md",
    "benchmarks/README.md": "project/benchmarks.md",
    "examples/README.md": "gallery/index.md",
    "examples/data/README.md": "gallery/data.md",
}
"""Pages outside `docs/`, and where the site has them."""
LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```$", flags=re.DOTALL | re.MULTILINE)


def sources() -> dict[str, str]:
    """Give the pages that people write: their paths here, and those in the site."""
    found = {
        path.relative_to(ROOT).as_posix(): path.relative_to(ROOT / "docs").as_posix()
        for path in (ROOT / "docs").rglob("*.md")
    }
    return found | MOVED


def moved_links(text: str, path: str, places: dict[str, str]) -> str:
    """Give a page with links that lead to the same pages and files inside the site."""
    at = posixpath.dirname(places[path])

    def moved(link: re.Match[str]) -> str:
        target, hash_, anchor = link[1].partition("#")
        if not target or re.match(r"[a-z]+:", target):
            return link[0]
        file = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        place = places.get(file)
        if place is None:
            place = copied(file)
        return f"]({posixpath.relpath(place, at or '.')}{hash_}{anchor})"

    parts: list[str] = []
    end = 0
    for fence in FENCE.finditer(text):
        parts += [LINK.sub(moved, text[end : fence.start()]), fence[0]]
        end = fence.end()
    return "".join([*parts, LINK.sub(moved, text[end:])])


def copied(file: str) -> str:
    """Copy a file that a page leads to, and give its place in the site."""
    place = file.removeprefix("docs/") if file.startswith("docs/") else f"files/{file}"
    if (ROOT / file).is_dir():
        sys.exit(f"{file}: a link of the site must lead to a file")
    (PAGES / place).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(ROOT / file, PAGES / place)
    return place


def stage() -> None:
    """Copy, link and generate the pages."""
    shutil.rmtree(PAGES, ignore_errors=True)
    pages = sources() | notebooks.places(ROOT)
    places = pages | gallery.places(ROOT)
    for path, place in pages.items():
        if path.endswith(".py"):
            text = notebooks.page(ROOT / path)
        else:
            text = (ROOT / path).read_text(encoding="utf-8")
        (PAGES / place).parent.mkdir(parents=True, exist_ok=True)
        (PAGES / place).write_text(moved_links(text, path, places), encoding="utf-8")
    reference.write(ROOT, PAGES / "reference")
    gallery.write(ROOT, PAGES / "gallery")
    shutil.copyfile(ROOT / "docs" / "site" / "style.css", PAGES / "style.css")


def main() -> int:
    """Build the site."""
    # Examples and notebooks name files from here.
    os.chdir(ROOT)
    stage()
    shutil.rmtree(SITE, ignore_errors=True)
    # Zensical's program is beside the interpreter, which may not be on the PATH.
    run = subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--strict", "--clean"],
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1"},
        check=False,
    )
    return run.returncode


if __name__ == "__main__":
    sys.exit(main())
