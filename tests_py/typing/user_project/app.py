"""A breakout strategy, as a user of the installed package writes it."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from typing_extensions import assert_never, assert_type, override

import barter_python as bp
from barter_python import Side
from barter_python.strategy import (
    build_ioc_market_order_to_close_position,
    close_open_positions_with_market_orders,
)

START = 1_704_067_200_000_000_000
SPOT = bp.ExchangeId.BINANCE_SPOT


def window() -> deque[Decimal]:
    """Give an empty window of prices."""
    return deque(maxlen=3)


@dataclass
class Breakout(bp.Strategy):
    """Buys above the last prices, sells below them."""

    quantity: Decimal
    prices: defaultdict[int, deque[Decimal]] = field(default_factory=lambda: defaultdict(window))
    events: list[str] = field(default_factory=list)

    @override
    def on_start(self, state: bp.EngineView, /) -> None:
        assert_type(state.balance(SPOT, "usdt"), bp.Balance)
        assert_type(state.time, datetime)

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        self.events.append(name_of(state.event))
        instrument = state.updated
        if instrument is None or instrument.has_orders:
            return bp.NO_ORDERS
        assert_type(instrument, bp.InstrumentView)
        price, position = instrument.price, instrument.position
        if price is None:
            return bp.NO_ORDERS
        assert_type(price, Decimal)
        last = list(self.prices[instrument.index])
        self.prices[instrument.index].append(price)
        if not last:
            return bp.NO_ORDERS
        if position is None and price > max(last):
            order = instrument.market_order(Side.BUY, self.quantity, strategy_id="breakout")
            assert_type(order, bp.OrderRequestOpen)
            return [], [order]
        if position is not None and price < min(last):
            assert_type(position.quantity_abs, Decimal)
            closing = build_ioc_market_order_to_close_position(
                instrument.exchange, position, "breakout", price, gen_cid=state.next_cid
            )
            return [], [closing]
        return bp.NO_ORDERS

    @override
    def close_positions_requests(
        self, state: bp.EngineView, filter: bp.InstrumentFilter, /
    ) -> bp.Orders:
        return close_open_positions_with_market_orders(
            "breakout", state, filter, gen_cid=lambda view: f"close {view.name}"
        )

    @override
    def on_disconnect(
        self, exchange: bp.ExchangeId, state: bp.EngineView, /
    ) -> Sequence[bp.Command]:
        lost = bp.InstrumentFilter.exchanges([state.exchange_index(exchange)])
        return [bp.CancelOrders(lost)]


def name_of(event: bp.MarketEvent | bp.Reconnecting | bp.AccountEvent | None) -> str:
    """Name an event: the checker knows that there are no others."""
    match event:
        case None:
            return "none"
        case bp.MarketEvent():
            assert_type(
                event.kind,
                bp.PublicTrade
                | bp.OrderBookL1
                | bp.OrderBookSnapshot
                | bp.OrderBookUpdate
                | bp.Candle
                | bp.Liquidation
                | bp.Funding
                | bp.Settlement,
            )
            return "market"
        case bp.Reconnecting():
            return event.exchange.value
        case bp.AccountEvent():
            return "account"
        case _:
            assert_never(event)


def history(prices: Sequence[int]) -> bp.MarketData:
    """Give a trade each second."""
    events: list[bp.MarketEvent | bp.Reconnecting] = [bp.Reconnecting(SPOT)]
    for number, price in enumerate(prices):
        time = START + number * 1_000_000_000
        trade = bp.PublicTrade(str(number), price=price, amount=1, side=Side.BUY)
        events.append(bp.MarketEvent(time, time, SPOT, 0, trade))
    return bp.MarketData.from_events(events)


def main() -> bp.BacktestResult:
    """Run the strategy over a few trades."""
    config = bp.SystemConfig(
        [bp.InstrumentConfig(SPOT, "BTCUSDT", bp.Underlying("btc", "usdt"))],
        [bp.MockExecutionConfig(SPOT, {"usdt": 1000}, fee_rate=Decimal("0.001"))],
    )
    strategy = Breakout(quantity=Decimal("0.5"))
    data = history([100, 101, 103, 102, 99, 98])
    result = bp.run_backtest(
        strategy, data, config, latency=timedelta(milliseconds=10), close_at_end=True
    )
    assert_type(result, bp.BacktestResult)
    assert_type(result.pnl, Mapping[str, Decimal])
    assert_type(result.fills[0].side, Side)
    return result


if __name__ == "__main__":
    print(main())
