"""Indicators and conditions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from typing_extensions import assert_type, override

import barter_python as bp
from accepted.shared import book, system_config
from barter_python import indicators as on
from barter_python.indicators import Ema, Source

CROSS = on.Crosses(Ema(Source.MID, 2), Ema(Source.MID, 4))
RSI = on.Rsi(on.Bar(on.TickBars(10), Source.CLOSE), 14)


class Woken(bp.Strategy):
    """Is asked at some events only."""

    strategy_id = "woken"
    wake_on = (CROSS, on.Trades() & on.Instruments([0]), on.Computed(RSI))

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        if state.updated is not None:
            assert_type(state.updated.value(CROSS), float | None)
            assert_type(state.updated.value(Source.MID), float | None)
        return bp.NO_ORDERS


class Chosen(bp.DefaultStrategy):
    """Chooses its conditions for each instance."""

    def __init__(self, *conditions: on.Condition) -> None:
        super().__init__()
        self.wake_on: Sequence[on.Condition] | None = conditions


class Plain:
    """No subclass, with conditions."""

    wake_on = (on.Events(),)

    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        return bp.NO_ORDERS


def test_indicators() -> None:
    either = on.Fills() | on.Every(timedelta(seconds=1))
    assert_type(either, on.AnyOf)
    assert_type(either & on.Quotes(), on.AllOf)
    assert_type(either.conditions, Sequence[on.Condition])
    average = on.Sma(on.Vwap(3), period=5)
    assert_type(average.source, on.Indicator)
    assert_type(average.period, int)
    assert_type(on.CrossesAbove(average, 70).second, on.Indicator | float)
    ranges = on.Atr(14, on.VolumeBars(2.5))
    assert_type(ranges.bars, on.TickBars | on.VolumeBars | None)
    assert_type(Source("mid"), Source)
    data = bp.MarketData.from_events([book(0, 100), book(2, 110)])
    for strategy in (Woken(), Chosen(on.Changes(on.Imbalance(2)), on.Candles()), Plain()):
        bp.run_backtest(strategy, data, system_config())
