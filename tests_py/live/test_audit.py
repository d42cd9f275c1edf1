"""The audit of a running system."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
import trio
from support.binance import quick
from support.paper import CONFIG, MOMENT, Trader, until, venue
from support.venue_server import VenueServer

from barter_python import AuditSnapshot, AuditTick, StateReplica, StreamError
from barter_python.live import AuditStream, System

ROUNDS = 50
EVENTS = ROUNDS * 6


def test_a_replica_that_follows_it_is_the_engine() -> None:
    with (
        VenueServer(venue(ROUNDS)) as server,
        System.start(
            Trader(3), CONFIG, stream_options=quick(server), latency=timedelta(0)
        ) as system,
    ):
        until(system, 10)
        audit = system.take_audit()
        until(system, EVENTS)
        # The venue is silent now, and no answer is on its way.
        state = system.snapshot()
        result = system.shutdown()
    start, *ticks = audit
    assert isinstance(start, AuditSnapshot)
    replica = StateReplica(start)
    met = int(replica.state == state)  # on a fast machine all has come before it was taken
    for tick in ticks:
        assert isinstance(tick, AuditTick)
        replica.update(tick)
        met += replica.state == state
    assert met == 1
    assert result.orders
    assert list(audit) == []


def test_it_is_taken_once_and_from_a_running_system() -> None:
    with (
        VenueServer(venue()) as server,
        System.start(Trader(), CONFIG, stream_options=quick(server)) as system,
    ):
        until(system, 10)
        first = system.take_audit()
        with pytest.raises(ValueError, match="the audit is taken already"):
            system.take_audit()
        assert isinstance(next(first), AuditSnapshot)
        system.shutdown()
        with pytest.raises(StreamError, match="the system has ended"):
            system.take_audit()
    given: list[object] = []
    with (
        VenueServer(venue()) as server,
        System.start(Trader(), CONFIG, stream_options=quick(server), audit=given.append) as system,
    ):
        until(system, 10)
        with pytest.raises(ValueError, match="or by the option audit"):
            system.take_audit()
    assert isinstance(given[0], AuditSnapshot)


def in_asyncio(main: Callable[[], Awaitable[None]]) -> None:
    async def run() -> None:
        await main()

    asyncio.run(run())


@pytest.mark.parametrize("run", [in_asyncio, trio.run], ids=["asyncio", "trio"])
def test_an_event_loop_reads_it_to_the_end(
    run: Callable[[Callable[[], Awaitable[None]]], None],
) -> None:
    read: list[AuditSnapshot | AuditTick] = []
    with (
        VenueServer(venue()) as server,
        System.start(Trader(), CONFIG, stream_options=quick(server)) as system,
    ):
        until(system, 10)
        audit = system.take_audit()

        async def main() -> None:
            async for each in audit:
                read.append(each)
                if len(read) == 100:
                    system._session.controls.stop()

        run(main)
        assert system.wait() is not None
    assert len(read) >= 100
    assert isinstance(read[0], AuditSnapshot)
    sequences = [each.sequence for each in read if isinstance(each, AuditTick)]
    assert sequences == list(range(sequences[0], sequences[0] + len(sequences)))


def test_two_tasks_cannot_read_it() -> None:
    audit = AuditStream()

    async def main() -> None:
        waiting = asyncio.ensure_future(audit.__anext__())
        await asyncio.sleep(0)
        with pytest.raises(StreamError, match="the audit has a reader already"):
            await audit.__anext__()
        audit._put(None)
        with pytest.raises(StopAsyncIteration):
            await waiting

    asyncio.run(main())


def test_what_nobody_reads_costs_nobody_the_run() -> None:
    with (
        VenueServer(venue()) as server,
        System.start(Trader(), CONFIG, stream_options=quick(server)) as system,
    ):
        until(system, 10)
        system.take_audit()
        until(system, system.events + 200)
        assert system.wait(MOMENT) is None
