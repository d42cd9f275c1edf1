"""Instruments for tables of market data, and what their rows should become."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

from barter_python import (
    ExchangeId,
    IndexedInstruments,
    InstrumentConfig,
    MarketData,
    MarketEvent,
    PublicTrade,
    Reconnecting,
    Side,
    Underlying,
)

SPOT, FUTURES = ExchangeId.BINANCE_SPOT, ExchangeId.BINANCE_FUTURES_USD
ONE = IndexedInstruments([InstrumentConfig(SPOT, "BTCUSDT", Underlying("btc", "usdt"))])
TWO = IndexedInstruments(
    [
        InstrumentConfig(SPOT, "BTCUSDT", Underlying("btc", "usdt")),
        InstrumentConfig(SPOT, "ETHUSDT", Underlying("eth", "usdt")),
    ]
)
AMBIGUOUS = IndexedInstruments(
    [
        InstrumentConfig(SPOT, "BTCUSDT", Underlying("btc", "usdt")),
        InstrumentConfig(FUTURES, "BTCUSDT", Underlying("btc", "usdt")),
    ]
)
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def written(path: Path, *lines: str) -> Path:
    """Write lines to a file and give its path."""
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def trade(
    nanoseconds: int,
    price: str,
    amount: str,
    side: Side,
    identity: str,
    *,
    received: int | None = None,
    instrument: int = 0,
    exchange: ExchangeId = SPOT,
) -> MarketEvent:
    """Make the event of a trade."""
    kind = PublicTrade(identity, price=Decimal(price), amount=Decimal(amount), side=side)
    time_received = nanoseconds if received is None else received
    return MarketEvent(nanoseconds, time_received, exchange, instrument, kind)


def items(data: MarketData) -> list[MarketEvent]:
    """Give the events of a history without reconnects."""
    events = list(data)
    found = [event for event in events if isinstance(event, MarketEvent)]
    assert len(found) == len(events)
    return found


def shown(events: Iterable[MarketEvent | Reconnecting]) -> list[str]:
    """Give the events as text: unlike equality, it tells 1.0 from 1.00."""
    return [repr(event) for event in events]


def nanoseconds_of(time: datetime) -> int:
    """Give nanoseconds since 1970."""
    return (time - EPOCH) // timedelta(microseconds=1) * 1000
