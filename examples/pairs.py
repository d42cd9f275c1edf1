"""Pairs: one coin on two exchanges with different latencies, bought where it is cheap.

If the bid of one exchange is above the ask of the other by more than a threshold, the strategy
sells on the one and buys on the other. It holds coins and money on both, so both orders go out at
once. They arrive at different times, and each meets the market of its own exchange as it is then.
The risk of the trade is that one of them is not filled, or only in part.

The bundled history has one exchange. This example makes the second from it: the same quotes, later,
and moved by a wave of 40 seconds and 20 dollars. So the figures say nothing about any market.

Run it with `python examples/pairs.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from typing_extensions import override

import barter_python as bp
from barter_python import ExchangeId, Level, MarketEvent, OrderBookL1, Side

DATA = Path(__file__).parent / "data"
NEAR, FAR = ExchangeId.BINANCE_SPOT, ExchangeId.KRAKEN
LATENCIES = {NEAR: timedelta(milliseconds=5), FAR: timedelta(milliseconds=60)}
LAG_NS = 40_000_000
TICK_NS = 100_000_000
QUANTITY = Decimal("0.002")


@dataclass
class Pairs(bp.Strategy):
    """Sells where the bid is high and buys where the ask is low, one pair of orders at a time."""

    threshold: Decimal
    pairs: int = field(default=0, init=False)

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        if state.updated is None:
            return bp.NO_ORDERS
        here, there = state.instruments
        if here.has_orders or there.has_orders:
            return bp.NO_ORDERS
        for cheap, dear in ((here, there), (there, here)):
            bid, ask = dear.best_bid, cheap.best_ask
            if bid is None or ask is None or bid - ask <= self.threshold:
                continue
            if self.can_sell(state, dear):
                self.pairs += 1
                return [], [
                    cheap.market_order(Side.BUY, QUANTITY, strategy_id="pairs"),
                    dear.market_order(Side.SELL, QUANTITY, strategy_id="pairs"),
                ]
        return bp.NO_ORDERS

    @staticmethod
    def can_sell(state: bp.EngineView, instrument: bp.InstrumentView) -> bool:
        """Whether there are coins left to sell."""
        return state.balance(instrument.exchange_id, "btc").free >= QUANTITY


def moved(level: Level | None, by: Decimal) -> Level | None:
    """Give the level at another price."""
    return None if level is None else Level(price=level.price + by, amount=level.amount)


def history(near: int, far: int) -> Iterator[MarketEvent]:
    """Give the quotes of bitcoin on one exchange, and the same on the other, later and moved."""
    recorded = bp.MarketData.from_json_lines(DATA / "binance_spot_l1_trades_btc_eth_sol.jsonl.gz")
    for event in recorded:
        if not isinstance(event, MarketEvent) or event.instrument != 0:
            continue
        match event.kind:
            case OrderBookL1(last_update_time=updated, best_bid=bid, best_ask=ask):
                yield MarketEvent(
                    event.time_exchange, event.time_received_ns, NEAR, near, event.kind
                )
                tick = (event.time_received_ns - recorded.time_start_ns) // TICK_NS
                wave = Decimal(abs(tick % 400 - 200) - 100) / 5
                quote = OrderBookL1(updated, moved(bid, wave), moved(ask, wave))
                received = event.time_received_ns + LAG_NS
                yield MarketEvent(event.time_exchange, received, FAR, far, quote)
            case _:
                pass


def received(event: MarketEvent) -> int:
    """When an event was received."""
    return event.time_received_ns


def main() -> bp.BacktestResult:
    """Trade bitcoin on two exchanges and print the result."""
    underlying = bp.Underlying("btc", "usdt")
    config = bp.SystemConfig(
        [bp.InstrumentConfig(exchange, "BTCUSDT", underlying) for exchange in LATENCIES],
        [
            bp.MockExecutionConfig(
                exchange,
                {"btc": Decimal("0.05"), "usdt": 5000},
                latency=latency,
                answer_latency=latency,
                fee_rate=Decimal("0.00002"),
            )
            for exchange, latency in LATENCIES.items()
        ],
    )
    indices = config.index()
    near = indices.instrument_index("binancespot-btc_usdt")
    far = indices.instrument_index("kraken-btc_usdt")
    events = sorted(history(near, far), key=received)
    strategy = Pairs(threshold=Decimal(12))
    result = bp.run_backtest(strategy, bp.MarketData.from_events(events), config)
    print(f"pairs sent      {strategy.pairs}")
    for exchange, index in ((NEAR, near), (FAR, far)):
        fills = [fill for fill in result.fills if fill.instrument == index]
        traded = sum((fill.quantity for fill in fills), Decimal(0))
        coins = result.balances[f"{exchange.value}_btc"].total
        money = result.balances[f"{exchange.value}_usdt"].total
        print(f"{exchange.value:15} {traded} btc in {len(fills)} fills")
        print(f"  left          {coins} btc, {money:.2f} usdt")
    print(f"profit or loss  {result.pnl['usdt']:.4f} usdt")
    return result


if __name__ == "__main__":
    main()
