"""Live market data."""

from __future__ import annotations

from barter_python import streams


def with_streams(opened: streams.Streams, subscription: streams.Subscription) -> None:
    streams.Subscription("BTCUSDT", streams.SubKind.CANDLES)  # type: ignore[arg-type]
    streams.Subscription(subscription.instrument, "trades")  # type: ignore[arg-type]
    subscription.kind = streams.SubKind.CANDLES  # type: ignore[misc]
    streams.Streams.connect(subscription)  # type: ignore[arg-type]
    streams.Streams.connect([subscription], streams.StreamOptions())  # type: ignore[call-arg]
    streams.StreamOptions(65_536)  # type: ignore[call-arg]
    streams.StreamOptions(silence=60)  # type: ignore[arg-type]
    streams.StreamOptions(overflow="wait")  # type: ignore[arg-type]
    opened.next(5)  # type: ignore[arg-type]
    opened.book(None)  # type: ignore[arg-type]
    opened.record("market.jsonl", 1000)  # type: ignore[call-arg]
    opened.lag.waiting = 0  # type: ignore[misc]
    for event in opened:
        event.kind  # type: ignore[union-attr]
