"""barter's figures."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from typing_extensions import assert_type

import barter_python as bp
from accepted.shared import system_config
from barter_python.statistic import (
    DataSetSummary,
    Drawdown,
    DrawdownGenerator,
    MeanDrawdown,
    MeanDrawdownGenerator,
    RateOfReturn,
    SharpeRatio,
    TearSheet,
    TearSheetAsset,
    TearSheetGenerator,
    TradingSummaryGenerator,
    WinRate,
)


def check_summary(summary: bp.TradingSummary) -> None:
    """barter's summary of a run."""
    assert_type(summary.time_engine_start, datetime)
    assert_type(summary.time_engine_end_ns, int)
    assert_type(summary.interval, bp.TimeInterval | timedelta)
    assert_type(summary.instruments, dict[str, TearSheet])
    assert_type(summary.assets, dict[str, TearSheetAsset])
    for sheet in summary.instruments.values():
        assert_type(sheet.pnl, Decimal)
        assert_type(sheet.sharpe_ratio, Decimal)
        assert_type(sheet.win_rate, Decimal | None)
        assert_type(sheet.pnl_drawdown, Drawdown | None)
        assert_type(sheet.pnl_drawdown_mean, MeanDrawdown | None)
    for asset in summary.assets.values():
        assert_type(asset.balance_end, bp.Balance | None)
        assert_type(asset.drawdown_max, Drawdown | None)


def check_statistics(position: bp.PositionExited, summary: bp.TradingSummary) -> None:
    """Figures outside of a run."""
    week = timedelta(weeks=1)
    ratio = SharpeRatio.calculate(
        risk_free_return=0,
        mean_return=Decimal("0.1"),
        std_dev_returns=2,
        returns_period=bp.TimeInterval.DAILY,
    )
    assert_type(ratio.scale(week), SharpeRatio)
    assert_type(ratio.value, Decimal)
    assert_type(ratio.ratio, Decimal | None)
    assert_type(ratio.interval, bp.TimeInterval | timedelta)
    assert_type(RateOfReturn.calculate(1, week).scale(target=ratio.interval), RateOfReturn)
    assert_type(WinRate.calculate(wins=1, total=2), WinRate | None)
    assert_type(DataSetSummary.of([1, Decimal(2)]).dispersion.range.high, Decimal)
    drawdowns = DrawdownGenerator.init(1, summary.time_engine_start)
    assert_type(drawdowns.update(Decimal("0.5"), "2024-01-01T00:00:00Z"), Drawdown | None)
    average = MeanDrawdownGenerator.default()
    assert_type(average.generate(), MeanDrawdown | None)
    assert_type(average.mean_duration, timedelta | None)
    generator = TearSheetGenerator.init(0)
    generator.update_from_position(position)
    assert_type(generator.generate(risk_free_return=0, interval=week), TearSheet)
    assert_type(generator.statistics, bp.PositionStatistics)
    summaries = TradingSummaryGenerator.init(0, 0, 1, system_config().index())
    assert_type(summaries.generate(bp.TimeInterval.ANNUAL_365), bp.TradingSummary)
    assert_type(summaries.statistics, dict[str, bp.PositionStatistics])
