"""Stop and take-profit orders, which a run holds until a price triggers them: `docs/stops.md`."""

from __future__ import annotations

from ._core import (
    Stop,
    StopKind,
    StopOrder,
    StopTrigger,
    TakeProfitOrder,
    TrailingStopOrder,
    TriggerPrice,
)

__all__ = [
    "Stop",
    "StopKind",
    "StopOrder",
    "StopTrigger",
    "TakeProfitOrder",
    "TrailingStopOrder",
    "TriggerPrice",
]
