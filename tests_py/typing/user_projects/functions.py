"""Strategies of functions and Protocols, without a base class, as a user writes them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Protocol

from typing_extensions import assert_type

import barter_python as bp
from barter_python import Side

SPOT = bp.ExchangeId.BINANCE_SPOT
START = 1_704_067_200_000_000_000


class Signal(Protocol):
    """What a user's own code reads of any signal."""

    def __call__(self, prices: Sequence[Decimal], /) -> Decimal:
        """Give a number above zero to buy, and below to sell."""
        ...


def momentum(prices: Sequence[Decimal], /) -> Decimal:
    """Follow the last change."""
    return prices[-1] - prices[0]


def against(signal: Signal) -> Signal:
    """Turn a signal around."""

    def turned(prices: Sequence[Decimal], /) -> Decimal:
        return -signal(prices)

    return turned


class Follows:
    """Holds one unit while the signal is above zero."""

    strategy_id = "follows"

    def __init__(self, signal: Signal, window: int = 3) -> None:
        """Take the signal."""
        self.signal = signal
        self.prices: deque[Decimal] = deque(maxlen=window)

    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        """Buy or sell where the signal says so."""
        instrument = state.updated
        if instrument is None or instrument.price is None or instrument.has_orders:
            return bp.NO_ORDERS
        self.prices.append(instrument.price)
        if len(self.prices) < 2:
            return bp.NO_ORDERS
        wanted = self.signal(list(self.prices)) > 0
        if wanted and instrument.position is None:
            return [], [instrument.market_order(Side.BUY, 1)]
        if not wanted and instrument.position is not None:
            return [], [instrument.market_order(Side.SELL, instrument.position.quantity_abs)]
        return bp.NO_ORDERS


class Leaves:
    """Closes nothing, whatever it is asked."""

    def close_positions_requests(
        self, state: bp.EngineView, filter: bp.InstrumentFilter, /
    ) -> bp.Orders:
        """Close nothing."""
        assert_type(list(state.instruments_iter(filter)), list[bp.InstrumentView])
        return bp.NO_ORDERS


def history(prices: Sequence[int]) -> bp.MarketData:
    """Give a trade each second."""
    return bp.MarketData.from_events(
        bp.MarketEvent(
            START + second * 1_000_000_000,
            START + second * 1_000_000_000,
            SPOT,
            0,
            bp.PublicTrade(str(second), price=price, amount=1, side=Side.BUY),
        )
        for second, price in enumerate(prices)
    )


def run(make: Callable[[], Signal]) -> bp.BacktestResult:
    """Run a strategy with a signal."""
    config = bp.SystemConfig(
        [bp.InstrumentConfig(SPOT, "BTCUSDT", bp.Underlying("btc", "usdt"))],
        [bp.MockExecutionConfig(SPOT, {"usdt": 1000})],
    )
    joined = bp.Strategies(Follows(make()), close_positions=Leaves())
    return bp.run_backtest(joined, history([100, 101, 103, 102, 99, 98, 101]), config)


if __name__ == "__main__":
    forward, backward = run(lambda: momentum), run(lambda: against(momentum))
    assert_type(forward.pnl["usdt"], Decimal)
    print(f"{len(forward.fills)} and {len(backward.fills)} fills")
