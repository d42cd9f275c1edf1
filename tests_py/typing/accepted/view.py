"""What a strategy sees of the running engine."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from typing_extensions import assert_never, assert_type

import barter_python as bp
from accepted.data import describe_market
from accepted.execution import check_order, check_request, describe_account
from barter_python import Side, system
from barter_python.statistic import (
    TearSheet,
)


def describe_event(event: bp.MarketEvent | bp.Reconnecting | bp.AccountEvent | None) -> str:
    """Match what a state's event can be: mypy knows that there is nothing else."""
    match event:
        case None:
            return "start"
        case bp.MarketEvent():
            return describe_market(event.kind)
        case bp.Reconnecting():
            assert_type(event.exchange, bp.ExchangeId)
            return event.exchange.value
        case bp.AccountEvent():
            return describe_account(event.kind)
        case _:
            assert_never(event)


def check_open_position(position: bp.OpenPosition) -> None:
    """An open position of the engine."""
    assert_type(position.instrument, int)
    assert_type(position.side, Side)
    assert_type(position.price_entry_average, Decimal)
    assert_type(position.quantity_abs, Decimal)
    assert_type(position.quantity_abs_max, Decimal)
    assert_type(position.pnl_unrealised, Decimal)
    assert_type(position.pnl_realised, Decimal)
    assert_type(position.fees_enter, Decimal)
    assert_type(position.fees_exit, Decimal)
    assert_type(position.time_enter, datetime)
    assert_type(position.time_enter_ns, int)
    assert_type(position.time_exchange_update, datetime)
    assert_type(position.time_exchange_update_ns, int)
    assert_type(position.trades, list[str])


def check_instrument(instrument: bp.InstrumentView) -> None:
    """A view of an instrument."""
    assert_type(instrument.index, int)
    assert_type(instrument.instrument, int)
    assert_type(instrument.exchange, int)
    assert_type(instrument.exchange_id, bp.ExchangeId)
    assert_type(instrument.name, str)
    assert_type(instrument.name_exchange, str)
    assert_type(instrument.underlying, bp.Underlying[int])
    assert_type(instrument.underlying.base, int)
    assert_type(instrument.price, Decimal | None)
    assert_type(instrument.price_f64, float | None)
    assert_type(instrument.book, bp.OrderBook | None)
    assert_type(instrument.depth(5), tuple[tuple[bp.Level, ...], tuple[bp.Level, ...]])
    bids, _ = instrument.depth_f64(levels=5)
    assert_type(bids, list[tuple[float, float]])
    assert_type(instrument.mid, Decimal | None)
    assert_type(instrument.mid_f64, float | None)
    assert_type(instrument.best_bid, Decimal | None)
    assert_type(instrument.best_bid_f64, float | None)
    assert_type(instrument.best_ask, Decimal | None)
    assert_type(instrument.best_ask_f64, float | None)
    assert_type(instrument.last_trade, Decimal | None)
    assert_type(instrument.candle, bp.Candle | None)
    assert_type(instrument.last_trade_f64, float | None)
    assert_type(instrument.position, bp.OpenPosition | None)
    assert_type(instrument.orders, list[bp.Order])
    assert_type(instrument.has_orders, bool)
    assert_type(instrument.order("mine"), bp.Order | None)
    assert_type(instrument.order(bp.ClientOrderId("mine")), bp.Order | None)
    assert_type(instrument.definition, bp.InstrumentConfig)
    assert_type(instrument.kind, system.InstrumentKind)
    assert_type(instrument.spec, system.InstrumentSpec | None)
    assert_type(instrument.tear_sheet(), TearSheet)
    assert_type(
        instrument.tear_sheet(risk_free_return=Decimal("0.01"), interval=timedelta(days=7)),
        TearSheet,
    )
    for order in instrument.orders:
        check_order(order)
    if instrument.position is not None:
        check_open_position(instrument.position)
    if instrument.price is not None:
        assert_type(instrument.round_quantity(Decimal(100) / instrument.price), Decimal)
        assert_type(instrument.round_price(instrument.price * 2, Side.BUY), Decimal)
        assert_type(instrument.round_price(0.5, side=Side.SELL), Decimal)
        market = instrument.market_order(Side.BUY, 1, strategy_id="typed", cid=None)
        assert_type(market, bp.OrderRequestOpen)
    limit = instrument.limit_order(
        Side.SELL,
        price=Decimal("9.5"),
        quantity=1,
        strategy_id=bp.StrategyId("typed"),
        time_in_force=bp.TimeInForce.GOOD_UNTIL_CANCELLED,
        cid=bp.ClientOrderId("limit-1"),
    )
    check_request(limit)
