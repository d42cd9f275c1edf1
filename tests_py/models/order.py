"""Requests, orders, and what exchanges tell of them, by `docs/exchange.md`."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from models.account import ZERO
from models.stops import Fired

GOOD_UNTIL_CANCELLED = "good_until_cancelled"
POST_ONLY = "good_until_cancelled_post_only"
GOOD_UNTIL_END_OF_DAY = "good_until_end_of_day"
FILL_OR_KILL = "fill_or_kill"
IMMEDIATE_OR_CANCEL = "immediate_or_cancel"


@dataclass(frozen=True)
class Request:
    """An order that a strategy asks for; `buy` is its side.

    `rounded` says that its price is a quotient which a decimal does not hold.
    """

    instrument: int
    buy: bool
    quantity: Fraction
    price: Fraction
    cid: str
    strategy: str
    limit: bool = False
    time_in_force: str = IMMEDIATE_OR_CANCEL
    rounded: bool = False


@dataclass(frozen=True)
class Cancel:
    """A request to cancel an order; `number` is the exchange's id, where it names one."""

    instrument: int
    cid: str
    number: str | None = None


@dataclass(frozen=True)
class Failure:
    """Why a request failed; `detail` is the exchange's text, where the page gives one."""

    kind: str
    detail: str | None = None
    asset: int | None = None


@dataclass(eq=False)
class Order:
    """An order from when it is sent: `status` and `failure` are the values of the package's."""

    request: Request
    time_sent: int
    time_finished: int | None = None
    status: str = "open_in_flight"
    failure: Failure | None = None
    number: int | None = None
    filled: Fraction = ZERO
    maker: Fraction = ZERO
    """What was filled while it rested."""
    fees: Fraction = ZERO
    value: Fraction = ZERO
    """Price by quantity of its fills."""
    ends: int | None = None
    ahead: Fraction | None = None
    """What was at the price before it and is still there; `None` where it is not known."""
    shown: Fraction = ZERO
    """What was shown there last."""
    traded: Fraction = ZERO
    """What has been traded there since."""
    fired: Fired | None = None
    """The stop that has become this order."""

    @property
    def left(self) -> Fraction:
        """What is not filled."""
        return self.request.quantity - self.filled


@dataclass(frozen=True)
class Fill:
    """A fill; `quantity` and `fee` are those of the trade that is told."""

    number: int
    order: int
    time: int
    request: Request
    price: Fraction
    quantity: Fraction
    fee: Fraction

    @property
    def exact(self) -> bool:
        """Whether its price is no rounded quotient."""
        return not (self.request.rounded and self.price == self.request.price)


@dataclass(frozen=True)
class BalanceTold:
    """A balance, told by the exchange."""

    time: int
    asset: int
    total: Fraction
    free: Fraction


@dataclass(frozen=True)
class FundingTold(BalanceTold):
    """The balance after a funding, with what was funded."""

    instrument: int
    buy: bool
    """The side of the position."""
    quantity: Fraction
    mark: Fraction | None
    rate: Fraction
    amount: Fraction


@dataclass(frozen=True)
class OrderTold:
    """Where an order stands, told by the exchange."""

    time: int
    request: Request
    status: str
    number: int | None
    filled: Fraction
    failure: Failure | None = None


@dataclass(frozen=True)
class CancelTold:
    """An answer to a cancel: the order that was cancelled, or why none was."""

    time: int
    instrument: int
    cid: str
    number: int | None
    failure: Failure | None = None


@dataclass(frozen=True)
class SnapshotTold:
    """Balances and open orders of an exchange."""

    time: int
    exchange: int
    balances: tuple[BalanceTold, ...]
    orders: tuple[OrderTold, ...]


Told: TypeAlias = BalanceTold | Fill | OrderTold | CancelTold | SnapshotTold
Message: TypeAlias = list[Told]


def plain(number: Fraction) -> str:
    """Write a number with as many decimal places as it needs."""
    places = next(places for places in range(40) if (number * 10**places).denominator == 1)
    digits = str(abs(number.numerator * 10**places // number.denominator)).rjust(places + 1, "0")
    point = len(digits) - places
    sign = "-" if number < 0 else ""
    return sign + digits[:point] + ("." + digits[point:] if places else "")


def rejected(detail: str) -> Failure:
    """Refuse with a text."""
    return Failure("order_rejected", detail)


def is_multiple(number: Fraction, step: Fraction) -> bool:
    """Whether a number is a multiple; of zero, any is."""
    return step == 0 or (number / step).denominator == 1


def told(order: Order, now: int) -> OrderTold:
    """Tell where an order stands."""
    return OrderTold(now, order.request, order.status, order.number, order.filled)
