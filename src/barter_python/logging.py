"""barter's log as records of Python's `logging`: the module `barter::logging`.

barter logs through Rust's `tracing`, for example `Engine actioning user Command::ClosePositions` or
`EngineState received MarketStream disconnect event`. The events are dropped, at next to no cost,
until `enable_logging` is called.

The target of an event, with dots, is the name of its logger: `barter::engine::state::trading` is
`barter.engine.state.trading`. Handlers and levels of the logger `barter` therefore apply to the
whole crate `barter`, those of `barter_data` to `barter-data`, and so on. Levels are those of
`logging`; tracing's `TRACE`, which `logging` lacks, is 5. The message ends with the event's fields,
as tracing writes them; the record's attribute `barter_fields` has them as a dict. `pathname` and
`lineno` are those of barter's source.

A replica logs nothing, as in barter: its engine has logged the event.
"""

from __future__ import annotations

import logging

from ._checks import shown
from ._core import set_logging_level

__all__ = ["disable_logging", "enable_logging"]

_TRACE = 5


def enable_logging(level: int | str = "INFO") -> None:
    """Pass barter's events of this level and above to Python's `logging`, in all threads.

    Call it again to change the level. Less severe events are dropped in Rust and cost next to
    nothing; the levels of Python's loggers decide about the others. The processes of
    `run_backtests` do not inherit the level.

    Handlers run while barter processes an event: views raise there unless a callback is running,
    and the engine cannot be used. An exception of a handler does not stop the engine: it goes to
    `sys.unraisablehook`. Ctrl-C in a handler does end the run.

    Parameters
    ----------
    level : int or str
        A level of `logging` or its name, or `"TRACE"`, which is 5.

    Raises
    ------
    ValueError
        If no level has that name.

    Examples
    --------
    >>> import logging, sys
    >>> from barter_python import DefaultStrategy, Engine, ExchangeId, IndexedInstruments
    >>> from barter_python import InstrumentConfig, TradingState, Underlying
    >>> from barter_python import disable_logging, enable_logging
    >>> instruments = IndexedInstruments(
    ...     [InstrumentConfig(ExchangeId.KRAKEN, "BTCUSD", Underlying("btc", "usd"))])
    >>> engine = Engine(DefaultStrategy(), instruments, time_start=0)
    >>> handler = logging.StreamHandler(sys.stdout)
    >>> handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    >>> logger = logging.getLogger("barter")
    >>> logger.addHandler(handler)
    >>> logger.setLevel("INFO")
    >>> enable_logging("INFO")
    >>> tick = engine.process(TradingState.ENABLED)
    INFO barter.engine.state.trading: EngineState setting TradingState::Enabled
    >>> disable_logging()
    >>> tick = engine.process(TradingState.DISABLED)
    >>> logger.removeHandler(handler)
    """
    set_logging_level(min(max(_number(level), 0), logging.CRITICAL))


def disable_logging() -> None:
    """Stop passing barter's events to Python's `logging`, as at the start.

    Examples
    --------
    >>> from barter_python import disable_logging
    >>> disable_logging()
    """
    set_logging_level(None)


def _number(level: int | str) -> int:
    """Give the number of a level."""
    if isinstance(level, str):
        # Python 3.10 has no function that lists the names of levels.
        number: object = _TRACE if level == "TRACE" else logging.getLevelName(level)
        if isinstance(number, int):
            return number
        raise ValueError(f"level must be a level of logging, got {shown(level)}")
    if isinstance(level, bool) or not isinstance(level, int):
        raise TypeError(f"level must be an int or a str, got {type(level).__name__}")
    return level
