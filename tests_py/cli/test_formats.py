"""Histories in the formats that the command knows: which it takes them for, and what it shows."""

from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import polars as pl
import pytest
from support.command import refused, run_command
from support.lines import L1_LINE, TRADE_LINE
from support.tables import FUTURES, SPOT, items, written

from barter_python import (
    BinanceMarket,
    Candle,
    CandleColumns,
    DefaultStrategy,
    ExchangeId,
    Funding,
    FundingColumns,
    IndexedInstruments,
    InstrumentConfig,
    Liquidation,
    MarketData,
    OrderBook,
    OrderBookL1,
    PublicTrade,
    RowOrder,
    Settlement,
    SettlementColumns,
    SystemConfig,
    TimeUnit,
    Underlying,
    read_binance,
    read_tardis,
    run_backtest,
)
from barter_python.cli.errors import UsageError
from barter_python.cli.histories import Files, Format

FILES = Path(__file__).parents[1] / "data" / "files"


def instruments(*exchanges: ExchangeId) -> IndexedInstruments:
    """Make the Bitcoin of some exchanges."""
    return IndexedInstruments(
        [InstrumentConfig(exchange, "BTCUSDT", Underlying("btc", "usdt")) for exchange in exchanges]
    )


ONE = instruments(SPOT)
PERPETUAL = instruments(FUTURES)
TRADES = FILES / "BTCUSDT-aggTrades-2025-03-25.csv"
TARDIS = FILES / "binance-futures_trades_2020-09-01_BTCUSDT.csv"


def as_gzip(path: Path, content: bytes) -> Path:
    path = path.with_name(f"{path.name}.gz")
    path.write_bytes(gzip.compress(content))
    return path


def as_zip(path: Path, content: bytes) -> Path:
    packed = path.with_suffix(".zip")
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(path.name, content)
    return packed


def as_it_is(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


# Which format a file has


@pytest.mark.parametrize("pack", [as_it_is, as_gzip, as_zip])
@pytest.mark.parametrize("given", [None, Format.BINANCE])
def test_binance(tmp_path: Path, pack: Callable[[Path, bytes], Path], given: Format | None) -> None:
    path = pack(tmp_path / TRADES.name, TRADES.read_bytes())
    found = Files([path], given).load(ONE)
    assert list(found) == list(read_binance(TRADES, instruments=ONE))


@pytest.mark.parametrize("pack", [as_it_is, as_gzip])
@pytest.mark.parametrize("given", [None, Format.TARDIS])
def test_tardis(tmp_path: Path, pack: Callable[[Path, bytes], Path], given: Format | None) -> None:
    path = pack(tmp_path / TARDIS.name, TARDIS.read_bytes())
    found = Files([path], given).load(PERPETUAL)
    assert list(found) == list(read_tardis(TARDIS, instruments=PERPETUAL))


def test_a_market_of_binance_is_that_of_the_configuration() -> None:
    path = FILES / "um" / "BTCUSDT-aggTrades-2024-03-25.csv"
    found = Files([path]).load(PERPETUAL)
    assert found[0].exchange is FUTURES
    with pytest.raises(UsageError, match=r"of which market is it.*--format binance .*binance-um"):
        Files([path]).load(instruments(SPOT, FUTURES))
    found = Files([path], Format.BINANCE_UM).load(instruments(SPOT, FUTURES))
    assert found[0].exchange is FUTURES


@pytest.mark.parametrize(
    "kind",
    [PublicTrade, OrderBookL1, OrderBook, Candle, Liquidation, Funding, Settlement],
    ids=lambda kind: kind.__name__,
)
@pytest.mark.parametrize("suffix", [".csv", ".csv.gz", ".parquet"])
def test_what_to_arrow_gives_is_read_again(
    tmp_path: Path,
    kind: type[PublicTrade | OrderBookL1 | OrderBook | Candle | Liquidation | Funding | Settlement],
    suffix: str,
) -> None:
    """By way of the files that polars writes."""
    data = {
        PublicTrade: read_tardis(TARDIS, instruments=PERPETUAL),
        OrderBookL1: read_tardis(
            FILES / "binance-futures_quotes_2020-09-01_BTCUSDT.csv", instruments=PERPETUAL
        ),
        OrderBook: read_tardis(
            FILES / "binance-futures_incremental_book_L2_2020-09-01_BTCUSDT.csv",
            instruments=PERPETUAL,
        ),
        Candle: MarketData.from_csv(
            FILES / "candles.csv",
            CandleColumns(open_time="open_time", length=timedelta(minutes=1)),
            instruments=PERPETUAL,
        ),
        Liquidation: read_tardis(
            FILES / "binance-futures_liquidations_2020-09-01_BTCUSDT.csv", instruments=PERPETUAL
        ),
        Funding: MarketData.from_csv(
            FILES / "fundings.csv", FundingColumns(mark_price="mark_price"), instruments=PERPETUAL
        ),
        Settlement: MarketData.from_csv(
            FILES / "settlements.csv", SettlementColumns(), instruments=PERPETUAL
        ),
    }[kind]
    table = pl.DataFrame(data.to_arrow(kind, instruments=PERPETUAL))
    path = tmp_path / f"table{suffix}"
    if suffix == ".parquet":
        table.write_parquet(path)
    elif suffix == ".csv":
        table.write_csv(path)
    else:
        path.write_bytes(gzip.compress(table.write_csv().encode()))
    assert list(Files([path]).load(PERPETUAL)) == list(data)


def test_whole_books_by_their_levels(tmp_path: Path) -> None:
    path = written(
        tmp_path / "books.csv",
        "time_exchange,bids[0].price,bids[0].amount,asks[0].price,asks[0].amount",
        "2025-03-25T23:07:00Z,100,1,101,2",
    )
    (event,) = Files([path]).load(ONE)
    assert type(event).__name__ == "MarketEvent"


@pytest.mark.parametrize(
    ("name", "content", "given", "message"),
    [
        (
            "rows.csv",
            "when,px,qty,side\n",
            None,
            "which format is it.*--format, one of barter, binance, binance-um, tardis; "
            "the first row has when, px, qty, side",
        ),
        ("rows.csv", "when,px\n", Format.BARTER, "such as time_exchange, price.*: when, px"),
        ("rows.csv", "when,px\n", Format.TARDIS, "the header is none of trades, liquidations"),
        ("rows.csv", "when,px\n", Format.BINANCE, "which kind of data is it"),
        ("rows.csv", '{"Item": 1}\n', None, "not CSV, but JSON"),
        ("rows.jsonl", '{"Item": 1}\n', Format.TARDIS, "not CSV, but JSON"),
        ("rows.jsonl", "when,px\n", None, "this looks like CSV"),
        ("rows.zip", "when,px\n", None, "which format is it"),
        ("rows.parquet", "when,px\n", None, "is not read as Parquet"),
        ("rows.csv", "", None, "which format is it"),
        (
            "rows.csv",
            "open_time,open,high,low,close,volume\n",
            None,
            "needs the length of a candle",
        ),
        (
            "BTCUSDT-aggTrades-2024-03-25.csv",
            "1,2,3,4,5,1711324800000,true\n",
            Format.BINANCE,
            "is it of another market, as of --format binance-um",
        ),
        (
            "rows.csv",
            "time_exchange,price,amount,side\n"
            "2025-03-25T23:07:01Z,1,1,buy\n2025-03-25T23:07:00Z,1,1,buy\n",
            None,
            "line 3: time_received steps back.*: --order sort sorts by time and id, "
            "--order as_given keeps",
        ),
    ],
)
def test_what_is_refused(
    tmp_path: Path, name: str, content: str, given: Format | None, message: str
) -> None:
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(UsageError, match=message) as caught:
        Files([path], given).load(ONE)
    assert str(path) in str(caught.value) or "length" in message


def test_rows_are_sorted_on_request(tmp_path: Path) -> None:
    path = written(
        tmp_path / "rows.csv",
        "time_exchange,price,amount,side",
        "2025-03-25T23:07:01Z,2,1,buy",
        "2025-03-25T23:07:00Z,1,1,buy",
    )

    def prices(order: RowOrder) -> list[int]:
        kinds = [event.kind for event in items(Files([path], None, order).load(ONE))]
        return [int(kind.price) for kind in kinds if isinstance(kind, PublicTrade)]

    assert prices(RowOrder.SORT) == [1, 2]
    assert prices(RowOrder.AS_GIVEN) == [2, 1]


HEADER = "time_exchange,price,amount,side"


def times(data: MarketData) -> list[tuple[int, int]]:
    return [(event.time_exchange_ns, event.time_received_ns) for event in items(data)]


@pytest.mark.parametrize(
    ("text", "unit", "nanoseconds"),
    [
        ("1742943900", TimeUnit.SECONDS, 1_742_943_900_000_000_000),
        ("1742943900.5", TimeUnit.SECONDS, 1_742_943_900_500_000_000),
        ("1742943900123", TimeUnit.MILLISECONDS, 1_742_943_900_123_000_000),
        ("1742943900123456", TimeUnit.MICROSECONDS, 1_742_943_900_123_456_000),
        ("1742943900123456789", TimeUnit.NANOSECONDS, 1_742_943_900_123_456_789),
    ],
)
def test_the_unit_and_the_latency_of_a_table(
    tmp_path: Path, text: str, unit: TimeUnit, nanoseconds: int
) -> None:
    path = written(tmp_path / "rows.csv", HEADER, f"{text},2,1,buy")
    files = Files([path], unit=unit, feed_latency=timedelta(milliseconds=5))
    assert times(files.load(ONE)) == [(nanoseconds, nanoseconds + 5_000_000)]
    # A file that says it itself may be beside it.
    lines = written(tmp_path / "rows.jsonl", TRADE_LINE)
    both = replace(files, paths=[path, lines])
    both.check_options()
    assert len(both.load(ONE)) == 2


def test_times_without_a_zone(tmp_path: Path) -> None:
    path = written(tmp_path / "rows.csv", HEADER, "2025-03-25 23:07:01,2,1,buy")
    with pytest.raises(UsageError, match=r"or say --assume-utc$"):
        Files([path]).load(ONE)
    [event] = items(Files([path], assume_utc=True).load(ONE))
    assert event.time_exchange == datetime(2025, 3, 25, 23, 7, 1, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("name", "rows", "files", "message"),
    [
        (
            "rows.csv",
            (HEADER, "1742943900123,2,1,buy"),
            Files([]),
            "say what it counts since 1970 by --unit; it looks like --unit ms$",
        ),
        (
            "rows.csv",
            (HEADER, "1742943900123,2,1,buy"),
            Files([], unit=TimeUnit.SECONDS),
            "is no time from 2000 to 2100 in seconds: it looks like --unit ms$",
        ),
        (
            "rows.csv",
            (f"time_received,{HEADER}", "1742943900123,1742943900123,2,1,buy"),
            Files([], unit=TimeUnit.MILLISECONDS, feed_latency=timedelta(milliseconds=1)),
            "--feed-latency: leave it out, as each file says this itself",
        ),
        ("rows.jsonl", (TRADE_LINE,), Files([], unit=TimeUnit.SECONDS), "--unit: leave it out"),
        ("rows.jsonl", (TRADE_LINE,), Files([], assume_utc=True), "--assume-utc: leave it out"),
        (
            TRADES.name,
            (TRADES.read_text(),),
            Files([], Format.BINANCE, unit=TimeUnit.SECONDS),
            "--unit: leave it out",
        ),
        (
            TARDIS.name,
            (TARDIS.read_text(),),
            Files([], feed_latency=timedelta(milliseconds=1)),
            "--feed-latency: leave it out",
        ),
    ],
)
def test_what_is_said_of_times_in_vain(
    tmp_path: Path, name: str, rows: Sequence[str], files: Files, message: str
) -> None:
    path = written(tmp_path / name, *rows)

    def load() -> None:
        given = replace(files, paths=[path])
        given.check_options()
        given.load(ONE)

    with pytest.raises(UsageError, match=message) as caught:
        load()
    assert str(path) in str(caught.value)


def test_a_latency_is_in_range(tmp_path: Path) -> None:
    path = written(tmp_path / "rows.csv", HEADER, "2025-03-25T23:07:01Z,2,1,buy")
    files = Files([path], feed_latency=timedelta(milliseconds=-1))
    with pytest.raises(UsageError, match=r"^--feed-latency: must not be negative or above 365"):
        files.load(ONE)


def test_a_latency_is_for_the_tables_that_do_not_say_when(tmp_path: Path) -> None:
    said = written(
        tmp_path / "said.csv",
        f"time_received,{HEADER}",
        "1742943900456,1742943900123,2,1,buy",
    )
    unsaid = written(tmp_path / "unsaid.csv", HEADER, "1742943901123,2,1,buy")
    late = Files([said, unsaid], unit=TimeUnit.MILLISECONDS, feed_latency=timedelta(seconds=1))
    late.check_options()
    received = [received for _, received in times(late.load(ONE))]
    assert received == [1_742_943_900_456_000_000, 1_742_943_902_123_000_000]


FUNDINGS = FILES / "um" / "BTCUSDT-fundingRate-2024-03.csv"


def test_fundings_are_of_futures_though_spot_has_the_symbol() -> None:
    both = instruments(SPOT, FUTURES)
    expected = read_binance(FUNDINGS, instruments=both, market=BinanceMarket.USD_M)
    assert list(Files([FUNDINGS]).load(both)) == list(expected)
    with pytest.raises(UsageError, match=r"spot has no fundings: give --format binance-um$"):
        Files([FUNDINGS], Format.BINANCE).load(both)


def test_the_latency_of_binance(tmp_path: Path) -> None:
    late = Files([TRADES], feed_latency=timedelta(seconds=1))
    late.check_options()
    expected = read_binance(TRADES, instruments=ONE, feed_latency=timedelta(seconds=1))
    assert list(late.load(ONE)) == list(expected)


# The command

RUN = ("backtest", "--config", "examples/data/system_config.json", "--json", "-")
DEFAULT = ("--strategy", "barter_python:DefaultStrategy")


def test_several_files_are_merged_by_time(repository: Path) -> None:
    candles = FILES / "BTCUSDT-1m-2025-03-25.csv"
    done = run_command(*RUN, *DEFAULT, "--data", TRADES, "--data", candles, cwd=repository)
    assert (done.returncode, done.stderr) == (0, "")
    config = SystemConfig.from_json(repository / "examples" / "data" / "system_config.json")
    both = [read_binance(path, instruments=config.index()) for path in (TRADES, candles)]
    expected = run_backtest(DefaultStrategy(), MarketData.merge(*both), config)
    assert json.loads(done.stdout) == expected.to_dict()
    assert expected.settings.events == 5


def test_the_command_sorts_and_says_how(repository: Path, tmp_path: Path) -> None:
    lines = TRADES.read_text().splitlines()
    path = written(tmp_path / TRADES.name, *lines[::-1])
    message = refused(*RUN, *DEFAULT, "--data", path, cwd=repository)
    assert "line 2: time_received steps back" in message
    assert "--order sort sorts" in message
    done = run_command(*RUN, *DEFAULT, "--data", path, "--order", "sort", cwd=repository)
    assert (done.returncode, done.stderr) == (0, "")
    wrong = refused(*RUN, *DEFAULT, "--data", path, "--order", "up", cwd=repository)
    assert "--order" in wrong
    wrong = refused(*RUN, *DEFAULT, "--data", path, "--format", "csv", cwd=repository)
    assert all(choice.value in wrong for choice in Format)


def test_the_command_takes_unit_and_latency(repository: Path, tmp_path: Path) -> None:
    path = written(
        tmp_path / "rows.csv", f"instrument,{HEADER}", "BTCUSDT,1742943900123,87000,1,buy"
    )
    told = ("--data", path, "--unit", "ms", "--feed-latency", "250us")
    done = run_command(*RUN, *DEFAULT, *told, cwd=repository)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["time_start"] == "2025-03-25T23:05:00.12325Z"
    assert "--unit ms" in refused(*RUN, *DEFAULT, "--data", path, cwd=repository)
    wrong = refused(*RUN, *DEFAULT, "--data", path, "--unit", "minutes", cwd=repository)
    assert "--unit: expected one of s, ms, us, ns, got 'minutes'" in wrong
    held = run_command("inspect-data", path, "--unit", "ms", cwd=repository)
    assert (held.returncode, held.stderr) == (0, "")
    assert "2025-03-25T23:05:00.123Z" in held.stdout
    assert "--unit ms" in refused("inspect-data", path, cwd=repository)
    in_vain = refused("inspect-data", TRADES, "--unit", "ms", cwd=repository)
    assert "--unit: leave it out" in in_vain


# inspect-data

QUOTES = (
    "time_exchange,time_received,instrument,bid_price,bid_amount,ask_price,ask_amount",
    "2025-03-25T23:07:00Z,2025-03-25T23:07:01Z,BTCUSDT,100,1,101,1",
    "2025-03-25T23:07:00Z,2025-03-25T23:07:00Z,ETHUSDT,102,1,101,1",
    "2025-03-25T23:07:00Z,2025-03-25T23:07:01Z,BTCUSDT,100,1,101,1",
    "2025-03-25T23:07:02Z,2025-03-25T23:07:02Z,BTCUSDT,100,1,101,1",
)


def rows(output: str) -> list[list[str]]:
    """Give the words of each line."""
    return [line.split() for line in output.splitlines()]


@pytest.mark.parametrize("pack", [as_it_is, as_gzip, as_zip])
def test_inspect_data_counts_what_looks_wrong(
    tmp_path: Path, pack: Callable[[Path, bytes], Path]
) -> None:
    path = pack(tmp_path / "quotes.csv", "\n".join(QUOTES).encode())
    done = run_command("inspect-data", path)
    assert (done.returncode, done.stderr) == (0, "")
    found = rows(done.stdout)
    assert found[0] == ["4", "events", "in", str(path)]
    assert ["other", "BTCUSDT", "OrderBookL1", "3"] in found
    assert ["other", "ETHUSDT", "OrderBookL1", "1"] in found
    assert ["time_received", "1", "1.000000000"] in found
    crossed = next(at for at, row in enumerate(found) if row[:1] == ["Crossed:"])
    assert found[crossed + 2] == ["other", "ETHUSDT", "OrderBookL1", "1", "1"]
    twice = next(at for at, row in enumerate(found) if row[:1] == ["Duplicates:"])
    assert found[twice + 2] == ["other", "BTCUSDT", "OrderBookL1", "1", "2"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (TRADES, ["binance_spot", "BTCUSDT", "PublicTrade", "3"]),
        (FILES / "BTCUSDT-1m-2025-03-25.csv", ["binance_spot", "BTCUSDT", "Candle", "2"]),
        (TARDIS, ["other", "BTCUSDT", "PublicTrade", "3"]),
        (FUNDINGS, ["binance_futures_usd", "BTCUSDT", "Funding", "2"]),
    ],
)
def test_inspect_data_of_venues(path: Path, expected: list[str]) -> None:
    done = run_command("inspect-data", path)
    assert (done.returncode, done.stderr) == (0, "")
    assert expected in rows(done.stdout)
    assert "Duplicates" not in done.stdout


def test_inspect_data_of_parquet(tmp_path: Path, examples: Path) -> None:
    config = SystemConfig.from_json(examples / "system_config.json").index()
    data = read_binance(TRADES, instruments=config)
    path = tmp_path / "trades.parquet"
    pl.DataFrame(data.to_arrow(PublicTrade, instruments=config)).write_parquet(path)
    assert "--config must have the instruments" in refused("inspect-data", path)
    done = run_command("inspect-data", path, "--config", examples / "system_config.json")
    assert (done.returncode, done.stderr) == (0, "")
    assert ["binance_spot", "BTCUSDT", "PublicTrade", "3"] in rows(done.stdout)


def test_inspect_data_names_instruments_of_the_configuration(
    real_path: Path, examples: Path
) -> None:
    done = run_command("inspect-data", real_path, "--config", examples / "system_config.json")
    assert (done.returncode, done.stderr) == (0, "")
    names = {row[1] for row in rows(done.stdout) if row[:1] == ["binance_spot"]}
    assert names == {"BTCUSDT", "ETHUSDT", "SOLUSDT"}


def test_duplicates_are_counted_in_json_too(tmp_path: Path) -> None:
    path = written(tmp_path / "twice.jsonl", TRADE_LINE, L1_LINE, TRADE_LINE)
    done = run_command("inspect-data", path)
    found = rows(done.stdout)
    twice = next(at for at, row in enumerate(found) if row[:1] == ["Duplicates:"])
    assert found[twice + 2] == ["binance_spot", "0", "PublicTrade", "1", "2"]
