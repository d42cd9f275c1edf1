"""Tables of other libraries as events, whatever the types of their columns are."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.tables import ONE, TWO, items, shown, trade

from barter_python import (
    BuyerIsMaker,
    CandleColumns,
    L1Columns,
    MarketData,
    MarketDataError,
    OrderBookL1,
    PublicTrade,
    RowOrder,
    Side,
    TimeUnit,
    TradeColumns,
)
from barter_python.data import ArrowStream, parquet

TIME = datetime(2025, 3, 25, 23, 5, 0, 123456, tzinfo=timezone.utc)
NS = 1_742_943_900_123_456_000
TIMES = [TIME, TIME + timedelta(seconds=1)]
ROWS: dict[str, object] = {
    "time_exchange": TIMES,
    "price": ["87232.50", "0.10"],
    "amount": ["1", "2.000"],
    "maker": [True, False],
    "id": [7, 8],
}
COLUMNS = TradeColumns(side=BuyerIsMaker("maker"), id="id")
EXPECTED = shown(
    [
        trade(NS, "87232.50", "1", Side.SELL, "7"),
        trade(NS + 10**9, "0.10", "2.000", Side.BUY, "8"),
    ]
)


def read(table: ArrowStream, columns: TradeColumns = COLUMNS) -> MarketData:
    """Read a table of trades."""
    return MarketData.from_arrow(table, columns, instruments=ONE)


# Libraries


def of_polars() -> ArrowStream:
    return pl.DataFrame(ROWS)


def of_pyarrow() -> ArrowStream:
    table: ArrowStream = pa.table(ROWS)
    return table


def of_batches() -> ArrowStream:
    table: ArrowStream = pa.RecordBatchReader.from_batches(
        pa.table(ROWS).schema, iter(pa.table(ROWS).to_batches(max_chunksize=1))
    )
    return table


def of_pandas() -> ArrowStream:
    table: ArrowStream = pd.DataFrame(ROWS)
    return table


def of_duckdb() -> ArrowStream:
    duckdb.sql("set timezone = 'UTC'")
    table = pa.table(ROWS)
    relation: ArrowStream = duckdb.from_arrow(table)
    return relation


@pytest.mark.parametrize("make", [of_polars, of_pyarrow, of_batches, of_pandas, of_duckdb])
def test_libraries_give_the_same_history(make: Callable[[], ArrowStream]) -> None:
    assert shown(read(make())) == EXPECTED


# Types of columns


def column(values: list[object], kind: object) -> ArrowStream:
    """Make a table whose prices are values of a type."""
    table: ArrowStream = pa.table(
        {
            "time_exchange": pa.array([TIME] * len(values)),
            "price": pa.array(values, type=kind),
            "amount": pa.array([1] * len(values)),
            "side": pa.array(["buy"] * len(values)).dictionary_encode(),
        }
    )
    return table


def prices(table: ArrowStream) -> list[str]:
    """Give the prices of a table as text."""
    kinds = [event.kind for event in items(read(table, TradeColumns()))]
    return [str(kind.price) for kind in kinds if isinstance(kind, PublicTrade)]


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        (["87232.50"], pa.string(), ["87232.50"]),
        ([" 87232.50"], pa.large_string(), ["87232.50"]),
        (
            ["87232.50", "1.5"],
            pa.string_view(),
            ["87232.50", "1.5"],
        ),
        (["1234567890123.4567890"], pa.string_view(), ["1234567890123.4567890"]),
        ([7], pa.int8(), ["7"]),
        ([-7], pa.int16(), ["-7"]),
        ([7], pa.int32(), ["7"]),
        ([99_999_999_999_999], pa.int64(), ["99999999999999"]),
        ([7], pa.uint8(), ["7"]),
        ([7], pa.uint16(), ["7"]),
        ([7], pa.uint32(), ["7"]),
        ([7], pa.uint64(), ["7"]),
        ([0.1, 87232.5], pa.float64(), ["0.1", "87232.5"]),
        ([0.1, 87232.5], pa.float32(), ["0.1", "87232.5"]),
        ([Decimal("87232.50")], pa.decimal32(7, 2), ["87232.50"]),
        ([Decimal("87232.50")], pa.decimal64(12, 2), ["87232.50"]),
        ([Decimal("87232.50")], pa.decimal128(38, 8), ["87232.50000000"]),
        ([Decimal("87232.50")], pa.decimal256(50, 8), ["87232.50000000"]),
        ([Decimal("1.5")], pa.decimal128(38, 36), ["1.5000000000000000000000000000"]),
        ([Decimal(1200)], pa.decimal128(5, -2), ["1200"]),
    ],
)
def test_prices_of_any_type(values: list[object], kind: object, expected: list[str]) -> None:
    assert prices(column(values, kind)) == expected


@pytest.mark.parametrize("index", [pa.int8(), pa.uint16(), pa.int32(), pa.uint64()])
def test_dictionaries(index: object) -> None:
    encoded = pa.array(["2.50", "1", "2.50"]).dictionary_encode()
    keys = pa.array([0, 1, 0], type=index)
    table = pa.table(column([1, 2, 3], pa.int8())).set_column(
        1, "price", pa.DictionaryArray.from_arrays(keys, encoded.dictionary)
    )
    assert prices(table) == ["2.50", "1", "2.50"]


@pytest.mark.parametrize(
    ("values", "kind", "message"),
    [
        ([None], pa.string(), 'row 0 (from 0): column "price": is empty, but needs a number'),
        ([1, None], pa.int64(), 'row 1 (from 0): column "price": is empty'),
        ([float("nan")], pa.float64(), "is empty, but needs a number"),
        ([float("nan")], pa.float32(), "is empty, but needs a number"),
        ([float("inf")], pa.float64(), "inf is not a finite number"),
        ([1e300], pa.float64(), "does not fit exactly"),
        ([None], pa.null(), "is empty, but needs a number"),
        ([True], pa.bool_(), "holds the truth value true, but needs a number"),
        ([TIME], pa.timestamp("us", "UTC"), "holds a time, but needs a number"),
        (["abc"], pa.string(), '"abc" is not a number'),
        ([b"1"], pa.binary(), 'column "price" has the type Binary: give numbers'),
        ([[1]], pa.list_(pa.int8()), 'column "price" has the type List'),
        ([timedelta(1)], pa.duration("us"), 'column "price" has the type Duration'),
        ([Decimal("1." + "1" * 36)], pa.decimal128(38, 36), "does not fit exactly"),
        ([Decimal(int("1" * 50))], pa.decimal256(50, 0), "has too many digits"),
        ([Decimal(-(10**30))], pa.decimal128(31, 0), "does not fit exactly"),
    ],
)
def test_prices_that_are_none(values: list[object], kind: object, message: str) -> None:
    with pytest.raises(MarketDataError) as caught:
        prices(column(values, kind))
    assert str(caught.value).startswith("the table")
    assert message in str(caught.value)
    assert (caught.value.path, caught.value.line) == (None, None)


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata", "-05:00"])
def test_timestamps_of_any_unit_and_zone(unit: str, zone: str) -> None:
    whole = TIME.replace(microsecond=0)
    table = pa.table(column([1], pa.int8())).set_column(
        0, "time_exchange", pa.array([whole], type=pa.timestamp(unit, zone))
    )
    (event,) = items(read(table, TradeColumns()))
    assert event.time_exchange == whole


def test_nanoseconds_are_kept() -> None:
    table = pa.table(column([1], pa.int8())).set_column(
        0, "time_exchange", pa.array([NS + 789], type=pa.timestamp("ns", "UTC"))
    )
    assert items(read(table, TradeColumns()))[0].time_exchange_ns == NS + 789


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (TIME.replace(tzinfo=None), pa.timestamp("us")),
        (date(2025, 3, 25), pa.date32()),
        (date(2025, 3, 25), pa.date64()),
    ],
)
def test_times_without_a_zone(value: object, kind: object) -> None:
    table = pa.table(column([1], pa.int8())).set_column(
        0, "time_exchange", pa.array([value], type=kind)
    )
    with pytest.raises(MarketDataError, match=r"times without a zone: .*assume_utc=True"):
        read(table, TradeColumns())
    (event,) = items(MarketData.from_arrow(table, TradeColumns(), instruments=ONE, assume_utc=True))
    midnight = datetime(2025, 3, 25, tzinfo=timezone.utc)
    assert event.time_exchange == (TIME if isinstance(value, datetime) else midnight)


def test_whole_numbers_need_a_unit() -> None:
    table = pl.DataFrame({**ROWS, "time_exchange": [NS // 1000, NS // 1000 + 10**6]})
    with pytest.raises(MarketDataError, match=r"unit=TimeUnit\.MICROSECONDS"):
        read(table)
    data = MarketData.from_arrow(table, COLUMNS, instruments=ONE, unit=TimeUnit.MICROSECONDS)
    assert shown(data) == EXPECTED
    with pytest.raises(MarketDataError, match="a float holds no exact time"):
        read(table.cast({"time_exchange": pl.Float64}))


def test_a_timestamp_beyond_nanoseconds() -> None:
    table = pa.table(column([1], pa.int8())).set_column(
        0, "time_exchange", pa.array([2**62], type=pa.timestamp("s", "UTC"))
    )
    with pytest.raises(MarketDataError, match="is outside the years 1677 to 2262"):
        read(table, TradeColumns())


def test_instruments_by_column() -> None:
    table = pl.DataFrame({**ROWS, "name": ["ETHUSDT", "BTCUSDT"]}).cast({"name": pl.Categorical})
    columns = TradeColumns(side=BuyerIsMaker("maker"), instrument="name")
    data = MarketData.from_arrow(table, columns, instruments=TWO)
    assert [event.instrument for event in items(data)] == [1, 0]


def test_missing_sides_of_quotes() -> None:
    nan = float("nan")
    table = pl.DataFrame(
        {
            "time_exchange": [TIME] * 2,
            "bid_price": [99.5, nan],
            "bid_amount": [1.0, nan],
            "ask_price": [None, 100.5],
            "ask_amount": [None, 2.0],
        }
    )
    kinds = [e.kind for e in items(MarketData.from_arrow(table, L1Columns(), instruments=ONE))]
    quotes = [kind for kind in kinds if isinstance(kind, OrderBookL1)]
    assert [(q.best_bid is None, q.best_ask is None) for q in quotes] == [
        (False, True),
        (True, False),
    ]


def test_order_over_batches() -> None:
    table = pl.concat([pl.DataFrame(ROWS)] * 2, rechunk=False)
    with pytest.raises(MarketDataError, match=r"row 2 \(from 0\): time_received steps back"):
        read(table)
    data = MarketData.from_arrow(table, COLUMNS, instruments=ONE, order=RowOrder.SORT)
    kinds = [event.kind for event in items(data)]
    assert [kind.id for kind in kinds if isinstance(kind, PublicTrade)] == ["7", "7", "8", "8"]


def test_a_column_that_is_missing() -> None:
    with pytest.raises(MarketDataError) as caught:
        read(pl.DataFrame(ROWS), TradeColumns(price="prcie"))
    assert str(caught.value) == (
        'the table: there is no column "prcie"; the columns are ["time_exchange", "price", '
        '"amount", "maker", "id"]; the nearest is "price"'
    )


def test_a_table_without_rows() -> None:
    with pytest.raises(MarketDataError, match="the data holds no market events"):
        read(pl.DataFrame(ROWS).clear())


PRICES = st.floats(min_value=1e-6, max_value=1e12, allow_nan=False).filter(
    lambda number: len(repr(number)) < 28
)


@settings(max_examples=60)
@given(
    rows=st.lists(
        st.tuples(
            st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1)),
            PRICES,
            st.decimals(0, 10**9, places=6, allow_nan=False),
            st.sampled_from(["buy", "SELL", "b", "A"]),
        ),
        min_size=1,
        max_size=20,
    ),
    chunk=st.integers(1, 7),
)
def test_the_same_rows_as_polars(
    rows: list[tuple[datetime, float, Decimal, str]], chunk: int
) -> None:
    schema: dict[str, pl.DataType | type[pl.DataType]] = {
        "time_exchange": pl.Datetime("us", "UTC"),
        "price": pl.Float64,
        "amount": pl.Decimal(38, 6),
        "side": pl.String,
    }
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    pieces = pl.concat(list(frame.iter_slices(chunk)), rechunk=False)
    data = MarketData.from_arrow(pieces, TradeColumns(), instruments=ONE, order=RowOrder.SORT)
    ordered = frame.with_row_index("number", offset=1).sort("time_exchange", maintain_order=True)
    expected = [
        trade(
            row["time"] * 1000,
            repr(row["price"]),
            str(row["amount"]),
            Side.BUY if row["side"] in ("buy", "b") else Side.SELL,
            str(row["number"]),
        )
        for row in ordered.with_columns(time=pl.col("time_exchange").dt.timestamp("us")).to_dicts()
    ]
    assert items(data) == expected


# What is no table


@pytest.mark.parametrize("table", [5, None, [], {}, "rows.csv", pl.DataFrame, object()])
def test_what_is_no_table(table: object) -> None:
    with pytest.raises(TypeError, match="table must have the method __arrow_c_stream__"):
        read(table)  # type: ignore[arg-type]


def test_a_lazy_frame_is_not_collected() -> None:
    with pytest.raises(TypeError, match=r"got LazyFrame .*: call its method \.collect\(\) first"):
        read(pl.DataFrame(ROWS).lazy())  # type: ignore[arg-type]


def test_a_single_column_is_no_table() -> None:
    with pytest.raises(ValueError, match="gives no table"):
        read(pl.DataFrame(ROWS)["price"])


class Giving:
    """Gives an object instead of a stream."""

    def __init__(self, given: object) -> None:
        self.given = given

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        if isinstance(self.given, Exception):
            raise self.given
        return self.given


def capsule_named(name: bytes) -> object:
    """Make a capsule that points to memory of zeros, such as a stream that was released."""
    make = ctypes.pythonapi.PyCapsule_New
    make.restype, make.argtypes = (
        ctypes.py_object,
        [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p],
    )
    memory = ctypes.create_string_buffer(64)
    NAMES.append((name, memory))
    return make(ctypes.addressof(memory), name, None)


NAMES: list[tuple[bytes, object]] = []
"""What capsules point to, which must stay."""


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        (5, TypeError, "must give a capsule, got int 5"),
        (None, TypeError, "must give a capsule, got NoneType None"),
        (capsule_named(b"arrow_schema"), ValueError, "not called arrow_array_stream"),
        (capsule_named(b"arrow_array_stream"), ValueError, "already released"),
        (ZeroDivisionError("its own"), ZeroDivisionError, "its own"),
        (KeyError("its own"), KeyError, "its own"),
    ],
)
def test_a_method_that_gives_no_stream(given: object, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        read(Giving(given))


def test_a_stream_is_taken_once() -> None:
    capsule = of_polars().__arrow_c_stream__()
    assert shown(read(Giving(capsule))) == EXPECTED
    for _ in range(3):
        with pytest.raises(ValueError, match="already released"):
            read(Giving(capsule))


def test_a_stream_that_is_refused_is_released() -> None:
    """The table's memory is given back, whatever goes wrong."""
    capsule = of_polars().__arrow_c_stream__()
    with pytest.raises(MarketDataError, match="there is no column"):
        read(Giving(capsule), TradeColumns())
    with pytest.raises(ValueError, match="already released"):
        read(Giving(capsule))


def test_a_stream_that_breaks_off() -> None:
    table = pa.table(ROWS)

    def batches() -> Iterator[object]:
        yield from table.to_batches()
        raise ValueError("the disk is gone")

    reader = pa.RecordBatchReader.from_batches(table.schema, batches())
    with pytest.raises(MarketDataError, match=r"the table: .*the disk is gone"):
        read(reader)


def test_batches_that_contradict_the_schema() -> None:
    table = pa.table(ROWS)
    wrong = pa.table({**ROWS, "id": ["x", "y"]})
    reader = pa.RecordBatchReader.from_batches(table.schema, iter(wrong.to_batches()))
    with pytest.raises((MarketDataError, ValueError)):
        read(reader)


def test_pandas_without_pyarrow(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = pd.DataFrame(ROWS)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(
        ImportError, match=r"for pandas is pyarrow \(pip install pyarrow\)"
    ) as caught:
        read(frame)
    assert "\n" not in str(caught.value)
    assert caught.value.__cause__ is not None


# Parquet


@pytest.mark.parametrize("missing", [(), ("pyarrow",), ("polars",)])
def test_parquet_by_either_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: tuple[str, ...]
) -> None:
    path = tmp_path / "trades.parquet"
    pl.DataFrame({**ROWS, "unused": [1, 2]}).write_parquet(path, row_group_size=1)
    for name in missing:
        monkeypatch.setitem(sys.modules, name, None)
    assert shown(MarketData.from_parquet(path, COLUMNS, instruments=ONE)) == EXPECTED
    with pytest.raises(MarketDataError) as caught:
        MarketData.from_parquet(str(path), TradeColumns(price="prcie"), instruments=ONE)
    assert str(caught.value).startswith(f'{path}: there is no column "prcie"; the columns are [')
    assert '"unused"]; the nearest is "price"' in str(caught.value)
    assert caught.value.path == path
    path.write_bytes(b"no Parquet")
    with pytest.raises(MarketDataError, match="is not read as Parquet") as caught:
        MarketData.from_parquet(path, COLUMNS, instruments=ONE)
    assert caught.value.path == path
    with pytest.raises(FileNotFoundError):
        MarketData.from_parquet(tmp_path / "missing", COLUMNS, instruments=ONE)


def test_parquet_without_a_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "trades.parquet"
    path.touch()
    for name in ("pyarrow", "polars"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ImportError, match="pyarrow or polars"):
        MarketData.from_parquet(path, COLUMNS, instruments=ONE)
    with pytest.raises(ImportError, match="pyarrow or polars"):
        parquet.open_parquet(path, [])


def test_several_parquet_files(tmp_path: Path) -> None:
    later = [time + timedelta(days=1) for time in TIMES]
    for name, times in (("1", TIMES), ("2", later)):
        pl.DataFrame({**ROWS, "time_exchange": times}).write_parquet(tmp_path / name)
    paths = [tmp_path / "1", tmp_path / "2"]
    assert len(MarketData.from_parquet(paths, COLUMNS, instruments=ONE)) == 4
    with pytest.raises(MarketDataError, match=r"1, row 0 \(from 0\): time_received steps back"):
        MarketData.from_parquet(paths[::-1], COLUMNS, instruments=ONE)


def test_candles_that_open() -> None:
    frame = pd.DataFrame(
        {"open": [1.5], "high": [3.0], "low": [1.0], "close": [2.0], "volume": [10]},
        index=pd.DatetimeIndex([TIME.replace(second=0, microsecond=0)], name="date"),
    )
    columns = CandleColumns(open_time="date", length=timedelta(minutes=1))
    table: ArrowStream = frame
    (event,) = items(MarketData.from_arrow(table, columns, instruments=ONE))
    assert event.time_received == TIME.replace(minute=6, second=0, microsecond=0)
