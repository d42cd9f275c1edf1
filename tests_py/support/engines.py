"""An engine with two instruments, and a strategy for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from typing_extensions import override

from barter_python import (
    NO_ORDERS,
    CancelOrders,
    ClosePositions,
    Command,
    DefaultStrategy,
    Engine,
    EngineView,
    ExchangeId,
    InstrumentFilter,
    Orders,
    Strategy,
    TradingState,
)
from support.histories import (
    START_NS,
    buy,
    two_instruments,
)

INSTRUMENTS = two_instruments().index()
EVERYTHING = InstrumentFilter.none()


def engine(strategy: Strategy | None = None) -> Engine:
    """Make an engine that trades."""
    made = Engine(strategy or DefaultStrategy(), INSTRUMENTS, time_start=START_NS)
    made.process(TradingState.ENABLED)
    return made


@dataclass(eq=False)
class Cautious(Strategy):
    """Buys at the first price; cancels and closes everything when something is wrong."""

    log: list[str] = field(default_factory=list)

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        if state.updated is None or state.updated.orders:
            return NO_ORDERS
        return buy(state)

    @override
    def on_disconnect(self, exchange: ExchangeId, state: EngineView, /) -> Sequence[Command]:
        self.log.append(f"disconnect {exchange.value}")
        return [CancelOrders(EVERYTHING)]

    @override
    def on_trading_disabled(self, state: EngineView, /) -> Sequence[Command]:
        self.log.append("disabled")
        return [ClosePositions(EVERYTHING), CancelOrders(EVERYTHING)]


class BrokenError(RuntimeError):
    pass
