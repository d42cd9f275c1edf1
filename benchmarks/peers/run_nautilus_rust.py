"""NautilusTrader, its newer engine in Rust, from the same wheel.

`pip install nautilus_trader`, then `python benchmarks/peers/run_nautilus_rust.py`.

All is as in `run_nautilus.py`, with the types of `nautilus_trader.core.nautilus_pyo3`.
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
from nautilus_trader.core import nautilus_pyo3 as nautilus
from nautilus_trader.core.nautilus_pyo3 import (
    CurrencyPair,
    InstrumentId,
    Money,
    Price,
    Quantity,
    QuoteTick,
    Symbol,
    TradeId,
    TradeTick,
    Venue,
)

VENUE = Venue("BINANCE")
IDS = [InstrumentId(Symbol(symbol), VENUE) for symbol in SYMBOLS]
AMOUNT_PLACES = (5, 4, 3)
SIZES = {
    pair: Quantity(float(amount), places)
    for pair, amount, places in zip(IDS, AMOUNTS, AMOUNT_PLACES, strict=True)
}
BTC, ETH, SOL, USDT = map(nautilus.Currency.from_str, ("BTC", "ETH", "SOL", "USDT"))


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
            sides = nautilus.AggressorSide
            side = sides.BUYER if event.is_buy else sides.SELLER
            result.append(TradeTick(pair, price, amount, side, TradeId(event.id), time, time))
    return result


class Noop(nautilus.trading.Strategy):
    """Hears of every event and does nothing."""

    def on_start(self):
        """Ask for all events."""
        for pair in IDS:
            self.subscribe_quotes(pair)
            self.subscribe_trades(pair)

    def on_quote(self, quote):
        """Do nothing."""

    def on_trade(self, trade):
        """Do nothing."""


class EmaCross(Noop):
    """Long while the fast average is above the slow one; one position an instrument."""

    def __init__(self):
        self.emas = {pair: Ema() for pair in IDS}
        self.mids = {}

    def on_quote(self, quote):
        """Take the mid."""
        pair = quote.instrument_id
        mid = (quote.bid_price.as_double() + quote.ask_price.as_double()) / 2
        self.mids[pair] = mid
        self.on_mid(pair, mid)

    def on_trade(self, trade):
        """Take the mid, which is as it was."""
        pair = trade.instrument_id
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
            buy = nautilus.OrderSide.BUY
            self.submit_order(self.order_factory.market(pair, buy, SIZES[pair]))
        elif cross < 0 and positions:
            self.close_position(positions[0])


class Counting(EmaCross):
    """Counts the events."""

    events = 0

    def on_quote(self, quote):
        """Count, and go on."""
        self.events += 1
        super().on_quote(quote)

    def on_trade(self, trade):
        """Count, and go on."""
        self.events += 1
        super().on_trade(trade)


def engine_with(strategy, history):
    """Give an engine that is ready to run."""
    engine = nautilus.BacktestEngine(
        nautilus.BacktestEngineConfig(
            bypass_logging=True,
            run_analysis=False,
            logging=nautilus.LoggerConfig(bypass_logging=True, print_config=False),
        )
    )
    engine.add_venue(
        VENUE,
        nautilus.OmsType.NETTING,
        nautilus.AccountType.CASH,
        [Money(10_000, USDT), Money(0.1, BTC), Money(1, ETH), Money(10, SOL)],
        fee_model=nautilus.MakerTakerFeeModel(),
        latency_model=nautilus.StaticLatencyModel(LATENCY_NS),
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
    done = sum(order.filled_qty.as_double() > 0 for order in filled)
    counts = Counts(strategy.events, len(orders), done)
    engine.dispose()
    return counts


def main():
    """Count, time and report."""
    history = ticks()
    report(
        "NautilusTrader, Rust engine",
        nautilus_trader.__version__,
        count(history),
        lambda: nanoseconds(Noop(), history),
        lambda: nanoseconds(EmaCross(), history),
    )


if __name__ == "__main__":
    main()
