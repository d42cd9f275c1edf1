"""Loading of histories, in the formats that the command knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from pathlib import Path

from .._checks import listed
from .._core import csv_first_rows, csv_values
from ..data import BinanceMarket, MarketData, RowOrder, TimeUnit, read_binance, read_tardis
from ..data.binance import BINANCE_EXCHANGES, binance_symbol, is_binance, is_of_futures
from ..data.own_columns import own_columns
from ..data.parquet import parquet_columns
from ..data.tardis import is_tardis
from ..instrument import ExchangeId, IndexedInstruments, InstrumentConfig, Underlying
from .errors import UsageError, one_line

_TABLES = (".csv", ".zip", ".parquet")
_PARQUET = ".parquet"
_CURES = {
    "order=RowOrder.SORT": "--order sort",
    "order=RowOrder.AS_GIVEN": "--order as_given",
    "say market=BinanceMarket.USD_M": "give --format binance-um",
    "is it of another market?": "is it of another market, as of --format binance-um?",
    **{f"unit=TimeUnit.{unit.name}": f"--unit {unit.value}" for unit in TimeUnit},
    "the argument unit": "--unit",
    "assume_utc=True": "--assume-utc",
    "feed_latency:": "--feed-latency:",
}
"""What the command calls arguments that errors name."""


class Format(Enum):
    """How a file says its events."""

    BARTER = "barter"
    """Barter's JSON, a saved history, or a table with columns named as the events' attributes."""
    BINANCE = "binance"
    """Binance's public files of spot."""
    BINANCE_UM = "binance-um"
    """Binance's public files of futures with margin in USDT or USDC."""
    TARDIS = "tardis"
    """Tardis' CSV."""


_MARKETS = {Format.BINANCE: BinanceMarket.SPOT, Format.BINANCE_UM: BinanceMarket.USD_M}


@dataclass(frozen=True)
class Files:
    """Files of histories, and how to read them."""

    paths: Sequence[Path]
    format: Format | None = None
    order: RowOrder = RowOrder.REFUSE
    unit: TimeUnit | None = None
    feed_latency: timedelta = timedelta(0)
    assume_utc: bool = False

    def check_options(self) -> None:
        """Refuse an option of which no file has a need."""
        given = {
            "--unit": self.unit is not None,
            "--feed-latency": self.feed_latency != timedelta(0),
            "--assume-utc": self.assume_utc,
        }
        unused = {option for option, is_given in given.items() if is_given}
        for path in self.paths if unused else ():
            with _errors(path):
                unused -= self._options_for(path)
        for option in sorted(unused):
            names = listed([str(path) for path in self.paths], 3)
            raise UsageError(f"{option}: leave it out, as each file says this itself: {names}")

    def load(self, instruments: IndexedInstruments) -> MarketData:
        """Load the history; several files are merged by time."""
        histories = []
        for path in self.paths:
            with _errors(path):
                histories.append(self._load(path, instruments))
        return histories[0] if len(histories) == 1 else MarketData.merge(*histories)

    def load_as_it_is(
        self, instruments: IndexedInstruments | None
    ) -> tuple[MarketData, IndexedInstruments | None]:
        """Load the first file with all that is wrong with it, and give its instruments.

        Without instruments, those of a table are made up of its names; a file of JSON has none.
        """
        path = self.paths[0]
        with _errors(path):
            if not self._is_table(path):
                data = MarketData._as_it_is(path)
                if instruments is not None:
                    data._check_against(instruments)
                return data, instruments
            if instruments is None:
                instruments = _made_up(path, self._format_of(path))
            return self._load(path, instruments), instruments

    def _options_for(self, path: Path) -> set[str]:
        """Give the options on the times in a file that it does not say itself."""
        if not self._is_table(path):
            return set()
        match self._format_of(path):
            case Format.TARDIS:
                return set()
            case Format.BINANCE | Format.BINANCE_UM:
                return {"--feed-latency"}
            case Format.BARTER:
                columns = own_columns(_column_names(path))
                says_received = columns is not None and columns.time_received is not None
                options = {"--unit", "--assume-utc"}
                return options if says_received else options | {"--feed-latency"}

    def _is_table(self, path: Path) -> bool:
        return self.format not in (None, Format.BARTER) or _suffix(path) in _TABLES

    def _load(self, path: Path, instruments: IndexedInstruments) -> MarketData:
        if not self._is_table(path):
            return MarketData._read(path)
        match self._format_of(path):
            case Format.TARDIS:
                return read_tardis(path, instruments=instruments, order=self.order)
            case Format.BARTER:
                is_parquet = _suffix(path) == _PARQUET
                read = MarketData.from_parquet if is_parquet else MarketData.from_csv
                names = _column_names(path)
                columns = own_columns(names)
                if columns is None:
                    raise UsageError(f"{path}: {_UNKNOWN_COLUMNS}: {listed(names, 20)}")
                is_late = columns.time_received is None
                return read(
                    path,
                    columns,
                    instruments=instruments,
                    unit=self.unit,
                    feed_latency=self.feed_latency if is_late else timedelta(0),
                    order=self.order,
                    assume_utc=self.assume_utc,
                )
            case Format.BINANCE | Format.BINANCE_UM as found:
                market = _MARKETS[found]
                if self.format is None:
                    market = _market_of(path, instruments)
                return read_binance(
                    path,
                    instruments=instruments,
                    instrument=_only(path, instruments),
                    market=market,
                    feed_latency=self.feed_latency,
                    order=self.order,
                )

    def _format_of(self, path: Path) -> Format:
        """Give the format of a table: as given, or by its name and its columns."""
        if self.format is not None:
            return self.format
        if _suffix(path) == _PARQUET:
            return Format.BARTER
        names = _column_names(path)
        if is_tardis(names):
            return Format.TARDIS
        # Before ours: the header of Binance's candles has all the names that ours need.
        if is_binance(str(path), csv_first_rows(path)):
            return Format.BINANCE
        if own_columns(names) is not None:
            return Format.BARTER
        choices = ", ".join(choice.value for choice in Format)
        raise UsageError(
            f"{path}: which format is it? Neither its name nor its first row says that: give "
            f"--format, one of {choices}; the first row has {listed(names, 12)}"
        )


_UNKNOWN_COLUMNS = (
    "the columns must have the names of the events' attributes, such as time_exchange, price, "
    "amount and side, or the --format be another; they are"
)


@contextmanager
def _errors(path: Path) -> Iterator[None]:
    """Name options of the command where an error names arguments of Python."""
    try:
        with one_line(path):
            yield
    except UsageError as error:
        text = str(error)
        for argument, option in _CURES.items():
            text = text.replace(argument, option)
        raise UsageError(text) from error


def _suffix(path: Path) -> str:
    """Give the last suffix, but for `.gz`."""
    name = path.name.lower().removesuffix(".gz")
    return Path(name).suffix


def _column_names(path: Path) -> list[str]:
    """Give the names of the columns of a table; of several, those of the first."""
    if _suffix(path) == _PARQUET:
        return parquet_columns(path)
    return next((list(row) for _, row in csv_first_rows(path) if row), [])


def _market_of(path: Path, instruments: IndexedInstruments) -> BinanceMarket:
    """Give the market whose instrument a file of Binance is about."""
    first_rows = csv_first_rows(path)
    if is_of_futures(str(path), first_rows):
        return BinanceMarket.USD_M
    symbol = binance_symbol(str(path), first_rows)
    markets = [
        market
        for market, exchange in BINANCE_EXCHANGES.items()
        if any(
            it.exchange_id is exchange and symbol in (it.name_exchange, None)
            for it in instruments.instruments
        )
    ]
    if len(markets) > 1:
        raise UsageError(
            f"{path}: of which market is it? Give --format {Format.BINANCE.value} for spot, or "
            f"{Format.BINANCE_UM.value} for futures"
        )
    return markets[0] if markets else BinanceMarket.SPOT


def _only(path: Path, instruments: IndexedInstruments) -> str | None:
    """Give the only instrument there is, for a file whose name says none."""
    if binance_symbol(str(path), csv_first_rows(path)) is not None:
        return None
    names = [it.name for it in instruments.instruments]
    return names[0] if len(names) == 1 else None


def _made_up(path: Path, found: Format) -> IndexedInstruments:
    """Make instruments of the names in a table, for who only looks at it."""
    if found in _MARKETS:
        first_rows = csv_first_rows(path)
        is_futures = is_of_futures(str(path), first_rows)
        market = BinanceMarket.USD_M if is_futures else _MARKETS[found]
        exchange = BINANCE_EXCHANGES[market]
        symbol = binance_symbol(str(path), first_rows)
        return _instruments(exchange, [symbol or path.name])
    column = "symbol"
    if found is Format.BARTER:
        columns = own_columns(_column_names(path))
        if columns is None or columns.instrument is None:
            return _instruments(ExchangeId.OTHER, [path.name])
        column = columns.instrument
    if _suffix(path) == _PARQUET:
        raise UsageError(f"{path}: --config must have the instruments that its column names")
    return _instruments(ExchangeId.OTHER, csv_values(path, column))


def _instruments(exchange: ExchangeId, names: Sequence[str]) -> IndexedInstruments:
    return IndexedInstruments(
        [InstrumentConfig(exchange, name, Underlying(name, "quote")) for name in names]
    )
