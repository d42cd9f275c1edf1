"""Live streams from a local venue: events, losses, statuses."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from support.binance import BITCOIN, BOOKS, ETHER, QUOTES, TRADES, accept, quick, trade
from support.venue_server import VenueServer, Visit

from barter_python import (
    ExchangeId,
    IndexedInstruments,
    InstrumentConfig,
    Level,
    MarketEvent,
    OrderBookL1,
    PublicTrade,
    Reconnecting,
    Side,
    StreamError,
    Underlying,
    UnknownKeyError,
)
from barter_python.instrument import PerpetualContract
from barter_python.streams import (
    Address,
    Overflow,
    StreamOptions,
    Streams,
    StreamStatusKind,
    SubKind,
    Subscription,
)

QUOTED = {"b": "99.50", "B": "5.000", "a": "100.50", "A": "4"}


def test_trades_and_quotes_arrive_typed_and_exact() -> None:
    async def script(visit: Visit) -> None:
        (name,) = await accept(visit)
        if name == "btcusdt@trade":
            await visit.send(trade(7, "101.1"))
        else:
            assert name == "btcusdt@bookTicker"
            await visit.send({"u": 3, "s": "BTCUSDT"} | QUOTED)
        await visit.stay()

    with VenueServer(script) as server:
        before = datetime.now(timezone.utc)
        with Streams.connect([TRADES, QUOTES], options=quick(server)) as streams:
            events = [next(streams), next(streams)]
            assert streams.instruments == IndexedInstruments([BITCOIN])
        by_kind = {type(event.kind): event for event in events if isinstance(event, MarketEvent)}
        traded, quoted = by_kind[PublicTrade], by_kind[OrderBookL1]
        expected = PublicTrade("7", price=Decimal("101.1"), amount=Decimal("0.25"), side=Side.SELL)
        assert traded.kind == expected
        assert traded.time_exchange == datetime(2023, 11, 14, 22, 13, 20, 100_000, timezone.utc)
        assert before <= traded.time_received <= datetime.now(timezone.utc)
        assert (traded.exchange, traded.instrument) == (ExchangeId.BINANCE_SPOT, 0)
        assert isinstance(quoted.kind, OrderBookL1)
        assert quoted.kind.best_bid == Level(price=Decimal("99.50"), amount=5)
        assert quoted.kind.best_ask == Level(price=Decimal("100.50"), amount=4)


def test_events_have_the_indices_of_the_instruments_given() -> None:
    async def script(visit: Visit) -> None:
        assert await accept(visit) == ["ethusdt@trade"]
        await visit.send(trade(1, market="ETHUSDT"))
        await visit.stay()

    index = IndexedInstruments([BITCOIN, ETHER])
    subscription = Subscription(ETHER, SubKind.PUBLIC_TRADES)
    with (
        VenueServer(script) as server,
        Streams.connect([subscription], options=quick(server), instruments=index) as streams,
    ):
        event = next(streams)
    assert isinstance(event, MarketEvent)
    assert event.instrument == index.instrument_index("binancespot-eth_usdt") == 1


def test_a_lost_connection_is_told_once_and_opened_again() -> None:
    async def script(visit: Visit) -> None:
        await accept(visit)
        await visit.send(trade(visit.number))
        if visit.number < 3:
            await visit.close()
        else:
            await visit.stay()

    with (
        VenueServer(script) as server,
        Streams.connect([TRADES], options=quick(server)) as streams,
    ):
        seen = [next(streams) for _ in range(7)]
        statuses = streams.statuses
    ids = [
        event.kind.id
        for event in seen
        if isinstance(event, MarketEvent) and isinstance(event.kind, PublicTrade)
    ]
    assert ids == ["0", "1", "2", "3"]
    assert seen[1::2] == [Reconnecting(ExchangeId.BINANCE_SPOT)] * 3
    kinds = [status.kind for status in statuses]
    lost_and_back = [StreamStatusKind.LOST, StreamStatusKind.BACK]
    assert kinds == [StreamStatusKind.CONNECTED, *lost_and_back * 3]
    assert all(
        (status.exchange, status.sub_kind) == (ExchangeId.BINANCE_SPOT, SubKind.PUBLIC_TRADES)
        for status in statuses
    )
    assert "restart" in statuses[1].reason


def test_a_refused_subscription_raises_with_what_the_venue_said() -> None:
    async def script(visit: Visit) -> None:
        request = json.loads(await visit.receive())
        refusal = {"code": 2, "msg": "Invalid request: unknown stream"}
        await visit.send({"error": refusal, "id": request["id"]})
        await visit.stay()

    with (
        VenueServer(script) as server,
        pytest.raises(StreamError, match=r"binance_spot public_trades: .*unknown stream"),
    ):
        Streams.connect([TRADES], options=quick(server))
    assert len(server.visits) == 1


def test_after_the_end_there_is_nothing() -> None:
    async def script(visit: Visit) -> None:
        await accept(visit)
        await visit.send(trade(1), trade(2))
        await visit.stay()

    with VenueServer(script) as server:
        streams = Streams.connect([TRADES], options=quick(server))
        next(streams)
        streams.close()
        assert streams.close() == 0
        assert list(streams) == []
        assert streams.next() is None


@pytest.mark.parametrize(
    ("exchange", "kind", "message"),
    [
        (ExchangeId.KRAKEN, SubKind.ORDER_BOOKS_L2, r"SubKind.PUBLIC_TRADES or .*_L1, got .*_L2"),
        (ExchangeId.OKX, SubKind.CANDLES, "MarketData.candles build them from trades"),
        (ExchangeId.GEMINI, SubKind.PUBLIC_TRADES, 'on gemini, but .* from .*"binance_spot"'),
        (ExchangeId.GEMINI, SubKind.ORDER_BOOKS_L3, "and SubKind.ORDER_BOOKS_L3 .* no exchange"),
        (ExchangeId.BITMEX, SubKind.PUBLIC_TRADES, "nothing of spot instruments on bitmex"),
    ],
)
def test_a_subscription_that_there_is_not_is_refused_when_it_is_made(
    exchange: ExchangeId, kind: SubKind, message: str
) -> None:
    instrument = InstrumentConfig(exchange, "BTC-USD", Underlying("btc", "usd"))
    with pytest.raises(ValueError, match=message):
        Subscription(instrument, kind)


def test_the_kind_of_the_instrument_counts() -> None:
    perpetual = InstrumentConfig(
        ExchangeId.BINANCE_SPOT,
        "BTCUSDT",
        Underlying("btc", "usdt"),
        kind=PerpetualContract(contract_size=1, settlement_asset="usdt"),
    )
    with pytest.raises(ValueError, match="nothing of perpetual contracts on binance_spot"):
        Subscription(perpetual, SubKind.PUBLIC_TRADES)


def test_a_snapshot_that_cannot_be_fetched_says_why() -> None:
    async def script(visit: Visit) -> None:
        await accept(visit)
        await visit.stay()

    with VenueServer(script) as server:
        websocket = server.address().websocket
        nobody = Address(websocket=websocket, http="http://127.0.0.1:9")
        options = replace(quick(server), addresses={ExchangeId.BINANCE_SPOT: nobody})
        with pytest.raises(StreamError, match=r"127\.0\.0\.1:9/api/v3/depth.*refused"):
            Streams.connect([BOOKS], options=options)
        with pytest.raises(StreamError, match="status=404"):
            Streams.connect([BOOKS], options=quick(server))


def test_streams_are_made_by_connecting() -> None:
    with pytest.raises(TypeError, match=r"use Streams\.connect"):
        Streams()


def test_arguments_are_checked_before_anything_connects() -> None:
    with pytest.raises(ValueError, match="subscriptions must not be empty"):
        Streams.connect([])
    with pytest.raises(TypeError, match=r"subscriptions\[0\] must be a Subscription"):
        Streams.connect(["BTCUSDT"])  # type: ignore[list-item] # what is refused
    with pytest.raises(UnknownKeyError, match="no instrument on binance_spot is called"):
        Streams.connect([TRADES], instruments=IndexedInstruments([ETHER]))
    with pytest.raises(ValueError, match="capacity must be from 1 to"):
        StreamOptions(capacity=0)
    with pytest.raises(ValueError, match="backoff must be positive"):
        StreamOptions(backoff=timedelta(0))
    with pytest.raises(ValueError, match="backoff_max must not be below backoff"):
        StreamOptions(backoff=timedelta(minutes=2))
    with pytest.raises(TypeError, match="overflow must be an Overflow"):
        StreamOptions(overflow="wait")  # type: ignore[arg-type] # what is refused
    assert StreamOptions(overflow=Overflow.RAISE).overflow is Overflow.RAISE


@pytest.mark.parametrize("text", ["https://example.com", "wss://", "example.com", "ws:/x y"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="websocket must be an address such as wss://host"):
        Address(websocket=text)


def test_a_venue_that_cannot_be_reached_is_named() -> None:
    with VenueServer(Visit.stay) as server:
        options = quick(server)
    with pytest.raises(StreamError, match=r"binance_spot public_trades: .*refused"):
        Streams.connect([TRADES], options=options)


def test_books_are_asked_for_by_instruments_that_there_are() -> None:
    async def script(visit: Visit) -> None:
        await accept(visit)
        await visit.stay()

    with (
        VenueServer(script) as server,
        Streams.connect([TRADES], options=quick(server)) as streams,
    ):
        assert streams.book(0) is None
        assert streams.book("binancespot-btc_usdt") is None
        with pytest.raises(UnknownKeyError, match="there is no instrument 1"):
            streams.book(1)
        with pytest.raises(UnknownKeyError, match="no instrument is called"):
            streams.book("binancespot-eth_usdt")
