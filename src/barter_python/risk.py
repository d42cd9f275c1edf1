"""Risk managers and limits: the module `barter::risk`.

`docs/risk.md` has the rules: what is checked when, in which order, and what passes unchecked.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Generic, Protocol, TypeVar

from typing_extensions import override

from ._checks import check_exact, check_type
from ._core import (
    CheckFailHigherThan,
    CheckHigherThan,
    EngineView,
    calculate_abs_percent_difference,
    calculate_delta,
    calculate_quote_notional,
)
from ._report import Json, time_text, to_json_value
from .execution import OrderRequestCancel, OrderRequestOpen

__all__ = [
    "CheckFailHigherThan",
    "CheckHigherThan",
    "DefaultRiskManager",
    "RiskDecision",
    "RiskLimits",
    "RiskManager",
    "RiskManagerLike",
    "RiskRefusal",
    "RiskRefused",
    "calculate_abs_percent_difference",
    "calculate_delta",
    "calculate_quote_notional",
]

RequestT_co = TypeVar(
    "RequestT_co",
    bound=OrderRequestCancel | OrderRequestOpen,
    covariant=True,
)


@dataclass(frozen=True)
class RiskRefused(Generic[RequestT_co]):
    """A request that must not be sent (`barter::risk::RiskRefused`).

    Parameters
    ----------
    item : OrderRequestCancel or OrderRequestOpen
        The request.
    reason : str
        Why.

    Raises
    ------
    ValueError
        When the reason is blank.
    """

    item: RequestT_co
    reason: str

    def __post_init__(self) -> None:
        """Check the reason."""
        check_type("reason", self.reason, str)
        if not self.reason.strip():
            raise ValueError(f"reason must not be blank, got {self.reason!r}")


@dataclass(frozen=True)
class RiskDecision:
    """What a risk manager says to requests: which are sent, and which are not.

    `RiskDecision(cancels, opens)` approves everything. A request that was asked for is to be in one
    of the four sequences, or the run stops with an `OrderRequestError`.

    Parameters
    ----------
    cancels : sequence of OrderRequestCancel
        Cancels to send.
    opens : sequence of OrderRequestOpen
        Orders to send: those that were asked for, or changed ones with the same key.
    refused_cancels : sequence of RiskRefused of OrderRequestCancel
        Cancels not to send.
    refused_opens : sequence of RiskRefused of OrderRequestOpen
        Orders not to send.
    """

    cancels: Sequence[OrderRequestCancel] = ()
    opens: Sequence[OrderRequestOpen] = ()
    refused_cancels: Sequence[RiskRefused[OrderRequestCancel]] = ()
    refused_opens: Sequence[RiskRefused[OrderRequestOpen]] = ()

    @classmethod
    def of(
        cls,
        cancels: Sequence[OrderRequestCancel],
        opens: Sequence[OrderRequestOpen],
        refusal: Callable[[OrderRequestOpen], str | None],
    ) -> RiskDecision:
        """Approve all cancels, and the orders for which a function gives no reason to refuse them.

        Parameters
        ----------
        cancels : sequence of OrderRequestCancel
            What was asked for.
        opens : sequence of OrderRequestOpen
            What was asked for.
        refusal : callable
            Called with each order: gives the reason to refuse it, or `None`.

        Examples
        --------
        >>> RiskDecision.of([], [], lambda order: "never")
        RiskDecision(cancels=[], opens=[], refused_cancels=(), refused_opens=[])
        """
        approved: list[OrderRequestOpen] = []
        refused: list[RiskRefused[OrderRequestOpen]] = []
        for order in opens:
            reason = refusal(order)
            if reason is None:
                approved.append(order)
            else:
                refused.append(RiskRefused(order, reason))
        return cls(cancels, approved, refused_opens=refused)


class RiskManagerLike(Protocol):
    """What looks at a strategy's requests before they are sent: all that a run needs."""

    def check(
        self,
        state: EngineView,
        cancels: Sequence[OrderRequestCancel],
        opens: Sequence[OrderRequestOpen],
        /,
    ) -> RiskDecision:
        """Say which requests are sent; called when there are some."""
        ...


class RiskManager(ABC):
    """Base of risk managers (`barter::risk::RiskManager`): write `check`.

    Examples
    --------
    >>> from typing_extensions import override
    >>> class OnlySmall(RiskManager):
    ...     @override
    ...     def check(self, state, cancels, opens, /):
    ...         return RiskDecision.of(
    ...             cancels, opens, lambda it: "too much" if it.state.quantity > 1 else None)
    """

    @abstractmethod
    def check(
        self,
        state: EngineView,
        cancels: Sequence[OrderRequestCancel],
        opens: Sequence[OrderRequestOpen],
        /,
    ) -> RiskDecision:
        """Say which requests are sent.

        Called after `generate_algo_orders` where that has asked for something. What it raises stops
        the run and arrives unchanged.

        Parameters
        ----------
        state : EngineView
            The engine, as the strategy has seen it.
        cancels : sequence of OrderRequestCancel
            What the strategy asks for.
        opens : sequence of OrderRequestOpen
            What the strategy asks for.
        """


class DefaultRiskManager(RiskManager):
    """barter's `DefaultRiskManager`: it approves everything, as runs without a risk manager do.

    Examples
    --------
    >>> DefaultRiskManager().check(None, [], [])
    RiskDecision(cancels=[], opens=[], refused_cancels=(), refused_opens=())
    """

    @override
    def check(
        self,
        state: object,
        cancels: Sequence[OrderRequestCancel],
        opens: Sequence[OrderRequestOpen],
        /,
    ) -> RiskDecision:
        """Approve everything."""
        return RiskDecision(cancels, opens)


@dataclass(frozen=True, kw_only=True)
class RiskLimits:
    """Limits that the engine checks natively, without a call of Python for an order.

    An order that breaks a limit is refused, and the reason names the limit and both numbers;
    cancels are always approved. Limits that are not given are not checked; `docs/risk.md` defines
    each.

    Parameters
    ----------
    max_order_quantity : Decimal or int, optional
        Of one order, in the base asset.
    max_order_notional : Decimal or int, optional
        Quantity times price of one order, in the quote asset.
    max_position_quantity : Decimal or int, optional
        The position of an instrument, long or short, if the order and all others of its side that
        are under way were filled.
    max_open_orders : int, optional
        Orders of an instrument that are under way, the new one included.
    max_price_deviation : Decimal or int, optional
        How far the order's price may be from the market's, as a fraction of it: `Decimal("0.1")` is
        10 %.
    max_drawdown : Decimal or int, optional
        How far the equity in a quote asset may fall from its peak, as a fraction of it: once it has
        fallen farther, only orders that reduce a position are sent until the end.
    instruments : mapping of str to RiskLimits
        By the name of an instrument, such as `binancespot-btc_usdt`, limits of its own instead of
        the general ones; what they leave out is as in general.

    Raises
    ------
    ValueError
        When a limit is negative, `max_drawdown` is 1 or more, or the limits of an instrument have a
        `max_drawdown` or `instruments`.

    Examples
    --------
    >>> limits = RiskLimits(
    ...     max_order_notional=1000,
    ...     instruments={"binancespot-btc_usdt": RiskLimits(max_position_quantity=Decimal("0.1"))})
    >>> limits.max_order_notional
    1000
    """

    max_order_quantity: Decimal | int | None = None
    max_order_notional: Decimal | int | None = None
    max_position_quantity: Decimal | int | None = None
    max_open_orders: int | None = None
    max_price_deviation: Decimal | int | None = None
    max_drawdown: Decimal | int | None = None
    instruments: Mapping[str, RiskLimits] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        """Check the numbers."""
        for name, limit in (
            ("max_order_quantity", self.max_order_quantity),
            ("max_order_notional", self.max_order_notional),
            ("max_position_quantity", self.max_position_quantity),
            ("max_open_orders", self.max_open_orders),
            ("max_price_deviation", self.max_price_deviation),
            ("max_drawdown", self.max_drawdown),
        ):
            if limit is None:
                continue
            if name == "max_open_orders" and not isinstance(limit, int):
                raise TypeError(f"{name} must be an int, got {type(limit).__name__} {limit!r}")
            check_exact(name, limit)
            if limit < 0:
                raise ValueError(f"{name} must not be negative, got {limit}")
        if self.max_drawdown is not None and self.max_drawdown >= 1:
            raise ValueError(
                "max_drawdown must be a fraction from 0 to less than 1 (0.2 is 20 %), "
                f"got {self.max_drawdown}"
            )
        check_type("instruments", self.instruments, Mapping)
        for instrument, limits in self.instruments.items():
            check_type("an instrument's name", instrument, str)
            place = f"instruments[{instrument!r}]"
            check_type(place, limits, RiskLimits)
            if limits.max_drawdown is not None:
                raise ValueError(f"{place} has a max_drawdown, which is of an account")
            if limits.instruments:
                raise ValueError(f"{place} has instruments itself")


@dataclass(frozen=True)
class RiskRefusal:
    """What was refused in a run, and when.

    Attributes
    ----------
    time : datetime
        When, in UTC.
    time_ns : int
        The same in nanoseconds since 1970.
    item : OrderRequestCancel or OrderRequestOpen
        The request.
    reason : str
        Why.
    """

    time: datetime
    time_ns: int
    item: OrderRequestCancel | OrderRequestOpen
    reason: str

    def to_dict(self) -> dict[str, Json]:
        """Give it as JSON has it: flat, decimals and times as text."""
        key = self.item.key
        values: dict[str, Json] = {
            "time": time_text(self.time_ns),
            "reason": self.reason,
            "request": "open" if isinstance(self.item, OrderRequestOpen) else "cancel",
            "exchange": key.exchange,
            "instrument": key.instrument,
            "strategy_id": str(key.strategy),
            "client_order_id": str(key.cid),
        }
        if isinstance(self.item, OrderRequestCancel):
            return {**values, "id": None if self.item.id is None else str(self.item.id)}
        asked = self.item.state
        return {
            **values,
            "side": to_json_value(asked.side),
            "price": to_json_value(asked.price),
            "quantity": to_json_value(asked.quantity),
            "kind": to_json_value(asked.kind),
            "time_in_force": to_json_value(asked.time_in_force),
        }
