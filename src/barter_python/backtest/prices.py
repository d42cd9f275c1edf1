"""The prices of a history, as a run marks its positions by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from .. import _core
from .._core import EngineView, FillPrice, IndexedInstruments, MarketData, MarketScan, TimeInterval
from ..report.run import Prices
from ..strategy import NO_ORDERS, Orders
from .options import RunOptions
from .settings import RunSettings


@dataclass(eq=False)
class _Watching:
    """Does nothing but note prices: the engine knows what a market's events mean."""

    prices: Sequence[Prices]

    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        instrument = state.updated
        if instrument is not None:
            price = instrument.mid_f64
            if price is None:
                price = instrument.price_f64
            prices = self.prices[instrument.index]
            if price is not None and not (prices.values and prices.values[-1] == price):
                prices.times.append(state.time_ns)
                prices.values.append(price)
        return NO_ORDERS


def prices_of(
    data: MarketData | MarketScan, instruments: IndexedInstruments, settings: RunSettings
) -> tuple[list[Prices], int, int]:
    """Give the prices of each instrument, in the order of the indices, in the part that was run.

    Beside them are the number of its events and the time of the first.
    """
    watching = _Watching([Prices() for _ in instruments.instruments])
    options = RunOptions(
        since_ns=settings.since_ns,
        until_ns=settings.until_ns,
        latency=None,
        fee_rate=None,
        fill_price=FillPrice.BEST_OPPOSITE,
        close_at_end=False,
        risk_free_return=Decimal(0),
        interval=TimeInterval.ANNUAL_365,
        risk_manager=None,
        guard_commands=False,
    )
    executions = [replace(execution, faults=()) for execution in settings.executions]
    output = _core.run_backtest(watching, data, instruments, executions, options)
    return list(watching.prices), output.events, output.time_start_ns
