"""The result of a run, and its reports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from typing_extensions import assert_type

import barter_python as bp
from accepted.shared import SPOT, book, system_config
from accepted.statistic import check_statistics, check_summary
from accepted.strategy import ALGO, Typed
from barter_python import Side
from barter_python.backtest import (
    EquityBar,
    EquityDrawdown,
    FailedCancel,
    FundingPayment,
    OrderReport,
    RunSettings,
    sweep_to_html,
)
from barter_python.statistic import (
    EquityRatios,
    PeriodReturn,
    PositionStatistics,
)


def orders_of(result: bp.BacktestResult) -> int:
    """Keep the number of the orders of a run."""
    return len(result.orders)


def test_a_run() -> None:
    typed = Typed({"binancespot-btc_usdt": Decimal("0.5")})
    data = bp.MarketData.from_events(
        [book(0, 100), bp.Reconnecting(SPOT), book(2, 110), book(4, 120)]
    )
    result = bp.run_backtest(
        typed,
        data,
        system_config(),
        latency=timedelta(milliseconds=100),
        fee_rate=Decimal("0.001"),
        fill_price=bp.FillPrice.BEST_OPPOSITE,
        close_at_end=True,
        risk_free_return=0,
        interval=bp.TimeInterval.DAILY,
        candles=timedelta(minutes=1),
    )
    assert_type(result, bp.BacktestResult)
    assert_type(result.settings.candles, timedelta | None)
    assert_type(result.instruments, bp.IndexedInstruments)
    assert_type(result.time_start, datetime)
    assert_type(result.summary, bp.TradingSummary)
    assert_type(result.orders, bp.Records[OrderReport])
    assert_type(result.orders[0].order, bp.Order)
    assert_type(result.orders[0].time_sent, datetime)
    assert_type(result.orders[0].time_finished, datetime | None)
    assert_type(result.orders[0].order_id, str | None)
    assert_type(result.orders[0].fees, Decimal)
    assert_type(result.orders[0].average_price, Decimal | None)
    assert_type(result.open_orders, bp.Records[OrderReport])
    assert_type(result.order_counts, Mapping[str, int])
    assert_type(result.fills_of(result.orders[0]), bp.Records[bp.Trade])
    assert_type(result.funding, bp.Records[FundingPayment])
    for payment in result.funding:
        assert_type(payment.time, datetime)
        assert_type(payment.time_ns, int)
        assert_type(payment.instrument, int)
        assert_type(payment.side, Side)
        assert_type(payment.quantity, Decimal)
        assert_type(payment.mark_price, Decimal | None)
        assert_type(payment.rate, Decimal)
        assert_type(payment.amount, Decimal)
    assert_type(result.funding_by_asset, Mapping[str, Decimal])
    assert_type(result.failed_cancels, bp.Records[FailedCancel])
    assert_type(result.failed_cancels[0].response, bp.OrderResponseCancel)
    assert_type(result.fills, bp.Records[bp.Trade])
    assert_type(result.positions, bp.Records[bp.PositionExited])
    assert_type(result.positions[0].pnl_realised, Decimal)
    assert_type(result.positions[0].time_exit, datetime)
    assert_type(result.open_positions, bp.Records[bp.OpenPosition])
    assert_type(result.balances, Mapping[str, bp.Balance])
    assert_type(result.equity(), Mapping[str, bp.Records[EquityBar]])
    assert_type(result.fills[0], bp.Trade)
    assert_type(result.fills[1:], bp.Records[bp.Trade])
    assert_type(list(result.fills), list[bp.Trade])
    assert_type(max(fill.price for fill in result.fills), Decimal)
    assert_type(min(result.fills, key=lambda fill: fill.price).fees, Decimal)
    assert_type(result.fills == [], bool)
    assert_type(result.fills.to_arrow(decimals="float"), bp.ArrowTable)
    assert_type(result.fills.to_arrow().column_names, list[str])
    anything: bp.Records[object] = result.fills
    assert len(anything) == len(result.fills)
    assert_type(result.equity(timedelta(days=1))["binance_spot_usdt"][0].low, Decimal)
    assert_type(result.equity_interval_ns, int)
    assert_type(result.drawdown(), EquityDrawdown | None)
    assert_type(result.drawdowns(3, by="share"), bp.Records[EquityDrawdown])
    for fall in result.drawdowns(asset="binance_spot_usdt"):
        assert_type(fall.depth, Decimal)
        assert_type(fall.share, Decimal | None)
        assert_type(fall.time_end, datetime | None)
    assert_type(result.returns(), bp.Records[PeriodReturn])
    assert_type(result.returns(every=timedelta(days=2))[0].value, Decimal | None)
    ratios = result.ratios(risk_free_return=Decimal("0.02"), year=bp.TimeInterval.ANNUAL_252)
    assert_type(ratios, EquityRatios)
    assert_type(ratios.sharpe, Decimal | None)
    assert_type(result.pnl, Mapping[str, Decimal])
    assert_type(result.statistics, Mapping[str, PositionStatistics])
    statistics = next(iter(result.statistics.values()))
    assert_type(statistics.win_ratio, Decimal | None)
    assert_type(statistics.gross_profit_factor, Decimal | None)
    assert_type(result.to_json(indent=2), str)
    assert_type(result.settings, RunSettings)
    assert_type(result.settings.parameters, dict[str, str])
    assert_type(result.settings.risk_manager, str | None)
    with TemporaryDirectory() as folder:
        result.to_html(Path(folder) / "report.html", data)
        result.to_html(f"{folder}/report.html")
        runs = bp.run_backtests(
            bp.DefaultStrategy, {"strategy_id": ["a"]}, data, system_config(), executor="threads"
        )
        assert_type(runs, bp.Records[bp.BacktestRun])
        assert_type(runs[0].result, bp.BacktestResult | None)
        sweep_to_html(runs, f"{folder}/sweep.html", asset="usdt")
        counted = bp.run_backtests(
            bp.DefaultStrategy, [{}], data, system_config(), executor="threads", keep=orders_of
        )
        assert_type(counted, bp.Records[bp.BacktestRun[int]])
        assert_type(counted[0].result, int | None)
    check_summary(result.summary)
    check_statistics(result.positions[0], result.summary)
    assert {"start", "book", "balance", "order", "fill", "binance_spot"} <= set(typed.seen)
    assert bp.run_backtest(ALGO, data, system_config()).orders == []
