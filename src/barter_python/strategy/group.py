"""Several strategies in one engine, each with orders and positions of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType

from .._checks import shown
from .._command import HookCommand
from .._core import EngineView, ExchangeId, IndexedInstrument, InstrumentFilter, Timer, Trade
from ..errors import OrderRequestError
from ..execution import OrderRequestCancel, OrderRequestOpen, StrategyId
from .closing import close_positions_of_strategy
from .parts import check_part
from .protocols import NO_ORDERS, AlgoStrategy, Orders


class StrategyGroup:
    """Several strategies in one engine, distinguished by the strategy ids of their orders.

    barter has one position for each instrument, which all strategies share. The engine here also
    has one for each strategy, made of the fills of orders with its id: see
    `InstrumentView.position_of` during a run and `BacktestResult.by_strategy` after it.

    - The engine asks the strategies for orders in the order of the mapping, with the same state.
      All orders and cancels of a strategy must have its id. `market_order` and `limit_order` use
      that id, whatever the strategy's own attribute `strategy_id` says.
    - Positions are closed by strategy (`close_positions_of_strategy`). The strategies' own
      `close_positions_requests` are not called, because they would close the shared position.
    - `on_start`, `on_disconnect` and `on_trading_disabled` are called on each strategy that has
      them, and the engine carries out their commands in turn. A filter in a command applies to the
      orders and positions of all strategies.
    - `on_warmup` is called on each strategy that has it; the others are asked for orders, which are
      dropped.
    - `on_timer` is called on the strategy that has asked for the timer.
    - `on_fill` is called on the strategy whose order was filled. `on_position_closed` is not
      called, because barter reports when the shared position is closed.
    - A strategy must not have data of its own (`instrument_data`, `global_data`), because the
      engine can hold the data of one strategy only.
    - A strategy must not have conditions (`wake_on`): a group is asked after each event.

    Parameters
    ----------
    strategies : mapping of str to AlgoStrategy
        The strategies by their ids; each id needs an instance of its own.

    Raises
    ------
    OrderRequestError
        During a run, if a strategy sends an order or a cancel with an id other than its own.
    TypeError
        If `strategies` is no mapping, or a strategy has conditions. At the start of a run or an
        engine, if one has data of its own.

    Examples
    --------
    >>> from barter_python import DefaultStrategy
    >>> group = StrategyGroup({"fast": DefaultStrategy("fast"), "slow": DefaultStrategy("slow")})
    >>> list(group.strategies)
    ['fast', 'slow']
    """

    def __init__(self, strategies: Mapping[str, AlgoStrategy]) -> None:
        """Check the strategies."""
        given: object = strategies
        if not isinstance(given, Mapping):
            found = type(given).__name__
            raise TypeError(
                f"strategies must be a mapping, got {found}: give each strategy by its id, "
                'such as {"fast": fast, "slow": slow}'
            )
        if not strategies:
            raise ValueError("strategies must not be empty: give each strategy by its id")
        seen: list[AlgoStrategy] = []
        for strategy_id, strategy in strategies.items():
            StrategyId(strategy_id)
            check_part(f"strategies[{shown(strategy_id)}]", strategy, "generate_algo_orders")
            if any(strategy is other for other in seen):
                raise ValueError(
                    f"strategies[{shown(strategy_id)}] is in the group already; "
                    "give each id a strategy of its own"
                )
            if getattr(strategy, "wake_on", None) is not None:
                raise TypeError(
                    f"strategies[{shown(strategy_id)}] has wake_on, but a group asks its "
                    "strategies after each event: set it to None"
                )
            seen.append(strategy)
        self._strategies = dict(strategies)

    @property
    def strategies(self) -> Mapping[str, AlgoStrategy]:
        """The strategies by their ids."""
        return MappingProxyType(self._strategies)

    def instrument_data(self, instrument: IndexedInstrument, /) -> None:
        """Check that no strategy has data of its own."""
        for strategy_id, strategy in self._strategies.items():
            make: Callable[[IndexedInstrument], object] | None
            make = getattr(strategy, "instrument_data", None)
            if make is not None:
                _check_no_data(strategy_id, "instrument_data", make(instrument))

    def global_data(self, /) -> None:
        """Check that no strategy has data of its own."""
        for strategy_id, strategy in self._strategies.items():
            make: Callable[[], object] | None = getattr(strategy, "global_data", None)
            if make is not None:
                _check_no_data(strategy_id, "global_data", make())

    def on_start(self, state: EngineView, /) -> None:
        """Let each strategy prepare."""
        for strategy_id, strategy in self._strategies.items():
            prepare: Callable[[EngineView], object] | None = getattr(strategy, "on_start", None)
            if prepare is not None:
                with _acting(state, strategy_id):
                    prepare(state)

    def on_warmup(self, state: EngineView, /) -> None:
        """Show each strategy an event before the run."""
        for strategy_id, strategy in self._strategies.items():
            learn: Callable[[EngineView], object]
            learn = getattr(strategy, "on_warmup", strategy.generate_algo_orders)
            with _acting(state, strategy_id):
                learn(state)

    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        """Ask each strategy for its orders."""
        cancels: list[OrderRequestCancel] = []
        opens: list[OrderRequestOpen] = []
        for strategy_id, strategy in self._strategies.items():
            # Not by `_acting`, which takes longer: this is done at each event.
            state._act_as(strategy_id)
            try:
                orders = strategy.generate_algo_orders(state)
            finally:
                state._act_as(None)
            if orders is NO_ORDERS:
                continue
            _check_orders(strategy_id, orders)
            own_cancels, own_opens = orders
            cancels.extend(own_cancels)
            opens.extend(own_opens)
        return (cancels, opens) if cancels or opens else NO_ORDERS

    def on_timer(self, timer: Timer, state: EngineView, /) -> Orders:
        """Ask the strategy that has asked for the timer."""
        strategy_id = timer.strategy_id
        strategy = None if strategy_id is None else self._strategies.get(strategy_id)
        hook: Callable[[Timer, EngineView], Orders] | None = getattr(strategy, "on_timer", None)
        if strategy_id is None or hook is None:
            return NO_ORDERS
        with _acting(state, strategy_id):
            orders = hook(timer, state)
        if orders is not NO_ORDERS:
            _check_orders(strategy_id, orders)
        return orders

    def close_positions_requests(self, state: EngineView, filter: InstrumentFilter, /) -> Orders:
        """Close the positions of each strategy, as barter does: only those that have a price."""
        opens: list[OrderRequestOpen] = []
        for strategy_id in self._strategies:
            orders = close_positions_of_strategy(
                strategy_id, state, filter, on_missing_price="skip"
            )
            opens.extend(orders[1])
        return [], opens

    def on_disconnect(self, exchange: ExchangeId, state: EngineView, /) -> Sequence[HookCommand]:
        """Collect the commands of the strategies."""
        commands: list[HookCommand] = []
        for strategy_id, strategy in self._strategies.items():
            hook: Callable[[ExchangeId, EngineView], Sequence[HookCommand]] | None
            hook = getattr(strategy, "on_disconnect", None)
            if hook is not None:
                with _acting(state, strategy_id):
                    commands.extend(hook(exchange, state))
        return commands

    def on_trading_disabled(self, state: EngineView, /) -> Sequence[HookCommand]:
        """Collect the commands of the strategies."""
        commands: list[HookCommand] = []
        for strategy_id, strategy in self._strategies.items():
            hook: Callable[[EngineView], Sequence[HookCommand]] | None
            hook = getattr(strategy, "on_trading_disabled", None)
            if hook is not None:
                with _acting(state, strategy_id):
                    commands.extend(hook(state))
        return commands

    def on_fill(self, trade: Trade, state: EngineView, /) -> None:
        """Pass a fill to the strategy whose order was filled."""
        strategy = self._strategies.get(trade.strategy_id)
        hook: Callable[[Trade, EngineView], object] | None = getattr(strategy, "on_fill", None)
        if hook is not None:
            with _acting(state, trade.strategy_id):
                hook(trade, state)


@contextmanager
def _acting(state: EngineView, strategy_id: str) -> Iterator[None]:
    """Let orders that are given no id have that of a member while the member is called."""
    state._act_as(strategy_id)
    try:
        yield
    finally:
        state._act_as(None)


def _check_orders(strategy_id: str, orders: Orders) -> None:
    """Require a pair of requests, all with the strategy's own id."""
    _check_pair(strategy_id, orders)
    for key in (request.key for requests in orders for request in requests):
        if key.strategy.value != strategy_id:
            raise OrderRequestError(
                f"strategy {shown(strategy_id)} sent the request {shown(key.cid.value)} "
                f"with the strategy id {shown(key.strategy.value)}: its requests need its own id",
                cid=key.cid.value,
                instrument=key.instrument,
                reason=f"it has the id of another strategy, {shown(key.strategy.value)}",
            )


def _check_pair(strategy_id: str, orders: object) -> None:
    if not isinstance(orders, tuple) or len(orders) != 2:
        raise TypeError(
            f"strategy {shown(strategy_id)} returned {type(orders).__name__}: "
            "expected a pair of sequences (cancels, opens)"
        )


def _check_no_data(strategy_id: str, method: str, data: object) -> None:
    if data is not None:
        raise TypeError(
            f"strategy {shown(strategy_id)} has data of its own "
            f"({method} returned a {type(data).__name__}), which a StrategyGroup cannot hold"
        )
