"""Compiled strategies."""

from __future__ import annotations

from dataclasses import dataclass

from barter_python.compiled import CompiledInstrument, CompiledOrders, compiled


@dataclass
class Own:
    """State of an instrument."""

    quantity: float


@dataclass
class Other:
    """State of another function."""

    quantity: float


@compiled(Own)
def misspelt(
    time_ns: int, instrument: CompiledInstrument, own: Own, orders: CompiledOrders
) -> None:
    """Use what is not there."""
    instrument.midd  # type: ignore[attr-defined]
    own.quantty = 1.0  # type: ignore[attr-defined]
    instrument.mid = 2.0  # type: ignore[misc]
    orders.market_buy("1")  # type: ignore[arg-type]
    orders.limit_buy(1.0, 2.0)  # type: ignore[call-arg]
    orders.hold()  # type: ignore[attr-defined]


@compiled(Other)  # type: ignore[arg-type]
def of_another(
    time_ns: int, instrument: CompiledInstrument, own: Own, orders: CompiledOrders
) -> None:
    """Have the state of another class."""


@compiled(Own)  # type: ignore[arg-type]
def too_few(time_ns: int, own: Own) -> None:
    """Take too few arguments."""


misspelt.strategy({"btc": Other(1.0)}, strategy_id="own")  # type: ignore[dict-item]
misspelt.strategy([Own(1.0)], strategy_id="own")  # type: ignore[arg-type]
misspelt.strategy({"btc": Own(1.0)})  # type: ignore[call-arg]
compiled(Own, levels="1")  # type: ignore[arg-type]
