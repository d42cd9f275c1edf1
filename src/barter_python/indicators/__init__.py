"""Indicators that the engine computes, and conditions on which it asks a strategy for orders.

A strategy that sets `wake_on` is asked at the events at which one of its conditions holds, and not
at all others: its indicators cost nanoseconds an event where a call of Python costs a hundred.

    class Crossing(Strategy):
        wake_on = (CROSS,)

`InstrumentView.value(CROSS)` reads any node that a condition of the strategy contains. Each
instrument has indicators of its own. Backtests, stepped engines and live runs compute them alike.
"""

from __future__ import annotations

from .._public import publish
from .bars import Bar, TickBars, VolumeBars
from .conditions import (
    Candles,
    Changes,
    Computed,
    Crosses,
    CrossesAbove,
    CrossesBelow,
    Events,
    Every,
    Fills,
    Instruments,
    Quotes,
    Trades,
)
from .node import AllOf, AnyOf, Condition, Indicator, Node, Number, Source
from .samples import (
    Atr,
    Deviation,
    Ema,
    Imbalance,
    Maximum,
    Minimum,
    Return,
    Rsi,
    Sma,
    Vwap,
    ZScore,
)

__all__ = [
    "AllOf",
    "AnyOf",
    "Atr",
    "Bar",
    "Candles",
    "Changes",
    "Computed",
    "Condition",
    "Crosses",
    "CrossesAbove",
    "CrossesBelow",
    "Deviation",
    "Ema",
    "Events",
    "Every",
    "Fills",
    "Imbalance",
    "Indicator",
    "Instruments",
    "Maximum",
    "Minimum",
    "Node",
    "Number",
    "Quotes",
    "Return",
    "Rsi",
    "Sma",
    "Source",
    "TickBars",
    "Trades",
    "VolumeBars",
    "Vwap",
    "ZScore",
]

publish(__name__, globals(), __name__)
