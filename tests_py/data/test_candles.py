"""Candles that are built from trades by time."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.histories import BTC, ETH, SPOT, START_NS, candle, history, l1, reconnecting, trade

from barter_python import (
    Candle,
    Level,
    MarketData,
    MarketDataError,
    MarketEvent,
    OrderBookL1,
    PublicTrade,
    Reconnecting,
    Side,
)

SECOND = timedelta(seconds=1)
SECOND_NS = 10**9
FULL = START_NS // SECOND_NS * SECOND_NS
"""A full second."""


def tick(time: int, price: str, amount: str = "1", *, instrument: int = BTC) -> MarketEvent:
    """Make a trade at a time in nanoseconds."""
    kind = PublicTrade("1", price=Decimal(price), amount=Decimal(amount), side=Side.SELL)
    return MarketEvent(time, time, SPOT, instrument, kind)


def model(data: MarketData, every: int) -> list[MarketEvent]:
    """Group the trades by interval and instrument."""
    now = data.time_start_ns
    trades: dict[tuple[int, int], list[PublicTrade]] = {}
    for event in data:
        if isinstance(event, MarketEvent):
            now = max(now, event.time_received_ns)
            if isinstance(event.kind, PublicTrade):
                end = now // every * every + every
                trades.setdefault((end, event.instrument), []).append(event.kind)
    return [
        MarketEvent(end, end, SPOT, instrument, bar(end, inside))
        for (end, instrument), inside in sorted(trades.items())
        if end <= now
    ]


def bar(close: int, trades: list[PublicTrade]) -> Candle:
    """Sum trades up."""
    prices = [each.price for each in trades]
    return Candle(
        close,
        open=prices[0],
        high=max(prices),
        low=min(prices),
        close=prices[-1],
        volume=sum((each.amount for each in trades), start=Decimal(0)),
        trade_count=len(trades),
    )


@st.composite
def histories(draw: st.DrawFn) -> MarketData:
    """Trades, quotes and losses of two instruments; times step back now and then."""
    numbers = st.decimals("0.01", "99", places=2)
    time = draw(st.integers(-10_000, 10_000))
    events: list[MarketEvent | Reconnecting] = []
    for what in draw(st.lists(st.sampled_from("tttql"), min_size=1, max_size=40)):
        time += draw(st.integers(-1_000, 5_000))
        instrument = draw(st.sampled_from((BTC, ETH)))
        if what == "t":
            price, amount = draw(numbers), draw(numbers)
            kind = PublicTrade("1", price=price, amount=amount, side=Side.BUY)
            events.append(MarketEvent(time - 7, time, SPOT, instrument, kind))
        elif what == "q":
            quote = OrderBookL1(time, Level(price=draw(numbers), amount=1), None)
            events.append(MarketEvent(time, time, SPOT, instrument, quote))
        else:
            events.append(reconnecting())
    events.append(tick(time, "5"))
    return MarketData.from_events(events)


INTERVALS = st.integers(1, 9).map(lambda count: timedelta(microseconds=count))


# The times are near 1970.
@pytest.mark.filterwarnings("ignore:the first time_received")
@given(histories(), INTERVALS)
def test_they_are_those_of_the_model(data: MarketData, every: timedelta) -> None:
    expected = model(data, every // timedelta(microseconds=1) * 1_000)
    if not expected:
        with pytest.raises(MarketDataError, match=r"no candle of .* is complete"):
            data.candles(every)
        return
    candles = data.candles(every)
    assert list(candles) == expected
    # Decimals of the same value can differ in their zeros.
    assert [repr(event) for event in candles] == [repr(event) for event in expected]


@pytest.mark.filterwarnings("ignore:the first time_received")
@given(histories(), INTERVALS)
def test_volumes_and_counts_are_those_of_the_trades(data: MarketData, every: timedelta) -> None:
    late = tick(data.time_end_ns + 10**9, "1", instrument=BTC)
    candles = MarketData.from_events([*data, late]).candles(every)
    for instrument in (BTC, ETH):
        trades = [
            event.kind
            for event in data
            if isinstance(event, MarketEvent)
            and isinstance(event.kind, PublicTrade)
            and event.instrument == instrument
        ]
        bars = [
            event.kind
            for event in candles
            if isinstance(event, MarketEvent)
            and isinstance(event.kind, Candle)
            and event.instrument == instrument
        ]
        assert sum(each.volume for each in bars) == sum(each.amount for each in trades)
        assert sum(each.trade_count for each in bars) == len(trades)


def test_a_trade_at_the_boundary_belongs_to_the_next() -> None:
    data = history(
        tick(FULL, "10"), tick(FULL + SECOND_NS - 1, "11", "2"), tick(FULL + SECOND_NS, "12")
    )
    (only,) = data.candles(every=SECOND)
    assert isinstance(only, MarketEvent)
    assert only == MarketEvent(
        FULL + SECOND_NS,
        FULL + SECOND_NS,
        SPOT,
        BTC,
        Candle(
            FULL + SECOND_NS,
            open=Decimal(10),
            high=Decimal(11),
            low=Decimal(10),
            close=Decimal(11),
            volume=Decimal(3),
            trade_count=2,
        ),
    )


def test_a_quote_can_show_that_a_candle_is_complete() -> None:
    trades = [tick(FULL, "10")]
    with pytest.raises(MarketDataError, match="no candle of 1 s is complete"):
        history(*trades).candles(SECOND)
    quote = OrderBookL1(FULL, None, None)
    later = MarketEvent(FULL + SECOND_NS, FULL + SECOND_NS, SPOT, ETH, quote)
    assert len(history(*trades, later).candles(SECOND)) == 1


def test_an_empty_interval_costs_nothing() -> None:
    year = 365 * 86_400 * SECOND_NS
    data = history(tick(FULL, "10"), tick(FULL + year, "11"), tick(FULL + 2 * year, "11"))
    # Sixty billion intervals.
    assert len(data.candles(timedelta(microseconds=1_000))) == 2


def test_times_before_1970_and_at_the_end_of_time() -> None:
    last = 2**63 - 1
    data = MarketData.from_events([tick(-1, "1"), tick(0, "2"), tick(last - 1, "3")])
    assert [each.close for each in bars_of(data.candles(SECOND))] == [1, 2]


def bars_of(data: MarketData) -> list[Candle]:
    """Give the candles of a history."""
    events = [event for event in data if isinstance(event, MarketEvent)]
    return [event.kind for event in events if isinstance(event.kind, Candle)]


@pytest.mark.parametrize(
    ("every", "error", "text"),
    [
        (timedelta(0), ValueError, "every: must be positive and not above 365 days"),
        (-SECOND, ValueError, "every: must be positive"),
        (timedelta(days=365, microseconds=1), ValueError, "every: must be positive"),
        (60, TypeError, "every: must be a timedelta, got int 60"),
    ],
)
def test_a_wrong_length_is_named(every: object, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=f"^{text}"):
        history(trade(0, "1")).candles(every)  # type: ignore[arg-type] # a mistake on purpose


def test_a_volume_that_the_exchange_cannot_count_is_refused() -> None:
    data = history(tick(FULL, "1", "9" * 25), tick(FULL, "1", "1"))
    with pytest.raises(MarketDataError, match=r"volume of the candle until .* is too large"):
        data.candles(SECOND)


def test_candles_of_the_history_itself_and_quotes_are_passed_over() -> None:
    data = history(trade(0, "1"), candle(10, "5"), l1(20, "1", "2"), trade(5_000, "2"))
    (only,) = bars_of(data.candles(SECOND))
    assert only.trade_count == 1
