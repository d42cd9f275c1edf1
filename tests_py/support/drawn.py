"""Numbers, times and trades that hypothesis draws for statistics."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st
from models.statistic import SECOND, START

from barter_python import (
    PositionExited,
    Side,
)
from barter_python.statistic import (
    TimeInterval,
)


def decimals(least: int, greatest: int, places: int = 6) -> st.SearchStrategy[Decimal]:
    return st.decimals(least, greatest, places=places, allow_nan=False)


RETURNS = decimals(-10, 10)
RISKS = decimals(-10, 10).filter(lambda risk: abs(risk) > Decimal("0.001"))
INTERVALS = st.one_of(
    st.sampled_from(TimeInterval), st.timedeltas(timedelta(minutes=1), timedelta(days=3660))
)


# Drawdowns


POINTS = st.lists(
    st.tuples(st.integers(-20, 60), st.integers(0, 10 * SECOND)), min_size=1, max_size=25
)


def with_times(drawn: Sequence[tuple[int, int]]) -> list[tuple[Fraction, int]]:
    """Turn distances into times."""
    points: list[tuple[Fraction, int]] = []
    time = START
    for value, distance in drawn:
        time += distance
        points.append((Fraction(value), time))
    return points


# Tear sheets


def exited(pnl: Decimal | int, cost: int, time: int, instrument: int = 0) -> PositionExited:
    price = Decimal(cost) / 10
    return PositionExited(
        instrument,
        Side.BUY,
        price_entry_average=price,
        quantity_abs_max=10,
        pnl_realised=pnl,
        fees_enter=0,
        fees_exit=0,
        time_enter=START,
        time_exit=time,
        trades=[],
    )


TRADES = st.lists(
    st.tuples(st.integers(-50, 50), st.sampled_from([10, 100]), st.integers(0, 3 * 86_400_000)),
    max_size=12,
)


def positions_of(drawn: Sequence[tuple[int, int, int]]) -> list[PositionExited]:
    """Make positions of profits, costs and distances in milliseconds."""
    positions, time = [], START
    for pnl, cost, milliseconds in drawn:
        time += milliseconds * 1_000_000
        positions.append(exited(pnl, cost, time))
    return positions
