"""Many backtests at once: the EMA crossing over a grid of spans, the best run first.

The twin of barter's example of the same name. There all runs are tasks of one runtime; here they
share processes. Give `run_backtests` an `executor` to use threads or a cluster instead.

Run it with `python examples/backtests_concurrent.py`.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from ema_cross import Ema, EmaCross

import barter_python as bp

DATA = Path(__file__).parent / "data"
GRID = {"fast": [25, 50, 100], "slow": [200, 400]}
QUANTITIES = {
    "binancespot-btc_usdt": Decimal("0.001"),
    "binancespot-eth_usdt": Decimal("0.05"),
    "binancespot-sol_usdt": Decimal(1),
}


def crossing(fast: int, slow: int) -> EmaCross:
    """Make the strategy of one run; processes import it by its name."""
    return EmaCross(QUANTITIES, defaultdict(lambda: Ema(fast, slow)))


def main() -> bp.Records[bp.BacktestRun]:
    """Run the grid and print a line for each run, the best first, and the table of the best."""
    runs = bp.run_backtests(
        crossing,
        GRID,
        bp.MarketData.from_json_lines(DATA / "binance_spot_l1_trades_btc_eth_sol.jsonl.gz"),
        bp.SystemConfig.from_json(DATA / "system_config.json"),
        latency=timedelta(milliseconds=100),
        close_at_end=True,
    )
    for run in runs:
        if run.error is not None:
            print(f"{run.parameters} failed: {run.error}")
    done = [(run.parameters, run.result) for run in runs if run.result is not None]
    # The order of the grid decides between equals.
    done.sort(key=lambda each: each[1].pnl["usdt"], reverse=True)
    print("fast  slow  fills      pnl")
    for parameters, result in done:
        print(
            f"{parameters['fast']:>4}  {parameters['slow']:>4}  {len(result.fills):>5}"
            f"  {result.pnl['usdt']:>7.4f}"
        )
    parameters, best = done[0]
    print(f"\nThe best: {parameters}\n{best}")
    return runs


if __name__ == "__main__":
    main()
