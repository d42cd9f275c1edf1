"""Strategies: by the base class, by the Protocols, and several at once."""

from __future__ import annotations

from collections.abc import Sequence

from typing_extensions import override

import barter_python as bp
from barter_python import Side
from rejected.shared import CONFIG, DATA, POSITION

bp.Strategy()  # type: ignore[abstract]
POSITION.side = Side.SELL  # type: ignore[misc]


class Misspelt(bp.Strategy):
    """A hook that nobody would call."""

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        return bp.NO_ORDERS

    @override
    def on_disconnected(self, state: bp.EngineView, /) -> None:  # type: ignore[misc]
        """Act on nothing."""


class Incomplete(bp.Strategy):
    """Without the hook that is needed."""

    @override
    def on_start(self, state: bp.EngineView, /) -> None:
        """Do nothing."""


Incomplete()  # type: ignore[abstract]


class ReturnsNothing(bp.Strategy):
    """A hook that gives something else."""

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> None:  # type: ignore[override]
        return None

    @override
    def on_trading_disabled(self, state: bp.EngineView, /) -> bp.Orders:  # type: ignore[override]
        return bp.NO_ORDERS

    @override
    def on_disconnect(self, exchange: str, state: bp.EngineView, /) -> Sequence[bp.Command]:  # type: ignore[override]
        return ()

    @override
    def close_positions_requests(self, state: bp.EngineView, /) -> bp.Orders:  # type: ignore[override]
        return bp.NO_ORDERS


class ReturnsWrongValues(bp.Strategy):
    """Values of other types from hooks with the right signature."""

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        native = bp.build_ioc_market_order_to_close_position(0, 1, Side.BUY, 1, "ema", 9)
        if state.trading_enabled:
            return [native]  # type: ignore[return-value]
        if state.updated is None:
            return None  # type: ignore[return-value]
        return [], [native]  # type: ignore[list-item]

    @override
    def on_trading_disabled(self, state: bp.EngineView, /) -> Sequence[bp.Command]:
        return [bp.InstrumentFilter.none()]  # type: ignore[list-item]


class AlmostStructural:
    """What only looks like a strategy."""

    def generate_algo_orders(self, state: bp.EngineView, /) -> list[bp.OrderRequestOpen]:
        """Give one list instead of two."""
        return []


bp.run_backtest(AlmostStructural(), DATA, CONFIG)  # type: ignore[arg-type]


class MistakenHooks(bp.DefaultStrategy):
    """Hooks with mistakes."""

    @override
    def on_fill(self, position: bp.PositionExited, state: bp.EngineView, /) -> None: ...  # type: ignore[override]

    @override
    def on_warmup(self, state: bp.EngineView, event: bp.MarketEvent, /) -> None: ...  # type: ignore[override]

    @override
    def on_position_close(self) -> None: ...  # type: ignore[misc]


bp.Strategies()  # type: ignore[call-arg]
bp.Strategies(bp.DefaultStrategy(), on_fill=bp.DefaultStrategy())  # type: ignore[call-arg]
bp.StrategyGroup([bp.DefaultStrategy()])  # type: ignore[arg-type]
bp.cancel_all_orders_on_disconnect("binance_spot")  # type: ignore[call-arg,arg-type]
bp.close_all_positions_on_trading_disabled()  # type: ignore[call-arg]
WRONG_ORDERS: bp.Orders = ([], [bp.TradingState.DISABLED])  # type: ignore[list-item]
