"""Orders, trades, balances and the events of an account: the crate `barter-execution`."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from typing_extensions import Self

from ._checks import shown
from ._core import (
    AccountEvent,
    AccountReconnecting,
    AccountSnapshot,
    AssetBalance,
    Balance,
    InstrumentAccountSnapshot,
    Order,
    OrderFailure,
    OrderFailureKind,
    OrderKind,
    OrderResponseCancel,
    OrderStatus,
    PyOrderRequestOpen,
    Side,
    TimeInForce,
    Trade,
)

__all__ = [
    "AccountEvent",
    "AccountReconnecting",
    "AccountSnapshot",
    "AssetBalance",
    "Balance",
    "ClientOrderId",
    "InstrumentAccountSnapshot",
    "Order",
    "OrderFailure",
    "OrderFailureKind",
    "OrderId",
    "OrderKey",
    "OrderKind",
    "OrderRequestCancel",
    "OrderRequestOpen",
    "OrderResponseCancel",
    "OrderStatus",
    "PyOrderRequestOpen",
    "RequestOpen",
    "StrategyId",
    "TimeInForce",
    "Trade",
]


@dataclass(frozen=True)
class _Id:
    value: str

    _what: ClassVar[str] = "id"

    def __post_init__(self) -> None:
        """Check the value."""
        if not isinstance(self.value, str):
            raise TypeError(f"{self._what} must be a str, got {type(self.value).__name__}")
        if not self.value.strip():
            raise ValueError(f"{self._what} must not be blank, got {shown(self.value)}")

    @classmethod
    def new(cls, value: str) -> Self:
        """Make an id, as barter's `new` does."""
        return cls(value)

    def __str__(self) -> str:
        """Give the value."""
        return self.value

    def __hash__(self) -> int:
        """Give ids of different classes different hashes."""
        return hash((type(self).__name__, self.value))


@dataclass(frozen=True, eq=False)
class ClientOrderId(_Id):
    """An order's id, chosen by the strategy (`barter_execution::order::id::ClientOrderId`).

    Examples
    --------
    >>> ClientOrderId("close-1") == ClientOrderId.new("close-1")
    True
    """

    _what: ClassVar[str] = "client order id"

    @classmethod
    def random(cls) -> Self:
        """Make an id of 23 random characters that are safe in a URL, as barter's `random` does.

        Do not use it in backtests: `EngineView.next_cid` gives the same ids in every run.
        """
        import secrets  # noqa: PLC0415 - rarely needed, and slow to import
        import string  # noqa: PLC0415

        symbols = string.ascii_letters + string.digits + "_-"
        return cls("".join(secrets.choice(symbols) for _ in range(23)))


@dataclass(frozen=True, eq=False)
class OrderId(_Id):
    """An order's id, given by the exchange (`barter_execution::order::id::OrderId`).

    Examples
    --------
    >>> OrderId("42"), OrderId.new("42").value
    (OrderId(value='42'), '42')
    """

    _what: ClassVar[str] = "order id"


@dataclass(frozen=True, eq=False)
class StrategyId(_Id):
    """A strategy's id (`barter_execution::order::id::StrategyId`).

    Examples
    --------
    >>> StrategyId("ema"), StrategyId.new("ema") == StrategyId("ema")
    (StrategyId(value='ema'), True)
    """

    _what: ClassVar[str] = "strategy id"

    @classmethod
    def unknown(cls) -> Self:
        """Make the id of orders that no strategy sent, as barter's `unknown` does."""
        return cls("unknown")


@dataclass(frozen=True)
class OrderKey:
    """The key of an order (`barter_execution::order::OrderKey`).

    Parameters
    ----------
    exchange, instrument : int
        Indices of the exchange and of the instrument.
    strategy : StrategyId
        The strategy that sends the order.
    cid : ClientOrderId
        The order's id, chosen by the strategy.

    Examples
    --------
    >>> OrderKey(0, 1, StrategyId("ema"), ClientOrderId("cid-1")).instrument
    1
    """

    exchange: int
    instrument: int
    strategy: StrategyId
    cid: ClientOrderId


@dataclass(frozen=True)
class RequestOpen:
    """The terms of a new order (`barter_execution::order::request::RequestOpen`).

    Parameters
    ----------
    side : Side
        Buy or sell.
    price : Decimal
        Price, in the instrument's quote asset.
    quantity : Decimal
        Quantity, in the instrument's base asset.
    kind : OrderKind
        Market or limit.
    time_in_force : TimeInForce
        How long the order stays open.

    Examples
    --------
    >>> from decimal import Decimal
    >>> from barter_python import OrderKind, Side, TimeInForce
    >>> RequestOpen(
    ...     Side.BUY, Decimal(99), Decimal(2), OrderKind.LIMIT, TimeInForce.FILL_OR_KILL).quantity
    Decimal('2')
    """

    side: Side
    price: Decimal
    quantity: Decimal
    kind: OrderKind
    time_in_force: TimeInForce


@dataclass(frozen=True)
class OrderRequestOpen:
    """A request to open an order (`barter_execution::order::request::OrderRequestOpen`).

    Strategies return it, and it is the only such class in the public API. The engine checks its
    indices, quantity, price and id when it arrives.

    Parameters
    ----------
    key : OrderKey
        The key of the new order.
    state : RequestOpen
        Its terms.

    Examples
    --------
    >>> from decimal import Decimal
    >>> from barter_python import OrderKind, Side, TimeInForce
    >>> key = OrderKey(0, 1, StrategyId("ema"), ClientOrderId("cid-1"))
    >>> asked = RequestOpen(
    ...     Side.BUY, Decimal(99), Decimal(2), OrderKind.LIMIT, TimeInForce.FILL_OR_KILL)
    >>> OrderRequestOpen(key, asked).state.price
    Decimal('99')
    """

    key: OrderKey
    state: RequestOpen


@dataclass(frozen=True)
class OrderRequestCancel:
    """A request to cancel an order (`barter_execution::order::request::OrderRequestCancel`).

    Parameters
    ----------
    key : OrderKey
        The key of the order.
    id : OrderId, optional
        The exchange's id of the order, if it is known.

    Examples
    --------
    >>> key = OrderKey(0, 1, StrategyId("ema"), ClientOrderId("cid-1"))
    >>> OrderRequestCancel(key).id is None
    True
    """

    key: OrderKey
    id: OrderId | None = None


def _order_request_open(request: PyOrderRequestOpen) -> OrderRequestOpen:
    """Convert the native request; native code calls this too."""
    return OrderRequestOpen(
        key=OrderKey(
            exchange=request.exchange,
            instrument=request.instrument,
            strategy=StrategyId(request.strategy_id),
            cid=ClientOrderId(request.client_order_id),
        ),
        state=RequestOpen(
            side=request.side,
            price=request.price,
            quantity=request.quantity,
            kind=request.kind,
            time_in_force=request.time_in_force,
        ),
    )


def _order_request_cancel(
    exchange: int, instrument: int, strategy: str, cid: str, order_id: str | None
) -> OrderRequestCancel:
    """Make a request of the values of a native one; native code calls this."""
    return OrderRequestCancel(
        OrderKey(exchange, instrument, StrategyId(strategy), ClientOrderId(cid)),
        None if order_id is None else OrderId(order_id),
    )
