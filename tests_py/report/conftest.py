"""Runs whose reports the tests read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from support.browser import MISSING, Browser, browser, find_browser
from support.examples import ema_cross
from support.reports import Demo

from barter_python import MarketData, SystemConfig, run_backtest


@pytest.fixture(scope="session")
def demo(real_history: MarketData, real_config: SystemConfig) -> Demo:
    """The demo's run."""
    quantities = {
        "binancespot-btc_usdt": Decimal("0.001"),
        "binancespot-eth_usdt": Decimal("0.05"),
        "binancespot-sol_usdt": Decimal(1),
    }
    result = run_backtest(
        ema_cross()(quantities),
        real_history,
        real_config,
        latency=timedelta(milliseconds=100),
        fee_rate=Decimal("0.001"),
        close_at_end=True,
    )
    return Demo(result, real_history)


@pytest.fixture(scope="session")
def demo_page(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's report."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    demo.result.to_html(path, demo.data)
    return path


@pytest.fixture(scope="module")
def running_browser() -> Iterator[Browser]:
    """A browser; without one the tests that need it are not collected, or fail."""
    program = find_browser()
    if program is None:
        pytest.fail(MISSING)
    with browser(program) as opened:
        yield opened


@pytest.fixture
def chromium(running_browser: Browser) -> Browser:
    """The browser, as a wide and light screen."""
    running_browser.size(1280, 900)
    return running_browser
