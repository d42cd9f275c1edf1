"""Live market data."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from typing_extensions import assert_type

import barter_python as bp
from accepted.shared import system_config
from barter_python import streams


def stream_options() -> streams.StreamOptions:
    return streams.StreamOptions(
        overflow=streams.Overflow.LATEST,
        silence=None,
        addresses={bp.ExchangeId.BINANCE_SPOT: streams.Address(websocket="ws://127.0.0.1:9")},
    )


def test_streams_need_subscriptions() -> None:
    instrument = system_config().instruments[0]
    subscription = streams.Subscription(instrument, streams.SubKind.PUBLIC_TRADES)
    assert_type(subscription.exchange, bp.ExchangeId)
    both = streams.Subscription.each([instrument], streams.SubKind.ORDER_BOOKS_L1)
    assert_type(both, list[streams.Subscription])
    with pytest.raises(bp.StreamError):
        read_streams([subscription, *both])


def read_streams(subscriptions: list[streams.Subscription]) -> None:
    """Not called to its end: nobody listens there."""
    with streams.Streams.connect(subscriptions, options=stream_options()) as opened:
        assert_type(opened, streams.Streams)
        assert_type(opened.lag.waiting, int)
        assert_type(opened.book("binancespot-btc_usdt"), bp.OrderBook | None)
        assert_type(opened.statuses, tuple[streams.StreamStatus, ...])
        for event in opened:
            assert_type(event, bp.MarketEvent | bp.Reconnecting)
            match event:
                case bp.MarketEvent(kind=bp.PublicTrade() as trade):
                    assert_type(trade.price, Decimal)
                case bp.Reconnecting():
                    assert_type(event.exchange, bp.ExchangeId)
                case _:
                    pass
        match opened.next(timedelta(seconds=1)):
            case streams.StreamStatus() as status:
                assert_type(status.kind, streams.StreamStatusKind)
                assert_type(status.instrument, int | None)
            case _:
                pass
        with opened.record("market.jsonl.gz", rotate_every=timedelta(hours=1)) as recording:
            assert_type(recording.events, int)


async def read_streams_async(subscriptions: list[streams.Subscription]) -> None:
    """Not called: only checkers read it."""
    async with streams.Streams.connect_async(subscriptions) as opened:
        assert_type(opened, streams.Streams)
        async for event in opened:
            assert_type(event, bp.MarketEvent | bp.Reconnecting)
    assert_type(await streams.Streams.connect_async(subscriptions), streams.Streams)
