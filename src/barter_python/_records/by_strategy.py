"""The results of a run by strategy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .._core import (
    IndexedInstruments,
    OpenPosition,
    OrderReport,
    PositionExited,
    Trade,
    report_by_strategy,
)
from .._rows import Records
from ..statistic import PositionStatistics, exact_sum


@dataclass(frozen=True)
class StrategyResult:
    """The results of one of several strategies, by the id of its orders.

    Attributes
    ----------
    orders : Records of OrderReport
        Its orders, in the order in which they were sent.
    fills : Records of Trade
        Its fills, in their order.
    positions : Records of PositionExited
        Its closed positions, in the order in which they were closed.
    open_positions : Records of OpenPosition
        Its positions that are open at the end, by instrument, valued at the mid.
    pnl : mapping of str to Decimal
        Its profit and loss by the name of the quote asset, over all exchanges: realised and
        unrealised.

    Examples
    --------
    >>> from barter_python import DefaultStrategy, MarketData, SystemConfig, run_backtest
    >>> history = "examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz"
    >>> config = SystemConfig.from_json("examples/data/system_config.json")
    >>> result = run_backtest(DefaultStrategy(), MarketData.from_json_lines(history), config)
    >>> {id: part.pnl for id, part in result.by_strategy().items()}
    {}
    """

    orders: Records[OrderReport]
    fills: Records[Trade]
    positions: Records[PositionExited]
    open_positions: Records[OpenPosition]
    pnl: Mapping[str, Decimal]

    @property
    def statistics(self) -> PositionStatistics:
        """Wins and losses of its closed positions."""
        return PositionStatistics.of(self.positions)


def results_by_strategy(
    orders: Records[OrderReport],
    fills: Records[Trade],
    instruments: IndexedInstruments,
    marks: Sequence[Decimal | None],
) -> dict[str, StrategyResult]:
    """Split the results of a run by the strategy ids of its orders."""
    quotes = [
        instruments.assets[instrument.underlying.quote].name
        for instrument in instruments.instruments
    ]

    def pnl(profits: Sequence[tuple[int, Decimal]]) -> dict[str, Decimal]:
        by_asset: dict[str, list[Decimal]] = {name: [] for name in quotes}
        for instrument, profit in profits:
            by_asset[quotes[instrument]].append(profit)
        return {name: exact_sum(parts) for name, parts in by_asset.items()}

    return {
        strategy_id: StrategyResult(
            orders=Records(sent),
            fills=Records(filled),
            positions=Records(closed),
            open_positions=Records(still_open),
            pnl=pnl(profits),
        )
        for strategy_id, sent, filled, closed, still_open, profits in report_by_strategy(
            orders, fills, marks
        )
    }
