"""How streams are read: slowly, from asyncio, from trio."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import trio
import trio.testing
from support.binance import BITCOIN, ETHER, QUOTES, TRADES, accept, quick, quote, trade
from support.venue_server import PATIENCE, VenueServer, Visit

from barter_python import MarketEvent, OrderBookL1, PublicTrade, Reconnecting, StreamError
from barter_python.streams import (
    Overflow,
    Streams,
    StreamStatus,
    SubKind,
    Subscription,
)

COUNT = 300


async def many_trades(visit: Visit) -> None:
    """Send trades with the numbers from zero."""
    await accept(visit)
    await visit.send(*[trade(number) for number in range(COUNT)])
    await visit.stay()


def trade_id(event: MarketEvent | Reconnecting) -> int:
    """Give the id of a trade."""
    assert isinstance(event, MarketEvent)
    assert isinstance(event.kind, PublicTrade)
    return int(event.kind.id)


def test_a_slow_reader_misses_nothing() -> None:
    with VenueServer(many_trades) as server:
        options = replace(quick(server), capacity=2)
        with Streams.connect([TRADES], options=options) as streams:
            most = 0
            ids = []
            for _ in range(COUNT):
                most = max(most, streams.lag.waiting)
                ids.append(trade_id(next(streams)))
            lag = streams.lag
    assert ids == list(range(COUNT))
    assert most <= 2
    assert (lag.waiting, lag.age, lag.replaced) == (0, timedelta(0), 0)


def test_a_slow_reader_may_get_an_error_after_what_is_queued() -> None:
    gone = threading.Event()

    async def script(visit: Visit) -> None:
        try:
            await many_trades(visit)
        finally:
            gone.set()

    ids: list[int] = []
    with VenueServer(script) as server:
        options = replace(quick(server), capacity=3, overflow=Overflow.RAISE)
        with Streams.connect([TRADES], options=options) as streams:
            assert gone.wait(PATIENCE)  # the connection is closed when the queue is full
            with pytest.raises(StreamError, match="the reader is behind: 3 events wait"):
                ids.extend(trade_id(event) for event in streams)
    assert ids == [0, 1, 2]


def test_a_slow_reader_may_ask_for_the_latest_quotes() -> None:
    async def script(visit: Visit) -> None:
        await accept(visit)
        for number in range(1, COUNT + 1):
            await visit.send(quote(number, str(number), str(number + 1)))
            if number % 100 == 0:
                await visit.send(quote(number, str(number), str(number + 1), market="ETHUSDT"))
        await visit.stay()

    pair = Subscription.each([BITCOIN, ETHER], SubKind.ORDER_BOOKS_L1)
    with VenueServer(script) as server:
        options = replace(quick(server), capacity=2, overflow=Overflow.LATEST)
        with Streams.connect(pair, options=options) as streams:
            bids: dict[int, list[int]] = {0: [], 1: []}
            while any(not of or of[-1] < COUNT for of in bids.values()):
                event = next(streams)
                assert isinstance(event, MarketEvent)
                assert isinstance(event.kind, OrderBookL1)
                assert event.kind.best_bid is not None
                bids[event.instrument].append(int(event.kind.best_bid.price))
            replaced = streams.lag.replaced
    assert all(of == sorted(set(of)) for of in bids.values())
    assert len(bids[0]) + len(bids[1]) + replaced == COUNT + 3


Body = Callable[[], Coroutine[Any, Any, None]]


def in_asyncio(body: Body) -> None:
    """Run in asyncio."""
    asyncio.run(body())


def in_trio(body: Body) -> None:
    """Run in trio."""
    trio.run(body)


LOOPS = pytest.mark.parametrize("run", [in_asyncio, in_trio])


@LOOPS
def test_async_for_reads_the_same(run: Callable[[Body], None]) -> None:
    ids: list[int] = []

    async def body() -> None:
        with VenueServer(many_trades) as server:
            options = replace(quick(server), capacity=2)
            async with Streams.connect_async([TRADES], options=options) as streams:
                async for event in streams:
                    ids.append(trade_id(event))
                    if len(ids) == COUNT:
                        break

    run(body)
    assert ids == list(range(COUNT))


@LOOPS
def test_the_loop_runs_while_a_reader_waits(run: Callable[[Body], None]) -> None:
    """The venue sends its trade when another task of the loop says so."""
    asked = asyncio.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def script(visit: Visit) -> None:
        loops.append(asyncio.get_running_loop())
        await accept(visit)
        await asked.wait()
        await visit.send(trade(5))
        await visit.stay()

    async def body() -> None:
        with VenueServer(script) as server:
            streams = await Streams.connect_async([TRADES], options=quick(server))
            async with streams:
                got: list[int] = []

                async def read() -> None:
                    async for event in streams:
                        got.append(trade_id(event))
                        return

                async def ask() -> None:
                    assert got == []
                    loops[0].call_soon_threadsafe(asked.set)

                if run is in_trio:
                    async with trio.open_nursery() as nursery:
                        nursery.start_soon(read)
                        await trio.testing.wait_all_tasks_blocked()
                        nursery.start_soon(ask)
                else:
                    task = asyncio.create_task(read())
                    await asyncio.sleep(0)
                    await asyncio.sleep(0)
                    await ask()
                    await task
                assert got == [5]

    run(body)


async def no_events(visit: Visit) -> None:
    """Accept and say nothing."""
    await accept(visit)
    await visit.stay()


@LOOPS
def test_a_wait_can_be_cancelled(run: Callable[[Body], None]) -> None:
    async def body() -> None:
        with VenueServer(no_events) as server:
            async with Streams.connect_async([TRADES], options=quick(server)) as streams:

                async def read() -> None:
                    async for _ in streams:
                        raise AssertionError

                for _ in range(2):  # what is cancelled can be read again
                    if run is in_trio:
                        with trio.move_on_after(0.01) as scope:
                            await read()
                        assert scope.cancelled_caught
                    else:
                        with pytest.raises(asyncio.TimeoutError):
                            await asyncio.wait_for(read(), 0.01)

    run(body)


@LOOPS
def test_a_close_ends_the_reading(run: Callable[[Body], None]) -> None:
    async def body() -> None:
        with VenueServer(many_trades) as server:
            async with Streams.connect_async([TRADES], options=quick(server)) as streams:
                async for _ in streams:
                    streams.close()

    run(body)


@LOOPS
def test_a_refusal_is_raised_by_the_wait(run: Callable[[Body], None]) -> None:
    async def script(visit: Visit) -> None:
        await visit.receive()
        await visit.send({"error": {"code": 2, "msg": "unknown stream"}, "id": 1})
        await visit.stay()

    async def body() -> None:
        with VenueServer(script) as server, pytest.raises(StreamError, match="unknown stream"):
            await Streams.connect_async([QUOTES], options=quick(server))

    run(body)


def test_a_second_reader_is_refused() -> None:
    async def body() -> None:
        with VenueServer(no_events) as server:
            async with Streams.connect_async([TRADES], options=quick(server)) as streams:

                async def read() -> None:
                    async for _ in streams:
                        raise AssertionError

                first = asyncio.create_task(read())
                await asyncio.sleep(0)
                with pytest.raises(StreamError, match="have a reader already"):
                    await read()
                first.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await first

    asyncio.run(body())


def test_next_gives_statuses_and_ends_in_time() -> None:
    with (
        VenueServer(no_events) as server,
        Streams.connect([TRADES], options=quick(server)) as streams,
    ):
        first = streams.next()
        assert isinstance(first, StreamStatus)
        assert (first,) == streams.statuses
        assert streams.next(timedelta(microseconds=1)) is None
        with pytest.raises(ValueError, match="timeout must be positive"):
            streams.next(timedelta(0))
