"""The runs: `python -m desk`."""

from __future__ import annotations

from decimal import Decimal

from typing_extensions import assert_type

import barter_python as bp
from barter_python import Side

from .risk import Cap
from .strategies import Breakout, Reversal

SPOT = bp.ExchangeId.BINANCE_SPOT
START = 1_704_067_200_000_000_000
PRICES = [100, 101, 103, 102, 99, 98, 101, 140]


class Alone(Breakout):
    """A breakout outside of the group, with an id of its own."""

    strategy_id = "alone"


def history() -> bp.MarketData:
    """Give a trade each second."""
    events: list[bp.MarketEvent] = []
    for second, price in enumerate(PRICES):
        time = START + second * 1_000_000_000
        trade = bp.PublicTrade(str(second), price=price, amount=5, side=Side.BUY)
        events.append(bp.MarketEvent(time, time, SPOT, 0, trade))
    return bp.MarketData.from_events(events)


def main() -> None:
    """Run the group, and a sweep of one of them."""
    config = bp.SystemConfig(
        [bp.InstrumentConfig(SPOT, "BTCUSDT", bp.Underlying("btc", "usdt"))],
        [bp.MockExecutionConfig(SPOT, {"usdt": 1000})],
    )
    group = bp.StrategyGroup({"breakout": Breakout(), "reversal": Reversal()})
    result = bp.run_backtest(group, history(), config, risk_manager=Cap(Decimal("101.5")))
    for name, one in result.by_strategy().items():
        assert_type(one, bp.StrategyResult)
        print(name, len(one.fills))
    print(f"{len(result.refused)} refused")
    runs = bp.run_backtests(
        Alone,
        {"window": [1, 2, 3]},
        history(),
        config,
        executor="threads",
    )
    for run in runs:
        assert_type(run.result, bp.BacktestResult | None)
        print(run.parameters, "failed" if run.result is None else len(run.result.fills))


if __name__ == "__main__":
    main()
