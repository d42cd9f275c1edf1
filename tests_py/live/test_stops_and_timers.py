"""Stops and timers on paper: they come at their time, and the record has them."""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from support.binance import accept, quick, trade
from support.paper import CONFIG, MOMENT, until, venue
from support.venue_server import PATIENCE, VenueServer, Visit
from typing_extensions import override

from barter_python import (
    NO_ORDERS,
    EngineView,
    ExchangeId,
    HookCommand,
    MarketData,
    Orders,
    Reconnecting,
    Side,
    StopKind,
    StopOrder,
    Strategy,
    TakeProfitOrder,
    Timer,
    TrailingStopOrder,
    run_backtest,
)
from barter_python.live import PaperResult, System, replay

EVERY = timedelta(milliseconds=2)


class Guarded(Strategy):
    """Buys at a timer, with a stop and a target; trails a short position elsewhere."""

    strategy_id = "guarded"

    def __init__(self) -> None:
        self.timers: list[tuple[int, int]] = []
        self.once: list[tuple[int, int]] = []
        self.guarded = {Side.BUY: 0, Side.SELL: 0}

    @override
    def on_start(self, state: EngineView, /) -> None:
        first = state.time_ns + 1_000_000
        state.call_at(first, every=EVERY)
        self._once = state.call_at(first + 500_000).id
        state.cancel_timer(state.call_at(first + 700_000))

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        instrument = state.updated
        if instrument is None or instrument.mid is None or instrument.position is None:
            return NO_ORDERS
        if instrument.stops or instrument.has_orders:
            return NO_ORDERS
        quantity = instrument.position.quantity_abs
        self.guarded[instrument.position.side] += 1
        if instrument.position.side is Side.BUY:
            stop = StopOrder(
                instrument.index, Side.SELL, quantity=quantity, trigger_price=instrument.mid - 2
            )
            target = TakeProfitOrder(
                instrument.index, Side.SELL, quantity=quantity, trigger_price=instrument.mid + 2
            )
            state.place_stop(target, one_cancels_other=state.place_stop(stop))
        else:
            state.place_stop(
                TrailingStopOrder(
                    instrument.index, Side.BUY, quantity=quantity, distance=Decimal("1.5")
                )
            )
        return NO_ORDERS

    @override
    def on_timer(self, timer: Timer, state: EngineView, /) -> Orders:
        seen = self.once if timer.id == self._once else self.timers
        seen.append((timer.time_ns, state.time_ns))
        opens = []
        for instrument, side in zip(state.instruments, (Side.BUY, Side.SELL), strict=False):
            if instrument.position is None and not instrument.has_orders and instrument.mid:
                opens.append(instrument.market_order(side, quantity=Decimal("0.01")))
        return [], opens


class Counting(Strategy):
    """Notes the order of timers and lost connections."""

    strategy_id = "counting"

    def __init__(self) -> None:
        self.calls: list[tuple[str, int]] = []
        self.is_long_silent = threading.Event()

    @override
    def on_start(self, state: EngineView, /) -> None:
        state.call_at(state.time_ns + 1_000_000, every=timedelta(milliseconds=1))

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        return NO_ORDERS

    @override
    def on_timer(self, timer: Timer, state: EngineView, /) -> Orders:
        self.calls.append(("timer", state.time_ns))
        if len(self.calls) == 20:
            self.is_long_silent.set()
        return NO_ORDERS

    @override
    def on_disconnect(self, exchange: ExchangeId, state: EngineView, /) -> list[HookCommand]:
        self.calls.append(("lost", state.time_ns))
        return []


def triggered(result: PaperResult) -> dict[StopKind, int]:
    """Count the orders that stops have sent, by the stop's kind."""
    counts: dict[StopKind, int] = {}
    for report in result.orders:
        if report.stop is not None:
            counts[report.stop.kind] = counts.get(report.stop.kind, 0) + 1
    return counts


@pytest.mark.parametrize("latency", [0, 1, 3])
def test_they_fire_on_paper_and_are_repeated(latency: int, tmp_path: Path) -> None:
    record = tmp_path / "paper.jsonl.gz"
    strategy = Guarded()
    lasts = timedelta(milliseconds=latency)
    with (
        VenueServer(venue(lost_after=200)) as server,
        System.start(
            strategy, CONFIG, stream_options=quick(server), latency=lasts, record=record
        ) as system,
    ):
        until(system, 500)
        last = time.monotonic() + PATIENCE
        # By then both the stop and the target have been reached.
        while min(len(strategy.timers), *strategy.guarded.values()) < 20:
            assert time.monotonic() < last
            system.wait(MOMENT)
        result = system.shutdown()

    # Each comes at its time, in order, and none is left out: the engine's time is the timer's.
    times = [due for due, _ in strategy.timers]
    step = EVERY // timedelta(microseconds=1) * 1000
    assert times == list(range(times[0], times[-1] + 1, step))
    assert all(due == engine for due, engine in [*strategy.timers, *strategy.once])
    assert [due for due, _ in strategy.once] == [times[0] + 500_000]

    counts = triggered(result)
    assert counts.keys() == {StopKind.STOP, StopKind.TAKE_PROFIT, StopKind.TRAILING}
    for report in result.orders:
        if report.stop is not None and report.stop.kind is StopKind.STOP:
            assert report.stop.price <= report.stop.trigger_price
        if report.stop is not None and report.stop.kind is StopKind.TAKE_PROFIT:
            assert report.stop.price >= report.stop.trigger_price

    again = Guarded()
    replayed = replay(record, again)
    assert replayed.difference is None
    assert replayed.result.to_json() == result.to_json()
    assert (again.timers, again.once) == (strategy.timers, strategy.once)
    backtest = run_backtest(
        Guarded(), MarketData.from_json_lines(record), CONFIG, latency=lasts, until=result.until_ns
    )
    assert backtest.to_json() == result.to_json()


@pytest.mark.filterwarnings("ignore:the strategy sent no orders")
def test_a_connection_is_lost_at_its_time(tmp_path: Path) -> None:
    strategy = Counting()

    async def falls_silent(visit: Visit) -> None:
        if (await accept(visit))[0].endswith("@trade"):
            await visit.send(trade(1))
        if visit.number < 2:
            await asyncio.to_thread(strategy.is_long_silent.wait, PATIENCE)
            await visit.close()
        else:
            await visit.stay()

    record = tmp_path / "paper.jsonl.gz"
    with (
        VenueServer(falls_silent) as server,
        System.start(strategy, CONFIG, stream_options=quick(server), record=record) as system,
    ):
        last = time.monotonic() + PATIENCE
        while "lost" not in dict(strategy.calls):
            assert time.monotonic() < last
            assert system.wait(MOMENT) is None
        result = system.shutdown()
    names = [name for name, _ in strategy.calls]
    assert names.index("lost") >= 20
    times = [moment for _, moment in strategy.calls]
    assert times == sorted(times)
    data = MarketData.from_json_lines(record)
    lost = [event.time_received_ns for event in data if isinstance(event, Reconnecting)]
    assert lost == [moment for name, moment in strategy.calls if name == "lost"]
    again = Counting()
    assert replay(record, again).result.to_json() == result.to_json()
    assert again.calls == strategy.calls
    again = Counting()
    backtest = run_backtest(again, data, CONFIG, until=result.until_ns)
    assert backtest.to_json() == result.to_json()
    assert again.calls == strategy.calls
