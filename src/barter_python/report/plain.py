"""Values as text that is the same on every machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum

from .._checks import in_seconds

_MOST_ITEMS = 20
_DEEPEST = 3


def plain_text(value: object, depth: int = 0) -> str:  # noqa: PLR0911 - one for each kind of value
    """Write a value so that the same value always gives the same text, on every machine."""
    text = _scalar_text(value)
    if text is not None:
        return text
    if depth == _DEEPEST:
        return type(value).__name__
    if isinstance(value, Mapping):
        items = [f"{_item(key, depth)}: {_item(each, depth)}" for key, each in value.items()]
        return f"{{{_listed(items)}}}"
    if isinstance(value, (set, frozenset)):
        return f"{{{_listed(sorted(_item(each, depth) for each in value))}}}"
    if isinstance(value, Sequence):
        return f"[{_listed([_item(each, depth) for each in value[: _MOST_ITEMS + 1]], len(value))}]"
    if is_dataclass(value) and not isinstance(value, type):
        items = [
            f"{item.name}={_item(getattr(value, item.name, None), depth)}"
            for item in fields(value)
            if item.init and item.repr
        ]
        return f"{type(value).__name__}({_listed(items)})"
    return type(value).__name__


def _scalar_text(value: object) -> str | None:
    if isinstance(value, Enum):
        return str(value.value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return str(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, timedelta):
        return in_seconds(value)
    if isinstance(value, date):
        return value.isoformat()
    return value.__name__ if isinstance(value, type) else None


def _item(value: object, depth: int) -> str:
    return plain_text(value, depth + 1)


def _listed(items: Sequence[str], count: int | None = None) -> str:
    more = (len(items) if count is None else count) - _MOST_ITEMS
    return ", ".join([*items[:_MOST_ITEMS], *([f"… {more} more"] if more > 0 else [])])
