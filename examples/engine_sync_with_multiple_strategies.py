"""Two strategies in one engine, each with an id, positions and figures of its own.

The twin of barter's example of the same name. The engine nets the positions of both strategies in
an instrument. Each strategy learns its own position from the trades: `strategy_id` names the
strategy whose order was filled. barter's example holds it in the data of the instruments, here the
strategy does. `StrategyGroup` does all this for you (`docs/strategy.md`).

Run it with `python examples/engine_sync_with_multiple_strategies.py`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from ema_cross import Ema
from typing_extensions import override

import barter_python as bp
from barter_python import Position, Side, StrategyId
from barter_python.strategy import build_ioc_market_order_to_close_position

DATA = Path(__file__).parent / "data"
BUDGET = Decimal(100)


@dataclass
class Part(ABC):
    """One of the strategies: whether it wants to hold an instrument, and how much it holds."""

    id: StrategyId
    held: defaultdict[int, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    @abstractmethod
    def wants(self, instrument: bp.InstrumentView, mid: float) -> bool:
        """Say whether to be long."""

    def orders(self, state: bp.EngineView, instrument: bp.InstrumentView) -> bp.Orders:
        """Give the order that leads from the position to the wanted one."""
        mid, price = instrument.mid_f64, instrument.price
        if mid is None or price is None:
            return bp.NO_ORDERS
        wanted = self.wants(instrument, mid)
        if wanted == bool(self.held[instrument.index]):
            return bp.NO_ORDERS
        if any(order.strategy_id == self.id.value for order in instrument.orders):
            return bp.NO_ORDERS
        if not wanted:
            return [], [self.close(state, instrument, price)]
        quantity = (BUDGET / price).quantize(Decimal("0.0001"))
        return [], [instrument.market_order(Side.BUY, quantity, strategy_id=self.id)]

    def close(
        self, state: bp.EngineView, instrument: bp.InstrumentView, price: Decimal
    ) -> bp.OrderRequestOpen:
        """Give barter's order that closes the position of this strategy, and of no other."""
        position = Position(instrument.index, Side.BUY, self.held[instrument.index], price)
        return build_ioc_market_order_to_close_position(
            instrument.exchange, position, self.id, price, gen_cid=state.next_cid
        )

    def take(self, trade: bp.Trade) -> None:
        """Book a trade of this strategy."""
        self.held[trade.instrument] += trade.quantity * (1 if trade.side is Side.BUY else -1)


@dataclass
class Trend(Part):
    """Long while a fast average is above a slow one."""

    emas: defaultdict[int, Ema] = field(default_factory=lambda: defaultdict(lambda: Ema(100, 1000)))

    @override
    def wants(self, instrument: bp.InstrumentView, mid: float) -> bool:
        ema = self.emas[instrument.index]
        ema.crossed(mid)
        return ema.was_above


@dataclass
class Turns(Part):
    """Long during every second block of some thousand events."""

    every: int = 3000
    events: Counter[int] = field(default_factory=Counter)

    @override
    def wants(self, instrument: bp.InstrumentView, mid: float) -> bool:
        self.events[instrument.index] += 1
        return self.events[instrument.index] // self.every % 2 == 1


class MultiStrategy(bp.Strategy):
    """Both in one: asks each for orders, and hands each its trades."""

    def __init__(self) -> None:
        """Make the two."""
        self.parts: dict[str, Part] = {
            part.id.value: part for part in (Trend(StrategyId("trend")), Turns(StrategyId("turns")))
        }

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        # It is not called for fills after the last event of the history.
        event = state.event
        if isinstance(event, bp.AccountEvent) and isinstance(event.kind, bp.Trade):
            self.parts[event.kind.strategy_id].take(event.kind)
        instrument = state.updated
        if instrument is None:
            return bp.NO_ORDERS
        opens = [
            order for part in self.parts.values() for order in part.orders(state, instrument)[1]
        ]
        return [], opens

    @override
    def close_positions_requests(
        self, state: bp.EngineView, filter: bp.InstrumentFilter, /
    ) -> bp.Orders:
        return [], [
            part.close(state, instrument, instrument.price)
            for instrument in state.instruments_iter(filter)
            for part in self.parts.values()
            if part.held[instrument.index] and instrument.price is not None
        ]


def main() -> bp.BacktestResult:
    """Run both over the bundled history and print the figures of each."""
    result = bp.run_backtest(
        MultiStrategy(),
        bp.MarketData.from_json_lines(DATA / "binance_spot_l1_trades_btc_eth_sol.jsonl.gz"),
        bp.SystemConfig.from_json(DATA / "system_config.json"),
        latency=timedelta(milliseconds=100),
        close_at_end=True,
    )
    earned: defaultdict[str, Decimal] = defaultdict(Decimal)
    fees: defaultdict[str, Decimal] = defaultdict(Decimal)
    fills: Counter[str] = Counter()
    for fill in result.fills:
        value = fill.quantity * fill.price * (-1 if fill.side is Side.BUY else 1)
        earned[fill.strategy_id] += value - fill.fees
        fees[fill.strategy_id] += fill.fees
        fills[fill.strategy_id] += 1
    print("strategy  fills       pnl      fees")
    for name, count in sorted(fills.items()):
        print(f"{name:8}  {count:5}  {earned[name]:8.4f}  {fees[name]:8.4f}")
    print(f"{'both':8}  {len(result.fills):5}  {result.pnl['usdt']:8.4f}")
    print(
        f"{len(result.positions)} positions of the engine, {len(result.open_positions)} still open"
    )
    return result


if __name__ == "__main__":
    main()
