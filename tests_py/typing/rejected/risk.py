"""Risk managers and limits."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from typing_extensions import override

import barter_python as bp
from rejected.shared import CONFIG, DATA


class AlmostRiskManager:
    """What only looks like a risk manager."""

    def check(
        self,
        state: bp.EngineView,
        cancels: Sequence[bp.OrderRequestCancel],
        opens: Sequence[bp.OrderRequestOpen],
        /,
    ) -> bool:
        """Give a bool instead of a decision."""
        return True


class MistakenRiskManager(bp.RiskManager):
    """A risk manager with mistakes."""

    @override
    def check(  # type: ignore[override]
        self, state: bp.EngineView, opens: Sequence[bp.OrderRequestOpen], /
    ) -> bp.RiskDecision:
        bp.RiskDecision(opens)  # type: ignore[arg-type]
        bp.RiskDecision.of([], opens, lambda _: False)  # type: ignore[arg-type,return-value]
        return bp.RiskDecision(refused_opens=opens)  # type: ignore[arg-type]

    @override
    def chek(self) -> None: ...  # type: ignore[misc]


bp.RiskManager()  # type: ignore[abstract]
bp.RiskLimits(1)  # type: ignore[call-arg]
bp.RiskLimits(max_order_quantity=1.5)  # type: ignore[arg-type]
bp.RiskLimits(max_open_orders=Decimal(1))  # type: ignore[arg-type]
bp.RiskLimits(max_quantity=1)  # type: ignore[call-arg]
bp.RiskLimits().max_drawdown = Decimal(0)  # type: ignore[misc]
bp.RiskRefused("order", "reason")  # type: ignore[type-var]
bp.run_backtest(bp.DefaultStrategy(), DATA, CONFIG, risk_manager=AlmostRiskManager())  # type: ignore[arg-type]
bp.run_backtest(bp.DefaultStrategy(), DATA, CONFIG, risk_manager=bp.RiskLimits)  # type: ignore[arg-type]
bp.run_backtest(bp.DefaultStrategy(), DATA, CONFIG, guard_commands=1)  # type: ignore[arg-type]
bp.Strategies(bp.DefaultStrategy(), close_positions=bp.RiskLimits())  # type: ignore[arg-type]
