"""Values as JSON."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TypeAlias, Union

Json: TypeAlias = Union[bool, int, str, list["Json"], dict[str, "Json"], None]  # noqa: UP007 - recursive
"""A JSON value; decimals are text, so there are no floats."""


def time_text(nanoseconds: int) -> str:
    """Write a time as RFC 3339 in UTC, without trailing zeros."""
    seconds, fraction = divmod(nanoseconds, 1_000_000_000)
    text = datetime.fromtimestamp(seconds, tz=timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    digits = f".{fraction:09d}".rstrip("0").rstrip(".")
    return f"{text}{digits}Z"
