"""What goes wrong with a connection: gaps, silence, garbage, refusals, panics."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from support.binance import (
    BITCOIN,
    BOOKS,
    ETHER,
    MOMENT,
    TRADES,
    accept,
    depth,
    quick,
    trade,
)
from support.feeds import depth as snapshot
from support.venue_frames import CASES, coinbase_match
from support.venue_server import VenueServer, Visit

from barter_python import (
    ExchangeId,
    Level,
    MarketEvent,
    OrderBookSnapshot,
    OrderBookUpdate,
    PublicTrade,
    Reconnecting,
    StreamError,
)
from barter_python.streams import (
    StreamOptions,
    Streams,
    StreamStatus,
    StreamStatusKind,
    SubKind,
    Subscription,
)

KINDS = StreamStatusKind


def trade_ids(events: list[MarketEvent | Reconnecting]) -> list[str]:
    """Give the ids of the trades."""
    return [
        event.kind.id
        for event in events
        if isinstance(event, MarketEvent) and isinstance(event.kind, PublicTrade)
    ]


def until(streams: Streams, kind: StreamStatusKind) -> StreamStatus:
    """Read up to a status of that kind."""
    while True:
        item = streams.next()
        if isinstance(item, StreamStatus) and item.kind is kind:
            return item


def test_a_gap_in_the_updates_of_a_book_rebuilds_it_from_a_snapshot() -> None:
    async def script(visit: Visit) -> None:
        request = json.loads(await visit.receive())
        # An update that the venue sends before its answer belongs behind the snapshot.
        await visit.send(depth(9, 11, [["98.5", "4"]], []))
        await visit.send({"result": None, "id": request["id"]})
        if visit.number == 0:
            await visit.send(depth(12, 12, [["99.0", "0"]], []))
            await visit.send(depth(14, 14, [], [["101.0", "7"]]))  # 13 is missing
        await visit.stay()

    with (
        VenueServer(script, rest=snapshot) as server,
        Streams.connect([BOOKS], options=quick(server)) as streams,
    ):
        kinds: list[object] = []
        best = []
        for _ in range(6):
            event = next(streams)
            kinds.append(type(event.kind) if isinstance(event, MarketEvent) else type(event))
            book = streams.book(0)
            best.append(None if book is None else book.bids[0])
        statuses = streams.statuses
    assert kinds == [
        OrderBookSnapshot,
        OrderBookUpdate,
        OrderBookUpdate,
        Reconnecting,
        OrderBookSnapshot,
        OrderBookUpdate,
    ]
    top, below = Level(price=99, amount=Decimal("1.5")), Level(price=Decimal("98.5"), amount=4)
    assert best == [top, top, below, None, top, top]
    assert [status.kind for status in statuses] == [KINDS.CONNECTED, KINDS.LOST, KINDS.BACK]
    assert "first_update_id 14 does not follow" in statuses[1].reason
    assert len(server.requests) == 2


def test_silence_is_a_loss() -> None:
    async def script(visit: Visit) -> None:
        await accept(visit)
        await visit.send(trade(visit.number))
        await visit.stay()

    with VenueServer(script) as server:
        options = replace(quick(server), silence=timedelta(milliseconds=100))
        with Streams.connect([TRADES], options=options) as streams:
            events = [next(streams), next(streams)]
            until(streams, KINDS.BACK)
            kinds = [status.kind for status in streams.statuses[:4]]
            reason = streams.statuses[1].reason
    assert trade_ids(events) == ["0"]
    assert events[1] == Reconnecting(ExchangeId.BINANCE_SPOT)
    assert kinds == [KINDS.CONNECTED, KINDS.SILENT, KINDS.LOST, KINDS.BACK]
    assert reason == "nothing came for 100ms (silence)"


def test_an_instrument_that_is_silent_while_others_trade_is_told() -> None:
    async def script(visit: Visit) -> None:
        await accept(visit)
        for number in range(10_000_000):
            await visit.send(trade(number, market="ETHUSDT"))

    pair = Subscription.each([BITCOIN, ETHER], SubKind.PUBLIC_TRADES)
    with VenueServer(script) as server:
        options = replace(quick(server), silence=timedelta(milliseconds=200))
        with Streams.connect(pair, options=options) as streams:
            index = streams.instruments.instrument_index("binancespot-btc_usdt")
            # On a machine that is busy enough even the whole connection may be silent for a while.
            while (silent := until(streams, KINDS.SILENT)).instrument is None:
                pass
    assert silent.instrument == index
    assert silent.reason.startswith("nothing came of this instrument for 200ms (silence)")


def test_what_cannot_be_read_is_counted_and_told() -> None:
    async def script(visit: Visit) -> None:
        await accept(visit)
        await visit.send("half a fra", *[{"e": "news", "number": number} for number in range(10)])
        await visit.send(trade(1) | {"q": "-3"}, trade(2))
        await visit.stay()

    with (
        VenueServer(script) as server,
        Streams.connect([TRADES], options=quick(server)) as streams,
    ):
        assert trade_ids([next(streams)]) == ["2"]
        statuses = streams.statuses
    unreadable = [status.reason for status in statuses if status.kind is KINDS.UNREADABLE]
    assert [reason.partition(":")[0] for reason in unreadable] == [
        "message 1 that cannot be read",
        "message 10 that cannot be read",
    ]
    assert "half a fra" in unreadable[0]


def test_a_flood_of_what_cannot_be_read_ends_the_connection() -> None:
    async def script(visit: Visit) -> None:
        await accept(visit)
        if visit.number == 0:
            await visit.send(*["garbage"] * 100)
        else:
            await visit.send(trade(1))
        await visit.stay()

    with (
        VenueServer(script) as server,
        Streams.connect([TRADES], options=quick(server)) as streams,
    ):
        assert next(streams) == Reconnecting(ExchangeId.BINANCE_SPOT)
        assert streams.statuses[-1].reason.startswith("100 in a row, message 100 that cannot")
        assert trade_ids([next(streams)]) == ["1"]


def test_a_message_on_which_barter_data_panics_is_a_loss() -> None:
    (case,) = (
        case
        for case in CASES
        if (case.exchange, case.kind) == (ExchangeId.KRAKEN, SubKind.PUBLIC_TRADES)
    )

    async def script(visit: Visit) -> None:
        await visit.receive()
        await visit.send(*case.answers)
        if visit.number == 0:
            broken = [["5541.2", "0.1", "-1.0", "s", "l", ""]]
            await visit.send([10001, broken, "trade", "XBT/USD"])
        await visit.send(*case.frames)
        await visit.stay()

    subscription = Subscription(case.instrument(), case.kind)
    with VenueServer(script) as server:
        options = replace(quick(server), addresses={case.exchange: server.address()})
        with Streams.connect([subscription], options=options) as streams:
            assert next(streams) == Reconnecting(ExchangeId.KRAKEN)
            assert "panicked" in streams.statuses[-1].reason
            assert [next(streams) for _ in case.events] != []


def test_a_repeated_trade_of_coinbase_is_no_news() -> None:
    (case,) = (case for case in CASES if case.exchange is ExchangeId.COINBASE)

    async def script(visit: Visit) -> None:
        await visit.receive()
        await visit.send(*case.answers)
        # After a loss the last trade comes again; one that was missed is news.
        await visit.send(coinbase_match("last_match", 12 + visit.number // 2, "buy", "2"))
        if visit.number < 2:
            await visit.close()
        else:
            await visit.stay()

    subscription = Subscription(case.instrument(), case.kind)
    with VenueServer(script) as server:
        options = replace(quick(server), addresses={case.exchange: server.address()})
        with Streams.connect([subscription], options=options) as streams:
            events = [next(streams) for _ in range(4)]
    assert trade_ids(events) == ["12", "13"]
    assert events[1:3] == [Reconnecting(ExchangeId.COINBASE)] * 2


def test_a_first_attempt_may_be_repeated() -> None:
    async def script(visit: Visit) -> None:
        if visit.number < 2:
            await visit.close()
            return
        await accept(visit)
        await visit.send(trade(1))
        await visit.stay()

    with VenueServer(script) as server:
        options = replace(quick(server), wait_for_connection=True)
        with Streams.connect([TRADES], options=options) as streams:
            assert trade_ids([next(streams)]) == ["1"]
            kinds = [status.kind for status in streams.statuses]
    assert kinds == [KINDS.REFUSED, KINDS.REFUSED, KINDS.CONNECTED]


def test_a_venue_that_answers_late_is_refused() -> None:
    async def script(visit: Visit) -> None:
        await visit.receive()
        # It is busy, but does not answer: each message would start barter-data's own time anew.
        await visit.send(*[trade(number) for number in range(100)])
        await visit.stay()

    with VenueServer(script) as server:
        options = replace(quick(server), open_timeout=timedelta(milliseconds=50))
        with pytest.raises(StreamError, match=r"no answer within 50ms \(open_timeout\)"):
            Streams.connect([TRADES], options=options)


def test_pauses_grow_while_a_venue_accepts_and_closes() -> None:
    async def script(visit: Visit) -> None:
        await accept(visit)
        await visit.close()

    with VenueServer(script) as server:
        options = StreamOptions(
            backoff=MOMENT, backoff_max=64 * MOMENT, addresses=quick(server).addresses
        )
        with Streams.connect([TRADES], options=options) as streams:
            for _ in range(7):
                next(streams)
            statuses = streams.statuses
    times = [
        (lost.time, back.time)
        for lost, back in pairwise(statuses)
        if (lost.kind, back.kind) == (KINDS.LOST, KINDS.BACK)
    ]
    pauses = [back - lost for lost, back in times]
    assert len(pauses) == 6
    assert all(pause >= 2**power * MOMENT for power, pause in enumerate(pauses))
