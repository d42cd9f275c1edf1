"""Orders that close positions, from barter's own functions, and the plain states they read."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Protocol, TypeAlias, TypeVar, overload

from .. import _core
from .._checks import shown
from .._core import EngineView, InstrumentFilter, InstrumentView, Side
from ..execution import (
    ClientOrderId,
    OrderRequestCancel,
    OrderRequestOpen,
    StrategyId,
    _order_request_open,
)
from ..instrument import Underlying

Number: TypeAlias = Decimal | int | float
"""A number for the closing helpers: exact; a float stands for its shortest decimal form."""


@dataclass(frozen=True)
class Position:
    """A position as plain values.

    Parameters
    ----------
    instrument : int
        Index of the instrument.
    side : Side
        Buy for a long position, sell for a short one.
    quantity_abs : Decimal or int or float
        Quantity without a sign, in the base asset.
    entry_price : Decimal or int or float
        Price of entry, in the quote asset.

    Examples
    --------
    >>> from decimal import Decimal
    >>> Position(0, Side.BUY, Decimal("0.5"), 100).quantity_abs
    Decimal('0.5')
    """

    instrument: int
    side: Side
    quantity_abs: Number
    entry_price: Number


@dataclass(frozen=True)
class InstrumentState:
    """The state of an instrument as plain values.

    Parameters
    ----------
    instrument, exchange : int
        Indices of the instrument and of its exchange.
    position : Position, optional
        The open position.
    price : Decimal or int or float, optional
        The last known price, in the quote asset.
    underlying : Underlying, optional
        Asset indices of base and quote, which filters by underlying need.

    Examples
    --------
    >>> InstrumentState(0, 0, None, price=101).price
    101
    """

    instrument: int
    exchange: int
    position: Position | None
    price: Number | None
    underlying: Underlying[int] | None = None


@dataclass(frozen=True)
class EngineState:
    """The state of several instruments as plain values.

    Parameters
    ----------
    instruments : sequence of InstrumentState
        The instruments, in any order.

    Examples
    --------
    >>> state = EngineState([InstrumentState(0, 0, Position(0, Side.SELL, 2, 10), 9)])
    >>> _, opens = close_open_positions_with_market_orders("ema", state)
    >>> opens[0].state.side
    <Side.BUY: 'buy'>
    """

    instruments: Sequence[InstrumentState]

    def instruments_iter(self, filter: InstrumentFilter | None = None) -> Iterator[InstrumentState]:
        """Iterate over the instruments that pass a filter, in the order of the list.

        Examples
        --------
        >>> state = EngineState([InstrumentState(0, 0, None, 1), InstrumentState(1, 0, None, 2)])
        >>> [i.price for i in state.instruments_iter(InstrumentFilter.instruments([1]))]
        [2]
        """
        for state in self.instruments:
            if filter is None or filter.matches(state.exchange, state.instrument, state.underlying):
                yield state


class PositionLike(Protocol):
    """The part of a position that the helpers read: of `Position` and of `OpenPosition`.

    Examples
    --------
    >>> from decimal import Decimal
    >>> held: PositionLike = Position(0, Side.BUY, Decimal("0.5"), 100)
    >>> held.side
    <Side.BUY: 'buy'>
    """

    @property
    def instrument(self) -> int:
        """Index of the instrument."""

    @property
    def side(self) -> Side:
        """Side of the position."""

    @property
    def quantity_abs(self) -> Number:
        """Quantity without a sign."""


class InstrumentStateLike(Protocol):
    """The part of an instrument that the helpers read: of `InstrumentState`, `InstrumentView`.

    Examples
    --------
    >>> state: InstrumentStateLike = InstrumentState(0, 0, None, price=101)
    >>> state.position is None
    True
    """

    @property
    def exchange(self) -> int:
        """Index of the exchange."""

    @property
    def position(self) -> PositionLike | None:
        """The open position."""

    @property
    def price(self) -> Number | None:
        """The last known price."""


InstrumentStateT_co = TypeVar("InstrumentStateT_co", bound=InstrumentStateLike, covariant=True)
InstrumentStateT = TypeVar("InstrumentStateT", bound=InstrumentStateLike)


class EngineStateLike(Protocol[InstrumentStateT_co]):
    """The part of an engine that the helpers read: of `EngineState` and of `EngineView`.

    Examples
    --------
    >>> state: EngineStateLike[InstrumentState] = EngineState([InstrumentState(0, 0, None, 101)])
    >>> [instrument.price for instrument in state.instruments_iter()]
    [101]
    """

    def instruments_iter(
        self, filter: InstrumentFilter | None = None
    ) -> Iterator[InstrumentStateT_co]:
        """Iterate over the instruments that pass a filter."""
        ...


def build_ioc_market_order_to_close_position(
    exchange: int,
    position: PositionLike,
    strategy_id: StrategyId | str,
    price: Number,
    gen_cid: Callable[[], ClientOrderId | str | None] | ClientOrderId | str | None = None,
) -> OrderRequestOpen:
    """Build barter's market order, immediate or cancel, that closes a position.

    Calls `barter::strategy::close_positions::build_ioc_market_order_to_close_position` through the
    native function `barter_python.build_ioc_market_order_to_close_position`, whose values the
    result has. The native function is for code without a position object: it takes single values
    and returns the native request.

    Parameters
    ----------
    exchange : int
        Index of the exchange.
    position : Position or OpenPosition
        The position to close. Its instrument is the instrument of the order.
    strategy_id : StrategyId or str
        The strategy that sends the order.
    price : Decimal or int or float
        Price of the request, which may be zero or negative. A float stands for its shortest decimal
        form.
    gen_cid : callable, ClientOrderId or str, optional
        The order's id, or a function that returns it and is called once. `None`, also from the
        function, means `close-{instrument}`.

    Raises
    ------
    ValueError
        If the price is missing, a number is not finite or does not fit exactly into 28 digits,
        the quantity is not positive, an index is negative, or an id is blank.
    TypeError
        If an argument has another type; a `bool` or a `str` is not a number.

    Examples
    --------
    >>> from decimal import Decimal
    >>> position = Position(instrument=1, side=Side.BUY, quantity_abs=0.5, entry_price=2000)
    >>> order = build_ioc_market_order_to_close_position(0, position, "ema", Decimal("2059.10"))
    >>> order.state.side, order.state.quantity, str(order.key.cid)
    (<Side.SELL: 'sell'>, Decimal('0.5'), 'close-1')
    """
    strategy_id = strategy_id_of(strategy_id)
    instrument, side, quantity = position.instrument, position.side, position.quantity_abs
    _core.check_closing_order(exchange, instrument, side, quantity, price)
    cid = gen_cid() if callable(gen_cid) else gen_cid
    # The module is read at each call, so that a test can replace the function.
    request = _core.build_ioc_market_order_to_close_position(
        exchange, instrument, side, quantity, strategy_id, price, cid
    )
    return _order_request_open(request)


@overload
def close_open_positions_with_market_orders(
    strategy_id: StrategyId | str,
    state: EngineView,
    filter: InstrumentFilter | None = None,
    gen_cid: Callable[[InstrumentView], ClientOrderId | str | None] | None = None,
    *,
    on_missing_price: Literal["raise", "skip"] = "raise",
) -> tuple[list[OrderRequestCancel], list[OrderRequestOpen]]: ...
@overload
def close_open_positions_with_market_orders(
    strategy_id: StrategyId | str,
    state: EngineStateLike[InstrumentStateT],
    filter: InstrumentFilter | None = None,
    gen_cid: Callable[[InstrumentStateT], ClientOrderId | str | None] | None = None,
    *,
    on_missing_price: Literal["raise", "skip"] = "raise",
) -> tuple[list[OrderRequestCancel], list[OrderRequestOpen]]: ...
def close_open_positions_with_market_orders(
    strategy_id: StrategyId | str,
    state: EngineView | EngineStateLike[InstrumentStateT],
    filter: InstrumentFilter | None = None,
    gen_cid: Callable[..., ClientOrderId | str | None] | None = None,
    *,
    on_missing_price: Literal["raise", "skip"] = "raise",
) -> tuple[list[OrderRequestCancel], list[OrderRequestOpen]]:
    """Build barter's orders that close all open positions.

    For an `EngineView`, barter's function of the same name (`barter::strategy::close_positions`)
    builds all orders in one call.

    Parameters
    ----------
    strategy_id : StrategyId or str
        The strategy that sends the orders.
    state : EngineState or EngineView
        The state with the positions.
    filter : InstrumentFilter, optional
        The instruments whose positions are closed; all instruments if `None`.
    gen_cid : callable, optional
        Called once for each order with the instrument's state, after all checks of that order;
        returns the order's id. Without it, or if it returns `None`, the id is `close-{instrument}`
        for plain states and a new id of the run for an `EngineView`.
    on_missing_price : {"raise", "skip"}
        What to do with an open position without a price. barter's own function skips it.

    Returns
    -------
    tuple of (list of OrderRequestCancel, list of OrderRequestOpen)
        The first list is always empty, as barter's.

    Raises
    ------
    ValueError
        If `build_ioc_market_order_to_close_position` would raise it for one of the positions.

    Examples
    --------
    >>> from decimal import Decimal
    >>> position = Position(1, Side.SELL, Decimal(2), Decimal(10))
    >>> state = EngineState([InstrumentState(0, 0, None, None), InstrumentState(1, 0, position, 9)])
    >>> cancels, opens = close_open_positions_with_market_orders("ema", state)
    >>> cancels, [(order.key.instrument, order.state.side) for order in opens]
    ([], [(1, <Side.BUY: 'buy'>)])
    """
    if on_missing_price not in ("raise", "skip"):
        found = shown(on_missing_price)
        raise ValueError(f'on_missing_price must be "raise" or "skip", got {found}')
    strategy_id = strategy_id_of(strategy_id)
    skip = on_missing_price == "skip"
    if isinstance(state, EngineView):
        native_filter = _native_filter(state, filter)
        if native_filter is None:
            return [], []
        requests = _core.close_open_positions_with_market_orders(
            strategy_id,
            state,
            native_filter,
            gen_cid,
            skip_missing_price=skip,
        )
        return [], [_order_request_open(request) for request in requests]
    opens = []
    for instrument in state.instruments_iter(filter):
        position = instrument.position
        if position is None:
            continue
        exchange, index, price = instrument.exchange, position.instrument, instrument.price
        side, quantity = position.side, position.quantity_abs
        possible = _core.check_closing_order(
            exchange, index, side, quantity, price, skip_missing_price=skip
        )
        if price is None or not possible:
            continue
        cid = None if gen_cid is None else gen_cid(instrument)
        request = _core.build_ioc_market_order_to_close_position(
            exchange, index, side, quantity, strategy_id, price, cid
        )
        opens.append(_order_request_open(request))
    return [], opens


def close_positions_of_strategy(
    strategy_id: StrategyId | str,
    state: EngineView,
    filter: InstrumentFilter | None = None,
    *,
    on_missing_price: Literal["raise", "skip"] = "raise",
) -> tuple[list[OrderRequestCancel], list[OrderRequestOpen]]:
    """Build the orders that close the positions of one of several strategies.

    Each is barter's order for the position that `InstrumentView.position_of` returns, at the
    instrument's `price`, with a new id of the run. Positions of other strategies stay open.

    Parameters
    ----------
    strategy_id : StrategyId or str
        The strategy whose positions are closed, and which sends the orders.
    state : EngineView
        The engine.
    filter : InstrumentFilter, optional
        The instruments whose positions are closed; all instruments if `None`.
    on_missing_price : {"raise", "skip"}
        What to do with an open position without a price.

    Returns
    -------
    tuple of (list of OrderRequestCancel, list of OrderRequestOpen)
        The first list is always empty.

    Raises
    ------
    ValueError
        If a price is missing, or the id is blank.

    Examples
    --------
    >>> from barter_python import NO_ORDERS, EngineView, Orders
    >>> class Out:
    ...     def generate_algo_orders(self, state: EngineView, /) -> Orders:
    ...         if any(view.has_orders for view in state.instruments):
    ...             return NO_ORDERS
    ...         return close_positions_of_strategy("momentum", state)
    """
    if on_missing_price not in ("raise", "skip"):
        found = shown(on_missing_price)
        raise ValueError(f'on_missing_price must be "raise" or "skip", got {found}')
    skip = on_missing_price == "skip"
    opens = []
    for view in state.instruments_iter(filter):
        position = view.position_of(strategy_id)
        if position is None:
            continue
        exchange, index, price = view.exchange, view.index, view.price
        side, quantity = position.side, position.quantity_abs
        possible = _core.check_closing_order(
            exchange, index, side, quantity, price, skip_missing_price=skip
        )
        if price is None or not possible:
            continue
        request = _core.build_ioc_market_order_to_close_position(
            exchange, index, side, quantity, strategy_id, price, state.next_cid()
        )
        opens.append(_order_request_open(request))
    return [], opens


def strategy_id_of(value: StrategyId | str) -> StrategyId:
    """Make a `str` an id."""
    return value if isinstance(value, StrategyId) else StrategyId(value)


class _Matches(Protocol):
    """The method that filters need at run time; public signatures say `InstrumentFilter`."""

    def matches(self, exchange: int, instrument: int, underlying: Underlying[int], /) -> bool: ...


def _native_filter(state: EngineView, filter: _Matches | None) -> InstrumentFilter | None:
    """Give the native filter for the same instruments; `None` if no instrument passes."""
    if filter is None:
        return InstrumentFilter.none()
    if isinstance(filter, InstrumentFilter):
        return filter
    passing = [
        view.index
        for view in state.instruments
        if filter.matches(view.exchange, view.index, view.underlying)
    ]
    return InstrumentFilter.instruments(passing) if passing else None
