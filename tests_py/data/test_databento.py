"""Tables of Databento, with the marks that its numbers, sides and flags have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from random import Random
from typing import TypeAlias

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from support.tables import items

from barter_python import (
    ArrowStream,
    Candle,
    DatabentoSchema,
    ExchangeId,
    IndexedInstruments,
    InstrumentConfig,
    Level,
    MarketData,
    MarketDataError,
    MarketEvent,
    OrderBook,
    OrderBookL1,
    OrderBookSnapshot,
    PublicTrade,
    RowOrder,
    Side,
    Underlying,
    read_databento,
)

OTHER = ExchangeId.OTHER
INSTRUMENTS = IndexedInstruments(
    [
        InstrumentConfig(OTHER, "ES", Underlying("es", "usd")),
        InstrumentConfig(OTHER, "NQ", Underlying("nq", "usd")),
    ]
)
SYMBOLS = {"ESZ0": "ES", "NQZ0": "NQ"}
START = 1_609_099_200_000_000_000
UNDEFINED = 2**63 - 1
LAST = 128

Row: TypeAlias = dict[str, object]


def read(
    table: ArrowStream,
    schema: DatabentoSchema,
    *,
    unknown_side: Side | None = None,
    order: RowOrder = RowOrder.REFUSE,
) -> MarketData:
    """Read a table."""
    return read_databento(
        table,
        instruments=INSTRUMENTS,
        symbols=SYMBOLS,
        schema=schema,
        unknown_side=unknown_side,
        order=order,
    )


def record(at: int, kind: int = 1, **changes: object) -> Row:
    """Make a row of a trade with quotes; times are nanoseconds after the start."""
    row: Row = {
        "ts_recv": START + at,
        "ts_event": START + at - 7,
        "rtype": kind,
        "publisher_id": 1,
        "instrument_id": 5482,
        "action": "T",
        "side": "A",
        "depth": 0,
        "price": 3_720_250_000_000,
        "size": 2,
        "flags": LAST,
        "ts_in_delta": 22_000,
        "sequence": 1170,
        "bid_px_00": 3_720_250_000_000,
        "ask_px_00": 3_720_500_000_000,
        "bid_sz_00": 24,
        "ask_sz_00": 11,
        "bid_ct_00": 15,
        "ask_ct_00": 9,
        "symbol": "ESZ0",
    }
    return row | changes


def frame(*rows: Row) -> pl.DataFrame:
    """Make a table with the types that Databento's library gives."""
    whole = {"ts_recv": pl.UInt64, "ts_event": pl.UInt64, "rtype": pl.UInt8, "flags": pl.UInt8}
    schema: dict[str, type[pl.DataType]] = {}
    for name, value in rows[0].items():
        kind = pl.String if isinstance(value, str) else pl.Int64
        schema[name] = pl.UInt32 if "sz" in name or name == "size" else kind
    return pl.DataFrame(list(rows), schema={**schema, **whole}, strict=True)


def event(
    at: int, kind: PublicTrade | OrderBookL1 | OrderBookSnapshot, instrument: int = 0
) -> MarketEvent:
    """Make an event of a row."""
    return MarketEvent(START + at - 7, START + at, OTHER, instrument, kind)


def level(price: str, amount: int) -> Level:
    """Make a level of text."""
    return Level(price=Decimal(price), amount=Decimal(amount))


def best(at: int, bid: tuple[str, int] | None, ask: tuple[str, int] | None) -> OrderBookL1:
    """Make the best bid and ask."""
    sides = [None if side is None else level(*side) for side in (bid, ask)]
    return OrderBookL1(START + at - 7, *sides)


def trade(identity: str, price: str, amount: int, side: Side) -> PublicTrade:
    """Make a trade of text."""
    return PublicTrade(identity, price=Decimal(price), amount=Decimal(amount), side=side)


def test_who_took() -> None:
    """A says that the aggressor sold, B that it bought."""
    rows = [record(0, 0, side="A"), record(9, 0, side="B", price=1, size=3, symbol="NQZ0")]
    assert items(read(frame(*rows), DatabentoSchema.TRADES)) == [
        event(0, trade("1", "3720.25", 2, Side.SELL)),
        event(9, trade("2", "0.000000001", 3, Side.BUY), 1),
    ]


def test_a_side_that_is_not_known() -> None:
    table = frame(record(0, 0, side="N"))
    with pytest.raises(MarketDataError, match=r'row 0 .*column "side": .*unknown_side=Side\.BUY'):
        read(table, DatabentoSchema.TRADES)
    (found,) = items(read(table, DatabentoSchema.TRADES, unknown_side=Side.BUY))
    assert found == event(0, trade("1", "3720.25", 2, Side.BUY))


def prices_as(kind: str) -> ArrowStream:
    """Give a table as Databento's library makes it, with another type of prices and times."""
    table = frame(
        record(0, price=3_720_250_000_000),
        record(5, action="A", bid_px_00=UNDEFINED, bid_sz_00=0, side="N"),
        record(9, action="A", ask_px_00=UNDEFINED, ask_sz_00=2**32 - 1, side="N"),
    )
    columns = [name for name in table.columns if "px" in name or name == "price"]
    times = [pl.col(name).cast(pl.Datetime("ns", "UTC")) for name in ("ts_recv", "ts_event")]
    fixed = pl.col(columns)
    match kind:
        case "fixed":
            return table
        case "times":
            return table.with_columns(times)
        case "floats":
            missing = fixed.replace(UNDEFINED, None) / 1e9
            return table.with_columns(missing.fill_null(float("nan")))
        case "undefined floats":
            return table.with_columns(fixed / 1e9)
        case "text":
            return table.with_columns(fixed.cast(pl.String), pl.col("^.*_sz_.*$").cast(pl.String))
        case "written":
            return table.with_columns(
                pl.col(name).map_elements(
                    lambda whole: f"{Decimal(whole).scaleb(-9):.9f}", pl.String
                )
                for name in columns
            )
        case "pandas":
            pandas: ArrowStream = table.with_columns(times).to_pandas().set_index("ts_recv")
            return pandas
        case "decimals":
            decimals: ArrowStream = pa.table(
                {
                    name: pa.array(
                        [Decimal(value).scaleb(-9) for value in table[name].to_list()],
                        pa.decimal128(19, 9),
                    )
                    if name in columns
                    else table[name].to_arrow()
                    for name in table.columns
                }
            )
            return decimals
        case _:
            raise AssertionError(kind)


@pytest.mark.parametrize(
    "kind",
    ["fixed", "times", "floats", "undefined floats", "text", "written", "pandas", "decimals"],
)
def test_prices_and_what_is_no_price(kind: str) -> None:
    """The greatest whole number says that there is none, in whatever type it arrives."""
    assert items(read(prices_as(kind), DatabentoSchema.MBP_1)) == [
        event(0, trade("1", "3720.25", 2, Side.SELL)),
        event(5, best(5, None, ("3720.5", 11))),
        event(9, best(9, ("3720.25", 24), None)),
    ]


def test_tbbo_has_the_book_before_the_trade() -> None:
    found = items(read(frame(record(0), record(4, side="B")), DatabentoSchema.TBBO))
    quotes = ("3720.25", 24), ("3720.5", 11)
    assert found == [
        event(0, best(0, *quotes)),
        event(0, trade("1", "3720.25", 2, Side.SELL)),
        event(4, best(4, *quotes)),
        event(4, trade("2", "3720.25", 2, Side.BUY)),
    ]


def test_rows_of_one_event_are_one_state_of_the_book() -> None:
    rows = [
        record(0, flags=0),  # a trade
        record(0, flags=0, action="M", bid_sz_00=22),
        record(0, flags=0, action="A", symbol="NQZ0"),  # another instrument between
        record(0, flags=LAST + 2, action="C", bid_px_00=3_720_000_000_000, bid_sz_00=40),
        record(1, flags=LAST, action="A", symbol="NQZ0", ask_sz_00=5),
    ]
    es = best(0, ("3720", 40), ("3720.5", 11))
    nq = [best(at, ("3720.25", 24), ("3720.5", size)) for at, size in ((0, 11), (1, 5))]
    assert items(read(frame(*rows), DatabentoSchema.MBP_1)) == [
        event(0, trade("1", "3720.25", 2, Side.SELL)),
        event(0, es),
        # Its own event has not ended, but the time goes on.
        event(0, nq[0], 1),
        event(1, nq[1], 1),
    ]


def test_an_event_that_ends_with_a_trade_or_not_at_all() -> None:
    rows = [
        record(0, flags=0, action="M", bid_sz_00=1),
        record(0, flags=LAST, side="B"),
        record(3, flags=0, action="R", bid_px_00=UNDEFINED, ask_px_00=UNDEFINED, bid_sz_00=0,
               ask_sz_00=0, side="N"),
    ]  # fmt: skip
    assert items(read(frame(*rows), DatabentoSchema.MBP_1)) == [
        event(0, trade("2", "3720.25", 2, Side.BUY)),
        event(0, best(0, ("3720.25", 1), ("3720.5", 11))),
        event(3, best(3, None, None)),
    ]


def ten_levels(at: int, **changes: object) -> Row:
    """Make a row with ten levels, of which some are not there."""
    row = record(at, 10, action="A", side="B")
    for number in range(10):
        is_there = number < 7
        for side, sign in (("bid", -1), ("ask", 1)):
            price = 3_720_250_000_000 + sign * (number + 1) * 250_000_000
            row[f"{side}_px_{number:02}"] = price if is_there else UNDEFINED
            row[f"{side}_sz_{number:02}"] = number + 1 if is_there else 0
            row[f"{side}_ct_{number:02}"] = 1 if is_there else 0
    return row | changes


def test_ten_levels() -> None:
    table = frame(ten_levels(0), ten_levels(1, action="T", side="A"))
    steps = [(Decimal("0.25") * number, number) for number in range(1, 8)]
    bids = [Level(price=Decimal("3720.25") - step, amount=size) for step, size in steps]
    asks = [Level(price=Decimal("3720.25") + step, amount=size) for step, size in steps]
    assert items(read(table, DatabentoSchema.MBP_10)) == [
        event(0, OrderBookSnapshot(OrderBook(0, None, bids, asks))),
        event(1, trade("2", "3720.25", 2, Side.SELL)),
    ]


def candle(minute: int, **changes: object) -> Row:
    """Make a row of a candle."""
    row: Row = {
        "ts_event": START + minute * 60_000_000_000,
        "rtype": 33,
        "publisher_id": 1,
        "instrument_id": 5482,
        "open": 3_720_000_000_000,
        "high": 3_725_250_000_000,
        "low": 3_719_750_000_000,
        "close": 3_721_500_000_000,
        "volume": 353,
        "symbol": "ESZ0",
    }
    return row | changes


@pytest.mark.parametrize(
    ("schema", "kind", "seconds"),
    [
        (DatabentoSchema.OHLCV_1S, 32, 1),
        (DatabentoSchema.OHLCV_1M, 33, 60),
        (DatabentoSchema.OHLCV_1H, 34, 3600),
        (DatabentoSchema.OHLCV_1D, 35, 86_400),
    ],
)
def test_a_candle_is_known_when_it_closes(schema: DatabentoSchema, kind: int, seconds: int) -> None:
    # A volume that would say of a size that there is none.
    table = pl.DataFrame([candle(0, rtype=kind, volume=2**32 - 1)])
    (found,) = items(read(table, schema))
    close = datetime.fromtimestamp(START // 10**9, timezone.utc) + timedelta(seconds=seconds)
    assert found.time_received == found.time_exchange == close
    assert found.kind == Candle(
        close,
        open=Decimal(3720),
        high=Decimal("3725.25"),
        low=Decimal("3719.75"),
        close=Decimal("3721.5"),
        volume=2**32 - 1,
        trade_count=0,
    )


def test_candles_of_pandas() -> None:
    """The index of `to_df` is the time at which a candle opens."""
    table = pl.DataFrame([candle(0), candle(1)])
    table = table.with_columns(pl.col("ts_event").cast(pl.Datetime("ns", "UTC")))
    table = table.with_columns(pl.col("open", "high", "low", "close") / 1e9)
    pandas: ArrowStream = table.to_pandas().set_index("ts_event")
    assert isinstance(pandas, pd.DataFrame)
    expected = read(pl.DataFrame([candle(0), candle(1)]), DatabentoSchema.OHLCV_1M)
    assert list(read(pandas, DatabentoSchema.OHLCV_1M)) == list(expected)


@pytest.mark.parametrize(
    ("rows", "schema", "message"),
    [
        # Candles of a minute that are taken for those of an hour would be late.
        (
            [candle(0)],
            DatabentoSchema.OHLCV_1H,
            r'column "rtype": 33 is a row of ohlcv-1m, and not of ohlcv-1h: give another schema',
        ),
        ([candle(0, rtype=36)], DatabentoSchema.OHLCV_1D, "36 is a row of ohlcv-eod, whose days"),
        ([record(0)], DatabentoSchema.TRADES, "1 is a row of tbbo or mbp-1, and not of trades"),
        (
            [record(0), record(1, action="A")],
            DatabentoSchema.TBBO,
            r'row 1 .*column "action": the row is no trade: schema=DatabentoSchema\.MBP_1',
        ),
        (
            [record(0), record(1)],
            DatabentoSchema.MBP_1,
            r"trades only, and no change of the book: schema=DatabentoSchema\.TBBO",
        ),
        ([record(0, action="F")], DatabentoSchema.MBP_1, '"F", which is no action of this schema'),
        (
            [record(0, 0), record(1, 0, publisher_id=39)],
            DatabentoSchema.TRADES,
            r'row 1 .*column "publisher_id": 39 is another venue than 1, .*of one venue',
        ),
        (
            [record(0, 0, symbol="ESH1")],
            DatabentoSchema.TRADES,
            r'column "symbol": symbols has no "ESH1", only \["ESZ0", "NQZ0"\]',
        ),
        (
            [record(0, 0, price=UNDEFINED)],
            DatabentoSchema.TRADES,
            'column "price": is empty, but needs a number',
        ),
        (
            [record(0, 0, size=2**32 - 1)],
            DatabentoSchema.TRADES,
            'column "size": is empty, but needs a number',
        ),
        (
            [record(0, bid_px_00=UNDEFINED, action="A")],
            DatabentoSchema.MBP_1,
            'column "bid_px_00": is empty, but there is an amount',
        ),
        (
            [record(0, 0, ts_recv=2**64 - 1)],
            DatabentoSchema.TRADES,
            'column "ts_recv": .* outside the years 1677 to 2262',
        ),
        (
            [record(5, 0), record(4, 0)],
            DatabentoSchema.TRADES,
            r"row 1 .*time_received steps back from .* order=RowOrder\.SORT",
        ),
        (
            [record(5, flags=0, action="A"), record(4, action="A")],
            DatabentoSchema.MBP_1,
            r"row 1 .*time_received steps back from .* order=RowOrder\.SORT",
        ),
    ],
)
def test_what_is_refused(rows: list[Row], schema: DatabentoSchema, message: str) -> None:
    with pytest.raises(MarketDataError, match=message):
        read(frame(*rows), schema)


@pytest.mark.parametrize("column", ["symbol", "rtype", "ts_recv", "action", "ask_sz_00"])
def test_a_column_that_is_missing(column: str) -> None:
    message = f'there is no column "{column}"; .*DBNStore.to_df makes all columns'
    with pytest.raises(MarketDataError, match=message):
        read(frame(record(0)).drop(column), DatabentoSchema.MBP_1)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"symbols": {}}, ValueError, "symbols must not be empty"),
        ({"symbols": ["ESZ0"]}, TypeError, "symbols: expected a mapping"),
        ({"symbols": {"ESZ0": 5}}, TypeError, "symbols"),
        ({"schema": "trades"}, TypeError, "schema"),
        ({"unknown_side": "buy"}, TypeError, "unknown_side"),
        ({"order": "sort"}, TypeError, "order"),
        ({"table": [1]}, TypeError, "table must have the method __arrow_c_stream__"),
    ],
)
def test_arguments_that_are_wrong(
    arguments: dict[str, object], error: type[Exception], message: str
) -> None:
    call: Callable[..., object] = read_databento
    given: dict[str, object] = {
        "table": frame(record(0, 0)),
        "instruments": INSTRUMENTS,
        "symbols": SYMBOLS,
        "schema": DatabentoSchema.TRADES,
    }
    with pytest.raises(error, match=message):
        call(**given | arguments)


# Against an independent reading


def random_rows(random: Random, count: int) -> list[Row]:
    """Make rows of events that have several rows each."""
    rows: list[Row] = []
    at = 0
    while len(rows) < count:
        at += random.choice([0, 1, 1000])
        symbol = random.choice(["ESZ0", "NQZ0"])
        size = random.randint(1, 4)
        for number in range(size):
            bid = random.randint(1, 2**40)
            row = record(
                at,
                action=random.choice("TTACMRN"),
                side=random.choice("AB"),
                price=random.randint(1, 2**44),
                size=random.randint(1, 2**31),
                flags=random.choice([0, 2]) + LAST * (number == size - 1),
                bid_px_00=bid,
                ask_px_00=bid + random.randint(1, 2**40),
                bid_sz_00=random.randint(1, 10**6),
                ask_sz_00=random.randint(1, 10**6),
                symbol=symbol,
            )
            if random.random() < 0.1:
                row |= {"bid_px_00": UNDEFINED, "bid_sz_00": 0}
            rows.append(row)
    return rows


def independent(table: pl.DataFrame) -> list[tuple[object, ...]]:
    """Read rows of mbp-1 by polars: whole events, each with one state of the book at its end."""
    ended = (pl.col("flags") >= LAST).cum_sum().shift(1, fill_value=0)
    expected: list[tuple[object, ...]] = []
    for _, rows in table.with_row_index().group_by(ended.alias("event"), maintain_order=True):
        for row in rows.filter(pl.col("action") == "T").to_dicts():
            side = Side.SELL if row["side"] == "A" else Side.BUY
            price = Decimal(row["price"]) / 10**9
            expected.append((row["ts_recv"], row["symbol"], price, Decimal(row["size"]), side))
        for row in rows.filter(pl.col("action") != "T").tail(1).to_dicts():
            quote = [
                None
                if row[f"{side}_px_00"] == UNDEFINED
                else (Decimal(row[f"{side}_px_00"]) / 10**9, Decimal(row[f"{side}_sz_00"]))
                for side in ("bid", "ask")
            ]
            expected.append((row["ts_recv"], row["symbol"], *quote))
    return expected


def as_read(events: Sequence[MarketEvent]) -> list[tuple[object, ...]]:
    """Give what `independent` gives, of events."""
    found: list[tuple[object, ...]] = []
    for one in events:
        symbol = ["ESZ0", "NQZ0"][one.instrument]
        kind = one.kind
        if isinstance(kind, PublicTrade):
            found.append((one.time_received_ns, symbol, kind.price, kind.amount, kind.side))
        elif isinstance(kind, OrderBookL1):
            sides = [
                None if side is None else (side.price, side.amount)
                for side in (kind.best_bid, kind.best_ask)
            ]
            found.append((one.time_received_ns, symbol, *sides))
    return found


@pytest.mark.parametrize("seed", range(5))
def test_random_rows_are_read_as_polars_reads_them(seed: int) -> None:
    table = frame(*random_rows(Random(seed), 500))
    assert as_read(items(read(table, DatabentoSchema.MBP_1))) == independent(table)


def test_sorting_keeps_the_order_of_rows_of_one_time() -> None:
    table = frame(*[row | {"rtype": 0} for row in random_rows(Random(7), 200)])
    shuffled = table.sample(fraction=1, shuffle=True, seed=1)
    found = items(read(shuffled, DatabentoSchema.TRADES, order=RowOrder.SORT))
    expected = shuffled.sort("ts_recv", maintain_order=True)
    amounts = [Decimal(size) for size in expected["size"].to_list()]
    assert [it.kind.amount for it in found if isinstance(it.kind, PublicTrade)] == amounts
