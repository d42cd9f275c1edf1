"""The risk manager."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from typing_extensions import override

import barter_python as bp
from barter_python.risk import calculate_quote_notional


class Cap(bp.RiskManager):
    """Refuses orders above a value."""

    def __init__(self, most: Decimal) -> None:
        """Take the greatest value of an order, in the quote asset."""
        self.most = most

    @override
    def check(
        self,
        state: bp.EngineView,
        cancels: Sequence[bp.OrderRequestCancel],
        opens: Sequence[bp.OrderRequestOpen],
        /,
    ) -> bp.RiskDecision:
        return bp.RiskDecision.of(cancels, opens, self.refusal)

    def refusal(self, order: bp.OrderRequestOpen) -> str | None:
        """Give the reason against an order, if there is one."""
        asked = order.state
        value = calculate_quote_notional(
            quantity=asked.quantity, price=asked.price, contract_size=1
        )
        return f"worth {value}" if value > self.most else None
