"""A function without numba: the same calls, in plain Python, for tests and debuggers.

It works on copies of what the engine shows, so that nothing that the function keeps is memory of
the engine.
"""

import ctypes
import math
import threading
from collections.abc import Callable
from typing import TypeVar, cast

from . import actions, layout
from .protocols import CompiledInstrument, CompiledLevel, CompiledOrder, EventFunction

OwnT = TypeVar("OwnT")
StructureT = TypeVar("StructureT", bound=ctypes.Structure)


class _Instrument:
    """`CompiledInstrument` over copies."""

    __slots__ = ("_asks", "_bids", "_orders", "_shown")

    def __init__(self, address: int) -> None:
        shown = _copied(layout.Instrument, address, 1)[0]
        self._shown = shown
        self._orders = _copied(layout.Order, shown.orders_address, shown.order_count)
        self._bids = _copied(layout.Level, shown.bids_address, shown.bid_count)
        self._asks = _copied(layout.Level, shown.asks_address, shown.ask_count)

    def __getattr__(self, name: str) -> float:
        number: float = getattr(self._shown, name)
        return number

    def bid(self, level: int, /) -> CompiledLevel:
        return _item(self._bids, level)

    def ask(self, level: int, /) -> CompiledLevel:
        return _item(self._asks, level)

    def order(self, position: int, /) -> CompiledOrder:
        return _item(self._orders, position)


class _Orders:
    """`CompiledOrders`: the requests are written when the function has returned."""

    __slots__ = ("_capacity", "_next_id", "_position", "_requests")

    def __init__(self, requests: ctypes.Structure) -> None:
        self._capacity: int = requests.capacity
        self._next_id: int = requests.next_id
        self._position: float = requests.position
        self._requests: list[ctypes.Structure] = []

    def market_buy(self, quantity: float) -> int:
        return self._open(actions.MARKET_BUY, math.nan, quantity)

    def market_sell(self, quantity: float) -> int:
        return self._open(actions.MARKET_SELL, math.nan, quantity)

    def limit_buy(self, *, price: float, quantity: float, post_only: bool = False) -> int:
        return self._open(actions.LIMIT_BUY, price, quantity, post_only=post_only)

    def limit_sell(self, *, price: float, quantity: float, post_only: bool = False) -> int:
        return self._open(actions.LIMIT_SELL, price, quantity, post_only=post_only)

    def close(self) -> None:
        if self._position != 0:
            self._open(actions.CLOSE, math.nan, 0.0)

    def cancel(self, id: int) -> None:
        self._ask(layout.Request(actions.CANCEL, id, 0, math.nan, 0.0))

    def cancel_all(self) -> None:
        self._ask(layout.Request(actions.CANCEL_ALL, 0, 0, math.nan, 0.0))

    def _open(self, action: int, price: float, quantity: float, *, post_only: bool = False) -> int:
        number = self._next_id
        self._next_id += 1
        self._ask(layout.Request(action, number, int(post_only), price, quantity))
        return number

    def _ask(self, request: ctypes.Structure) -> None:
        self._requests.append(request)

    def write(self, requests: ctypes.Structure) -> None:
        """Hand the requests over."""
        kept = self._requests[: self._capacity]
        array = (layout.Request * len(kept))(*kept)
        ctypes.memmove(requests.requests_address, array, ctypes.sizeof(array))
        requests.count = len(self._requests)


class Interpreted:
    """A function of Python as the engine calls it, and the exception that it raised last."""

    is_python = True

    def __init__(self, function: EventFunction[OwnT], structure: type[ctypes.Structure]) -> None:
        self._raised = threading.local()
        self.entry: layout.CFunction = layout.CFunction(_entry(function, structure, self._keep))

    def _keep(self, error: BaseException) -> None:
        self._raised.error = error

    def failure(self) -> BaseException | None:
        """Take the exception that the function has raised on this thread."""
        error: BaseException | None = getattr(self._raised, "error", None)
        self._raised.error = None
        return error


def _entry(
    function: EventFunction[OwnT],
    structure: type[ctypes.Structure],
    keep: Callable[[BaseException], None],
) -> Callable[[int, int, int, int], int]:
    size = ctypes.sizeof(structure)

    def entry(time_ns: int, instrument_at: int, own_at: int, requests_at: int) -> int:
        try:
            instrument = _Instrument(instrument_at)
            requests = layout.Requests.from_address(requests_at)
            orders = _Orders(requests)
            own = structure.from_buffer_copy(ctypes.string_at(own_at, size))
            try:
                function(
                    time_ns,
                    cast("CompiledInstrument", instrument),
                    # It has the attributes of `OwnT`, which is what the function reads and sets.
                    cast("OwnT", own),
                    orders,
                )
            finally:
                ctypes.memmove(own_at, ctypes.byref(own), size)
            orders.write(requests)
        except BaseException as error:
            keep(error)
            return 1
        return 0

    return entry


def _copied(structure: type[StructureT], address: int, count: int) -> "list[StructureT]":
    text = ctypes.string_at(address, ctypes.sizeof(structure) * count) if count else b""
    return list((structure * count).from_buffer_copy(text))


def _item(items: list[StructureT], position: int) -> StructureT:
    if not 0 <= position < len(items):
        raise IndexError(f"there is no item {position}; there are {len(items)}")
    return items[position]
