"""The equity of a run as a report needs it: the one place that knows how results keep it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from .._core import EquityBar, EquityDrawdown, EquityRatios, TimeInterval
from .run import Run

_EPISODES = 5
_DAY = timedelta(days=1)
_DAY_NS = 86_400 * 10**9


@dataclass(frozen=True)
class EquityLine:
    """The equity in one quote asset, or of the account as a whole.

    Attributes
    ----------
    name : str
        Such as `binance_spot_usdt`.
    asset : int, optional
        Index of the quote asset; `None` for the account as a whole.
    unit : str
        What it is counted in, such as `usdt`.
    start, end : Decimal
        The equity at the start and at the end.
    bars : sequence of EquityBar
        Its marks.
    episodes : sequence of EquityDrawdown
        The deepest drawdowns, the deepest first: by their share of the peak; by amount if no peak
        is positive.
    ratios : EquityRatios, optional
        Its ratios, from daily returns; `None` if the bars have an interval that no day is made of.
    """

    name: str
    asset: int | None
    unit: str
    start: Decimal
    end: Decimal
    bars: Sequence[EquityBar]
    episodes: Sequence[EquityDrawdown]
    ratios: EquityRatios | None


def year_of(run: Run) -> TimeInterval:
    """Give the year that ratios are scaled to: that of barter's, if it is one."""
    is_252 = run.summary.interval is TimeInterval.ANNUAL_252
    return TimeInterval.ANNUAL_252 if is_252 else TimeInterval.ANNUAL_365


def equity_lines(run: Run) -> list[EquityLine]:
    """Give the equity in each quote asset, and then of the account as a whole if there is that."""
    lines = []
    for number, (name, bars) in enumerate(run.equity().items()):
        ends = run._equity.ends(number)
        if ends is None:
            continue
        asset = run._equity.assets[number]
        unit = str(run._equity.total) if asset is None else run.instruments.assets[asset].name
        by_share = run.drawdowns(_EPISODES, asset=name, by="share")
        episodes = list(by_share or run.drawdowns(_EPISODES, asset=name, by="amount"))
        has_days = _DAY_NS % run.equity_interval_ns == 0
        ratios = run.ratios(_DAY, year=year_of(run), asset=name) if has_days else None
        lines.append(EquityLine(name, asset, unit, *ends, list(bars), episodes, ratios))
    return lines


def merged_bars(bars: Sequence[EquityBar], most: int) -> Sequence[EquityBar]:
    """Join neighbouring bars until there are few enough; lows, highs and peaks stay."""
    if len(bars) <= most:
        return bars
    joined = []
    for part in range(most):
        group = bars[part * len(bars) // most : (part + 1) * len(bars) // most]
        last = group[-1]
        low, high = min(bar.low for bar in group), max(bar.high for bar in group)
        joined.append(
            EquityBar(
                last.asset, last.time_ns, equity=last.equity, low=low, high=high, peak=last.peak
            )
        )
    return joined
