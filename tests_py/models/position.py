"""The positions of `docs/backtest.md`: barter's, without rounding."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from models.order import Fill

COEFFICIENT_LIMIT = 2**96
MOST_DECIMAL_PLACES = 28


def rounded(exact: Fraction) -> Fraction:
    """Round half to even, to as many decimal places as 96 bits and 28 places allow."""
    for places in range(MOST_DECIMAL_PLACES, -1, -1):
        coefficient = round(exact * 10**places)
        if abs(coefficient) < COEFFICIENT_LIMIT:
            return Fraction(coefficient, 10**places)
    message = f"{exact} is too large for barter's decimal"
    raise OverflowError(message)


def fits(exact: Fraction) -> bool:
    """Whether barter's decimal holds a number without rounding it."""
    return rounded(exact) == exact


@dataclass
class Position:
    """A position; `exact` is false where a quotient does not fit barter's decimal."""

    instrument: int
    buy: bool
    average: Fraction
    quantity: Fraction
    quantity_max: Fraction
    pnl: Fraction
    fees_enter: Fraction
    fees_exit: Fraction
    time_enter: int
    time_update: int
    fills: list[int]
    exact: bool

    def gain(self, quantity: Fraction, price: Fraction) -> Fraction:
        """Give what closing `quantity` at `price` earns, before fees."""
        return quantity * (price - self.average) * (1 if self.buy else -1)


@dataclass
class Positions:
    """The open positions by instrument, and all that were closed."""

    current: dict[int, Position] = field(default_factory=dict)
    closed: list[Position] = field(default_factory=list)

    def book(self, fill: Fill) -> Position | None:
        """Move the position of the fill's instrument; give the one that it closes."""
        request, index = fill.request, fill.request.instrument
        position = self.current.get(index)
        if position is None:
            self.current[index] = opened(fill, fill.quantity, fill.fee, exact=fill.exact)
            return None
        position.fills.append(fill.number)
        position.time_update = fill.time
        position.exact = position.exact and fill.exact
        if position.buy == request.buy:
            total = position.quantity + fill.quantity
            before = position.average * position.quantity
            worth = before + fill.price * fill.quantity
            position.average = worth / total
            exact = fits(before) and fits(position.average) and fits(position.average * total)
            position.exact = position.exact and exact
            position.quantity = total
            position.quantity_max = max(position.quantity_max, total)
            position.pnl -= fill.fee
            position.fees_enter += fill.fee
            return None
        quantity = min(position.quantity, fill.quantity)
        share = quantity / fill.quantity
        exact = fits(share) and fits(fill.fee * share) and fits(fill.fee * (1 - share))
        position.exact = position.exact and exact and fits(position.average * quantity)
        position.pnl += position.gain(quantity, fill.price) - fill.fee * share
        position.fees_exit += fill.fee * share
        position.quantity -= quantity
        if position.quantity > 0:
            return None
        self.closed.append(position)
        del self.current[index]
        remaining = fill.quantity - quantity
        if remaining > 0:
            exact = exact and fill.exact
            self.current[index] = opened(fill, remaining, fill.fee * (1 - share), exact=exact)
        return position


def opened(fill: Fill, quantity: Fraction, fee: Fraction, *, exact: bool) -> Position:
    """Open a position with (what is left of) a fill."""
    return Position(
        instrument=fill.request.instrument,
        buy=fill.request.buy,
        average=fill.price,
        quantity=quantity,
        quantity_max=quantity,
        pnl=-fee,
        fees_enter=fee,
        fees_exit=Fraction(0),
        time_enter=fill.time,
        time_update=fill.time,
        fills=[fill.number],
        exact=exact,
    )
