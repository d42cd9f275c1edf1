"""The base class of strategies, and barter's default strategy."""

import warnings
from abc import ABC, abstractmethod
from collections.abc import Sequence
from difflib import get_close_matches

from typing_extensions import Self, override

from .._command import HookCommand
from .._core import (
    EngineView,
    ExchangeId,
    IndexedInstrument,
    InstrumentFilter,
    PositionExited,
    Timer,
    Trade,
)
from ..execution import OrderRequestCancel, OrderRequestOpen, StrategyId
from ..indicators import Condition
from .closing import (
    EngineStateLike,
    InstrumentStateT,
    close_open_positions_with_market_orders,
    strategy_id_of,
)
from .data import StrategyData
from .protocols import NO_ORDERS, Orders


class Strategy(ABC):
    """Base of strategies: write `generate_algo_orders`; the other hooks behave as barter's.

    Use `typing_extensions.override` on each hook, so that a misspelt hook is an error in the
    editor. A class with a method whose name is nearly a hook's warns too (`UserWarning`).

    Attributes
    ----------
    strategy_id : StrategyId or str
        The strategy's name, if a class or an instance sets it. `market_order` and `limit_order`
        make orders with this id unless they are given another. It is read when a run or an engine
        starts.
    wake_on : sequence of Condition, optional
        The conditions of `barter_python.indicators` on which the strategy is asked for orders: at
        the market events and fills at which one of them holds, and at no others. Without them it is
        asked after each event. The other hooks do not depend on it.

    Examples
    --------
    >>> from typing_extensions import override
    >>> class Idle(Strategy):
    ...     strategy_id = "idle"
    ...
    ...     @override
    ...     def generate_algo_orders(self, state: EngineView, /) -> Orders:
    ...         return NO_ORDERS
    >>> Idle().id
    StrategyId(value='idle')

    All hooks; each may be left out but the first:

    >>> class Talks(Strategy):
    ...     strategy_id = "talks"
    ...     def generate_algo_orders(self, state, /):
    ...         return NO_ORDERS
    ...     def on_start(self, state, /):
    ...         print("starts")
    ...     def on_warmup(self, state, /):
    ...         print("learns", state.trading)
    ...     def instrument_data(self, instrument, /):
    ...         return None
    ...     def on_fill(self, trade, state, /):
    ...         print(trade.side, trade.quantity)
    ...     def on_position_closed(self, position, state, /):
    ...         print(position.pnl_realised)
    ...     def on_timer(self, timer, state, /):
    ...         return NO_ORDERS
    ...     def close_positions_requests(self, state, filter, /):
    ...         return close_open_positions_with_market_orders(self.id, state, filter)
    ...     def on_disconnect(self, exchange, state, /):
    ...         return [TradingState.DISABLED]
    ...     def on_trading_disabled(self, state, /):
    ...         return [ClosePositions(InstrumentFilter.none())]
    """

    wake_on: Sequence[Condition] | None = None

    def __init_subclass__(cls, **arguments: object) -> None:
        """Warn of methods whose names are nearly those of hooks: nobody would call them."""
        super().__init_subclass__(**arguments)
        _warn_of_misspelt_hooks(cls)

    # `strategy_id` is not declared: a class could then not set a plain str, by the rules of types.

    @property
    def id(self) -> StrategyId:
        """Whose the orders of `close_positions_requests` are: `strategy_id`, or else `default`."""
        return strategy_id_of(getattr(self, "strategy_id", "default"))

    @id.setter  # noqa: A003 - the property's own name, not the builtin
    def id(self, value: StrategyId) -> None:
        setattr(self, "strategy_id", value)  # noqa: B010 - see above

    def on_start(self, state: EngineView, /) -> None:  # noqa: B027 - optional, not forgotten
        """Prepare; called once before the first event, when balances are known but no prices."""

    def on_warmup(self, state: EngineView, /) -> None:
        """Learn from an event before the run; called with each event of a run's `warmup`.

        By default `generate_algo_orders` is asked, and what it returns is dropped. `state.trading`
        is `TradingState.DISABLED` then. With `wake_on`, it is called only where a condition holds.

        Parameters
        ----------
        state : EngineView
            The engine, as in `generate_algo_orders`.
        """
        self.generate_algo_orders(state)

    def instrument_data(self, instrument: IndexedInstrument, /) -> StrategyData | None:
        """Make the strategy's own data of an instrument; called once for each at the start.

        `own_data(state.instrument(...), MyData)` returns it. `None` means no data.
        """
        return None

    def global_data(self, /) -> StrategyData | None:
        """Make the strategy's own data of the whole engine; called once at the start.

        `own_data(state, MyData)` returns it. `None` means no data.
        """
        return None

    @abstractmethod
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        """Return cancels and opens; called after every event while trading is enabled.

        With `wake_on`, it is called only at events at which a condition holds.

        Parameters
        ----------
        state : EngineView
            The engine. `state.updated` is the instrument of the market event just processed.

        Returns
        -------
        Orders
            A pair of sequences, cancels and opens; `NO_ORDERS` if there is nothing to send.
        """

    def close_positions_requests(self, state: EngineView, filter: InstrumentFilter, /) -> Orders:
        """Return the orders that close positions; called for a command to close positions.

        As in barter's `DefaultStrategy`, the orders are a market order for each open position whose
        instrument has a price.
        """
        return close_open_positions_with_market_orders(
            self.id, state, filter, on_missing_price="skip"
        )

    def on_fill(self, trade: Trade, state: EngineView, /) -> None:  # noqa: B027
        """React to one of our fills, which the state already includes; does nothing by default."""

    def on_position_closed(  # noqa: B027
        self, position: PositionExited, state: EngineView, /
    ) -> None:
        """React to a position that a fill closed, after `on_fill`; does nothing by default."""

    def on_timer(self, timer: Timer, state: EngineView, /) -> Orders:
        """Return cancels and opens; called at a time that `state.call_at` has asked for.

        It is asked in the place of `generate_algo_orders`, while trading is enabled. By default it
        returns no orders.

        Parameters
        ----------
        timer : Timer
            The timer that is due. One that repeats goes on until `state.cancel_timer(timer)`.
        state : EngineView
            The engine; `state.event` and `state.updated` are `None`.
        """
        return NO_ORDERS

    def on_disconnect(self, exchange: ExchangeId, state: EngineView, /) -> Sequence[HookCommand]:
        """Return commands for a lost stream of an exchange; none by default, as in barter."""
        return ()

    def on_trading_disabled(self, state: EngineView, /) -> Sequence[HookCommand]:
        """Return commands for when trading is disabled; none by default, as in barter."""
        return ()


def _warn_of_misspelt_hooks(strategy: type[Strategy]) -> None:
    hooks = [name for name, item in vars(Strategy).items() if callable(item) and name[0] != "_"]
    for name, item in vars(strategy).items():
        inherited = any(hasattr(base, name) for base in strategy.__bases__)
        if name.startswith("_") or inherited or not callable(item):
            continue
        for hook in get_close_matches(name, hooks, n=1, cutoff=0.8):
            warnings.warn(
                f"{strategy.__name__}.{name} is never called: did you mean the hook {hook}? If it "
                "is a method of your own, give it a name that is less like a hook's",
                stacklevel=4,  # the class statement, above this, `__init_subclass__` and `ABCMeta`
            )


class DefaultStrategy(Strategy):
    """barter's `DefaultStrategy`: it makes no orders, and closes positions with market orders.

    Parameters
    ----------
    strategy_id : StrategyId or str
        Strategy id of the closing orders.

    Examples
    --------
    >>> DefaultStrategy().id
    StrategyId(value='default')
    """

    def __init__(self, strategy_id: StrategyId | str = "default") -> None:
        """Set the id."""
        self.strategy_id: StrategyId = strategy_id_of(strategy_id)

    @classmethod
    def default(cls) -> Self:
        """Make a strategy with the id `default`."""
        return cls()

    @override
    def generate_algo_orders(self, state: object = None, /) -> Orders:
        """Return no orders."""
        return [], []

    @override
    def close_positions_requests(
        self, state: EngineStateLike[InstrumentStateT], filter: InstrumentFilter | None = None
    ) -> tuple[list[OrderRequestCancel], list[OrderRequestOpen]]:
        """Return a market order for each open position; a missing price raises `ValueError`."""
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
