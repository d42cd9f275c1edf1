"""10,000 positions, closed in several ways, nanoseconds an order."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from time import perf_counter_ns

import barter_python as bp
from barter_python import ExchangeId, InstrumentFilter, InstrumentView, Level, Side

EXCHANGE = ExchangeId.BINANCE_SPOT
ASSETS = 100  # of a kind: barter's index takes time with the square of their number
POSITIONS = ASSETS**2
REPETITIONS = 5
BID, ASK = Decimal("99.5"), Decimal("100.5")
SECOND = 1_000_000_000
START = 1_700_000_000 * SECOND


class Finished(Exception):  # noqa: N818 - nothing is wrong
    """Ends a run that has been timed, with its closing orders still on their way."""


@dataclass
class Closing:
    """Opens a position in every instrument; when the stream is lost, has the engine close all.

    It leaves the closing orders to barter: they are built and sent without a line of Python.
    """

    samples: list[float] = field(default_factory=list)
    started: int | None = None

    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        """Stop the clock, if it runs: this is the first callback after the command."""
        if self.started is not None:
            self.samples.append((perf_counter_ns() - self.started) / POSITIONS)
            self.started = None
            if len(self.samples) == REPETITIONS:
                raise Finished
        instrument = state.updated
        if instrument is None or instrument.position is not None:
            return bp.NO_ORDERS
        return [], [instrument.market_order(Side.BUY, 1, strategy_id="bench")]

    def on_disconnect(self, *_: ExchangeId | bp.EngineView) -> Sequence[bp.Command]:
        """Start the clock and give the command."""
        gc.collect()
        self.started = perf_counter_ns()
        return [bp.ClosePositions(InstrumentFilter.none())]


class ClosingByHook(Closing):
    """Its hook does what that of `Strategy` does: one call into Rust, and dataclasses back."""

    def close_positions_requests(
        self, state: bp.EngineView, filter: InstrumentFilter, /
    ) -> bp.Orders:
        """Give the closing orders."""
        return bp.close_open_positions_with_market_orders("bench", state, filter)


@dataclass
class PythonState:
    """The running engine, of which the helper knows only how to iterate over it."""

    view: bp.EngineView

    def instruments_iter(self, filter: InstrumentFilter | None = None) -> Iterator[InstrumentView]:
        """Iterate over the views of the instruments."""
        return self.view.instruments_iter(filter)


class ClosingInPython(Closing):
    """Its hook has the helper iterate over all instruments in Python."""

    def close_positions_requests(
        self, state: bp.EngineView, filter: InstrumentFilter, /
    ) -> bp.Orders:
        """Give the closing orders."""
        return bp.close_open_positions_with_market_orders(
            "bench", PythonState(state), filter, gen_cid=lambda _: state.next_cid()
        )


class Closings:
    """The history, the configuration and the plain state, made once."""

    def __init__(self) -> None:
        instruments = [
            bp.InstrumentConfig(EXCHANGE, f"B{i}Q{j}", bp.Underlying(f"b{i}", f"q{j}"))
            for i in range(ASSETS)
            for j in range(ASSETS)
        ]
        cash = {f"q{j}": POSITIONS * 1000 for j in range(ASSETS)}
        execution = bp.MockExecutionConfig(EXCHANGE, cash, latency=timedelta(seconds=1))
        self._config = bp.SystemConfig(instruments, [execution])
        self._data = bp.MarketData.from_events(_events())
        self._plain = bp.EngineState(
            [
                bp.InstrumentState(i, 0, bp.Position(i, Side.BUY, Decimal(1), ASK), Decimal(100))
                for i in range(POSITIONS)
            ]
        )

    def run(self) -> dict[str, list[float]]:
        """Close in all ways: nanoseconds an order, of several repetitions each."""
        return {
            "close_native_ns": self._in_engine(Closing()),
            "close_hook_ns": self._in_engine(ClosingByHook()),
            "close_views_ns": self._in_engine(ClosingInPython()),
            "close_python_ns": [self._in_plain_state() for _ in range(REPETITIONS)],
        }

    def _in_engine(self, strategy: Closing) -> list[float]:
        try:
            bp.run_backtest(strategy, self._data, self._config)
        except Finished:
            return strategy.samples
        raise RuntimeError("the run was over before all repetitions were timed")

    def _in_plain_state(self) -> float:
        gc.collect()
        start = perf_counter_ns()
        bp.close_open_positions_with_market_orders("bench", self._plain)
        return (perf_counter_ns() - start) / POSITIONS


def _events() -> Iterator[bp.MarketEvent | bp.Reconnecting]:
    """Give a book for every instrument, one more when all is filled, and the loss of the stream."""
    for index in range(POSITIONS):
        yield _book(START, index)
    yield _book(START + 10 * SECOND, 0)
    for _ in range(REPETITIONS):
        yield bp.Reconnecting(EXCHANGE)


def _book(time: int, index: int) -> bp.MarketEvent:
    bid, ask = Level(price=BID, amount=POSITIONS), Level(price=ASK, amount=POSITIONS)
    return bp.MarketEvent(time, time, EXCHANGE, index, bp.OrderBookL1(time, bid, ask))
