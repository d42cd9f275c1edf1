"""A function that numba compiles, over records of numba's. Importing this needs numba."""

import ctypes
import inspect
import math
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Protocol, TypeVar

from . import actions, layout
from .protocols import EventFunction

OwnT = TypeVar("OwnT")

# Modules without types for checkers: some versions of numba have some, and none have all.
numba: ModuleType = import_module("numba")
np: ModuleType = import_module("numpy")
errors: ModuleType = import_module("numba.core.errors")
extending: ModuleType = import_module("numba.extending")
models: ModuleType = import_module("numba.core.datamodel.models")
types = numba.types


class _Instrument(Protocol):
    """`layout.Instrument` as compiled code sees it."""

    bid_count: int
    ask_count: int
    order_count: int
    bids_address: int
    asks_address: int
    orders_address: int


class _Orders(Protocol):
    """`layout.Requests` as compiled code sees it."""

    count: int
    capacity: int
    next_id: int
    position: float
    requests_address: int


def _record(structure: type[ctypes.Structure], record: type = types.Record) -> object:
    """Make numba's type of a structure: the fields are attributes."""
    plain = numba.from_dtype(np.dtype(structure))
    fields = [
        (name, {"type": it.type, "offset": it.offset, "alignment": it.alignment, "title": it.title})
        for name, it in plain.fields.items()
    ]
    made: object = record(fields, ctypes.sizeof(structure), plain.aligned)
    return made


# Types of our own: methods of `types.Record` itself would be methods of everybody's records.
_InstrumentType = type("CompiledInstrumentType", (types.Record,), {})
_OrdersType = type("CompiledOrdersType", (types.Record,), {})
extending.register_model(_InstrumentType)(models.RecordModel)
extending.register_model(_OrdersType)(models.RecordModel)

_INSTRUMENT = _record(layout.Instrument, _InstrumentType)
_ORDERS = _record(layout.Requests, _OrdersType)


def _pointer_to(structure: type[ctypes.Structure]) -> Callable[[int], object]:
    """Make what takes an address of the engine as a pointer, in compiled code."""
    pointer = types.CPointer(_record(structure))

    def cast(typingctx: object, address: object) -> object:  # numba looks for these names
        def codegen(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
            return builder.inttoptr(arguments[0], context.get_value_type(pointer))

        return pointer(types.uint64), codegen

    made: Callable[[int], object] = extending.intrinsic(cast)
    return made


_levels_at = _pointer_to(layout.Level)
_orders_at = _pointer_to(layout.Order)
_requests_at = _pointer_to(layout.Request)


# What the methods do, in compiled code.


def _bid(instrument: _Instrument, level: int) -> object:
    if not 0 <= level < instrument.bid_count:
        raise IndexError("there is no such bid")
    return numba.carray(_levels_at(instrument.bids_address), instrument.bid_count)[level]


def _ask(instrument: _Instrument, level: int) -> object:
    if not 0 <= level < instrument.ask_count:
        raise IndexError("there is no such ask")
    return numba.carray(_levels_at(instrument.asks_address), instrument.ask_count)[level]


def _order(instrument: _Instrument, position: int) -> object:
    if not 0 <= position < instrument.order_count:
        raise IndexError("there is no such order")
    return numba.carray(_orders_at(instrument.orders_address), instrument.order_count)[position]


def _plain_request(
    orders: _Orders, action: int, id: int, price: float, quantity: float, post_only: int
) -> None:
    count = orders.count
    if count >= orders.capacity:
        orders.count = orders.capacity + 1
        return
    request = numba.carray(_requests_at(orders.requests_address), orders.capacity)[count]
    request.action = action
    request.id = id
    request.price = price
    request.quantity = quantity
    request.post_only = post_only
    orders.count = count + 1


_request: Callable[[_Orders, int, int, float, float, int], None] = numba.njit(_plain_request)


def _plain_open(orders: _Orders, action: int, price: float, quantity: float, post_only: int) -> int:
    number = orders.next_id
    orders.next_id = number + 1
    _request(orders, action, number, price, quantity, post_only)
    return number


_open: Callable[[_Orders, int, float, float, int], int] = numba.njit(_plain_open)


def _market_buy(orders: _Orders, quantity: float) -> int:
    return _open(orders, actions.MARKET_BUY, math.nan, quantity, 0)


def _market_sell(orders: _Orders, quantity: float) -> int:
    return _open(orders, actions.MARKET_SELL, math.nan, quantity, 0)


def _limit_buy(orders: _Orders, price: float, quantity: float, post_only: bool = False) -> int:
    return _open(orders, actions.LIMIT_BUY, price, quantity, int(post_only))


def _limit_sell(orders: _Orders, price: float, quantity: float, post_only: bool = False) -> int:
    return _open(orders, actions.LIMIT_SELL, price, quantity, int(post_only))


def _close(orders: _Orders) -> None:
    if orders.position != 0:
        _open(orders, actions.CLOSE, math.nan, 0.0, 0)


def _cancel(orders: _Orders, id: int) -> None:
    _request(orders, actions.CANCEL, id, math.nan, 0.0, 0)


def _cancel_all(orders: _Orders) -> None:
    _request(orders, actions.CANCEL_ALL, 0, math.nan, 0.0, 0)


def _make_method(record: type, function: Callable[..., object]) -> None:
    """Make a function a method of compiled code, by its name without the underscore."""

    def typed(*_arguments: object, **_more: object) -> object:
        return function

    # numba compares the two, annotations included, which it does not read.
    function.__annotations__ = {}
    setattr(typed, "__signature__", inspect.signature(function))  # noqa: B010 - unknown to checkers
    extending.overload_method(record, function.__name__[1:])(typed)


for _function in (_bid, _ask, _order):
    _make_method(_InstrumentType, _function)
for _action in (
    _market_buy,
    _market_sell,
    _limit_buy,
    _limit_sell,
    _close,
    _cancel,
    _cancel_all,
):
    _make_method(_OrdersType, _action)


class Compiled:
    """A function that numba has compiled, as the engine calls it."""

    is_python = False

    def __init__(self, function: EventFunction[OwnT], structure: type[ctypes.Structure]) -> None:
        # Division by zero raises, as in Python.
        inner = numba.njit(error_model="python")(function)

        def entry(time_ns, instrument, own, orders):  # type: ignore[no-untyped-def]
            try:
                inner(
                    time_ns,
                    numba.carray(instrument, 1)[0],
                    numba.carray(own, 1)[0],
                    numba.carray(orders, 1)[0],
                )
            except Exception:
                return 1
            return 0

        signature = types.int64(
            types.int64,
            types.CPointer(_INSTRUMENT),
            types.CPointer(_record(structure)),
            types.CPointer(_ORDERS),
        )
        try:
            self._kept = numba.cfunc(signature, error_model="python")(entry)
        except errors.NumbaError as error:
            name = getattr(function, "__qualname__", repr(function))
            raise TypeError(
                f"numba cannot compile {name}; with jit=False it runs without numba.\n{error}"
            ) from error
        self.entry: layout.CFunction = layout.CFunction(self._kept.address)

    def failure(self) -> str:
        """Say what is known of an exception: numba does not keep it."""
        return "it raised an exception; with jit=False the error shows which, and where"
