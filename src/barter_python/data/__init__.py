"""Market data: the crate `barter-data`."""

from __future__ import annotations

from typing import TypeAlias

from .._core import (
    Candle,
    DatabentoSchema,
    Funding,
    Level,
    Liquidation,
    MarketData,
    MarketEvent,
    MarketScan,
    NamedMarketEvent,
    OrderBook,
    OrderBookL1,
    OrderBookSnapshot,
    OrderBookUpdate,
    PublicTrade,
    Reconnecting,
    RowOrder,
    Settlement,
    TimeUnit,
    read_databento,
)
from .._public import publish
from .arrow import ArrowStream
from .binance import BinanceMarket, read_binance
from .book_columns import BookColumns, BookSnapshotColumns
from .columns import (
    BuyerIsMaker,
    CandleColumns,
    Columns,
    FundingColumns,
    L1Columns,
    LiquidationColumns,
    SettlementColumns,
    TradeColumns,
)
from .tardis import read_tardis

__all__ = [
    "ArrowStream",
    "BinanceMarket",
    "BookColumns",
    "BookSnapshotColumns",
    "BuyerIsMaker",
    "Candle",
    "CandleColumns",
    "Columns",
    "DatabentoSchema",
    "Funding",
    "FundingColumns",
    "L1Columns",
    "Level",
    "Liquidation",
    "LiquidationColumns",
    "MarketData",
    "MarketEvent",
    "MarketScan",
    "NamedMarketEvent",
    "OrderBook",
    "OrderBookEvent",
    "OrderBookL1",
    "OrderBookSnapshot",
    "OrderBookUpdate",
    "PublicTrade",
    "Reconnecting",
    "RowOrder",
    "Settlement",
    "SettlementColumns",
    "TimeUnit",
    "TradeColumns",
    "read_binance",
    "read_databento",
    "read_tardis",
]

OrderBookEvent: TypeAlias = OrderBookSnapshot | OrderBookUpdate
"""A change of a level 2 order book (`barter_data::subscription::book::OrderBookEvent`)."""

publish(__name__, globals(), __name__)
