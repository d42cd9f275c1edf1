"""Tables whose columns have the names of events' attributes, such as those of `to_arrow`."""

from __future__ import annotations

from collections.abc import Sequence

from .columns import (
    BookColumns,
    BookSnapshotColumns,
    CandleColumns,
    Columns,
    L1Columns,
    LiquidationColumns,
    TradeColumns,
)

_CANDLES = {"open", "high", "low", "close", "volume"}
_QUOTES = {"time_exchange", "bid_price", "bid_amount", "ask_price", "ask_amount"}
_TRADES = {"time_exchange", "side", "price", "amount"}
_LIQUIDATIONS = {"time_exchange", "side", "price", "quantity"}


def own_columns(names: Sequence[str]) -> Columns | None:
    """Give the description of a table by the names of its columns; `None` if they are others."""
    known = set(names)
    received = _first(known, "time_received")
    instrument = _first(known, "instrument_name", "instrument")
    if known >= _CANDLES and known & {"close_time", "open_time"}:
        return CandleColumns(
            close_time=_first(known, "close_time"),
            open_time=_first(known, "open_time"),
            trade_count=_first(known, "trade_count"),
            time_received=received,
            instrument=instrument,
        )
    if known >= _QUOTES:
        return L1Columns(time_received=received, id=_first(known, "id"), instrument=instrument)
    if known >= _LIQUIDATIONS:
        return LiquidationColumns(time_received=received, instrument=instrument)
    sequence = _first(known, "sequence")
    if known >= _TRADES and known & {"is_snapshot", "sequence"}:
        return BookColumns(
            time_received=received,
            is_snapshot=_first(known, "is_snapshot"),
            sequence=sequence,
            instrument=instrument,
        )
    if known >= _TRADES:
        return TradeColumns(time_received=received, id=_first(known, "id"), instrument=instrument)
    return _whole_books(known, received, sequence, instrument)


def _first(known: set[str], *wanted: str) -> str | None:
    return next((name for name in wanted if name in known), None)


def _whole_books(
    known: set[str], received: str | None, sequence: str | None, instrument: str | None
) -> Columns | None:
    """Give the description of a table with columns for each level."""
    levels = 0
    while {
        f"{side}[{levels}].{name}" for side in ("bids", "asks") for name in ("price", "amount")
    } <= known:
        levels += 1
    if not levels or "time_exchange" not in known:
        return None
    return BookSnapshotColumns(
        levels=levels, time_received=received, sequence=sequence, instrument=instrument
    )
