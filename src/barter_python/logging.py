"""What barter logs, as records of Python's `logging`: the module `barter::logging`.

barter says through Rust's `tracing` what it does: `Engine actioning user Command::ClosePositions`,
`EngineState received MarketStream disconnect event`. Nothing of it is seen, and next to nothing
spent on it, until `enable_logging` is called.

The target of an event is the name of its logger, with dots: `barter::engine::state::trading` is
`barter.engine.state.trading`, so that handlers and levels for `barter` serve all of the crate
`barter`, `barter_data` all of `barter-data`, and so on. Levels are those of `logging`; tracing's
`TRACE`, which `logging` lacks, is 5. The message ends with the event's fields, as tracing writes
them; they are also in the record's attribute `barter_fields`, a dict. `pathname` and `lineno` are
those of barter's source.

A replica logs nothing: its engine has logged it, as barter has it too.
"""

from __future__ import annotations

import logging

from ._core import set_logging_level

__all__ = ["disable_logging", "enable_logging"]

_TRACE = 5


def enable_logging(level: int | str = "INFO") -> None:
    """Have barter's events of this level and above reach Python's `logging`, in all threads.

    Call it again to change the level. Less severe events are dropped in Rust and cost next to
    nothing; the levels of Python's loggers are asked for the others. A process of `run_backtests`
    does not inherit it.

    Handlers run where barter logs, in the midst of an event: views raise there unless a callback
    is running, and the engine cannot be used. What a handler lets through does not stop the engine:
    it goes to `sys.unraisablehook`. Ctrl-C in a handler ends the run all the same.

    Parameters
    ----------
    level : int or str
        A level of `logging` or its name, or `"TRACE"`, which is 5.

    Raises
    ------
    ValueError
        When no level has that name.

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
    """Have nothing of barter's reach Python's `logging` any more, as it was at first.

    Examples
    --------
    >>> from barter_python import disable_logging
    >>> disable_logging()
    """
    set_logging_level(None)


def _number(level: int | str) -> int:
    """Give the number of a level."""
    if isinstance(level, str):
        # Before Python 3.11 the names that `logging` knows are to be had one by one only.
        number: object = _TRACE if level == "TRACE" else logging.getLevelName(level)
        if isinstance(number, int):
            return number
        raise ValueError(f"level must be a level of logging, got {level!r}")
    if isinstance(level, bool) or not isinstance(level, int):
        raise TypeError(f"level must be an int or a str, got {type(level).__name__}")
    return level
