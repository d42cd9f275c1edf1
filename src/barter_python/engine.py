"""The running engine, as a strategy sees and commands it: the module `barter::engine`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ._core import (
    EngineView,
    EquityPoint,
    InstrumentFilter,
    InstrumentView,
    OpenPosition,
    OrderReport,
    PositionExited,
)
from .execution import OrderRequestCancel, OrderRequestOpen

__all__ = [
    "CancelOrders",
    "ClosePositions",
    "Command",
    "EngineView",
    "EquityPoint",
    "InstrumentView",
    "OpenPosition",
    "OrderReport",
    "PositionExited",
    "SendCancelRequests",
    "SendOpenRequests",
]


@dataclass(frozen=True)
class SendCancelRequests:
    """Send these cancels (`barter::engine::command::Command::SendCancelRequests`).

    Parameters
    ----------
    requests : sequence of OrderRequestCancel
        What to cancel.
    """

    requests: Sequence[OrderRequestCancel]


@dataclass(frozen=True)
class SendOpenRequests:
    """Send these orders (`barter::engine::command::Command::SendOpenRequests`).

    Parameters
    ----------
    requests : sequence of OrderRequestOpen
        What to open.
    """

    requests: Sequence[OrderRequestOpen]


@dataclass(frozen=True)
class ClosePositions:
    """Close positions by the strategy's `close_positions_requests` (`Command::ClosePositions`).

    Parameters
    ----------
    filter : InstrumentFilter
        Of which instruments.
    """

    filter: InstrumentFilter


@dataclass(frozen=True)
class CancelOrders:
    """Cancel orders that are in flight or open (`Command::CancelOrders`).

    barter cancels them in the order of a hash map; here it is the order of instruments and ids.

    Parameters
    ----------
    filter : InstrumentFilter
        Of which instruments.
    """

    filter: InstrumentFilter


Command: TypeAlias = SendCancelRequests | SendOpenRequests | ClosePositions | CancelOrders
"""What `on_disconnect` and `on_trading_disabled` can ask the engine to do."""
