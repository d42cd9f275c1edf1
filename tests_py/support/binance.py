"""Binance's spot market as a local server plays it."""

from __future__ import annotations

import json
from datetime import timedelta

from barter_python import ExchangeId, InstrumentConfig, Underlying
from barter_python.streams import StreamOptions, SubKind, Subscription
from support.venue_server import VenueServer, Visit

BITCOIN = InstrumentConfig(ExchangeId.BINANCE_SPOT, "BTCUSDT", Underlying("btc", "usdt"))
ETHER = InstrumentConfig(ExchangeId.BINANCE_SPOT, "ETHUSDT", Underlying("eth", "usdt"))
TRADES = Subscription(BITCOIN, SubKind.PUBLIC_TRADES)
QUOTES = Subscription(BITCOIN, SubKind.ORDER_BOOKS_L1)
BOOKS = Subscription(BITCOIN, SubKind.ORDER_BOOKS_L2)
MOMENT = timedelta(milliseconds=1)


def trade(number: int, price: str = "101.5", *, market: str = "BTCUSDT") -> dict[str, object]:
    """Write a trade as Binance does."""
    return {
        "e": "trade",
        "E": 1_700_000_000_123,
        "s": market,
        "t": number,
        "p": price,
        "q": "0.25",
        "T": 1_700_000_000_100,
        "m": True,
        "M": True,
    }


def quote(number: int, bid: str, ask: str, *, market: str = "BTCUSDT") -> dict[str, object]:
    """Write the best bid and ask as Binance does."""
    return {"u": number, "s": market, "b": bid, "B": "1", "a": ask, "A": "2"}


def depth(first: int, last: int, bids: object, asks: object) -> dict[str, object]:
    """Write an update of a book as Binance does."""
    return {
        "e": "depthUpdate",
        "E": 1_700_000_000_123,
        "s": "BTCUSDT",
        "U": first,
        "u": last,
        "b": bids,
        "a": asks,
    }


async def accept(visit: Visit) -> list[str]:
    """Accept the subscription and give the names of its streams."""
    request = json.loads(await visit.receive())
    await visit.send({"result": None, "id": request["id"]})
    names: list[str] = request["params"]
    return names


def quick(server: VenueServer) -> StreamOptions:
    """Give options that reconnect at once, to that server."""
    addresses = {ExchangeId.BINANCE_SPOT: server.address()}
    return StreamOptions(backoff=MOMENT, backoff_max=MOMENT, addresses=addresses)
