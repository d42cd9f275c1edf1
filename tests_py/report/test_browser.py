"""A real browser draws the report: no error, no request, the result's figures, in every light."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support.browser import MISSING, Browser, find_browser, is_needed
from support.histories import quotes, two_instruments
from support.html import read
from support.reports import Demo
from support.sweeps import BuyOnce

from barter_python import run_backtests
from barter_python.backtest import sweep_to_html
from barter_python.report.show import Frame

from .test_page import HOSTILE, cards, hostile_page

if find_browser() is None and not is_needed():
    pytest.skip(MISSING, allow_module_level=True)

ERROR = "document.documentElement.dataset.error"


def check_quiet(page: Browser, path: Path) -> None:
    """Require a page that has had no error, and that asked for nothing but itself."""
    assert page.errors == []
    assert page.evaluate(ERROR) is None
    assert page.requests == [path.as_uri()]


def ink(page: Browser, chart: str, colour: tuple[int, int, int]) -> int:
    """Count the pixels of a chart that have a colour, or nearly."""
    count = page.evaluate(
        f"""(() => {{
          const drawn = document.querySelector("#chart-{chart} canvas"), copy = new OffscreenCanvas(
            drawn.width, drawn.height);
          const context = copy.getContext("2d", {{ willReadFrequently: true }});
          context.drawImage(drawn, 0, 0);
          const {{ data }} = context.getImageData(0, 0, drawn.width, drawn.height);
          let count = 0;
          for (let at = 0; at < data.length; at += 4) {{
            if ({list(colour)}.every((part, place) => Math.abs(data[at + place] - part) <= 2)) {{
              count += data[at + 3] > 250;
            }}
          }}
          return count;
        }})()"""
    )
    assert isinstance(count, int)
    return count


GAIN, LOSS, EQUITY = (11, 122, 75), (192, 38, 55), (36, 89, 184)
GAIN_AT_NIGHT = (76, 195, 138)


def test_it_is_drawn_without_an_error_or_a_request(chromium: Browser, demo_page: Path) -> None:
    chromium.open(demo_page.as_uri())
    check_quiet(chromium, demo_page)
    assert chromium.evaluate("document.querySelectorAll('.chart canvas').length") == 3
    assert ink(chromium, "equity", EQUITY) > 500
    assert ink(chromium, "drawdown", LOSS) > 500
    assert ink(chromium, "price", GAIN) > 500
    assert ink(chromium, "price", LOSS) > 100


def test_its_figures_are_the_results(chromium: Browser, demo: Demo, demo_page: Path) -> None:
    chromium.open(demo_page.as_uri())
    values = chromium.evaluate(
        "[...document.querySelectorAll('#figures p')].map(each => each.querySelector('data').value)"
    )
    expected = cards(read(demo_page.read_text(encoding="utf-8")))
    assert values == [f"{figures[0]:f}" for figures in expected.values()]
    assert values[0] == f"{demo.result.pnl['usdt']:f}"
    # What the script has unpacked, at the end of the run.
    end = demo.result.equity()["binance_spot_usdt"][-1].equity
    (equity, price) = chromium.texts(".readout")
    assert f"equity {end:,.2f} usdt" in equity
    assert "2025-03-25 23:10:05.363 UTC" in equity
    assert "position none" in price


def test_one_cursor_reads_all_charts(chromium: Browser, demo_page: Path) -> None:
    chromium.open(demo_page.as_uri())
    box = chromium.evaluate(
        """(() => { scrollTo(0, 0);
          const { left, top, width, height } = document.querySelector("#chart-equity .u-over")
            .getBoundingClientRect();
          return [left + width / 2, top + height / 2]; })()"""
    )
    assert isinstance(box, list)
    before = chromium.texts(".readout")
    chromium.move(*[float(each) for each in box if isinstance(each, (int, float))])
    after = chromium.texts(".readout")
    times = [re.match(r"[\d-]+ ([\d:]+)", text) for text in after]
    assert [time[1] for time in times if time] == ["23:08:33", "23:08:33"]
    assert after != before


def test_keys_move_zoom_and_jump_to_fills(chromium: Browser, demo: Demo, demo_page: Path) -> None:
    chromium.open(demo_page.as_uri())
    first, second = [fill for fill in demo.result.fills if fill.instrument == 0][:2]
    chromium.evaluate("document.querySelector('#chart-price').focus()")
    chromium.press("n")
    (tip,) = chromium.texts(".tip")
    assert tip.splitlines() == [
        f"Bought 0.001 at {first.price:,.2f}",
        f"{first.time_exchange:%Y-%m-%d %H:%M:%S.%f}"[:-3] + " UTC",
        "fee 0.087216 usdt, taker",
        "0.1 s after the order was sent",
    ]
    chromium.press("n")
    assert chromium.texts(".tip")[0].startswith(f"Sold 0.001 at {second.price:,.2f}")
    chromium.press("p")
    assert chromium.texts(".tip") == [tip]
    widths = []
    for key in ("+", "-", "0", "ArrowLeft", "ArrowRight"):
        chromium.press(key)
        widths.append(ink(chromium, "equity", EQUITY))
    assert widths[0] != widths[2]
    check_quiet(chromium, demo_page)


def test_an_instrument_is_chosen_by_a_button(chromium: Browser, demo_page: Path) -> None:
    chromium.open(demo_page.as_uri())
    assert chromium.texts(".choices button") == [
        "binancespot-btc_usdt",
        "binancespot-eth_usdt",
        "binancespot-sol_usdt",
    ]
    before = ink(chromium, "price", GAIN)
    chromium.evaluate("document.querySelectorAll('.choices button')[2].click()")
    assert ink(chromium, "price", GAIN) != before
    assert chromium.texts("button[aria-pressed=true]") == ["binancespot-sol_usdt"]
    check_quiet(chromium, demo_page)


def test_positions_are_sorted_by_a_click(chromium: Browser, demo: Demo, demo_page: Path) -> None:
    chromium.open(demo_page.as_uri())
    profits = "[...document.querySelectorAll('#positions tbody tr td:nth-child(9) data')]"
    click = "document.querySelectorAll('#positions thead button')[8].click()"
    expected = sorted(float(position.pnl_realised) for position in demo.result.positions)
    for order in (expected, expected[::-1]):
        chromium.evaluate(click)
        assert chromium.evaluate(f"{profits}.map(each => Number(each.value))") == order
    sort = "document.querySelectorAll('#positions thead th')[8].getAttribute('aria-sort')"
    assert chromium.evaluate(sort) == "descending"


def test_dark_narrow_and_printed(chromium: Browser, demo_page: Path) -> None:
    background = "getComputedStyle(document.documentElement).backgroundColor"
    wide = "document.documentElement.scrollWidth"
    chromium.open(demo_page.as_uri())
    assert chromium.evaluate(background) == "rgb(255, 255, 255)"
    # Colours follow the system while the page is open.
    chromium.size(1280, 900, is_dark=True)
    assert chromium.evaluate(background) == "rgb(20, 23, 27)"
    assert ink(chromium, "price", GAIN_AT_NIGHT) > 500
    chromium.size(390, 844)
    chromium.open(demo_page.as_uri())
    assert chromium.evaluate(wide) == 390
    assert chromium.evaluate("document.querySelector('#chart-price canvas').clientWidth") == 362
    for is_dark in (False, True):
        chromium.size(1280, 900, is_dark=is_dark)
        chromium.open(demo_page.as_uri())
        printed = chromium.pdf()
        assert printed.startswith(b"%PDF-")
        assert 2 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 4
        check_quiet(chromium, demo_page)
    # Paper is over: the screen is dark again.
    assert ink(chromium, "price", GAIN_AT_NIGHT) > 500


def test_it_can_be_read_without_a_script(chromium: Browser, demo_page: Path) -> None:
    chromium.call("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        chromium.open(demo_page.as_uri(), is_scripted=False)
        shown = str(chromium.call("Accessibility.getFullAXTree")["nodes"])
    finally:
        chromium.call("Emulation.setScriptExecutionDisabled", {"value": False})
    for part in ("Net profit", "\N{MINUS SIGN}3.0507", "The charts need a script", "not recovered"):
        assert part in shown


def test_text_of_users_does_nothing(chromium: Browser, tmp_path: Path) -> None:
    path = tmp_path / "hostile.html"
    path.write_text(hostile_page(quotes(3)), encoding="utf-8")
    chromium.open(path.as_uri())
    check_quiet(chromium, path)
    assert chromium.evaluate("document.images.length") == 0
    assert chromium.evaluate("document.scripts.length") == 4
    assert chromium.texts("h1") == [f"{HOSTILE} backtest"]


def test_the_policy_stops_a_foreign_script(
    chromium: Browser, demo_page: Path, tmp_path: Path
) -> None:
    path = tmp_path / "changed.html"
    text = demo_page.read_text(encoding="utf-8")
    foreign = "<script>document.title = 'foreign'</script><img src='https://example.org/x.png'>"
    path.write_text(text.replace("<main>", f"<main>{foreign}", 1), encoding="utf-8")
    chromium.open(path.as_uri())
    assert chromium.evaluate("document.title") == "EmaCross: backtest"
    assert len(chromium.errors) == 2
    assert all("Content Security Policy" in error for error in chromium.errors)


def test_a_frame_of_a_notebook_draws_it(chromium: Browser, demo_page: Path, tmp_path: Path) -> None:
    frame = Frame(demo_page.read_text(encoding="utf-8"), 900)
    path = tmp_path / "notebook.html"
    path.write_text(f"<!doctype html>{frame._repr_html_()}", encoding="utf-8")
    chromium.open(path.as_uri())
    assert chromium.errors == []
    assert [request for request in chromium.requests if not request.startswith("about:")] == [
        path.as_uri()
    ]
    # A frame has a process of its own, which draws when it gets to it; an empty one is small.
    assert any(len(chromium.picture()) > 20_000 for _ in range(100))


def test_a_sweep_is_drawn(chromium: Browser, tmp_path: Path) -> None:
    grid = {"quantity": ["10", "0.2", "3"], "folder": ["", str(tmp_path)]}
    runs = run_backtests(BuyOnce, grid, quotes(50), two_instruments(), executor="threads")
    path = tmp_path / "sweep.html"
    sweep_to_html(runs, path)
    chromium.open(path.as_uri())
    check_quiet(chromium, path)
    assert ink(chromium, "curves", LOSS) > 100
    assert "best" in chromium.texts(".readout")[0]
    # Parameters are text in the page, and sorted as the numbers that they are.
    chromium.evaluate("document.querySelectorAll('#runs thead button')[1].click()")
    assert chromium.texts("#runs tbody td:nth-child(2)") == ["0.2", "0.2", "3", "3", "10", "10"]


def test_the_browser_itself_reports_errors_and_requests(chromium: Browser, tmp_path: Path) -> None:
    path = tmp_path / "broken.html"
    path.write_text(
        "<!doctype html><img src='http://127.0.0.1:9/x.png'><script>nowhere()</script>",
        encoding="utf-8",
    )
    chromium.open(path.as_uri())
    assert chromium.requests == [path.as_uri(), "http://127.0.0.1:9/x.png"]
    assert any("nowhere is not defined" in error for error in chromium.errors)
