"""Calls of what reads tables, for the conformance of the stub."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

import polars as pl

import barter_python as bp
from barter_python.data import Columns
from support import ROOT
from support.calls import Call

FILES = ROOT / "tests_py" / "data" / "files"
TABLES: dict[str, Columns] = {
    "trades.csv": bp.TradeColumns(),
    "quotes.csv": bp.L1Columns(),
    "book.csv": bp.BookColumns(),
    "books.csv": bp.BookSnapshotColumns(levels=1),
    "candles.csv": bp.CandleColumns(open_time="open_time", length=timedelta(minutes=1)),
    "liquidations.csv": bp.LiquidationColumns(),
    "fundings.csv": bp.FundingColumns(mark_price="mark_price"),
    "settlements.csv": bp.SettlementColumns(),
}
"""The files of each kind of table, with what they have."""
DATABENTO = pl.DataFrame(
    {
        "ts_recv": range(1_600_000_000_000_000_005, 1_600_000_000_000_000_010),
        "ts_event": [1_600_000_000_000_000_000] * 5,
        "rtype": [0] * 5,
        "publisher_id": [1] * 5,
        "side": ["A", "B"] * 2 + ["A"],
        "price": [3_720_250_000_000] * 5,
        "size": [2] * 5,
        "symbol": ["ESZ0"] * 5,
    }
)
"""Trades as Databento has them."""


def table_calls(instruments: bp.IndexedInstruments) -> dict[str, list[Call]]:
    """Give calls with each type that the stub lets in."""
    name = instruments.instruments[0].name
    key = (instruments.instruments[0].exchange_id, instruments.instruments[0].name_exchange)
    folder = Path(tempfile.mkdtemp())
    frames = {}
    for file in TABLES:
        frame = pl.read_csv(FILES / file, infer_schema=False)
        frames[file] = frame
        frame.write_parquet(folder / file)
    named = {"instruments": instruments, "instrument": name}
    options = {
        "unit": bp.TimeUnit.MILLISECONDS,
        "feed_latency": timedelta(milliseconds=1),
        "order": bp.RowOrder.SORT,
        "assume_utc": True,
    }
    first = FILES / "trades.csv"
    columns = bp.TradeColumns()
    header = ["time_exchange", "price", "amount", "side"]
    files = [
        (str(first), columns, None, name),
        (first, columns, None, key),
        (FILES / "trades_without_header.csv", columns, header, key),
        (FILES / "names.csv", bp.TradeColumns(instrument="name"), None, None),
    ]
    databento = {
        "instruments": instruments,
        "symbols": {"ESZ0": name},
        "schema": bp.DatabentoSchema.TRADES,
    }
    venue = (instruments, {"BTC": name}, timedelta(0), bp.RowOrder.AS_GIVEN)
    return {
        "MarketData.from_csv": [
            *(Call(FILES / file, columns, **named) for file, columns in TABLES.items()),
            Call(str(first), columns, instruments=instruments, instrument=key, **options),
            Call([first, str(first)], columns, **named, order=bp.RowOrder.AS_GIVEN),
            Call(FILES / "trades_without_header.csv", columns, **named, header=header),
            Call(first, columns, **named, header=None, delimiter=",", unit=None),
            Call(first, columns, **named, delimiter=None),
            Call(first, bp.TradeColumns(), instruments=ONE_INSTRUMENT, instrument=None),
        ],
        "MarketData.from_arrow": [
            *(Call(frames[file], columns, **named) for file, columns in TABLES.items()),
            Call(frames["trades.csv"], columns, instruments=instruments, instrument=key, **options),
            Call(frames["trades.csv"], columns, instruments=ONE_INSTRUMENT, instrument=None),
            Call(frames["trades.csv"], columns, **named, unit=None),
        ],
        "MarketData.from_parquet": [
            *(Call(folder / file, columns, **named) for file, columns in TABLES.items()),
            Call(
                str(folder / "trades.csv"),
                columns,
                instruments=instruments,
                instrument=key,
                **options,
            ),
            Call(
                [folder / "trades.csv", str(folder / "trades.csv")],
                columns,
                **named,
                order=bp.RowOrder.AS_GIVEN,
            ),
            Call(folder / "trades.csv", columns, instruments=ONE_INSTRUMENT, instrument=None),
            Call(folder / "trades.csv", columns, **named, unit=None),
        ],
        "csv_first_rows": [Call(first), Call(str(first))],
        "csv_values": [Call(first, "side"), Call(str(first), "side")],
        "read_databento": [
            Call(DATABENTO, **databento),
            Call(DATABENTO, **databento, unknown_side=None),
            Call(DATABENTO, **databento, unknown_side=bp.Side.BUY, order=bp.RowOrder.AS_GIVEN),
        ],
        "read_csv_files": [
            Call(files, *venue),
            Call(files[:3], instruments, None, timedelta(0), bp.RowOrder.AS_GIVEN),
        ],
    }


ONE_INSTRUMENT = bp.IndexedInstruments(
    [bp.InstrumentConfig(bp.ExchangeId.BINANCE_SPOT, "BTCUSDT", bp.Underlying("btc", "usdt"))]
)
