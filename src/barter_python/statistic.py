"""Figures of a run: the module `barter::statistic`, and right figures where barter's are wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal

from ._core import (
    CalmarRatio,
    DataSetSummary,
    Dispersion,
    Drawdown,
    DrawdownGenerator,
    MaxDrawdownGenerator,
    MeanDrawdown,
    MeanDrawdownGenerator,
    PnLReturns,
    PositionExited,
    ProfitFactor,
    Range,
    RateOfReturn,
    SharpeRatio,
    SortinoRatio,
    TearSheet,
    TearSheetAsset,
    TearSheetAssetGenerator,
    TearSheetGenerator,
    TimeInterval,
    TradingSummary,
    TradingSummaryGenerator,
    WinRate,
    calculate_mean,
    calculate_population_variance,
    calculate_recurrence_relation_m,
    calculate_sample_variance,
)

__all__ = [
    "CalmarRatio",
    "DataSetSummary",
    "Dispersion",
    "Drawdown",
    "DrawdownGenerator",
    "MaxDrawdownGenerator",
    "MeanDrawdown",
    "MeanDrawdownGenerator",
    "PnLReturns",
    "PositionStatistics",
    "ProfitFactor",
    "Range",
    "RateOfReturn",
    "SharpeRatio",
    "SortinoRatio",
    "TearSheet",
    "TearSheetAsset",
    "TearSheetAssetGenerator",
    "TearSheetGenerator",
    "TimeInterval",
    "TradingSummary",
    "TradingSummaryGenerator",
    "WinRate",
    "calculate_mean",
    "calculate_population_variance",
    "calculate_recurrence_relation_m",
    "calculate_sample_variance",
    "exact_sum",
]


@dataclass(frozen=True)
class PositionStatistics:
    """Wins and losses of closed positions, where barter 0.14's tear sheet has them wrong.

    barter's `win_rate` divides the count of *losses* by the count of positions, and its
    `profit_factor` divides the *net* of all returns by the losses: with three wins and one loss it
    says 0.25, and net over losses. These are what the names mean.

    Attributes
    ----------
    closed : int
        Closed positions.
    wins : int
        Those with a profit, fees included.
    losses : int
        Those with a loss, fees included.
    gross_profit : Decimal
        Sum of the profits, in the quote asset.
    gross_loss : Decimal
        Sum of the losses, without a sign, in the quote asset.
    """

    closed: int
    wins: int
    losses: int
    gross_profit: Decimal
    gross_loss: Decimal

    @classmethod
    def of(cls, positions: Iterable[PositionExited]) -> PositionStatistics:
        """Count closed positions.

        Examples
        --------
        >>> PositionStatistics.of([]).win_ratio is None
        True
        """
        pnls = [position.pnl_realised for position in positions]
        profits = [pnl for pnl in pnls if pnl > 0]
        losses = [-pnl for pnl in pnls if pnl < 0]
        return cls(
            closed=len(pnls),
            wins=len(profits),
            losses=len(losses),
            gross_profit=exact_sum(profits),
            gross_loss=exact_sum(losses),
        )

    @property
    def win_ratio(self) -> Decimal | None:
        """Share of positions that won, from 0 to 1; `None` without positions."""
        return Decimal(self.wins) / self.closed if self.closed else None

    @property
    def gross_profit_factor(self) -> Decimal | None:
        """Gross profit over gross loss; `None` without a loss."""
        return self.gross_profit / self.gross_loss if self.gross_loss else None


def exact_sum(numbers: Iterable[Decimal]) -> Decimal:
    """Add decimals without rounding, whatever the precision of the caller's decimal context."""
    context = Context(prec=100)
    total = Decimal(0)
    for number in numbers:
        total = context.add(total, number)
    return total
