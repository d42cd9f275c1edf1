"""Every public name is there, sorted, and every native one is public somewhere."""

from __future__ import annotations

import importlib

import pytest
from support.public import MODULES

import barter_python as bp
from barter_python import _core

NATIVE_ONLY = {
    "AccountEquity": "barter_python.backtest.BacktestResult reads it",
    "BacktestOutput": "barter_python.backtest.BacktestResult is made of it",
    "EquityBarRows": "Records hold them",
    "EquityDrawdownRows": "Records hold them",
    "FailedCancelRows": "Records hold them",
    "FundingPaymentRows": "Records hold them",
    "LiveOutput": "barter_python.live.PaperResult is made of it",
    "MarketDataIterator": "met only as an Iterator",
    "MarketFeed": "barter_python.streams.Streams reads it",
    "MarketScanIterator": "met only as an Iterator",
    "NativeFunction": "barter_python.compiled.CompiledStrategy holds it",
    "OpenPositionRows": "Records hold them",
    "OrderReportRows": "Records hold them",
    "PeriodReturnRows": "Records hold them",
    "PositionExitedRows": "Records hold them",
    "RefusedRequestRows": "Records hold them",
    "SystemControls": "barter_python.live.System calls it",
    "TradeRows": "Records hold them",
    "check_address": "barter_python.streams.Address calls it",
    "check_executions": "SystemConfig calls it",
    "check_closing_order": "the closing helpers call it",
    "check_number": "the Python layer's own checks call it",
    "check_subscription": "barter_python.streams.Subscription calls it",
    "close_open_positions_with_market_orders": "strategy has one that takes plain states too",
    "nanoseconds_of": "the Python layer counts lengths of time by it",
    "csv_first_rows": "barter_python.data's readers of venues' files call it",
    "csv_values": "the command inspect-data finds instruments by it",
    "read_csv_files": "barter_python.data's readers of venues' files call it",
    "failure_counts": "BacktestResult.refusal_counts calls it",
    "fees_by_instrument": "BacktestResult.fees calls it",
    "report_by_strategy": "BacktestResult.by_strategy calls it",
    "result_json": "BacktestResult.to_json calls it",
    "statistics_by_instrument": "BacktestResult.statistics calls it",
    "run_backtest": "backtest has one that takes a configuration",
    "table_of": "records that are Python objects make their tables by it",
    "set_logging_level": "barter_python.logging calls it",
    "run_paper": "barter_python.live.run_paper calls it",
    "window_ns": "run_backtest and run_backtests call it",
}
"""Names of `_core` that no public module re-exports, and why."""


PUBLIC_MODULES = ["barter_python", *(f"barter_python.{name}" for name in MODULES)]


def public_names(module: str) -> list[str]:
    """Give `__all__` of a module."""
    names: list[str] = importlib.import_module(module).__all__
    return names


def order_of_names(name: str) -> tuple[int, str]:
    """Sort as ruff does: constants, classes, the rest."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2), name


@pytest.mark.parametrize("module", PUBLIC_MODULES)
def test_public_names_exist_and_are_sorted(module: str) -> None:
    names = public_names(module)
    assert names == sorted(set(names), key=order_of_names)
    missing = [name for name in names if not hasattr(importlib.import_module(module), name)]
    assert missing == []


def test_every_native_name_is_public_somewhere() -> None:
    exported: set[str] = set()
    for module in PUBLIC_MODULES:
        loaded = importlib.import_module(module)
        for name in public_names(module):
            if getattr(loaded, name) is getattr(_core, name, None):
                exported.add(name)
    assert set(_core.__all__) - exported == set(NATIVE_ONLY)


def test_top_level_names_are_those_of_the_modules() -> None:
    exported = {
        id(getattr(importlib.import_module(module), name))
        for module in PUBLIC_MODULES[1:]
        for name in public_names(module)
    }
    native = {"__version__", "build_ioc_market_order_to_close_position", "wrapped_crates"}
    elsewhere = [name for name in bp.__all__ if id(getattr(bp, name)) not in exported]
    assert set(elsewhere) <= native
