"""Snapshots read back from pickle, and a strategy that takes some."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field
from decimal import Decimal

from typing_extensions import override

from barter_python import (
    NO_ORDERS,
    AccountEvent,
    EngineView,
    Orders,
    Side,
    Strategy,
)


def again(state: EngineView) -> EngineView:
    made: object = pickle.loads(pickle.dumps(state))
    assert isinstance(made, EngineView)
    return made


@dataclass(eq=False)
class Keeping(Strategy):
    """Trades now and then, and takes a snapshot where there is something to keep."""

    count: int = 0
    kept: list[EngineView] = field(default_factory=list)

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        self.count += 1
        if self.count % 400 == 0 or (isinstance(state.event, AccountEvent) and self.count % 7 == 0):
            self.kept.append(state.snapshot())
        instrument = state.updated
        if instrument is None or self.count % 97 or instrument.has_orders:
            return NO_ORDERS
        side = Side.BUY if instrument.position is None else Side.SELL
        return [], [instrument.market_order(side, Decimal("0.01"), strategy_id="keeping")]
