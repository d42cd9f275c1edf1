"""Tardis' files of trades, quotes and order books (docs.tardis.dev, downloadable CSV files)."""

import csv
import gzip
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from pathlib import Path

from .._checks import check_name, check_type, listed
from .._core import (
    ExchangeId,
    IndexedInstruments,
    MarketData,
    RowOrder,
    Side,
    csv_first_rows,
    read_csv_files,
)
from .book_columns import BookColumns, BookSnapshotColumns
from .columns import Columns, L1Columns, LiquidationColumns, TradeColumns
from .venue_files import CsvFile, Paths, file_error, paths_of

_COMMON = ("exchange", "symbol", "timestamp", "local_timestamp")
_TRADES = (*_COMMON, "id", "side", "price", "amount")
_QUOTES = (*_COMMON, "ask_amount", "ask_price", "bid_price", "bid_amount")
_BOOK = (*_COMMON, "is_snapshot", "side", "price", "amount")
_EXCHANGES = {
    "binance": ExchangeId.BINANCE_SPOT,
    "binance-delivery": ExchangeId.BINANCE_FUTURES_COIN,
    "binance-futures": ExchangeId.BINANCE_FUTURES_USD,
    "binance-us": ExchangeId.BINANCE_US,
    "bybit": ExchangeId.BYBIT_PERPETUALS_USD,
    "bybit-spot": ExchangeId.BYBIT_SPOT,
    "gate-io": ExchangeId.GATEIO_SPOT,
    "gate-io-futures": ExchangeId.GATEIO_PERPETUALS_USD,
}
"""Tardis' names of the markets whose symbols are those of another market too."""
_LEVEL = re.compile(r"(asks|bids)\[(\d+)\]\.(price|amount)")


def read_tardis(
    path: Paths,
    *,
    instruments: IndexedInstruments,
    symbols: Mapping[str, str] | None = None,
    unknown_side: Side | None = None,
    count_trades: bool = False,
    reconnecting: bool = False,
    order: RowOrder = RowOrder.REFUSE,
) -> MarketData:
    """Read CSV files of Tardis.

    Those of `trades`, `liquidations`, `quotes` (and `book_ticker`), `book_snapshot_5`,
    `book_snapshot_25` and `incremental_book_L2` are read. The time of receiving is
    `local_timestamp`, the exchange's is `timestamp`, which may be later: they are of two clocks.

    The rows of `incremental_book_L2` with one `local_timestamp` are one event. A snapshot has the
    levels of the file: what is deeper is not known, which the engine takes for nothing on offer.

    Parameters
    ----------
    path : str or os.PathLike, or sequence of them
        The file: gzip as downloaded, or plain. Several files, of one kind and in the order of their
        time, are read one after the other. `MarketData.merge` puts kinds together: trades first, so
        that no queue counts them twice when the book has the same time.
    instruments : IndexedInstruments
        Where the instruments are looked up: `config.index()`.
    symbols : mapping of str to str, optional
        The names that `instruments` has for Tardis' symbols. Without it, they are the same.
    unknown_side : Side, optional
        The side of trades whose side is `unknown`. Without it, such a trade is an error.
    count_trades : bool
        Whether trades are counted from one, and their ids not read. Some exchanges have none, which
        is an error otherwise.
    reconnecting : bool
        Whether a snapshot in the middle of a file of `incremental_book_L2`, which Tardis has after
        it lost the stream, comes with a `Reconnecting` before it.
    order : RowOrder
        What becomes of rows that are not in the order of `local_timestamp`.

    Raises
    ------
    MarketDataError
        If a row cannot be read exactly or steps back in time; if a file is of another kind.
    UnknownKeyError, ValueError, TypeError
        If an argument is of another type or makes no sense.
    OSError
        If a file cannot be opened.

    Notes
    -----
    An event is of the exchange of its instrument. A file of Binance, Bybit or Gate.io whose column
    `exchange` says another one warns, unless `symbols` are given: their markets share symbols.

    Tardis gives amounts as the exchange does. For inverse contracts these are contracts or dollars,
    and not the base asset: the simulated exchange has linear contracts only.

    Examples
    --------
    >>> from barter_python import ExchangeId, IndexedInstruments, InstrumentConfig, Underlying
    >>> from barter_python.data import read_tardis
    >>> instruments = IndexedInstruments(
    ...     [InstrumentConfig(ExchangeId.KRAKEN, "BTCUSDT", Underlying("btc", "usdt"))])
    >>> data = read_tardis(
    ...     "tests_py/data/files/binance-futures_trades_2020-09-01_BTCUSDT.csv",
    ...     instruments=instruments)
    >>> data[0].kind.price
    Decimal('11657.07')
    """
    check_type("count_trades", count_trades, bool)
    check_type("reconnecting", reconnecting, bool)
    if unknown_side is not None:
        check_type("unknown_side", unknown_side, Side)
    if symbols is not None:
        check_type("symbols", symbols, Mapping)
        for symbol, ours in symbols.items():
            check_name("symbols", symbol)
            check_name(f"symbols[{symbol!r}]", ours)
    files: list[CsvFile] = []
    kinds: dict[type[Columns], str] = {}
    for name in paths_of(path):
        columns = _columns_of(name)
        kinds.setdefault(type(columns), name)
        if isinstance(columns, TradeColumns):
            id_column = None if count_trades else columns.id
            columns = replace(columns, unknown_side=unknown_side, id=id_column)
        if isinstance(columns, BookColumns):
            columns = replace(columns, snapshot_is_reconnect=reconnecting)
        files.append((name, columns, None, None))
    if len(kinds) > 1:
        raise ValueError(
            f"path must have files of one kind, got {', '.join(kinds.values())}: read each kind "
            "alone, and put them together by MarketData.merge"
        )
    data = read_csv_files(files, instruments, symbols, timedelta(0), order)
    if symbols is None:
        _compare_exchanges(files[0][0], data)
    return data


def is_tardis(names: Sequence[str]) -> bool:
    """Tell whether a file is of Tardis, by the names of its columns."""
    return [*names[: len(_COMMON)]] == [*_COMMON]


def _compare_exchanges(path: str, data: MarketData) -> None:
    """Warn the caller's caller if the file is of another market than its instrument."""
    if not path.endswith((".csv", ".gz")):
        return
    opened = gzip.open if path.endswith(".gz") else open
    with opened(path, "rt", encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.reader(islice(lines, 2)) if row]
    name = rows[-1][0]
    of_file, of_instrument = _EXCHANGES.get(name), data[0].exchange
    if of_file is None or of_file is of_instrument or of_instrument not in _EXCHANGES.values():
        return
    warnings.warn(
        f"{path!r} is of {name!r}, which is {of_file.value}, but the instrument that is found for "
        f"its symbol is of {of_instrument.value}: their markets share symbols. If that is what you "
        "mean, give symbols= with the instrument's name",
        stacklevel=3,
    )


def _columns_of(path: str) -> Columns:
    """Give the description of a file by its header."""
    names = [name for row_of in csv_first_rows(path) for name in row_of[1]]
    if names == [*_TRADES]:
        # The files of liquidations have the same columns.
        if "_liquidations_" in Path(path).name:
            return LiquidationColumns(
                time_exchange="timestamp",
                time_received="local_timestamp",
                quantity="amount",
                instrument="symbol",
            )
        return TradeColumns(
            time_exchange="timestamp",
            time_received="local_timestamp",
            id="id",
            instrument="symbol",
        )
    if names == [*_QUOTES]:
        return L1Columns(
            time_exchange="timestamp", time_received="local_timestamp", instrument="symbol"
        )
    if names == [*_BOOK]:
        return BookColumns(
            time_exchange="timestamp",
            time_received="local_timestamp",
            is_snapshot="is_snapshot",
            instrument="symbol",
        )
    levels = _levels(names)
    if levels:
        return BookSnapshotColumns(
            levels=levels,
            time_exchange="timestamp",
            time_received="local_timestamp",
            instrument="symbol",
        )
    raise file_error(
        path,
        "the header is none of trades, liquidations, quotes, book_snapshot and incremental_book_L2 "
        f"of Tardis: {listed(names, 12)}",
    )


def _levels(names: Sequence[str]) -> int:
    """Give the number of levels of each side; zero if the columns are not those of a snapshot."""
    if not is_tardis(names):
        return 0
    found = [_LEVEL.fullmatch(name) for name in names[len(_COMMON) :]]
    levels = {int(match[2]) for match in found if match is not None}
    is_whole = None not in found and levels == set(range(len(levels)))
    return len(levels) if is_whole and len(found) == 4 * len(levels) else 0
