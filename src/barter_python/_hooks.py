"""What hooks usually answer: `barter_python.strategy` has the names."""

from __future__ import annotations

from collections.abc import Sequence

from ._core import EngineView, ExchangeId, InstrumentFilter
from .engine import CancelOrders, ClosePositions, Command


def cancel_all_orders_on_disconnect(exchange: ExchangeId, state: EngineView) -> Sequence[Command]:
    """Cancel all orders on an exchange, as the answer of `on_disconnect`.

    Parameters
    ----------
    exchange : ExchangeId
        The exchange whose stream was lost.
    state : EngineView
        The engine, or a snapshot of it.

    Returns
    -------
    sequence of Command
        `CancelOrders` of the exchange's instruments that have orders in flight or open; nothing
        where none has. Return it from the hook: the engine cancels what can be cancelled, in the
        order of instruments and ids.

    Raises
    ------
    UnknownKeyError
        When no instrument is on the exchange.

    Examples
    --------
    >>> from barter_python import AlgoStrategy, Command, EngineView, ExchangeId, NO_ORDERS, Orders
    >>> class Careful:
    ...     def generate_algo_orders(self, state: EngineView, /) -> Orders:
    ...         return NO_ORDERS
    ...     def on_disconnect(self, exchange: ExchangeId, state: EngineView, /):
    ...         return cancel_all_orders_on_disconnect(exchange, state)
    """
    index = state.exchange_index(exchange)
    busy = [
        view.index
        for view in state.instruments_iter(InstrumentFilter.exchanges([index]))
        if view.has_orders
    ]
    return [CancelOrders(InstrumentFilter.instruments(busy))] if busy else []


def close_all_positions_on_trading_disabled(state: EngineView) -> Sequence[Command]:
    """Cancel all orders and close all positions, as the answer of `on_trading_disabled`.

    Parameters
    ----------
    state : EngineView
        The engine, or a snapshot of it.

    Returns
    -------
    sequence of Command
        `CancelOrders` of the instruments that have orders in flight or open, then `ClosePositions`
        of those that have a position; nothing where there is neither. Return it from the hook: the
        closing orders are those of the strategy's `close_positions_requests`. The cancels are sent
        first, but an order that is filled before its cancel arrives still changes the position.

    Examples
    --------
    >>> from barter_python import EngineView, NO_ORDERS, Orders
    >>> class Careful:
    ...     def generate_algo_orders(self, state: EngineView, /) -> Orders:
    ...         return NO_ORDERS
    ...     def on_trading_disabled(self, state: EngineView, /):
    ...         return close_all_positions_on_trading_disabled(state)
    """
    busy = [view.index for view in state.instruments_iter() if view.has_orders]
    held = [view.index for view in state.instruments_iter() if view.position is not None]
    commands: list[Command] = []
    if busy:
        commands.append(CancelOrders(InstrumentFilter.instruments(busy)))
    if held:
        commands.append(ClosePositions(InstrumentFilter.instruments(held)))
    return commands
