"""A feed from a local venue that loses its first connection, and calls of all its methods."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from barter_python import ExchangeId, IndexedInstruments, InstrumentConfig, Underlying
from barter_python.streams import Overflow, SubKind
from support.calls import Call
from support.venue_server import VenueServer, Visit

BITCOIN = InstrumentConfig(ExchangeId.BINANCE_SPOT, "BTCUSDT", Underlying("btc", "usdt"))
SECOND = timedelta(seconds=1)


def depth(path: str) -> object:
    """Give the snapshot of a book as Binance does."""
    assert path.startswith("/api/v3/depth?symbol=BTCUSDT&limit=1000")
    return {"lastUpdateId": 10, "bids": [["99.0", "1.5"]], "asks": [["101.0", "2.0"]]}


async def lose_first(visit: Visit) -> None:
    """Accept a subscription of Binance, and close the first connection."""
    request = json.loads(await visit.receive())
    await visit.send({"result": None, "id": request["id"]})
    if visit.number == 0:
        await visit.close()
    else:
        await visit.stay()


@contextmanager
def feed_calls(folder: Path) -> Iterator[list[tuple[str, Call]]]:
    """Give calls of the constructor, and of the methods of what it makes, in order."""
    with VenueServer(lose_first, rest=depth) as server:
        address = server.address()

        def made(silence: timedelta | None, websocket: str | None, http: str | None) -> Call:
            return Call(
                IndexedInstruments([BITCOIN]),
                [(0, SubKind.ORDER_BOOKS_L2)],
                [(ExchangeId.BINANCE_SPOT, websocket, http)],
                capacity=10,
                overflow=Overflow.WAIT,
                open_timeout=10 * SECOND,
                silence=silence,
                backoff=SECOND / 1000,
                backoff_max=SECOND,
                steady=SECOND,
                wait_for_connection=True,
            )

        nowhere = "127.0.0.1:9"  # where nobody listens
        yield [
            ("__new__", made(SECOND, f"ws://{nowhere}", f"http://{nowhere}")),
            ("close", Call()),
            ("__new__", made(None, address.websocket, address.http)),
            ("book", Call(0)),
            ("wait_until_connected", Call()),
            ("is_connected", Call()),
            ("record", Call(str(folder / "all.jsonl"), None, None)),
            # Connected, snapshot, lost, reconnecting, back, snapshot; then nothing.
            *[("next", Call(None))] * 3,
            *[("next", Call())] * 3,
            ("next", Call(SECOND / 1000)),
            ("recorded", Call()),
            ("stop_recording", Call()),
            ("record", Call(folder / "all.jsonl.gz", 1000, SECOND)),
            ("statuses", Call()),
            ("book", Call(0)),
            ("lag", Call()),
            ("arm", Call()),
            ("fileno", Call()),
            ("is_at_end", Call()),
            ("close", Call()),
        ]
