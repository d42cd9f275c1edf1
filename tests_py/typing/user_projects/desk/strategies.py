"""The strategies."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field
from decimal import Decimal

from typing_extensions import override

import barter_python as bp
from barter_python import Side


@dataclass
class OneUnit(bp.Strategy):
    """Holds one unit or none."""

    seen: list[Decimal] = field(default_factory=list)

    @abstractmethod
    def wants(self, price: Decimal) -> bool:
        """Tell whether to hold."""

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        instrument = state.updated
        if instrument is None or instrument.price is None or instrument.has_orders:
            return bp.NO_ORDERS
        held = instrument.position_of(state_id(self))
        wanted = self.wants(instrument.price)
        self.seen.append(instrument.price)
        if wanted and held is None:
            return [], [instrument.market_order(Side.BUY, 1)]
        if not wanted and held is not None:
            return [], [instrument.market_order(Side.SELL, held.quantity_abs)]
        return bp.NO_ORDERS


def state_id(strategy: OneUnit) -> str:
    """Give the id in the group: the class's name in lower case."""
    return type(strategy).__name__.lower()


@dataclass
class Breakout(OneUnit):
    """Holds above the highest of the last prices."""

    window: int = 2

    @override
    def wants(self, price: Decimal) -> bool:
        last = self.seen[-self.window :]
        return bool(last) and price > max(last)


@dataclass
class Reversal(OneUnit):
    """Holds below the last price."""

    @override
    def wants(self, price: Decimal) -> bool:
        return bool(self.seen) and price < self.seen[-1]
