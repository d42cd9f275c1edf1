"""A rotation on real Binance data: each half minute, hold the coin that has risen most.

A timer calls the strategy, not the market: `on_timer` compares the prices with those of the timer
before, closes the position that is held with barter's own closing order, and buys the coin that has
risen most. If none has risen, it holds nothing.

Run it with `python examples/rotation.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from typing_extensions import override

import barter_python as bp
from barter_python import Side
from barter_python.strategy import build_ioc_market_order_to_close_position

DATA = Path(__file__).parent / "data"


@dataclass
class Rotation(bp.Strategy):
    """Holds the best of several coins, one at a time."""

    quantities: dict[str, Decimal]
    every: timedelta
    before: dict[str, Decimal] = field(default_factory=dict)
    held: list[str] = field(default_factory=list)

    strategy_id = "rotation"

    @override
    def on_start(self, state: bp.EngineView, /) -> None:
        state.call_at(state.time + self.every, every=self.every)

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        return bp.NO_ORDERS

    @override
    def on_timer(self, timer: bp.Timer, state: bp.EngineView, /) -> bp.Orders:
        prices = {
            instrument.name: instrument.price
            for instrument in state.instruments
            if instrument.price is not None
        }
        rises = {
            name: price / self.before[name] - 1
            for name, price in prices.items()
            if name in self.before
        }
        self.before = prices
        if not rises:
            return bp.NO_ORDERS
        best = max(rises, key=lambda name: rises[name])
        wanted = best if rises[best] > 0 else None
        self.held.append(wanted or "nothing")
        opens: list[bp.OrderRequestOpen] = []
        for instrument in state.instruments:
            position, price = instrument.position, instrument.price
            if position is not None and price is not None and instrument.name != wanted:
                opens.append(
                    build_ioc_market_order_to_close_position(
                        instrument.exchange, position, self.id, price, gen_cid=state.next_cid
                    )
                )
            elif position is None and instrument.name == wanted:
                opens.append(instrument.market_order(Side.BUY, self.quantities[instrument.name]))
        return [], opens


def main() -> bp.BacktestResult:
    """Run the strategy over the bundled history and print what it held, and the result."""
    strategy = Rotation(
        {
            "binancespot-btc_usdt": Decimal("0.01"),
            "binancespot-eth_usdt": Decimal("0.5"),
            "binancespot-sol_usdt": Decimal(5),
        },
        every=timedelta(seconds=30),
    )
    result = bp.run_backtest(
        strategy,
        bp.MarketData.from_json_lines(DATA / "binance_spot_l1_trades_btc_eth_sol.jsonl.gz"),
        bp.SystemConfig.from_json(DATA / "system_config.json"),
        latency=timedelta(milliseconds=100),
        fee_rate=Decimal("0.001"),
        close_at_end=True,
    )
    print("held after each timer:", ", ".join(strategy.held))
    print(result)
    return result


if __name__ == "__main__":
    main()
