"""Descriptions of tables of order books: which columns have what."""

import string
from dataclasses import dataclass

from .._checks import check_int, check_names, check_optional_names, check_type

_MOST_LEVELS = 1_000


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
        check_names(self, "time_exchange", "side", "price", "amount")
        check_optional_names(self, "time_received", "is_snapshot", "sequence", "instrument")
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
        check_names(self, "time_exchange")
        check_optional_names(self, "time_received", "sequence", "instrument")
        for name in ("bid_price", "bid_amount", "ask_price", "ask_amount"):
            check_names(self, name)
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


def _has_level(template: str) -> bool:
    try:
        fields = {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}
        template.format(level=0)
    except (AttributeError, IndexError, KeyError, ValueError):
        return False
    return fields == {"level"}
