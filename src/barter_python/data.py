"""Market data: the crate `barter-data`."""

from __future__ import annotations

from ._core import (
    Candle,
    Level,
    Liquidation,
    MarketData,
    MarketEvent,
    OrderBookL1,
    PublicTrade,
    Reconnecting,
)

__all__ = [
    "Candle",
    "Level",
    "Liquidation",
    "MarketData",
    "MarketEvent",
    "OrderBookL1",
    "PublicTrade",
    "Reconnecting",
]
