"""Files in Binance's formats, by hand: each has a trap of those that Binance has published.

The interleaved halves imitate binance-public-data's issues 12 (aggTrades) and 305 (bookTicker), the
header its issues 246 and 278, the change of the unit its issue 386, the sums of bookDepth 381.
"""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.histories import OnMarketEvents, buy
from support.tables import AMBIGUOUS, FUTURES, ONE, SPOT, TWO, items, shown, trade

from barter_python import (
    BinanceMarket,
    Candle,
    Funding,
    IndexedInstruments,
    InstrumentConfig,
    MarketData,
    MarketDataError,
    MockExecutionConfig,
    OrderBookL1,
    PublicTrade,
    RowOrder,
    Side,
    SystemConfig,
    Underlying,
    UnknownKeyError,
    read_binance,
    run_backtest,
)
from barter_python.instrument import PerpetualContract

FILES = Path(__file__).parent / "files"
USD_M = FILES / "um"
BUY, SELL = Side.BUY, Side.SELL


def read(
    path: Path | Sequence[Path],
    *,
    market: BinanceMarket = BinanceMarket.SPOT,
    order: RowOrder = RowOrder.REFUSE,
    instruments: IndexedInstruments = AMBIGUOUS,
) -> MarketData:
    """Read files of an instrument that is on both markets."""
    return read_binance(path, instruments=instruments, market=market, order=order)


def refused(path: Path | Sequence[Path], market: BinanceMarket = BinanceMarket.SPOT) -> str:
    """Give the message with which a file is refused."""
    with pytest.raises(MarketDataError) as caught:
        read(path, market=market)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(str(caught.value.path))
    return str(caught.value)


def trades(data: MarketData) -> list[PublicTrade]:
    """Give the trades of a history."""
    return [event.kind for event in items(data) if isinstance(event.kind, PublicTrade)]


def spot(nanoseconds: int, price: str, amount: str, side: Side, identity: str) -> str:
    """Show the event of a trade on the spot market."""
    index = AMBIGUOUS.instrument_index((SPOT, "BTCUSDT"))
    return repr(trade(nanoseconds, price, amount, side, identity, instrument=index))


def futures(nanoseconds: int, price: str, amount: str, side: Side, identity: str) -> str:
    """Show the event of a trade on the market of futures."""
    index = AMBIGUOUS.instrument_index((FUTURES, "BTCUSDT"))
    return repr(
        trade(nanoseconds, price, amount, side, identity, instrument=index, exchange=FUTURES)
    )


# Each kind


def test_spot_trades_of_one_taker_in_microseconds() -> None:
    start = 1_742_860_800_000_000_000
    assert shown(read(FILES / "BTCUSDT-aggTrades-2025-03-25.csv")) == [
        spot(start + 123_000, "87232.50000000", "0.00012000", SELL, "3476545001"),
        spot(start + 123_000, "87232.51000000", "0.10000000", BUY, "3476545002"),
        spot(start + 731_000_000, "87232.50000000", "1.00000000", SELL, "3476545003"),
    ]


def test_trades_of_spot() -> None:
    start = 1_742_860_800_000_000_000
    assert shown(read(FILES / "BTCUSDT-trades-2025-03-25.csv")) == [
        spot(start + 123_000, "87232.50000000", "0.00012000", SELL, "4744868157"),
        spot(start + 124_000, "87232.51000000", "0.10000000", BUY, "4744868158"),
    ]


@pytest.mark.parametrize(
    ("name", "first"), [("aggTrades", 2_117_645_001), ("trades", 4_801_124_001)]
)
def test_futures_have_a_header_and_milliseconds(name: str, first: int) -> None:
    start = 1_711_324_800_001_000_000
    path = USD_M / f"BTCUSDT-{name}-2024-03-25.csv"
    assert shown(read(path, market=BinanceMarket.USD_M)) == [
        futures(start, "67000.1", "0.002", SELL, str(first)),
        futures(start, "67000.2", "1.500", BUY, str(first + 1)),
    ]


def test_candles_are_known_when_the_next_one_begins() -> None:
    first, second = items(read(FILES / "BTCUSDT-1m-2025-03-25.csv"))
    begin = 1_742_860_800_000_000_000
    minute = 60_000_000_000
    assert [event.time_received_ns for event in (first, second)] == [
        begin + minute,
        begin + 2 * minute,
    ]
    assert first.kind == Candle(
        begin + minute - 1_000,
        open=Decimal("87232.5"),
        high=87250,
        low=Decimal("87200.01"),
        close=87240,
        volume=Decimal("12.345"),
        trade_count=4123,
    )
    assert isinstance(second.kind, Candle)
    assert second.kind.volume == second.kind.trade_count == 0
    (hour,) = items(read(USD_M / "BTCUSDT-1h-2024-03.csv", market=BinanceMarket.USD_M))
    assert hour.time_received_ns == (1_711_324_800 + 3_600) * 10**9
    assert isinstance(hour.kind, Candle)
    assert hour.kind.close_time_ns == hour.time_received_ns - 1_000_000
    assert hour.kind.close == Decimal("67050.5")


FUNDINGS = USD_M / "BTCUSDT-fundingRate-2024-03.csv"


def test_fundings_are_of_futures() -> None:
    first, second = items(read(FUNDINGS, market=BinanceMarket.USD_M))
    assert first.exchange is FUTURES
    assert first.time_exchange_ns == first.time_received_ns == 1_711_324_800_005_000_000
    assert (first.kind, second.kind) == (
        Funding(Decimal("0.00037409")),
        Funding(Decimal("-0.000125")),
    )
    with pytest.raises(MarketDataError, match=r"spot has no fundings: say market=BinanceMarket"):
        read(FUNDINGS)


def test_who_holds_a_perpetual_pays_the_fundings_of_a_file() -> None:
    bitcoin = InstrumentConfig(
        FUTURES,
        "BTCUSDT",
        Underlying("btc", "usdt"),
        kind=PerpetualContract(Decimal(1), "usdt"),
    )
    config = SystemConfig([bitcoin], [MockExecutionConfig(FUTURES, {"usdt": 10**6})])
    trades, fundings = (
        read(path, market=BinanceMarket.USD_M, instruments=config.index())
        for path in (USD_M / "BTCUSDT-trades-2024-03-25.csv", FUNDINGS)
    )
    data = MarketData.merge(trades, fundings)
    bought = Decimal("0.001")
    result = run_backtest(OnMarketEvents({0: lambda state: buy(state, bought)}), data, config)
    # At the price of the last trade.
    assert [payment.amount for payment in result.funding] == [
        bought * Decimal("67000.2") * Decimal("-0.00037409"),
        bought * Decimal("67000.2") * Decimal("0.000125"),
    ]


def test_quotes() -> None:
    path = USD_M / "BTCUSDT-bookTicker-2024-01-02.csv"
    events = items(read(path, market=BinanceMarket.USD_M, order=RowOrder.SORT))
    quotes = [event.kind for event in events if isinstance(event.kind, OrderBookL1)]
    bids = [quote.best_bid.amount for quote in quotes if quote.best_bid is not None]
    assert bids == [Decimal("5.123"), Decimal("5.124"), Decimal("5.125")]  # by the update's id
    first = events[0]
    assert (first.time_exchange_ns, first.time_received_ns) == (
        1_704_153_600_003_000_000,
        1_704_153_600_007_000_000,
    )
    assert quotes[0].last_update_time_ns == first.time_exchange_ns
    late = read_binance(
        path,
        instruments=AMBIGUOUS,
        market=BinanceMarket.USD_M,
        feed_latency=timedelta(milliseconds=2),
    )
    assert items(late)[0].time_received_ns == 1_704_153_600_009_000_000


# Traps


def test_interleaved_halves_are_refused_or_sorted() -> None:
    path = USD_M / "BTCUSDT-aggTrades-2020-08-01.csv"
    message = refused(path, BinanceMarket.USD_M)
    assert message == (
        f"{path}, line 3: time_received steps back from 2020-08-01T00:10:00Z to "
        "2020-08-01T00:00:00.017Z: order=RowOrder.SORT sorts by time and id, "
        "order=RowOrder.AS_GIVEN keeps the rows in this order"
    )
    data = read(path, market=BinanceMarket.USD_M, order=RowOrder.SORT)
    names = ["id", "price", "amount", "first", "last", "time", "maker"]
    frame = pl.read_csv(path, has_header=False, new_columns=names)
    ordered = frame.sort("time", "id")
    assert [kind.id for kind in trades(data)] == [str(id_) for id_ in ordered["id"]]
    assert [kind.price for kind in trades(data)] == [
        Decimal(text) for text in ("11333.01", "11333.02", "11333.55", "11333.56")
    ]


def test_the_unit_changes_between_files() -> None:
    paths = [FILES / f"BTCUSDT-aggTrades-{day}.csv" for day in ("2024-12-31", "2025-01-01")]
    times = [event.time_exchange_ns for event in items(read(paths))]
    border = 1_735_689_600_000_000_000
    assert times == [border - 877_000_000, border - 1_000_000, border, border + 417_000]


def test_two_units_in_a_file_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "BTCUSDT-aggTrades-2025-01.csv"
    days = ("2024-12-31", "2025-01-01")
    texts = [(FILES / f"BTCUSDT-aggTrades-{day}.csv").read_text() for day in days]
    path.write_text("".join(texts))
    message = refused(path)
    assert "line 3" in message
    assert (
        'column "transact_time": 1735689600000000 counts microseconds, but the times before it'
        in (message)
    )


def test_other_prices_and_sums_are_no_market_data(tmp_path: Path) -> None:
    message = refused(USD_M / "BTCUSDT-bookDepth-2024-01-02.csv", BinanceMarket.USD_M)
    assert "bookDepth is no order book" in message
    renamed = tmp_path / "depth.csv"
    renamed.write_bytes((USD_M / "BTCUSDT-bookDepth-2024-01-02.csv").read_bytes())
    assert "bookDepth is no order book" in refused(renamed)
    folder = tmp_path / "markPriceKlines"
    folder.mkdir()
    path = folder / "BTCUSDT-1h-2024-03.csv"
    path.write_bytes((USD_M / "BTCUSDT-1h-2024-03.csv").read_bytes())
    assert "candles of another price" in refused(path)


@pytest.mark.parametrize("symbol", ["BTCUSD_PERP", "ETHUSD_240628"])
def test_contracts_are_no_amounts(tmp_path: Path, symbol: str) -> None:
    path = tmp_path / f"{symbol}-trades-2024-03-25.csv"
    path.write_text(
        "id,price,qty,base_qty,time,is_buyer_maker\n1,67000.1,3,0.004,1711324800001,true\n"
    )
    assert f"{symbol} is of the market COIN-M, whose amounts count contracts" in refused(path)


def test_a_future_with_margin_in_usdt_is_no_coin_margined_one(tmp_path: Path) -> None:
    path = tmp_path / "BTCUSDT_240628-trades-2024-03-25.csv"
    path.write_bytes((USD_M / "BTCUSDT-trades-2024-03-25.csv").read_bytes())
    with pytest.raises(UnknownKeyError, match="BTCUSDT_240628"):
        read(path, market=BinanceMarket.USD_M)


def test_another_market(tmp_path: Path) -> None:
    path = FILES / "BTCUSDT-aggTrades-2025-03-25.csv"
    message = refused(path, BinanceMarket.USD_M)
    assert "the rows have 8 cells, but aggTrades of BinanceMarket.USD_M have 7" in message


# Names and forms


@pytest.mark.parametrize("case", [str.upper, str.lower, str.capitalize])
def test_truth_in_any_case(tmp_path: Path, case: Callable[[str], str]) -> None:
    path = tmp_path / "BTCUSDT-trades-2025-03-25.csv"
    text = (FILES / path.name).read_text()
    path.write_text(text.replace("True", case("true")).replace("False", case("false")))
    assert [kind.side for kind in trades(read(path))] == [SELL, BUY]
    path.write_text(text.replace("True", "wahr"))
    assert 'column "is_buyer_maker": holds "wahr", but needs true or false' in refused(path)


def zipped(name: str, content: bytes) -> bytes:
    """Pack a file as Binance does."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def test_forms_and_names_of_files(tmp_path: Path) -> None:
    plain = FILES / "BTCUSDT-aggTrades-2025-03-25.csv"
    expected = shown(read(plain))
    content = plain.read_bytes()
    for name, packed in [
        ("BTCUSDT-aggTrades-2025-03-25.zip", zipped(plain.name, content)),
        ("renamed.zip", zipped(plain.name, content)),
        ("BTCUSDT-aggTrades-2025-03-25.csv.gz", gzip.compress(content)),
        ("BTCUSDT-aggTrades-2025-03-25 (1).csv", content),
    ]:
        path = tmp_path / name
        path.write_bytes(packed)
        assert shown(read(path)) == expected, name


def test_a_name_that_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "trades.csv"
    path.write_bytes((FILES / "BTCUSDT-trades-2025-03-25.csv").read_bytes())
    assert "which kind of data is it?" in refused(path)
    path.write_bytes((USD_M / "BTCUSDT-trades-2024-03-25.csv").read_bytes())
    assert "which instrument is it?" in refused(path, BinanceMarket.USD_M)
    data = read_binance(path, instruments=TWO, instrument="ETHUSDT", market=BinanceMarket.USD_M)
    assert {event.instrument for event in items(data)} == {1}
    other = tmp_path / "BTCUSDT-metrics-2024-03-25.csv"
    other.write_text("create_time,symbol\n")
    assert "says trades, aggTrades, klines, bookTicker or fundingRate, but metrics" in refused(
        other
    )


def test_files_of_several_instruments() -> None:
    paths = [FILES / "BTCUSDT-trades-2025-03-25.csv", FILES / "BTCUSDT-aggTrades-2025-03-25.csv"]
    with pytest.raises(ValueError, match=r"one kind, got trades .*, aggTrades .*MarketData\.merge"):
        read(paths)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"path": []}, ValueError, "path must not be empty"),
        ({"path": 5}, TypeError, "path must be a"),
        ({"path": [5]}, TypeError, r"path\[0\] must be a"),
        ({"market": "spot"}, TypeError, "market must be a BinanceMarket"),
        ({"order": "sort"}, TypeError, "order: expected a member of RowOrder"),
        ({"feed_latency": 5}, TypeError, "feed_latency: must be a timedelta"),
        ({"instruments": None}, TypeError, "(?i)instruments"),
    ],
)
def test_arguments_that_are_wrong(
    arguments: dict[str, object], error: type[Exception], message: str
) -> None:
    given_by_name: dict[str, object] = {
        "path": FILES / "BTCUSDT-trades-2025-03-25.csv",
        "instruments": ONE,
        **arguments,
    }
    call: Callable[..., object] = read_binance
    with pytest.raises(error, match=message):
        call(**given_by_name)


def test_an_instrument_that_is_not_there() -> None:
    with pytest.raises(UnknownKeyError, match="no instrument on binance_futures_usd"):
        read_binance(
            USD_M / "BTCUSDT-trades-2024-03-25.csv", instruments=ONE, market=BinanceMarket.USD_M
        )


@pytest.mark.parametrize("name", [path.name for path in FILES.glob("BTCUSDT-*.csv")])
def test_the_latency_is_added(name: str) -> None:
    now = items(read_binance(FILES / name, instruments=ONE))
    late = items(
        read_binance(FILES / name, instruments=ONE, feed_latency=timedelta(microseconds=1500))
    )
    for one, other in zip(now, late, strict=True):
        assert other.time_received_ns == one.time_received_ns + 1_500_000
        assert other.time_exchange_ns == one.time_exchange_ns
        assert other.exchange is SPOT


# Against another reader

ROWS = st.lists(
    st.tuples(
        st.integers(1, 10**6),
        st.decimals(0, 10**6, places=8, allow_nan=False),
        st.decimals(0, 10**6, places=8, allow_nan=False),
        st.integers(0, 3),
        st.booleans(),
    ),
    min_size=1,
    max_size=30,
    unique_by=lambda row: row[0],
)


@settings(max_examples=50)
@given(rows=ROWS, micros=st.booleans(), lower=st.booleans())
def test_the_same_trades_as_polars(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[int, Decimal, Decimal, int, bool]],
    micros: bool,
    lower: bool,
) -> None:
    start, factor = (1_742_860_800_000_000, 1_000) if micros else (1_711_324_800_000, 1_000_000)
    path = tmp_path_factory.mktemp("rows") / "BTCUSDT-aggTrades-2025-03.zip"
    lines = []
    for id_, price, amount, time, maker in rows:
        text = str(maker).lower() if lower else str(maker)
        lines.append(f"{id_},{price},{amount},1,1,{start + time},{text},True\n")
    path.write_bytes(zipped("BTCUSDT-aggTrades-2025-03.csv", "".join(lines).encode()))
    columns = ["id", "price", "amount", "first", "last", "time", "maker", "best"]
    with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as member:
        frame = pl.read_csv(
            member.read(), has_header=False, new_columns=columns, infer_schema=False
        )
    ordered = frame.with_columns(
        number=pl.col("id").cast(pl.Int64), at=pl.col("time").cast(pl.Int64) * factor
    ).sort("at", "number")
    expected = [
        trade(
            row["at"],
            row["price"],
            row["amount"],
            SELL if row["maker"].lower() == "true" else BUY,
            row["id"],
        )
        for row in ordered.to_dicts()
    ]
    data = read(path, order=RowOrder.SORT, instruments=ONE)
    assert shown(data) == shown(expected)
