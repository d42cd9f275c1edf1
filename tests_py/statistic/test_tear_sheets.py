"""Tear sheets of instruments and of assets, against another calculation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from models.statistic import (
    DAY,
    MAX,
    MIN,
    SECOND,
    START,
    assert_close,
    assert_same_fall,
    barter_s_mean_milliseconds,
    falls,
    length,
    mean,
    root,
    variance,
)
from support.drawn import POINTS, TRADES, decimals, exited, positions_of, with_times

from barter_python import (
    AssetBalance,
    Balance,
    PositionExited,
    Side,
    SystemConfig,
)
from barter_python.statistic import (
    Drawdown,
    PnLReturns,
    PositionStatistics,
    SortinoRatio,
    TearSheetAssetGenerator,
    TearSheetGenerator,
    TimeInterval,
    TradingSummaryGenerator,
)


@given(
    TRADES,
    decimals(-1, 1, 2),
    st.one_of(st.sampled_from(TimeInterval), st.integers(60, 10**8).map(lambda s: timedelta(0, s))),
)
def test_tear_sheets(
    drawn: list[tuple[int, int, int]], risk_free: Decimal, interval: TimeInterval | timedelta
) -> None:
    positions = positions_of(drawn)
    generator = TearSheetGenerator.init(START)
    for position in positions:
        generator.update_from_position(position)
    sheet = generator.generate(risk_free, interval)
    assert generator.generate(risk_free, interval) == sheet  # barter's second mean would differ
    assert generator.statistics == PositionStatistics.of(positions)

    returns = [Fraction(pnl, cost) for pnl, cost, _ in drawn]
    losses = [value for value in returns if value < 0]
    end = positions[-1].time_exit_ns if positions else START
    assert generator.time_engine_now_ns == end
    period = max((end - START) // SECOND, 1)
    scale = length(interval) / period
    assert sheet.pnl == sum(pnl for pnl, _, _ in drawn)
    assert_close(sheet.pnl_return, mean(returns) * scale)
    assert_returns(generator.pnl_returns, returns, losses)

    points: list[tuple[Fraction, int]] = []
    total = Fraction(0)
    for (pnl, _, _), position in zip(drawn, positions, strict=True):
        total += pnl
        points.append((total, position.time_exit_ns))
    over, open_fall = falls(points) if points else ([], None)
    all_falls = over if open_fall is None else [*over, open_fall]
    deepest = max(all_falls, key=lambda fall: fall.depth, default=None)
    assert_same_fall(sheet.pnl_drawdown, open_fall)
    assert_same_fall(sheet.pnl_drawdown_max, deepest)
    assert (sheet.pnl_drawdown_mean is None) == (not all_falls)
    if sheet.pnl_drawdown_mean is not None:
        assert_close(
            sheet.pnl_drawdown_mean.mean_drawdown, mean([fall.depth for fall in all_falls])
        )
        milliseconds = sheet.pnl_drawdown_mean.mean_drawdown_ms
        assert milliseconds == barter_s_mean_milliseconds(all_falls)

    excess = mean(returns) - Fraction(risk_free)
    risks: tuple[tuple[Decimal, Fraction], ...] = (
        (sheet.sharpe_ratio, root(variance(returns))),
        (sheet.sortino_ratio, root(variance(losses))),
        (sheet.calmar_ratio, Fraction(0) if deepest is None else deepest.depth),
    )
    for ratio, risk in risks:
        if risk != 0:
            assert_close(ratio, excess / risk * root(scale))
    if risks[0][1] == 0 and scale > 1:
        assert sheet.sharpe_ratio == MAX
    # barter's own: losses where wins are meant, the net where the gross is.
    assert (sheet.win_rate is None) == (not returns)
    if sheet.win_rate is not None:
        assert_close(sheet.win_rate, Fraction(len(losses), len(returns)))
    if sheet.profit_factor is not None and losses and sum(returns) != 0:
        assert_close(sheet.profit_factor, abs(sum(returns, Fraction(0)) / sum(losses, Fraction(0))))


def assert_returns(
    actual: PnLReturns, returns: Sequence[Fraction], losses: Sequence[Fraction]
) -> None:
    for summary, values in ((actual.total, returns), (actual.losses, losses)):
        assert summary.count == len(values)
        assert_close(summary.mean, mean(values))
        assert_close(summary.dispersion.std_dev, root(variance(values)))


def test_a_tear_sheet_by_hand() -> None:
    """Three wins and a loss of a cost of 100 each, one a day."""
    generator = TearSheetGenerator.init(START)
    returns = PnLReturns.default()
    for day, pnl in enumerate([10, -5, 20, 15], start=1):
        position = exited(pnl, 100, START + day * DAY)
        generator.update_from_position(position)
        returns = returns.updated(position)
    assert generator.pnl_returns == returns
    sheet = generator.generate(0, timedelta(days=4))
    assert (sheet.pnl, sheet.pnl_return) == (Decimal(40), Decimal("0.1"))
    # Squares of distances: 0, 225, 100, 25 of 1e-4, their mean 87.5.
    assert_close(sheet.sharpe_ratio, Fraction(1, 10) / root(Fraction(875, 100_000)))
    # From 10 to 5, over when 25 is reached.
    assert sheet.pnl_drawdown is None
    assert sheet.pnl_drawdown_max == Drawdown(Decimal("0.5"), START + DAY, START + 3 * DAY)
    assert sheet.calmar_ratio == Decimal("0.2")
    assert (sheet.win_rate, sheet.profit_factor) == (Decimal("0.25"), Decimal(8))
    right = generator.statistics
    assert (right.closed, right.wins, right.losses) == (4, 3, 1)
    assert (right.win_ratio, right.gross_profit_factor) == (Decimal("0.75"), Decimal(9))
    # With one loss nothing varies: barter has the greatest decimal, and keeps it for a bad mean.
    assert sheet.sortino_ratio == MAX
    assert generator.generate(1, TimeInterval.ANNUAL_365).sortino_ratio == MAX
    right_sortino = SortinoRatio.calculate(
        risk_free_return=1,
        mean_return=returns.total.mean,
        std_dev_loss_returns=returns.losses.dispersion.std_dev,
        returns_period=timedelta(days=4),
    )
    assert (right_sortino.value, right_sortino.scale(TimeInterval.ANNUAL_365).ratio) == (MIN, None)


def test_reset_forgets() -> None:
    generator = TearSheetGenerator.init(START)
    generator.update_from_position(exited(5, 10, START + DAY))
    generator.reset(START + DAY)
    fresh = TearSheetGenerator.init(START + DAY)
    assert repr(generator) == repr(fresh)
    assert generator.pnl_returns == fresh.pnl_returns == PnLReturns.default()
    assets = TearSheetAssetGenerator.init(Balance(total=10, free=10), START)
    assets.update_from_balance(AssetBalance(0, Balance(total=5, free=5), START + 1))
    assets.reset(Balance(total=7, free=7), START + 2)
    assert (
        assets.generate()
        == TearSheetAssetGenerator.init(Balance(total=7, free=7), START + 2).generate()
    )


WRONG_POSITIONS = [
    (exited(1, 0, START), r"must not be zero, got 0(\.0)? \* 10"),
    (
        PositionExited(
            0,
            Side.BUY,
            price_entry_average=MAX,
            quantity_abs_max=2,
            pnl_realised=1,
            fees_enter=0,
            fees_exit=0,
            time_enter=START,
            time_exit=START,
            trades=[],
        ),
        rf"its cost .*price_entry_average={MAX}, quantity_abs_max=2",
    ),
    (
        PositionExited(
            0,
            Side.BUY,
            price_entry_average=Decimal("1e-9"),
            quantity_abs_max=1,
            pnl_realised=MAX,
            fees_enter=0,
            fees_exit=0,
            time_enter=START,
            time_exit=START,
            trades=[],
        ),
        rf"do not fit with pnl_realised={MAX}",
    ),
]


@pytest.mark.parametrize(("position", "message"), WRONG_POSITIONS)
def test_positions_that_barter_would_panic_on(
    position: PositionExited, message: str, config: SystemConfig
) -> None:
    generator = TearSheetGenerator.init(START)
    summary = TradingSummaryGenerator.init(0, START, START, config.index())
    for update in (
        generator.update_from_position,
        summary.update_from_position,
        PnLReturns.default().updated,
    ):
        with pytest.raises(ValueError, match=message):
            update(position)
    assert repr(generator) == repr(TearSheetGenerator.init(START))
    assert repr(summary) == repr(TradingSummaryGenerator.init(0, START, START, config.index()))


def test_ratios_of_a_tear_sheet_that_do_not_fit() -> None:
    generator = TearSheetGenerator.init(START)
    for pnl in (10, 20):
        generator.update_from_position(exited(pnl, 100, START + DAY))
    with pytest.raises(ValueError, match=rf"risk_free_return={MIN}, mean return 0\.15"):
        generator.generate(MIN, TimeInterval.DAILY)


def test_tear_sheets_count_whole_seconds(config: SystemConfig) -> None:
    summary = TradingSummaryGenerator.init(0, START, START, config.index())
    with pytest.raises(ValueError, match=r"interval must be of whole seconds.*got 1\.5 s"):
        TearSheetGenerator.init(START).generate(0, timedelta(seconds=1, milliseconds=500))
    with pytest.raises(ValueError, match=r"interval must be of whole seconds.*got 0\.5 s"):
        summary.generate(timedelta(milliseconds=500))


@given(POINTS)
def test_tear_sheets_of_assets(drawn: list[tuple[int, int]]) -> None:
    points = with_times(drawn)
    (first, start), *others = points
    generator = TearSheetAssetGenerator.init(Balance(total=int(first), free=0), start)
    for value, time in others:
        generator.update_from_balance(AssetBalance(3, Balance(total=int(value), free=0), time))
    sheet = generator.generate()
    assert generator.generate() == sheet
    over, open_fall = falls(points)
    all_falls = over if open_fall is None else [*over, open_fall]
    assert sheet.balance_end == generator.balance_now == Balance(total=int(points[-1][0]), free=0)
    assert_same_fall(sheet.drawdown, open_fall)
    assert_same_fall(sheet.drawdown_max, max(all_falls, key=lambda it: it.depth, default=None))
    assert (sheet.drawdown_mean is None) == (not all_falls)
    if sheet.drawdown_mean is not None:
        assert_close(sheet.drawdown_mean.mean_drawdown, mean([fall.depth for fall in all_falls]))


def test_a_balance_too_far_from_the_peak_changes_nothing(config: SystemConfig) -> None:
    generator = TearSheetAssetGenerator.init(Balance(total=MAX, free=0), START)
    summary = TradingSummaryGenerator.init(0, START, START, config.index())
    summary.update_from_balance(AssetBalance(0, Balance(total=MAX, free=0), START))
    for update in (generator.update_from_balance, summary.update_from_balance):
        with pytest.raises(ValueError, match=rf"balance: .*peak={MAX}, total=-1"):
            update(AssetBalance(0, Balance(total=-1, free=0), START + DAY))
    assert generator.balance_now == Balance(total=MAX, free=0)
    assert summary.time_engine_now_ns == START
