"""Market data: its events, its readers and its scans."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import polars as pl
import pytest
from typing_extensions import assert_never, assert_type

import barter_python as bp
from accepted.shared import SPOT, book, system_config
from barter_python import Side
from barter_python.data import Columns, OrderBookEvent


def describe_market(
    kind: bp.PublicTrade
    | bp.OrderBookL1
    | bp.OrderBookSnapshot
    | bp.OrderBookUpdate
    | bp.Candle
    | bp.Liquidation
    | bp.Funding
    | bp.Settlement,
) -> str:
    """Match what the market shows."""
    match kind:
        case bp.PublicTrade():
            assert_type(kind.price, Decimal)
            assert_type(kind.price_f64, float)
            assert_type(kind.amount, Decimal)
            assert_type(kind.amount_f64, float)
            assert_type(kind.side, Side)
            assert_type(kind.id, str)
            return "trade"
        case bp.OrderBookL1():
            assert_type(kind.best_bid, bp.Level | None)
            assert_type(kind.best_ask, bp.Level | None)
            assert_type(kind.last_update_time, datetime)
            assert_type(kind.last_update_time_ns, int)
            return "book"
        case bp.OrderBookSnapshot(book=book) | bp.OrderBookUpdate(book=book):
            assert_type(book, bp.OrderBook)
            assert_type(book.sequence, int)
            assert_type(book.time_engine, datetime | None)
            assert_type(book.time_engine_ns, int | None)
            assert_type(book.bids, tuple[bp.Level, ...])
            assert_type(book.asks, tuple[bp.Level, ...])
            assert_type(describe_change(kind), str)
            return "order book"
        case bp.Candle():
            assert_type(kind.close_time, datetime)
            assert_type(kind.close_time_ns, int)
            assert_type(kind.open, Decimal)
            assert_type(kind.high, Decimal)
            assert_type(kind.low, Decimal)
            assert_type(kind.close, Decimal)
            assert_type(kind.close_f64, float)
            assert_type(kind.volume, Decimal)
            assert_type(kind.trade_count, int)
            return "candle"
        case bp.Liquidation():
            assert_type(kind.side, Side)
            assert_type(kind.price, Decimal)
            assert_type(kind.quantity, Decimal)
            assert_type(kind.time, datetime)
            assert_type(kind.time_ns, int)
            return "liquidation"
        case bp.Funding():
            assert_type(kind.rate, Decimal)
            assert_type(kind.mark_price, Decimal | None)
            return "funding"
        case bp.Settlement():
            assert_type(kind.price, Decimal)
            return "settlement"
        case _:
            assert_never(kind)


def describe_change(event: OrderBookEvent) -> str:
    """Match the two kinds of change of an order book."""
    match event:
        case bp.OrderBookSnapshot():
            return "snapshot"
        case bp.OrderBookUpdate():
            return "update"
        case _:
            assert_never(event)


class Stream:
    """A table of one's own: anything with the method."""

    def __init__(self, table: bp.ArrowStream) -> None:
        self.table = table

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.table.__arrow_c_stream__(requested_schema)


def test_tables() -> None:
    instruments = bp.IndexedInstruments(
        [bp.InstrumentConfig(SPOT, "BTCUSDT", bp.Underlying("btc", "usdt"))]
    )
    trades = bp.TradeColumns(time_exchange="at", side=bp.BuyerIsMaker("maker"), id=None)
    assert_type(trades.side, str | bp.BuyerIsMaker)
    assert_type(trades.id, str | None)
    every: list[Columns] = [
        trades,
        bp.L1Columns(),
        bp.BookColumns(),
        bp.BookSnapshotColumns(levels=5),
        bp.CandleColumns(open_time="date", length=timedelta(days=1)),
        bp.LiquidationColumns(),
        bp.FundingColumns(rate="last_funding_rate", mark_price="mark"),
        bp.SettlementColumns(price="settlement_price"),
    ]
    assert len({type(columns) for columns in every}) == len(every)
    frame = pl.DataFrame({"at": [1_742_943_900_123], "price": [1], "amount": [1], "maker": [True]})
    relation: bp.ArrowStream = duckdb.from_arrow(frame)
    assert hasattr(relation, "__arrow_c_stream__")
    for table in (frame, Stream(frame)):
        data = bp.MarketData.from_arrow(
            table,
            trades,
            instruments=instruments,
            instrument=(SPOT, "BTCUSDT"),
            unit=bp.TimeUnit.MILLISECONDS,
            feed_latency=timedelta(milliseconds=1),
            order=bp.RowOrder.SORT,
            assume_utc=True,
        )
        assert_type(data, bp.MarketData)
    with TemporaryDirectory() as folder:
        path = Path(folder, "trades.csv")
        frame.write_csv(path)
        several: Sequence[str | Path] = [path, str(path)]
        for paths in (path, str(path), several):
            data = bp.MarketData.from_csv(
                paths,
                trades,
                instruments=instruments,
                unit=bp.TimeUnit.MILLISECONDS,
                order=bp.RowOrder.AS_GIVEN,
            )
            assert_type(data, bp.MarketData)
        frame.write_parquet(path)
        data = bp.MarketData.from_parquet(
            path, trades, instruments=instruments, unit=bp.TimeUnit.MILLISECONDS
        )
        assert_type(data, bp.MarketData)


def test_venues() -> None:
    instruments = bp.IndexedInstruments(
        [bp.InstrumentConfig(SPOT, "BTCUSDT", bp.Underlying("btc", "usdt"))]
    )
    path = Path(__file__).parents[2] / "data" / "files" / "BTCUSDT-trades-2025-03-25.csv"
    several: Sequence[str | Path] = [str(path)]
    for paths in (path, several):
        data = bp.read_binance(
            paths,
            instruments=instruments,
            instrument=(SPOT, "BTCUSDT"),
            market=bp.BinanceMarket.SPOT,
            feed_latency=timedelta(milliseconds=1),
            order=bp.RowOrder.SORT,
        )
        assert_type(data, bp.MarketData)
    data = bp.read_tardis(
        path.with_name("binance-futures_trades_2020-09-01_BTCUSDT.csv"),
        instruments=instruments,
        symbols={"BTCUSDT": "binancespot-btc_usdt"},
        unknown_side=Side.BUY,
        count_trades=True,
        reconnecting=True,
        order=bp.RowOrder.SORT,
    )
    assert_type(data, bp.MarketData)
    frame = pl.DataFrame(
        {
            "ts_recv": [1_600_000_000_000_000_005],
            "ts_event": [1_600_000_000_000_000_000],
            "rtype": [0],
            "publisher_id": [1],
            "side": ["N"],
            "price": [3_720_250_000_000],
            "size": [2],
            "symbol": ["ESZ0"],
        }
    )
    data = bp.read_databento(
        frame,
        instruments=instruments,
        symbols={"ESZ0": "BTCUSDT"},
        schema=bp.DatabentoSchema.TRADES,
        unknown_side=Side.BUY,
        order=bp.RowOrder.SORT,
    )
    assert_type(data, bp.MarketData)


def test_saved() -> None:
    data = bp.MarketData.from_events([book(0, 100)])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "history.bph"
        data.save(path)
        data.save(str(path), compressed=True)
        assert_type(bp.MarketData.open(path), bp.MarketData)
        assert_type(bp.MarketData.open(str(path)), bp.MarketData)


def test_data() -> None:
    data = bp.MarketData.from_events([book(0, 100), bp.Reconnecting(SPOT)])
    assert_type(data, bp.MarketData)
    assert_type(data[0], bp.MarketEvent | bp.Reconnecting)
    assert_type(list(data), list[bp.MarketEvent | bp.Reconnecting])
    assert_type(next(iter(data)), bp.MarketEvent | bp.Reconnecting)
    assert_type(len(data), int)
    assert_type(data[:1], bp.MarketData)
    assert_type(data.between("2020-01-01T00:00:00Z"), bp.MarketData)
    with pytest.raises(bp.MarketDataError, match="no candle"):
        assert_type(data.candles(timedelta(hours=1)), bp.MarketData)
    assert_type(bp.MarketData.merge(data, data[:1]), bp.MarketData)
    assert_type(data.span, timedelta)
    table = data.to_arrow(bp.OrderBookL1, instruments=system_config().index(), decimals="float")
    assert_type(table.column_names, list[str])
    scan = bp.MarketScan([Path("lines.jsonl"), "more.jsonl", data, lambda: data])
    assert_type(scan, bp.MarketScan)
    assert_type(bp.MarketScan.merge(scan, data), bp.MarketScan)
    assert_type(list(bp.MarketScan([data])), list[bp.MarketData])
    event = data[0]
    assert isinstance(event, bp.MarketEvent)
    assert_type(event.time_exchange, datetime)
    assert_type(event.time_received, datetime)
    assert_type(event.time_exchange_ns, int)
    assert_type(event.time_received_ns, int)
    assert_type(event.exchange, bp.ExchangeId)
    assert_type(event.instrument, int)
    assert isinstance(event.kind, bp.OrderBookL1)
    assert event.kind.best_bid is not None
    assert_type(event.kind.best_bid.price, Decimal)
    assert_type(event.kind.best_bid.amount, Decimal)
