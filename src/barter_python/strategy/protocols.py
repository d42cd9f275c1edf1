"""The hooks of strategies, as protocols."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeAlias

from .._command import HookCommand
from .._core import EngineView, ExchangeId, InstrumentFilter, PositionExited, Timer, Trade
from ..execution import OrderRequestCancel, OrderRequestOpen

Orders: TypeAlias = tuple[Sequence[OrderRequestCancel], Sequence[OrderRequestOpen]]
"""The orders of a strategy: cancels and opens."""

NO_ORDERS: Orders = ((), ())
"""No cancels and no opens: the cheapest value to return."""


class AlgoStrategy(Protocol):
    """A strategy that makes orders (`barter::strategy::algo::AlgoStrategy`): all a run needs.

    Examples
    --------
    >>> class Idle:
    ...     def generate_algo_orders(self, state, /):
    ...         return NO_ORDERS
    >>> idle: AlgoStrategy = Idle()
    """

    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        """Return cancels and opens; called after every event while trading is enabled."""
        ...


class ClosePositionsStrategy(Protocol):
    """A strategy that closes positions (`strategy::close_positions::ClosePositionsStrategy`).

    Examples
    --------
    >>> class Closes:
    ...     def close_positions_requests(self, state, filter, /):
    ...         return close_open_positions_with_market_orders("mine", state, filter)
    >>> closes: ClosePositionsStrategy = Closes()
    """

    def close_positions_requests(self, state: EngineView, filter: InstrumentFilter, /) -> Orders:
        """Return the orders that close the positions of the instruments that pass the filter."""
        ...


class OnDisconnectStrategy(Protocol):
    """A strategy that acts on a lost stream (`strategy::on_disconnect::OnDisconnectStrategy`).

    Examples
    --------
    >>> class Waits:
    ...     def on_disconnect(self, exchange, state, /):
    ...         return [TradingState.DISABLED]
    >>> waits: OnDisconnectStrategy = Waits()
    """

    def on_disconnect(self, exchange: ExchangeId, state: EngineView, /) -> Sequence[HookCommand]:
        """Return commands for the engine."""
        ...


class OnTradingDisabledStrategy(Protocol):
    """A strategy that acts when trading is disabled (`on_trading_disabled::OnTradingDisabled`).

    Examples
    --------
    >>> class Cancels:
    ...     def on_trading_disabled(self, state, /):
    ...         return [CancelOrders(InstrumentFilter.none())]
    >>> cancels: OnTradingDisabledStrategy = Cancels()
    """

    def on_trading_disabled(self, state: EngineView, /) -> Sequence[HookCommand]:
        """Return commands for the engine."""
        ...


class OnFillStrategy(Protocol):
    """A strategy that reacts to its fills; barter has no such trait.

    Examples
    --------
    >>> class Tells:
    ...     def on_fill(self, trade, state, /):
    ...         print(trade.price)
    >>> tells: OnFillStrategy = Tells()
    """

    def on_fill(self, trade: Trade, state: EngineView, /) -> None:
        """React to a fill, which the state already includes."""
        ...


class OnPositionClosedStrategy(Protocol):
    """A strategy that reacts to closed positions; barter has no such trait.

    Examples
    --------
    >>> class Tells:
    ...     def on_position_closed(self, position, state, /):
    ...         print(position.pnl_realised)
    >>> tells: OnPositionClosedStrategy = Tells()
    """

    def on_position_closed(self, position: PositionExited, state: EngineView, /) -> None:
        """React to a closed position, as barter booked it."""
        ...


class OnWarmupStrategy(Protocol):
    """A strategy that learns from events before a run; barter has no such trait.

    Examples
    --------
    >>> class Learns:
    ...     def on_warmup(self, state, /):
    ...         print(state.time)
    >>> learns: OnWarmupStrategy = Learns()
    """

    def on_warmup(self, state: EngineView, /) -> None:
        """Learn from an event of the run's `warmup`; trading is disabled."""
        ...


class OnTimerStrategy(Protocol):
    """A strategy that is called at times it has asked for; barter has no such trait.

    Examples
    --------
    >>> class Rebalances:
    ...     def on_timer(self, timer, state, /):
    ...         return NO_ORDERS
    >>> rebalances: OnTimerStrategy = Rebalances()
    """

    def on_timer(self, timer: Timer, state: EngineView, /) -> Orders:
        """Return cancels and opens; called when a timer of `state.call_at` is due."""
        ...
