"""Commands for the engine: `barter::engine::command`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ._core import InstrumentFilter, TradingState
from .execution import OrderRequestCancel, OrderRequestOpen


@dataclass(frozen=True)
class SendCancelRequests:
    """Send cancels (`barter::engine::command::Command::SendCancelRequests`).

    Parameters
    ----------
    requests : sequence of OrderRequestCancel
        The cancels to send.

    Examples
    --------
    >>> from barter_python import ClientOrderId, OrderKey, OrderRequestCancel, StrategyId
    >>> key = OrderKey(0, 0, StrategyId("me"), ClientOrderId("cid-1"))
    >>> len(SendCancelRequests([OrderRequestCancel(key)]).requests)
    1
    """

    requests: Sequence[OrderRequestCancel]


@dataclass(frozen=True)
class SendOpenRequests:
    """Send orders (`barter::engine::command::Command::SendOpenRequests`).

    Parameters
    ----------
    requests : sequence of OrderRequestOpen
        The orders to send.

    Examples
    --------
    >>> SendOpenRequests([]).requests
    []
    """

    requests: Sequence[OrderRequestOpen]


@dataclass(frozen=True)
class ClosePositions:
    """Close positions by the strategy's `close_positions_requests` (`Command::ClosePositions`).

    Parameters
    ----------
    filter : InstrumentFilter
        The instruments.

    Examples
    --------
    >>> ClosePositions(InstrumentFilter.instruments([0]))
    ClosePositions(filter=InstrumentFilter.instruments([0]))
    """

    filter: InstrumentFilter


@dataclass(frozen=True)
class CancelOrders:
    """Cancel orders that are in flight or open (`Command::CancelOrders`).

    barter cancels them in the order of a hash map; here the order is that of instruments and ids.

    Parameters
    ----------
    filter : InstrumentFilter
        The instruments.

    Examples
    --------
    >>> CancelOrders(InstrumentFilter.none())
    CancelOrders(filter=InstrumentFilter.none())
    """

    filter: InstrumentFilter


Command: TypeAlias = SendCancelRequests | SendOpenRequests | ClosePositions | CancelOrders
"""A command for the engine (`barter::engine::command::Command`)."""

HookCommand: TypeAlias = Command | TradingState
"""A command that `on_disconnect` or `on_trading_disabled` returns.

The engine processes a `TradingState` as the next event.
"""
