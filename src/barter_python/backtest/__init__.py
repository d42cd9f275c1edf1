"""Backtests in simulated time: the purpose of `barter::backtest`.

barter's own `backtest` replays a history as fast as it can while its exchange answers in
wall-clock time, so that the history is over before the first fill. Here one queue holds all events,
in the time of the history: `docs/backtest.md` has the rules.
"""

from __future__ import annotations

from .._core import (
    ArrowTable,
    EquityBar,
    EquityDrawdown,
    FailedCancel,
    FillPrice,
    FundingPayment,
    OrderReport,
)
from .._public import publish
from .._records import StrategyResult
from .._rows import Records
from .result import BacktestResult
from .run import run_backtest
from .runs import BacktestRun
from .settings import RunSettings
from .sweep import run_backtests, sweep_to_html

__all__ = [
    "ArrowTable",
    "BacktestResult",
    "BacktestRun",
    "EquityBar",
    "EquityDrawdown",
    "FailedCancel",
    "FillPrice",
    "FundingPayment",
    "OrderReport",
    "Records",
    "RunSettings",
    "StrategyResult",
    "run_backtest",
    "run_backtests",
    "sweep_to_html",
]

publish(__name__, globals(), __name__, "barter_python._records", "barter_python._rows")
