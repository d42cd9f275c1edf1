"""Files in Tardis' formats, by hand, and order books rebuilt without the reader."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from random import Random

import polars as pl
import pytest
from support.tables import FUTURES, ONE, items, trade
from typing_extensions import override

from barter_python import (
    NO_ORDERS,
    EngineView,
    ExchangeId,
    IndexedInstruments,
    InstrumentConfig,
    Level,
    Liquidation,
    MarketData,
    MarketDataError,
    MarketEvent,
    MockExecutionConfig,
    OrderBook,
    OrderBookL1,
    OrderBookSnapshot,
    OrderBookUpdate,
    Orders,
    PublicTrade,
    Reconnecting,
    RowOrder,
    Side,
    Strategy,
    SystemConfig,
    Underlying,
    read_tardis,
    run_backtest,
)

FILES = Path(__file__).parent / "files"
CONFIG = SystemConfig(
    [InstrumentConfig(FUTURES, "BTCUSDT", Underlying("btc", "usdt"))],
    [MockExecutionConfig(FUTURES, {"usdt": 1000})],
)
PERPETUAL = CONFIG.index()
START = 1_598_918_400_000_000


def file(kind: str) -> Path:
    """Give the file of a kind."""
    return FILES / f"binance-futures_{kind}_2020-09-01_BTCUSDT.csv"


def event(
    exchange_us: int,
    local_us: int,
    kind: PublicTrade | OrderBookL1 | OrderBookSnapshot | OrderBookUpdate | Liquidation,
) -> MarketEvent:
    """Make an event at microseconds after the start."""
    times = [(START + us) * 1000 for us in (exchange_us, local_us)]
    return MarketEvent(times[0], times[1], FUTURES, 0, kind)


def test_trades_and_a_clock_that_is_ahead() -> None:
    times = [(151_000, 157_123), (152_000, 158_001), (170_000, 169_900)]
    assert items(read_tardis(file("trades"), instruments=PERPETUAL)) == [
        trade(
            (START + exchange) * 1000,
            price,
            amount,
            side,
            identity,
            received=(START + local) * 1000,
            exchange=FUTURES,
        )
        for (exchange, local), (price, amount, side, identity) in zip(
            times,
            [
                ("11657.07", "0.003", Side.SELL, "274501001"),
                ("11657.08", "1.250", Side.BUY, "274501002"),
                ("11657.08", "0.010", Side.BUY, "274501003"),
            ],
            strict=True,
        )
    ]


def test_liquidations() -> None:
    (found,) = read_tardis(file("liquidations"), instruments=PERPETUAL)
    liquidation = Liquidation(
        Side.SELL,
        price=Decimal("11650.07"),
        quantity=Decimal("0.103"),
        time=(START + 151_000) * 1000,
    )
    assert found == event(151_000, 157_123, liquidation)


def test_quotes_have_the_ask_first_and_may_lack_a_side() -> None:
    ask, bid = Level(price=Decimal("11657.08"), amount=Decimal("2.5")), Decimal("11657.07")
    assert list(read_tardis(file("quotes"), instruments=PERPETUAL)) == [
        event(
            151_000,
            157_123,
            OrderBookL1((START + 151_000) * 1000, Level(price=bid, amount=Decimal("0.7")), ask),
        ),
        event(
            152_000,
            158_001,
            OrderBookL1((START + 152_000) * 1000, Level(price=bid, amount=Decimal("0.8")), None),
        ),
    ]


def levels(*pairs: tuple[str, str]) -> list[Level]:
    """Make levels of text."""
    return [Level(price=Decimal(price), amount=Decimal(amount)) for price, amount in pairs]


def test_whole_books_may_lack_levels() -> None:
    top, second = ("11657.08", "2.5"), ("11657.10", "1")
    bids = [("11657.07", "0.7"), ("11657.00", "3")]
    assert [
        it.kind for it in items(read_tardis(file("book_snapshot_5"), instruments=PERPETUAL))
    ] == [
        OrderBookSnapshot(OrderBook(0, None, levels(*bids), levels(top, second))),
        OrderBookSnapshot(
            OrderBook(0, None, levels(("11657.07", "0.8"), bids[1]), levels(top)),
        ),
    ]


@pytest.mark.parametrize("reconnecting", [False, True])
def test_a_message_of_the_book_is_one_event(reconnecting: bool) -> None:
    data = read_tardis(
        file("incremental_book_L2"), instruments=PERPETUAL, reconnecting=reconnecting
    )
    first = OrderBook(0, None, levels(("11657.07", "0.7")), levels(("11657.08", "2.5")))
    change = OrderBook(0, None, levels(("11657.06", "4"), ("11657.07", "0")), [])
    unknown = OrderBook(0, None, [], levels(("12000", "0")))
    again = OrderBook(0, None, levels(("11657.08", "2")), levels(("11657.09", "1")))
    assert list(data) == [
        event(151_000, 157_123, OrderBookSnapshot(first)),
        event(152_000, 158_001, OrderBookUpdate(change)),
        event(153_000, 159_002, OrderBookUpdate(unknown)),
        *([Reconnecting(FUTURES)] if reconnecting else []),
        event(190_000, 195_000, OrderBookSnapshot(again)),
    ]


def test_trades_come_before_the_book_at_equal_times(tmp_path: Path) -> None:
    """The book of such a time has lost the amount already: a queue would count the trade twice."""
    header = "exchange,symbol,timestamp,local_timestamp"
    book, trades = tmp_path / "book.csv", tmp_path / "trades.csv"
    book.write_text(
        f"{header},is_snapshot,side,price,amount\n"
        f"binance-futures,BTCUSDT,{START},{START},true,bid,100,5\n"
        f"binance-futures,BTCUSDT,{START + 1},{START + 1},false,bid,100,4\n"
    )
    trades.write_text(
        f"{header},id,side,price,amount\n"
        f"binance-futures,BTCUSDT,{START + 1},{START + 1},1,sell,100,1\n"
    )
    merged = MarketData.merge(
        read_tardis(trades, instruments=PERPETUAL), read_tardis(book, instruments=PERPETUAL)
    )
    kinds = [type(it.kind) for it in items(merged)]
    assert kinds == [OrderBookSnapshot, PublicTrade, OrderBookUpdate]


def test_trades_without_a_side_or_an_id() -> None:
    path = FILES / "bitmex_trades_2020-09-01_XBTUSDT.csv"
    bitmex = IndexedInstruments(
        [InstrumentConfig(ExchangeId.BITMEX, "xbtusdt", Underlying("xbt", "usdt"))]
    )

    def read(*, unknown_side: Side | None = None, count_trades: bool = True) -> MarketData:
        return read_tardis(
            path,
            instruments=bitmex,
            symbols={"XBTUSDT": "xbtusdt"},
            unknown_side=unknown_side,
            count_trades=count_trades,
        )

    with pytest.raises(MarketDataError, match=r'line 2: column "side": .*unknown_side=Side\.BUY'):
        read()
    with pytest.raises(MarketDataError, match='line 2: column "id": is empty'):
        read(unknown_side=Side.SELL, count_trades=False)
    kinds = [it.kind for it in items(read(unknown_side=Side.SELL))]
    assert [(it.id, it.side) for it in kinds if isinstance(it, PublicTrade)] == [
        ("1", Side.SELL),
        ("2", Side.BUY),
    ]


def test_symbols() -> None:
    with pytest.raises(
        MarketDataError, match=r'column "symbol": no instrument is called "BTCUSDT"'
    ):
        read_tardis(
            file("trades"),
            instruments=IndexedInstruments(
                [InstrumentConfig(FUTURES, "ETHUSDT", Underlying("eth", "usdt"))]
            ),
        )
    with pytest.raises(MarketDataError, match=r'symbols has no "BTCUSDT", only \["ETHUSDT"\]'):
        read_tardis(file("trades"), instruments=PERPETUAL, symbols={"ETHUSDT": "BTCUSDT"})
    assert (
        read_tardis(
            file("trades"),
            instruments=ONE,
            symbols={"BTCUSDT": "binancespot-btc_usdt"},
        )[0].exchange
        is ExchangeId.BINANCE_SPOT
    )


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_of_another_market(packed: bool, tmp_path: Path) -> None:
    path = file("trades")
    if packed:
        path = tmp_path / "trades.csv.gz"
        path.write_bytes(gzip.compress(file("trades").read_bytes()))
    spot = InstrumentConfig(ExchangeId.BINANCE_SPOT, "BTCUSDT", Underlying("btc", "usdt"))
    instruments = IndexedInstruments([spot])
    with pytest.warns(UserWarning, match="is of 'binance-futures', .* is of binance_spot") as seen:
        data = read_tardis(path, instruments=instruments)
    assert seen[0].filename == __file__
    meant = {"BTCUSDT": "binancespot-btc_usdt"}
    assert list(read_tardis(path, instruments=instruments, symbols=meant)) == list(data)
    # Nobody else has the symbols of these.
    kraken = InstrumentConfig(ExchangeId.KRAKEN, "XBTUSDT", Underlying("xbt", "usdt"))
    other = FILES / "bitmex_trades_2020-09-01_XBTUSDT.csv"
    assert read_tardis(
        other,
        instruments=IndexedInstruments([kraken]),
        count_trades=True,
        unknown_side=Side.BUY,
    )


def test_steps_back_in_local_time(tmp_path: Path) -> None:
    lines = file("trades").read_text().splitlines()
    path = tmp_path / "trades.csv.gz"
    path.write_bytes(gzip.compress("\n".join([lines[0], *lines[:0:-1]]).encode()))
    with pytest.raises(MarketDataError, match="line 3: time_received steps back from"):
        read_tardis(path, instruments=PERPETUAL)
    data = read_tardis(path, instruments=PERPETUAL, order=RowOrder.SORT)
    assert list(data) == list(read_tardis(file("trades"), instruments=PERPETUAL))


@pytest.mark.parametrize(
    "header",
    [
        "time,price,amount,side",
        "exchange,symbol,timestamp,local_timestamp,funding_rate",
        "exchange,symbol,timestamp,local_timestamp",
        "exchange,symbol,timestamp,local_timestamp,asks[0].price,asks[0].amount,bids[0].price",
        "exchange,symbol,timestamp,local_timestamp,asks[1].price,asks[1].amount,bids[1].price,"
        "bids[1].amount",
        "asks[0].price,asks[0].amount,bids[0].price,bids[0].amount",
    ],
)
def test_another_kind_of_file(tmp_path: Path, header: str) -> None:
    path = tmp_path / "other.csv"
    path.write_text(f"{header}\n")
    with pytest.raises(
        MarketDataError, match="the header is none of trades, liquidations"
    ) as caught:
        read_tardis(path, instruments=PERPETUAL)
    assert caught.value.path == path


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"symbols": {"": "x"}}, ValueError, "symbols must not be blank"),
        ({"symbols": {"X": 5}}, TypeError, r"symbols\['X'\] must be a str"),
        ({"symbols": ["X"]}, TypeError, "symbols must be a Mapping"),
        ({"unknown_side": "buy"}, TypeError, "unknown_side must be a Side"),
        ({"count_trades": 1}, TypeError, "count_trades must be a bool"),
        ({"reconnecting": None}, TypeError, "reconnecting must be a bool"),
        ({"path": []}, ValueError, "path must not be empty"),
        (
            {"path": [file("trades"), file("quotes")]},
            ValueError,
            r"one kind, got .*trades.*quotes.*MarketData\.merge",
        ),
    ],
)
def test_arguments_that_are_wrong(
    arguments: dict[str, object], error: type[Exception], message: str
) -> None:
    call: Callable[..., object] = read_tardis
    with pytest.raises(error, match=message):
        call(**{"path": file("trades"), "instruments": PERPETUAL, **arguments})


# Books against an independent rebuild


def random_book(path: Path, seed: int, messages: int) -> None:
    """Write a file of incremental_book_L2 whose messages have several rows."""
    random = Random(seed)
    rows = ["exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount"]
    local = START
    for number in range(messages):
        is_snapshot = number == 0 or random.random() < 0.01
        local += random.choice([1, 1, 50, 1000])
        seen: set[tuple[str, int]] = set()
        for _ in range(40 if is_snapshot else random.randint(1, 6)):
            side = random.choice(["bid", "ask"])
            price = random.randint(900, 999) if side == "bid" else random.randint(1000, 1099)
            if is_snapshot and (side, price) in seen:
                continue
            seen.add((side, price))
            amount = random.choice([0, 0, random.randint(1, 10**6)])
            text = f"{price / 100:.2f},{Decimal(amount) / 1000}"
            flag = str(is_snapshot).lower()
            rows.append(f"x,BTCUSDT,{local - random.randint(0, 9)},{local},{flag},{side},{text}")
    path.write_text("\n".join(rows) + "\n")


class Watch(Strategy):
    """Keeps the book after each event."""

    def __init__(self) -> None:
        self.seen: list[tuple[int, OrderBook | None]] = []

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        instrument = state.instruments[0]
        self.seen.append((state.time_ns, instrument.book))
        return NO_ORDERS


def rebuilt(frame: pl.DataFrame, until: int) -> tuple[list[Level], list[Level]]:
    """Give bids and asks as of a time, from the rows of the file."""
    known = frame.filter(pl.col("local") <= until)
    whole = known.filter(pl.col("is_snapshot") == "true")["local"].max()
    since = known.filter(pl.col("local") >= whole)
    last = since.group_by("side", "price").agg(pl.col("amount").last())
    found = [
        (row["side"], Level(price=Decimal(row["price"]), amount=Decimal(row["amount"])))
        for row in last.to_dicts()
        if Decimal(row["amount"]) != 0
    ]
    sides = ([level for name, level in found if name == side] for side in ("bid", "ask"))
    bids, asks = (sorted(side, key=lambda level: level.price) for side in sides)
    return bids[::-1], asks


@pytest.mark.parametrize("seed", [1, 2])
def test_books_are_those_of_an_independent_rebuild(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "book.csv"
    random_book(path, seed, messages=600)
    watch = Watch()
    run_backtest(watch, read_tardis(path, instruments=PERPETUAL), CONFIG)
    frame = pl.read_csv(path, infer_schema=False).with_columns(
        local=pl.col("local_timestamp").cast(pl.Int64)
    )
    assert frame["local"].n_unique() == len(watch.seen)
    for time, book in watch.seen:
        assert book is not None
        assert (list(book.bids), list(book.asks)) == rebuilt(frame, time // 1000)
