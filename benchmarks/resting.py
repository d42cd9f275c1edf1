"""A market event among resting orders: many away from the touched price, and many at it.

The history is made: one instrument whose best bid and ask stay where they are, with amounts that
change in every event, so that the queue at the best bid moves each time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from time import perf_counter_ns

import barter_python as bp
from barter_python import ExchangeId, Level, MarketEvent, OrderBookL1, OrderStatus, Side

EXCHANGE = ExchangeId.BINANCE_SPOT
EVENTS = 20_000
BID, ASK, TICK = Decimal(10_000), Decimal(10_001), Decimal("0.01")
COUNTS = (1, 100, 10_000)
SECOND = 1_000_000_000
START = 1_700_000_000 * SECOND


@dataclass
class Resting:
    """Sends so many bids at the first event, and takes the time of the events after them."""

    count: int
    away: bool
    calls: int = 0
    started: int = 0
    samples: list[float] = field(default_factory=list)

    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        """Send them at first; then only look at the clock, at the first event and at the last."""
        instrument = state.updated
        if instrument is None:
            return bp.NO_ORDERS
        self.calls += 1
        if self.calls == 1:
            steps = range(1, self.count + 1) if self.away else [0] * self.count
            return [], [
                instrument.limit_order(
                    Side.BUY, price=BID - step * TICK, quantity=1, strategy_id="bench"
                )
                for step in steps
            ]
        if self.calls == 2:
            statuses = {order.status for order in instrument.orders}
            if len(instrument.orders) != self.count or statuses != {OrderStatus.OPEN}:
                raise RuntimeError(f"{self.count} orders should rest, there are {statuses}")
            self.started = perf_counter_ns()
        if self.calls == EVENTS:
            self.samples.append((perf_counter_ns() - self.started) / (EVENTS - 2))
        return bp.NO_ORDERS


class RestingOrders:
    """The history and the configuration, made once."""

    def __init__(self) -> None:
        self._config = bp.SystemConfig(
            [bp.InstrumentConfig(EXCHANGE, "BTCUSDT", bp.Underlying("btc", "usdt"))],
            [bp.MockExecutionConfig(EXCHANGE, {"usdt": 10**9})],
        )
        self._data = bp.MarketData.from_events(
            MarketEvent(
                time,
                time,
                EXCHANGE,
                0,
                OrderBookL1(
                    time,
                    Level(price=BID, amount=5 + number % 7),
                    Level(price=ASK, amount=5 + number % 3),
                ),
            )
            for number in range(EVENTS)
            for time in [START + number * 1_000_000]
        )

    def run(self) -> dict[str, float]:
        """Give nanoseconds an event for each count, away from the touched price and at it."""
        return {
            f"{'resting' if away else 'touched'}_{count}_ns": self._run(count, away=away)
            for away in (True, False)
            for count in COUNTS
        }

    def _run(self, count: int, *, away: bool) -> float:
        strategy = Resting(count, away)
        bp.run_backtest(strategy, self._data, self._config)
        return strategy.samples[0]


if __name__ == "__main__":
    resting = RestingOrders()
    figures = [resting.run() for _ in range(5)]
    for name in figures[0]:
        print(f"{name:18} {min(figure[name] for figure in figures):,.0f}")
