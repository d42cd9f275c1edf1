"""Our fills of the orders of `orders.py`, for `fills.py`.

Who takes pays a fee and who rests does not, so that a fill's fee tells which it was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

from common import CONFIG, FEE_RATE, HISTORY
from orders import ANSWER_NS, LATENCY_NS, LOTS, RUNS, TICK, Fill, Order, Run, orders, write_fills
from typing_extensions import override

import barter_python as bp
from barter_python import Liquidity, QueuePosition, Side
from barter_python.system import InstrumentSpec

BALANCE = 10**12


@dataclass
class Sender(bp.Strategy):
    """Sends and cancels what it is given, each after its event of the history.

    Attributes
    ----------
    wanted : sequence of Order
        The orders.
    """

    wanted: Sequence[Order]
    events: int = -1
    sends: defaultdict[int, list[Order]] = field(default_factory=lambda: defaultdict(list))
    cancels: defaultdict[int, list[Order]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        """Find what follows on which event."""
        for order in self.wanted:
            self.sends[order.sent_event].append(order)
            if order.cancelled_event is not None:
                self.cancels[order.cancelled_event].append(order)

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        """Count the market events, and answer those that are due."""
        if state.updated is None:
            return bp.NO_ORDERS
        self.events += 1
        if self.events not in self.sends and self.events not in self.cancels:
            return bp.NO_ORDERS
        cancels = list(_cancels(state, self.cancels.get(self.events, ())))
        return cancels, [_request(state, order) for order in self.sends.get(self.events, ())]


def _request(state: bp.EngineView, order: Order) -> bp.OrderRequestOpen:
    instrument = state.instrument(order.instrument)
    side = Side.BUY if order.is_buy else Side.SELL
    name = str(order.number)
    if order.is_market:
        return instrument.market_order(side, order.quantity, strategy_id=name, cid=name)
    return instrument.limit_order(
        side, price=order.price, quantity=order.quantity, strategy_id=name, cid=name
    )


def _cancels(state: bp.EngineView, wanted: Iterable[Order]) -> Iterator[bp.OrderRequestCancel]:
    for order in wanted:
        instrument, name = state.instrument(order.instrument), str(order.number)
        known = instrument.order(name)
        if known is not None:
            key = bp.OrderKey(
                known.exchange, known.instrument, bp.StrategyId(name), bp.ClientOrderId(name)
            )
            yield bp.OrderRequestCancel(key)


def config(run: Run) -> bp.SystemConfig:
    """Give the bundled configuration with a run's rules, ticks and lots, and money enough."""
    system = bp.SystemConfig.from_json(CONFIG)
    instruments = [
        replace(
            instrument,
            spec=InstrumentSpec(
                price_min=TICK,
                price_tick_size=TICK,
                quantity_unit=instrument.underlying.base,
                quantity_min=lot,
                quantity_increment=lot,
                notional_min=0,
            ),
        )
        for instrument, lot in zip(system.instruments, LOTS, strict=True)
    ]
    (execution,) = system.executions
    rules = replace(
        execution,
        balances=dict.fromkeys(execution.balances, BALANCE),
        latency=timedelta(microseconds=LATENCY_NS // 1_000),
        answer_latency=timedelta(microseconds=ANSWER_NS // 1_000),
        fee_rate=Decimal(str(FEE_RATE)),
        maker_fee_rate=0,
        liquidity=Liquidity.SHOWN if run.is_shown else Liquidity.INFINITE,
        queue=QueuePosition.PROPORTIONAL if run.is_proportional else QueuePosition.BACK,
    )
    return replace(system, instruments=instruments, executions=[rules])


def fills(data: bp.MarketData, run: Run, wanted: Sequence[Order]) -> Iterator[Fill]:
    """Run the orders through an engine."""
    for trade in bp.run_backtest(Sender(wanted), data, config(run)).fills:
        number = int(trade.strategy_id)
        maker = trade.fees == 0
        yield Fill(number, trade.time_exchange_ns, trade.price, trade.quantity, maker)


def main() -> None:
    """Run all orders under all rules."""
    data = bp.MarketData.from_json_lines(HISTORY)
    for run in RUNS:
        groups = [[order] for order in orders()] if run.is_alone else [list(orders())]
        write_fills("ours", run, (fill for group in groups for fill in fills(data, run, group)))


if __name__ == "__main__":
    main()
