"""Orders, trades, balances and the events of an account: the crate `barter-execution`."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from typing_extensions import Self

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
            raise ValueError(f"{self._what} must not be blank, got {self.value!r}")

    @classmethod
    def new(cls, value: str) -> Self:
        """Make an id, as barter's `new` does."""
        return cls(value)

    def __str__(self) -> str:
        """Give the value."""
        return self.value

    def __hash__(self) -> int:
        """Tell ids of two classes apart."""
        return hash((type(self).__name__, self.value))


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
        """Make an id of 23 random characters that fit into a URL, as barter's `random` does.

        Not for backtests: `EngineView.next_cid` gives the same ids in every run.
        """
        import secrets  # noqa: PLC0415 - rarely needed, and slow to import
        import string  # noqa: PLC0415

        symbols = string.ascii_letters + string.digits + "_-"
        return cls("".join(secrets.choice(symbols) for _ in range(23)))


class OrderId(_Id):
    """An order's id, given by the exchange (`barter_execution::order::id::OrderId`)."""

    _what: ClassVar[str] = "order id"


class StrategyId(_Id):
    """A strategy's id (`barter_execution::order::id::StrategyId`)."""

    _what: ClassVar[str] = "strategy id"

    @classmethod
    def unknown(cls) -> Self:
        """Make the id of what no strategy has sent, as barter's `unknown` does."""
        return cls("unknown")


@dataclass(frozen=True)
class OrderKey:
    """Which order it is (`barter_execution::order::OrderKey`).

    Parameters
    ----------
    exchange, instrument : int
        Indices.
    strategy : StrategyId
        Whose it is.
    cid : ClientOrderId
        Its id, chosen by the strategy.
    """

    exchange: int
    instrument: int
    strategy: StrategyId
    cid: ClientOrderId


@dataclass(frozen=True)
class RequestOpen:
    """What is asked for (`barter_execution::order::request::RequestOpen`).

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
    """

    side: Side
    price: Decimal
    quantity: Decimal
    kind: OrderKind
    time_in_force: TimeInForce


@dataclass(frozen=True)
class OrderRequestOpen:
    """A request to open an order (`barter_execution::order::request::OrderRequestOpen`).

    Strategies return it, and it is the only such class in the public API. It is checked when it
    reaches the engine: indices, quantity, price and id.

    Parameters
    ----------
    key : OrderKey
        Which order it is to be.
    state : RequestOpen
        What is asked for.
    """

    key: OrderKey
    state: RequestOpen


@dataclass(frozen=True)
class OrderRequestCancel:
    """A request to cancel an order (`barter_execution::order::request::OrderRequestCancel`).

    Parameters
    ----------
    key : OrderKey
        Which order it is.
    id : OrderId, optional
        The exchange's id, where it is known.
    """

    key: OrderKey
    id: OrderId | None = None


def _order_request_open(request: PyOrderRequestOpen) -> OrderRequestOpen:
    """Take the native request apart; native code calls this too."""
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
    """Put the values of a native request together; native code calls this."""
    return OrderRequestCancel(
        OrderKey(exchange, instrument, StrategyId(strategy), ClientOrderId(cid)),
        None if order_id is None else OrderId(order_id),
    )
