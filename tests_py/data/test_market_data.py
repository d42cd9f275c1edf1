"""Loading and reading market data."""

from __future__ import annotations

import gzip
import itertools
import json
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from support.histories import (
    BTC,
    ETH,
    SPOT,
    START_NS,
    at,
    candle,
    event,
    history,
    l1,
    reconnecting,
    trade,
)
from support.lines import FORTY_DIGITS, L1_LINE, LINES, TRADE_LINE

from barter_python import (
    Candle,
    ExchangeId,
    Funding,
    Level,
    Liquidation,
    MarketData,
    MarketDataError,
    MarketEvent,
    OrderBookL1,
    PublicTrade,
    Reconnecting,
    Settlement,
    Side,
)


def nanoseconds(text: str) -> int:
    """Read RFC 3339 by hand, since `datetime` stops at microseconds."""
    seconds, _, fraction = text.removesuffix("Z").partition(".")
    since_1970 = datetime.fromisoformat(f"{seconds}+00:00") - datetime(
        1970, 1, 1, tzinfo=timezone.utc
    )
    return since_1970 // timedelta(seconds=1) * 1_000_000_000 + int(fraction.ljust(9, "0"))


def load(path: Path, text: str) -> MarketData:
    path.write_text(text, encoding="utf-8")
    return MarketData.from_json_lines(path)


# Reading


def test_each_kind_of_line_is_read_exactly(tmp_path: Path) -> None:
    events = list(load(tmp_path / "plain.jsonl", "\n".join(LINES)))
    received = nanoseconds("2025-03-25T23:07:00.773684644Z")
    exchange = nanoseconds("2025-03-25T23:07:00.773674205Z")
    levels = [
        Level(price=Decimal("2059.10000000"), amount=Decimal("33.09140000")),
        Level(price=Decimal("2059.11000000"), amount=Decimal("3.01460000")),
    ]
    closed = nanoseconds("2025-03-25T23:07:00Z")
    one, two, three = Decimal("1.5"), Decimal("2.5"), Decimal("3.5")
    assert events == [
        MarketEvent(exchange, received, SPOT, 1, OrderBookL1(exchange, levels[0], levels[1])),
        MarketEvent(
            exchange,
            received,
            SPOT,
            0,
            PublicTrade(
                "4744868157", price=Decimal("87232.5"), amount=Decimal("0.00012"), side=Side.SELL
            ),
        ),
        MarketEvent(
            exchange,
            received,
            SPOT,
            0,
            Candle(
                closed,
                open=one,
                high=three,
                low=Decimal("0.5"),
                close=two,
                volume=Decimal("100.25"),
                trade_count=7,
            ),
        ),
        MarketEvent(
            exchange,
            received,
            SPOT,
            0,
            Liquidation(Side.BUY, price=two, quantity=three, time=closed + 1),
        ),
        MarketEvent(
            exchange,
            received,
            SPOT,
            0,
            Funding(Decimal("-0.00012500"), mark_price=Decimal("87232.5")),
        ),
        MarketEvent(exchange, received, SPOT, 0, Settlement(price=Decimal("87232.50"))),
        Reconnecting(SPOT),
    ]


def test_a_recorded_result_is_read_as_its_item(tmp_path: Path) -> None:
    result = TRADE_LINE.replace('{"Item":{', '{"Item":{"Ok":{') + "}"
    assert list(load(tmp_path / "a", result)) == list(load(tmp_path / "b", TRADE_LINE))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\n".join(LINES), id="no newline at the end"),
        pytest.param("\n".join(LINES) + "\n", id="newline at the end"),
        pytest.param("\r\n".join(LINES) + "\r\n", id="CRLF"),
        pytest.param("\n\n" + "\n \t\n".join(LINES) + "\n\n\n", id="blank lines"),
    ],
)
def test_plain_and_gzip_lines(tmp_path: Path, text: str) -> None:
    expected = list(load(tmp_path / "expected", "\n".join(LINES)))
    content = text.encode()
    (tmp_path / "plain").write_bytes(content)
    (tmp_path / "packed").write_bytes(gzip.compress(content))
    assert list(MarketData.from_json_lines(tmp_path / "plain")) == expected
    assert list(MarketData.from_json_lines(str(tmp_path / "packed"))) == expected


def test_gzip_of_several_members(tmp_path: Path) -> None:
    text = "\n".join(LINES).encode() + b"\n"
    members = [gzip.compress(text[:100]), gzip.compress(b""), gzip.compress(text[100:])]
    (tmp_path / "members.gz").write_bytes(b"".join(members) + gzip.compress(text))
    expected = list(load(tmp_path / "expected", "\n".join(LINES)))
    assert list(MarketData.from_json_lines(tmp_path / "members.gz")) == expected * 2


def test_the_bundled_file_with_lost_streams(examples: Path, disconnects: MarketData) -> None:
    path = examples / "binance_spot_market_data_with_disconnect_events.json"
    elements = json.loads(path.read_text(encoding="utf-8"))
    assert len(disconnects) == len(elements) == 24
    lost = [position for position, one in enumerate(disconnects) if isinstance(one, Reconnecting)]
    assert lost == [5, 11, 16]
    assert disconnects[5] == Reconnecting(ExchangeId.BINANCE_SPOT)
    first = disconnects[0]
    assert isinstance(first, MarketEvent)
    assert first.time_received_ns == nanoseconds("2024-12-20T19:05:18.319581890Z")
    assert first.kind == PublicTrade(
        "4314349047", price=Decimal("96962.51"), amount=Decimal("0.00006"), side=Side.BUY
    )


def test_an_array_may_be_compressed(
    examples: Path, disconnects: MarketData, tmp_path: Path
) -> None:
    path = examples / "binance_spot_market_data_with_disconnect_events.json"
    (tmp_path / "array.json.gz").write_bytes(gzip.compress(path.read_bytes()))
    assert list(MarketData.from_json(tmp_path / "array.json.gz")) == list(disconnects)


@dataclass
class Differences:
    """What the real file holds and what was read, where the two are not the same."""

    trades: int
    books: int
    found: list[object]


def compare(path: Path, data: MarketData) -> Differences:
    differences = Differences(0, 0, [])
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for read, line in itertools.zip_longest(data, file):
            item = json.loads(line)["Item"]
            kind = item["kind"]
            assert isinstance(read, MarketEvent)
            pairs: list[tuple[object, object]] = [
                (read.time_exchange_ns, nanoseconds(item["time_exchange"])),
                (read.time_received_ns, nanoseconds(item["time_received"])),
                (read.instrument, item["instrument"]),
                (read.exchange.value, item["exchange"]),
            ]
            if isinstance(read.kind, PublicTrade):
                tick = kind["Trade"]
                differences.trades += 1
                pairs += [
                    (read.kind.id, tick["id"]),
                    (read.kind.price_f64, tick["price"]),
                    (read.kind.amount_f64, tick["amount"]),
                    (read.kind.price, Decimal(repr(tick["price"]))),
                    (read.kind.amount, Decimal(repr(tick["amount"]))),
                    (read.kind.side.value, tick["side"].lower()),
                ]
            else:
                assert isinstance(read.kind, OrderBookL1)
                book = kind["OrderBookL1"]
                differences.books += 1
                pairs.append((read.kind.last_update_time_ns, nanoseconds(book["last_update_time"])))
                for level, name in (
                    (read.kind.best_bid, "best_bid"),
                    (read.kind.best_ask, "best_ask"),
                ):
                    assert level is not None
                    pairs += [
                        (str(level.price), book[name]["price"]),
                        (str(level.amount), book[name]["amount"]),
                    ]
            differences.found += [pair for pair in pairs if pair[0] != pair[1]]
    return differences


def test_every_number_of_the_real_file_is_exact(real_path: Path, real_history: MarketData) -> None:
    assert compare(real_path, real_history) == Differences(trades=11_032, books=38_968, found=[])


@pytest.mark.parametrize(
    "number",
    ["0.1", "87232.00001", "1e-7", "1E3", "2.5e-10", "0.30000000000000004", "123456789", "0"],
)
def test_numbers_are_read_by_their_shortest_form(tmp_path: Path, number: str) -> None:
    data = load(tmp_path / "one", TRADE_LINE.replace("87232.5", number))
    read = data[0]
    assert isinstance(read, MarketEvent)
    assert isinstance(read.kind, PublicTrade)
    assert read.kind.price_f64 == float(number)
    assert read.kind.price == Decimal(number)


def test_a_side_of_the_book_may_be_empty(tmp_path: Path) -> None:
    line = L1_LINE.replace('{"price":"2059.10000000","amount":"33.09140000"}', "null")
    read = load(tmp_path / "one", line)[0]
    assert isinstance(read, MarketEvent)
    assert isinstance(read.kind, OrderBookL1)
    assert read.kind.best_bid is None
    assert read.kind.best_ask == Level(price=Decimal("2059.11000000"), amount=Decimal("3.01460000"))


def test_parsing_releases_the_interpreters_lock(real_path: Path) -> None:
    """With switches forbidden, the other thread counts only if the lock is given away."""
    counted: list[int] = []
    gate = threading.Lock()
    gate.acquire()

    def count() -> None:
        with gate:
            for number in range(1000):
                counted.append(number)

    thread = threading.Thread(target=count)
    interval = sys.getswitchinterval()
    thread.start()
    sys.setswitchinterval(1000)
    try:
        gate.release()
        before = len(counted)
        MarketData.from_json_lines(real_path)
        after = len(counted)
    finally:
        sys.setswitchinterval(interval)
        thread.join()
    assert (before, after) == (0, 1000)


# The collection


def test_length_index_and_iteration() -> None:
    events: list[MarketEvent | Reconnecting]
    events = [l1(0, "1", "2"), reconnecting(), trade(1, "3"), candle(2, "4", instrument=ETH)]
    data = MarketData.from_events(events)
    assert len(data) == 4
    assert list(data) == events
    assert [data[position] for position in range(4)] == events
    assert [data[position] for position in range(-4, 0)] == events
    iterator = iter(data)
    assert iter(iterator) is iterator
    assert [next(iterator), next(iterator)] == events[:2]
    assert list(iterator) == events[2:]
    assert next(iterator, None) is None
    assert list(data) == events


@pytest.mark.parametrize("position", [2, -3, 2**62, -(2**63), 2**63, 10**30])
def test_an_index_outside(position: int) -> None:
    with pytest.raises(IndexError):
        history(l1(0, "1", "2"), l1(1, "1", "2"))[position]


@pytest.mark.parametrize("position", ["0", 0.0, None])
def test_an_index_of_a_wrong_type(position: object) -> None:
    with pytest.raises(TypeError):
        history(l1(0, "1", "2"))[position]  # type: ignore[call-overload]


def test_repr(tmp_path: Path) -> None:
    assert repr(history(l1(0, "1", "2"))) == "MarketData(events=1)"
    data = load(tmp_path / "events.jsonl", TRADE_LINE)
    assert repr(data) == f'MarketData(events=1, source="{tmp_path / "events.jsonl"}")'


def test_times_of_a_history() -> None:
    data = history(
        reconnecting(), l1(5, "1", "2"), l1(20, "1", "2"), l1(10, "1", "2"), reconnecting()
    )
    start = datetime.fromtimestamp(START_NS // 10**9, tz=timezone.utc).replace(microsecond=123_456)
    assert data.time_start == start + timedelta(milliseconds=5)
    assert data.time_end == start + timedelta(milliseconds=20)
    assert data.time_start.tzinfo is not None


def test_it_cannot_be_made_without_events() -> None:
    with pytest.raises(TypeError):
        MarketData(None)  # type: ignore[arg-type]


# From Python


def test_the_exception_of_a_generator_surfaces_unchanged() -> None:
    class Stopped(BaseException):
        pass

    stopped = Stopped()

    def events() -> Iterator[MarketEvent]:
        yield l1(0, "1", "2")
        raise stopped

    with pytest.raises(Stopped) as caught:
        MarketData.from_events(events())
    assert caught.value is stopped
    assert caught.traceback[-1].name == "events"


@pytest.mark.parametrize("wrong", [None, 5, l1(0, "1", "2")])
def test_what_is_no_iterable(wrong: object) -> None:
    with pytest.raises(TypeError, match="iterable"):
        MarketData.from_events(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong", [None, "event", 1, (1, 2), PublicTrade("1", price=1, amount=1, side=Side.BUY)]
)
def test_an_element_of_a_wrong_type_is_named(wrong: object) -> None:
    with pytest.raises(TypeError, match=rf"event 1 .*{type(wrong).__name__}"):
        MarketData.from_events([l1(0, "1", "2"), wrong])  # type: ignore[list-item]


@pytest.mark.parametrize("events", [[], [reconnecting()]])
def test_a_history_needs_a_market_event(events: list[MarketEvent | Reconnecting]) -> None:
    with pytest.raises(MarketDataError, match="no market events"):
        MarketData.from_events(events)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (trade(0, "100000000000000"), "price 100000000000000 is too large"),
        (trade(0, "1", f"1{'0' * 25}"), "amount 10{25} is too large"),
        (trade(0, "1", "-1"), "amount"),
        (l1(0, "100000000000000", None), "best_bid.(price|amount) 100000000000000 is too large"),
        (l1(0, None, "1", ask_amount="-1"), "best_ask.amount must not be negative, got -1"),
        (candle(0, "-100000000000000"), "open -100000000000000 is too large"),
    ],
)
def test_numbers_that_barter_cannot_take(wrong: MarketEvent, reason: str) -> None:
    with pytest.raises(MarketDataError, match=f"event 1: .*{reason}"):
        MarketData.from_events([l1(0, "1", "2"), wrong])


def test_numbers_that_are_not_finite_or_too_long() -> None:
    for text in ("NaN", "Infinity", "-Infinity", "sNaN"):
        with pytest.raises(ValueError, match="finite"):
            PublicTrade("1", price=Decimal(text), amount=1, side=Side.BUY)
    with pytest.raises(ValueError, match=FORTY_DIGITS):
        Level(price=Decimal(FORTY_DIGITS), amount=1)
    with pytest.raises(TypeError, match="float"):
        Level(price=1.5, amount=1)  # type: ignore[arg-type]


def test_naive_times_are_refused() -> None:
    naive = datetime(2025, 1, 1)
    with pytest.raises((TypeError, ValueError), match=r"naive|time ?zone|tzinfo|aware"):
        MarketEvent(naive, at(0), SPOT, BTC, PublicTrade("1", price=1, amount=1, side=Side.BUY))


def test_times_that_nanoseconds_cannot_hold() -> None:
    far = datetime(2300, 1, 1, tzinfo=timezone.utc)
    tick = PublicTrade("1", price=1, amount=1, side=Side.BUY)
    with pytest.raises(MarketDataError, match=r"time_received 2300.*1677 to 2262"):
        MarketData.from_events([MarketEvent(at(0), far, SPOT, BTC, tick)])


def test_liquidations_are_kept() -> None:
    liquidation = event(
        0, Liquidation(Side.SELL, price=Decimal("1.50"), quantity=Decimal(2), time=at(0))
    )
    assert list(history(liquidation)) == [liquidation]
