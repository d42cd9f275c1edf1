"""Compiled strategies."""

from __future__ import annotations

from dataclasses import dataclass

from typing_extensions import assert_type

import barter_python as bp
from accepted.shared import book, system_config
from barter_python.compiled import (
    CFunction,
    CompiledFunction,
    CompiledInstrument,
    CompiledLevel,
    CompiledOrder,
    CompiledOrders,
    CompiledStrategy,
    EventKind,
    OrderStage,
    c_function,
    compiled,
)


@dataclass
class Own:
    """State of an instrument."""

    quantity: float
    is_done: bool = False
    id: int = 0


@compiled(Own, levels=1, account_events=True)
def trade(time_ns: int, instrument: CompiledInstrument, own: Own, orders: CompiledOrders) -> None:
    """Trade once."""
    if own.is_done or instrument.event == EventKind.FILL or instrument.bid_count == 0:
        return
    own.is_done = time_ns > 0
    own.id = orders.market_buy(own.quantity)
    orders.limit_sell(price=instrument.bid(0).price * 2, quantity=own.quantity, post_only=True)
    orders.close()


def look(instrument: CompiledInstrument, orders: CompiledOrders) -> None:
    """Read what there is."""
    assert_type(instrument.ask(0), CompiledLevel)
    assert_type(instrument.order(0), CompiledOrder)
    assert_type(instrument.mid, float)
    assert_type(instrument.last_trade_side, int)
    assert_type(orders.limit_buy(price=1.0, quantity=2), int)
    if instrument.order(0).stage == OrderStage.OPEN:
        orders.cancel(instrument.order(0).id)


@CFunction
def idle(time_ns: int, instrument: int, own: int, requests: int) -> int:
    """Do nothing."""
    return 0


def test_compiled_strategies() -> None:
    assert_type(trade, CompiledFunction[Own])
    of_c = c_function(idle, Own, name="idle", levels=2, account_events=True)
    assert_type(of_c, CompiledFunction[Own])
    strategy = trade.strategy({"binancespot-btc_usdt": Own(0.5)}, strategy_id="own", jit=False)
    assert_type(strategy, CompiledStrategy[Own])
    assert_type(strategy.state_of("binancespot-btc_usdt"), Own)
    data = bp.MarketData.from_events([book(0, 100), book(2, 110)])
    bp.run_backtest(strategy, data, system_config())
