"""Subclasses of `datetime` and `timedelta` that hold nanoseconds, such as pandas', keep them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.histories import (
    SPOT,
    START_NS,
    OnMarketEvents,
    at,
    buy,
    history,
    l1,
    two_instruments,
    watch,
    with_execution,
)

import barter_python as bp
from barter_python._checks import in_seconds
from barter_python._core import nanoseconds_of
from barter_python.statistic import RateOfReturn

TICK = bp.PublicTrade("1", price=100, amount=1, side=bp.Side.BUY)
EARLY = datetime(1970, 1, 1, tzinfo=timezone.utc)


class FineTime(datetime):
    """A time with nanoseconds, as libraries for time series make them."""

    nanosecond = 0


class FineLength(timedelta):
    """A length of time with nanoseconds."""

    nanoseconds = 0


def fine_time(nanoseconds: int) -> datetime:
    micros, beyond = divmod(nanoseconds, 1_000)
    whole = EARLY + timedelta(microseconds=micros)
    fine = FineTime.fromtimestamp(0, timezone.utc).replace(
        year=whole.year, month=whole.month, day=whole.day, hour=whole.hour,
        minute=whole.minute, second=whole.second, microsecond=whole.microsecond,
    )  # fmt: skip
    assert isinstance(fine, FineTime)
    fine.nanosecond = beyond
    return fine


def fine_length(nanoseconds: int) -> timedelta:
    micros, beyond = divmod(nanoseconds, 1_000)
    fine = FineLength(microseconds=micros)
    fine.nanoseconds = beyond
    return fine


def pandas_time(nanoseconds: int) -> datetime:
    time = pd.Timestamp(nanoseconds, unit="ns", tz="America/New_York")
    assert isinstance(time, datetime)
    return time


def pandas_length(nanoseconds: int) -> timedelta:
    length = pd.Timedelta(nanoseconds, unit="ns")
    assert isinstance(length, timedelta)
    return length


TIMES = pytest.mark.parametrize("time", [fine_time, pandas_time])
LENGTHS = pytest.mark.parametrize("length", [fine_length, pandas_length])


def buy_once(config: bp.SystemConfig) -> bp.BacktestResult:
    """Buy at the first of two quotes."""
    return bp.run_backtest(
        OnMarketEvents({0: buy}), history(l1(0, "1", "2"), l1(1, "1", "2")), config
    )


# Times


@TIMES
@pytest.mark.parametrize("beyond", [0, 1, 999])
def test_a_time_keeps_its_nanoseconds(time: Callable[[int], datetime], beyond: int) -> None:
    now = START_NS // 1_000 * 1_000 + beyond
    event = bp.MarketEvent(time(now), time(now + 1), SPOT, 0, bp.OrderBookL1(time(now), None, None))
    assert event == bp.MarketEvent(now, now + 1, SPOT, 0, bp.OrderBookL1(now, None, None))
    assert event.time_received_ns == now + 1
    assert bp.Liquidation(bp.Side.BUY, price=1, quantity=1, time=time(now)).time_ns == now
    assert (
        bp.Candle(time(now), open=1, high=1, low=1, close=1, volume=1, trade_count=1).close_time_ns
        == now
    )
    assert bp.MarketData.from_events([event]).time_start_ns == now + 1


@TIMES
def test_quotes_within_a_microsecond_do_not_change_places(
    time: Callable[[int], datetime],
) -> None:
    def quote(now: int, price: int) -> bp.MarketEvent:
        level = bp.Level(price=price, amount=1)
        return bp.MarketEvent(time(now), time(now), SPOT, 0, bp.OrderBookL1(time(now), level, None))

    start = START_NS // 1_000 * 1_000
    data = bp.MarketData.from_events([quote(start + 999, 100), quote(start + 1, 90)])
    assert watch(lambda state: state.updated and state.updated.best_bid, data)[-1] == 100


@TIMES
def test_a_fault_begins_at_its_nanosecond(time: Callable[[int], datetime]) -> None:
    """A request that arrives one nanosecond before the fault is decided, one later is refused."""
    for shift, refused in ((0, True), (1, False)):
        fault = bp.RejectRequests(time(at(0) + shift), timedelta(milliseconds=50), "shut")
        result = buy_once(with_execution(two_instruments(), faults=[fault]))
        assert result.order_counts == {"refused" if refused else "filled": 1}


@pytest.mark.parametrize("beyond", [-1, 1_000, 0.5, None, "1"])
def test_nanoseconds_that_are_none_are_refused(beyond: object) -> None:
    time, length = fine_time(START_NS), fine_length(1_000)
    vars(time)["nanosecond"] = vars(length)["nanoseconds"] = beyond
    with pytest.raises(ValueError, match=r"FineTime.nanosecond must be from 0 to 999, got "):
        bp.MarketEvent(time, 0, SPOT, 0, TICK)
    with pytest.raises(ValueError, match=r"FineLength.nanoseconds must be from 0 to 999, got "):
        nanoseconds_of(length)


def test_no_time_at_all_has_no_time_zone() -> None:
    with pytest.raises(ValueError, match="NaT has no time zone"):
        bp.MarketEvent(pd.NaT, 0, SPOT, 0, TICK)


# Lengths of time


@given(st.integers(-(10**18), 10**18))
def test_a_length_is_counted_to_the_nanosecond(nanoseconds: int) -> None:
    for length in (fine_length(nanoseconds), pandas_length(nanoseconds)):
        assert nanoseconds_of(length) == nanoseconds
        shown = Decimal(in_seconds(length).removesuffix(" s"))
        assert shown == Decimal(nanoseconds) / 10**9
    plain = timedelta(microseconds=nanoseconds)
    assert nanoseconds_of(plain) == nanoseconds * 1_000


@pytest.mark.parametrize("length", [timedelta.max, timedelta.min])
def test_the_longest_lengths_are_counted(length: timedelta) -> None:
    assert nanoseconds_of(length) == length // timedelta(microseconds=1) * 1_000


@LENGTHS
def test_a_latency_keeps_its_nanoseconds(length: Callable[[int], timedelta]) -> None:
    config = with_execution(two_instruments(), latency=length(1_007))
    assert buy_once(config).fills[0].time_exchange_ns == at(0) + 1_007


@LENGTHS
def test_the_latency_of_answers_keeps_its_nanoseconds(length: Callable[[int], timedelta]) -> None:
    """An answer that is delivered at the time of a market event comes before it."""
    first, second = l1(0, "1", "2"), l1(0, "1", "2")
    second = bp.MarketEvent(at(0) + 1_000, at(0) + 1_000, SPOT, 0, second.kind)
    for latency, is_before in ((1_000, True), (1_001, False)):
        config = with_execution(two_instruments(), answer_latency=length(latency))
        strategy = OnMarketEvents({0: buy})
        bp.run_backtest(strategy, history(first, second, l1(1, "1", "2")), config)
        answered = next(
            position
            for position, one in enumerate(strategy.seen)
            if isinstance(one, bp.AccountEvent) and isinstance(one.kind, bp.Trade)
        )
        assert (answered < strategy.seen.index(second)) is is_before


@LENGTHS
def test_drawn_latencies_keep_their_nanoseconds(length: Callable[[int], timedelta]) -> None:
    drawn = [
        bp.UniformLatency(length(3), length(3), seed=1),
        bp.EmpiricalLatency([length(3)], seed=1),
    ]
    for latency in drawn:
        result = buy_once(with_execution(two_instruments(), latency=latency))
        assert result.fills[0].time_exchange_ns == at(0) + 3


def test_barters_intervals_are_of_microseconds() -> None:
    rate = RateOfReturn.calculate(1, pd.Timedelta(days=1))
    assert rate.interval == timedelta(days=1)
    for length in (fine_length, pandas_length):
        with pytest.raises(ValueError, match="must be of whole microseconds, got "):
            RateOfReturn.calculate(1, length(1_001))
