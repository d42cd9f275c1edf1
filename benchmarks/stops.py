"""A market event while stops wait away from the price: none of them, one, a hundred, ten thousand.

The history is made: one instrument whose best bid and ask stay where they are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from time import perf_counter_ns

import barter_python as bp
from barter_python import ExchangeId, Level, MarketEvent, OrderBookL1, Side, StopOrder

EXCHANGE = ExchangeId.BINANCE_SPOT
EVENTS = 20_000
BID, ASK, TICK = Decimal(10_000), Decimal(10_001), Decimal("0.01")
COUNTS = (0, 1, 100, 10_000)
SECOND = 1_000_000_000
START = 1_700_000_000 * SECOND


@dataclass
class Waiting:
    """Places so many stops at the first event, and takes the time of the events after it."""

    count: int
    calls: int = 0
    started: int = 0
    samples: list[float] = field(default_factory=list)

    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        """Place them at first; then only look at the clock, at the first event and at the last."""
        self.calls += 1
        if self.calls == 1:
            for step in range(1, self.count + 1):
                stop = StopOrder(
                    0, Side.SELL, quantity=1, trigger_price=BID - step * TICK, strategy_id="bench"
                )
                state.place_stop(stop)
            self.started = perf_counter_ns()
        if self.calls == EVENTS:
            self.samples.append((perf_counter_ns() - self.started) / (EVENTS - 1))
            if len(state.instruments[0].stops) != self.count:
                raise RuntimeError(f"{self.count} stops should wait")
        return bp.NO_ORDERS


class WaitingStops:
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
                OrderBookL1(time, Level(price=BID, amount=5), Level(price=ASK, amount=5)),
            )
            for number in range(EVENTS)
            for time in [START + number * 1_000_000]
        )

    def run(self) -> dict[str, float]:
        """Give nanoseconds an event for each count."""
        return {f"stops_{count}_ns": self._run(count) for count in COUNTS}

    def _run(self, count: int) -> float:
        strategy = Waiting(count)
        bp.run_backtest(strategy, self._data, self._config)
        return strategy.samples[0]


if __name__ == "__main__":
    waiting = WaitingStops()
    figures = [waiting.run() for _ in range(5)]
    for name in figures[0]:
        print(f"{name:18} {min(figure[name] for figure in figures):,.0f}")
