"""Strategies that the engine calls without Python: compiled by numba, or C functions.

    @compiled(Own)
    def quote(time_ns, instrument, own, orders): ...

    run_backtest(quote.strategy({"binancespot-btc_usdt": Own()}, strategy_id="quote"), ...)

`compiled` takes a typed Python function, which also runs without numba (`jit=False`), with the same
results; `c_function` takes a function of ctypes or cffi.
"""

from __future__ import annotations

from .._public import publish
from .function import CompiledFunction, CompiledStrategy, c_function, compiled
from .layout import C_DECLARATIONS, CFunction
from .protocols import (
    CompiledInstrument,
    CompiledLevel,
    CompiledOrder,
    CompiledOrders,
    EventFunction,
    EventKind,
    OrderStage,
)

__all__ = [
    "C_DECLARATIONS",
    "CFunction",
    "CompiledFunction",
    "CompiledInstrument",
    "CompiledLevel",
    "CompiledOrder",
    "CompiledOrders",
    "CompiledStrategy",
    "EventFunction",
    "EventKind",
    "OrderStage",
    "c_function",
    "compiled",
]

publish(__name__, globals(), __name__)
