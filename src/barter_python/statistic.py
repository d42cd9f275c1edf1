"""Figures of a run: the module `barter::statistic`, and correct ones where barter's are wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from . import _exact
from ._core import (
    CalmarRatio,
    DataSetSummary,
    Dispersion,
    Drawdown,
    DrawdownGenerator,
    EquityRatios,
    MaxDrawdownGenerator,
    MeanDrawdown,
    MeanDrawdownGenerator,
    PeriodReturn,
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
    "EquityRatios",
    "MaxDrawdownGenerator",
    "MeanDrawdown",
    "MeanDrawdownGenerator",
    "PeriodReturn",
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


@dataclass(frozen=True, kw_only=True)
class PositionStatistics:
    """Wins and losses of closed positions, which barter 0.14's tear sheet gets wrong.

    barter's `win_rate` divides the number of *losses* by the number of positions: 0.25 for three
    wins and one loss. Its `profit_factor` divides the *net* profit by the losses. The figures here
    are what the names say.

    Attributes
    ----------
    closed : int
        Number of closed positions.
    wins : int
        Number of positions with a profit, after fees.
    losses : int
        Number of positions with a loss, after fees.
    gross_profit : Decimal
        Sum of the profits, in the quote asset.
    gross_loss : Decimal
        Sum of the losses, without a sign, in the quote asset.

    Examples
    --------
    >>> statistics = PositionStatistics(
    ...     closed=4, wins=3, losses=1, gross_profit=Decimal(6), gross_loss=Decimal(3))
    >>> statistics.win_ratio, statistics.gross_profit_factor
    (Decimal('0.75'), Decimal('2'))
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
        losses = [pnl.copy_abs() for pnl in pnls if pnl < 0]
        return cls(
            closed=len(pnls),
            wins=len(profits),
            losses=len(losses),
            gross_profit=exact_sum(profits),
            gross_loss=exact_sum(losses),
        )

    @property
    def win_ratio(self) -> Decimal | None:
        """Share of positions with a profit, from 0 to 1; `None` if there are no positions."""
        return _exact.quotient(self.wins, self.closed) if self.closed else None

    @property
    def gross_profit_factor(self) -> Decimal | None:
        """Gross profit divided by gross loss; `None` if there is no loss."""
        return _exact.quotient(self.gross_profit, self.gross_loss) if self.gross_loss else None


def exact_sum(numbers: Iterable[Decimal]) -> Decimal:
    """Add decimals exactly, independently of the caller's decimal context.

    Parameters
    ----------
    numbers : iterable of Decimal
        The numbers to add.

    Examples
    --------
    >>> from decimal import Decimal
    >>> exact_sum([Decimal(10**20), Decimal("0.0000000001"), Decimal("0.0000000001")])
    Decimal('100000000000000000000.0000000002')
    """
    return _exact.total(numbers)
