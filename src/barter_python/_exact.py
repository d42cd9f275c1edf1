"""Arithmetic on decimals in contexts of our own: a caller's `decimal` context changes no figure.

The operators of `Decimal` (also `abs`, the sign, `round` and formats with a number of places) read
the context of the thread that uses them, which a strategy or a library may have set to six digits,
to another rounding, or to traps. Comparisons, `copy_abs`, `copy_negate` and the format `f` without
places do not.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)


def _context(digits: int) -> Context:
    # What is left out would be taken from `decimal.DefaultContext`, which can be changed as well.
    return Context(
        prec=digits,
        rounding=ROUND_HALF_EVEN,
        Emin=-999_999,
        Emax=999_999,
        capitals=1,
        clamp=0,
        flags=[],
        traps=[DivisionByZero, InvalidOperation, Overflow],
    )


# barter's decimals have 28 digits before the point or behind it: sums and products of a few fit.
_EXACT = _context(100)
# Python's own default.
_QUOTIENT = _context(28)


def total(numbers: Iterable[Decimal]) -> Decimal:
    """Add without rounding."""
    result = Decimal(0)
    for number in numbers:
        result = _EXACT.add(result, number)
    return result


def product(one: Decimal | int, other: Decimal | int) -> Decimal:
    """Multiply without rounding."""
    return _EXACT.multiply(one, other)


def quotient(dividend: Decimal | int, divisor: Decimal | int) -> Decimal:
    """Divide to 28 digits, half to even."""
    return _QUOTIENT.divide(dividend, divisor)


def parsed(text: str) -> Decimal:
    """Read a number, digit for digit; an `ArithmeticError` if the text is not one."""
    return Decimal(text, _EXACT)


def fixed(number: Decimal, places: int) -> str:
    """Write a number with so many decimal places, half to even."""
    return f"{_EXACT.quantize(number, Decimal((0, (1,), -places))):f}"


def significant(number: Decimal, digits: int) -> Decimal:
    """Round to so many significant digits at most, half to even."""
    return _context(digits).plus(number)
