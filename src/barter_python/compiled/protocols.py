"""What a compiled function reads and asks for, as types."""

from enum import IntEnum
from typing import Protocol, TypeVar

OwnT_contra = TypeVar("OwnT_contra", contravariant=True)


class EventKind(IntEnum):
    """The event that a function is called with.

    Examples
    --------
    >>> EventKind.TRADE
    <EventKind.TRADE: 1>
    """

    TRADE = 1
    L1 = 2
    L2 = 3
    CANDLE = 4
    LIQUIDATION = 5
    FUNDING = 6
    SETTLEMENT = 7
    FILL = 8
    """One of our fills: `fill_price` and `fill_quantity` have it."""
    ORDER = 9
    """News of one of our orders, such as that it is open, or that it has failed."""
    CANCEL = 10
    """The answer to one of our cancels."""


class OrderStage(IntEnum):
    """Where one of our orders stands.

    Examples
    --------
    >>> OrderStage.OPEN
    <OrderStage.OPEN: 2>
    """

    IN_FLIGHT = 1
    OPEN = 2
    CANCEL_IN_FLIGHT = 3


class CompiledLevel(Protocol):
    """A level of the book.

    Examples
    --------
    >>> def worth(level: CompiledLevel) -> float:
    ...     return level.price * level.amount
    """

    @property
    def price(self) -> float:
        """The price, in the quote asset."""

    @property
    def amount(self) -> float:
        """The amount, in the base asset."""


class CompiledOrder(Protocol):
    """An order of ours, in flight or open.

    Examples
    --------
    >>> def remaining(order: CompiledOrder) -> float:
    ...     return order.quantity - order.filled
    """

    @property
    def id(self) -> int:
        """The number in an id that the run gave, such as 7 of `bp-7`; 0 of any other id."""

    @property
    def side(self) -> int:
        """1 for a buy, -1 for a sale."""

    @property
    def stage(self) -> int:
        """An `OrderStage`."""

    @property
    def price(self) -> float:
        """The price of the request, in the quote asset."""

    @property
    def quantity(self) -> float:
        """The quantity of the request, in the base asset."""

    @property
    def filled(self) -> float:
        """How much of it is filled, in the base asset."""


class CompiledInstrument(Protocol):
    """The instrument of the event, read only; NaN stands for a price that is not known.

    Examples
    --------
    >>> def depth(instrument: CompiledInstrument) -> float:
    ...     amount = 0.0
    ...     for level in range(instrument.bid_count):
    ...         amount += instrument.bid(level).amount
    ...     for level in range(instrument.ask_count):
    ...         amount -= instrument.ask(level).amount
    ...     return amount
    >>> def asked(instrument: CompiledInstrument) -> float:
    ...     quantity = 0.0
    ...     for position in range(instrument.order_count):
    ...         order = instrument.order(position)
    ...         quantity += order.side * (order.quantity - order.filled)
    ...     return quantity
    """

    @property
    def index(self) -> int:
        """Index of the instrument."""

    @property
    def event(self) -> int:
        """An `EventKind`: what has just happened."""

    @property
    def best_bid(self) -> float:
        """The highest bid's price."""

    @property
    def best_ask(self) -> float:
        """The lowest ask's price."""

    @property
    def mid(self) -> float:
        """Half way between best bid and best ask."""

    @property
    def last_trade(self) -> float:
        """Price of the last public trade."""

    @property
    def last_trade_amount(self) -> float:
        """Amount of the last public trade, in the base asset."""

    @property
    def last_trade_side(self) -> int:
        """1 if the taker of the last public trade bought, -1 if he sold, 0 before the first."""

    @property
    def candle_close(self) -> float:
        """Close of the last candle."""

    @property
    def position(self) -> float:
        """The open position in the base asset: negative for a short one, 0 for none."""

    @property
    def entry_price(self) -> float:
        """Average price of entry; NaN without a position."""

    @property
    def fill_price(self) -> float:
        """Price of the fill, if the event is one of our fills; else NaN."""

    @property
    def fill_quantity(self) -> float:
        """Quantity of the fill, negative for a sale; 0 if the event is none of our fills."""

    @property
    def order_count(self) -> int:
        """How many orders of ours are in flight or open."""

    @property
    def bid_count(self) -> int:
        """How many bids `bid` can give: at most as many as the `levels` of the function."""

    @property
    def ask_count(self) -> int:
        """How many asks `ask` can give: at most as many as the `levels` of the function."""

    def bid(self, level: int, /) -> CompiledLevel:
        """Give a bid, the best with 0; raises `IndexError` if there is none."""
        ...

    def ask(self, level: int, /) -> CompiledLevel:
        """Give an ask, the best with 0; raises `IndexError` if there is none."""
        ...

    def order(self, position: int, /) -> CompiledOrder:
        """Give one of our orders, sorted by their ids; raises `IndexError` if there is none."""
        ...


class CompiledOrders(Protocol):
    """Where a function asks for orders and cancels of the event's instrument.

    A quantity is rounded down to what an order can have, a price to the tick, never to a worse one:
    as `InstrumentView.round_quantity` and `round_price` do it. Floats count by their shortest form.

    Examples
    --------
    >>> def quote(instrument: CompiledInstrument, orders: CompiledOrders) -> None:
    ...     orders.cancel_all()
    ...     orders.limit_buy(price=instrument.best_bid, quantity=0.01, post_only=True)
    ...     orders.limit_sell(price=instrument.best_ask, quantity=0.01, post_only=True)
    >>> def flee(instrument: CompiledInstrument, orders: CompiledOrders) -> None:
    ...     for position in range(instrument.order_count):
    ...         orders.cancel(instrument.order(position).id)
    ...     if instrument.position < 0:
    ...         orders.market_buy(-instrument.position)
    ...     elif instrument.position > 0:
    ...         orders.market_sell(instrument.position)
    """

    def market_buy(self, quantity: float) -> int:
        """Ask for a market order that buys; gives the id that `order(...).id` will have."""
        ...

    def market_sell(self, quantity: float) -> int:
        """Ask for a market order that sells."""
        ...

    def limit_buy(self, *, price: float, quantity: float, post_only: bool = False) -> int:
        """Ask for a limit order that buys and stays open until it is cancelled."""
        ...

    def limit_sell(self, *, price: float, quantity: float, post_only: bool = False) -> int:
        """Ask for a limit order that sells and stays open until it is cancelled."""
        ...

    def close(self) -> None:
        """Ask for barter's own closing order, of the exact position; nothing without one."""
        ...

    def cancel(self, id: int) -> None:
        """Ask to cancel the order with that id; nothing if no such order is in flight or open."""
        ...

    def cancel_all(self) -> None:
        """Ask to cancel all orders of the instrument."""
        ...


class EventFunction(Protocol[OwnT_contra]):
    """What `compiled` makes a strategy of.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @dataclass
    ... class Own:
    ...     events: int = 0
    >>> def count(time_ns: int, instrument: CompiledInstrument, own: Own, orders: CompiledOrders):
    ...     own.events += 1
    >>> function: EventFunction[Own] = count
    """

    def __call__(
        self,
        time_ns: int,
        instrument: CompiledInstrument,
        own: OwnT_contra,
        orders: CompiledOrders,
        /,
    ) -> None:
        """Act on an event; called after it while trading is enabled.

        Parameters
        ----------
        time_ns : int
            The time of the run, in nanoseconds since 1970.
        instrument : CompiledInstrument
            The instrument of the event, which already includes it.
        own : OwnT
            The function's own state of that instrument, to read and change.
        orders : CompiledOrders
            Where to ask for orders.
        """
        ...
