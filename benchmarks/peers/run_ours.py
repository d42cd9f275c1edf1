"""barter_python, measured as the others: `python benchmarks/peers/run_ours.py`.

The strategies are those of `benchmarks/run.py`. A market order arrives after 100 ms and is filled
then, whole, at the best opposite price, whatever amount is shown there, as in the other engines;
fees 0.1 %. The clock runs from the call of `run_backtest` until it returns, the statistics at the
end included.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version

from common import CONFIG, HISTORY, QUANTITIES, Counts, EmaCross, Noop, report, timed
from typing_extensions import override

import barter_python as bp


@dataclass
class Counting(EmaCross):
    """Counts the market events that it is called for."""

    events: int = 0

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        """Count, and go on."""
        self.events += state.updated is not None
        return super().generate_algo_orders(state)


def main() -> None:
    """Count, time and report."""
    data = bp.MarketData.from_json_lines(HISTORY)
    config = bp.SystemConfig.from_json(CONFIG).with_executions(liquidity=bp.Liquidity.INFINITE)

    def nanoseconds(strategy: bp.Strategy) -> float:
        return timed(lambda: bp.run_backtest(strategy, data, config))

    counting = Counting(QUANTITIES)
    result = bp.run_backtest(counting, data, config)
    report(
        "barter_python",
        version("barter-python"),
        Counts(counting.events, len(result.orders), len(result.fills)),
        lambda: nanoseconds(Noop()),
        lambda: nanoseconds(EmaCross(QUANTITIES)),
    )


if __name__ == "__main__":
    main()
