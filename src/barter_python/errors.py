"""What goes wrong, as classes: one root, and builtin classes beside it where they fit.

A single argument of a wrong type or value raises plain `TypeError` or `ValueError`. An exception in
a strategy is never wrapped: it arrives as it was raised.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

__all__ = [
    "AccountEventError",
    "AuditOrderError",
    "BarterError",
    "CompiledStrategyError",
    "ConfigError",
    "EnginePoisonedError",
    "MarketDataError",
    "OrderRequestError",
    "StrategyBusyError",
    "StreamError",
    "UnknownKeyError",
    "ViewError",
]


class BarterError(Exception):
    """Root of all that this package raises by classes of its own.

    Examples
    --------
    >>> from barter_python import SystemConfig
    >>> try:
    ...     SystemConfig.from_json_text("{}")
    ... except BarterError as error:
    ...     print(type(error).__name__)
    ConfigError
    """


class ConfigError(BarterError, ValueError):
    """A configuration that contradicts itself, or that barter would misread.

    Attributes
    ----------
    place : str or None
        The part of the configuration, such as `system.json.instruments[0].kind` or `executions`;
        `None` if the error is not about one part.

    Examples
    --------
    >>> from barter_python import SystemConfig
    >>> try:
    ...     SystemConfig.from_json_text('{"instruments": 1}')
    ... except ConfigError as error:
    ...     print(error.place)
    the configuration.instruments
    """

    place: str | None

    def __init__(self, message: str = "", *, place: str | None = None) -> None:
        super().__init__(message)
        self.place = place


class MarketDataError(BarterError, ValueError):
    """Market data that cannot be read exactly, or that does not fit the configuration.

    Attributes
    ----------
    path : pathlib.Path or None
        The file; `None` if the data did not come from one.
    line : int or None
        Line of the file, from one; `None` if the error is not about one line.
    reason : str
        What is wrong, without the place.

    Examples
    --------
    >>> from barter_python import MarketData
    >>> try:
    ...     MarketData.from_json_lines("pyproject.toml")
    ... except MarketDataError as error:
    ...     print(error.line)
    1
    """

    path: Path | None
    line: int | None
    reason: str

    def __init__(
        self,
        message: str = "",
        *,
        path: Path | None = None,
        line: int | None = None,
        reason: str | None = None,
    ) -> None:
        super().__init__(message)
        self.path = path
        self.line = line
        self.reason = message if reason is None else reason


class UnknownKeyError(BarterError, LookupError):
    """A name or an index that stands for nothing.

    Attributes
    ----------
    kind : str or None
        What was looked up: `exchange`, `asset` or `instrument`.
    key : int or str or None
        The index or the name.

    Examples
    --------
    >>> from barter_python import ExchangeId, IndexedInstruments, InstrumentConfig, Underlying
    >>> config = InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))
    >>> try:
    ...     IndexedInstruments([config]).exchange_index(ExchangeId.OKX)
    ... except UnknownKeyError as error:
    ...     print(error.kind, error.key)
    exchange okx
    """

    kind: Literal["exchange", "asset", "instrument"] | None
    key: int | str | None

    def __init__(
        self,
        message: str = "",
        *,
        kind: Literal["exchange", "asset", "instrument"] | None = None,
        key: int | str | None = None,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.key = key


class OrderRequestError(BarterError, ValueError):
    """An order of a strategy that must not reach the engine.

    Attributes
    ----------
    cid : str or None
        Client order id of the order; `None` if the error is not about one order.
    instrument : int or None
        Index of its instrument.
    reason : str
        What is wrong, without the order.

    Examples
    --------
    >>> error = OrderRequestError("order 'a': too large", cid="a", instrument=0, reason="too large")
    >>> error.cid, error.reason
    ('a', 'too large')
    """

    cid: str | None
    instrument: int | None
    reason: str

    def __init__(
        self,
        message: str = "",
        *,
        cid: str | None = None,
        instrument: int | None = None,
        reason: str | None = None,
    ) -> None:
        super().__init__(message)
        self.cid = cid
        self.instrument = instrument
        self.reason = message if reason is None else reason


class AccountEventError(BarterError, ValueError):
    """An event of an account on which barter would panic, or which would leave its state wrong.

    Examples
    --------
    >>> issubclass(AccountEventError, ValueError)
    True
    """


class ViewError(BarterError, RuntimeError):
    """A view used outside the callbacks of its run, or on another thread.

    Examples
    --------
    >>> from barter_python import DefaultStrategy, Engine, ExchangeId, IndexedInstruments
    >>> from barter_python import InstrumentConfig, Underlying
    >>> config = InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))
    >>> engine = Engine(DefaultStrategy(), IndexedInstruments([config]), time_start=0)
    >>> try:
    ...     engine.snapshot().call_at(10)
    ... except ViewError:
    ...     print("a snapshot has no timers")
    a snapshot has no timers
    """


class StrategyBusyError(BarterError, RuntimeError):
    """A strategy that is in a run already.

    Examples
    --------
    >>> issubclass(StrategyBusyError, RuntimeError)
    True
    """


class CompiledStrategyError(BarterError, RuntimeError):
    """A compiled strategy whose function has failed, or asked for what cannot be.

    An exception that the function raised in Python (`jit=False`) is its cause.

    Attributes
    ----------
    function : str or None
        The name of the function.
    instrument : str or None
        The name of the instrument of the event.

    Examples
    --------
    >>> error = CompiledStrategyError("it failed", function="quote", instrument="kraken-xbt_usd")
    >>> error.function, error.instrument
    ('quote', 'kraken-xbt_usd')
    """

    function: str | None
    instrument: str | None

    def __init__(
        self, message: str = "", *, function: str | None = None, instrument: str | None = None
    ) -> None:
        super().__init__(message)
        self.function = function
        self.instrument = instrument


class StreamError(BarterError, ConnectionError):
    """A live stream that cannot be opened or read, or whose reader is too slow.

    Examples
    --------
    >>> try:
    ...     raise StreamError("the venue closed the connection")
    ... except ConnectionError as error:
    ...     print(error)
    the venue closed the connection
    """


class AuditOrderError(BarterError, ValueError):
    """An audit tick that does not follow the one before: some are missing.

    Examples
    --------
    >>> from barter_python import DefaultStrategy, Engine, ExchangeId, IndexedInstruments
    >>> from barter_python import InstrumentConfig, StateReplica, TradingState, Underlying
    >>> config = InstrumentConfig(ExchangeId.KRAKEN, "XBTUSD", Underlying("xbt", "usd"))
    >>> engine = Engine(DefaultStrategy(), IndexedInstruments([config]), time_start=0)
    >>> replica = StateReplica(engine.audit_snapshot())
    >>> _ = engine.process(TradingState.ENABLED)
    >>> try:
    ...     replica.update(engine.process(TradingState.DISABLED))
    ... except AuditOrderError:
    ...     print("a tick is missing")
    a tick is missing
    """


class EnginePoisonedError(BarterError, RuntimeError):
    """barter panicked or gave up: the engine's state is unknown and its run is over.

    Examples
    --------
    >>> issubclass(EnginePoisonedError, RuntimeError)
    True
    """
