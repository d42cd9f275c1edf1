"""Stop and take-profit orders."""

from __future__ import annotations

from decimal import Decimal

from typing_extensions import assert_type, override

import barter_python as bp
from accepted.shared import SPOT, book, system_config
from barter_python import Side
from barter_python.backtest import (
    OrderReport,
)


class Stopping(bp.Strategy):
    """Places stops, lists them and withdraws them."""

    strategy_id = "stopping"

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        stop = bp.StopOrder(0, Side.SELL, quantity=1, trigger_price=5, limit_price=Decimal(4))
        assert_type(stop.limit_price, Decimal | None)
        first = state.place_stop(stop)
        assert_type(first, int)
        target = bp.TakeProfitOrder(
            0, Side.SELL, quantity=1, trigger_price=Decimal(900), trigger=bp.TriggerPrice.LAST_TRADE
        )
        state.place_stop(target, one_cancels_other=first)
        assert_type(state.instrument(0).stops, list[bp.Stop])
        for waiting in state.instrument(0).stops:
            assert_type(waiting.id, int)
            assert_type(waiting.kind, bp.StopKind)
            assert_type(waiting.side, Side)
            assert_type(waiting.trigger_price, Decimal)
            assert_type(waiting.distance, Decimal | None)
            assert_type(waiting.trigger, bp.TriggerPrice)
            assert_type(state.cancel_stop(waiting.id), bool)
        return bp.NO_ORDERS


def test_stops() -> None:
    trailing = bp.TrailingStopOrder(0, Side.BUY, quantity=1, distance=Decimal("0.5"))
    assert_type(trailing.distance, Decimal)
    assert_type(trailing.until_closed, bool)
    data = bp.MarketData.from_events([book(0, 100), book(2, 110)])
    result = bp.run_backtest(Stopping(), data, system_config())
    assert_type(result.orders, bp.Records[OrderReport])
    for report in result.orders:
        assert_type(report.stop, bp.StopTrigger | None)
    trigger = bp.StopTrigger(1, bp.StopKind.TRAILING, trigger_price=9, price=Decimal(8))
    assert_type(trigger.stop_id, int)
    assert_type(trigger.price, Decimal)
    margin = bp.MockExecutionConfig(SPOT, {}, maintenance_margin=Decimal("0.005"))
    assert_type(margin.maintenance_margin, Decimal | int | None)
