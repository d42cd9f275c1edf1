"""Checks of arguments, with messages that name the argument and the value."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from . import _core

LONGEST_LATENCY = timedelta(days=365)


def check_exact(name: str, number: object) -> None:
    """Refuse what is no exact number, or none that barter can hold."""
    if isinstance(number, bool) or not isinstance(number, (Decimal, int)):
        raise TypeError(
            f"{name} must be a Decimal or an int, got {type(number).__name__} {number!r}"
        )
    _core.check_number(name, number)


def check_type(name: str, value: object, *classes: type) -> None:
    """Refuse what is of none of the classes."""
    if not isinstance(value, classes):
        names = " or ".join(class_.__name__ for class_ in classes)
        article = "an" if names[0] in "AEIOU" else "a"
        found = f"{type(value).__name__} {value!r}"
        raise TypeError(f"{name} must be {article} {names}, got {found}")


def check_name(name: str, value: object) -> None:
    """Refuse what is no text, or blank."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a str, got {type(value).__name__} {value!r}")
    if not value.strip():
        raise ValueError(f"{name} must not be blank, got {value!r}")


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
    if not timedelta(0) <= latency <= LONGEST_LATENCY:
        raise ValueError(f"{name} must not be negative or above {LONGEST_LATENCY}, got {latency!r}")


def check_duration(name: str, duration: object) -> None:
    """Refuse what is no length of time, or not a positive one."""
    check_type(name, duration, timedelta)
    assert isinstance(duration, timedelta)
    if duration <= timedelta(0):
        raise ValueError(f"{name} must be positive, got {duration!r}")
