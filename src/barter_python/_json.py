"""Values as JSON."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import TypeAlias, Union

from ._core import nanoseconds_of

Json: TypeAlias = Union[bool, int, str, list["Json"], dict[str, "Json"], None]  # noqa: UP007 - recursive
"""A JSON value; decimals are text, so there are no floats."""


def time_text(nanoseconds: int) -> str:
    """Write a time as RFC 3339 in UTC, without trailing zeros."""
    seconds, fraction = divmod(nanoseconds, 1_000_000_000)
    text = datetime.fromtimestamp(seconds, tz=timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    digits = f".{fraction:09d}".rstrip("0").rstrip(".")
    return f"{text}{digits}Z"


def to_json_value(value: object) -> Json:  # noqa: PLR0911 - one for each kind of value
    """Convert values, records and dataclasses."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, timedelta):
        return _length_text(value)
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, Mapping):
        return {str(key): to_json_value(item) for key, item in value.items()}
    if isinstance(value, Iterable):
        return [to_json_value(item) for item in value]
    return {name: _member(value, name, twin) for name, twin in _fields(type(value))}


def _length_text(length: timedelta) -> str:
    """Write a length of time as `timedelta` does; a subclass may have nanoseconds."""
    microseconds, beyond = divmod(nanoseconds_of(length), 1_000)
    text = str(timedelta(microseconds=microseconds))
    if beyond == 0:
        return text
    return f"{text if '.' in text else text + '.000000'}{beyond:03}"


def _member(value: object, name: str, twin: str | None) -> Json:
    nanoseconds = None if twin is None else getattr(value, twin)
    return (
        time_text(nanoseconds)
        if isinstance(nanoseconds, int)
        else to_json_value(getattr(value, name))
    )


_FIELDS: dict[type, list[tuple[str, str | None]]] = {}
"""What `_fields` has found."""


def _fields(kind: type) -> list[tuple[str, str | None]]:
    """Give the names of the fields, and those of their twins in nanoseconds.

    The fields are the arguments of the constructor, as in the stub.
    """
    found = _FIELDS.get(kind)
    if found is None:
        found = _FIELDS[kind] = _read_fields(kind)
    return found


def _read_fields(kind: type) -> list[tuple[str, str | None]]:
    if dataclasses.is_dataclass(kind):
        names = [item.name for item in dataclasses.fields(kind)]
    else:
        signature = kind.__text_signature__ or "()"
        # Without the defaults, all of which are `None`.
        arguments = (argument.partition("=")[0] for argument in signature.strip("()").split(","))
        names = [name.strip() for name in arguments if name.strip() not in ("", "*")]
    known = {*dir(kind), *names}
    return [(name, f"{name}_ns" if f"{name}_ns" in known else None) for name in names]
