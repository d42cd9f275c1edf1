"""In a real browser no page is wider than the screen, has an error, or asks another machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from support.browser import MISSING, Browser, browser, find_browser, is_needed

if find_browser() is None and not is_needed():
    pytest.skip(MISSING, allow_module_level=True)

NARROW = 360


class Quiet(SimpleHTTPRequestHandler):
    """A server of files that writes no lines."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """The site on a server of this machine, as its search needs one."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    program = find_browser()
    if program is None:
        pytest.fail(MISSING)
    # Of all addresses, this machine's is found.
    with browser(program, ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]) as opened:
        yield opened


def test_no_page_runs_off_a_narrow_screen(site: Path, address: str, chromium: Browser) -> None:
    chromium.size(NARROW, 800)
    wide, noisy = {}, {}
    for path in sorted(site.rglob("*.html")):
        if path.name.endswith("_report.html"):
            continue
        name = path.relative_to(site).as_posix()
        chromium.open(f"{address}/{name}")
        assert chromium.texts("header"), f"{name} was not opened"
        width = chromium.evaluate("document.documentElement.scrollWidth")
        assert isinstance(width, int)
        if width > NARROW:
            wide[name] = width
        asked = [it for it in chromium.requests if not it.startswith((address, "data:"))]
        if chromium.errors or asked:
            noisy[name] = chromium.errors + asked
    assert wide == {}
    assert noisy == {}


FIRST_FOUND = """new Promise(done => {
  const look = left => {
    const shadows = [...document.querySelectorAll("*")].map(each => each.shadowRoot);
    const link = shadows.map(root => root && root.querySelector("a[href*='?h=']")).find(Boolean);
    if (link || left === 0) done(link ? link.href : null);
    else setTimeout(look, 50, left - 1);
  };
  look(1000);
})"""
CAN_TYPE = """new Promise(done => {
  const look = left => {
    const roots = [...document.querySelectorAll("*")].map(each => each.shadowRoot);
    const is_open = roots.some(root => root && root.activeElement?.tagName === "INPUT");
    if (is_open || left === 0) done(is_open);
    else setTimeout(look, 50, left - 1);
  };
  look(1000);
})"""


def test_the_search_finds_a_name_first(address: str, chromium: Browser) -> None:
    chromium.size(1280, 900)
    chromium.open(f"{address}/index.html")
    chromium.evaluate("document.querySelector('.md-search__button').click()")
    assert chromium.evaluate(CAN_TYPE), "the search has no field to type in"
    chromium.call("Input.insertText", {"text": "run_backtests"})
    found = chromium.evaluate(FIRST_FOUND)
    assert isinstance(found, str)
    assert found.startswith(f"{address}/reference/backtest.html")
    assert found.endswith("#barter_python.backtest.run_backtests")
