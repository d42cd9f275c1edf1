"""Histories in parts: what is opened and when, what is refused, and how many are held."""

from __future__ import annotations

import copy
import functools
import gc
import gzip
import json
import os
import pickle
import sys
import threading
import weakref
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.histories import history, quotes, reconnecting, trade, two_instruments
from support.lines import TRADE_LINE
from support.scans import heap_of, hundred

from barter_python import (
    DefaultStrategy,
    MarketData,
    MarketDataError,
    MarketEvent,
    MarketScan,
    Reconnecting,
    run_backtest,
)

Events = list[MarketEvent | Reconnecting]


def events_of(scan: MarketScan) -> Events:
    return [event for part in scan for event in part]


class Counting:
    """A function that counts its calls."""

    def __init__(self, data: MarketData) -> None:
        self.data = data
        self.calls = 0

    def __call__(self) -> MarketData:
        self.calls += 1
        return self.data


# What is opened


def test_parts_are_opened_one_after_the_other_and_anew_each_time() -> None:
    parts = [Counting(history(trade(number, "1"))) for number in range(3)]
    scan = MarketScan(parts)
    assert [part.calls for part in parts] == [0, 0, 0]
    for times in (1, 2):
        pieces = iter(scan)
        assert iter(pieces) is pieces
        for number, part in enumerate(parts):
            assert list(next(pieces)) == [trade(number, "1")]
            assert part.calls == times
            assert all(later.calls == times - 1 for later in parts[number + 1 :])
        assert next(pieces, None) is None
        assert next(pieces, None) is None
    assert scan.parts == tuple(parts)


def test_files_of_lines_and_of_arrays(tmp_path: Path) -> None:
    line = TRADE_LINE.strip()
    (tmp_path / "lines").write_text(f"{line}\n{line}\n")
    (tmp_path / "array").write_text(f"\n [{line}, {line}, {line}]")
    (tmp_path / "packed").write_bytes(gzip.compress(line.encode()))
    scan = MarketScan([tmp_path / "lines", str(tmp_path / "array"), tmp_path / "packed"])
    parts = list(scan)
    assert [len(part) for part in parts] == [2, 3, 1]
    assert repr(parts[1]) == f"MarketData(events=3, source={json.dumps(str(tmp_path / 'array'))})"
    assert scan.parts == (tmp_path / "lines", str(tmp_path / "array"), tmp_path / "packed")


def test_a_history_in_memory_is_a_part() -> None:
    data = quotes(3)
    assert events_of(MarketScan([data])) == list(data)
    assert MarketScan(iter([data])).parts == (data,)


# What is refused


@pytest.mark.parametrize("part", [None, 5, b"lines.jsonl", [quotes(1)], object()])
def test_what_is_no_part(part: object) -> None:
    expected = r"^parts: part 1: expected a path, a function .* or a MarketData, got "
    with pytest.raises(TypeError, match=expected + type(part).__name__):
        MarketScan(["lines.jsonl", part])  # type: ignore[list-item]


def test_a_scan_needs_a_part() -> None:
    with pytest.raises(ValueError, match="parts must have one part at least, got none"):
        MarketScan([])
    with pytest.raises(ValueError, match=r"MarketScan\.merge needs one scan at least"):
        MarketScan.merge()
    with pytest.raises(TypeError, match="scan 1 must be a MarketScan or a MarketData, got list"):
        MarketScan.merge(quotes(1), [quotes(1)])  # type: ignore[arg-type]


def test_a_part_that_begins_before_the_one_ahead_ends() -> None:
    first, second = history(trade(0, "1"), trade(5, "1")), history(trade(3, "1"), trade(6, "1"))
    expected = (
        r"parts\[1\] of the scan begins at 2023-11-14T22:13:20.126456789Z, before the part ahead "
        r"of it ends at 2023-11-14T22:13:20.128456789Z: give the parts in the order of time; .*mer"
    )
    with pytest.raises(MarketDataError, match=expected):
        events_of(MarketScan([first, second]))
    expected = expected.replace("the scan", "scan 1")
    with pytest.raises(MarketDataError, match=expected):
        events_of(MarketScan.merge(quotes(1), MarketScan([first, second])))
    merged = events_of(MarketScan.merge(MarketScan([first]), second))
    assert merged == [trade(0, "1"), trade(3, "1"), trade(5, "1"), trade(6, "1")]


def test_the_end_is_the_greatest_time_of_all_parts_ahead() -> None:
    ahead = [history(trade(9, "1"), trade(0, "1")), history(trade(9, "1"), trade(4, "1"))]
    events_of(MarketScan([*ahead, history(trade(9, "1"))]))
    with pytest.raises(MarketDataError, match=r"parts\[2\]"):
        events_of(MarketScan([*ahead, history(trade(8, "1"))]))


def test_what_a_function_raises_arrives_unchanged_and_ends_the_pass() -> None:
    class BrokenError(BaseException):
        pass

    error = BrokenError()

    def broken() -> MarketData:
        raise error

    for scan in (
        MarketScan([quotes(1), broken, quotes(1)]),
        MarketScan.merge(quotes(1), MarketScan([quotes(1), broken])),
    ):
        pieces = iter(scan)
        with pytest.raises(BrokenError) as caught:
            list(pieces)
        assert caught.value is error
        assert caught.traceback[-1].name == "broken"
        assert next(pieces, None) is None


def test_a_function_must_give_a_history() -> None:
    with pytest.raises(TypeError, match=r"parts\[1\] of the scan must return a MarketData, got li"):
        events_of(MarketScan([quotes(1), lambda: list(quotes(1))]))  # type: ignore[list-item, return-value]


def test_files_are_refused_as_when_they_are_read_alone(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    with pytest.raises(MarketDataError, match="empty holds no market events"):
        events_of(MarketScan([tmp_path / "empty"]))
    with pytest.raises(FileNotFoundError, match="missing"):
        events_of(MarketScan([tmp_path / "missing"]))


def test_an_iterator_asked_by_the_function_that_it_calls() -> None:
    scan: MarketScan

    def curious() -> MarketData:
        return next(pieces)

    scan = MarketScan([curious])
    pieces = iter(scan)
    with pytest.raises(ValueError, match="opening a part already"):
        next(pieces)
    assert next(pieces, None) is None


def test_threads_each_have_a_pass_of_their_own() -> None:
    scan = MarketScan([quotes(5), lambda: history(trade(10_000, "1"))])
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda: found.append(len(events_of(scan)))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [6] * 8


# Several as one


@st.composite
def streams(draw: st.DrawFn) -> list[list[Events]]:
    """Make a few histories in parts that follow one another; times are often equal."""
    made: list[list[Events]] = []
    for stream in range(draw(st.integers(1, 4))):
        parts: list[Events] = []
        end = 0
        for _ in range(draw(st.integers(1, 4))):
            steps = draw(st.lists(st.integers(0, 2), min_size=1, max_size=5))
            part: Events = []
            for step in steps:
                end += step
                part.append(trade(end, "1", str(stream + 1)))
            if draw(st.integers(0, 3)) == 0:
                part.insert(draw(st.integers(0, len(part))), reconnecting())
            parts.append(part)
        made.append(parts)
    return made


@settings(max_examples=200)
@given(streams())
def test_merged_scans_are_the_merged_histories(streams: list[list[Events]]) -> None:
    scans = [MarketScan(map(MarketData.from_events, parts)) for parts in streams]
    whole = [MarketData.from_events(chain.from_iterable(parts)) for parts in streams]
    expected = list(MarketData.merge(*whole))
    assert events_of(MarketScan.merge(*scans)) == expected
    assert events_of(MarketScan.merge(MarketScan.merge(*scans[:2]), *scans[2:])) == expected
    assert [events_of(scan) for scan in scans] == [list(data) for data in whole]


def test_long_merged_scans_come_in_pieces() -> None:
    data = MarketData.merge(*[quotes(1000)] * 50)
    assert [len(piece) for piece in MarketScan.merge(data, data)] == [65_536, 34_464]


def test_parts_of_merged_scans_are_opened_when_the_one_ahead_is_used_up() -> None:
    parts = [Counting(history(trade(number, "1"))) for number in (0, 2, 4)]
    other = Counting(history(trade(1, "1"), trade(3, "1")))
    scan = MarketScan.merge(MarketScan(parts), MarketScan([other]))
    assert len(events_of(scan)) == 5
    assert [part.calls for part in (*parts, other)] == [1] * 4
    assert scan.parts == (*parts, other)


# As an object


def test_repr() -> None:
    scan = MarketScan(["a", "b"])
    assert repr(scan) == "MarketScan(parts=2)"
    merged = MarketScan.merge(MarketScan.merge(scan, quotes(1)), scan)
    assert repr(merged) == (
        "MarketScan.merge(MarketScan(parts=2), MarketScan(parts=1), MarketScan(parts=2))"
    )


COPIES: list[Callable[[MarketScan], MarketScan]] = [
    lambda scan: pickle.loads(pickle.dumps(scan)),
    copy.copy,
    copy.deepcopy,
]


@pytest.mark.parametrize("copied", COPIES)
def test_it_is_pickled_and_copied_as_what_opens_it(
    copied: Callable[[MarketScan], MarketScan], tmp_path: Path
) -> None:
    (tmp_path / "lines").write_text(TRADE_LINE)
    file = tmp_path / "lines"
    plain = MarketScan([file, functools.partial(hundred, 1_800_000_000_000_000_000)])
    for scan in (plain, MarketScan.merge(plain, quotes(1))):
        again = copied(scan)
        assert repr(again) == repr(scan)
        assert again.parts[0] == file
        assert events_of(again) == events_of(scan)


def test_a_scan_in_a_circle_is_freed() -> None:
    class Token:
        pass

    def circle(make: Callable[[Sequence[Callable[[], MarketData]]], object]) -> weakref.ref[Token]:
        token = Token()
        held: list[object] = [token]

        def part(held: list[object] = held) -> MarketData:
            return quotes(len(held))

        held.append(make([part]))
        return weakref.ref(token)

    for token in (
        circle(MarketScan),
        circle(lambda parts: MarketScan.merge(MarketScan(parts))),
        circle(lambda parts: iter(MarketScan(parts))),
    ):
        gc.collect()
        assert token() is None


# How many are held


def resident() -> int:
    """Give the resident memory of this process in bytes."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the resident memory")
@pytest.mark.parametrize("kind", ["parts", "merged", "run"])
def test_a_part_is_let_go_of_before_the_next_is_opened(kind: str) -> None:
    block = heap_of(500)
    held: list[int] = []

    def part() -> MarketData:
        gc.collect()
        held.append(resident())
        made = MarketData.merge(*[block] * 800)
        sizes.append(resident() - held[-1])
        return made

    sizes: list[int] = []
    scan = MarketScan([part] * 6)
    if kind == "merged":
        scan = MarketScan.merge(scan, block)
    if kind == "run":
        result = run_backtest(DefaultStrategy(), scan, two_instruments())
        assert result.settings.events == 6 * 400_000
    else:
        assert sum(map(len, scan)) >= 6 * 400_000
    assert min(sizes) > 40_000_000
    # Pieces of merged scans have up to 65,536 events.
    assert max(held) - held[0] < min(sizes) * 0.4
