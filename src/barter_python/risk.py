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

from ._checks import check_exact, check_type, shown
from ._core import (
    CheckFailHigherThan,
    CheckHigherThan,
    EngineView,
    calculate_abs_percent_difference,
    calculate_delta,
    calculate_quote_notional,
)
from ._json import Json, time_text
from .execution import OrderRequestCancel, OrderRequestOpen

__all__ = [
    "CheckFailHigherThan",
    "CheckHigherThan",
    "DefaultRiskManager",
    "RefusedRequest",
    "RiskDecision",
    "RiskLimits",
    "RiskManager",
    "RiskManagerLike",
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
        Why it must not be sent.

    Raises
    ------
    ValueError
        If the reason is blank.

    Examples
    --------
    >>> from barter_python import ClientOrderId, OrderKey, OrderRequestCancel, StrategyId
    >>> key = OrderKey(0, 0, StrategyId("me"), ClientOrderId("cid-1"))
    >>> RiskRefused(OrderRequestCancel(key), "too late").reason
    'too late'
    """

    item: RequestT_co
    reason: str

    def __post_init__(self) -> None:
        """Check the reason."""
        check_type("reason", self.reason, str)
        if not self.reason.strip():
            raise ValueError(f"reason must not be blank, got {shown(self.reason)}")


@dataclass(frozen=True)
class RiskDecision:
    """The decision of a risk manager: which requests are sent, and which are not.

    `RiskDecision(cancels, opens)` approves everything. Each request of the strategy must be in one
    of the four sequences, or the run stops with an `OrderRequestError`.

    Parameters
    ----------
    cancels : sequence of OrderRequestCancel
        Cancels to send.
    opens : sequence of OrderRequestOpen
        Orders to send: the strategy's, or changed ones with the same key.
    refused_cancels : sequence of RiskRefused of OrderRequestCancel
        Cancels not to send.
    refused_opens : sequence of RiskRefused of OrderRequestOpen
        Orders not to send.

    Examples
    --------
    >>> RiskDecision(opens=[]).refused_opens
    ()
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
        """Approve all cancels, and the orders that a function gives no reason to refuse.

        Parameters
        ----------
        cancels : sequence of OrderRequestCancel
            The strategy's cancels.
        opens : sequence of OrderRequestOpen
            The strategy's orders.
        refusal : callable
            Called with each order; returns the reason to refuse it, or `None`.

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
    """An object that checks a strategy's requests before they are sent: all a run needs.

    Examples
    --------
    >>> class SendsNothing:
    ...     def check(self, state, cancels, opens, /):
    ...         return RiskDecision.of(cancels, opens, lambda order: "not today")
    """

    def check(
        self,
        state: EngineView,
        cancels: Sequence[OrderRequestCancel],
        opens: Sequence[OrderRequestOpen],
        /,
    ) -> RiskDecision:
        """Decide which requests are sent; called if there are any."""
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
        """Decide which requests are sent.

        The engine calls it after each `generate_algo_orders` that returned requests. An exception
        stops the run and reaches the caller unchanged.

        Parameters
        ----------
        state : EngineView
            The engine, as the strategy saw it.
        cancels : sequence of OrderRequestCancel
            The strategy's cancels.
        opens : sequence of OrderRequestOpen
            The strategy's orders.
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
    """Limits that the engine checks natively, without calling Python for each order.

    The engine refuses an order that breaks a limit, with a reason that names the limit and both
    numbers. It approves all cancels. A limit of `None` is not checked; `docs/risk.md` defines each
    limit.

    Parameters
    ----------
    max_order_quantity : Decimal or int, optional
        Quantity of one order, in the base asset.
    max_order_notional : Decimal or int, optional
        Quantity times price of one order, in the quote asset.
    max_position_quantity : Decimal or int, optional
        Position of an instrument, long or short, in the base asset, as it would be if the order and
        all other live orders of its side were filled.
    max_open_orders : int, optional
        Live orders of an instrument, including the new one.
    max_price_deviation : Decimal or int, optional
        Distance of the order's price from the market's, as a fraction of the market's:
        `Decimal("0.1")` is 10 %.
    max_drawdown : Decimal or int, optional
        Fall of the equity in a quote asset from its peak, as a fraction of the peak. Once the
        equity has fallen farther, only orders that reduce a position are sent until the end.
    instruments : mapping of str to RiskLimits
        Limits by the name of an instrument, such as `binancespot-btc_usdt`, which replace the
        general ones; the general ones apply where they are `None`.

    Raises
    ------
    ValueError
        If a limit is negative, `max_drawdown` is 1 or more, or the limits of an instrument have a
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
                raise TypeError(f"{name} must be an int, got {type(limit).__name__} {shown(limit)}")
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
            place = f"instruments[{shown(instrument)}]"
            check_type(place, limits, RiskLimits)
            if limits.max_drawdown is not None:
                raise ValueError(f"{place} must not have a max_drawdown, which limits an account")
            if limits.instruments:
                raise ValueError(f"{place} must not have instruments of its own")


@dataclass(frozen=True)
class RefusedRequest:
    """A request that the risk manager refused in a run.

    Attributes
    ----------
    time : datetime
        Time of the refusal, in UTC.
    time_ns : int
        `time` in nanoseconds since 1970.
    item : OrderRequestCancel or OrderRequestOpen
        The request.
    reason : str
        Why it was refused.

    Examples
    --------
    >>> from barter_python import ClientOrderId, OrderKey, OrderRequestCancel, StrategyId
    >>> request = OrderRequestCancel(OrderKey(0, 0, StrategyId("me"), ClientOrderId("cid-1")))
    >>> from datetime import datetime, timezone
    >>> time = datetime(2024, 1, 1, tzinfo=timezone.utc)
    >>> refused = RefusedRequest(time, 1_704_067_200_000_000_000, request, "too late")
    >>> refused.to_dict()["reason"]
    'too late'
    """

    time: datetime
    time_ns: int
    item: OrderRequestCancel | OrderRequestOpen
    reason: str

    def to_dict(self) -> dict[str, Json]:
        """Give the refusal as flat JSON: decimals and times are text."""
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
            "side": asked.side.value,
            "price": f"{asked.price:f}",
            "quantity": f"{asked.quantity:f}",
            "kind": asked.kind.value,
            "time_in_force": asked.time_in_force.value,
        }
