"""Binance's public files of trades, candles, quotes and fundings (data.binance.vision)."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import TypeAlias

from .._checks import check_type
from .._core import (
    ExchangeId,
    IndexedInstruments,
    MarketData,
    RowOrder,
    csv_first_rows,
    read_csv_files,
)
from .columns import BuyerIsMaker, CandleColumns, Columns, FundingColumns, L1Columns, TradeColumns
from .venue_files import CsvFile, Instrument, Paths, file_error, paths_of


class BinanceMarket(Enum):
    """A market of Binance whose files can be read.

    Examples
    --------
    >>> BinanceMarket("um")
    <BinanceMarket.USD_M: 'um'>
    """

    SPOT = "spot"
    """Spot."""
    USD_M = "um"
    """Futures and perpetuals with margin in USDT or USDC."""


BINANCE_EXCHANGES: Mapping[BinanceMarket, ExchangeId] = {
    BinanceMarket.SPOT: ExchangeId.BINANCE_SPOT,
    BinanceMarket.USD_M: ExchangeId.BINANCE_FUTURES_USD,
}
"""The exchange of each market."""

_FUNDING_RATE = "fundingRate"
_NAME = re.compile(r"(?P<symbol>[A-Z0-9_]+)-(?P<kind>[A-Za-z0-9]+)-\d{4}-\d{2}(-\d{2})?\b")
_INTERVAL = re.compile(r"\d+(s|m|h|d|w|mo|M)")
_COIN_M = re.compile(r"USD_(PERP|\d{6})")
_OTHER_PRICES = ("markPriceKlines", "indexPriceKlines", "premiumIndexKlines")

_TRADES = ("id", "price", "qty", "quote_qty", "time", "is_buyer_maker")
_AGGREGATED = (
    "agg_trade_id",
    "price",
    "quantity",
    "first_trade_id",
    "last_trade_id",
    "transact_time",
    "is_buyer_maker",
)
_CANDLES = (
    "open_time",
    "open",
    "high",
    "low",
    "close",
    "volume",
    "close_time",
    "quote_volume",
    "count",
    "taker_buy_volume",
    "taker_buy_quote_volume",
    "ignore",
)
_QUOTES = (
    "update_id",
    "best_bid_price",
    "best_bid_qty",
    "best_ask_price",
    "best_ask_qty",
    "transaction_time",
    "event_time",
)
_FUNDINGS = ("calc_time", "funding_interval_hours", "last_funding_rate")
_BOOK_DEPTH = ("timestamp", "percentage", "depth", "notional")
_BEST_MATCH = "is_best_match"

_HEADERS: Mapping[str, Sequence[str]] = {
    "trades": _TRADES,
    "aggTrades": _AGGREGATED,
    "klines": _CANDLES,
    "bookTicker": _QUOTES,
    _FUNDING_RATE: _FUNDINGS,
    "bookDepth": _BOOK_DEPTH,
}
_COLUMNS: Mapping[str, Columns] = {
    "trades": TradeColumns(
        time_exchange="time", amount="qty", side=BuyerIsMaker("is_buyer_maker"), id="id"
    ),
    "aggTrades": TradeColumns(
        time_exchange="transact_time",
        amount="quantity",
        side=BuyerIsMaker("is_buyer_maker"),
        id="agg_trade_id",
    ),
    "klines": CandleColumns(
        open_time="open_time", close_time="close_time", close_is_inclusive=True, trade_count="count"
    ),
    "bookTicker": L1Columns(
        time_exchange="transaction_time",
        time_received="event_time",
        bid_price="best_bid_price",
        bid_amount="best_bid_qty",
        ask_price="best_ask_price",
        ask_amount="best_ask_qty",
        id="update_id",
    ),
    _FUNDING_RATE: FundingColumns(time_exchange="calc_time", rate="last_funding_rate"),
}
_REFUSED: Mapping[str, str] = {
    "bookDepth": "bookDepth is no order book: it has sums of what is on offer within 1 to 5 % of "
    "the mid, every few seconds",
    **dict.fromkeys(
        _OTHER_PRICES, "these are candles of another price than that of trades, without a volume"
    ),
}


def read_binance(
    path: Paths,
    *,
    instruments: IndexedInstruments,
    instrument: Instrument | None = None,
    market: BinanceMarket = BinanceMarket.SPOT,
    feed_latency: timedelta = timedelta(0),
    order: RowOrder = RowOrder.REFUSE,
) -> MarketData:
    """Read files of Binance's public data.

    These are `trades`, `aggTrades`, `klines`, `bookTicker` and, of futures, `fundingRate`.

    The kind comes from the file's name or from its header, which only newer files of futures have.
    Times are milliseconds or microseconds, as their size says; a file has one unit. Trades of a
    buyer that was the maker are sales. A candle is an event when the next one begins. Of
    `bookTicker`, the time of receiving is Binance's time of sending and the latency; the other
    kinds have no time of sending. A funding has no mark price: positions are valued at the mark of
    the run.

    Parameters
    ----------
    path : str or os.PathLike, or sequence of them
        The file: zip as downloaded, gzip or plain. Several files, of one kind and in the order of
        their time, are read one after the other.
    instruments : IndexedInstruments
        Where the instruments are looked up: `config.index()`.
    instrument : str or tuple of ExchangeId and str, optional
        The instrument. Without it, it is the market's instrument that the file's name begins with,
        such as `BTCUSDT`.
    market : BinanceMarket
        The market that the files are of, which they do not say.
    feed_latency : timedelta
        What is added to Binance's time for the time of receiving.
    order : RowOrder
        What becomes of rows that are not in the order of their time. Binance has published months
        whose halves are interleaved row by row, which `RowOrder.SORT` puts in order.

    Raises
    ------
    MarketDataError
        If a row cannot be read exactly, steps back in time or has a time of another unit; if it is
        not known what the file has; if it is `bookDepth`, which is no order book, or of a market
        that counts contracts (COIN-M).
    UnknownKeyError
        If `instruments` does not have the instrument.
    TypeError, ValueError
        If an argument is of another type or out of range.
    OSError
        If a file cannot be opened.

    Examples
    --------
    >>> from barter_python import ExchangeId, IndexedInstruments, InstrumentConfig, Underlying
    >>> from barter_python.data import read_binance
    >>> instruments = IndexedInstruments(
    ...     [InstrumentConfig(ExchangeId.BINANCE_SPOT, "BTCUSDT", Underlying("btc", "usdt"))])
    >>> data = read_binance(
    ...     "tests_py/data/files/BTCUSDT-aggTrades-2025-03-25.csv", instruments=instruments)
    >>> data[0].kind.price
    Decimal('87232.50000000')
    """
    check_type("market", market, BinanceMarket)
    files: list[CsvFile] = []
    kinds: dict[str, str] = {}
    for name in paths_of(path):
        first_rows = csv_first_rows(name)
        symbol, kind, row = _what_is(name, first_rows)
        kinds.setdefault(kind, name)
        _check_market(name, kind, market)
        header = None if _is_header(row) else _names(name, kind, market, row)
        found = instrument if instrument is not None else _named(name, symbol, market)
        files.append((name, _COLUMNS[kind], header, found))
    if len(kinds) > 1:
        listed = ", ".join(f"{kind} ({name})" for kind, name in kinds.items())
        raise ValueError(
            f"path must have files of one kind, got {listed}: read each kind alone, and put them "
            "together by MarketData.merge"
        )
    return read_csv_files(files, instruments, None, feed_latency, order)


FirstRows: TypeAlias = Sequence[tuple[str, Sequence[str]]]
"""The name and the first row of each CSV in a file."""


def is_binance(path: str, first_rows: FirstRows) -> bool:
    """Tell whether a file is of Binance, by its name or by the header."""
    has_header = any(_is_header(row) for _, row in first_rows)
    return has_header or _match(path, first_rows) is not None


def is_of_futures(path: str, first_rows: FirstRows) -> bool:
    """Tell whether a file has what only futures have."""
    return _kind(_match(path, first_rows), _first_row(first_rows)) == _FUNDING_RATE


def binance_symbol(path: str, first_rows: FirstRows) -> str | None:
    """Give the symbol that the name of a file begins with."""
    match = _match(path, first_rows)
    return None if match is None else match["symbol"]


def _match(path: str, first_rows: FirstRows) -> re.Match[str] | None:
    names = [Path(path).name, *(name for name, _ in first_rows)]
    return next(filter(None, map(_NAME.match, names)), None)


def _what_is(path: str, first_rows: FirstRows) -> tuple[str | None, str, Sequence[str]]:
    """Give the symbol, the kind and the first row of a file."""
    row = _first_row(first_rows)
    match = _match(path, first_rows)
    symbol = None if match is None else match["symbol"]
    if symbol is not None and _COIN_M.search(symbol):
        raise file_error(
            path,
            f"{symbol} is of the market COIN-M, whose amounts count contracts of 10 or 100 USD, "
            "and not the base asset",
        )
    kind = _kind(match, row)
    for refused in (*Path(path).parts, kind or ""):
        if refused in _REFUSED:
            raise file_error(path, _REFUSED[refused])
    if kind is None or kind not in _COLUMNS:
        raise file_error(
            path,
            "which kind of data is it? Neither the name, such as BTCUSDT-aggTrades-2025-03-25.zip, "
            "nor a header says trades, aggTrades, klines, bookTicker or fundingRate"
            + ("" if kind is None else f", but {kind}"),
        )
    return symbol, kind, row


def _first_row(first_rows: FirstRows) -> Sequence[str]:
    return next((row for _, row in first_rows if row), [])


def _kind(match: re.Match[str] | None, row: Sequence[str]) -> str | None:
    """Give the kind of a file by its header, else by its name."""
    kind = next((kind for kind, header in _HEADERS.items() if _is(row, header)), None)
    if kind is not None or match is None:
        return kind
    return "klines" if _INTERVAL.fullmatch(match["kind"]) else match["kind"]


def _is_header(row: Sequence[str]) -> bool:
    return any(_is(row, header) for header in _HEADERS.values())


def _is(row: Sequence[str], header: Sequence[str]) -> bool:
    return [*row] in ([*header], [*header, _BEST_MATCH])


def _names(path: str, kind: str, market: BinanceMarket, row: Sequence[str]) -> Sequence[str]:
    """Give the names of the columns of a file without a header."""
    has_best_match = market is BinanceMarket.SPOT and kind in ("trades", "aggTrades")
    names = [*_HEADERS[kind], *([_BEST_MATCH] if has_best_match else [])]
    if row and len(row) != len(names):
        raise file_error(
            path,
            f"the rows have {len(row)} cells, but {kind} of {market} have {len(names)}: is it of "
            "another market?",
        )
    return names


def _check_market(path: str, kind: str, market: BinanceMarket) -> None:
    if kind == _FUNDING_RATE and market is not BinanceMarket.USD_M:
        raise file_error(path, "spot has no fundings: say market=BinanceMarket.USD_M")


def _named(path: str, symbol: str | None, market: BinanceMarket) -> Instrument:
    if symbol is None:
        raise file_error(
            path,
            "which instrument is it? The name does not begin with one, as in "
            "BTCUSDT-aggTrades-2025-03-25.zip: give the argument instrument",
        )
    return BINANCE_EXCHANGES[market], symbol
