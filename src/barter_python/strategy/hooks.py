"""The usual answers of hooks."""

from __future__ import annotations

from collections.abc import Sequence

from .._command import CancelOrders, ClosePositions, Command
from .._core import EngineView, ExchangeId, InstrumentFilter


def cancel_all_orders_on_disconnect(exchange: ExchangeId, state: EngineView) -> Sequence[Command]:
    """Cancel all orders on an exchange: an answer for `on_disconnect`.

    Parameters
    ----------
    exchange : ExchangeId
        The exchange whose stream was lost.
    state : EngineView
        The engine, or a snapshot of it.

    Returns
    -------
    sequence of Command
        `CancelOrders` for the exchange's instruments that have orders in flight or open, or an
        empty sequence if there are none. Return it from the hook: the engine cancels the orders
        that can be cancelled, in the order of instruments and ids.

    Raises
    ------
    UnknownKeyError
        If no instrument is on the exchange.

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
    """Cancel all orders and close all positions: an answer for `on_trading_disabled`.

    Parameters
    ----------
    state : EngineView
        The engine, or a snapshot of it.

    Returns
    -------
    sequence of Command
        `CancelOrders` for the instruments that have orders in flight or open, then `ClosePositions`
        for those that have a position; an empty sequence if there are neither. Return it from the
        hook: the strategy's `close_positions_requests` gives the closing orders. The cancels are
        sent first, but an order that is filled before its cancel arrives still changes the
        position.

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
