"""Checks of arguments, with messages that name the argument and the value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from . import _core

LONGEST = timedelta(days=365)
"""The longest latency, duration or interval."""

_PLAIN_NAMES: dict[type, str] = {Sequence: "list or tuple"}


def check_exact(name: str, number: object) -> None:
    """Refuse what is no exact number, or none that barter can hold."""
    if isinstance(number, bool) or not isinstance(number, (Decimal, int)):
        raise TypeError(
            f"{name} must be a Decimal or an int, got {type(number).__name__} {number!r}"
        )
    _core.check_number(name, number)


def check_not_negative(name: str, number: Decimal | int) -> None:
    """Refuse what is no exact number, or a negative one."""
    check_exact(name, number)
    if number < 0:
        raise ValueError(f"{name} must not be negative, got {number}")


def check_type(name: str, value: object, *classes: type) -> None:
    """Refuse what is of none of the classes."""
    if not isinstance(value, classes):
        *others, last = (_PLAIN_NAMES.get(class_, class_.__name__) for class_ in classes)
        names = f"{', '.join(others)} or {last}" if others else last
        article = "an" if names[0] in "AEIO" else "a"  # a U is spoken as in UniformLatency
        found = f"{type(value).__name__} {value!r}"
        raise TypeError(f"{name} must be {article} {names}, got {found}")


def check_name(name: str, value: object) -> None:
    """Refuse what is no text that can be written down, or blank."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a str, got {type(value).__name__} {value!r}")
    if not value.strip():
        raise ValueError(f"{name} must not be blank, got {value!r}")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{name} must not have half a surrogate pair, got {value!r}") from None


def check_aware(name: str, time: object) -> None:
    """Refuse what is no time, or one without a time zone."""
    if not isinstance(time, datetime):
        raise TypeError(f"{name} must be a datetime, got {type(time).__name__} {time!r}")
    if time.tzinfo is None:
        raise ValueError(f"{name} has no time zone, got {time!r}")


def check_int(name: str, value: object, least: int, greatest: int) -> None:
    """Refuse what is no whole number of that range."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be an int, got {type(value).__name__} {value!r}")
    if not least <= value <= greatest:
        raise ValueError(f"{name} must be from {least} to {greatest}, got {value}")


def check_latency(name: str, latency: object) -> None:
    """Refuse what is no length of time that something can be under way."""
    check_type(name, latency, timedelta)
    assert isinstance(latency, timedelta)
    if not timedelta(0) <= latency <= LONGEST:
        raise ValueError(
            f"{name} must not be negative or above {LONGEST.days} days, got {in_seconds(latency)}"
        )


def check_duration(name: str, duration: object) -> None:
    """Refuse what is no length of time, or one that is not positive or of more than a year."""
    check_type(name, duration, timedelta)
    assert isinstance(duration, timedelta)
    if not timedelta(0) < duration <= LONGEST:
        raise ValueError(
            f"{name} must be positive and not above {LONGEST.days} days, got {in_seconds(duration)}"
        )


def in_seconds(duration: timedelta) -> str:
    """Give a length of time as a plain number of seconds: `timedelta` shows -5 ms as -1 day."""
    whole, fraction = divmod(abs(duration) // timedelta(microseconds=1), 1_000_000)
    sign = "-" if duration < timedelta(0) else ""
    return f"{sign}{whole}.{fraction:06}".rstrip("0").rstrip(".") + " s"
