"""The engine, what it can be told and what it tells: the module `barter::engine`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ._core import (
    AssetState,
    AuditSnapshot,
    AuditTick,
    Connectivity,
    Engine,
    EngineView,
    EquityPoint,
    Health,
    InstrumentFilter,
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
    "EquityPoint",
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
"""What the engine can be told to do (`barter::engine::command::Command`)."""

HookCommand: TypeAlias = Command | TradingState
"""What `on_disconnect` and `on_trading_disabled` ask for; a `TradingState` is the next event."""

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
"""What the engine can process (`barter::EngineEvent`)."""


@dataclass(frozen=True)
class CancelsSent:
    """Cancels that the engine has sent (`SendRequestsOutput<RequestCancel>`).

    Parameters
    ----------
    sent : tuple of OrderRequestCancel
        On their way.
    errors : tuple of (OrderRequestCancel, str)
        Those that could not be sent, and barter's text of the reason.
    """

    sent: tuple[OrderRequestCancel, ...]
    errors: tuple[tuple[OrderRequestCancel, str], ...]


@dataclass(frozen=True)
class OpensSent:
    """Orders that the engine has sent (`SendRequestsOutput<RequestOpen>`).

    Parameters
    ----------
    sent : tuple of OrderRequestOpen
        On their way.
    errors : tuple of (OrderRequestOpen, str)
        Those that could not be sent, and barter's text of the reason.
    """

    sent: tuple[OrderRequestOpen, ...]
    errors: tuple[tuple[OrderRequestOpen, str], ...]


@dataclass(frozen=True)
class CancelsAndOpensSent:
    """What closing positions has sent (`SendCancelsAndOpensOutput`).

    Parameters
    ----------
    cancels : CancelsSent
        Cancels.
    opens : OpensSent
        Orders.
    """

    cancels: CancelsSent
    opens: OpensSent


@dataclass(frozen=True)
class AlgoOrders:
    """What came of the strategy's `generate_algo_orders` (`GenerateAlgoOrdersOutput`).

    Parameters
    ----------
    cancels : CancelsSent
        Cancels.
    opens : OpensSent
        Orders.
    cancels_refused : tuple of RiskRefused of OrderRequestCancel
        Cancels that the risk manager has refused.
    opens_refused : tuple of RiskRefused of OrderRequestOpen
        Orders that the risk manager has refused.
    """

    cancels: CancelsSent
    opens: OpensSent
    cancels_refused: tuple[RiskRefused[OrderRequestCancel], ...]
    opens_refused: tuple[RiskRefused[OrderRequestOpen], ...]


ActionOutput: TypeAlias = CancelsSent | OpensSent | CancelsAndOpensSent | AlgoOrders
"""What the engine did when it was told to (`barter::engine::action::ActionOutput`)."""


@dataclass(frozen=True)
class Commanded:
    """A command was carried out (`EngineOutput::Commanded`).

    Parameters
    ----------
    output : ActionOutput
        How.
    """

    output: ActionOutput


@dataclass(frozen=True)
class TradingDisabled:
    """Trading was disabled, and the strategy told (`EngineOutput::OnTradingDisabled`).

    Parameters
    ----------
    outputs : tuple of ActionOutput
        What its `on_trading_disabled` had the engine do, one for each command.
    """

    outputs: tuple[ActionOutput, ...]


@dataclass(frozen=True)
class MarketDisconnect:
    """A stream of market data was lost, and the strategy told (`EngineOutput::MarketDisconnect`).

    Parameters
    ----------
    outputs : tuple of ActionOutput
        What its `on_disconnect` had the engine do, one for each command.
    """

    outputs: tuple[ActionOutput, ...]


@dataclass(frozen=True)
class AccountDisconnect:
    """The stream of an account was lost, and the strategy told (`EngineOutput::AccountDisconnect`).

    Parameters
    ----------
    outputs : tuple of ActionOutput
        What its `on_disconnect` had the engine do, one for each command.
    """

    outputs: tuple[ActionOutput, ...]


@dataclass(frozen=True)
class PositionExit:
    """A position was closed (`EngineOutput::PositionExit`).

    Parameters
    ----------
    position : PositionExited
        The position.
    """

    position: PositionExited


EngineOutput: TypeAlias = (
    Commanded | TradingDisabled | MarketDisconnect | AccountDisconnect | PositionExit | AlgoOrders
)
"""What the engine did with an event (`barter::engine::EngineOutput`); for `match`."""
