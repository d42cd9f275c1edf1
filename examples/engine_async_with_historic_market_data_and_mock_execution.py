"""Historic market data, a simulated exchange, and a summary of the trades.

The twin of barter's example of the same name. There the history is streamed while the mock exchange
sleeps in real time, and the strategy sends nothing. Here one queue holds both, in simulated time,
and the strategy buys as soon as it sees a price. The history loses its stream three times.

Run it with `python examples/engine_async_with_historic_market_data_and_mock_execution.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from typing_extensions import override

import barter_python as bp
from barter_python import Liquidity, Side, TimeInterval

DATA = Path(__file__).parent / "data"
RISK_FREE_RETURN = Decimal("0.05")


@dataclass
class BuyOnce(bp.Strategy):
    """Buys a little of each instrument, and notes when a stream is lost."""

    budget: Decimal = Decimal(100)
    bought: set[int] = field(default_factory=set)
    lost: list[datetime] = field(default_factory=list)

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        instrument = state.updated
        if instrument is None or instrument.price is None or instrument.index in self.bought:
            return bp.NO_ORDERS
        self.bought.add(instrument.index)
        quantity = (self.budget / instrument.price).quantize(Decimal("0.00001"))
        return [], [instrument.market_order(Side.BUY, quantity, strategy_id="buy once")]

    @override
    def on_disconnect(
        self, exchange: bp.ExchangeId, state: bp.EngineView, /
    ) -> Sequence[bp.Command]:
        self.lost.append(state.time)
        return ()


def main() -> bp.BacktestResult:
    """Run over the history and print the result."""
    strategy = BuyOnce()
    data = bp.MarketData.from_json(DATA / "binance_spot_market_data_with_disconnect_events.json")
    config = bp.SystemConfig.from_json(DATA / "system_config.json")
    # barter's mock exchange fills any quantity, and these few trades show small amounts.
    config = config.with_executions(liquidity=Liquidity.INFINITE)
    result = bp.run_backtest(
        strategy,
        data,
        config,
        # barter's example commands the same before it shuts the engine down.
        close_at_end=True,
        risk_free_return=RISK_FREE_RETURN,
        interval=TimeInterval.DAILY,
    )
    print(f"{len(data)} events, stream lost at")
    for time in strategy.lost:
        print(f"  {time:%Y-%m-%d %H:%M:%S.%f} UTC")
    for fill in result.fills:
        name = result.instruments.instruments[fill.instrument].name
        print(f"{fill.strategy_id}: {fill.side.value} {fill.quantity} {name} at {fill.price}")
    print()
    print(result)
    return result


if __name__ == "__main__":
    main()
