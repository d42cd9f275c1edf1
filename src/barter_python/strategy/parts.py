"""One strategy made of several objects, each with one of barter's traits."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .._command import HookCommand
from .._core import EngineView, ExchangeId, InstrumentFilter, PositionExited, Timer, Trade
from ..execution import StrategyId
from ..indicators import Condition
from .protocols import (
    AlgoStrategy,
    ClosePositionsStrategy,
    OnDisconnectStrategy,
    OnTradingDisabledStrategy,
    Orders,
)


class Strategies:
    """Several objects as one strategy, each with one of barter's four traits.

    An object's attribute `strategy_id`, else that of `algo`, is the id of orders that its hook
    makes with `market_order` and `limit_order`.

    If no object is given for a hook, the hook is that of `algo`, or barter's default if `algo` has
    none: market orders close positions, and the other hooks do nothing. `on_start`, `on_warmup`,
    `on_fill`, `on_position_closed`, `on_timer` and `wake_on` are always those of `algo`.

    The engine looks the methods up once and calls the objects directly.

    Parameters
    ----------
    algo : AlgoStrategy
        The object that makes orders.
    close_positions : ClosePositionsStrategy, optional
        The object that closes positions.
    on_disconnect : OnDisconnectStrategy, optional
        The object that acts on a lost stream.
    on_trading_disabled : OnTradingDisabledStrategy, optional
        The object that acts when trading is disabled.

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
        """Check the objects."""
        check_part("algo", algo, "generate_algo_orders")
        if close_positions is not None:
            check_part("close_positions", close_positions, "close_positions_requests")
        if on_disconnect is not None:
            check_part("on_disconnect", on_disconnect, "on_disconnect")
        if on_trading_disabled is not None:
            check_part("on_trading_disabled", on_trading_disabled, "on_trading_disabled")
        self._algo = algo
        # What the engine finds first, so that it calls the object directly.
        vars(self)["generate_algo_orders"] = algo.generate_algo_orders
        self._close_positions = close_positions
        self._on_disconnect = on_disconnect
        self._on_trading_disabled = on_trading_disabled

    @property
    def strategy_id(self) -> StrategyId | str:
        """`algo`'s, for the hooks of parts that have none; `AttributeError` where it has none."""
        strategy_id: StrategyId | str = getattr(self._algo, "strategy_id")  # noqa: B009
        return strategy_id

    @property
    def wake_on(self) -> Sequence[Condition] | None:
        """`algo`'s, if it has conditions."""
        conditions: Sequence[Condition] | None = getattr(self._algo, "wake_on", None)
        return conditions

    @property
    def on_start(self) -> Callable[[EngineView], object]:
        """The hook of `algo`; `AttributeError` if it has none."""
        hook: Callable[[EngineView], object] = getattr(self._algo, "on_start")  # noqa: B009
        return hook

    @property
    def on_warmup(self) -> Callable[[EngineView], object]:
        """The hook of `algo`; `AttributeError` if it has none."""
        hook: Callable[[EngineView], object] = getattr(self._algo, "on_warmup")  # noqa: B009
        return hook

    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        """Ask `algo` for its orders."""
        return self._algo.generate_algo_orders(state)

    @property
    def close_positions_requests(self) -> Callable[[EngineView, InstrumentFilter], Orders]:
        """The hook of `close_positions`, or of `algo`; `AttributeError` if neither has one."""
        part = self._algo if self._close_positions is None else self._close_positions
        hook: Callable[[EngineView, InstrumentFilter], Orders]
        hook = getattr(part, "close_positions_requests")  # noqa: B009
        return hook

    @property
    def on_disconnect(self) -> Callable[[ExchangeId, EngineView], Sequence[HookCommand]]:
        """The hook of `on_disconnect`, or of `algo`; `AttributeError` if neither has one."""
        part = self._algo if self._on_disconnect is None else self._on_disconnect
        hook: Callable[[ExchangeId, EngineView], Sequence[HookCommand]]
        hook = getattr(part, "on_disconnect")  # noqa: B009
        return hook

    @property
    def on_trading_disabled(self) -> Callable[[EngineView], Sequence[HookCommand]]:
        """The hook of `on_trading_disabled`, or of `algo`; `AttributeError` if neither has one."""
        part = self._algo if self._on_trading_disabled is None else self._on_trading_disabled
        hook: Callable[[EngineView], Sequence[HookCommand]]
        hook = getattr(part, "on_trading_disabled")  # noqa: B009
        return hook

    @property
    def on_fill(self) -> Callable[[Trade, EngineView], object]:
        """The hook of `algo`; `AttributeError` if it has none."""
        hook: Callable[[Trade, EngineView], object] = getattr(self._algo, "on_fill")  # noqa: B009
        return hook

    @property
    def on_timer(self) -> Callable[[Timer, EngineView], Orders]:
        """The hook of `algo`; `AttributeError` if it has none."""
        hook: Callable[[Timer, EngineView], Orders] = getattr(self._algo, "on_timer")  # noqa: B009
        return hook

    @property
    def on_position_closed(self) -> Callable[[PositionExited, EngineView], object]:
        """The hook of `algo`; `AttributeError` if it has none."""
        hook: Callable[[PositionExited, EngineView], object]
        hook = getattr(self._algo, "on_position_closed")  # noqa: B009
        return hook


def check_part(argument: str, part: object, method: str) -> None:
    """Require an instance that has a method."""
    if isinstance(part, type):
        raise TypeError(
            f"{argument} must be an instance, got the class {part.__name__}; "
            f"did you mean {part.__name__}()?"
        )
    if not callable(getattr(part, method, None)):
        raise TypeError(
            f"{argument} must have the method {method}, but {type(part).__name__} has none"
        )
