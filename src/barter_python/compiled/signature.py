"""C functions of ctypes and cffi: what they are declared to be, compared with what they must be."""

from __future__ import annotations

import ctypes
from _ctypes import CFuncPtr  # the base of functions of any signature
from collections.abc import Sequence
from importlib import import_module
from typing import Protocol

from .._checks import shown
from . import layout

_ARGUMENTS = ("time_ns", "instrument", "own", "requests")
_CURE = "; barter_python.compiled.C_DECLARATIONS has the declaration"


class _CType(Protocol):
    """The part of cffi's types that is compared."""

    kind: str
    cname: str
    offset: int

    @property
    def type(self) -> _CType: ...

    @property
    def fields(self) -> Sequence[tuple[str, _CType]] | None: ...


def checked_entry(function: object, own: type[ctypes.Structure]) -> object:
    """Give a C function as a `CFunction`, if that is what it is declared to be."""
    structures = (layout.Instrument, own, layout.Requests)
    if isinstance(function, CFuncPtr):
        _check_ctypes(function.restype, function.argtypes, structures)
        entry = ctypes.cast(function, layout.CFunction)
    elif type(function).__module__ == "_cffi_backend":
        entry = layout.CFunction(_address_of_cffi(function, structures))
    else:
        raise TypeError(
            "function must be a function of ctypes or a function pointer of cffi, which say what "
            f"their signature is, got {type(function).__name__} {shown(function)}"
        )
    if ctypes.cast(entry, ctypes.c_void_p).value is None:
        raise ValueError("function is a null pointer")
    return entry


def _check_ctypes(
    result: object, arguments: Sequence[object] | None, structures: Sequence[type[ctypes.Structure]]
) -> None:
    if arguments is None:
        raise TypeError(f"function has no argtypes: set them, and restype{_CURE}")
    _check_count(len(arguments))
    if result is not ctypes.c_int64:
        raise TypeError(f"function must return c_int64, its restype is {shown(result)}{_CURE}")
    if arguments[0] is not ctypes.c_int64:
        raise TypeError(f"time_ns must be c_int64, argtypes has {shown(arguments[0])}{_CURE}")
    for name, argument, structure in zip(_ARGUMENTS[1:], arguments[1:], structures, strict=True):
        target = getattr(argument, "_type_", None)
        is_same = isinstance(target, type) and layout.places(target) == layout.places(structure)
        if argument is not ctypes.c_void_p and not is_same:
            raise TypeError(
                f"{name} must be c_void_p or a pointer to the fields of {structure.__name__}, "
                f"argtypes has {shown(argument)}{_CURE}"
            )


def _address_of_cffi(function: object, structures: Sequence[type[ctypes.Structure]]) -> int:
    ffi = import_module("cffi").FFI()
    declared = ffi.typeof(function)
    if declared.kind != "function":
        raise TypeError(f"function must be a function pointer, it is a {declared.cname}{_CURE}")
    _check_count(len(declared.args))
    number = ffi.typeof("int64_t")
    if declared.result is not number or declared.args[0] is not number or declared.ellipsis:
        raise TypeError(
            f"function must take an int64_t and return one, it is a {declared.cname}{_CURE}"
        )
    for name, argument, structure in zip(
        _ARGUMENTS[1:], declared.args[1:], structures, strict=True
    ):
        if argument.kind != "pointer" or not _is_of(argument.item, structure):
            raise TypeError(
                f"{name} must be a void * or a pointer to the fields of {structure.__name__}, it "
                f"is a {argument.cname}{_CURE}"
            )
    return int(ffi.cast("uintptr_t", function))


def _is_of(item: _CType, structure: type[ctypes.Structure]) -> bool:
    """Tell whether a type of C is void, or a structure with these fields at these places."""
    if item.kind == "void":
        return True
    fields = item.fields if item.kind == "struct" else None
    found = [
        (name, field.offset, "pointer" if field.type.kind == "pointer" else field.type.cname)
        for name, field in fields or ()
    ]
    return found == layout.places(structure)


def _check_count(count: int) -> None:
    if count != len(_ARGUMENTS):
        raise TypeError(f"function must take {len(_ARGUMENTS)} arguments, it takes {count}{_CURE}")
