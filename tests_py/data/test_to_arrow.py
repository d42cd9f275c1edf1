"""Histories as tables: what the columns hold, by polars, and read back."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import TypeAlias

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.histories import (
    BTC,
    ETH,
    at,
    candle,
    event,
    history,
    l1,
    order_book,
    reconnecting,
    snapshot,
    trade,
    two_instruments,
    update,
)

from barter_python import (
    Candle,
    Funding,
    Level,
    Liquidation,
    MarketData,
    MarketDataError,
    MarketEvent,
    OrderBook,
    OrderBookL1,
    OrderBookSnapshot,
    OrderBookUpdate,
    PublicTrade,
    Reconnecting,
    Settlement,
    Side,
    SystemConfig,
)
from barter_python.data import (
    BookColumns,
    CandleColumns,
    Columns,
    FundingColumns,
    L1Columns,
    LiquidationColumns,
    OrderBookEvent,
    SettlementColumns,
    TradeColumns,
)

INDEX = two_instruments().index()
NAMES = ["binancespot-btc_usdt", "binancespot-eth_usdt"]
KINDS = (
    PublicTrade, OrderBookL1, OrderBook, OrderBookSnapshot, OrderBookUpdate, Candle, Liquidation,
)  # fmt: skip
COMMON = ["position", "time_exchange", "time_received", "exchange", "instrument", "instrument_name"]

HISTORY = history(
    trade(0, "100.5", "0.001", side=Side.SELL),
    l1(1, "99", None, bid_amount="2.50"),
    reconnecting(),
    trade(2, "7", instrument=ETH),
    snapshot(3, {"99": "1", "98.5": "2"}, {"101": "3"}, sequence=7),
    update(4, {}, {"101": "0"}, sequence=8, instrument=ETH),
    update(5, {}, {}, sequence=9),
    candle(6, "3.25"),
    event(7, Liquidation(Side.BUY, price=Decimal("5.0"), quantity=Decimal("0.1"), time=at(6))),
    event(8, Funding(Decimal("0.0001"), mark_price=7)),
    event(9, Funding(0), instrument=ETH),
    event(10, Settlement(price=Decimal("6.5"))),
)


Kind: TypeAlias = type[
    PublicTrade
    | OrderBook
    | OrderBookSnapshot
    | OrderBookUpdate
    | OrderBookL1
    | Candle
    | Liquidation
    | Funding
    | Settlement
]


def rows(kind: Kind) -> list[dict[str, object]]:
    """Read a table of the history, without what all tables have."""
    table = pl.DataFrame(HISTORY.to_arrow(kind, instruments=INDEX))
    assert table.columns[:6] == COMMON
    return table.drop("time_exchange", "time_received", "exchange").to_dicts()


def test_trades() -> None:
    assert rows(PublicTrade) == [
        {
            "position": 0, "instrument": 0, "instrument_name": NAMES[0], "id": "trade-0",
            "price": Decimal("100.5"), "amount": Decimal("0.001"), "side": "sell",
        },
        {
            "position": 3, "instrument": 1, "instrument_name": NAMES[1], "id": "trade-2",
            "price": Decimal(7), "amount": Decimal(1), "side": "buy",
        },
    ]  # fmt: skip


def test_quotes_liquidations_and_candles() -> None:
    (quote,) = rows(OrderBookL1)
    assert quote["bid_price"] == Decimal(99)
    assert quote["bid_amount"] == Decimal("2.50")
    assert quote["ask_price"] is quote["ask_amount"] is None
    (liquidation,) = rows(Liquidation)
    assert [liquidation[name] for name in ("position", "side", "price", "quantity")] == [
        8, "buy", Decimal(5), Decimal("0.1"),
    ]  # fmt: skip
    funding = [(row["position"], row["rate"], row["mark_price"]) for row in rows(Funding)]
    assert funding == [(9, Decimal("0.0001"), Decimal(7)), (10, Decimal(0), None)]
    (settlement,) = rows(Settlement)
    assert (settlement["position"], settlement["price"]) == (11, Decimal("6.5"))
    (bar,) = rows(Candle)
    assert [bar[name] for name in ("open", "high", "low", "close")] == [Decimal("3.25")] * 4
    assert (bar["volume"], bar["trade_count"]) == (Decimal(10), 3)


def test_levels_of_books() -> None:
    def levels(
        kind: type[OrderBook | OrderBookSnapshot | OrderBookUpdate],
    ) -> Sequence[tuple[object, ...]]:
        table = pl.DataFrame(HISTORY.to_arrow(kind, instruments=INDEX))
        names = ["position", "is_snapshot", "sequence", "side", "price", "amount"]
        return table.select(names).rows()

    snapshots = [
        (4, True, 7, "bid", Decimal(99), Decimal(1)),
        (4, True, 7, "bid", Decimal("98.5"), Decimal(2)),
        (4, True, 7, "ask", Decimal(101), Decimal(3)),
    ]
    updates = [
        (5, False, 8, "ask", Decimal(101), Decimal(0)),
        (6, False, 9, None, None, None),
    ]
    assert levels(OrderBookSnapshot) == snapshots
    assert levels(OrderBookUpdate) == updates
    assert levels(OrderBook) == snapshots + updates


@pytest.mark.parametrize("kind", KINDS)
def test_times_and_types(kind: Kind) -> None:
    table = pl.DataFrame(HISTORY.to_arrow(kind, instruments=INDEX))
    for row in table.select("position", pl.col("time_received").dt.timestamp("ns")).rows():
        item = HISTORY[row[0]]
        assert isinstance(item, MarketEvent)
        assert item.time_received_ns == row[1]
    schema = pa.table(HISTORY.to_arrow(kind, instruments=INDEX)).schema
    times = [name for name in schema.names if "time" in name]
    assert {str(schema.field(name).type) for name in times} == {"timestamp[ns, tz=UTC]"}
    # One kind has the same columns whatever the history holds, also if it holds none.
    empty = history(trade(0, "1")) if kind is not PublicTrade else history(candle(0, "1"))
    other = pl.DataFrame(empty.to_arrow(kind, instruments=INDEX))
    assert (other.columns, len(other)) == (table.columns, 0)
    floats = pl.DataFrame(HISTORY.to_arrow(kind, instruments=INDEX, decimals="float"))
    assert floats.columns == table.columns
    exact = [name for name, of in table.schema.items() if isinstance(of, pl.Decimal)]
    assert exact
    for name in exact:
        assert floats[name].to_list() == [
            None if value is None else float(value) for value in table[name].to_list()
        ]


def test_the_bundled_history(real_history: MarketData, real_config: SystemConfig) -> None:
    index = real_config.index()
    trades = pl.DataFrame(real_history.to_arrow(PublicTrade, instruments=index))
    quotes = pl.DataFrame(real_history.to_arrow(OrderBookL1, instruments=index))
    assert sorted([*trades["position"], *quotes["position"]]) == list(range(50_000))
    for table in (trades, quotes):
        for row in table.sample(500, seed=1).iter_rows(named=True):
            item = real_history[row["position"]]
            assert isinstance(item, MarketEvent)
            assert item.instrument == row["instrument"]
            if isinstance(item.kind, PublicTrade):
                assert (item.kind.price, item.kind.amount) == (row["price"], row["amount"])
                assert (item.kind.id, item.kind.side.value) == (row["id"], row["side"])
            else:
                assert isinstance(item.kind, OrderBookL1)
                assert item.kind.best_bid == Level(price=row["bid_price"], amount=row["bid_amount"])
                assert item.kind.best_ask == Level(price=row["ask_price"], amount=row["ask_amount"])


# Read back

READ_BACK: list[tuple[Kind, Columns]] = [
    (
        PublicTrade,
        TradeColumns(time_received="time_received", id="id", instrument="instrument_name"),
    ),
    (OrderBookL1, L1Columns(time_received="time_received", instrument="instrument_name")),
    (
        OrderBook,
        BookColumns(
            time_received="time_received",
            is_snapshot="is_snapshot",
            sequence="sequence",
            instrument="instrument_name",
        ),
    ),
    (
        Candle,
        CandleColumns(
            close_time="close_time",
            time_received="time_received",
            trade_count="trade_count",
            instrument="instrument_name",
        ),
    ),
    (Liquidation, LiquidationColumns(time_received="time_received", instrument="instrument_name")),
    (
        Funding,
        FundingColumns(
            time_received="time_received", mark_price="mark_price", instrument="instrument_name"
        ),
    ),
    (Settlement, SettlementColumns(time_received="time_received", instrument="instrument_name")),
]

TIMES = st.integers(0, 50)
NUMBERS = st.integers(1, 10**9).map(lambda number: Decimal(number).scaleb(-4))
RATES = st.integers(-(10**6), 10**6).map(lambda number: Decimal(number).scaleb(-8))
SIDES = st.lists(NUMBERS, min_size=1, max_size=3, unique=True)


@st.composite
def kinds(draw: st.DrawFn, time: int, sequence: int) -> list[MarketEvent]:
    """Make an event of each kind; a book has no time of its own, as tables have none."""
    spread = 10**6
    sides = [
        [Level(price=price + shift, amount=draw(NUMBERS)) for price in draw(SIDES)]
        for shift in (0, spread)
    ]
    book = OrderBook(sequence, None, *sides)
    low, first, last, high = sorted(draw(NUMBERS) for _ in range(4))
    bar = Candle(
        at(time),
        open=first,
        high=high,
        low=low,
        close=last,
        volume=draw(NUMBERS),
        trade_count=draw(st.integers(0, 9)),
    )
    side = draw(st.sampled_from(Side))
    made: list[
        PublicTrade | OrderBookL1 | OrderBookEvent | Candle | Liquidation | Funding | Settlement
    ] = [
        PublicTrade("7", price=draw(NUMBERS), amount=draw(NUMBERS), side=side),
        OrderBookL1(at(time), sides[0][0], draw(st.sampled_from([None, sides[1][0]]))),
        OrderBookSnapshot(book) if draw(st.booleans()) else OrderBookUpdate(book),
        bar,
        Liquidation(side, price=draw(NUMBERS), quantity=draw(NUMBERS), time=at(time)),
        Funding(draw(RATES), mark_price=draw(st.none() | NUMBERS)),
        Settlement(price=draw(NUMBERS)),
    ]
    return [event(time, kind, instrument=draw(st.sampled_from((BTC, ETH)))) for kind in made]


@given(st.data())
def test_what_is_written_is_read_back(data: st.DataObject) -> None:
    times = sorted(data.draw(st.lists(TIMES, min_size=1, max_size=6)))
    events: list[MarketEvent | Reconnecting] = []
    for sequence, time in enumerate(times):
        events += data.draw(kinds(time, sequence))
    written = MarketData.from_events(events)
    for kind, columns in READ_BACK:
        table = written.to_arrow(kind, instruments=INDEX)
        read = MarketData.from_arrow(table, columns, instruments=INDEX)
        of = (OrderBookSnapshot, OrderBookUpdate) if kind is OrderBook else (kind,)
        assert list(read) == [
            item for item in events if isinstance(item, MarketEvent) and isinstance(item.kind, of)
        ]


def test_through_parquet(real_history: MarketData, real_config: SystemConfig) -> None:
    index = real_config.index()
    table = pl.DataFrame(real_history.to_arrow(OrderBookL1, instruments=index))
    file = io.BytesIO()
    table.sort("time_received", maintain_order=True).write_parquet(file)
    file.seek(0)
    columns = L1Columns(time_received="time_received", instrument="instrument_name")
    read = MarketData.from_arrow(pl.read_parquet(file), columns, instruments=index)
    expected = [
        item
        for item in real_history
        if isinstance(item, MarketEvent) and isinstance(item.kind, OrderBookL1)
    ]
    assert list(read) == sorted(expected, key=lambda item: item.time_received_ns)


# What is refused


@pytest.mark.parametrize("kind", [Reconnecting, Level, "PublicTrade", None, HISTORY[0]])
def test_what_is_no_kind(kind: object) -> None:
    with pytest.raises(TypeError, match=r"kind must be one of the classes PublicTrade, .*, got "):
        HISTORY.to_arrow(kind, instruments=INDEX)  # type: ignore[arg-type]


def test_numbers_that_do_not_fit() -> None:
    long = history(trade(0, "1" + "0" * 12), trade(1, "0." + "0" * 27 + "1"))
    with pytest.raises(ValueError, match=r"^price: exact decimals have at most 38 digits, .*float"):
        long.to_arrow(PublicTrade, instruments=INDEX)
    floats = pl.DataFrame(long.to_arrow(PublicTrade, instruments=INDEX, decimals="float"))
    assert floats["price"].to_list() == [1e12, 1e-28]
    book = order_book({"1": "1"}, {}, sequence=2**63)
    far = history(trade(0, "1"), event(1, OrderBookSnapshot(book)))
    with pytest.raises(ValueError, match=r"^event 1: sequence 9223372036854775808 does not fit"):
        far.to_arrow(OrderBook, instruments=INDEX)


def test_arguments() -> None:
    with pytest.raises(MarketDataError, match=r"event 1: .*7"):
        history(trade(0, "1"), trade(1, "1", instrument=7)).to_arrow(Candle, instruments=INDEX)
    with pytest.raises(ValueError, match=r'decimals: must be "exact" or "float", got "text"'):
        HISTORY.to_arrow(Candle, instruments=INDEX, decimals="text")  # type: ignore[arg-type]


def test_positions_of_a_part_are_those_in_the_part() -> None:
    table = HISTORY[3:].to_arrow(PublicTrade, instruments=INDEX)
    assert pl.DataFrame(table)["position"].to_list() == [0]
