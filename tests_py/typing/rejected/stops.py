"""Stop and take-profit orders."""

from __future__ import annotations

import barter_python as bp
from barter_python import Side

bp.StopOrder(0, Side.SELL, quantity=1.5, trigger_price=1)  # type: ignore[arg-type]
bp.StopOrder(0, Side.SELL, quantity=1)  # type: ignore[call-arg]
bp.TakeProfitOrder(0, "sell", quantity=1, trigger_price=1)  # type: ignore[arg-type]
bp.TrailingStopOrder(0, Side.SELL, quantity=1, distance="1")  # type: ignore[arg-type]
