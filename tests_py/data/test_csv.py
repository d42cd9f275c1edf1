"""CSV as events: exact, in order, and refused with the line, the column and the value."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.tables import AMBIGUOUS, FUTURES, ONE, SPOT, TWO, items, shown, trade, written

from barter_python import (
    BarterError,
    BookColumns,
    BookSnapshotColumns,
    BuyerIsMaker,
    Candle,
    CandleColumns,
    Funding,
    FundingColumns,
    IndexedInstruments,
    InstrumentConfig,
    L1Columns,
    Level,
    Liquidation,
    LiquidationColumns,
    MarketData,
    MarketDataError,
    MarketEvent,
    MockExecutionConfig,
    OrderBook,
    OrderBookL1,
    OrderBookSnapshot,
    OrderBookUpdate,
    PublicTrade,
    Reconnecting,
    RowOrder,
    Settlement,
    SettlementColumns,
    Side,
    SystemConfig,
    TimeUnit,
    TradeColumns,
    Underlying,
    UnknownKeyError,
)
from barter_python.data import Columns

MS = 1_742_943_900_123
"""2025-03-25T23:05:00.123Z in milliseconds."""

NS = MS * 1_000_000
HEADER = "time_exchange,price,amount,side"
MILLISECONDS = TimeUnit.MILLISECONDS


def read(
    path: Path,
    columns: Columns | None = None,
    *,
    instruments: IndexedInstruments = ONE,
    instrument: str | None = None,
    unit: TimeUnit | None = MILLISECONDS,
    order: RowOrder = RowOrder.REFUSE,
) -> MarketData:
    """Read a file of trades, whose times are milliseconds, if nothing else is said."""
    return MarketData.from_csv(
        path,
        TradeColumns() if columns is None else columns,
        instruments=instruments,
        instrument=instrument,
        unit=unit,
        order=order,
    )


def refused(path: Path, columns: Columns | None = None, **options: object) -> MarketDataError:
    """Give the error with which a file is refused."""
    with pytest.raises(MarketDataError) as caught:
        read(path, columns, **options)  # type: ignore[arg-type] # any of the options
    assert isinstance(caught.value, BarterError)
    assert "\n" not in str(caught.value)
    return caught.value


# What rows become


def test_trades_keep_every_digit(tmp_path: Path) -> None:
    path = written(
        tmp_path / "trades.csv",
        HEADER,
        f"{MS},87232.50,0.00012000,buy",
        f"{MS},0.1234567890123456789012345678,1e3,SELL",
        f"{MS + 1},79228162514.264337593543950335,5,s",
    )
    assert shown(read(path)) == shown(
        [
            trade(NS, "87232.50", "0.00012000", Side.BUY, "1"),
            trade(NS, "0.1234567890123456789012345678", "1000", Side.SELL, "2"),
            trade(NS + 1_000_000, "79228162514.264337593543950335", "5", Side.SELL, "3"),
        ]
    )


def test_all_columns_of_trades(tmp_path: Path) -> None:
    path = written(
        tmp_path / "trades.csv",
        "maker,other,got,at,px,qty,tid,name",
        f"True,x,{MS + 5},{MS},2.5,1,a-1,ETHUSDT",
        f"false,x,{MS + 6},{MS},3.5,2,a-2,binancespot-btc_usdt",
    )
    columns = TradeColumns(
        time_exchange="at",
        time_received="got",
        price="px",
        amount="qty",
        side=BuyerIsMaker("maker"),
        id="tid",
        instrument="name",
    )
    assert items(read(path, columns, instruments=TWO)) == [
        trade(NS, "2.5", "1", Side.SELL, "a-1", received=NS + 5_000_000, instrument=1),
        trade(NS, "3.5", "2", Side.BUY, "a-2", received=NS + 6_000_000),
    ]


def test_an_unknown_side_is_refused_or_taken_for_one(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", HEADER, f"{MS},1,1,unknown", f"{MS},1,1,", f"{MS},1,1,buy")
    error = refused(path)
    assert error.line == 2
    assert "unknown_side=Side.BUY" in str(error)
    kinds = [event.kind for event in items(read(path, TradeColumns(unknown_side=Side.SELL)))]
    assert [kind.side for kind in kinds if isinstance(kind, PublicTrade)] == [
        Side.SELL,
        Side.SELL,
        Side.BUY,
    ]


def test_quotes(tmp_path: Path) -> None:
    path = written(
        tmp_path / "quotes.csv",
        "time_exchange,bid_price,bid_amount,ask_price,ask_amount",
        f"{MS},99.50,2,100.50,3",
        f"{MS + 1},,,100.50,3",
        f"{MS + 2},99.50,2,,0",
        f"{MS + 3},,0.0,,",
    )
    bid, ask = Level(price=Decimal("99.50"), amount=2), Level(price=Decimal("100.50"), amount=3)
    expected = [(bid, ask), (None, ask), (bid, None), (None, None)]
    assert items(read(path, L1Columns())) == [
        MarketEvent(time, time, SPOT, 0, OrderBookL1(time, *levels))
        for time, levels in ((NS + 1_000_000 * n, pair) for n, pair in enumerate(expected))
    ]


def test_an_amount_without_a_price_is_refused(tmp_path: Path) -> None:
    path = written(
        tmp_path / "quotes.csv",
        "time_exchange,bid_price,bid_amount,ask_price,ask_amount",
        f"{MS},,2,100.50,3",
    )
    assert 'column "bid_price": is empty, but there is an amount' in str(refused(path, L1Columns()))


def test_levels_of_one_message_are_one_event(tmp_path: Path) -> None:
    path = written(
        tmp_path / "book.csv",
        "time_exchange,time_received,is_snapshot,side,price,amount,seq",
        f"{MS},{MS + 1},true,bid,99,2,7",
        f"{MS},{MS + 1},true,ask,101,3,7",
        f"{MS},{MS + 1},true,bid,98,0,7",
        f"{MS},{MS + 1},false,bid,99,0,8",
        f"{MS + 2},{MS + 3},false,b,97,1,9",
        f"{MS + 1},{MS + 3},false,a,101,4,9",
        f"{MS + 1},{MS + 3},false,a,101,5,9",
        f"{MS + 4},{MS + 5},true,sell,102,1,10",
    )
    columns = BookColumns(
        time_received="time_received",
        is_snapshot="is_snapshot",
        sequence="seq",
        snapshot_is_reconnect=True,
    )

    def event(at: int, got: int, kind: OrderBookSnapshot | OrderBookUpdate) -> MarketEvent:
        return MarketEvent(NS + at * 1_000_000, NS + got * 1_000_000, SPOT, 0, kind)

    assert list(read(path, columns)) == [
        event(
            0,
            1,
            OrderBookSnapshot(
                OrderBook(7, None, [Level(price=99, amount=2)], [Level(price=101, amount=3)])
            ),
        ),
        event(0, 1, OrderBookUpdate(OrderBook(8, None, [Level(price=99, amount=0)], []))),
        event(
            2,
            3,
            OrderBookUpdate(
                OrderBook(9, None, [Level(price=97, amount=1)], [Level(price=101, amount=5)])
            ),
        ),
        Reconnecting(SPOT),
        event(4, 5, OrderBookSnapshot(OrderBook(10, None, [], [Level(price=102, amount=1)]))),
    ]


def test_a_snapshot_with_a_price_twice_is_refused_at_its_first_row(tmp_path: Path) -> None:
    path = written(
        tmp_path / "book.csv",
        "time_exchange,snap,side,price,amount",
        f"{MS},1,bid,99,2",
        f"{MS + 1},1,bid,98,2",
        f"{MS + 1},1,bid,98,3",
        f"{MS + 2},0,bid,98,3",
    )
    error = refused(path, BookColumns(is_snapshot="snap"))
    assert error.line == 3
    assert "bids price 98 is there twice" in str(error)


def test_whole_books(tmp_path: Path) -> None:
    path = written(
        tmp_path / "books.csv",
        "time_exchange,b_01,bq_01,a_01,aq_01,b_02,bq_02,a_02,aq_02",
        f"{MS},99,1,101,2,98,3,102,4",
        f"{MS + 1},99,1,101,2,,,102,0",
    )
    columns = BookSnapshotColumns(
        levels=2,
        first_level=1,
        bid_price="b_{level:02}",
        bid_amount="bq_{level:02}",
        ask_price="a_{level:02}",
        ask_amount="aq_{level:02}",
    )
    books = [
        OrderBook(
            0,
            None,
            [Level(price=99, amount=1), Level(price=98, amount=3)],
            [Level(price=101, amount=2), Level(price=102, amount=4)],
        ),
        OrderBook(0, None, [Level(price=99, amount=1)], [Level(price=101, amount=2)]),
    ]
    assert [event.kind for event in items(read(path, columns))] == [
        OrderBookSnapshot(book) for book in books
    ]


def test_liquidations(tmp_path: Path) -> None:
    path = written(
        tmp_path / "l.csv", "time_exchange,side,price,quantity", f"{MS},sell,87000.5,0.250"
    )
    (event,) = items(read(path, LiquidationColumns()))
    assert event.kind == Liquidation(
        Side.SELL, price=Decimal("87000.5"), quantity=Decimal("0.250"), time=NS
    )


def test_fundings(tmp_path: Path) -> None:
    path = written(
        tmp_path / "f.csv",
        "time_exchange,rate,mark",
        f"{MS},0.0001,87000.5",
        f"{MS},-1.25e-05,",
    )
    of_mark, of_run = items(read(path, FundingColumns(mark_price="mark")))
    assert of_mark.kind == Funding(Decimal("0.0001"), mark_price=Decimal("87000.5"))
    assert of_run.kind == Funding(Decimal("-0.0000125"))
    assert of_mark.time_exchange_ns == of_mark.time_received_ns == NS
    first, _ = items(read(path, FundingColumns()))
    assert first.kind == Funding(Decimal("0.0001"))


def test_settlements(tmp_path: Path) -> None:
    path = written(tmp_path / "s.csv", "time_exchange,price", f"{MS},87000.5")
    (event,) = items(read(path, SettlementColumns()))
    assert event.kind == Settlement(price=Decimal("87000.5"))


# Candles

CANDLE_HEADER = "opened,closed,open,high,low,close,volume,count"


@pytest.mark.parametrize(
    ("columns", "known"),
    [
        (CandleColumns(open_time="opened", length=timedelta(minutes=1)), 60_000),
        (CandleColumns(close_time="closed"), 59_999),
        (CandleColumns(close_time="closed", close_is_inclusive=True), 60_000),
        (CandleColumns(close_time="closed", close_is_inclusive=True, open_time="opened"), 60_000),
    ],
)
def test_a_candle_is_known_when_it_closes(
    tmp_path: Path, columns: CandleColumns, known: int
) -> None:
    start = MS // 60_000 * 60_000
    path = written(tmp_path / "c.csv", CANDLE_HEADER, f"{start},{start + 59_999},1.50,3,1,2,100,7")
    (event,) = items(read(path, columns))
    close = start + (60_000 if columns.close_time is None else 59_999)
    assert event.time_received_ns == (start + known) * 1_000_000
    assert event.time_exchange_ns == event.time_received_ns
    assert event.kind == Candle(
        close * 1_000_000, open=Decimal("1.50"), high=3, low=1, close=2, volume=100, trade_count=0
    )


def test_the_number_of_trades_of_a_candle(tmp_path: Path) -> None:
    path = written(tmp_path / "c.csv", CANDLE_HEADER, f"{MS},{MS},1,3,1,2,100,7")
    (event,) = items(read(path, CandleColumns(close_time="closed", trade_count="count")))
    assert isinstance(event.kind, Candle)
    assert event.kind.trade_count == 7


@pytest.mark.parametrize(
    ("row", "columns", "message"),
    [
        (
            f"{MS},{MS},1,3,1,2,100,7",
            CandleColumns(close_time="closed", open_time="opened"),
            'column "closed": the candle closes at .*, but opens at',
        ),
        (
            f"{MS},{MS + 1},1,3,1,2,100,7",
            CandleColumns(close_time="closed", time_received="opened"),
            'column "opened": is .*, but the candle closes at .*: nobody knows it before',
        ),
        (
            f"{MS},{MS + 1},1,2,3,2,100,7",
            CandleColumns(close_time="closed"),
            'column "high": 2 is below the low, 3',
        ),
        (
            f"{MS},{MS + 1},1,2,1,2,-100,7",
            CandleColumns(close_time="closed"),
            "volume must not be negative",
        ),
        (
            f"{MS},{MS + 1},1,2,1,2,100,-7",
            CandleColumns(close_time="closed", trade_count="count"),
            'column "count": must be a whole number from 0',
        ),
    ],
)
def test_candles_that_contradict_themselves_are_refused(
    tmp_path: Path, row: str, columns: CandleColumns, message: str
) -> None:
    assert re.search(
        message, str(refused(written(tmp_path / "c.csv", CANDLE_HEADER, row), columns))
    )


# Forms of files


def packed_as_zip(content: bytes, *names: str) -> bytes:
    """Pack the content under each name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return buffer.getvalue()


CONTENT = f"{HEADER}\n{MS},87232.50,1,buy\n".encode()
FORMS: dict[str, bytes] = {
    "plain": CONTENT,
    "gzip": gzip.compress(CONTENT),
    "gzip in parts": gzip.compress(CONTENT[:20]) + gzip.compress(CONTENT[20:]),
    "zip": packed_as_zip(CONTENT, "trades.csv"),
    "zip with others": packed_as_zip(CONTENT, "a/b.CSV", "README.txt", "__MACOSX/a/b.csv", "d/"),
    "byte order mark": b"\xef\xbb\xbf" + CONTENT,
    "gzip with a byte order mark": gzip.compress(b"\xef\xbb\xbf" + CONTENT),
    "CRLF": CONTENT.replace(b"\n", b"\r\n"),
    "no last newline": CONTENT[:-1],
    "quotes": CONTENT.replace(b"87232.50", b'"87232.50"').replace(b"price", b'"price"'),
    "spaces": CONTENT.replace(b",", b" , "),
    "blank lines": CONTENT.replace(b"\n", b"\n\n"),
}


@pytest.mark.parametrize("form", FORMS)
def test_forms_of_files(tmp_path: Path, form: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(FORMS[form])
    assert shown(read(path)) == shown([trade(NS, "87232.50", "1", Side.BUY, "1")])


def test_members_of_a_zip_are_read_one_after_the_other(tmp_path: Path) -> None:
    path = tmp_path / "two.zip"
    path.write_bytes(packed_as_zip(CONTENT, "b.csv", "a.csv"))
    assert len(read(path)) == 2
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.csv", CONTENT)
        archive.writestr("b.csv", CONTENT.replace(b"buy", b"hold"))
    path.write_bytes(buffer.getvalue())
    assert str(refused(path)).startswith(f"{path}/b.csv, line 2: ")


def test_several_files(tmp_path: Path) -> None:
    first = written(tmp_path / "1.csv", HEADER, f"{MS},1,1,buy")
    second = written(tmp_path / "2.csv", "side,amount,price,time_exchange", f"sell,1,2,{MS + 1}")
    data = MarketData.from_csv(
        [first, str(second)], TradeColumns(), instruments=ONE, unit=MILLISECONDS
    )
    assert items(data) == [
        trade(NS, "1", "1", Side.BUY, "1"),
        trade(NS + 1_000_000, "2", "1", Side.SELL, "2"),
    ]
    with pytest.raises(MarketDataError, match=r"1\.csv, line 2: time_received steps back"):
        MarketData.from_csv([second, first], TradeColumns(), instruments=ONE, unit=MILLISECONDS)
    with pytest.raises(ValueError, match="path must not be empty"):
        MarketData.from_csv([], TradeColumns(), instruments=ONE)


def test_a_file_without_a_header_and_with_another_separator(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", f"{MS};2,5;1;buy".replace(",", "."))
    data = MarketData.from_csv(
        path,
        TradeColumns(),
        instruments=ONE,
        unit=MILLISECONDS,
        header=HEADER.split(","),
        delimiter=";",
    )
    assert items(data) == [trade(NS, "2.5", "1", Side.BUY, "1")]


@pytest.mark.parametrize("delimiter", ["", ",,", "é", '"', "\n"])
def test_a_separator_is_one_character(tmp_path: Path, delimiter: str) -> None:
    path = written(tmp_path / "t.csv", HEADER)
    with pytest.raises(ValueError, match="delimiter must be one character"):
        MarketData.from_csv(path, TradeColumns(), instruments=ONE, delimiter=delimiter)


# What is wrong


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (
            "time_exchange,prize,amount,side",
            'there is no column "price"; the columns are ["time_exchange", "prize", "amount", '
            '"side"]; the nearest is "prize"',
        ),
        (f"{HEADER},price", 'the column "price" is there twice'),
        (HEADER.replace(",", ";"), 'give delimiter=";" if that separates them'),
        (HEADER.replace(",", "\t"), 'give delimiter="\\t" if that separates them'),
    ],
)
def test_columns_that_are_missing(tmp_path: Path, header: str, message: str) -> None:
    path = written(tmp_path / "t.csv", header)
    error = refused(path)
    assert message in str(error)
    assert str(error).startswith(f"{path}: ")
    assert (error.path, error.line) == (path, None)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (f"{MS},abc,1,buy", 'column "price": "abc" is not a number'),
        (f"{MS},,1,buy", 'column "price": is empty, but needs a number'),
        (f"{MS},NaN,1,buy", 'column "price": NaN is not a finite number'),
        (f"{MS},1e40,1,buy", 'column "price": 1e40 does not fit exactly'),
        (f"{MS},{'1' * 40},1,buy", "does not fit exactly"),
        (f"{MS},1,-1,buy", "amount must not be negative, got -1"),
        (f"{MS},100000000000000,1,buy", "price 100000000000000 is too large"),
        (f"{MS},1,1,hold", 'column "side": holds "hold", which is no side'),
        (",1,1,buy", 'column "time_exchange": is empty, but needs a time'),
        ("yesterday,1,1,buy", 'column "time_exchange": "yesterday" is no time'),
        ("2025-03-25 23:05:00,1,1,buy", '"2025-03-25 23:05:00" has no time zone'),
        (f"{MS * 1000},1,1,buy", "it looks like unit=TimeUnit.MICROSECONDS"),
        (f"{MS}000000000,1,1,buy", "is outside the years 1677 to 2262|are outside the years"),
        (f"{MS},1,1", "the row has 3 cells, but there are 4 columns"),
        (f"{MS},1,1,buy,", "the row has 5 cells, but there are 4 columns"),
    ],
)
@pytest.mark.parametrize("form", ["plain", "gzip", "zip"])
def test_a_broken_row_is_named(tmp_path: Path, row: str, message: str, form: str) -> None:
    content = f"{HEADER}\n{MS},1,1,buy\n{row}\n{MS},1,1,buy\n".encode()
    pack: dict[str, Callable[[bytes], bytes]] = {
        "plain": bytes,
        "gzip": gzip.compress,
        "zip": lambda content: packed_as_zip(content, "t.csv"),
    }
    path = tmp_path / "t.csv"
    path.write_bytes(pack[form](content))
    error = refused(path)
    place = f"{path}/t.csv" if form == "zip" else str(path)
    assert str(error).startswith(f"{place}, line 3: ")
    assert re.search(message, str(error))
    assert (error.path, error.line) == (path, 3)
    assert f"{place}, line 3: {error.reason}" == str(error)


def test_a_broken_row_far_into_a_file(tmp_path: Path) -> None:
    rows = [f"{MS},1,1,buy"] * 20_500
    assert refused(written(tmp_path / "t.csv", HEADER, *rows, f"{MS},x,1,buy")).line == 20_502


def test_a_whole_number_needs_its_unit(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", HEADER, f"{MS},1,1,buy")
    error = refused(path, unit=None)
    assert f"{MS} is a whole number" in str(error)
    assert "it looks like unit=TimeUnit.MILLISECONDS" in str(error)


@pytest.mark.parametrize("content", ["", "\n\n", f"{HEADER}\n"])
def test_a_file_without_rows(tmp_path: Path, content: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(content, encoding="utf-8")
    error = refused(path)
    assert str(error) == f"{path} holds no market events"


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        read(tmp_path / "missing.csv")
    assert Path(str(caught.value.filename)) == tmp_path / "missing.csv"
    with pytest.raises(IsADirectoryError):
        read(tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x28\xb5\x2f\xfdrest", "not CSV, but compressed with zstd"),
        (b"PAR1rest", r"not CSV, but a Parquet file, which MarketData\.from_parquet reads"),
        (CONTENT.decode().encode("utf-16"), "not CSV, but UTF-16: save it as UTF-8"),
        (b'{"Item":{}}\n', r"not CSV, but JSON: MarketData\.from_json_lines"),
        (b"[]", r"not CSV, but JSON: MarketData\.from_json reads"),
        (b"PK\x03\x04 no archive", "zip|Zip"),
        (packed_as_zip(CONTENT, "trades.txt"), r"no file whose name ends in \.csv"),
        (CONTENT.replace(b"buy", b"\xff\xfe"), "line 2.*is not UTF-8"),
    ],
)
def test_another_kind_of_file_is_named(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    assert re.search(message, str(refused(path)))


# Times


def test_times_as_text(tmp_path: Path) -> None:
    texts = ["2025-03-25T23:05:00.123Z", "2025-03-26 00:05:00.123+01:00", "2025-03-25 23:05:00.123"]
    path = written(tmp_path / "t.csv", HEADER, *(f"{text},1,1,buy" for text in texts))
    data = MarketData.from_csv(path, TradeColumns(), instruments=ONE, assume_utc=True)
    assert {event.time_exchange_ns for event in items(data)} == {NS}


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        (TimeUnit.SECONDS, "1742943900.123"),
        (TimeUnit.MILLISECONDS, "1742943900123"),
        (TimeUnit.MICROSECONDS, "1742943900123000"),
        (TimeUnit.NANOSECONDS, "1742943900123000000"),
    ],
)
def test_units_of_time(tmp_path: Path, unit: TimeUnit, text: str) -> None:
    path = written(tmp_path / "t.csv", HEADER, f"{text},1,1,buy")
    assert items(read(path, unit=unit))[0].time_received_ns == NS


def test_feed_latency(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", HEADER, f"{MS},1,1,buy")
    data = MarketData.from_csv(
        path,
        TradeColumns(),
        instruments=ONE,
        unit=MILLISECONDS,
        feed_latency=timedelta(microseconds=1500),
    )
    (event,) = items(data)
    assert (event.time_exchange_ns, event.time_received_ns) == (NS, NS + 1_500_000)
    data = MarketData.from_csv(
        path,
        TradeColumns(),
        instruments=ONE,
        unit=MILLISECONDS,
        feed_latency=pd.Timedelta(nanoseconds=1_500_007),
    )
    assert items(data)[0].time_received_ns == NS + 1_500_007


@pytest.mark.parametrize(
    ("latency", "error", "message"),
    [
        (timedelta(microseconds=-1), ValueError, "feed_latency: must not be negative"),
        (timedelta(days=366), ValueError, "feed_latency: must not be negative or above 365 days"),
        (5, TypeError, "feed_latency: must be a timedelta, got int 5"),
    ],
)
def test_a_latency_that_is_none(
    tmp_path: Path, latency: timedelta, error: type[Exception], message: str
) -> None:
    path = written(tmp_path / "t.csv", HEADER)
    with pytest.raises(error, match=message):
        MarketData.from_csv(path, TradeColumns(), instruments=ONE, feed_latency=latency)


def test_a_latency_beside_the_time_of_receiving(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="feed_latency is for tables that do not say"):
        MarketData.from_csv(
            tmp_path / "never_opened.csv",
            TradeColumns(time_received="time_received"),
            instruments=ONE,
            feed_latency=timedelta(seconds=1),
        )


# Order

SHUFFLED = [(3, "a"), (1, "10"), (2, "x"), (1, "9"), (1, "b"), (1, "9")]


def test_steps_back_are_refused_with_both_times(tmp_path: Path) -> None:
    path = written(
        tmp_path / "t.csv", HEADER, f"{MS},1,1,buy", f"{MS},1,1,buy", f"{MS - 1},1,1,buy"
    )
    error = refused(path)
    assert error.line == 4
    assert error.reason == (
        "time_received steps back from 2025-03-25T23:05:00.123Z to 2025-03-25T23:05:00.122Z: "
        "order=RowOrder.SORT sorts by time and id, order=RowOrder.AS_GIVEN keeps the rows in this "
        "order"
    )


def test_sorted_by_time_and_id_and_as_given(tmp_path: Path) -> None:
    rows = [f"{MS + time},{position},1,buy,{id_}" for position, (time, id_) in enumerate(SHUFFLED)]
    path = written(tmp_path / "t.csv", f"{HEADER},id", *rows)

    def ids(order: RowOrder) -> list[tuple[str, Decimal]]:
        events = items(read(path, TradeColumns(id="id"), order=order))
        kinds = [event.kind for event in events if isinstance(event.kind, PublicTrade)]
        return [(kind.id, kind.price) for kind in kinds]

    in_order = [("9", 3), ("9", 5), ("10", 1), ("b", 4), ("x", 2), ("a", 0)]
    assert ids(RowOrder.SORT) == [(id_, Decimal(position)) for id_, position in in_order]
    assert [id_ for id_, _ in ids(RowOrder.AS_GIVEN)] == [id_ for _, id_ in SHUFFLED]


def test_without_ids_sorting_is_stable(tmp_path: Path) -> None:
    rows = [f"{MS + time},{position},1,buy" for position, (time, _) in enumerate(SHUFFLED)]
    events = items(read(written(tmp_path / "t.csv", HEADER, *rows), order=RowOrder.SORT))
    kinds = [event.kind for event in events if isinstance(event.kind, PublicTrade)]
    assert [kind.price for kind in kinds] == [1, 3, 4, 5, 2, 0]


# Instruments


def test_the_instrument_of_all_rows(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", HEADER, f"{MS},1,1,buy")
    for name in ("ETHUSDT", "binancespot-eth_usdt"):
        assert items(read(path, instruments=TWO, instrument=name))[0].instrument == 1
    for key, exchange in (((FUTURES, "BTCUSDT"), FUTURES), ("binancespot-btc_usdt", SPOT)):
        data = MarketData.from_csv(
            path, TradeColumns(), instruments=AMBIGUOUS, instrument=key, unit=MILLISECONDS
        )
        assert items(data)[0].exchange is exchange
    with pytest.raises(UnknownKeyError, match='several instruments are called "BTCUSDT"'):
        read(path, instruments=AMBIGUOUS, instrument="BTCUSDT")
    with pytest.raises(UnknownKeyError, match=r'called "SOLUSDT".*they|exchanges call them'):
        read(path, instruments=TWO, instrument="SOLUSDT")
    with pytest.raises(TypeError, match="which instrument are the rows about"):
        read(path, instruments=TWO)
    with pytest.raises(TypeError, match="the instrument is given twice"):
        read(path, TradeColumns(instrument="name"), instrument="BTCUSDT")
    with pytest.raises(TypeError, match="instrument must be a name"):
        read(path, instrument=5)  # type: ignore[arg-type]


def test_an_unknown_instrument_in_a_row(tmp_path: Path) -> None:
    path = written(
        tmp_path / "t.csv", f"{HEADER},name", f"{MS},1,1,buy,BTCUSDT", f"{MS},1,1,buy,SOLUSDT"
    )
    error = refused(path, TradeColumns(instrument="name"), instruments=TWO)
    assert error.line == 3
    assert 'column "name": no instrument is called "SOLUSDT"' in str(error)


# Against another reader

NUMBERS = st.decimals(
    min_value=Decimal(0), max_value=Decimal(10**9), allow_nan=False, allow_infinity=False, places=8
)
ROWS = st.lists(
    st.tuples(
        st.integers(MS, MS + 10),
        NUMBERS,
        NUMBERS,
        st.booleans(),
        st.integers(0, 20),
    ),
    min_size=1,
    max_size=30,
)


@settings(max_examples=60)
@given(rows=ROWS, packed=st.booleans())
def test_the_same_rows_as_pandas(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[int, Decimal, Decimal, bool, int]],
    packed: bool,
) -> None:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["time_exchange", "price", "amount", "maker", "id"])
    writer.writerows(rows)
    path = tmp_path_factory.mktemp("rows") / "rows.csv"
    content = text.getvalue().encode()
    path.write_bytes(gzip.compress(content) if packed else content)
    frame = pd.read_csv(
        path, dtype=str, compression="gzip" if packed else None, keep_default_na=False
    )
    frame["key"] = frame["id"].astype(int)
    frame["time"] = frame["time_exchange"].astype(int)
    frame = frame.sort_values(["time", "key"], kind="stable")
    expected = [
        trade(
            int(row["time"]) * 1_000_000,
            str(row["price"]),
            str(row["amount"]),
            Side.SELL if row["maker"] == "True" else Side.BUY,
            str(row["id"]),
        )
        for row in frame.to_dict("records")
    ]
    columns = TradeColumns(side=BuyerIsMaker("maker"), id="id")
    assert shown(read(path, columns, order=RowOrder.SORT)) == shown(expected)


def test_a_time_with_a_zone_is_an_instant(tmp_path: Path) -> None:
    zone = timezone(timedelta(hours=5, minutes=30))
    time = datetime(2025, 3, 26, 4, 35, 0, 123000, tzinfo=zone)
    path = written(tmp_path / "t.csv", HEADER, f"{time.isoformat()},1,1,buy")
    assert items(read(path, unit=None))[0].time_exchange == time


def test_a_configuration_is_not_its_instruments(tmp_path: Path) -> None:
    path = written(tmp_path / "trades.csv", HEADER, f"{MS},1,1,buy")
    spot = InstrumentConfig(SPOT, "BTCUSDT", Underlying("btc", "usdt"))
    config = SystemConfig([spot], [MockExecutionConfig(SPOT, {"usdt": 1})])
    call: Callable[..., object] = MarketData.from_csv
    cure = r"instruments: must be IndexedInstruments, such as config\.index\(\), got SystemConfig"
    with pytest.raises(TypeError, match=cure):
        call(path, TradeColumns(), instruments=config)


def test_a_first_row_of_data_is_no_header(tmp_path: Path) -> None:
    path = written(tmp_path / "trades.csv", f"{MS},1,1,buy", f"{MS},1,1,buy")
    assert "if the first row is data, give the names by header=" in str(refused(path))


CELLS, BROKEN = "2025-01-01T00:00:00Z,1,1,buy", "2025-01-01T00:00:00Z,x,1,buy"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("lines", "number"),
    [
        ([HEADER, CELLS, BROKEN, ""], 3),
        ([HEADER, CELLS, BROKEN], 3),
        ([HEADER, "", CELLS, "", "", BROKEN, ""], 6),
        (["", "", HEADER, BROKEN, CELLS, ""], 4),
        ([f"{HEADER},note", f'{CELLS},"two', 'lines"', f'{BROKEN},"three', "more", 'lines"'], 4),
    ],
)
def test_the_number_of_a_line(tmp_path: Path, lines: list[str], number: int, end: str) -> None:
    """Blank lines count, and so do both lines of a cell with a line's end in it."""
    path = tmp_path / "trades.csv"
    path.write_bytes(end.join(lines).encode())
    assert refused(path).line == number
