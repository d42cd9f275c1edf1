"""Enums, names and indices of instruments."""

from __future__ import annotations

import barter_python as bp
from barter_python import Side
from barter_python.instrument import InstrumentQuoteAsset
from rejected.shared import SPOT

bp.InstrumentConfig("binance_spot", "BTCUSDT", bp.Underlying("b", "q"))  # type: ignore[arg-type]
Side.HOLD  # type: ignore[attr-defined]
Side.BUY.post_only  # type: ignore[attr-defined]
Side.BUY.name = "SELL"  # type: ignore[misc]
InstrumentQuoteAsset.UNDERLYING_QUOTE.value = "base"  # type: ignore[misc]
bp.Underlying(1.5, 2)  # type: ignore[type-var]
bp.Underlying[float](1, 2)  # type: ignore[type-var]
bp.InstrumentConfig(SPOT, "BTCUSDT", bp.Underlying(0, 1))  # type: ignore[arg-type]


def with_unmatched_side(side: Side) -> str:  # type: ignore[return]
    """Forget a side."""
    match side:
        case Side.BUY:
            return "buy"
