"""The report, the printed table and the result give one reason for one refusal."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from support.histories import (
    OnMarketEvents,
    cancel_request,
    limit_request,
    market_request,
    orders,
    quotes,
    two_instruments,
)

import barter_python as bp
from barter_python.report.facts import Facts


def test_reasons_are_the_same_everywhere() -> None:
    requests = [
        market_request("poor", quantity=Decimal(10**6)),
        limit_request("negative", -1),
        limit_request("too much", 100, 40),
    ]
    result = bp.run_backtest(
        OnMarketEvents(
            {0: lambda _: orders(requests), 1: lambda _: ([cancel_request("nobody")], [])}
        ),
        quotes(3),
        two_instruments(),
        risk_manager=bp.RiskLimits(max_order_notional=Decimal(200)),
    )
    unlimited = bp.run_backtest(
        OnMarketEvents({0: lambda _: orders(requests)}), quotes(3), two_instruments()
    )
    for run in (result, unlimited):
        words = sum(Facts(run, None).refusals.values(), Counter[str]())
        assert dict(words) == run.refusal_counts
        assert all(reason in str(run) for reason in run.refusal_counts)
    assert unlimited.refusal_counts == {
        "balance insufficient": 1,
        "the limit price must be positive, it is -1": 1,
    }
