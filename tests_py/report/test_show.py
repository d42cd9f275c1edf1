"""A report is shown in place in a notebook, and else in the browser; the command writes one."""

from __future__ import annotations

import sys
import webbrowser
from pathlib import Path
from types import ModuleType
from urllib.parse import urlparse
from urllib.request import url2pathname

import pytest
from support import browser
from support.command import refused, run_command
from support.histories import quotes, two_instruments
from support.html import read
from support.reports import Demo

from barter_python import DefaultStrategy, run_backtest
from barter_python.report.show import Frame


class Kernel:
    """The shell of a notebook's kernel."""

    kernel = object()


class Terminal:
    """The shell of IPython on a terminal."""


def ipython(monkeypatch: pytest.MonkeyPatch, shell: object) -> list[object]:
    """Stand in for IPython, and give what it is asked to display."""
    displayed: list[object] = []
    main, display = ModuleType("IPython"), ModuleType("IPython.display")
    main.__dict__["get_ipython"] = lambda: shell
    display.__dict__["display"] = displayed.append
    monkeypatch.setitem(sys.modules, "IPython", main)
    monkeypatch.setitem(sys.modules, "IPython.display", display)
    return displayed


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that the browser is asked to open; it opens them."""
    addresses: list[str] = []

    def open_(address: str) -> bool:
        addresses.append(address)
        return True

    monkeypatch.setattr(webbrowser, "open", open_)
    return addresses


def test_in_a_notebook_the_report_is_a_frame(
    demo: Demo, demo_page: Path, monkeypatch: pytest.MonkeyPatch, opened: list[str]
) -> None:
    displayed = ipython(monkeypatch, Kernel())
    demo.result.show(demo.data, height=700)
    (frame,) = displayed
    assert isinstance(frame, Frame)
    (node,) = read(frame._repr_html_()).find("iframe")
    assert node.attributes["srcdoc"] == demo_page.read_text(encoding="utf-8")
    assert node.attributes["height"] == "700"
    assert node.attributes["sandbox"] == "allow-scripts"
    assert opened == []


@pytest.mark.parametrize("shell", [None, Terminal()])
def test_elsewhere_the_browser_opens_it(
    demo: Demo,
    demo_page: Path,
    monkeypatch: pytest.MonkeyPatch,
    opened: list[str],
    tmp_path: Path,
    shell: object,
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    displayed = ipython(monkeypatch, shell)
    demo.result.show(demo.data)
    (address,) = opened
    path = Path(url2pathname(urlparse(address).path))
    assert path.read_bytes() == demo_page.read_bytes()
    assert path.is_relative_to(tmp_path.resolve())
    assert displayed == []


def test_without_a_browser_it_says_where_the_report_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(webbrowser, "open", lambda _: False)
    run_backtest(DefaultStrategy(), quotes(2), two_instruments()).show()
    (path,) = tmp_path.rglob("*.html")
    assert capsys.readouterr().out == f"There is no browser to open; the report is {path}\n"


def test_a_height_is_in_pixels() -> None:
    result = run_backtest(DefaultStrategy(), quotes(2), two_instruments())
    with pytest.raises(ValueError, match="height must be from 100 to 10000, got 5"):
        result.show(height=5)
    with pytest.raises(TypeError, match="height must be an int"):
        result.show(height="5")  # type: ignore[arg-type]


def demo_command(repository: Path, examples: Path, real_path: Path) -> list[str | Path]:
    quantities = (
        '{"binancespot-btc_usdt": "0.001", "binancespot-eth_usdt": "0.05", '
        '"binancespot-sol_usdt": "1"}'
    )
    strategy = f"{repository / 'examples' / 'ema_cross.py'}:EmaCross"
    return [
        "backtest",
        *("--config", examples / "system_config.json", "--data", real_path),
        *("--strategy", strategy, "--param", f"quantities={quantities}"),
        *("--latency", "100ms", "--fee-rate", "0.001", "--close-at-end"),
    ]


def test_the_command_writes_the_same_report(
    repository: Path, examples: Path, real_path: Path, demo_page: Path, tmp_path: Path
) -> None:
    path = tmp_path / "report.html"
    done = run_command(*demo_command(repository, examples, real_path), "--report", path)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert path.read_bytes() == demo_page.read_bytes()


def test_a_report_needs_a_folder_before_the_run(
    repository: Path, examples: Path, real_path: Path, tmp_path: Path
) -> None:
    command = demo_command(repository, examples, real_path)
    for path in (tmp_path / "nowhere" / "report.html", tmp_path):
        assert (
            refused(*command, "--report", path)
            == f"--report {path}: not a file in an existing folder"
        )


def test_a_missing_browser_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/somewhere/chromium")
    assert browser.find_browser() in {"/somewhere/chromium", None}
    monkeypatch.delenv("CHROMIUM")
    monkeypatch.setenv("PATH", "")
    assert browser.find_browser() is None
