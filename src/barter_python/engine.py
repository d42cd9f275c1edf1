"""The engine, its events, its commands and its audit: the module `barter::engine`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from ._command import (
    CancelOrders,
    ClosePositions,
    Command,
    HookCommand,
    SendCancelRequests,
    SendOpenRequests,
)
from ._core import (
    AssetState,
    AuditSnapshot,
    AuditTick,
    Connectivity,
    Engine,
    EngineView,
    Health,
    InstrumentView,
    MarketEvent,
    OpenPosition,
    OrderReport,
    PositionExited,
    Reconnecting,
    Shutdown,
    StateReplica,
    TradingState,
    event_from_json,
    event_to_json,
)
from ._public import publish
from .execution import (
    AccountEvent,
    AccountReconnecting,
    OrderRequestCancel,
    OrderRequestOpen,
)
from .risk import RiskRefused

__all__ = [
    "AccountDisconnect",
    "ActionOutput",
    "AlgoOrders",
    "AssetState",
    "AuditSnapshot",
    "AuditTick",
    "CancelOrders",
    "CancelsAndOpensSent",
    "CancelsSent",
    "ClosePositions",
    "Command",
    "Commanded",
    "Connectivity",
    "Engine",
    "EngineEvent",
    "EngineOutput",
    "EngineView",
    "Health",
    "HookCommand",
    "InstrumentView",
    "MarketDisconnect",
    "OpenPosition",
    "OpensSent",
    "OrderReport",
    "PositionExit",
    "PositionExited",
    "SendCancelRequests",
    "SendOpenRequests",
    "Shutdown",
    "StateReplica",
    "TradingDisabled",
    "TradingState",
    "event_from_json",
    "event_to_json",
]

EngineEvent: TypeAlias = (
    MarketEvent
    | Reconnecting
    | AccountEvent
    | AccountReconnecting
    | SendCancelRequests
    | SendOpenRequests
    | ClosePositions
    | CancelOrders
    | TradingState
    | Shutdown
)
"""An event that the engine can process (`barter::EngineEvent`)."""


@dataclass(frozen=True)
class CancelsSent:
    """Cancels that the engine has sent (`SendRequestsOutput<RequestCancel>`).

    Parameters
    ----------
    sent : tuple of OrderRequestCancel
        The cancels that are on their way.
    errors : tuple of (OrderRequestCancel, str)
        The cancels that could not be sent, each with barter's reason.

    Examples
    --------
    >>> CancelsSent((), ()).errors
    ()
    """

    sent: tuple[OrderRequestCancel, ...]
    errors: tuple[tuple[OrderRequestCancel, str], ...]


@dataclass(frozen=True)
class OpensSent:
    """Orders that the engine has sent (`SendRequestsOutput<RequestOpen>`).

    Parameters
    ----------
    sent : tuple of OrderRequestOpen
        The orders that are on their way.
    errors : tuple of (OrderRequestOpen, str)
        The orders that could not be sent, each with barter's reason.

    Examples
    --------
    >>> OpensSent((), ()).sent
    ()
    """

    sent: tuple[OrderRequestOpen, ...]
    errors: tuple[tuple[OrderRequestOpen, str], ...]


@dataclass(frozen=True)
class CancelsAndOpensSent:
    """The requests that a command to close positions sent (`SendCancelsAndOpensOutput`).

    Parameters
    ----------
    cancels : CancelsSent
        The cancels.
    opens : OpensSent
        The orders.

    Examples
    --------
    >>> CancelsAndOpensSent(CancelsSent((), ()), OpensSent((), ())).opens
    OpensSent(sent=(), errors=())
    """

    cancels: CancelsSent
    opens: OpensSent


@dataclass(frozen=True)
class AlgoOrders:
    """The requests of the strategy's `generate_algo_orders` (`GenerateAlgoOrdersOutput`).

    Parameters
    ----------
    cancels : CancelsSent
        The cancels.
    opens : OpensSent
        The orders.
    cancels_refused : tuple of RiskRefused of OrderRequestCancel
        Cancels that the risk manager refused.
    opens_refused : tuple of RiskRefused of OrderRequestOpen
        Orders that the risk manager refused.

    Examples
    --------
    >>> output = AlgoOrders(CancelsSent((), ()), OpensSent((), ()), (), ())
    >>> len(output.opens.sent), output.opens_refused
    (0, ())
    """

    cancels: CancelsSent
    opens: OpensSent
    cancels_refused: tuple[RiskRefused[OrderRequestCancel], ...]
    opens_refused: tuple[RiskRefused[OrderRequestOpen], ...]


ActionOutput: TypeAlias = CancelsSent | OpensSent | CancelsAndOpensSent | AlgoOrders
"""The outcome of a command (`barter::engine::action::ActionOutput`)."""


@dataclass(frozen=True)
class Commanded:
    """The engine carried out a command (`EngineOutput::Commanded`).

    Parameters
    ----------
    output : ActionOutput
        The outcome of the command.

    Examples
    --------
    >>> Commanded(OpensSent((), ())).output
    OpensSent(sent=(), errors=())
    """

    output: ActionOutput


@dataclass(frozen=True)
class TradingDisabled:
    """Trading was disabled, and the strategy was asked (`EngineOutput::OnTradingDisabled`).

    Parameters
    ----------
    outputs : tuple of ActionOutput
        The outcomes of the commands of its `on_trading_disabled`, one for each command.

    Examples
    --------
    >>> TradingDisabled((OpensSent((), ()),)).outputs
    (OpensSent(sent=(), errors=()),)
    """

    outputs: tuple[ActionOutput, ...]


@dataclass(frozen=True)
class MarketDisconnect:
    """A market data stream was lost, and the strategy was asked (`EngineOutput::MarketDisconnect`).

    Parameters
    ----------
    outputs : tuple of ActionOutput
        The outcomes of the commands of its `on_disconnect`, one for each command.

    Examples
    --------
    >>> MarketDisconnect(()).outputs
    ()
    """

    outputs: tuple[ActionOutput, ...]


@dataclass(frozen=True)
class AccountDisconnect:
    """An account stream was lost, and the strategy was asked (`EngineOutput::AccountDisconnect`).

    Parameters
    ----------
    outputs : tuple of ActionOutput
        The outcomes of the commands of its `on_disconnect`, one for each command.

    Examples
    --------
    >>> AccountDisconnect(()).outputs
    ()
    """

    outputs: tuple[ActionOutput, ...]


@dataclass(frozen=True)
class PositionExit:
    """A fill closed a position (`EngineOutput::PositionExit`).

    Parameters
    ----------
    position : PositionExited
        The closed position.

    Examples
    --------
    >>> from barter_python import Side
    >>> position = PositionExited(
    ...     0, Side.BUY, price_entry_average=100, quantity_abs_max=2, pnl_realised=5,
    ...     fees_enter=1, fees_exit=1, time_enter=0, time_exit=1, trades=["t1", "t2"])
    >>> match PositionExit(position):
    ...     case PositionExit(closed):
    ...         print(closed.pnl_realised)
    5
    """

    position: PositionExited


EngineOutput: TypeAlias = (
    Commanded | TradingDisabled | MarketDisconnect | AccountDisconnect | PositionExit | AlgoOrders
)
"""An output of the engine for an event (`barter::engine::EngineOutput`); made for `match`."""

publish(__name__, globals(), "barter_python._command")
