"""Tables read: Binance's trades as CSV, plain, gzip and zip, and as a frame of polars.

`python benchmarks/reading.py` prints nanoseconds a row. The rows are made in Binance's format, with
prices, amounts and times of as many digits as theirs.
"""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from cases import timed

import barter_python as bp

ROWS = 200_000
ROUNDS = 9
START = 1_742_860_800_000_123
NAME = "BTCUSDT-aggTrades-2025-03-25"
INSTRUMENTS = bp.IndexedInstruments(
    [bp.InstrumentConfig(bp.ExchangeId.BINANCE_SPOT, "BTCUSDT", bp.Underlying("btc", "usdt"))]
)


def rows() -> pl.DataFrame:
    """Make the rows of a file of `aggTrades`."""
    numbers = range(ROWS)
    return pl.DataFrame(
        {
            "agg_trade_id": [3_476_545_001 + number for number in numbers],
            "price": [f"{87_232 + number % 977}.{number % 100:02}000000" for number in numbers],
            "quantity": [f"{number % 3}.{number * 7_919 % 10**8:08}" for number in numbers],
            "first_trade_id": [4_744_868_157 + 2 * number for number in numbers],
            "last_trade_id": [4_744_868_158 + 2 * number for number in numbers],
            "transact_time": [START + 43_200 * number for number in numbers],
            "is_buyer_maker": [str(number % 3 == 0) for number in numbers],
            "is_best_match": ["True"] * ROWS,
        }
    )


def reading_cases(folder: Path) -> dict[str, Callable[[], float]]:
    """Give what reads the rows, nanoseconds a row, from files in `folder`."""
    table = rows()
    plain = folder / f"{NAME}.csv"
    table.write_csv(plain, include_header=False)
    packed = plain.with_name(f"{plain.name}.gz")
    packed.write_bytes(gzip.compress(plain.read_bytes(), 6))
    archive = plain.with_suffix(".zip")
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.write(plain, plain.name)
    columns = bp.TradeColumns(
        time_exchange="transact_time",
        amount="quantity",
        side=bp.BuyerIsMaker("is_buyer_maker"),
        id="agg_trade_id",
    )

    def read_file(path: Path) -> Callable[[], float]:
        return lambda: timed(lambda: bp.read_binance(path, instruments=INSTRUMENTS), ROWS)

    def read_frame() -> object:
        return bp.MarketData.from_arrow(
            table, columns, instruments=INSTRUMENTS, unit=bp.TimeUnit.MICROSECONDS
        )

    if len(bp.read_binance(archive, instruments=INSTRUMENTS)) != ROWS:
        raise RuntimeError(f"{ROWS} rows should be read")
    return {
        "csv_ns": read_file(plain),
        "csv_gzip_ns": read_file(packed),
        "csv_zip_ns": read_file(archive),
        "frame_ns": lambda: timed(read_frame, ROWS),
    }


if __name__ == "__main__":
    with TemporaryDirectory() as place:
        cases = reading_cases(Path(place))
        figures = {name: min(case() for _ in range(ROUNDS)) for name, case in cases.items()}
    for name, figure in figures.items():
        print(f"{name:12} {figure:,.0f}")
