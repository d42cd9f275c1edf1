"""Market data: the crate `barter-data`."""

from __future__ import annotations

from typing import TypeAlias

from ._core import (
    Candle,
    Level,
    Liquidation,
    MarketData,
    MarketEvent,
    OrderBook,
    OrderBookL1,
    OrderBookSnapshot,
    OrderBookUpdate,
    PublicTrade,
    Reconnecting,
)

__all__ = [
    "Candle",
    "Level",
    "Liquidation",
    "MarketData",
    "MarketEvent",
    "OrderBook",
    "OrderBookEvent",
    "OrderBookL1",
    "OrderBookSnapshot",
    "OrderBookUpdate",
    "PublicTrade",
    "Reconnecting",
]

OrderBookEvent: TypeAlias = OrderBookSnapshot | OrderBookUpdate
"""A change of the order book, level 2 (`barter_data::subscription::book::OrderBookEvent`)."""
