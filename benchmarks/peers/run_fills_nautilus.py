"""NautilusTrader's fills of the orders of `orders.py`, of its Cython engine, for `fills.py`.

L1 and trades are ticks, as in `run_nautilus.py`, at our time of the event. The venue tracks what is
taken of the book and the place in the queue (`liquidity_consumption`, `queue_position`), its fill
model is the default, and requests take as long as ours; answers take no time there. Each order has
an engine of its own, with the ticks of its instrument from a second before it is sent until its
cancel has arrived.

The venue looks at requests when something happens, so the strategy's clock is set to the times at
which they arrive.
"""

from __future__ import annotations

from bisect import bisect_left
from decimal import Decimal

from nautilus_trader.backtest.engine import BacktestEngine, BacktestEngineConfig
from nautilus_trader.backtest.models import LatencyModel, MakerTakerFeeModel
from nautilus_trader.config import LoggingConfig
from nautilus_trader.model.currencies import BTC, ETH, SOL, USDT
from nautilus_trader.model.enums import AccountType, LiquiditySide, OmsType, OrderSide
from nautilus_trader.model.objects import Money
from nautilus_trader.trading.strategy import Strategy
from orders import LATENCY_NS, RUNS, Fill, orders, write_fills
from run_nautilus import IDS, VENUE, instruments, ticks

BEFORE = 1_000_000_000
FOREVER = 2**62


class Sender(Strategy):
    """Sends an order, cancels it if it is open then, and keeps its fills."""

    def __init__(self, wanted):
        super().__init__()
        self.wanted = wanted
        self.order = None
        self.fills = []

    def on_start(self):
        """Set the clock."""
        wanted = self.wanted
        self.clock.set_time_alert_ns("send", wanted.sent, self.send)
        self.clock.set_time_alert_ns("sent", wanted.sent + LATENCY_NS, self.wake)
        if wanted.cancelled is not None:
            self.clock.set_time_alert_ns("cancel", wanted.cancelled, self.cancel)
            self.clock.set_time_alert_ns("cancelled", wanted.cancelled + LATENCY_NS, self.wake)

    def send(self, _):
        """Send the order."""
        wanted, pair = self.wanted, IDS[self.wanted.instrument]
        instrument = self.cache.instrument(pair)
        side = OrderSide.BUY if wanted.is_buy else OrderSide.SELL
        quantity = instrument.make_qty(wanted.quantity)
        if wanted.is_market:
            self.order = self.order_factory.market(pair, side, quantity)
        else:
            price = instrument.make_price(wanted.price)
            self.order = self.order_factory.limit(pair, side, quantity, price)
        self.submit_order(self.order)

    def cancel(self, _):
        """Cancel it."""
        if self.order.is_open:
            self.cancel_order(self.order)

    def wake(self, _):
        """Do nothing, at the time."""

    def on_order_filled(self, event):
        """Keep the fill."""
        maker = event.liquidity_side == LiquiditySide.MAKER
        price, quantity = Decimal(str(event.last_px)), Decimal(str(event.last_qty))
        self.fills.append(Fill(self.wanted.number, event.ts_event, price, quantity, maker))


def fills(history, wanted, run):
    """Run an order through an engine."""
    engine = BacktestEngine(
        BacktestEngineConfig(logging=LoggingConfig(bypass_logging=True), run_analysis=False)
    )
    engine.add_venue(
        venue=VENUE,
        oms_type=OmsType.NETTING,
        account_type=AccountType.CASH,
        starting_balances=[Money(10**9, each) for each in (USDT, BTC, ETH, SOL)],
        fee_model=MakerTakerFeeModel(),
        latency_model=LatencyModel(LATENCY_NS),
        liquidity_consumption=run.is_shown,
        queue_position=True,
    )
    engine.add_instrument(instruments()[wanted.instrument])
    times = [tick.ts_init for tick in history]
    end = FOREVER if wanted.cancelled is None else wanted.cancelled + LATENCY_NS + 1
    engine.add_data(history[bisect_left(times, wanted.sent - BEFORE) : bisect_left(times, end)])
    strategy = Sender(wanted)
    engine.add_strategy(strategy)
    engine.run()
    engine.dispose()
    return strategy.fills


def main():
    """Run all orders."""
    history = ticks()
    own = [[tick for tick in history if tick.instrument_id == pair] for pair in IDS]
    for run in RUNS:
        if run.has_nautilus:
            found = (fills(own[order.instrument], order, run) for order in orders())
            write_fills("nautilus", run, [fill for each in found for fill in each])


if __name__ == "__main__":
    main()
