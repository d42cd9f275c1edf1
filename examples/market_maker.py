"""A market maker on real Binance data: post-only quotes on both sides, within limits of inventory.

It bids at the best bid and asks at the best ask, moves its quotes when these move, and stops
quoting a side when its position is at the limit. Its orders wait at the back of the queue. If the
market reaches a quote while the cancel is on its way, the quote is filled all the same: that is the
cost of market making. `docs/exchange_guide.md` explains the exchange.

Run it with `python examples/market_maker.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from typing_extensions import override

import barter_python as bp
from barter_python import OrderStatus, QueuePosition, Side, TimeInForce

DATA = Path(__file__).parent / "data"


@dataclass
class MarketMaker(bp.Strategy):
    """Quotes one instrument on both sides, at the best prices, while inventory allows."""

    instrument: str
    quantity: Decimal
    inventory_limit: Decimal

    def wanted(self, instrument: bp.InstrumentView) -> dict[Side, Decimal]:
        """Give the price to quote on each side; none if the position is at its limit."""
        bid, ask, position = instrument.best_bid, instrument.best_ask, instrument.position
        inventory = Decimal(0)
        if position is not None:
            sign = 1 if position.side is Side.BUY else -1
            inventory = sign * position.quantity_abs
        quotes: dict[Side, Decimal] = {}
        if bid is not None and inventory + self.quantity <= self.inventory_limit:
            quotes[Side.BUY] = bid
        if ask is not None and inventory - self.quantity >= -self.inventory_limit:
            quotes[Side.SELL] = ask
        return quotes

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        instrument = state.updated
        if instrument is None or instrument.name != self.instrument:
            return bp.NO_ORDERS
        wanted = self.wanted(instrument)
        cancels: list[bp.OrderRequestCancel] = []
        for order in instrument.orders:
            # Leave orders with a request under way alone until its answer is here.
            if order.status is OrderStatus.OPEN and order.price != wanted.get(order.side):
                cancel = order.to_request_cancel()
                if cancel is not None:
                    cancels.append(cancel)
            wanted.pop(order.side, None)
        opens = [
            instrument.limit_order(
                side,
                price=price,
                quantity=self.quantity,
                strategy_id="maker",
                time_in_force=TimeInForce.GOOD_UNTIL_CANCELLED_POST_ONLY,
            )
            for side, price in wanted.items()
        ]
        return cancels, opens


def main() -> bp.BacktestResult:
    """Quote bitcoin over the bundled history and print the result."""
    config = bp.SystemConfig.from_json(DATA / "system_config.json").with_executions(
        latency=timedelta(milliseconds=20),
        answer_latency=timedelta(milliseconds=20),
        maker_fee_rate=Decimal(0),
        queue=QueuePosition.BACK,
    )
    result = bp.run_backtest(
        MarketMaker("binancespot-btc_usdt", Decimal("0.002"), Decimal("0.01")),
        bp.MarketData.from_json_lines(DATA / "binance_spot_l1_trades_btc_eth_sol.jsonl.gz"),
        config,
        close_at_end=True,
    )
    orders = ", ".join(f"{count} {end}" for end, count in result.order_counts.items())
    filled = sum(report.filled_quantity for report in result.orders)
    maker = sum(report.maker_quantity for report in result.orders)
    print(f"orders          {orders}")
    print(f"failed cancels  {len(result.failed_cancels)}")
    print(f"traded          {filled} btc in {len(result.fills)} fills")
    print(f"  as the maker  {maker / filled:.0%}")
    print(f"profit or loss  {result.pnl['usdt']:.6f} usdt")
    return result


if __name__ == "__main__":
    main()
