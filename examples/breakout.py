"""A breakout on candles from a CSV file: buy above the highest price of the last two hours.

Each purchase gets a stop below and a target above, of which one cancels the other. The run holds
both and triggers them inside a candle, along its path. `candle_price=CandlePrice.NEXT_OPEN` fills
the purchase at the open of the next candle.

Run it with `python examples/breakout.py`; a path as argument also writes the report of the run.
"""

from __future__ import annotations

import sys
from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from typing_extensions import override

import barter_python as bp
from barter_python import Side

CANDLES = Path(__file__).parent / "data" / "candles_btc_five_minutes.csv"


@dataclass
class Breakout(bp.Strategy):
    """Buys when a candle closes above the highs of the candles before."""

    quantity: Decimal
    stop: Decimal
    """How far below the fill the position is given up, as a fraction."""
    target: Decimal
    """How far above it the gain is taken."""
    candles: int = 24
    highs: deque[Decimal] = field(init=False)

    strategy_id = "breakout"

    def __post_init__(self) -> None:
        self.highs = deque(maxlen=self.candles)

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        event, btc = state.event, state.updated
        if btc is None or not isinstance(event, bp.MarketEvent):
            return bp.NO_ORDERS
        candle = event.kind
        if not isinstance(candle, bp.Candle):
            return bp.NO_ORDERS
        is_breakout = len(self.highs) == self.candles and candle.close > max(self.highs)
        self.highs.append(candle.high)
        if not is_breakout or btc.position is not None or btc.has_orders:
            return bp.NO_ORDERS
        return [], [btc.market_order(Side.BUY, self.quantity)]

    @override
    def on_fill(self, trade: bp.Trade, state: bp.EngineView, /) -> None:
        if trade.side is Side.SELL:
            return
        stop = bp.StopOrder(
            trade.instrument,
            Side.SELL,
            quantity=trade.quantity,
            trigger_price=trade.price * (1 - self.stop),
            until_closed=True,
        )
        target = bp.TakeProfitOrder(
            trade.instrument,
            Side.SELL,
            quantity=trade.quantity,
            trigger_price=trade.price * (1 + self.target),
            until_closed=True,
        )
        state.place_stop(target, one_cancels_other=state.place_stop(stop))


def main(report: str | None = None) -> bp.BacktestResult:
    """Run the strategy over the candles and print each trade, and the result."""
    exchange = bp.ExchangeId.KRAKEN
    config = bp.SystemConfig(
        [bp.InstrumentConfig(exchange, "XBTUSD", bp.Underlying("xbt", "usd"))],
        [
            bp.MockExecutionConfig(
                exchange,
                {"usd": 20_000},
                fee_rate=Decimal("0.0002"),
                candle_price=bp.CandlePrice.NEXT_OPEN,
            )
        ],
    )
    columns = bp.CandleColumns(
        open_time="open_time", length=timedelta(minutes=5), trade_count="trade_count"
    )
    data = bp.MarketData.from_csv(CANDLES, columns, instruments=config.index())
    strategy = Breakout(Decimal("0.1"), stop=Decimal("0.004"), target=Decimal("0.008"))
    result = bp.run_backtest(strategy, data, config, close_at_end=True)
    for order in result.orders:
        (fill,) = result.fills_of(order)
        why = "breakout" if order.stop is None else order.stop.kind.value.replace("_", " ")
        if order.stop is None and fill.side is Side.SELL:
            why = "end"
        print(f"{fill.time_exchange:%H:%M} {fill.side.value:4} at {fill.price:.1f}: {why}")
    print(result)
    if report is not None:
        result.to_html(report, data)
    return result


if __name__ == "__main__":
    main(*sys.argv[1:2])
