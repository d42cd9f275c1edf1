"""Twins of the indicators and conditions: what each event gives, from the lists of all events."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from functools import reduce
from itertools import pairwise
from operator import add
from typing import Literal, TypeAlias, TypeVar

from barter_python import Candle, Level, MarketEvent, OrderBookL1, OrderBookSnapshot, PublicTrade
from barter_python import indicators as on

Samples: TypeAlias = list[float | None]
"""What each event gives; `None` if it gives nothing."""

_T = TypeVar("_T")


def samples(node: on.Node, events: Sequence[MarketEvent]) -> Samples:
    """Give the sample of a node at each event of one instrument."""
    match node:
        case on.Source():
            return list(_source(node, events))
        case on.Number():
            return [None] * len(events)
        case on.Bar():
            return [None if bar is None else bar[node.price] for bar in _bars(node.bars, events)]
        case on.Atr():
            return _atr(node, events)
        case on.Vwap():
            return _spread(_trades(events), lambda trades: _vwap(trades, node.period))
        case on.Imbalance():
            return list(_imbalance(node.levels, events))
        case on.Condition():
            return [float(value) for value in _condition(node, events)]
    assert isinstance(
        node, (on.Ema, on.Sma, on.Minimum, on.Maximum, on.Deviation, on.ZScore, on.Return, on.Rsi)
    )
    return _spread(samples(node.source, events), lambda known: _over(node, known))


def values(node: on.Node, events: Sequence[MarketEvent]) -> Samples:
    """Give the last value of a node after each event."""
    last = node.value if isinstance(node, on.Number) else None
    found: Samples = []
    for sample in samples(node, events):
        last = last if sample is None else sample
        found.append(last)
    return found


def _spread(given: Sequence[_T | None], value: Callable[[list[_T]], float | None]) -> Samples:
    """Compute a value of all that is known at each event that gives something."""
    known: list[_T] = []
    found: Samples = []
    for one in given:
        if one is None:
            found.append(None)
            continue
        known.append(one)
        found.append(value(known))
    return found


def _source(source: on.Source, events: Sequence[MarketEvent]) -> Iterator[float | None]:
    bid = ask = mid = None
    for event in events:
        kind = event.kind
        if isinstance(kind, (OrderBookL1, OrderBookSnapshot)):
            best_bid, best_ask = _best(kind)
            bid = best_bid and float(best_bid.price)
            ask = best_ask and float(best_ask.price)
            mid = best_bid and best_ask and float((best_bid.price + best_ask.price) / 2)
        trade = kind if isinstance(kind, PublicTrade) else None
        candle = kind if isinstance(kind, Candle) else None
        given = {
            on.Source.MID: mid,
            on.Source.BEST_BID: bid,
            on.Source.BEST_ASK: ask,
            on.Source.TRADE: trade and float(trade.price),
            on.Source.TRADE_AMOUNT: trade and float(trade.amount),
            on.Source.OPEN: candle and float(candle.open),
            on.Source.HIGH: candle and float(candle.high),
            on.Source.LOW: candle and float(candle.low),
            on.Source.CLOSE: candle and float(candle.close),
            on.Source.VOLUME: candle and float(candle.volume),
        }
        yield given[source]


def _best(kind: OrderBookL1 | OrderBookSnapshot) -> tuple[Level | None, Level | None]:
    if isinstance(kind, OrderBookL1):
        return kind.best_bid, kind.best_ask
    return next(iter(kind.book.bids), None), next(iter(kind.book.asks), None)


def _trades(events: Sequence[MarketEvent]) -> list[tuple[float, float] | None]:
    kinds = [event.kind for event in events]
    return [
        (float(kind.price), float(kind.amount)) if isinstance(kind, PublicTrade) else None
        for kind in kinds
    ]


def _bars(
    bars: on.TickBars | on.VolumeBars, events: Sequence[MarketEvent]
) -> Iterator[dict[on.Source, float] | None]:
    """Give the bar that an event completes."""
    collected: list[tuple[float, float]] = []
    for trade in _trades(events):
        if trade is None:
            yield None
            continue
        collected.append(trade)
        prices = [price for price, _ in collected]
        volume = _sum([amount for _, amount in collected])
        complete = (
            len(collected) == bars.trades
            if isinstance(bars, on.TickBars)
            else volume >= bars.volume
        )
        if not complete:
            yield None
            continue
        collected = []
        yield {
            on.Source.OPEN: prices[0],
            on.Source.HIGH: max(prices),
            on.Source.LOW: min(prices),
            on.Source.CLOSE: prices[-1],
            on.Source.VOLUME: volume,
        }


def _sum(numbers: Sequence[float]) -> float:
    """Add from the first to the last: the builtin is more exact since CPython 3.12."""
    return reduce(add, numbers, 0.0)


def _wilder(numbers: Sequence[float], period: int) -> float | None:
    if len(numbers) < period:
        return None
    average = _sum(numbers[:period]) / period
    for number in numbers[period:]:
        average = (average * (period - 1) + number) / period
    return average


def _over(node: on.Node, known: Sequence[float]) -> float | None:
    match node:
        case on.Ema(period=period):
            weight = 2 / (period + 1)
            value = known[0]
            for sample in known[1:]:
                value += (sample - value) * weight
            return value
        case on.Return(period=period):
            before = known[-1 - period] if len(known) > period else 0.0
            return known[-1] / before - 1 if before else None
        case on.Rsi(period=period):
            changes = [after - before for before, after in pairwise(known)]
            gain = _wilder([max(change, 0.0) for change in changes], period)
            loss = _wilder([max(-change, 0.0) for change in changes], period)
            if gain is None or loss is None:
                return None
            return 100 * gain / (gain + loss) if gain + loss else 50.0
    assert isinstance(node, (on.Sma, on.Minimum, on.Maximum, on.Deviation, on.ZScore))
    period = node.period
    last = known[-period:]
    if len(last) < period:
        return None
    mean = _sum(last) / period
    deviation = math.sqrt(_sum([(sample - mean) * (sample - mean) for sample in last]) / period)
    match node:
        case on.Sma():
            return mean
        case on.Minimum():
            return min(last)
        case on.Maximum():
            return max(last)
        case on.Deviation():
            return deviation
    return (last[-1] - mean) / deviation if deviation else None


def _atr(node: on.Atr, events: Sequence[MarketEvent]) -> Samples:
    def of(source: on.Source) -> Samples:
        return samples(source if node.bars is None else on.Bar(node.bars, source), events)

    def average(bars: Sequence[tuple[float, float, float]]) -> float | None:
        ranges = [bars[0][0] - bars[0][1]]
        for (_, _, before), (high, low, _) in pairwise(bars):
            ranges.append(max(high - low, abs(high - before), abs(low - before)))
        return _wilder(ranges, node.period)

    columns = zip(of(on.Source.HIGH), of(on.Source.LOW), of(on.Source.CLOSE), strict=True)
    bars = [
        None if high is None or low is None or close is None else (high, low, close)
        for high, low, close in columns
    ]
    return _spread(bars, average)


def _vwap(trades: Sequence[tuple[float, float]], period: int) -> float | None:
    last = trades[-period:]
    amount = _sum([amount for _, amount in last])
    if len(last) < period or not amount:
        return None
    return _sum([price * amount for price, amount in last]) / amount


def _imbalance(levels: int, events: Sequence[MarketEvent]) -> Iterator[float | None]:
    quote: tuple[float, float] = (0.0, 0.0)
    book: tuple[float, float] | None = None
    for event in events:
        kind = event.kind
        if isinstance(kind, OrderBookL1):
            best = (kind.best_bid, kind.best_ask)
            bid, ask = [float(level.amount) if level else 0.0 for level in best]
            quote = bid, ask
        if isinstance(kind, OrderBookSnapshot):
            sides = (kind.book.bids, kind.book.asks)
            bids, asks = [[float(level.amount) for level in side] for side in sides]
            quote = _sum(bids[:1]), _sum(asks[:1])
            book = _sum(bids[:levels]), _sum(asks[:levels])
        bid, ask = quote if levels == 1 else book or (0.0, 0.0)
        yield (bid - ask) / (bid + ask) if bid + ask else None


def _crossings(
    first: on.Node, second: on.Node, events: Sequence[MarketEvent]
) -> Iterator[Literal[-1, 0, 1]]:
    new = zip(samples(first, events), samples(second, events), strict=True)
    known = zip(values(first, events), values(second, events), strict=True)
    was_above = None
    for (one_sample, other_sample), (one, other) in zip(new, known, strict=True):
        crossed: Literal[-1, 0, 1] = 0
        if (one_sample, other_sample) != (None, None) and one is not None and other is not None:
            if was_above is not None and was_above != (one > other):
                crossed = -1 if was_above else 1
            was_above = one > other
        yield crossed


def _condition(node: on.Node, events: Sequence[MarketEvent]) -> Iterable[float]:
    kinds = [event.kind for event in events]
    match node:
        case on.Crosses() | on.CrossesAbove() | on.CrossesBelow():
            assert isinstance(node.second, on.Indicator)
            wanted = {on.Crosses: (-1, 1), on.CrossesAbove: (1,), on.CrossesBelow: (-1,)}
            crossed = list(_crossings(node.first, node.second, events))
            return [way if way in wanted[type(node)] else 0 for way in crossed]
        case on.Changes():
            given = samples(node.source, events)
            before = [None, *values(node.source, events)]
            return [new is not None and new != old for new, old in zip(given, before, strict=False)]
        case on.Trades():
            return [isinstance(kind, PublicTrade) for kind in kinds]
        case on.Quotes():
            return [isinstance(kind, (OrderBookL1, OrderBookSnapshot)) for kind in kinds]
        case on.Candles():
            return [isinstance(kind, Candle) for kind in kinds]
        case on.Events():
            return [True] * len(events)
        case on.Every():
            length = node.interval // timedelta(microseconds=1) * 1_000
            numbers = [event.time_received_ns // length for event in events]
            return [new != old for new, old in zip(numbers, [None, *numbers], strict=False)]
        case on.Instruments():
            return [event.instrument in node.instruments for event in events]
        case on.AnyOf():
            rows = zip(*(_condition(each, events) for each in node.conditions), strict=True)
            return [any(row) for row in rows]
        case on.AllOf():
            rows = zip(*(_condition(each, events) for each in node.conditions), strict=True)
            return [all(row) for row in rows]
    return [False] * len(events)
