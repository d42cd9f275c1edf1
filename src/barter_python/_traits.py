"""What the engine asks strategies, as protocols: `barter_python.strategy` has the names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeAlias

from ._core import EngineView, ExchangeId, InstrumentFilter, PositionExited, Trade
from .engine import HookCommand
from .execution import OrderRequestCancel, OrderRequestOpen

Orders: TypeAlias = tuple[Sequence[OrderRequestCancel], Sequence[OrderRequestOpen]]
"""What a strategy returns: cancels and opens."""

NO_ORDERS: Orders = ((), ())
"""Nothing to cancel and nothing to open; the cheapest thing to return."""


class AlgoStrategy(Protocol):
    """What makes orders (`barter::strategy::algo::AlgoStrategy`): all that a run needs."""

    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        """Give cancels and opens; called after every event while trading is enabled."""
        ...


class ClosePositionsStrategy(Protocol):
    """What closes positions (`barter::strategy::close_positions::ClosePositionsStrategy`)."""

    def close_positions_requests(self, state: EngineView, filter: InstrumentFilter, /) -> Orders:
        """Give the orders that close the positions of the instruments that pass the filter."""
        ...


class OnDisconnectStrategy(Protocol):
    """What acts on a lost stream (`barter::strategy::on_disconnect::OnDisconnectStrategy`)."""

    def on_disconnect(self, exchange: ExchangeId, state: EngineView, /) -> Sequence[HookCommand]:
        """Give what the engine is to do."""
        ...


class OnTradingDisabledStrategy(Protocol):
    """What acts when trading is disabled (`strategy::on_trading_disabled::OnTradingDisabled`)."""

    def on_trading_disabled(self, state: EngineView, /) -> Sequence[HookCommand]:
        """Give what the engine is to do."""
        ...


class OnFillStrategy(Protocol):
    """What is told of our fills; barter has no such trait."""

    def on_fill(self, trade: Trade, state: EngineView, /) -> None:
        """Take note of a fill, which the state has already."""
        ...


class OnPositionClosedStrategy(Protocol):
    """What is told of closed positions; barter has no such trait."""

    def on_position_closed(self, position: PositionExited, state: EngineView, /) -> None:
        """Take note of a position that is closed, as barter has booked it."""
        ...
