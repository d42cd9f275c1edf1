"""A function that does all that compiled functions can do, and its twin in plain Python."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pytest
from typing_extensions import override

from barter_python import (
    NO_ORDERS,
    AccountEvent,
    EngineView,
    InstrumentView,
    MarketEvent,
    Order,
    OrderResponseCancel,
    Orders,
    Side,
    Strategy,
    TimeInForce,
    Trade,
)
from barter_python.compiled import CompiledInstrument, CompiledOrders, EventKind, compiled
from barter_python.strategy import build_ioc_market_order_to_close_position

HAS_NUMBA = importlib.util.find_spec("numba") is not None
needs_numba = pytest.mark.skipif(not HAS_NUMBA, reason="numba is not installed")
JIT = pytest.mark.parametrize("jit", [False, pytest.param(True, marks=needs_numba)])
"""Interpreted, and compiled if numba is there."""


@dataclass
class Own:
    """What the function and its twin count."""

    quantity: float = 0.5
    events: int = 0
    fills: int = 0
    news: int = 0
    traded: float = 0.0
    depth: float = 0.0
    remaining: float = 0.0
    last_id: int = 0
    is_long: bool = False


@compiled(Own, levels=2, account_events=True)
def act(time_ns: int, instrument: CompiledInstrument, own: Own, orders: CompiledOrders) -> None:
    """Ask for something else at each event."""
    own.events += 1
    own.is_long = instrument.position > 0
    if instrument.event == EventKind.FILL:
        own.fills += 1
        own.traded += instrument.fill_quantity * instrument.fill_price
        return
    if instrument.event == EventKind.ORDER or instrument.event == EventKind.CANCEL:
        own.news += 1
        return
    own.remaining = 0.0
    for position in range(instrument.order_count):
        order = instrument.order(position)
        own.remaining += (order.quantity - order.filled) * order.side * order.price
    depth = 0.0
    for level in range(instrument.bid_count):
        depth += instrument.bid(level).amount * instrument.bid(level).price
    for level in range(instrument.ask_count):
        depth -= instrument.ask(level).amount * instrument.ask(level).price
    own.depth = depth
    if math.isnan(instrument.mid):
        return
    if own.events % 7 == 0:
        orders.close()
    elif own.events % 5 == 0:
        orders.cancel_all()
    elif own.events % 3 == 0 and instrument.order_count > 0:
        orders.cancel(instrument.order(0).id)
        own.last_id = orders.market_buy(own.quantity)
    elif depth > 0:
        own.last_id = orders.limit_buy(price=instrument.best_bid - 0.7, quantity=own.quantity)
        orders.limit_sell(price=instrument.mid * 1.01, quantity=own.quantity, post_only=True)
    elif depth < 0:
        own.last_id = orders.market_sell(own.quantity / 3)


class Twin(Strategy):
    """The same over views."""

    strategy_id = "act"

    def __init__(self, own: Mapping[str, Own]) -> None:
        self.own = {name: replace(value) for name, value in own.items()}

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        event = state.event
        if isinstance(event, MarketEvent):
            return self.on_market(state, state.instrument(event.instrument))
        if isinstance(event, AccountEvent):
            kind = event.kind
            if isinstance(kind, Trade):
                own = self.seen(state.instrument(kind.instrument))
                sign = 1 if kind.side is Side.BUY else -1
                own.fills += 1
                own.traded += sign * float(kind.quantity) * float(kind.price)
            elif isinstance(kind, (Order, OrderResponseCancel)):
                self.seen(state.instrument(kind.instrument)).news += 1
        return NO_ORDERS

    def seen(self, view: InstrumentView) -> Own:
        own = self.own[view.name]
        own.events += 1
        own.is_long = view.position is not None and view.position.side is Side.BUY
        return own

    def on_market(self, state: EngineView, view: InstrumentView) -> Orders:
        own = self.seen(view)
        own.remaining = 0.0
        for held in view.orders:
            sign = 1 if held.side is Side.BUY else -1
            filled = float(held.filled_quantity or 0)
            own.remaining += (float(held.quantity) - filled) * sign * float(held.price)
        bids, asks = view.depth_f64(2)
        depth = 0.0
        for level_price, amount in bids:
            depth += amount * level_price
        for level_price, amount in asks:
            depth -= amount * level_price
        own.depth = depth
        mid, best_bid, price, position = view.mid_f64, view.best_bid_f64, view.price, view.position
        if mid is None or best_bid is None:
            return NO_ORDERS
        if own.events % 7 == 0:
            if position is None or price is None:
                return NO_ORDERS
            close = build_ioc_market_order_to_close_position(
                view.exchange, position, "act", price, gen_cid=state.next_cid
            )
            return [], [close]
        cancels = [held.to_request_cancel() for held in view.orders]
        if own.events % 5 == 0:
            return [cancel for cancel in cancels if cancel is not None], []
        quantity = view.round_quantity(own.quantity)
        if own.events % 3 == 0 and cancels:
            order = view.market_order(Side.BUY, quantity)
            own.last_id = number_of(order.key.cid.value)
            return [cancel for cancel in cancels[:1] if cancel is not None], [order]
        if depth > 0:
            buy = view.limit_order(
                Side.BUY, price=view.round_price(best_bid - 0.7, Side.BUY), quantity=quantity
            )
            own.last_id = number_of(buy.key.cid.value)
            sell = view.limit_order(
                Side.SELL,
                price=view.round_price(mid * 1.01, Side.SELL),
                quantity=quantity,
                time_in_force=TimeInForce.GOOD_UNTIL_CANCELLED_POST_ONLY,
            )
            return [], [buy, sell]
        if depth < 0:
            less = view.market_order(Side.SELL, view.round_quantity(own.quantity / 3))
            own.last_id = number_of(less.key.cid.value)
            return [], [less]
        return NO_ORDERS


def number_of(cid: str) -> int:
    """Give the number in an id of the run."""
    return int(cid.removeprefix("bp-"))
