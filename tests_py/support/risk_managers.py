"""Risk managers, and runs that they decide on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from typing_extensions import override

from barter_python import (
    BacktestResult,
    EngineView,
    OrderRequestCancel,
    OrderRequestOpen,
    Orders,
    RiskDecision,
    RiskLimits,
    RiskManager,
    RiskManagerLike,
    RiskRefused,
    run_backtest,
)
from support.histories import (
    OnMarketEvents,
    cancel_request,
    market_request,
    quotes,
    two_instruments,
)

Cancels = Sequence[OrderRequestCancel]
Opens = Sequence[OrderRequestOpen]
Decide = Callable[[EngineView, Cancels, Opens], RiskDecision]


@dataclass
class Deciding(RiskManager):
    """Says what a function says, and keeps what was asked."""

    decide: Decide
    asked: list[tuple[list[str], list[str]]] = field(default_factory=list)

    @override
    def check(self, state: EngineView, cancels: Cancels, opens: Opens, /) -> RiskDecision:
        self.asked.append((ids(cancels), ids(opens)))
        return self.decide(state, cancels, opens)


@dataclass
class Noting(RiskManager):
    """Approves, and notes the time, the event and the first instrument's stops at each check."""

    seen: list[tuple[int, str, int]] = field(default_factory=list)

    @override
    def check(self, state: EngineView, cancels: Cancels, opens: Opens, /) -> RiskDecision:
        event = type(state.event).__name__
        self.seen.append((state.time_ns, event, len(state.instrument(0).stops)))
        return approve(state, cancels, opens)


def ids(requests: Cancels | Opens) -> list[str]:
    return [str(request.key.cid) for request in requests]


def approve(state: EngineView, cancels: Cancels, opens: Opens) -> RiskDecision:
    return RiskDecision(cancels, opens)


def refuse(state: EngineView, cancels: Cancels, opens: Opens) -> RiskDecision:
    return RiskDecision(
        refused_cancels=[RiskRefused(request, "no cancels") for request in cancels],
        refused_opens=[RiskRefused(request, "no orders") for request in opens],
    )


def both(state: EngineView) -> Orders:
    return [cancel_request("other")], [market_request("one"), market_request("two")]


def run(
    risk_manager: RiskManagerLike | RiskLimits | None,
    action: Callable[[EngineView], Orders] = both,
    *,
    guard_commands: bool = False,
) -> BacktestResult:
    return run_backtest(
        OnMarketEvents({1: action}),
        quotes(4),
        two_instruments(),
        risk_manager=risk_manager,
        guard_commands=guard_commands,
    )


def sent(result: BacktestResult) -> list[str]:
    return [report.order.client_order_id for report in result.orders]


def refused(result: BacktestResult) -> list[tuple[str, str]]:
    return [(str(refusal.item.key.cid), refusal.reason) for refusal in result.refused]


class OddError(Exception):
    """Raised by a manager."""
