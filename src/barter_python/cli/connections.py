"""What the commands that read live data have in common."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from ..instrument import ExchangeId
from ..streams import Address
from .errors import UsageError, one_line
from .parameters import convert_to


@contextmanager
def ended_by_sigterm() -> Iterator[None]:
    """Have SIGTERM end the command as Ctrl-C does."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def addresses_of(given: Sequence[str]) -> dict[ExchangeId, Address]:
    """Read the addresses of exchanges, such as `binance_spot=ws://127.0.0.1:9/ws`."""
    addresses: dict[ExchangeId, Address] = {}
    for text in given:
        name, equals, address = text.partition("=")
        if not equals:
            raise UsageError(f"--address must be EXCHANGE=ADDRESS, got {text!r}")
        exchange = convert_to(name, ExchangeId, "--address")
        before = addresses.get(exchange, Address())
        with one_line("--address"):
            if address.startswith("http"):
                addresses[exchange] = Address(websocket=before.websocket, http=address)
            else:
                addresses[exchange] = Address(websocket=address, http=before.http)
    return addresses
