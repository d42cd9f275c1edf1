"""Parts of a history, and several histories as one: by hand, and against plain Python."""

from __future__ import annotations

import copy
import heapq
import pickle
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.histories import (
    ETH,
    SPOT,
    START_NS,
    at,
    history,
    l1,
    quotes,
    reconnecting,
    snapshot,
    trade,
    two_instruments,
)

from barter_python import (
    DefaultStrategy,
    MarketData,
    MarketDataError,
    MarketEvent,
    Reconnecting,
    run_backtest,
)

Events = Sequence[MarketEvent | Reconnecting]

EVENTS: list[MarketEvent | Reconnecting] = [
    l1(0, "1", "2"),
    trade(10, "3", instrument=ETH),
    reconnecting(),
    l1(5, "1", "3"),  # a step back
    trade(20, "4"),
    snapshot(30, {"1": "2"}, {"2": "1"}),
]


def clocks(events: Events) -> list[int]:
    """Give the clock of a run at each event: the greatest time received so far."""
    received = [event.time_received_ns or 0 for event in events]
    first = next(time for time in received if time)
    return list(accumulate(received, max, initial=first))[1:]


@st.composite
def histories(draw: st.DrawFn) -> list[MarketEvent | Reconnecting]:
    """Make events whose times are often equal and sometimes step back."""
    times = draw(st.lists(st.integers(0, 8), min_size=1, max_size=12))
    if draw(st.booleans()):
        times.sort()
    events: list[MarketEvent | Reconnecting] = []
    for number, time in enumerate(times):
        events.append(trade(time, "1", str(number + 1)))
        if draw(st.integers(0, 5)) == 0:
            events.append(reconnecting(milliseconds=draw(st.none() | st.integers(0, 9))))
    lost = reconnecting(milliseconds=draw(st.none() | st.integers(0, 9)))
    return [lost, *events] if draw(st.integers(0, 5)) == 0 else events


# By position


@given(st.integers(-8, 8) | st.none(), st.integers(-8, 8) | st.none())
def test_a_slice_has_the_events_of_the_slice_of_a_list(start: int | None, stop: int | None) -> None:
    data = MarketData.from_events(EVENTS)
    expected = EVENTS[start:stop]
    if not any(isinstance(event, MarketEvent) for event in expected):
        with pytest.raises(MarketDataError, match="no market events"):
            data[start:stop]
        return
    part = data[start:stop]
    assert list(part) == expected
    assert len(part) == len(expected)
    assert [part[position] for position in range(-len(part), len(part))] == [*expected, *expected]
    assert part.time_start_ns == clocks(expected)[0]
    assert part.time_end_ns == clocks(expected)[-1]
    assert part.span == part.time_end - part.time_start


def test_a_slice_of_a_slice() -> None:
    data = MarketData.from_events(EVENTS)
    assert list(data[1:][1:4][-2:]) == EVENTS[3:5]
    with pytest.raises(IndexError, match="no event 3: there are 3"):
        data[1:4][3]


def test_a_slice_of_everything_keeps_where_it_is_from(real_history: MarketData) -> None:
    assert repr(real_history[:]) == repr(real_history)
    assert repr(real_history[1:3]) == "MarketData(events=2)"


@pytest.mark.parametrize("step", [2, -1, 0])
def test_a_step_is_refused_and_names_the_way(step: int) -> None:
    with pytest.raises(ValueError, match=f"step 1, got {step}: .*islice"):
        quotes(3)[::step]
    assert len(quotes(3)[::1]) == 3


@pytest.mark.parametrize("bound", ["1", 1.0])
def test_bounds_of_a_wrong_type(bound: object) -> None:
    with pytest.raises(TypeError):
        quotes(3)[bound:]


def test_a_part_is_pickled_and_copied_without_the_rest() -> None:
    whole = quotes(30_000)
    part = whole[500:503]
    assert len(pickle.dumps(part)) * 5 < len(pickle.dumps(whole))
    for copied in (pickle.loads(pickle.dumps(part)), copy.deepcopy(part)):
        assert list(copied) == list(part)


def test_a_part_is_checked_by_its_own_events() -> None:
    data = history(l1(0, "1", "2"), l1(1, "1", "2", instrument=7), l1(2, "1", "2"))
    run_backtest(DefaultStrategy(), data[2:], two_instruments())
    with pytest.raises(MarketDataError, match="event 0: "):
        run_backtest(DefaultStrategy(), data[1:], two_instruments())


# By time


@given(histories(), st.integers(-1, 9) | st.none(), st.integers(-1, 9) | st.none())
def test_a_part_by_time_has_the_events_at_which_the_clock_is_in_it(
    events: Events, since: int | None, until: int | None
) -> None:
    data = MarketData.from_events(events)
    times = None if since is None else at(since), None if until is None else at(until)
    if since is not None and until is not None and since >= until:
        with pytest.raises(ValueError, match="since must be before until"):
            data.between(*times)
        return
    expected = [
        event
        for event, clock in zip(events, clocks(events), strict=True)
        if (since is None or at(since) <= clock) and (until is None or clock < at(until))
    ]
    if not expected:
        with pytest.raises(MarketDataError, match="no market events"):
            data.between(*times)
        return
    assert list(data.between(*times)) == expected


def test_times_of_all_kinds() -> None:
    data = quotes(5)
    assert len(data.between(at(100), at(300))) == 2
    since = datetime.fromtimestamp(0, tz=timezone.utc) + timedelta(microseconds=at(100) // 1000)
    assert len(data.between(since)) == 4
    assert len(data.between(until="2023-11-14T22:13:20.323456790Z")) == 3
    assert list(data.between()) == list(data)


def test_what_is_wrong_with_times_is_named() -> None:
    data = quotes(5)
    with pytest.raises(
        MarketDataError, match=r"no market events from 2030-01-01T00:00:00Z: its own"
    ):
        data.between("2030-01-01T00:00:00Z")
    with pytest.raises(ValueError, match=r"until: .* is not a time"):
        data.between(None, "tomorrow")
    with pytest.raises(TypeError, match="since: expected an aware"):
        data.between(1.5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"since .* is outside the years 1677 to 2262"):
        data.between("9000-01-01T00:00:00Z")
    with pytest.warns(UserWarning, match=r"since is 1970-01-01T.* looks like seconds"):
        data.between(START_NS // 10**9)


# Several as one


@settings(max_examples=300)
@given(st.lists(histories(), min_size=1, max_size=4))
def test_a_merged_history_is_that_of_heapq(histories: list[Events]) -> None:
    merged = MarketData.merge(*(MarketData.from_events(events) for events in histories))
    streams = (
        [(clock, number, event) for clock, event in zip(clocks(events), events, strict=True)]
        for number, events in enumerate(histories)
    )
    expected = [event for _, _, event in heapq.merge(*streams, key=lambda entry: entry[:2])]
    assert list(merged) == expected


@pytest.fixture(scope="module")
def in_order(real_history: MarketData) -> list[MarketEvent]:
    """The bundled history by `time_received`, which steps back in the file."""
    events = [event for event in real_history if isinstance(event, MarketEvent)]
    return sorted(events, key=lambda event: event.time_received_ns)


def test_parts_merged_are_the_whole(in_order: list[MarketEvent]) -> None:
    data = MarketData.from_events(in_order)
    parts = [data[start : start + 7_000] for start in range(0, 50_000, 7_000)]
    assert list(MarketData.merge(*parts)) == in_order


def test_instruments_merged_are_in_the_order_of_time(in_order: list[MarketEvent]) -> None:
    streams = [[event for event in in_order if event.instrument == index] for index in range(3)]
    expected = sorted(in_order, key=lambda event: (event.time_received_ns, event.instrument))
    assert list(MarketData.merge(*map(MarketData.from_events, streams))) == expected


def test_one_history_is_shared(real_history: MarketData) -> None:
    assert repr(MarketData.merge(real_history)) == repr(real_history)
    assert repr(MarketData.merge(real_history, quotes(1))) == "MarketData(events=50001)"


def test_what_cannot_be_merged() -> None:
    with pytest.raises(ValueError, match="one history at least, got none"):
        MarketData.merge()
    with pytest.raises(TypeError, match="history 1 must be a MarketData, got "):
        MarketData.merge(quotes(1), list(quotes(1)))  # type: ignore[arg-type]


def test_keys_of_a_merged_history_are_checked() -> None:
    data = MarketData.merge(quotes(2), history(l1(50, "1", "2", instrument=9, exchange=SPOT)))
    with pytest.raises(MarketDataError, match=r"event 1: .*9"):
        run_backtest(DefaultStrategy(), data, two_instruments())
