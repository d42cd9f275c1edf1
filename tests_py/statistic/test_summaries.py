"""Summaries of trading, and copies of the generators."""

from __future__ import annotations

import copy
import pickle
from datetime import timedelta
from decimal import Decimal
from typing import Protocol, TypeVar

import pytest
from hypothesis import given
from models.statistic import DAY, START
from support.drawn import TRADES, exited, positions_of
from support.histories import BTC, OnMarketEvents, l1, two_instruments

from barter_python import (
    AssetBalance,
    Balance,
    EngineView,
    MarketData,
    Orders,
    Side,
    SystemConfig,
    UnknownKeyError,
    run_backtest,
)
from barter_python.statistic import (
    Drawdown,
    DrawdownGenerator,
    MaxDrawdownGenerator,
    MeanDrawdownGenerator,
    TearSheetAssetGenerator,
    TearSheetGenerator,
    TimeInterval,
    TradingSummaryGenerator,
)

CONFIG = two_instruments()

T = TypeVar("T")


# Summaries


@given(drawn=TRADES)
def test_a_summary_holds_the_sheets_of_its_instruments(
    drawn: list[tuple[int, int, int]],
) -> None:
    indexed = CONFIG.index()
    summary = TradingSummaryGenerator.init(Decimal("0.01"), START, START, indexed)
    sheets = [TearSheetGenerator.init(START) for _ in indexed.instruments]
    assets = [TearSheetAssetGenerator.default() for _ in indexed.assets]
    time = START
    for number, (pnl, cost, milliseconds) in enumerate(drawn):
        time += milliseconds * 1_000_000
        position = exited(pnl, cost, time, number % 2)
        summary.update_from_position(position)
        sheets[number % 2].update_from_position(position)
        balance = AssetBalance(number % len(assets), Balance(total=1000 + pnl, free=0), time)
        summary.update_from_balance(balance)
        assets[number % len(assets)].update_from_balance(balance)
    for _ in range(2):
        made = summary.generate(timedelta(days=7))
        assert made.interval == timedelta(days=7)
        assert (made.time_engine_start_ns, made.time_engine_end_ns) == (START, time)
        assert made.trading_duration == timedelta(microseconds=(time - START) // 1000)
        assert made.instruments == {
            instrument.name: sheet.generate(Decimal("0.01"), timedelta(days=7))
            for instrument, sheet in zip(indexed.instruments, sheets, strict=True)
        }
        assert list(made.assets.values()) == [asset.generate() for asset in assets]
    assert summary.statistics == {
        instrument.name: sheet.statistics
        for instrument, sheet in zip(indexed.instruments, sheets, strict=True)
    }


@pytest.mark.parametrize("interval", [TimeInterval.ANNUAL_252, timedelta(days=7)])
def test_a_summary_of_a_run_s_positions_is_the_run_s(interval: TimeInterval | timedelta) -> None:
    prices = [100, 105, 104, 99, 99, 108, 107, 101, 103, 103, 110, 106]

    def trade(state: EngineView) -> Orders:
        side = Side.BUY if state.instrument(BTC).position is None else Side.SELL
        return [], [state.instrument(BTC).market_order(side, 1, strategy_id="test")]

    result = run_backtest(
        OnMarketEvents(dict.fromkeys(range(len(prices)), trade)),
        MarketData.from_events(
            l1(3_600_000 * hour, str(price), str(price + 1)) for hour, price in enumerate(prices)
        ),
        CONFIG,
        risk_free_return=Decimal("0.001"),
        interval=interval,
    )
    assert len(result.positions) == 6
    generator = TradingSummaryGenerator.init(
        Decimal("0.001"), result.time_start_ns, result.summary.time_engine_end_ns, CONFIG.index()
    )
    for position in result.positions:
        generator.update_from_position(position)
    summary = generator.generate(interval)
    assert summary.instruments == result.summary.instruments
    assert summary.interval == result.summary.interval == interval
    assert summary.time_engine_end_ns == result.summary.time_engine_end_ns
    assert generator.statistics == result.statistics
    shown = "7 days, 0:00:00" if isinstance(interval, timedelta) else "annual 252"
    assert f"barter's Sharpe, {shown}" in str(result)
    shown = "7 days, 0:00:00" if isinstance(interval, timedelta) else "annual_252"
    assert f'"interval": "{shown}"' in result.to_json(indent=2)


def test_time_of_a_summary_moves_as_it_is_told(config: SystemConfig) -> None:
    summary = TradingSummaryGenerator.init(0, START, START, config.index())
    summary.update_time_now(START + 2 * DAY)
    summary.update_from_position(exited(1, 10, START + DAY))
    assert summary.time_engine_now_ns == START + 2 * DAY
    assert summary.generate(TimeInterval.DAILY).trading_duration == timedelta(2)


def test_indices_that_a_summary_does_not_know(config: SystemConfig) -> None:
    summary = TradingSummaryGenerator.init(0, START, START, config.index())
    instruments, assets = len(config.index().instruments), len(config.index().assets)
    with pytest.raises(UnknownKeyError, match=f"no instrument has the index {instruments};"):
        summary.update_from_position(exited(1, 10, START, instruments))
    with pytest.raises(UnknownKeyError, match=f"no asset has the index {assets};"):
        summary.update_from_balance(AssetBalance(assets, Balance(total=1, free=1), START))


# Pickling


class Copier(Protocol):
    """Makes another that is the same."""

    def __call__(self, value: T, /) -> T: ...


def pickled(value: T) -> T:
    again: T = pickle.loads(pickle.dumps(value))
    return again


@pytest.mark.parametrize("copied", [pickled, copy.copy, copy.deepcopy])
def test_copies_of_generators_go_their_own_way(copied: Copier, config: SystemConfig) -> None:
    """Each goes on from where it was, to the nanosecond, and the original stays."""
    positions = positions_of([(10, 100, 1), (-5, 10, 2), (-1, 10, 3)])
    sheets = TearSheetGenerator.init(START)
    summary = TradingSummaryGenerator.init(0, START, START, config.index())
    drawdowns = DrawdownGenerator.init(Decimal("10.50"), START)
    assets = TearSheetAssetGenerator.init(Balance(total=10, free=5), START)
    maximum = MaxDrawdownGenerator.init(Drawdown(Decimal("0.1"), START, START + 1))
    average = MeanDrawdownGenerator.init(Drawdown(Decimal("0.1"), START, START + 1999))
    for position in positions:
        sheets.update_from_position(position)
        summary.update_from_position(position)
    balance = AssetBalance(1, Balance(total=Decimal("2.5"), free=1), START + 1)
    summary.update_from_balance(balance)
    drawdowns.update(7, START + 1)
    assets.update_from_balance(balance)
    before = [repr(it) for it in (sheets, summary, drawdowns, assets, maximum, average)]

    sheets_2, summary_2 = copied(sheets), copied(summary)
    drawdowns_2, assets_2 = copied(drawdowns), copied(assets)
    maximum_2, average_2 = copied(maximum), copied(average)
    copies = (sheets_2, summary_2, drawdowns_2, assets_2, maximum_2, average_2)
    assert [repr(it) for it in copies] == before
    assert sheets_2.generate(0, timedelta(1)) == sheets.generate(0, timedelta(1))
    assert summary_2.generate(timedelta(1)) == summary.generate(timedelta(1))
    assert drawdowns_2.generate() == drawdowns.generate()
    assert assets_2.generate() == assets.generate()
    assert average_2.mean_duration == average.mean_duration

    fall = Drawdown(Decimal("0.2"), START, START + 2001)
    sheets_2.update_from_position(positions[0])
    summary_2.update_from_position(positions[0])
    drawdowns_2.update(11, START + 2)
    assets_2.update_from_balance(AssetBalance(1, Balance(total=11, free=1), START + 2))
    maximum_2.update(fall)
    average_2.update(fall)
    assert average_2.mean_duration == timedelta(microseconds=2)
    assert [repr(it) for it in (sheets, summary, drawdowns, assets, maximum, average)] == before
    assert all(repr(it) != old for it, old in zip(copies, before, strict=True))


def test_what_is_not_a_pickled_generator_is_refused() -> None:
    with pytest.raises(ValueError, match="not what pickling has written"):
        TradingSummaryGenerator._from_json("{}")
