"""Tables whose columns have the names of events' attributes, such as those of `to_arrow`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .book_columns import BookColumns, BookSnapshotColumns
from .columns import (
    CandleColumns,
    Columns,
    FundingColumns,
    L1Columns,
    LiquidationColumns,
    SettlementColumns,
    TradeColumns,
)

_CANDLES = {"open", "high", "low", "close", "volume"}
_QUOTES = {"time_exchange", "bid_price", "bid_amount", "ask_price", "ask_amount"}
_TRADES = {"time_exchange", "side", "price", "amount"}
_LIQUIDATIONS = {"time_exchange", "side", "price", "quantity"}
_FUNDINGS = {"time_exchange", "rate"}
_SETTLEMENTS = {"time_exchange", "price"}
_OF_ALL = {
    "position",
    "time_exchange",
    "time_received",
    "exchange",
    "instrument",
    "instrument_name",
}


def own_columns(names: Sequence[str]) -> Columns | None:
    """Give the description of a table by the names of its columns; `None` if they are others."""
    known = set(names)
    received = _first(known, "time_received")
    instrument = _first(known, "instrument_name", "instrument")
    id_ = _first(known, "id")
    sequence = _first(known, "sequence")
    is_snapshot = _first(known, "is_snapshot")
    found: Columns | None = None
    if known >= _CANDLES and known & {"close_time", "open_time"}:
        found = CandleColumns(
            close_time=_first(known, "close_time"),
            open_time=_first(known, "open_time"),
            trade_count=_first(known, "trade_count"),
        )
    elif known >= _QUOTES:
        found = L1Columns(id=id_)
    elif known >= _LIQUIDATIONS:
        found = LiquidationColumns()
    elif known >= _TRADES and (is_snapshot or sequence):
        found = BookColumns(is_snapshot=is_snapshot, sequence=sequence)
    elif known >= _TRADES:
        found = TradeColumns(id=id_)
    elif known >= _FUNDINGS:
        found = FundingColumns(mark_price=_first(known, "mark_price"))
    # A price alone may be of anything that has more columns.
    elif _SETTLEMENTS <= known <= _SETTLEMENTS | _OF_ALL:
        found = SettlementColumns()
    elif levels := _levels(known):
        found = BookSnapshotColumns(levels=levels, sequence=sequence)
    return found and replace(found, time_received=received, instrument=instrument)


def _first(known: set[str], *wanted: str) -> str | None:
    return next((name for name in wanted if name in known), None)


def _levels(known: set[str]) -> int:
    """Count the levels of a table with columns for each; none if it has no time."""
    levels = 0
    while "time_exchange" in known and known >= {
        f"{side}[{levels}].{name}" for side in ("bids", "asks") for name in ("price", "amount")
    }:
        levels += 1
    return levels
