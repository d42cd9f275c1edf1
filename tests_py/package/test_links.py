"""Links of the pages lead to files and headings that exist, and the files that they name exist."""

from __future__ import annotations

import re
from itertools import chain, count
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    ROOT / "benchmarks" / "README.md",
    ROOT / "examples" / "README.md",
    ROOT / "examples" / "data" / "README.md",
]
DRAWINGS = sorted((ROOT / "docs").glob("*.svg"))
LINK = re.compile(r"(?P<picture>!?)\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]+)\)")
NAMED = re.compile(r"`((?:benchmarks|docs|examples|rust|src|stubs|tests_py)/[\w./-]+)`")


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def prose(page: Path) -> str:
    """The page without its blocks of code, whose brackets are no links."""
    text = page.read_text(encoding="utf-8")
    return re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """The anchors of the headings, as GitHub makes them."""
    found: set[str] = set()
    for heading in re.findall(r"^#+ (.+)$", prose(page), flags=re.MULTILINE):
        words = re.sub(r"[^\w\- ]", "", LINK.sub(r"\g<text>", heading).lower()).replace(" ", "-")
        twins = (f"{words}-{number}" for number in count(1))
        found.add(next(anchor for anchor in chain([words], twins) if anchor not in found))
    return found


def broken(page: Path, root: Path = ROOT) -> list[str]:
    wrong = []
    for link in LINK.finditer(prose(page)):
        target = link["target"]
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = unquote(target).partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or not file.is_relative_to(root):
            wrong.append(f"{target}: no such file")
        elif anchor and anchor not in anchors(file):
            wrong.append(f"{target}: {file.name} has no such heading")
        elif link["picture"] and not link["text"]:
            wrong.append(f"{target}: a picture without a text in its place")
    return wrong


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_relative_links_lead_somewhere(page: Path) -> None:
    assert broken(page) == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_named_files_exist(page: Path) -> None:
    # Releases of the past name the files of their time.
    text = prose(page).partition("\n## 0.1.0 ")[0]
    assert [path for path in NAMED.findall(text) if not (ROOT / path).exists()] == []


def test_broken_links_are_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# One, two\n# One, two\n[a](no.md) [b](#one-two) [c](#one-two-1) [d](#three)\n"
        "```python\nx[0](missing)\n```\n[e](https://example.org)\n",
        encoding="utf-8",
    )
    assert [line.partition(":")[0] for line in broken(page, tmp_path)] == ["no.md", "#three"]


def test_the_readme_leads_to_every_page() -> None:
    readme = prose(ROOT / "README.md")
    targets = {link["target"].partition("#")[0] for link in LINK.finditer(readme)}
    pages = {name(page) for page in PAGES if page.parent in {ROOT, ROOT / "docs"}}
    assert pages - targets == {"README.md"}


def test_the_site_s_first_page_leads_to_every_page_in_a_folder() -> None:
    index = prose(ROOT / "docs" / "index.md")
    targets = {f"docs/{link['target'].partition('#')[0]}" for link in LINK.finditer(index)}
    pages = {name(page) for page in PAGES if ROOT / "docs" in page.parent.parents}
    assert pages - targets == set()


@pytest.mark.parametrize("drawing", DRAWINGS, ids=name)
def test_drawings_have_words_for_who_cannot_see_them(drawing: Path) -> None:
    root = ElementTree.parse(drawing).getroot()
    words = {child.tag.rpartition("}")[2]: child.text for child in root}
    assert words["title"]
    assert words["desc"]
    pages = [page for page in PAGES if f"]({drawing.name})" in prose(page)]
    assert pages, "no page shows it"
    for page in pages:
        (text,) = re.findall(rf"!\[([^\]]+)\]\({drawing.name}\)", prose(page))
        assert len(text) > len(words["title"])


def test_drawings_fit_light_and_dark() -> None:
    assert len(DRAWINGS) == 2
    for drawing in DRAWINGS:
        text = drawing.read_text(encoding="utf-8")
        assert "@media (prefers-color-scheme: dark)" in text
        assert "<script" not in text
