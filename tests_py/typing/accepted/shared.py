"""What the cases of several topics need."""

from __future__ import annotations

from decimal import Decimal

import barter_python as bp

NANOSECONDS = 1_704_067_200_000_000_000
SPOT = bp.ExchangeId.BINANCE_SPOT


def book(seconds: int, price: int) -> bp.MarketEvent:
    """Make a best bid and ask."""
    time = NANOSECONDS + seconds * 1_000_000_000
    level = bp.OrderBookL1(
        time, bp.Level(price=price, amount=Decimal("1.5")), bp.Level(price=price + 1, amount=1)
    )
    return bp.MarketEvent(time, time, SPOT, 0, level)


def system_config() -> bp.SystemConfig:
    """One spot pair."""
    return bp.SystemConfig(
        instruments=[bp.InstrumentConfig(SPOT, "BTCUSDT", bp.Underlying("btc", "usdt"))],
        executions=(bp.MockExecutionConfig(SPOT, {"usdt": 10_000, "btc": Decimal(1)}),),
    )
