"""The series of a report: reduced to what a page can hold, and packed as whole numbers.

A packed number takes 32 bits, counted from the least of its series in steps of a power of ten. The
step is the finest that the series' range allows, so that prices and times keep their digits.
"""

from __future__ import annotations

import sys
from array import array
from base64 import b64encode
from collections.abc import Iterable, Sequence
from decimal import Context, Decimal
from typing import TypedDict

_MOST_STEPS = 2**32 - 1
_FINEST_DIGITS = 12
_COARSEST_DIGITS = -18
_MICROSECOND = 1_000
# Nothing here depends on the caller's decimal context.
_CONTEXT = Context(prec=60)


class Packed(TypedDict):
    """A series for the page's script: value `i` is `(base + number i) / 10 ** digits`."""

    base: int
    digits: int
    numbers: str


def extremes(values: Sequence[float], most: int) -> list[int]:
    """Choose which points of a series to keep: the minimum and the maximum of each bucket.

    Parameters
    ----------
    values : sequence of float
        The series.
    most : int
        How many points to keep, 4 at least; all are kept of a series that has no more.

    Returns
    -------
    list of int
        Their positions, in order, with the first and the last. A bucket holds as many points as
        any other, one more or less.
    """
    count = len(values)
    if count <= most:
        return list(range(count))
    buckets = (most - 2) // 2
    kept = {0, count - 1}
    for bucket in range(buckets):
        positions = range(bucket * count // buckets, (bucket + 1) * count // buckets)
        kept.add(min(positions, key=values.__getitem__))
        kept.add(max(positions, key=values.__getitem__))
    return sorted(kept)


def pack_times(times: Sequence[int]) -> Packed:
    """Pack nanoseconds since 1970 as seconds, to the microsecond where the span allows it."""
    if not times:
        return {"base": 0, "digits": 0, "numbers": ""}
    first, last = min(times), max(times)
    step, digits = _MICROSECOND, 6
    while last // step - first // step > _MOST_STEPS:
        step, digits = step * 10, digits - 1
    base = first // step
    return {"base": base, "digits": digits, "numbers": _text(time // step - base for time in times)}


def pack(values: Sequence[Decimal] | Sequence[float]) -> Packed:
    """Pack numbers with as many decimals as they need, or as their range allows."""
    if not values:
        return {"base": 0, "digits": 0, "numbers": ""}
    exact = [Decimal(repr(value)) if isinstance(value, float) else value for value in values]
    least, most = min(exact), max(exact)
    digits = min(max(0, *map(_decimals, exact)), _FINEST_DIGITS)
    while digits > _COARSEST_DIGITS and _steps(most, digits) - _steps(least, digits) > _MOST_STEPS:
        digits -= 1
    base = _steps(least, digits)
    return {
        "base": base,
        "digits": digits,
        "numbers": _text(_steps(value, digits) - base for value in exact),
    }


def _decimals(value: Decimal) -> int:
    exponent = value.normalize(_CONTEXT).as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _steps(value: Decimal, digits: int) -> int:
    return round(value.scaleb(digits, _CONTEXT))


def _text(numbers: Iterable[int]) -> str:
    packed = array("I", numbers)
    if sys.byteorder == "big":
        packed.byteswap()
    return b64encode(packed).decode()
