"""What goes wrong, as classes: one root, and builtin classes beside it where they fit.

A single argument of a wrong type or value raises plain `TypeError` or `ValueError`. An exception in
a strategy is never wrapped: it arrives as it was raised.
"""

from __future__ import annotations

__all__ = [
    "AccountEventError",
    "AuditOrderError",
    "BarterError",
    "ConfigError",
    "EnginePoisonedError",
    "MarketDataError",
    "OrderRequestError",
    "StrategyBusyError",
    "UnknownKeyError",
    "ViewError",
]


class BarterError(Exception):
    """Root of all that this package raises by classes of its own."""


class ConfigError(BarterError, ValueError):
    """A configuration that contradicts itself, or that barter would misread."""


class MarketDataError(BarterError, ValueError):
    """Market data that cannot be read exactly, or that does not fit the configuration."""


class UnknownKeyError(BarterError, LookupError):
    """A name or an index that stands for nothing."""


class OrderRequestError(BarterError, ValueError):
    """An order of a strategy that must not reach the engine."""


class AccountEventError(BarterError, ValueError):
    """An event of an account on which barter would panic, or which would leave its state wrong."""


class ViewError(BarterError, RuntimeError):
    """A view used outside the callbacks of its run, or on another thread."""


class StrategyBusyError(BarterError, RuntimeError):
    """A strategy that is in a run already."""


class AuditOrderError(BarterError, ValueError):
    """An audit tick that does not follow the one before: some are missing."""


class EnginePoisonedError(BarterError, RuntimeError):
    """barter panicked or gave up: the engine's state is unknown and its run is over."""
