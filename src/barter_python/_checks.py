"""Checks of arguments, with messages that name the argument and the value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from os import PathLike
from typing import TypeVar

from . import _core

ItemT = TypeVar("ItemT")

LONGEST = timedelta(days=365)
"""The longest latency, duration or interval."""

_SHOWN = 100
_SHOWN_BITS = 1_000
_PLAIN_NAMES: dict[type, str] = {Sequence: "list or tuple", PathLike: "os.PathLike"}


def shown(value: object) -> str:
    """Give the `repr` of a value, cut to what a message can show."""
    if isinstance(value, int) and value.bit_length() > _SHOWN_BITS:
        return f"an int of {value.bit_length()} bits"  # Python itself refuses to write it
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}... ({len(text)} characters)"


def listed(names: Sequence[str], most: int) -> str:
    """Give the first names of a file in one line; what is no plain text is quoted."""
    first = ", ".join(name if name.isprintable() else shown(name) for name in names[:most])
    return first if len(names) <= most else f"{first}..."


def check_exact(name: str, number: object) -> None:
    """Require an exact number that barter can represent."""
    if isinstance(number, bool) or not isinstance(number, (Decimal, int)):
        raise TypeError(
            f"{name} must be a Decimal or an int, got {type(number).__name__} {shown(number)}"
        )
    _core.check_number(name, number)


def check_not_negative(name: str, number: Decimal | int) -> None:
    """Require an exact number that is not negative."""
    check_exact(name, number)
    if number < 0:
        raise ValueError(f"{name} must not be negative, got {number}")


def check_type(name: str, value: object, *classes: type) -> None:
    """Require an instance of one of the classes."""
    if not isinstance(value, classes):
        *others, last = (_PLAIN_NAMES.get(class_, class_.__name__) for class_ in classes)
        names = f"{', '.join(others)} or {last}" if others else last
        article = "an" if names[0] in "AEIO" else "a"  # a U is spoken as in UniformLatency
        found = f"{type(value).__name__} {shown(value)}"
        raise TypeError(f"{name} must be {article} {names}, got {found}")


def check_path(name: str, value: object) -> None:
    """Require the path of one file: `open` would also take the number of an open one."""
    check_type(name, value, str, PathLike)


def checked_items(
    name: str, items: Sequence[ItemT], check: Callable[[str, object], None]
) -> tuple[ItemT, ...]:
    """Give a sequence as a tuple, each item checked as it is read: its length may be untrue."""
    check_type(name, items, Sequence)

    def checked() -> Iterator[ItemT]:
        for position, item in enumerate(items):
            check(f"{name}[{position}]", item)
            yield item

    return tuple(checked())


def check_name(name: str, value: object) -> None:
    """Require text that is not blank and can be encoded."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a str, got {type(value).__name__} {shown(value)}")
    if not value.strip():
        raise ValueError(f"{name} must not be blank, got {shown(value)}")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError(
            f"{name} must not have half a surrogate pair, got {shown(value)}"
        ) from None


def check_names(owner: object, *fields: str) -> None:
    """Require names that are not blank in these attributes."""
    for field in fields:
        check_name(field, getattr(owner, field))


def check_optional_names(owner: object, *fields: str) -> None:
    """Require names that are not blank in those of these attributes that are not `None`."""
    for field in fields:
        if getattr(owner, field) is not None:
            check_name(field, getattr(owner, field))


def check_aware(name: str, time: object) -> None:
    """Require a time with a time zone."""
    if not isinstance(time, datetime):
        raise TypeError(f"{name} must be a datetime, got {type(time).__name__} {shown(time)}")
    if time.tzinfo is None:
        raise ValueError(
            f"{name} has no time zone: give it one, such as tzinfo=timezone.utc, got {time!r}"
        )


def check_int(name: str, value: object, least: int, greatest: int) -> None:
    """Require an int from `least` to `greatest`."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be an int, got {type(value).__name__} {shown(value)}")
    if not least <= value <= greatest:
        raise ValueError(f"{name} must be from {least} to {greatest}, got {shown(value)}")


def check_latency(name: str, latency: object) -> None:
    """Require a length of time from zero to a year."""
    check_type(name, latency, timedelta)
    assert isinstance(latency, timedelta)
    if not timedelta(0) <= latency <= LONGEST:
        raise ValueError(
            f"{name} must not be negative or above {LONGEST.days} days, got {in_seconds(latency)}"
        )


def check_duration(name: str, duration: object) -> None:
    """Require a positive length of time of at most a year."""
    check_type(name, duration, timedelta)
    assert isinstance(duration, timedelta)
    if not timedelta(0) < duration <= LONGEST:
        raise ValueError(
            f"{name} must be positive and not above {LONGEST.days} days, got {in_seconds(duration)}"
        )


def in_seconds(duration: timedelta) -> str:
    """Write a length of time in seconds: `timedelta` shows -5 ms as `-1 day, 23:59:59.995000`."""
    length = _core.nanoseconds_of(duration)
    whole, fraction = divmod(abs(length), 1_000_000_000)
    sign = "-" if length < 0 else ""
    return f"{sign}{whole}.{fraction:09}".rstrip("0").rstrip(".") + " s"
