"""Fixtures that all tests share."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from support import ROOT
from support.histories import two_instruments

from barter_python import MarketData, SystemConfig

# A shell starts its background jobs with Ctrl-C ignored, and a process hands that on to its
# children: here those that the tests of Ctrl-C start.
signal.signal(signal.SIGINT, signal.default_int_handler)

# No test asserts a time: a busy machine must not fail one.
settings.register_profile(
    "without times", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("without times")


@pytest.fixture(scope="session")
def repository() -> Path:
    """Root of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def examples(repository: Path) -> Path:
    """Where the bundled data is."""
    return repository / "examples" / "data"


@pytest.fixture(scope="session")
def real_path(examples: Path) -> Path:
    """The bundled history's file."""
    return examples / "binance_spot_l1_trades_btc_eth_sol.jsonl.gz"


@pytest.fixture(scope="session")
def real_history(real_path: Path) -> MarketData:
    """50,000 real events of three instruments."""
    return MarketData.from_json_lines(real_path)


@pytest.fixture(scope="session")
def real_config(examples: Path) -> SystemConfig:
    """The configuration that goes with the bundled data."""
    return SystemConfig.from_json(examples / "system_config.json")


@pytest.fixture(scope="session")
def disconnects(examples: Path) -> MarketData:
    """24 real events, three of them lost streams."""
    return MarketData.from_json(examples / "binance_spot_market_data_with_disconnect_events.json")


@pytest.fixture
def config() -> SystemConfig:
    """Two spot instruments on one exchange, without latency and fees."""
    return two_instruments()
