"""Histories as `MarketData.save` writes them: equal events, and files that are none are refused."""

from __future__ import annotations

import json
import pickle
import re
import struct
import sys
import zlib
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.command import run_command
from support.histories import at

import barter_python as bp
from barter_python import MarketData, MarketDataError, MarketScan
from barter_python.engine import event_to_json

LAYOUTS = pytest.mark.parametrize("compressed", [False, True], ids=["plain", "compressed"])
HEADER = 64
PRICES = st.decimals(-(10**13), 10**13, places=9) | st.sampled_from(
    [Decimal("0.00"), Decimal("1E-28"), Decimal("79228162514264.337593543950335")]
)
AMOUNTS = st.decimals(0, 10**24, places=4)
TIMES = st.integers(-(2**63), 2**63 - 1)
SIDES = st.sampled_from([*bp.Side])
LEVELS = st.builds(bp.Level, price=PRICES, amount=AMOUNTS)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def of_one_side(amounts: st.SearchStrategy[Decimal]) -> st.SearchStrategy[list[bp.Level]]:
    sides = st.builds(bp.Level, price=PRICES, amount=amounts)
    return st.lists(sides, max_size=5, unique_by=lambda level: level.price)


def books(amounts: st.SearchStrategy[Decimal]) -> st.SearchStrategy[bp.OrderBook]:
    side = of_one_side(amounts)
    return st.builds(bp.OrderBook, st.integers(0, 2**64 - 1), st.none() | TIMES, side, side)


FRACTIONS = st.decimals(-1, 1, places=9)
POSITIVE = st.decimals(Decimal("0.000001"), 10**13, places=6)
KINDS = st.one_of(
    st.builds(bp.PublicTrade, TEXTS, price=PRICES, amount=AMOUNTS, side=SIDES),
    st.builds(bp.OrderBookL1, TIMES, st.none() | LEVELS, st.none() | LEVELS),
    st.builds(bp.OrderBookSnapshot, books(POSITIVE)),
    st.builds(bp.OrderBookUpdate, books(AMOUNTS)),
    st.builds(bp.Liquidation, SIDES, price=PRICES, quantity=AMOUNTS, time=TIMES),
    st.builds(bp.Funding, FRACTIONS, mark_price=st.none() | POSITIVE),
    st.builds(bp.Settlement, price=POSITIVE),
)
EXCHANGES = st.sampled_from([*bp.ExchangeId])


@st.composite
def items(draw: st.DrawFn) -> bp.MarketEvent:
    time, received, exchange = draw(TIMES), draw(TIMES), draw(EXCHANGES)
    index = draw(st.integers(0, 3) | st.integers(0, 2**63))
    if draw(st.integers(0, 7)) > 0:
        return bp.MarketEvent(time, received, exchange, index, draw(KINDS))
    numbers = [draw(PRICES) for _ in range(4)]
    candle = bp.Candle(
        min(time, received), open=numbers[0], high=numbers[1], low=numbers[2], close=numbers[3],
        volume=draw(AMOUNTS), trade_count=draw(st.integers(0, 2**64 - 1)),
    )  # fmt: skip
    return bp.MarketEvent(time, received, exchange, index, candle)


LOST = st.builds(bp.Reconnecting, EXCHANGES, time_received=st.none() | TIMES)
EVENTS = st.builds(
    lambda before, first, rest: [*before, first, *rest],
    st.lists(LOST, max_size=2),
    items(),
    st.lists(items() | LOST, max_size=12),
)


def again(data: MarketData, *, compressed: bool) -> MarketData:
    """Save a history and open it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "events.bph"
        data.save(path, compressed=compressed)
        opened = MarketData.open(path)
        scanned = [event for part in MarketScan([path]) for event in part]
        assert scanned == list(opened)
        return opened


def digits(data: MarketData) -> list[str]:
    """Give the events as text, which shows the zeros at the end of a number."""
    return [event_to_json(event) for event in data]


@pytest.mark.filterwarnings("ignore:the first time_received")
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(EVENTS, st.booleans())
def test_every_event_comes_back(
    events: list[bp.MarketEvent | bp.Reconnecting], compressed: bool
) -> None:
    data = MarketData.from_events(events)
    opened = again(data, compressed=compressed)
    assert list(opened) == list(data)
    assert digits(opened) == digits(data)
    assert (opened.time_start_ns, opened.time_end_ns) == (data.time_start_ns, data.time_end_ns)
    unpickled: MarketData = pickle.loads(pickle.dumps(data))
    assert digits(unpickled) == digits(data)
    assert repr(unpickled) == repr(data)


@LAYOUTS
def test_a_run_gives_the_same_bytes(
    tmp_path: Path, real_history: MarketData, real_config: bp.SystemConfig, compressed: bool
) -> None:
    path = tmp_path / "history.bph"
    real_history.save(path, compressed=compressed)
    assert digits(MarketData.open(path)) == digits(real_history)

    class Trades(bp.Strategy):
        strategy_id = "often"

        def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
            view = state.updated
            if view is None or view.has_orders or state.time_ns // 1_000 % 11:
                return bp.NO_ORDERS
            side = bp.Side.BUY if view.position is None else bp.Side.SELL
            return [], [view.market_order(side, Decimal("0.001"))]

    results = [
        bp.run_backtest(Trades(), history, real_config).to_json()
        for history in (real_history, MarketData.open(path), MarketScan([path]))
    ]
    assert results[0] == results[1] == results[2]
    assert len(json.loads(results[0])["fills"]) > 10


def quotes(count: int, first: int = 0) -> MarketData:
    level = bp.Level(price=100, amount=1), bp.Level(price=101, amount=1)
    return MarketData.from_events(
        bp.MarketEvent(at(number), at(number), bp.ExchangeId.BINANCE_SPOT, 0,
                       bp.OrderBookL1(at(number), *level))
        for number in range(first, first + count)
    )  # fmt: skip


@LAYOUTS
def test_a_scan_holds_a_block_at_a_time(tmp_path: Path, compressed: bool) -> None:
    count = 40_000
    paths = [tmp_path / f"{number}.bph" for number in range(2)]
    for number, path in enumerate(paths):
        quotes(count, number * count).save(path, compressed=compressed)
    scan = MarketScan(paths)
    lengths = [len(part) for part in scan]
    assert lengths == 2 * [16_384, 16_384, 40_000 - 2 * 16_384]
    events = [event for part in scan for event in part]
    assert events == [*quotes(count), *quotes(count, count)]
    merged = [len(part) for part in MarketScan.merge(scan, quotes(3))]
    assert sum(merged) == 2 * count + 3
    with pytest.raises(MarketDataError, match=r"^parts\[1\] of the scan begins at .*, before the"):
        list(MarketScan([paths[1], paths[0]]))


@pytest.mark.filterwarnings("ignore:the first time_received")
@LAYOUTS
def test_times_at_the_ends_of_days(tmp_path: Path, compressed: bool) -> None:
    """Most times are of the day of the one before, of which only the time of day is worked out."""
    day = 86_400 * 10**9
    ends = [
        sign * days * day + after for sign in (-1, 1) for days in (0, 1, 9) for after in (-1, 0)
    ]
    times = [*ends, *reversed(ends), *(end + 5 for end in ends)]
    level = bp.Level(price=1, amount=1)
    data = MarketData.from_events(
        bp.MarketEvent(exchange, received, bp.ExchangeId.BINANCE_SPOT, 0,
                       bp.OrderBookL1(received, level, None))
        for received in times for exchange in (received, received - 1, received + 1)
    )  # fmt: skip
    data.save(tmp_path / "history.bph", compressed=compressed)
    assert digits(MarketData.open(tmp_path / "history.bph")) == digits(data)


def test_parts_whose_times_step_back_are_saved_and_pickled(tmp_path: Path) -> None:
    """The clock of a scan's part is that of the whole scan, and not of its own events."""
    path = tmp_path / "history.bph"
    MarketData.from_events([*quotes(16_384, 5), *quotes(3)]).save(path)
    for part in MarketScan([path]):
        part.save(tmp_path / "part.bph")
        assert list(MarketData.open(tmp_path / "part.bph")) == list(part)
        assert list(pickle.loads(pickle.dumps(part))) == list(part)


def test_a_damaged_pickle_is_refused() -> None:
    packed = quotes(3).__reduce__()[0].__reduce__()[1][1]
    assert isinstance(packed, bytes)
    for place in range(len(packed)):
        damaged = packed[:place] + bytes([packed[place] ^ 0x10]) + packed[place + 1 :]
        with pytest.raises(MarketDataError, match=r"^pickled market data: "):
            MarketData._from_packed(damaged, None)


def test_an_event_of_another_configuration_is_named(
    tmp_path: Path, real_config: bp.SystemConfig
) -> None:
    """By its position in the file, not in its block."""
    wrong = bp.MarketEvent(
        at(17_000), at(17_000), bp.ExchangeId.BINANCE_SPOT, 99, bp.Settlement(price=1)
    )
    path = tmp_path / "history.bph"
    MarketData.from_events([*quotes(17_000), wrong]).save(path)
    with pytest.raises(MarketDataError, match=r"^parts\[0\] of the scan.*event 17000: .*99"):
        bp.run_backtest(bp.DefaultStrategy(), MarketScan([path]), real_config)


# Files that are none


def checked_header(header: bytes) -> bytes:
    """Give the header with a right checksum."""
    return header[:60] + struct.pack("<I", zlib.crc32(header[:60]))


def with_field(form: str, place: int, value: int) -> Callable[[bytes], bytes]:
    """Give what writes a number into the header, with a right checksum."""

    def change(file: bytes) -> bytes:
        header = bytearray(file[:HEADER])
        struct.pack_into(form, header, place, value)
        return checked_header(bytes(header)) + file[HEADER:]

    return change


def with_block(form: str, place: int, value: int) -> Callable[[bytes], bytes]:
    """Give what writes a number into the head of the first block, with a right checksum."""

    def change(file: bytes) -> bytes:
        start = HEADER + struct.unpack_from("<I", file, 56)[0]
        head = bytearray(file[start : start + 12])
        stored = file[start + 16 :]
        struct.pack_into(form, head, place, value)
        checksum = struct.pack("<I", zlib.crc32(bytes(head) + stored))
        return file[:start] + bytes(head) + checksum + stored

    return change


def longer(file: bytes) -> bytes:
    return with_field("<Q", 48, len(file) + 9)(file)


def add(file: bytes) -> bytes:
    return longer(file) + bytes(9)


BROKEN: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda _: b"", "not a history that MarketData.save has written"),
    "text": (lambda _: b'{"Item":{}}\n', "not a history that MarketData.save has written"),
    "only its mark": (lambda file: file[:8], "the file ends within its header"),
    "half a header": (lambda file: file[:40], "the file ends within its header"),
    "a header alone": (lambda file: file[:HEADER], "it was cut off"),
    "cut off": (lambda file: file[:-1], "it was cut off, or something was added"),
    "added": (lambda file: file + b"\0", "it was cut off, or something was added"),
    "cut off, as its header says": (
        lambda file: with_field("<Q", 48, len(file) - 1)(file)[:-1],
        "the file ends within a block: it was cut off",
    ),
    "added, as its header says": (add, "does not have the events that its header tells of"),
    "another version": (with_field("<H", 12, 2), "is of version 2, and this version of"),
    "the other order of bytes": (
        lambda file: file[:8] + b"\x0a\x0b\x0c\x0d" + file[12:],
        "in the order of another kind of machine",
    ),
    "an order that is none": (with_field("<I", 8, 7), "the header is damaged"),
    "another layout": (with_field("<H", 14, 2), "the header is damaged"),
    "a bit of the header": (
        lambda file: file[:20] + bytes([file[20] ^ 1]) + file[21:],
        "the header is damaged: its checksum is wrong",
    ),
    "a bit of the names": (
        lambda file: file[:HEADER] + bytes([file[HEADER] ^ 1]) + file[HEADER + 1 :],
        "the names of the exchanges are damaged",
    ),
    "absurd names": (with_field("<I", 56, 2**32 - 1), "it was cut off"),
    "no names": (with_field("<I", 56, 0), "the names of the exchanges are damaged"),
    "more events": (with_field("<Q", 16, 2**64 - 1), "does not have the events"),
    "more blocks": (with_field("<Q", 24, 2**64 - 1), "it was cut off"),
    "fewer blocks": (with_field("<Q", 24, 0), "does not have the events"),
    "another start": (with_field("<q", 32, 5), "does not have the events"),
    "another end": (with_field("<q", 40, 2**62), "does not have the events"),
    "a bit of a block": (
        lambda file: file[:-1] + bytes([file[-1] ^ 1]),
        "block 0 is damaged: its checksum is wrong",
    ),
    "no event in a block": (with_block("<I", 0, 0), "block 0 is damaged: it cannot be so long"),
    "absurdly many events": (with_block("<I", 0, 2**32 - 1), "block 0 is damaged: it cannot be"),
    "absurdly many bytes": (with_block("<I", 4, 2**32 - 1), "block 0 is damaged: it cannot be"),
    "absurdly many stored": (with_block("<I", 8, 2**32 - 1), "it was cut off"),
    "fewer events in a block": (with_block("<I", 0, 2), "event 2 is one more than its block"),
    "more events in a block": (with_block("<I", 0, 4), "event 3 is no record of this version"),
}


@LAYOUTS
@pytest.mark.parametrize("kind", BROKEN)
def test_a_file_that_is_none_is_refused(tmp_path: Path, compressed: bool, kind: str) -> None:
    change, reason = BROKEN[kind]
    path = tmp_path / "history.bph"
    quotes(3).save(path, compressed=compressed)
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(MarketDataError, match=f"^{re.escape(str(path))}: ") as caught:
        MarketData.open(path)
    assert reason in str(caught.value)
    assert str(caught.value.path) == str(path)


def test_no_change_ends_the_process(tmp_path: Path) -> None:
    """Each byte of small files is changed, with checksums that are right."""
    path = tmp_path / "history.bph"
    for compressed in (False, True):
        quotes(3).save(path, compressed=compressed)
        whole = path.read_bytes()
        start = HEADER + struct.unpack_from("<I", whole, 56)[0]
        for place in range(start, len(whole)):
            for flip in (0x01, 0x80, 0xFF):
                changed = bytearray(whole)
                changed[place] ^= flip
                head, stored = changed[start : start + 12], changed[start + 16 :]
                checksum = zlib.crc32(bytes(head + stored))
                struct.pack_into("<I", changed, start + 12, checksum)
                path.write_bytes(changed)
                try:
                    opened = MarketData.open(path)
                except MarketDataError:
                    continue
                assert len(opened) == 3


def test_an_event_that_cannot_be_is_refused(tmp_path: Path) -> None:
    """The form holds a price that barter's arithmetic does not take."""
    early = datetime(2024, 1, 1, tzinfo=timezone.utc)
    candle = bp.Candle(early, open=1, high=1, low=1, close=1, volume=1, trade_count=1)
    path = tmp_path / "history.bph"
    line = event_to_json(bp.MarketEvent(early, early, bp.ExchangeId.KRAKEN, 0, candle))
    item = json.loads(line)["Market"]
    item["Item"]["kind"]["Candle"]["close_time"] = (early + timedelta(days=1)).isoformat()
    lines = tmp_path / "events.jsonl"
    lines.write_text(json.dumps(item))
    MarketData._as_it_is(lines).save(path)
    with pytest.raises(MarketDataError, match=r"event 0 cannot be: close_time .* is after"):
        MarketData.open(path)


def test_other_readers_say_what_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "history.bph"
    quotes(3).save(path)
    for read in (MarketData.from_json_lines, MarketData.from_json):
        with pytest.raises(MarketDataError, match=r"which MarketData\.open reads"):
            read(path)


def test_files_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        MarketData.open(tmp_path / "none.bph")
    with pytest.raises(FileNotFoundError):
        quotes(1).save(tmp_path / "none" / "history.bph")
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises((IsADirectoryError, PermissionError)):
        quotes(1).save(folder)
    assert [*tmp_path.iterdir()] == [folder]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows replaces no file that is open")
@LAYOUTS
def test_a_file_is_replaced_as_a_whole(tmp_path: Path, compressed: bool) -> None:
    """Who reads the old one goes on reading it."""
    path = tmp_path / "history.bph"
    quotes(40_000).save(path, compressed=compressed)
    parts = iter(MarketScan([path]))
    first = next(parts)
    quotes(2).save(path, compressed=compressed)
    assert len(first) + sum(len(part) for part in parts) == 40_000
    assert len(MarketData.open(path)) == 2
    assert [file.name for file in tmp_path.iterdir()] == ["history.bph"]


@LAYOUTS
def test_the_command_reads_it(tmp_path: Path, real_history: MarketData, compressed: bool) -> None:
    path = tmp_path / "history"
    real_history[:500].save(path, compressed=compressed)
    shown = run_command("inspect-data", path)
    assert shown.returncode == 0, shown.stderr
    assert "500" in shown.stdout


def test_it_is_small(tmp_path: Path, real_history: MarketData) -> None:
    sizes = []
    for compressed in (False, True):
        path = tmp_path / "history.bph"
        real_history.save(path, compressed=compressed)
        sizes.append(path.stat().st_size / len(real_history))
    assert sizes[0] < 64
    assert sizes[1] < sizes[0]
