"""An EMA crossing on real Binance data: buys when the fast average crosses the slow one from below.

Run it with `make demo`, or `python examples/ema_cross.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from typing_extensions import override

import barter_python as bp
from barter_python import Side
from barter_python.strategy import build_ioc_market_order_to_close_position

DATA = Path(__file__).parent / "data"


@dataclass(slots=True)
class Ema:
    """A fast and a slow exponential moving average of one price."""

    fast_span: int = 50
    slow_span: int = 200
    fast: float | None = None
    slow: float | None = None
    was_above: bool = False

    def crossed(self, price: float) -> int:
        """Take the next price: 1 if fast has crossed above slow, -1 if below, else 0."""
        if self.fast is None or self.slow is None:
            self.fast = self.slow = price
            return 0
        self.fast += (price - self.fast) * (2 / (self.fast_span + 1))
        self.slow += (price - self.slow) * (2 / (self.slow_span + 1))
        above = self.fast > self.slow
        cross = above - self.was_above
        self.was_above = above
        return cross


@dataclass
class EmaCross(bp.Strategy):
    """Long while the fast average is above the slow one; one position an instrument."""

    quantities: Mapping[str, Decimal]
    emas: defaultdict[int, Ema] = field(default_factory=lambda: defaultdict(Ema))

    strategy_id = "ema"

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        instrument = state.updated
        if instrument is None:
            return bp.NO_ORDERS
        mid = instrument.mid_f64
        if mid is None:
            return bp.NO_ORDERS
        cross = self.emas[instrument.index].crossed(mid)
        if cross == 0 or instrument.has_orders:
            return bp.NO_ORDERS
        position, price = instrument.position, instrument.price
        if cross > 0 and position is None:
            quantity = self.quantities[instrument.name]
            return [], [instrument.market_order(Side.BUY, quantity)]
        if cross < 0 and position is not None and price is not None:
            order = build_ioc_market_order_to_close_position(
                instrument.exchange, position, self.id, price, gen_cid=state.next_cid
            )
            return [], [order]
        return bp.NO_ORDERS


def main() -> bp.BacktestResult:
    """Run the strategy over the bundled history and print the result."""
    quantities = {
        "binancespot-btc_usdt": Decimal("0.001"),
        "binancespot-eth_usdt": Decimal("0.05"),
        "binancespot-sol_usdt": Decimal(1),
    }
    result = bp.run_backtest(
        EmaCross(quantities),
        bp.MarketData.from_json_lines(DATA / "binance_spot_l1_trades_btc_eth_sol.jsonl.gz"),
        bp.SystemConfig.from_json(DATA / "system_config.json"),
        latency=timedelta(milliseconds=100),
        fee_rate=Decimal("0.001"),
        close_at_end=True,
    )
    print(result)
    return result


if __name__ == "__main__":
    main()
