"""Descriptions of tables: which columns have what."""

import string
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from .._checks import check_duration, check_int, check_name, check_type
from .._core import Side

_MOST_LEVELS = 1_000


@dataclass(frozen=True)
class BuyerIsMaker:
    """A column that says whether the buyer of a trade was the maker, as Binance's `isBuyerMaker`.

    If the buyer's order waited in the book, the seller took liquidity: the trade is a sale.

    Parameters
    ----------
    column : str
        The name of the column. Its cells are truth values, or `true` and `false` in any case, or 1
        and 0.

    Raises
    ------
    ValueError
        If the name is blank.

    Examples
    --------
    >>> TradeColumns(side=BuyerIsMaker("is_buyer_maker")).side
    BuyerIsMaker(column='is_buyer_maker')
    """

    column: str

    def __post_init__(self) -> None:
        """Check the name."""
        check_name("column", self.column)


@dataclass(frozen=True, kw_only=True)
class TradeColumns:
    """A table whose rows are public trades.

    Parameters
    ----------
    time_exchange : str
        Name of the column with the exchange's time.
    time_received : str, optional
        Name of the column with the time at which a trader's machine had the trade. Without it, that
        is the exchange's time and the `feed_latency`.
    price : str
        Name of the column with the price, in the quote asset.
    amount : str
        Name of the column with the quantity, in the base asset.
    side : str or BuyerIsMaker
        Name of the column with the side of the order that took liquidity: `buy`, `sell`, `b` (bid),
        `a` (ask) or `s`, in any case. Or the column that says whether the buyer was the maker.
    unknown_side : Side, optional
        The side of trades whose cell is empty, `unknown` or `n`. Without it, such a trade is an
        error.
    id : str, optional
        Name of the column with the trade's id. Without it, trades are counted from one.
    instrument : str, optional
        Name of the column with the names of the instruments: internal names, or the exchange's
        names if only one exchange has them.

    Raises
    ------
    ValueError
        If a name is blank.
    TypeError
        If a value is of another type.

    Examples
    --------
    >>> TradeColumns(time_exchange="timestamp", amount="qty").price
    'price'
    """

    time_exchange: str = "time_exchange"
    time_received: str | None = None
    price: str = "price"
    amount: str = "amount"
    side: str | BuyerIsMaker = "side"
    unknown_side: Side | None = None
    id: str | None = None
    instrument: str | None = None

    def __post_init__(self) -> None:
        """Check the names."""
        _check_names(self, "time_exchange", "price", "amount")
        _check_optional_names(self, "time_received", "id", "instrument")
        if not isinstance(self.side, BuyerIsMaker):
            _check_names(self, "side")
        if self.unknown_side is not None:
            check_type("unknown_side", self.unknown_side, Side)


@dataclass(frozen=True, kw_only=True)
class L1Columns:
    """A table whose rows are the best bid and ask.

    A side whose price is empty is not there.

    Parameters
    ----------
    time_exchange : str
        Name of the column with the exchange's time, which is the quote's `last_update_time` too.
    time_received : str, optional
        Name of the column with the time at which a trader's machine had the quote. Without it, that
        is the exchange's time and the `feed_latency`.
    bid_price, bid_amount, ask_price, ask_amount : str
        Names of the columns with the prices and the amounts on offer there.
    id : str, optional
        Name of the column with the number of the update, by which `RowOrder.SORT` orders the rows
        of one time.
    instrument : str, optional
        Name of the column with the names of the instruments: internal names, or the exchange's
        names if only one exchange has them.

    Raises
    ------
    ValueError
        If a name is blank.
    TypeError
        If a value is of another type.

    Examples
    --------
    >>> L1Columns(time_exchange="timestamp", bid_amount="bid_size", ask_amount="ask_size").bid_price
    'bid_price'
    """

    time_exchange: str = "time_exchange"
    time_received: str | None = None
    bid_price: str = "bid_price"
    bid_amount: str = "bid_amount"
    ask_price: str = "ask_price"
    ask_amount: str = "ask_amount"
    id: str | None = None
    instrument: str | None = None

    def __post_init__(self) -> None:
        """Check the names."""
        _check_names(self, "time_exchange", "bid_price", "bid_amount", "ask_price", "ask_amount")
        _check_optional_names(self, "time_received", "id", "instrument")


@dataclass(frozen=True, kw_only=True)
class BookColumns:
    """A table whose rows are levels of an order book, changed or whole.

    Rows that follow each other and have the same instrument, time of receiving, sequence and
    `is_snapshot` are one message, and become one event: an `OrderBookSnapshot` or an
    `OrderBookUpdate`. In an update, an amount of zero takes the level away, and the last of several
    rows with one price counts. In a snapshot, a level with an amount of zero is left out.

    Parameters
    ----------
    time_exchange : str
        Name of the column with the exchange's time.
    time_received : str, optional
        Name of the column with the time at which a trader's machine had the message. Without it,
        that is the exchange's time and the `feed_latency`.
    side : str
        Name of the column with the side of the book: `bid` or `ask`, `buy` or `sell`, `b`, `a` or
        `s`, in any case.
    price : str
        Name of the column with the price of the level.
    amount : str
        Name of the column with the amount on offer there now.
    is_snapshot : str, optional
        Name of the column that says whether the row is of a snapshot. Without it, all rows are of
        updates.
    snapshot_is_reconnect : bool
        Whether a snapshot in the middle of a file says that the stream was lost: a `Reconnecting`
        then comes before it.
    sequence : str, optional
        Name of the column with the number of the message.
    instrument : str, optional
        Name of the column with the names of the instruments: internal names, or the exchange's
        names if only one exchange has them.

    Raises
    ------
    ValueError
        If a name is blank.
    TypeError
        If a value is of another type.

    Examples
    --------
    >>> BookColumns(time_received="local_timestamp", is_snapshot="is_snapshot").amount
    'amount'
    """

    time_exchange: str = "time_exchange"
    time_received: str | None = None
    side: str = "side"
    price: str = "price"
    amount: str = "amount"
    is_snapshot: str | None = None
    snapshot_is_reconnect: bool = False
    sequence: str | None = None
    instrument: str | None = None

    def __post_init__(self) -> None:
        """Check the names."""
        _check_names(self, "time_exchange", "side", "price", "amount")
        _check_optional_names(self, "time_received", "is_snapshot", "sequence", "instrument")
        check_type("snapshot_is_reconnect", self.snapshot_is_reconnect, bool)


@dataclass(frozen=True, kw_only=True)
class BookSnapshotColumns:
    """A table whose rows are whole order books, with columns for each level.

    A level whose price is empty is not there. Levels below those of the table are not known, which
    the engine takes for nothing on offer.

    Parameters
    ----------
    levels : int
        How many levels of each side the table has.
    time_exchange : str
        Name of the column with the exchange's time.
    time_received : str, optional
        Name of the column with the time at which a trader's machine had the book. Without it, that
        is the exchange's time and the `feed_latency`.
    bid_price, bid_amount, ask_price, ask_amount : str
        Names of the columns of a level, with `{level}` for its number: `bids[{level}].price`, or
        `bid_px_{level:02}` for two digits.
    first_level : int
        The number of the best level.
    sequence : str, optional
        Name of the column with the number of the book's state.
    instrument : str, optional
        Name of the column with the names of the instruments: internal names, or the exchange's
        names if only one exchange has them.

    Raises
    ------
    ValueError
        If a name is blank, or has no `{level}`; if `levels` is not from 1 to 1,000.
    TypeError
        If a value is of another type.

    Examples
    --------
    >>> BookSnapshotColumns(levels=2).asks
    [('asks[0].price', 'asks[0].amount'), ('asks[1].price', 'asks[1].amount')]
    """

    levels: int
    time_exchange: str = "time_exchange"
    time_received: str | None = None
    bid_price: str = "bids[{level}].price"
    bid_amount: str = "bids[{level}].amount"
    ask_price: str = "asks[{level}].price"
    ask_amount: str = "asks[{level}].amount"
    first_level: int = 0
    sequence: str | None = None
    instrument: str | None = None

    def __post_init__(self) -> None:
        """Check the names."""
        check_int("levels", self.levels, 1, _MOST_LEVELS)
        check_int("first_level", self.first_level, 0, _MOST_LEVELS)
        _check_names(self, "time_exchange")
        _check_optional_names(self, "time_received", "sequence", "instrument")
        for name in ("bid_price", "bid_amount", "ask_price", "ask_amount"):
            _check_names(self, name)
            template: str = getattr(self, name)
            if not _has_level(template):
                raise ValueError(
                    f"{name} must have {{level}} for the number of the level, got {template!r}"
                )

    @property
    def bids(self) -> list[tuple[str, str]]:
        """The columns of price and amount of each bid, the best first."""
        return self._levels(self.bid_price, self.bid_amount)

    @property
    def asks(self) -> list[tuple[str, str]]:
        """The columns of price and amount of each ask, the best first."""
        return self._levels(self.ask_price, self.ask_amount)

    def _levels(self, price: str, amount: str) -> list[tuple[str, str]]:
        numbers = range(self.first_level, self.first_level + self.levels)
        return [(price.format(level=number), amount.format(level=number)) for number in numbers]


@dataclass(frozen=True, kw_only=True)
class CandleColumns:
    """A table whose rows are candles.

    A candle becomes an event when it closes, and not before: at its opening time it would show a
    strategy the future. So the table has closing times, or opening times and a `length`.

    Parameters
    ----------
    close_time : str, optional
        Name of the column with the time at which the candle closes.
    close_is_inclusive : bool
        Whether `close_time` is the last time that is in the candle, such as 23:07:59.999, as
        Binance has it. The event comes when the next second begins.
    open_time : str, optional
        Name of the column with the time at which the candle opens. Beside `close_time` it is only
        compared with it.
    length : timedelta, optional
        From `open_time` to the close, if no column has that. `timedelta(minutes=1)` for candles of
        a minute.
    open, high, low, close : str
        Names of the columns with the prices.
    volume : str
        Name of the column with the volume, in the base asset.
    trade_count : str, optional
        Name of the column with the number of trades. Without it, the number is zero.
    time_received : str, optional
        Name of the column with the time at which a trader's machine had the candle. Without it,
        that is the close and the `feed_latency`.
    instrument : str, optional
        Name of the column with the names of the instruments: internal names, or the exchange's
        names if only one exchange has them.

    Raises
    ------
    ValueError
        If there is neither `close_time` nor `open_time` with a `length`, or a `length` beside
        `close_time`; if a name is blank or the length not positive.
    TypeError
        If a value is of another type.

    Examples
    --------
    >>> from datetime import timedelta
    >>> CandleColumns(open_time="date", length=timedelta(days=1)).close
    'close'
    """

    close_time: str | None = None
    close_is_inclusive: bool = False
    open_time: str | None = None
    length: timedelta | None = None
    open: str = "open"
    high: str = "high"
    low: str = "low"
    close: str = "close"
    volume: str = "volume"
    trade_count: str | None = None
    time_received: str | None = None
    instrument: str | None = None

    def __post_init__(self) -> None:
        """Check the names, and that it is known when a candle closes."""
        _check_names(self, "open", "high", "low", "close", "volume")
        _check_optional_names(
            self, "close_time", "open_time", "trade_count", "time_received", "instrument"
        )
        check_type("close_is_inclusive", self.close_is_inclusive, bool)
        if self.length is not None:
            check_duration("length", self.length)
        if self.close_time is not None:
            if self.length is not None:
                raise ValueError("give close_time, or open_time with a length, but not both")
            return
        if self.close_is_inclusive:
            raise ValueError("close_is_inclusive is about close_time, which is missing")
        if self.open_time is None:
            raise ValueError(
                "which column has the time of a candle? Give open_time with a length, as most "
                "files need it, or close_time if the column has the times of the closes"
            )
        if self.length is None:
            raise ValueError(
                f"open_time={self.open_time!r} needs the length of a candle, such as "
                "length=timedelta(minutes=1): a candle is known when it closes, not when it opens"
            )


@dataclass(frozen=True, kw_only=True)
class LiquidationColumns:
    """A table whose rows are liquidations.

    Parameters
    ----------
    time_exchange : str
        Name of the column with the exchange's time.
    time_received : str, optional
        Name of the column with the time at which a trader's machine had it. Without it, that is the
        exchange's time and the `feed_latency`.
    side : str
        Name of the column with the side of the order that closes the position: `buy`, `sell`, `b`,
        `a` or `s`, in any case.
    price : str
        Name of the column with the price, in the quote asset.
    quantity : str
        Name of the column with the quantity, in the base asset.
    instrument : str, optional
        Name of the column with the names of the instruments: internal names, or the exchange's
        names if only one exchange has them.

    Raises
    ------
    ValueError
        If a name is blank.
    TypeError
        If a value is of another type.

    Examples
    --------
    >>> LiquidationColumns(quantity="original_quantity").side
    'side'
    """

    time_exchange: str = "time_exchange"
    time_received: str | None = None
    side: str = "side"
    price: str = "price"
    quantity: str = "quantity"
    instrument: str | None = None

    def __post_init__(self) -> None:
        """Check the names."""
        _check_names(self, "time_exchange", "side", "price", "quantity")
        _check_optional_names(self, "time_received", "instrument")


Columns: TypeAlias = (
    TradeColumns
    | L1Columns
    | BookColumns
    | BookSnapshotColumns
    | CandleColumns
    | LiquidationColumns
)
"""What the rows of a table are, and which columns have what."""


def _check_names(columns: object, *fields: str) -> None:
    for field in fields:
        check_name(field, getattr(columns, field))


def _check_optional_names(columns: object, *fields: str) -> None:
    for field in fields:
        if getattr(columns, field) is not None:
            check_name(field, getattr(columns, field))


def _has_level(template: str) -> bool:
    try:
        fields = {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}
        template.format(level=0)
    except (AttributeError, IndexError, KeyError, ValueError):
        return False
    return fields == {"level"}
