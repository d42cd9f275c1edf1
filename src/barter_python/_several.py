"""Strategies made of several objects: `barter_python.strategy` has the names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Literal

from . import _core
from ._core import (
    EngineView,
    ExchangeId,
    IndexedInstrument,
    InstrumentFilter,
    PositionExited,
    Trade,
)
from ._traits import (
    NO_ORDERS,
    AlgoStrategy,
    ClosePositionsStrategy,
    OnDisconnectStrategy,
    OnTradingDisabledStrategy,
    Orders,
)
from .engine import HookCommand
from .errors import OrderRequestError
from .execution import (
    OrderRequestCancel,
    OrderRequestOpen,
    StrategyId,
    _order_request_open,
)


def _check_part(argument: str, part: object, method: str) -> None:
    if isinstance(part, type):
        raise TypeError(
            f"{argument} must be an instance, got the class {part.__name__}; "
            f"did you mean {part.__name__}()?"
        )
    if not callable(getattr(part, method, None)):
        raise TypeError(
            f"{argument} must have the method {method}, which {type(part).__name__} has not"
        )


class Strategies:
    """Several objects as one strategy, each with one of barter's four traits.

    Hooks that no object is given for are those of `algo` where it has them; else they are barter's:
    positions are closed with market orders, and nothing else is done. `on_start`, `on_fill` and
    `on_position_closed` are those of `algo`.

    The engine looks the methods up once and calls the objects directly.

    Parameters
    ----------
    algo : AlgoStrategy
        What makes orders.
    close_positions : ClosePositionsStrategy, optional
        What closes positions.
    on_disconnect : OnDisconnectStrategy, optional
        What acts on a lost stream.
    on_trading_disabled : OnTradingDisabledStrategy, optional
        What acts when trading is disabled.

    Examples
    --------
    >>> from barter_python import NO_ORDERS, DefaultStrategy, EngineView, Orders
    >>> class Idle:
    ...     def generate_algo_orders(self, state: EngineView, /) -> Orders:
    ...         return NO_ORDERS
    >>> strategy = Strategies(Idle(), close_positions=DefaultStrategy("closing"))
    >>> strategy.close_positions_requests.__self__.id
    StrategyId(value='closing')
    """

    def __init__(
        self,
        algo: AlgoStrategy,
        *,
        close_positions: ClosePositionsStrategy | None = None,
        on_disconnect: OnDisconnectStrategy | None = None,
        on_trading_disabled: OnTradingDisabledStrategy | None = None,
    ) -> None:
        """Join them."""
        _check_part("algo", algo, "generate_algo_orders")
        if close_positions is not None:
            _check_part("close_positions", close_positions, "close_positions_requests")
        if on_disconnect is not None:
            _check_part("on_disconnect", on_disconnect, "on_disconnect")
        if on_trading_disabled is not None:
            _check_part("on_trading_disabled", on_trading_disabled, "on_trading_disabled")
        self._algo = algo
        self._close_positions = close_positions
        self._on_disconnect = on_disconnect
        self._on_trading_disabled = on_trading_disabled

    @property
    def on_start(self) -> Callable[[EngineView], object]:
        """`algo`'s; `AttributeError` where it has none."""
        hook: Callable[[EngineView], object] = getattr(self._algo, "on_start")  # noqa: B009
        return hook

    @property
    def generate_algo_orders(self) -> Callable[[EngineView], Orders]:
        """`algo`'s."""
        return self._algo.generate_algo_orders

    @property
    def close_positions_requests(self) -> Callable[[EngineView, InstrumentFilter], Orders]:
        """That of `close_positions`, else `algo`'s; `AttributeError` where neither has one."""
        part = self._algo if self._close_positions is None else self._close_positions
        hook: Callable[[EngineView, InstrumentFilter], Orders]
        hook = getattr(part, "close_positions_requests")  # noqa: B009
        return hook

    @property
    def on_disconnect(self) -> Callable[[ExchangeId, EngineView], Sequence[HookCommand]]:
        """That of `on_disconnect`, else `algo`'s; `AttributeError` where neither has one."""
        part = self._algo if self._on_disconnect is None else self._on_disconnect
        hook: Callable[[ExchangeId, EngineView], Sequence[HookCommand]]
        hook = getattr(part, "on_disconnect")  # noqa: B009
        return hook

    @property
    def on_trading_disabled(self) -> Callable[[EngineView], Sequence[HookCommand]]:
        """That of `on_trading_disabled`, else `algo`'s; `AttributeError` where neither has one."""
        part = self._algo if self._on_trading_disabled is None else self._on_trading_disabled
        hook: Callable[[EngineView], Sequence[HookCommand]]
        hook = getattr(part, "on_trading_disabled")  # noqa: B009
        return hook

    @property
    def on_fill(self) -> Callable[[Trade, EngineView], object]:
        """`algo`'s; `AttributeError` where it has none."""
        hook: Callable[[Trade, EngineView], object] = getattr(self._algo, "on_fill")  # noqa: B009
        return hook

    @property
    def on_position_closed(self) -> Callable[[PositionExited, EngineView], object]:
        """`algo`'s; `AttributeError` where it has none."""
        hook: Callable[[PositionExited, EngineView], object]
        hook = getattr(self._algo, "on_position_closed")  # noqa: B009
        return hook


def close_positions_of_strategy(
    strategy_id: StrategyId | str,
    state: EngineView,
    filter: InstrumentFilter | None = None,
    *,
    on_missing_price: Literal["raise", "skip"] = "raise",
) -> tuple[list[OrderRequestCancel], list[OrderRequestOpen]]:
    """Build the orders that close the positions of one of several strategies.

    Each is barter's order for the position that `InstrumentView.position_of` gives, at the
    instrument's `price`, with an id of the run. What other strategies hold is not touched.

    Parameters
    ----------
    strategy_id : StrategyId or str
        Whose positions; the orders are this strategy's too.
    state : EngineView
        The engine.
    filter : InstrumentFilter, optional
        Of which instruments; of all when it is not given.
    on_missing_price : {"raise", "skip"}
        What to do with an open position without a price.

    Returns
    -------
    tuple of (list of OrderRequestCancel, list of OrderRequestOpen)
        The first list is always empty.

    Raises
    ------
    ValueError
        When a price is missing, or the id is blank.

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
        raise ValueError(f'on_missing_price must be "raise" or "skip", got {on_missing_price!r}')
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


def _check_pair(strategy_id: str, orders: object) -> None:
    if not isinstance(orders, tuple) or len(orders) != 2:
        raise TypeError(
            f"strategy {strategy_id!r} returned {type(orders).__name__}: "
            "expected a pair of sequences (cancels, opens)"
        )


def _check_no_data(strategy_id: str, method: str, data: object) -> None:
    if data is not None:
        raise TypeError(
            f"strategy {strategy_id!r} has data of its own "
            f"({method} gave a {type(data).__name__}), which a StrategyGroup cannot keep"
        )


class StrategyGroup:
    """Several strategies in one engine, told apart by the ids of their orders.

    barter keeps one position for each instrument, whoever trades it. The engine here keeps one for
    each strategy as well, of the fills of orders with its id: `InstrumentView.position_of` while it
    runs, `BacktestResult.by_strategy` after a run.

    - Each strategy is asked for orders in turn, in the order of the mapping, with the same state.
      All its orders and cancels must carry its id.
    - Positions are closed by strategy (`close_positions_of_strategy`), whatever its own
      `close_positions_requests` would do: that closes the position of all together.
    - `on_start`, `on_disconnect` and `on_trading_disabled` are called on each strategy that has
      them, and their commands are carried out in turn. A filter in a command means everybody's
      orders and positions.
    - `on_fill` is called on the strategy whose fill it is. `on_position_closed` is not called:
      barter tells of the position of all together.
    - A strategy with data of its own (`instrument_data`, `global_data`) is refused when the engine
      is made: the engine keeps the data of one strategy.

    Parameters
    ----------
    strategies : mapping of str to AlgoStrategy
        The strategies by their ids; an instance of its own for each.

    Raises
    ------
    OrderRequestError
        In a run, when a strategy sends an order or a cancel with another id than its own.
    TypeError
        When a run or an engine starts, when a strategy has data of its own.

    Examples
    --------
    >>> from barter_python import DefaultStrategy
    >>> group = StrategyGroup({"fast": DefaultStrategy("fast"), "slow": DefaultStrategy("slow")})
    >>> list(group.strategies)
    ['fast', 'slow']
    """

    def __init__(self, strategies: Mapping[str, AlgoStrategy]) -> None:
        """Take them, in their order."""
        if not strategies:
            raise ValueError("strategies requires at least one entry")
        seen: list[AlgoStrategy] = []
        for strategy_id, strategy in strategies.items():
            StrategyId(strategy_id)
            _check_part(f"strategies[{strategy_id!r}]", strategy, "generate_algo_orders")
            if any(strategy is other for other in seen):
                raise ValueError(
                    f"strategies[{strategy_id!r}] is in the group already; "
                    "give each id a strategy of its own"
                )
            seen.append(strategy)
        self._strategies = dict(strategies)

    @property
    def strategies(self) -> Mapping[str, AlgoStrategy]:
        """The strategies by their ids."""
        return MappingProxyType(self._strategies)

    def instrument_data(self, instrument: IndexedInstrument, /) -> None:
        """Refuse strategies that have data of their own."""
        for strategy_id, strategy in self._strategies.items():
            make: Callable[[IndexedInstrument], object] | None
            make = getattr(strategy, "instrument_data", None)
            if make is not None:
                _check_no_data(strategy_id, "instrument_data", make(instrument))

    def global_data(self, /) -> None:
        """Refuse strategies that have data of their own."""
        for strategy_id, strategy in self._strategies.items():
            make: Callable[[], object] | None = getattr(strategy, "global_data", None)
            if make is not None:
                _check_no_data(strategy_id, "global_data", make())

    def on_start(self, state: EngineView, /) -> None:
        """Let each prepare."""
        for strategy in self._strategies.values():
            prepare: Callable[[EngineView], object] | None = getattr(strategy, "on_start", None)
            if prepare is not None:
                prepare(state)

    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        """Ask each for its orders."""
        cancels: list[OrderRequestCancel] = []
        opens: list[OrderRequestOpen] = []
        for strategy_id, strategy in self._strategies.items():
            orders = strategy.generate_algo_orders(state)
            if orders is NO_ORDERS:
                continue
            _check_pair(strategy_id, orders)
            own_cancels, own_opens = orders
            for key in (request.key for requests in orders for request in requests):
                if key.strategy.value != strategy_id:
                    raise OrderRequestError(
                        f"strategy {strategy_id!r} has sent the request {key.cid.value!r} "
                        f"with the id {key.strategy.value!r}"
                    )
            cancels.extend(own_cancels)
            opens.extend(own_opens)
        return (cancels, opens) if cancels or opens else NO_ORDERS

    def close_positions_requests(self, state: EngineView, filter: InstrumentFilter, /) -> Orders:
        """Close the position of each, as barter closes one: without a price, not at all."""
        opens: list[OrderRequestOpen] = []
        for strategy_id in self._strategies:
            orders = close_positions_of_strategy(
                strategy_id, state, filter, on_missing_price="skip"
            )
            opens.extend(orders[1])
        return [], opens

    def on_disconnect(self, exchange: ExchangeId, state: EngineView, /) -> Sequence[HookCommand]:
        """Ask each what to do."""
        commands: list[HookCommand] = []
        for strategy in self._strategies.values():
            hook: Callable[[ExchangeId, EngineView], Sequence[HookCommand]] | None
            hook = getattr(strategy, "on_disconnect", None)
            if hook is not None:
                commands.extend(hook(exchange, state))
        return commands

    def on_trading_disabled(self, state: EngineView, /) -> Sequence[HookCommand]:
        """Ask each what to do."""
        commands: list[HookCommand] = []
        for strategy in self._strategies.values():
            hook: Callable[[EngineView], Sequence[HookCommand]] | None
            hook = getattr(strategy, "on_trading_disabled", None)
            if hook is not None:
                commands.extend(hook(state))
        return commands

    def on_fill(self, trade: Trade, state: EngineView, /) -> None:
        """Tell the strategy whose fill it is."""
        strategy = self._strategies.get(trade.strategy_id)
        hook: Callable[[Trade, EngineView], object] | None = getattr(strategy, "on_fill", None)
        if hook is not None:
            hook(trade, state)
