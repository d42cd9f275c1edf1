"""Paper trading and running systems."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from typing_extensions import assert_type

import barter_python as bp
from barter_python import live


async def on_paper(strategy: bp.Strategy, config: bp.SystemConfig, data: bp.MarketData) -> None:
    """Run a system: for checkers only, it connects."""
    result = live.run_paper(
        strategy, config, duration=timedelta(hours=1), close_at_end=True, warmup=data
    )
    assert_type(result, live.PaperResult)
    assert_type(result.trips, tuple[live.KillSwitchTrip, ...])
    backtest: bp.BacktestResult = result
    assert_type(backtest.orders[0].time_sent, datetime)
    with live.System.start(
        strategy,
        config,
        kill_switch=live.KillSwitch(max_drawdown=1),
        record=Path("a.jsonl.gz"),
        candles=timedelta(minutes=1),
    ) as system:
        assert_type(system, live.System)
        system.trading_state(bp.TradingState.DISABLED)
        assert_type(system.snapshot(), bp.EngineView)
        assert_type(system.wait(timedelta(seconds=1)), live.PaperResult | None)
        audit = system.take_audit()
        assert_type(next(audit), bp.AuditSnapshot | bp.AuditTick)
        async for each in audit:
            assert_type(each, bp.AuditSnapshot | bp.AuditTick)
        assert_type(await system.wait_async(), live.PaperResult)
        system.abort()
        assert_type(system.result, live.PaperResult | None)
    assert_type(live.replay("a.jsonl.gz", strategy).difference, live.Difference | None)
