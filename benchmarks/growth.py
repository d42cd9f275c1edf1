"""What grows with the number of instruments, of orders and of levels, and by which power.

Each cost is the least processor time of several calls at three sizes. The exponent is that from the
first size to the last: zero does not grow, one grows as the size does.
"""

from __future__ import annotations

import gc
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from time import process_time_ns

from tables import ORDERS_AT_ONCE, made_run

import barter_python as bp
from barter_python import Level, MarketEvent, OrderBook, OrderBookSnapshot, Side

EXCHANGE = bp.ExchangeId.BINANCE_SPOT
START = 1_700_000_000_000_000_000
INSTRUMENTS = (10, 100, 1_000)
ORDERS = (1_000, 10_000, 100_000)
LEVELS = (10, 100, 1_000)
REPEATED = 5


@dataclass(frozen=True)
class Growth:
    """The cost of something at three sizes, in nanoseconds."""

    name: str
    costs: dict[int, float]
    wanted: float
    """What the exponent should not be above."""

    @property
    def exponent(self) -> float:
        """The power of the size that the cost grows by."""
        (first, least), *_, (last, most) = self.costs.items()
        return math.log(most / least) / math.log(last / first)

    def __str__(self) -> str:
        costs = "  ".join(f"{size:>7,}: {_in_units(cost)}" for size, cost in self.costs.items())
        met = "yes" if self.exponent <= self.wanted else "NO"
        return f"{self.name:32}{costs}  exponent {self.exponent:5.2f} <= {self.wanted}  {met}"


def _in_units(nanoseconds: float) -> str:
    for unit in ("ns", "us"):
        if nanoseconds < 10_000:
            return f"{nanoseconds:6,.0f} {unit}"
        nanoseconds /= 1_000
    return f"{nanoseconds:6,.0f} ms"


def cost(action: Callable[[], object], calls: int = 1) -> float:
    """Give the least nanoseconds of processor time a call, without collecting garbage."""
    best = math.inf
    for _ in range(REPEATED):
        gc.collect()
        gc.disable()
        start = process_time_ns()
        for _ in range(calls):
            action()
        best = min(best, (process_time_ns() - start) / calls)
        gc.enable()
    return best


def config(instruments: int) -> bp.SystemConfig:
    """Give as many instruments of one exchange."""
    names = [f"b{number}" for number in range(instruments)]
    return bp.SystemConfig(
        [
            bp.InstrumentConfig(EXCHANGE, f"{name}usdt".upper(), bp.Underlying(name, "usdt"))
            for name in names
        ],
        [bp.MockExecutionConfig(EXCHANGE, {"usdt": 10**12, **dict.fromkeys(names, 10**6)})],
    )


def book(levels: int) -> OrderBook:
    """Give a book of as many levels on each side."""
    bids = [Level(price=10_000 - number, amount=1) for number in range(levels)]
    asks = [Level(price=10_001 + number, amount=1) for number in range(levels)]
    return OrderBook(1, START, bids, asks)


def events(instruments: int, rounds: int) -> bp.MarketData:
    """Give a book of each instrument, as often as there are rounds, a millisecond apart."""
    shown = OrderBookSnapshot(book(1))
    times = range(START, START + instruments * rounds * 1_000_000, 1_000_000)
    return bp.MarketData.from_events(
        MarketEvent(time, time, EXCHANGE, number % instruments, shown)
        for number, time in enumerate(times)
    )


@dataclass
class Trades:
    """Buys each instrument and sells it, in turns."""

    sides: dict[int, Side] = field(default_factory=dict)

    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        """Send an order for the instrument of the event."""
        instrument = state.updated
        if instrument is None:
            return bp.NO_ORDERS
        bought = self.sides.get(instrument.index) is Side.BUY
        side = Side.SELL if bought else Side.BUY
        self.sides[instrument.index] = side
        return [], [instrument.market_order(side, 1, strategy_id="bench")]


@dataclass
class Reads:
    """Calls something of the instrument of the event, and keeps what a call costs."""

    read: Callable[[bp.InstrumentView], object]
    cost: float = math.nan

    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        """Call it."""
        instrument = state.updated
        if instrument is not None:
            self.cost = cost(lambda: self.read(instrument), 1_000)
        return bp.NO_ORDERS


def read_cost(levels: int, read: Callable[[bp.InstrumentView], object]) -> float:
    """Give what a read of a book of as many levels costs in a callback."""
    shown = OrderBookSnapshot(book(levels))
    data = bp.MarketData.from_events([MarketEvent(START, START, EXCHANGE, 0, shown)])
    strategy = Reads(read)
    bp.run_backtest(strategy, data, config(1))
    return strategy.cost


def reads() -> list[Growth]:
    """Read a few levels of deep books, and as many as there are."""
    return [
        Growth(
            "5 levels of a book, Decimal",
            {size: read_cost(size, lambda view: view.depth(5)) for size in LEVELS},
            0.2,
        ),
        Growth(
            "5 levels of a book, float",
            {size: read_cost(size, lambda view: view.depth_f64(5)) for size in LEVELS},
            0.2,
        ),
        Growth(
            "all levels of a book, Decimal",
            {size: read_cost(size, lambda view: view.depth(1_000)) for size in LEVELS},
            1.1,
        ),
        Growth(
            "all levels of a book, float",
            {size: read_cost(size, lambda view: view.depth_f64(1_000)) for size in LEVELS},
            1.1,
        ),
    ]


def of_results(name: str, results: dict[int, bp.BacktestResult]) -> list[Growth]:
    """Ask results for their figures, table and JSON."""
    actions: dict[str, Callable[[bp.BacktestResult], object]] = {
        "statistics": lambda result: result.statistics,
        "table": str,
        "JSON": lambda result: result.to_json(),
    }
    return [
        Growth(
            f"{what} by {name}",
            {size: cost(partial_of(action, of)) for size, of in results.items()},
            1.1,
        )
        for what, action in actions.items()
    ]


def partial_of(
    action: Callable[[bp.BacktestResult], object], result: bp.BacktestResult
) -> Callable[[], object]:
    """Bind the result."""
    return lambda: action(result)


def growths() -> list[Growth]:
    """Measure everything."""
    one = bp.MarketData.from_events(list(events(1, 1)))
    configs = {size: config(size) for size in INSTRUMENTS}
    runs = {
        size: cost(lambda: bp.run_backtest(bp.DefaultStrategy(), one, configs[size]))  # noqa: B023
        for size in INSTRUMENTS
    }
    by_instruments = {
        size: bp.run_backtest(Trades(), events(size, 8), configs[size]) for size in INSTRUMENTS
    }
    by_orders = {size: made_run(size // ORDERS_AT_ONCE)[0] for size in ORDERS}
    return [
        *reads(),
        Growth("a run of one event", runs, 1.1),
        *of_results("instruments", by_instruments),
        *of_results("orders", by_orders),
        # barter looks each asset up in a list, and writes that list for an error each time.
        Growth("indexing", {size: cost(lambda: config(size)) for size in INSTRUMENTS}, 2.1),  # noqa: B023
    ]


if __name__ == "__main__":
    for growth in growths():
        print(growth)
