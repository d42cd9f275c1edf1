"""Strategies and the helpers that close positions: the module `barter::strategy`.

What a closing order is comes from barter's own Rust functions; nothing here restates it.
"""

from __future__ import annotations

from .._core import InstrumentFilter, Timer
from .._public import publish
from .base import DefaultStrategy, Strategy
from .closing import (
    EngineState,
    EngineStateLike,
    InstrumentState,
    InstrumentStateLike,
    Number,
    Position,
    PositionLike,
    build_ioc_market_order_to_close_position,
    close_open_positions_with_market_orders,
    close_positions_of_strategy,
)
from .data import StrategyData, own_data
from .group import StrategyGroup
from .hooks import cancel_all_orders_on_disconnect, close_all_positions_on_trading_disabled
from .parts import Strategies
from .protocols import (
    NO_ORDERS,
    AlgoStrategy,
    ClosePositionsStrategy,
    OnDisconnectStrategy,
    OnFillStrategy,
    OnPositionClosedStrategy,
    OnTimerStrategy,
    OnTradingDisabledStrategy,
    OnWarmupStrategy,
    Orders,
)

__all__ = [
    "NO_ORDERS",
    "AlgoStrategy",
    "ClosePositionsStrategy",
    "DefaultStrategy",
    "EngineState",
    "EngineStateLike",
    "InstrumentFilter",
    "InstrumentState",
    "InstrumentStateLike",
    "Number",
    "OnDisconnectStrategy",
    "OnFillStrategy",
    "OnPositionClosedStrategy",
    "OnTimerStrategy",
    "OnTradingDisabledStrategy",
    "OnWarmupStrategy",
    "Orders",
    "Position",
    "PositionLike",
    "Strategies",
    "Strategy",
    "StrategyData",
    "StrategyGroup",
    "Timer",
    "build_ioc_market_order_to_close_position",
    "cancel_all_orders_on_disconnect",
    "close_all_positions_on_trading_disabled",
    "close_open_positions_with_market_orders",
    "close_positions_of_strategy",
    "own_data",
]

publish(__name__, globals(), __name__)
