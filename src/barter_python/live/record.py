"""What a recorded run was started with, and what it was told and sent."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from os import PathLike, fspath
from pathlib import Path

from .._core import FillPrice, MarketData, TimeInterval, nanoseconds_of
from .._json import Json
from ..backtest.options import RunOptions
from ..engine import EngineEvent, event_from_json
from ..errors import MarketDataError
from ..system import SystemConfig

_VERSION = 1


@dataclass(frozen=True)
class RecordedRequest:
    """A request that the engine has sent to an exchange.

    Parameters
    ----------
    time_ns : int
        When, in nanoseconds since 1970 in UTC.
    request : str
        The request, as barter writes its `ExecutionRequest` in JSON.

    Examples
    --------
    >>> from barter_python.live import RecordedRequest
    >>> RecordedRequest(0, "{}").time_ns
    0
    """

    time_ns: int
    request: str


@dataclass(frozen=True)
class SessionRecord:
    """The session's file of a record, read."""

    config: SystemConfig
    options: RunOptions
    has_risk_manager: bool
    commands: list[tuple[int, int, EngineEvent]]
    requests: list[RecordedRequest]
    until_ns: int | None


def session_path(record: str | PathLike[str]) -> str:
    """Name the session's file of a record."""
    return f"{fspath(record)}.session.jsonl.gz"


def warmup_path(record: str | PathLike[str]) -> str:
    """Name the file of a record with the events of its warm-up."""
    return f"{fspath(record)}.warmup.jsonl.gz"


def session_text(config: SystemConfig, options: RunOptions, record: str) -> str:
    """Write how a run is started; the latency and the fees are in its executions."""
    executed = SystemConfig(config.instruments, options.executions(config), config.risk_free_return)
    interval = options.interval
    fields: dict[str, Json] = {
        "version": _VERSION,
        "config": json.loads(executed.to_json_text()),
        "fill_price": options.fill_price.value,
        "close_at_end": options.close_at_end,
        "risk_free_return": str(options.risk_free_return),
        "interval": (
            interval.value
            if isinstance(interval, TimeInterval)
            else interval // timedelta(seconds=1)
        ),
        "warmup": None if options.warmup is None else Path(warmup_path(record)).name,
        "has_risk_manager": options.risk_manager is not None,
        "guard_commands": options.guard_commands,
        "equity_interval_ns": _nanoseconds("equity_interval", options.equity_interval),
        "equity_conversions": dict(options.equity_conversions or {}),
        "candles_ns": _nanoseconds("candles", options.candles),
    }
    return json.dumps({"session": fields})


def _nanoseconds(name: str, length: timedelta | None) -> int | None:
    """Count what a subclass of `timedelta` may hold, and refuse what `timedelta` itself cannot."""
    if length is None:
        return None
    count = nanoseconds_of(length)
    if count % 1_000:
        raise ValueError(f"{name} must be whole microseconds for a record, got {count} ns")
    return count


def _length(count: Json) -> timedelta | None:
    """Read what `_nanoseconds` has written."""
    return timedelta(microseconds=count // 1_000) if isinstance(count, int) else None


def read_session(record: str | PathLike[str]) -> SessionRecord:
    """Read the session's file of a record."""
    path = session_path(record)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        first, *rest = [json.loads(line) for line in lines]
    session = first.get("session") if isinstance(first, dict) else None
    if not isinstance(session, dict) or session.get("version") != _VERSION:
        raise MarketDataError(f"{path} is no session of version {_VERSION}")
    commands: list[tuple[int, int, EngineEvent]] = []
    requests: list[RecordedRequest] = []
    until_ns: int | None = None
    for line in rest:
        match line:
            case {"command": {"after": int(after), "time_ns": int(time), "event": event}}:
                commands.append((after, time, event_from_json(json.dumps(event))))
            case {"request": {"time_ns": int(time), "request": request}}:
                text = json.dumps(request, separators=(",", ":"), ensure_ascii=False)
                requests.append(RecordedRequest(time, text))
            case {"end": {"until_ns": int(time)}}:
                until_ns = time
            case _:
                raise MarketDataError(f"{path}: a line of no known kind: {json.dumps(line)[:200]}")
    warmup = None
    if session.get("warmup"):
        # Beside the record where that is now, whatever its name was.
        warmup = MarketData.from_json_lines(warmup_path(record))
    return SessionRecord(
        config=SystemConfig.from_json_text(json.dumps(session["config"])),
        options=replace(_options(session, commands, until_ns), warmup=warmup),
        has_risk_manager=session["has_risk_manager"] is True,
        commands=commands,
        requests=requests,
        until_ns=until_ns,
    )


def _options(
    session: Mapping[str, Json],
    commands: list[tuple[int, int, EngineEvent]],
    until_ns: int | None,
) -> RunOptions:
    interval = session["interval"]
    conversions = session["equity_conversions"]
    assert isinstance(conversions, dict)
    return RunOptions(
        until_ns=until_ns,
        latency=None,
        fee_rate=None,
        fill_price=FillPrice(session["fill_price"]),
        close_at_end=session["close_at_end"] is True,
        risk_free_return=Decimal(str(session["risk_free_return"])),
        interval=(
            timedelta(seconds=interval) if isinstance(interval, int) else TimeInterval(interval)
        ),
        risk_manager=None,
        guard_commands=session["guard_commands"] is True,
        equity_interval=_length(session["equity_interval_ns"]),
        equity_conversions={name: str(value) for name, value in conversions.items()} or None,
        candles=_length(session["candles_ns"]),
        commands=commands,
        keep_requests=True,
    )
