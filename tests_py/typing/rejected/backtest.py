"""The result of a run, and its reports."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from typing_extensions import assert_type

import barter_python as bp
from barter_python.backtest import BacktestResult
from rejected.shared import CONFIG, DATA, RESULT

bp.run_backtest(bp.DefaultStrategy(), DATA, CONFIG, fee_rate=0.001)  # type: ignore[arg-type]
bp.run_backtest(bp.DefaultStrategy(), DATA, CONFIG, risk_free_return="0")  # type: ignore[arg-type]
bp.run_backtest(bp.DefaultStrategy(), DATA, CONFIG, fill_price="requested")  # type: ignore[arg-type]
bp.run_backtest(bp.DefaultStrategy(), DATA, CONFIG, interval="daily")  # type: ignore[arg-type]
bp.run_backtest(bp.DefaultStrategy(), DATA, CONFIG, candles=60)  # type: ignore[arg-type]
bp.run_backtest(bp.DefaultStrategy(), DATA)  # type: ignore[call-arg]
bp.run_backtest(bp.DefaultStrategy, DATA, CONFIG)  # type: ignore[arg-type]
bp.run_backtest(object(), DATA, CONFIG)  # type: ignore[arg-type]
bp.run_backtest(bp.DefaultStrategy(), DATA, CONFIG, timedelta(0))  # type: ignore[call-arg, arg-type]
bp.run_backtest(bp.DefaultStrategy(), DATA, CONFIG, latency=100)  # type: ignore[arg-type]
bp.run_backtest(bp.DefaultStrategy(), [], CONFIG)  # type: ignore[arg-type]
bp.run_backtests(bp.DefaultStrategy, [], DATA, CONFIG, executor="processes")  # type: ignore[arg-type]
bp.run_backtests(bp.DefaultStrategy, [], DATA, CONFIG, keep=len)  # type: ignore[arg-type]
RESULT.to_html()  # type: ignore[call-arg]
RESULT.to_html("report.html", "history.jsonl")  # type: ignore[arg-type]
RESULT.show(height="900")  # type: ignore[arg-type]
bp.run_backtest(bp.DefaultStrategy(), DATA, CONFIG, until=timedelta(1))  # type: ignore[arg-type]
bp.run_backtest(bp.DefaultStrategy(), DATA, CONFIG, warmup="before.jsonl")  # type: ignore[arg-type]


def wrong_list(result: BacktestResult) -> list[bp.Trade]:
    """Give records as a list."""
    return result.fills  # type: ignore[return-value]


def wrong_kind(result: BacktestResult) -> bp.Records[bp.Order]:
    """Give records as those of another kind."""
    return result.orders  # type: ignore[return-value]


def with_result(result: BacktestResult) -> None:
    """Misuse a result."""
    result.fills = result.fills  # type: ignore[misc]
    result.fills.append(result.fills[0])  # type: ignore[attr-defined]
    result.fills[0] = result.fills[1]  # type: ignore[index]
    result.fills["0"]  # type: ignore[call-overload]
    result.fills.to_arrow("float")  # type: ignore[call-arg]
    result.fills.to_arrow(decimals="rounded")  # type: ignore[arg-type]
    bp.ArrowTable()  # type: ignore[call-arg]
    result.refused[0].item.state  # type: ignore[union-attr]
    result.summary.sharpe  # type: ignore[attr-defined]
    result.equity["usdt"]  # type: ignore[index]
    result.equity(every=1)  # type: ignore[arg-type]
    result.drawdown(by="depth")  # type: ignore[arg-type]
    result.ratios().sharpe + 1  # type: ignore[operator]
    result.pnl["usdt"] + 1.5  # type: ignore[operator]
    result.pnl.clear()  # type: ignore[attr-defined]
    result.fees["usdt"] = Decimal(0)  # type: ignore[index]
    del result.balances["usdt"]  # type: ignore[attr-defined]
    result.by_strategy().popitem()  # type: ignore[attr-defined]
    result.to_json(2)  # type: ignore[call-arg]
    assert_type(result.fills[0].price, float)  # type: ignore[assert-type]
