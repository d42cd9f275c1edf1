"""The result of a run with many orders, and its records as tables of other libraries.

The run is made: one instrument whose best bid and ask stay, and market orders that buy and sell in
turns at every event. The other libraries are those of the tests.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field
from decimal import Decimal
from time import perf_counter_ns

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
from cases import timed

import barter_python as bp
from barter_python import ExchangeId, Level, MarketEvent, OrderBookL1, Side

EXCHANGE = ExchangeId.BINANCE_SPOT
EVENTS, ORDERS_AT_ONCE = 1_000, 100
ORDERS = EVENTS * ORDERS_AT_ONCE
ROWS = 1_000_000
START = 1_700_000_000_000_000_000


@dataclass
class Turns:
    """Sends market orders at each event, one half to buy and the other to sell."""

    last_event: int = 0
    sides: list[Side] = field(default_factory=lambda: [Side.BUY, Side.SELL] * (ORDERS_AT_ONCE // 2))

    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        """Send them if the event is the market's."""
        instrument = state.updated
        if instrument is None or not isinstance(state.event, MarketEvent):
            return bp.NO_ORDERS
        quantity = Decimal("0.125")
        return [], [
            instrument.market_order(side, quantity, strategy_id="bench") for side in self.sides
        ]

    def progress(self, done: int, total: int) -> None:
        """Take the time when the last event is done."""
        if done == total:
            self.last_event = perf_counter_ns()


def made_run(events: int) -> tuple[bp.BacktestResult, float]:
    """Give the result of a run over so many events, and nanoseconds since the last of them."""
    config = bp.SystemConfig(
        [bp.InstrumentConfig(EXCHANGE, "BTCUSDT", bp.Underlying("btc", "usdt"))],
        [bp.MockExecutionConfig(EXCHANGE, {"usdt": 10**9, "btc": 10**3})],
    )
    data = bp.MarketData.from_events(
        MarketEvent(time, time, EXCHANGE, 0, quote)
        for number in range(events)
        for time in [START + number * 1_000_000]
        for bid, ask in [(Decimal("10000.25"), Decimal("10000.50"))]
        for quote in [
            OrderBookL1(time, Level(price=bid, amount=10**6), Level(price=ask, amount=10**6))
        ]
    )
    strategy = Turns()
    result = bp.run_backtest(
        strategy, data, config, fee_rate=Decimal("0.001"), progress=strategy.progress
    )
    return result, perf_counter_ns() - strategy.last_event


class Tables:
    """The history, its result, and a million of its fills, made once."""

    def __init__(self) -> None:
        self._result, _ = made_run(EVENTS)
        fills = self._result.fills
        if (len(self._result.orders), len(fills)) != (ORDERS, ORDERS):
            raise RuntimeError(f"{ORDERS} orders should be filled, got {self._result}")
        self._fills = fills._chosen([number % len(fills) for number in range(ROWS)])

    def run(self) -> dict[str, float]:
        """Give milliseconds of a result, and nanoseconds an order and a row of a table."""
        result, fills = self._result, self._fills
        table = pa.table(fills)
        if table.num_rows != ROWS:
            raise RuntimeError(f"{ROWS} rows should be read, got {table.num_rows}")

        def export() -> None:
            for _ in pa.RecordBatchReader.from_stream(fills):
                pass

        def to_duckdb() -> None:
            with duckdb.connect() as connection:
                connection.register("rows", table)
                connection.execute("create table fills as from rows")

        return {
            "result_ms": made_run(EVENTS)[1] / 1e6,
            "order_objects_ns": timed(lambda: list(result.orders), ORDERS),
            "order_json_ns": timed(result.to_json, ORDERS),
            "order_pickle_ns": timed(lambda: pickle.loads(pickle.dumps(result)), ORDERS),
            "row_arrow_ns": timed(export, ROWS),
            "row_float_ns": timed(lambda: pa.table(fills.to_arrow(decimals="float")), ROWS),
            "row_polars_ns": timed(lambda: pl.DataFrame(table), ROWS),
            "row_pandas_ns": timed(lambda: to_pandas(table), ROWS),
            "row_duckdb_ns": timed(to_duckdb, ROWS),
        }


def to_pandas(table: pa.Table) -> object:
    """Convert as the version of pandas does it."""
    if hasattr(pd.DataFrame, "from_arrow"):
        return pd.DataFrame.from_arrow(table)
    return table.to_pandas()


if __name__ == "__main__":
    tables = Tables()
    figures = [tables.run() for _ in range(3)]
    for name in figures[0]:
        print(f"{name:18} {min(figure[name] for figure in figures):,.1f}")
