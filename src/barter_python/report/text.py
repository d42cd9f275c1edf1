"""How a report writes numbers, times and text."""

from __future__ import annotations

import html
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_EVEN, Context, Decimal

from .._json import time_text

NOTHING = "\N{EN DASH}"
"""What stands where there is no figure."""

_CONTEXT = Context(prec=60, rounding=ROUND_HALF_EVEN)
_DIGITS = 5
_MOST_DECIMALS = 16
_SECOND = 1_000_000_000


def escaped(text: str) -> str:
    """Write text for HTML, also inside quotes."""
    return html.escape(text, quote=True)


def number(value: Decimal, decimals: int) -> str:
    """Write a number with so many decimals, thousands apart, and a minus as wide as a plus."""
    rounded = value.quantize(Decimal(1).scaleb(-decimals, _CONTEXT), context=_CONTEXT)
    return f"{rounded:,f}".replace("-", "\N{MINUS SIGN}")


def decimals_of(value: Decimal) -> int:
    """Give how many decimals an amount has: so that five digits count, and two at least."""
    return min(max(2, _DIGITS - 1 - value.adjusted()), _MOST_DECIMALS) if value else 0


def amount(value: Decimal) -> str:
    """Write an amount with five digits that count."""
    return number(value, decimals_of(value))


def exact(value: Decimal) -> str:
    """Write a number with all its digits, without zeros at the end."""
    text = f"{value:,f}".replace("-", "\N{MINUS SIGN}")
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(value: Decimal, decimals: int | None = None) -> str:
    """Write a share in percent, three digits that count unless the decimals are given."""
    if decimals is None:
        shift = value.adjusted() + 2
        decimals = min(max(0, 2 - shift), _MOST_DECIMALS) if value else 0
    return f"{number(value.scaleb(2, _CONTEXT), decimals)} %"


def tagged(value: Decimal, text: str) -> str:
    """Write a figure as HTML: the text for people, the exact number for programs."""
    sign = ' class="loss"' if value < 0 else ""
    return f'<data{sign} value="{value:f}">{text}</data>'


def moment(nanoseconds: int, decimals: int = 0) -> str:
    """Write a time in UTC, with so many digits of a second: 0, 3, 6 or 9."""
    text = time_text(nanoseconds // _SECOND * _SECOND).rstrip("Z").replace("T", " ")
    fraction = f"{nanoseconds % _SECOND:09d}"[:decimals]
    return f"{text}.{fraction}" if decimals else text


def time_tag(nanoseconds: int, decimals: int = 0) -> str:
    """Write a time as HTML."""
    shown = moment(nanoseconds, decimals)
    return f'<time datetime="{time_text(nanoseconds)}">{shown}</time>'


def duration(nanoseconds: int) -> str:
    """Write a length of time in its two largest units."""
    if nanoseconds == 0:
        return "0 s"
    for size, unit in ((1_000, "ns"), (1_000_000, "µs"), (_SECOND, "ms")):
        if abs(nanoseconds) < size:
            return f"{nanoseconds * 1000 / size:.3g} {unit}"
    if nanoseconds < 10 * _SECOND:
        return f"{nanoseconds / _SECOND:.3g} s"
    seconds = (nanoseconds + _SECOND // 2) // _SECOND
    units = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
    parts = []
    for size, unit in units:
        count, seconds = divmod(seconds, size)
        parts.append((count, unit))
    first = next(position for position, (count, _) in enumerate(parts) if count)
    return " ".join(f"{count} {unit}" for count, unit in parts[first : first + 2] if count)


def utc(nanoseconds: int) -> datetime:
    """Give a time for reckoning with years, months and days."""
    return datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(microseconds=nanoseconds // 1_000)
