"""Order checks before anything is sent: by a risk manager in Python, and by native limits.

barter's example of this name, on real Binance data: no order of more than 50 USDT, and no market
order whose price is more than 10 % from the market's. barter's strategy there sends only closing
orders, which pass unchecked. This one is careless, so that there is something to refuse.

Run it with `python examples/engine_sync_with_risk_manager_open_order_checks.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import ROUND_UP, Decimal
from pathlib import Path

from typing_extensions import override

import barter_python as bp
from barter_python import OrderKind, Side
from barter_python.risk import (
    CheckHigherThan,
    calculate_abs_percent_difference,
    calculate_quote_notional,
)

DATA = Path(__file__).parent / "data"
MAX_NOTIONAL = Decimal(50)
MAX_DEVIATION = Decimal("0.1")


@dataclass
class Careless(bp.Strategy):
    """Buys now and then: sometimes for too much, sometimes at a price that was typed wrong."""

    every: int = 2000
    budgets: Sequence[int] = (20, 40, 60)
    slips: Sequence[Decimal] = (Decimal(1), Decimal(1), Decimal(1), Decimal("1.15"))
    events: Counter[int] = field(default_factory=Counter)
    bought: int = 0

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        instrument = state.updated
        if instrument is None or instrument.price is None:
            return bp.NO_ORDERS
        self.events[instrument.index] += 1
        if self.events[instrument.index] % self.every:
            return bp.NO_ORDERS
        budget = self.budgets[self.bought % len(self.budgets)]
        price = instrument.price * self.slips[self.bought % len(self.slips)]
        self.bought += 1
        price = price.quantize(Decimal("0.01"))
        quantity = (budget / price).quantize(Decimal("0.00001"), ROUND_UP)
        order = instrument.market_order(Side.BUY, quantity, strategy_id="careless")
        named = bp.RequestOpen(
            Side.BUY, price, quantity, OrderKind.MARKET, bp.TimeInForce.IMMEDIATE_OR_CANCEL
        )
        return [], [bp.OrderRequestOpen(order.key, named)]


@dataclass
class OpenOrderChecks(bp.RiskManager):
    """barter's two checks, in Python."""

    notional: CheckHigherThan = field(default_factory=lambda: CheckHigherThan(MAX_NOTIONAL))
    deviation: CheckHigherThan = field(default_factory=lambda: CheckHigherThan(MAX_DEVIATION))

    @override
    def check(
        self,
        state: bp.EngineView,
        cancels: Sequence[bp.OrderRequestCancel],
        opens: Sequence[bp.OrderRequestOpen],
        /,
    ) -> bp.RiskDecision:
        return bp.RiskDecision.of(cancels, opens, lambda order: self.refusal(state, order))

    def refusal(self, state: bp.EngineView, order: bp.OrderRequestOpen) -> str | None:
        """Give the reason against an order, if there is one."""
        asked = order.state
        if failed := self.notional.check(
            calculate_quote_notional(quantity=asked.quantity, price=asked.price, contract_size=1)
        ):
            return f"notional: {failed}"
        if asked.kind is not OrderKind.MARKET:
            return None
        market = state.instrument(order.key.instrument).price
        if market is None:
            return "deviation: the market has no price"
        if failed := self.deviation.check(
            calculate_abs_percent_difference(current=asked.price, other=market)
        ):
            return f"deviation: {failed}"
        return None


LIMITS = bp.RiskLimits(max_order_notional=MAX_NOTIONAL, max_price_deviation=MAX_DEVIATION)
"""The same two checks, without a call of Python for each order."""


def run(risk_manager: bp.RiskManager | bp.RiskLimits) -> bp.BacktestResult:
    """Run the careless strategy under a risk manager."""
    return bp.run_backtest(
        Careless(),
        bp.MarketData.from_json_lines(DATA / "binance_spot_l1_trades_btc_eth_sol.jsonl.gz"),
        bp.SystemConfig.from_json(DATA / "system_config.json"),
        latency=timedelta(milliseconds=100),
        close_at_end=True,
        risk_manager=risk_manager,
    )


def main() -> tuple[bp.BacktestResult, bp.BacktestResult]:
    """Run under both, and print what they refused."""
    checked, limited = run(OpenOrderChecks()), run(LIMITS)
    for name, result in (("a manager in Python", checked), ("native limits", limited)):
        reasons = Counter(refusal.reason.partition(":")[0] for refusal in result.refused)
        print(f"Under {name}: {len(result.orders)} orders sent, {len(result.refused)} refused")
        for reason, count in sorted(reasons.items()):
            print(f"  {count} by {reason}")
    print()
    print(limited)
    return checked, limited


if __name__ == "__main__":
    main()
