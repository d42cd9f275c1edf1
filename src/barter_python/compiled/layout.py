"""What a function reads and writes in memory: the structures of `rust/src/compiled/layout.rs`."""

import ctypes
import dataclasses
import typing
from _ctypes import FUNCFLAG_CDECL, CFuncPtr  # with these, ctypes itself makes types of functions
from collections.abc import Sequence
from typing import ClassVar, TypeVar

from typing_extensions import final

from .._checks import shown

OwnT = TypeVar("OwnT")

WORD = 8
"""Own state is of whole words, in bytes."""

_C_NAMES: dict[type[object], str] = {
    ctypes.c_double: "double",
    ctypes.c_int64: "int64_t",
    ctypes.c_bool: "_Bool",
}
_NUMBERS = {float: ctypes.c_double, int: ctypes.c_int64, bool: ctypes.c_bool}


def _structure(name: str, fields: Sequence[tuple[str, object]]) -> type[ctypes.Structure]:
    """Make a structure of these fields."""
    return type(name, (ctypes.Structure,), {"__slots__": (), "_fields_": fields})


Level: type[ctypes.Structure] = _structure(
    "Level",
    (("price", ctypes.c_double), ("amount", ctypes.c_double)),
)
"""A level of a book."""


Order: type[ctypes.Structure] = _structure(
    "Order",
    (
        ("id", ctypes.c_int64),
        ("side", ctypes.c_int64),
        ("stage", ctypes.c_int64),
        ("price", ctypes.c_double),
        ("quantity", ctypes.c_double),
        ("filled", ctypes.c_double),
    ),
)
"""An order of ours."""


Instrument: type[ctypes.Structure] = _structure(
    "Instrument",
    (
        ("index", ctypes.c_int64),
        ("event", ctypes.c_int64),
        ("best_bid", ctypes.c_double),
        ("best_ask", ctypes.c_double),
        ("mid", ctypes.c_double),
        ("last_trade", ctypes.c_double),
        ("last_trade_amount", ctypes.c_double),
        ("last_trade_side", ctypes.c_int64),
        ("candle_close", ctypes.c_double),
        ("position", ctypes.c_double),
        ("entry_price", ctypes.c_double),
        ("fill_price", ctypes.c_double),
        ("fill_quantity", ctypes.c_double),
        ("order_count", ctypes.c_int64),
        ("bid_count", ctypes.c_int64),
        ("ask_count", ctypes.c_int64),
        ("orders_address", ctypes.c_size_t),
        ("bids_address", ctypes.c_size_t),
        ("asks_address", ctypes.c_size_t),
    ),
)
"""What a function sees of the instrument of the event."""


Request: type[ctypes.Structure] = _structure(
    "Request",
    (
        ("action", ctypes.c_int64),
        ("id", ctypes.c_int64),
        ("post_only", ctypes.c_int64),
        ("price", ctypes.c_double),
        ("quantity", ctypes.c_double),
    ),
)
"""Something that a function asks for."""


Requests: type[ctypes.Structure] = _structure(
    "Requests",
    (
        ("count", ctypes.c_int64),
        ("capacity", ctypes.c_int64),
        ("next_id", ctypes.c_int64),
        ("position", ctypes.c_double),
        ("requests_address", ctypes.c_size_t),
    ),
)
"""Where a function puts its requests."""


@final
class CFunction(CFuncPtr):
    """The function that the engine calls, as ctypes declares it: time, instrument, state, requests.

    Examples
    --------
    >>> @CFunction
    ... def idle(time_ns, instrument, own, requests):
    ...     return 0
    """

    _flags_ = FUNCFLAG_CDECL
    _restype_: ClassVar[object] = ctypes.c_int64
    _argtypes_: ClassVar[object] = (
        ctypes.c_int64,
        ctypes.c_void_p,
        ctypes.c_void_p,
        ctypes.c_void_p,
    )


C_DECLARATIONS = """
typedef struct { double price, amount; } barter_level;
typedef struct {
    int64_t id, side, stage;
    double price, quantity, filled;
} barter_order;
typedef struct {
    int64_t index, event;
    double best_bid, best_ask, mid, last_trade, last_trade_amount;
    int64_t last_trade_side;
    double candle_close, position, entry_price, fill_price, fill_quantity;
    int64_t order_count, bid_count, ask_count;
    const barter_order *orders;
    const barter_level *bids, *asks;
} barter_instrument;
typedef struct {
    int64_t action, id, post_only;
    double price, quantity;
} barter_request;
typedef struct {
    int64_t count, capacity, next_id;
    double position;
    barter_request *requests;
} barter_requests;
typedef int64_t (*barter_function)(
    int64_t time_ns, const barter_instrument *instrument, void *own, barter_requests *requests);
"""
"""The same for C compilers, which need `stdint.h` before it, and for `cdef` of cffi."""


def own_structure(own: object) -> type[ctypes.Structure]:
    """Make the structure that holds a dataclass of numbers, in the order of its fields."""
    if not dataclasses.is_dataclass(own) or not isinstance(own, type):
        raise TypeError(f"own must be a dataclass of numbers, got {shown(own)}")
    hints = typing.get_type_hints(own)
    fields = []
    for field in dataclasses.fields(own):
        kind = _NUMBERS.get(hints[field.name])
        if kind is None:
            raise TypeError(
                f"{own.__name__}.{field.name} must be a float, an int or a bool, since it is held "
                f"as a plain number, got {shown(hints[field.name])}"
            )
        fields.append((field.name, kind))
    if not fields:
        raise TypeError(f"own must be a dataclass of numbers, but {own.__name__} has no fields")
    return _structure(own.__name__, fields)


def record_size(structure: type[ctypes.Structure]) -> int:
    """Give the size of a record: whole words."""
    return -(-ctypes.sizeof(structure) // WORD) * WORD


def record_of(name: str, value: object, structure: type[ctypes.Structure]) -> bytes:
    """Write a value as the record of an instrument."""
    record = structure()
    for field, kind in fields_of(structure):
        number: object = getattr(value, field)
        place = f"{name}.{field}"
        if kind is ctypes.c_bool:
            if not isinstance(number, bool):
                raise TypeError(f"{place} must be a bool, got {shown(number)}")
        elif isinstance(number, bool) or not isinstance(number, (int, float)):
            raise TypeError(f"{place} must be a number, got {shown(number)}")
        elif kind is ctypes.c_int64:
            if not isinstance(number, int):
                raise TypeError(f"{place} must be an int, got {shown(number)}")
            if not -(2**63) <= number < 2**63:
                raise ValueError(f"{place} must fit 64 bits, got {shown(number)}")
        setattr(record, field, number)
    return bytes(record).ljust(record_size(structure), b"\0")


def value_of(record: bytes, own: type[OwnT], structure: type[ctypes.Structure]) -> OwnT:
    """Read the record of an instrument."""
    numbers = structure.from_buffer_copy(record)
    value = object.__new__(own)
    for field, _ in fields_of(structure):
        object.__setattr__(value, field, getattr(numbers, field))
    return value


def places(structure: type[object]) -> list[tuple[str, int, str]]:
    """Give the name, the place and the type of each field, as C has them; of no structure, none."""
    if not issubclass(structure, ctypes.Structure):
        return []
    return [
        (
            name.removesuffix("_address"),
            getattr(structure, name).offset,
            _C_NAMES.get(kind, "pointer"),
        )
        for name, kind in fields_of(structure)
    ]


def fields_of(structure: type[ctypes.Structure]) -> list[tuple[str, type[object]]]:
    """Give the names and types of the fields."""
    return [(field[0], field[1]) for field in structure._fields_]
