"""Descriptions of tables: which columns have what."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from .._checks import check_duration, check_name, check_names, check_optional_names, check_type
from .._core import Side
from .book_columns import BookColumns, BookSnapshotColumns


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
        check_names(self, "time_exchange", "price", "amount")
        check_optional_names(self, "time_received", "id", "instrument")
        if not isinstance(self.side, BuyerIsMaker):
            check_names(self, "side")
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
        check_names(self, "time_exchange", "bid_price", "bid_amount", "ask_price", "ask_amount")
        check_optional_names(self, "time_received", "id", "instrument")


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
        check_names(self, "open", "high", "low", "close", "volume")
        check_optional_names(
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
        check_names(self, "time_exchange", "side", "price", "quantity")
        check_optional_names(self, "time_received", "instrument")


@dataclass(frozen=True, kw_only=True)
class FundingColumns:
    """A table whose rows are fundings of perpetuals.

    Parameters
    ----------
    time_exchange : str
        Name of the column with the time of the funding.
    time_received : str, optional
        Name of the column with the time at which a trader's machine had it. Without it, that is the
        exchange's time and the `feed_latency`.
    rate : str
        Name of the column with what a long position pays to a short one, as a fraction of its
        value: 0.0001 for 0.01 %.
    mark_price : str, optional
        Name of the column with the price at which positions are valued, in the quote asset. Without
        it, or where a cell is empty, that is the mark of the run.
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
    >>> FundingColumns(rate="last_funding_rate").time_exchange
    'time_exchange'
    """

    time_exchange: str = "time_exchange"
    time_received: str | None = None
    rate: str = "rate"
    mark_price: str | None = None
    instrument: str | None = None

    def __post_init__(self) -> None:
        """Check the names."""
        check_names(self, "time_exchange", "rate")
        check_optional_names(self, "time_received", "mark_price", "instrument")


@dataclass(frozen=True, kw_only=True)
class SettlementColumns:
    """A table whose rows are settlements of futures.

    Parameters
    ----------
    time_exchange : str
        Name of the column with the time of the settlement.
    time_received : str, optional
        Name of the column with the time at which a trader's machine had it. Without it, that is the
        exchange's time and the `feed_latency`.
    price : str
        Name of the column with the price of the settlement, in the quote asset.
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
    >>> SettlementColumns(price="settlement_price").price
    'settlement_price'
    """

    time_exchange: str = "time_exchange"
    time_received: str | None = None
    price: str = "price"
    instrument: str | None = None

    def __post_init__(self) -> None:
        """Check the names."""
        check_names(self, "time_exchange", "price")
        check_optional_names(self, "time_received", "instrument")


Columns: TypeAlias = (
    TradeColumns
    | L1Columns
    | BookColumns
    | BookSnapshotColumns
    | CandleColumns
    | LiquidationColumns
    | FundingColumns
    | SettlementColumns
)
"""What the rows of a table are, and which columns have what."""
