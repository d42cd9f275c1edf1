"""Risk: the module `barter::risk`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["RiskRefused"]

ItemT_co = TypeVar("ItemT_co", covariant=True)


@dataclass(frozen=True)
class RiskRefused(Generic[ItemT_co]):
    """What a risk manager has refused (`barter::risk::RiskRefused`)."""

    item: ItemT_co
    reason: str
