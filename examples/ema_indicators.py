"""The crossing of `ema_cross.py` with indicators of the engine, which calls Python to trade.

The orders are the same. The strategy is asked only when the averages cross, so that a run takes a
fraction of the time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from typing_extensions import override

import barter_python as bp
from barter_python import Side
from barter_python.indicators import Crosses, Ema, Source
from barter_python.strategy import build_ioc_market_order_to_close_position

DATA = Path(__file__).parent / "data"
CROSS = Crosses(Ema(Source.MID, 50), Ema(Source.MID, 200))


@dataclass
class EmaCross(bp.Strategy):
    """Long while the fast average is above the slow one; one position an instrument."""

    quantities: Mapping[str, Decimal]

    strategy_id = "ema"
    wake_on = (CROSS,)

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        instrument = state.updated
        if instrument is None or instrument.has_orders:
            return bp.NO_ORDERS
        cross, position, price = instrument.value(CROSS), instrument.position, instrument.price
        if cross == 1 and position is None:
            quantity = self.quantities[instrument.name]
            return [], [instrument.market_order(Side.BUY, quantity)]
        if cross == -1 and position is not None and price is not None:
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
