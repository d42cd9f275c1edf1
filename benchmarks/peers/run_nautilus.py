"""NautilusTrader, its Cython engine, which its documentation uses.

`pip install nautilus_trader`, then `python benchmarks/peers/run_nautilus.py`.

A best bid and ask is a `QuoteTick`, a trade a `TradeTick`, both at our time of the event, so that
the order is kept. The strategy has subscribed to all. Market orders go through its risk engine,
arrive after 100 ms and are filled at the best opposite price; fees 0.1 %; a cash account with our
balances. Logging and the statistics at the end are off. Prices have two decimals and amounts five,
four and three, as in the history.

The clock runs from the call of `engine.run` until it returns; making the ticks and adding them is
not timed.
"""

from __future__ import annotations

from decimal import Decimal

import nautilus_trader
from common import (
    AMOUNTS,
    FEE_RATE,
    LATENCY_NS,
    SYMBOLS,
    Counts,
    Ema,
    Quote,
    events,
    report,
    timed,
)
from nautilus_trader.backtest.engine import BacktestEngine, BacktestEngineConfig
from nautilus_trader.backtest.models import LatencyModel, MakerTakerFeeModel
from nautilus_trader.config import LoggingConfig
from nautilus_trader.model.currencies import BTC, ETH, SOL, USDT
from nautilus_trader.model.data import QuoteTick, TradeTick
from nautilus_trader.model.enums import AccountType, AggressorSide, OmsType, OrderSide
from nautilus_trader.model.identifiers import InstrumentId, Symbol, TradeId, Venue
from nautilus_trader.model.instruments import CurrencyPair
from nautilus_trader.model.objects import Money, Price, Quantity
from nautilus_trader.trading.strategy import Strategy

VENUE = Venue("BINANCE")
IDS = [InstrumentId(Symbol(symbol), VENUE) for symbol in SYMBOLS]
SIZES = dict(zip(IDS, AMOUNTS, strict=True))
AMOUNT_PLACES = (5, 4, 3)


def instruments():
    """Give the three pairs."""
    return [
        CurrencyPair(
            instrument_id=pair,
            raw_symbol=pair.symbol,
            base_currency=base,
            quote_currency=USDT,
            price_precision=2,
            size_precision=places,
            price_increment=Price(0.01, 2),
            size_increment=Quantity(10**-places, places),
            ts_event=0,
            ts_init=0,
            maker_fee=Decimal(str(FEE_RATE)),
            taker_fee=Decimal(str(FEE_RATE)),
        )
        for pair, base, places in zip(IDS, (BTC, ETH, SOL), AMOUNT_PLACES, strict=True)
    ]


def ticks():
    """Give the events as ticks."""
    result = []
    for event in events():
        pair, places, time = IDS[event.instrument], AMOUNT_PLACES[event.instrument], event.time
        if isinstance(event, Quote):
            bid, ask = Price(float(event.bid), 2), Price(float(event.ask), 2)
            bid_amount = Quantity(float(event.bid_amount), places)
            ask_amount = Quantity(float(event.ask_amount), places)
            result.append(QuoteTick(pair, bid, ask, bid_amount, ask_amount, time, time))
        else:
            price, amount = Price(float(event.price), 2), Quantity(float(event.amount), places)
            side = AggressorSide.BUYER if event.is_buy else AggressorSide.SELLER
            result.append(TradeTick(pair, price, amount, side, TradeId(event.id), time, time))
    return result


class Noop(Strategy):
    """Hears of every event and does nothing."""

    def on_start(self):
        """Ask for all events."""
        for pair in IDS:
            self.subscribe_quote_ticks(pair)
            self.subscribe_trade_ticks(pair)

    def on_quote_tick(self, tick):
        """Do nothing."""

    def on_trade_tick(self, tick):
        """Do nothing."""


class EmaCross(Noop):
    """Long while the fast average is above the slow one; one position an instrument."""

    def __init__(self):
        super().__init__()
        self.emas = {pair: Ema() for pair in IDS}
        self.mids = {}

    def on_quote_tick(self, tick):
        """Take the mid."""
        pair = tick.instrument_id
        mid = (tick.bid_price.as_double() + tick.ask_price.as_double()) / 2
        self.mids[pair] = mid
        self.on_mid(pair, mid)

    def on_trade_tick(self, tick):
        """Take the mid, which is as it was."""
        pair = tick.instrument_id
        mid = self.mids.get(pair)
        if mid is not None:
            self.on_mid(pair, mid)

    def on_mid(self, pair, mid):
        """Trade when the averages cross."""
        cross = self.emas[pair].crossed(mid)
        if cross == 0:
            return
        cache = self.cache
        if cache.orders_open_count(instrument_id=pair) or cache.orders_inflight_count(
            instrument_id=pair
        ):
            return
        positions = cache.positions_open(instrument_id=pair)
        if cross > 0 and not positions:
            amount = cache.instrument(pair).make_qty(SIZES[pair])
            self.submit_order(self.order_factory.market(pair, OrderSide.BUY, amount))
        elif cross < 0 and positions:
            self.close_position(positions[0])


class Counting(EmaCross):
    """Counts the events."""

    events = 0

    def on_quote_tick(self, tick):
        """Count, and go on."""
        self.events += 1
        super().on_quote_tick(tick)

    def on_trade_tick(self, tick):
        """Count, and go on."""
        self.events += 1
        super().on_trade_tick(tick)


def engine_with(strategy, history):
    """Give an engine that is ready to run."""
    engine = BacktestEngine(
        BacktestEngineConfig(logging=LoggingConfig(bypass_logging=True), run_analysis=False)
    )
    engine.add_venue(
        venue=VENUE,
        oms_type=OmsType.NETTING,
        account_type=AccountType.CASH,
        starting_balances=[Money(10_000, USDT), Money(0.1, BTC), Money(1, ETH), Money(10, SOL)],
        fee_model=MakerTakerFeeModel(),
        latency_model=LatencyModel(LATENCY_NS),
    )
    for instrument in instruments():
        engine.add_instrument(instrument)
    engine.add_data(history)
    engine.add_strategy(strategy)
    return engine


def nanoseconds(strategy, history):
    """Run once: nanoseconds an event."""
    engine = engine_with(strategy, history)
    try:
        return timed(engine.run)
    finally:
        engine.dispose()


def count(history):
    """Give what a run does."""
    strategy = Counting()
    engine = engine_with(strategy, history)
    engine.run()
    orders, filled = engine.cache.orders(), engine.cache.orders_closed()
    counts = Counts(strategy.events, len(orders), sum(order.filled_qty > 0 for order in filled))
    engine.dispose()
    return counts


def main():
    """Count, time and report."""
    history = ticks()
    report(
        "NautilusTrader, Cython engine",
        nautilus_trader.__version__,
        count(history),
        lambda: nanoseconds(Noop(), history),
        lambda: nanoseconds(EmaCross(), history),
    )


if __name__ == "__main__":
    main()
