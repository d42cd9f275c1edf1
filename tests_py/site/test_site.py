"""The site has every page and every public name, its links work, and it fetches nothing."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from support import ROOT
from support.public import MODULES

import barter_python

NO_PAGES = ("404.html", "_report.html")
ELSEWHERE = re.compile(r"[a-z]+:|//")


class Page(HTMLParser):
    """What a page has: its anchors, its links, and what a browser fetches for it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value for name, value in attrs if value is not None}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "link" and "canonical" not in given.get("rel", ""):
            self.fetched.append(given["href"])
        self.fetched += [given["src"]] if "src" in given else []


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    """The pages by their files, but for the one that a server shows in place of a missing page."""
    return {path: Page(path) for path in site.rglob("*.html") if not path.name.endswith(NO_PAGES)}


def linked(page: Path, address: str) -> tuple[Path, str]:
    """Give the file and the anchor that an address of a page leads to."""
    parts = urlsplit(address)
    file = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    return (file / "index.html" if file.is_dir() else file), unquote(parts.fragment)


def test_links_and_anchors_lead_somewhere(pages: dict[Path, Page]) -> None:
    broken = []
    for path, page in pages.items():
        for address in page.links + page.fetched:
            if ELSEWHERE.match(address):
                continue
            file, anchor = linked(path, address)
            if not file.exists():
                broken.append(f"{path.name}: {address}: no such file")
            elif anchor and file in pages and anchor not in pages[file].anchors | {"__top"}:
                broken.append(f"{path.name}: {address}: no such anchor")
    assert broken == []


def test_nothing_is_fetched_from_elsewhere(site: Path, pages: dict[Path, Page]) -> None:
    fetched = {address for page in pages.values() for address in page.fetched}
    assert {address for address in fetched if ELSEWHERE.match(address)} <= {"about:blank"}
    for style in site.rglob("*.css"):
        text = style.read_text(encoding="utf-8")
        found = re.findall(r"url\(\s*[\"']?((?:https?:)?//[^)]*)|@import\b", text)
        assert found == [], style.name


def public_names() -> dict[str, set[str]]:
    """Give what is public, each with the paths under which modules export it."""
    paths: dict[tuple[str, int], set[str]] = defaultdict(set)
    modules = {f"barter_python.{name}": module for name, module in MODULES.items()}
    for path, module in {"barter_python": barter_python, **modules}.items():
        for name in module.__all__:
            paths[name, id(getattr(module, name))].add(f"{path}.{name}")
    return {min(each): each for each in paths.values()}


def test_each_public_name_has_one_page(site: Path, pages: dict[Path, Page]) -> None:
    names = public_names()
    places: dict[str, set[str]] = defaultdict(set)
    for path in (site / "reference").glob("*.html"):
        for name, paths in names.items():
            if paths & pages[path].anchors:
                places[name].add(path.name)
    assert {name: places[name] for name in names if len(places[name]) != 1} == {}
    assert len(names) > 200


def test_the_first_page_begins_with_what_most_programs_use(site: Path) -> None:
    page = (site / "reference" / "barter_python.html").read_text(encoding="utf-8")
    places = [
        page.index(text)
        for text in (
            'href="backtest.html#barter_python.backtest.run_backtest"',
            'href="strategy.html#barter_python.strategy.Strategy"',
            'href="execution.html#barter_python.execution.AccountEvent"',
            'id="barter_python.wrapped_crates"',
        )
    ]
    assert places == sorted(places)


def test_search_finds_each_public_name(site: Path) -> None:
    index = json.loads((site / "search.json").read_text(encoding="utf-8"))
    titles = {item["location"].partition("#")[2]: item["title"] for item in index["items"]}
    lacking = {
        name
        for name, paths in public_names().items()
        if not any(name.rpartition(".")[2] in titles.get(path, "") for path in paths)
    }
    assert lacking == set()


def in_the_navigation() -> list[str]:
    """Give the pages that `mkdocs.yml` names."""
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    return re.findall(r"[\w/]+\.md\b", text.partition("\nnav:\n")[2])


def test_the_navigation_has_each_page_once(site: Path) -> None:
    named = in_the_navigation()
    folder = ROOT / ".build" / "docs"
    pages = {path.relative_to(folder).as_posix() for path in folder.rglob("*.md")}
    assert pages - set(named) == set(), "add these pages to `nav` in mkdocs.yml"
    assert set(named) - pages == set(), "`nav` in mkdocs.yml names pages that are gone"
    assert len(named) == len(set(named)), "`nav` in mkdocs.yml has a page twice"
