"""The crossing of `ema_cross.py` as a function that numba compiles: no event calls Python.

The orders are the same. It needs numba: `python -m pip install 'barter-python[compiled]'`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import barter_python as bp
from barter_python.compiled import CompiledInstrument, CompiledOrders, compiled

DATA = Path(__file__).parent / "data"


@dataclass
class Ema:
    """A fast and a slow exponential moving average of one price, and what to buy."""

    quantity: float
    fast_weight: float = 2 / (50 + 1)
    slow_weight: float = 2 / (200 + 1)
    fast: float = math.nan
    slow: float = math.nan
    was_above: bool = False


@compiled(Ema)
def ema_cross(
    time_ns: int, instrument: CompiledInstrument, own: Ema, orders: CompiledOrders
) -> None:
    """Hold while the fast average is above the slow one; one position an instrument."""
    mid = instrument.mid
    if math.isnan(mid):
        return
    if math.isnan(own.fast):
        own.fast = own.slow = mid
        return
    own.fast += (mid - own.fast) * own.fast_weight
    own.slow += (mid - own.slow) * own.slow_weight
    above = own.fast > own.slow
    if above == own.was_above:
        return
    own.was_above = above
    if instrument.order_count > 0:
        return
    if above and instrument.position == 0:
        orders.market_buy(own.quantity)
    elif not above:
        orders.close()


def main() -> bp.BacktestResult:
    """Run the strategy over the bundled history and print the result."""
    own = {
        "binancespot-btc_usdt": Ema(0.001),
        "binancespot-eth_usdt": Ema(0.05),
        "binancespot-sol_usdt": Ema(1),
    }
    result = bp.run_backtest(
        ema_cross.strategy(own, strategy_id="ema"),
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
