"""What each of several strategies has brought forth: `barter_python.backtest` has the names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ._core import (
    IndexedInstruments,
    OpenPosition,
    OrderReport,
    PositionExited,
    Trade,
    report_by_strategy,
)
from .statistic import PositionStatistics, exact_sum


@dataclass(frozen=True)
class StrategyResult:
    """What one of several strategies has brought forth, by the id of its orders.

    Attributes
    ----------
    orders : list of OrderReport
        Its orders, in the order in which they were sent.
    fills : list of Trade
        Its fills, in their order.
    positions : list of PositionExited
        Its closed positions, in the order of their closing.
    open_positions : list of OpenPosition
        Its positions still open at the end, by instrument, valued at the mid.
    pnl : dict of str to Decimal
        Its profit and loss by quote asset's name, of all exchanges: realised and unrealised.
    """

    orders: list[OrderReport]
    fills: list[Trade]
    positions: list[PositionExited]
    open_positions: list[OpenPosition]
    pnl: dict[str, Decimal]

    @property
    def statistics(self) -> PositionStatistics:
        """Its wins and losses."""
        return PositionStatistics.of(self.positions)


def results_by_strategy(
    orders: Sequence[OrderReport],
    fills: Sequence[Trade],
    instruments: IndexedInstruments,
    marks: Sequence[Decimal | None],
) -> dict[str, StrategyResult]:
    """Give what each strategy has brought forth, by its id."""
    ids = dict.fromkeys(report.order.strategy_id for report in orders)
    closed, still_open, profits = report_by_strategy(fills, marks)
    quotes = [
        instruments.assets[instrument.underlying.quote].name
        for instrument in instruments.instruments
    ]

    def pnl(strategy_id: str) -> dict[str, Decimal]:
        by_asset: dict[str, list[Decimal]] = {name: [] for name in quotes}
        for owner, instrument, profit in profits:
            if owner == strategy_id:
                by_asset[quotes[instrument]].append(profit)
        return {name: exact_sum(parts) for name, parts in by_asset.items()}

    return {
        strategy_id: StrategyResult(
            orders=[report for report in orders if report.order.strategy_id == strategy_id],
            fills=[fill for fill in fills if fill.strategy_id == strategy_id],
            positions=[position for owner, position in closed if owner == strategy_id],
            open_positions=[position for owner, position in still_open if owner == strategy_id],
            pnl=pnl(strategy_id),
        )
        for strategy_id in ids
    }
