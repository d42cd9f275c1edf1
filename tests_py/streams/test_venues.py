"""Each venue and kind: what is asked for, and what is made of what comes."""

from __future__ import annotations

import json
from datetime import timedelta
from http import HTTPStatus

import pytest
from support.venue_frames import CASES, Case
from support.venue_server import VenueServer, Visit

from barter_python import ExchangeId, MarketEvent, OrderBookL1
from barter_python.streams import StreamOptions, Streams, StreamStatus, SubKind, Subscription

ASKED_ONCE = timedelta(seconds=10)


def without_time(request: str) -> object:
    """Take off the time of a request, which is now."""
    message = json.loads(request)
    message.pop("time", None)
    return message


def test_every_combination_is_here() -> None:
    combinations = {(case.exchange, case.kind) for case in CASES}
    assert len(combinations) == 25
    for exchange in ExchangeId:
        for kind in SubKind:
            cases = [case for case in CASES if case.exchange is exchange]
            refused = []
            for case in cases:
                try:
                    Subscription(case.instrument(), kind)
                except ValueError as error:
                    refused.append(str(error))
            assert len(refused) in {0, len(cases)}
            if cases:
                assert (refused == []) == ((exchange, kind) in combinations)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_frames_become_events(case: Case) -> None:
    async def script(visit: Visit) -> None:
        await visit.receive()
        await visit.send(*case.answers, *case.frames)
        await visit.stay()

    def rest(path: str) -> object:
        return case.rest.get(path, HTTPStatus.NOT_FOUND)

    with VenueServer(script, rest=rest) as server:
        options = StreamOptions(addresses={case.exchange: server.address()})
        subscription = Subscription(case.instrument(), case.kind)
        with Streams.connect([subscription], options=options) as streams:
            events = [next(streams) for _ in case.events]
            after = streams.next(timedelta(milliseconds=1))
            unreadable = [
                status for status in (*streams.statuses, after) if isinstance(status, StreamStatus)
            ]
    assert without_time(server.visits[0].received[0]) == case.request
    assert [status.reason for status in unreadable if status.reason] == []
    assert all(isinstance(event, MarketEvent) for event in events)
    items = [event for event in events if isinstance(event, MarketEvent)]
    assert [event.exchange for event in items] == [case.exchange] * len(case.events)
    if case.times:
        assert [event.kind for event in items] == case.events
        assert [event.time_exchange for event in items] == case.times
    else:
        assert [told(event) for event in items] == [told_of(kind) for kind in case.events]


def told(event: MarketEvent) -> object:
    """Leave the time out of a kind for which the venue does not say it."""
    return told_of(event.kind)


def told_of(kind: object) -> object:
    """Leave the time out."""
    match kind:
        case OrderBookL1():
            return (kind.best_bid, kind.best_ask)
        case _:
            return kind
