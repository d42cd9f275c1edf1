"""Runs on live market data: what `barter::system` is for.

Nothing connects before a run is started. Exchanges are simulated: no order leaves this machine.
"""

from .._public import publish
from .audit import AuditStream
from .policy import KillSwitch, ShutdownPolicy
from .record import RecordedRequest
from .replaying import Difference, Replay, replay
from .result import KillSwitchTrip, PaperResult
from .run import run_paper
from .session import PaperOptions
from .system import System

__all__ = [
    "AuditStream",
    "Difference",
    "KillSwitch",
    "KillSwitchTrip",
    "PaperOptions",
    "PaperResult",
    "RecordedRequest",
    "Replay",
    "ShutdownPolicy",
    "System",
    "replay",
    "run_paper",
]

publish(__name__, globals(), __name__)
