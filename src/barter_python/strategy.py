"""Strategies and the helpers that close positions: the module `barter::strategy`.

What a closing order is comes from barter's own Rust functions; nothing here restates it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Protocol, TypeAlias, TypeVar, overload

from typing_extensions import Self, override

from . import _core
from ._core import (
    AccountEvent,
    EngineView,
    ExchangeId,
    IndexedInstrument,
    InstrumentFilter,
    InstrumentView,
    MarketEvent,
    PositionExited,
    Side,
    Trade,
)
from ._hooks import (
    cancel_all_orders_on_disconnect,
    close_all_positions_on_trading_disabled,
)
from ._several import Strategies, StrategyGroup, close_positions_of_strategy
from ._traits import (
    NO_ORDERS,
    AlgoStrategy,
    ClosePositionsStrategy,
    OnDisconnectStrategy,
    OnFillStrategy,
    OnPositionClosedStrategy,
    OnTradingDisabledStrategy,
    Orders,
)
from .engine import HookCommand
from .execution import (
    ClientOrderId,
    OrderRequestCancel,
    OrderRequestOpen,
    StrategyId,
    _order_request_open,
)
from .instrument import Underlying

__all__ = [
    "NO_ORDERS",
    "AlgoStrategy",
    "ClosePositionsStrategy",
    "DefaultStrategy",
    "EngineState",
    "EngineStateLike",
    "InstrumentFilter",
    "InstrumentState",
    "InstrumentStateLike",
    "Number",
    "OnDisconnectStrategy",
    "OnFillStrategy",
    "OnPositionClosedStrategy",
    "OnTradingDisabledStrategy",
    "Orders",
    "Position",
    "PositionLike",
    "Strategies",
    "Strategy",
    "StrategyData",
    "StrategyGroup",
    "build_ioc_market_order_to_close_position",
    "cancel_all_orders_on_disconnect",
    "close_all_positions_on_trading_disabled",
    "close_open_positions_with_market_orders",
    "close_positions_of_strategy",
    "own_data",
]

Number: TypeAlias = Decimal | int | float
"""What the closing helpers take as a number: exact, floats by their shortest form."""


@dataclass(frozen=True)
class Position:
    """A position, as plain values.

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
    """

    instrument: int
    side: Side
    quantity_abs: Number
    entry_price: Number


@dataclass(frozen=True)
class InstrumentState:
    """The state of an instrument, as plain values.

    Parameters
    ----------
    instrument, exchange : int
        Indices of the instrument and of its exchange.
    position : Position, optional
        The open position.
    price : Decimal or int or float, optional
        The last known price, in the quote asset.
    underlying : Underlying, optional
        Asset indices of base and quote; filters by underlying need it.
    """

    instrument: int
    exchange: int
    position: Position | None
    price: Number | None
    underlying: Underlying[int] | None = None


@dataclass(frozen=True)
class EngineState:
    """The state of several instruments, as plain values.

    Parameters
    ----------
    instruments : sequence of InstrumentState
        The instruments, in any order.
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
    """What the helpers read of a position: `Position` and the engine's `OpenPosition` have it."""

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
    """What the helpers read of an instrument: `InstrumentState` and `InstrumentView` have it."""

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
    """What the helpers read of an engine: `EngineState` and the live `EngineView` have it."""

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
    """Build barter's order that closes a position at once: market, immediate or cancel.

    Calls `barter::strategy::close_positions::build_ioc_market_order_to_close_position` through the
    native function, `barter_python.build_ioc_market_order_to_close_position`, which takes single
    values and gives the native request: for code that has no position to hand over. The values of
    the result here are those that came back from it.

    Parameters
    ----------
    exchange : int
        Index of the exchange.
    position : Position or OpenPosition
        What to close; its own instrument is the instrument of the order.
    strategy_id : StrategyId or str
        Who asks.
    price : Decimal or int or float
        Price of the request; zero and below are accepted. Floats are read by their shortest form.
    gen_cid : callable, ClientOrderId or str, optional
        The order's id, or what gives it: it is called once. `None`, also from the callable, means
        `close-{instrument}`.

    Raises
    ------
    ValueError
        When the price is missing, a number is not finite or does not fit exactly into 28 digits,
        the quantity is not positive, an index is negative, or an id is blank.
    TypeError
        When an argument is of another type; `bool` and `str` are no numbers.

    Examples
    --------
    >>> position = Position(instrument=1, side=Side.BUY, quantity_abs=0.5, entry_price=2000)
    >>> order = build_ioc_market_order_to_close_position(0, position, "ema", Decimal("2059.10"))
    >>> order.state.side, order.state.quantity, str(order.key.cid)
    (<Side.SELL: 'sell'>, Decimal('0.5'), 'close-1')
    """
    strategy_id = _strategy_id(strategy_id)
    instrument, side, quantity = position.instrument, position.side, position.quantity_abs
    _core.check_closing_order(exchange, instrument, side, quantity, price)
    cid = gen_cid() if callable(gen_cid) else gen_cid
    # Looked up in the module at each call, so that a test can put a stand-in there.
    request = _core.build_ioc_market_order_to_close_position(
        exchange, instrument, side, quantity, strategy_id, price, cid
    )
    return _order_request_open(request)


def _strategy_id(value: StrategyId | str) -> StrategyId:
    return value if isinstance(value, StrategyId) else StrategyId(value)


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

    With the engine's own live state, barter's function of the same name
    (`barter::strategy::close_positions`) builds all orders in one call.

    Parameters
    ----------
    strategy_id : StrategyId or str
        Who asks.
    state : EngineState or EngineView
        Whose positions.
    filter : InstrumentFilter, optional
        Of which instruments; of all when it is not given.
    gen_cid : callable, optional
        Called once for each order with the instrument's state, after all checks of that order;
        gives its id. `None`, and when it is not given, means `close-{instrument}` for plain states
        and a new id of the run for the live state.
    on_missing_price : {"raise", "skip"}
        What to do with an open position without a price. barter's own function skips it.

    Returns
    -------
    tuple of (list of OrderRequestCancel, list of OrderRequestOpen)
        The first list is always empty, as barter's.

    Raises
    ------
    ValueError
        As `build_ioc_market_order_to_close_position`, on the first position that is wrong; then
        nothing is returned.

    Examples
    --------
    >>> position = Position(1, Side.SELL, Decimal(2), Decimal(10))
    >>> state = EngineState([InstrumentState(0, 0, None, None), InstrumentState(1, 0, position, 9)])
    >>> cancels, opens = close_open_positions_with_market_orders("ema", state)
    >>> cancels, [(order.key.instrument, order.state.side) for order in opens]
    ([], [(1, <Side.BUY: 'buy'>)])
    """
    if on_missing_price not in ("raise", "skip"):
        raise ValueError(f'on_missing_price must be "raise" or "skip", got {on_missing_price!r}')
    strategy_id = _strategy_id(strategy_id)
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


class _Matches(Protocol):
    """What a filter must be able to do at run time; public signatures say `InstrumentFilter`."""

    def matches(self, exchange: int, instrument: int, underlying: Underlying[int], /) -> bool: ...


def _native_filter(state: EngineView, filter: _Matches | None) -> InstrumentFilter | None:
    """Give the native filter that passes the same instruments; `None` when none pass."""
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


class StrategyData(Protocol):
    """Data of a strategy's own that the engine keeps as a part of its state.

    barter's `InstrumentDataState` and global data: it sees each event before the strategy is asked
    for orders, is copied (`copy.deepcopy`) into snapshots and replicas, and is compared (`==`)
    where states are. Views raise inside its methods, since the engine is changing its state; what
    its methods raise stops the run and arrives unchanged.
    """

    def on_market(self, event: MarketEvent, /) -> None:
        """Take an event of a market: an instrument's data of its own instrument only."""
        ...

    def on_account(self, event: AccountEvent, /) -> None:
        """Take an event of an account.

        As in barter, an instrument's data sees orders, cancels and fills of its own instrument, and
        no balances.
        """
        ...


StrategyDataT = TypeVar("StrategyDataT")


def own_data(view: EngineView | InstrumentView, kind: type[StrategyDataT]) -> StrategyDataT:
    """Give the strategy's own data: of an instrument's view, or the global data of the engine's.

    Parameters
    ----------
    view : EngineView or InstrumentView
        In a callback, or of a snapshot, which has copies.
    kind : type
        The class of the data.

    Raises
    ------
    TypeError
        When the data is of another class, or there is none.

    Examples
    --------
    >>> from barter_python import DefaultStrategy, Engine, ExchangeId, IndexedInstruments
    >>> from barter_python import InstrumentConfig, Reconnecting
    >>> class Counter:
    ...     count = 0
    ...     def on_market(self, event, /):
    ...         self.count += 1
    ...     def on_account(self, event, /):
    ...         self.count += 1
    >>> class Counting(DefaultStrategy):
    ...     def global_data(self, /):
    ...         return Counter()
    >>> instruments = IndexedInstruments(
    ...     [InstrumentConfig(ExchangeId.KRAKEN, "BTCUSD", Underlying("btc", "usd"))])
    >>> engine = Engine(Counting(), instruments, time_start=0)
    >>> own_data(engine.snapshot(), Counter).count
    0
    """
    data = view._own_data()
    if not isinstance(data, kind):
        found = "there is none" if data is None else f"it is a {type(data).__name__}"
        raise TypeError(f"expected data of the class {kind.__name__}, but {found}")
    return data


class Strategy(ABC):
    """Base of strategies: write `generate_algo_orders`; the other hooks do what barter's do.

    Use `typing_extensions.override` on each hook: a misspelt one is then an error in the editor.

    Attributes
    ----------
    id : StrategyId
        Whose the orders of `close_positions_requests` are; `default` unless a class sets its own.

    Examples
    --------
    >>> from typing_extensions import override
    >>> class Idle(Strategy):
    ...     @override
    ...     def generate_algo_orders(self, state: EngineView, /) -> Orders:
    ...         return NO_ORDERS
    """

    id: StrategyId = StrategyId("default")

    def on_start(self, state: EngineView, /) -> None:  # noqa: B027 - optional, not forgotten
        """Prepare; called once, before the first event: balances are known, prices are not."""

    def instrument_data(self, instrument: IndexedInstrument, /) -> StrategyData | None:
        """Give data of its own for an instrument, or `None`; called once for each, at the start.

        `own_data(state.instrument(...), MyData)` gives it back.
        """
        return None

    def global_data(self, /) -> StrategyData | None:
        """Give data of its own for all instruments, or `None`; called once, at the start.

        `own_data(state, MyData)` gives it back.
        """
        return None

    @abstractmethod
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        """Give cancels and opens; called after every event while trading is enabled.

        Parameters
        ----------
        state : EngineView
            The engine. `state.updated` is the instrument of the market event just processed.

        Returns
        -------
        Orders
            A pair of sequences, cancels and opens; `NO_ORDERS` for nothing.
        """

    def close_positions_requests(self, state: EngineView, filter: InstrumentFilter, /) -> Orders:
        """Give the orders that close positions, when a command asks for it.

        As barter's `DefaultStrategy`: a market order for each open position that has a price.
        """
        return close_open_positions_with_market_orders(
            self.id, state, filter, on_missing_price="skip"
        )

    def on_fill(self, trade: Trade, state: EngineView, /) -> None:  # noqa: B027
        """Take note of one of our fills, which the state has already: nothing."""

    def on_position_closed(  # noqa: B027
        self, position: PositionExited, state: EngineView, /
    ) -> None:
        """Take note of a position that a fill has closed, after `on_fill`: nothing."""

    def on_disconnect(self, exchange: ExchangeId, state: EngineView, /) -> Sequence[HookCommand]:
        """Say what to do when a stream of an exchange is lost: nothing, as barter's."""
        return ()

    def on_trading_disabled(self, state: EngineView, /) -> Sequence[HookCommand]:
        """Say what to do when trading is disabled: nothing, as barter's."""
        return ()


class DefaultStrategy(Strategy):
    """barter's `DefaultStrategy`: it makes no orders, and closes positions with market orders.

    Parameters
    ----------
    strategy_id : StrategyId or str
        Whose the closing orders are.

    Examples
    --------
    >>> DefaultStrategy().id
    StrategyId(value='default')
    """

    def __init__(self, strategy_id: StrategyId | str = "default") -> None:
        """Take the id."""
        self.id = _strategy_id(strategy_id)

    @classmethod
    def default(cls) -> Self:
        """Make one with the id `default`."""
        return cls()

    @override
    def generate_algo_orders(self, state: object = None, /) -> Orders:
        """Give no orders."""
        return [], []

    @override
    def close_positions_requests(
        self, state: EngineStateLike[InstrumentStateT], filter: InstrumentFilter | None = None
    ) -> tuple[list[OrderRequestCancel], list[OrderRequestOpen]]:
        """Give a market order for each open position; a missing price raises `ValueError`."""
        return close_open_positions_with_market_orders(self.id, state, filter)

    @override
    def on_disconnect(
        self, exchange: ExchangeId | str, state: object = None
    ) -> Sequence[HookCommand]:
        """Do nothing."""
        return ()

    @override
    def on_trading_disabled(self, state: object = None) -> Sequence[HookCommand]:
        """Do nothing."""
        return ()
