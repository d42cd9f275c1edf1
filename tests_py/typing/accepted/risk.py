"""Risk managers and limits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from typing_extensions import assert_type, override

import barter_python as bp
from accepted.shared import book, system_config
from accepted.strategy import Typed
from barter_python import Side
from barter_python.risk import (
    CheckFailHigherThan,
    CheckHigherThan,
    DefaultRiskManager,
    calculate_abs_percent_difference,
    calculate_delta,
    calculate_quote_notional,
)


class Checks(bp.RiskManager):
    """A risk manager that reads what it is given."""

    @override
    def check(
        self,
        state: bp.EngineView,
        cancels: Sequence[bp.OrderRequestCancel],
        opens: Sequence[bp.OrderRequestOpen],
        /,
    ) -> bp.RiskDecision:
        largest = CheckHigherThan(Decimal(100))
        assert_type(largest.limit, Decimal)

        def refusal(order: bp.OrderRequestOpen) -> str | None:
            value = calculate_quote_notional(
                quantity=order.state.quantity, price=order.state.price, contract_size=1
            )
            assert_type(value, Decimal)
            failure = largest.check(value)
            assert_type(failure, CheckFailHigherThan | None)
            return None if failure is None else str(failure.input)

        decision = bp.RiskDecision.of(cancels, opens, refusal)
        assert_type(decision, bp.RiskDecision)
        assert_type(decision.opens, Sequence[bp.OrderRequestOpen])
        assert_type(decision.refused_cancels, Sequence[bp.RiskRefused[bp.OrderRequestCancel]])
        return decision


class StructuralChecks:
    """A risk manager without the base class."""

    def check(
        self,
        state: bp.EngineView,
        cancels: Sequence[bp.OrderRequestCancel],
        opens: Sequence[bp.OrderRequestOpen],
        /,
    ) -> bp.RiskDecision:
        """Refuse the orders."""
        refused = [bp.RiskRefused(order, "never") for order in opens]
        assert_type(refused, list[bp.RiskRefused[bp.OrderRequestOpen]])
        assert_type(refused[0].item if refused else None, bp.OrderRequestOpen | None)
        return bp.RiskDecision(cancels, refused_opens=refused)


def test_risk_managers() -> None:
    limits = bp.RiskLimits(max_order_quantity=1, max_drawdown=Decimal("0.1"))
    limits = (
        bp.RiskLimits(max_open_orders=2, instruments={"binancespot-btc_usdt": limits})
        if (limits.max_drawdown is None)
        else limits
    )
    managers: list[bp.RiskManagerLike | bp.RiskLimits | None] = [
        Checks(), StructuralChecks(), DefaultRiskManager(), limits, None,
    ]  # fmt: skip
    data = bp.MarketData.from_events([book(0, 100), book(2, 110)])
    for manager in managers:
        typed = Typed({"binancespot-btc_usdt": Decimal("0.5")})
        result = bp.run_backtest(
            typed, data, system_config(), risk_manager=manager, guard_commands=True
        )
        assert_type(result.refused, bp.Records[bp.RefusedRequest])
        for refusal in result.refused:
            assert_type(refusal.time, datetime)
            assert_type(refusal.time_ns, int)
            assert_type(refusal.item, bp.OrderRequestCancel | bp.OrderRequestOpen)
            assert_type(refusal.reason, str)
    assert_type(calculate_abs_percent_difference(current=1, other=Decimal(2)), Decimal)
    assert_type(
        calculate_delta(
            instrument_delta=1, contract_size=1, side=Side.BUY, quantity_in_kind=Decimal(2)
        ),
        Decimal,
    )
