"""Records: the rows of a result, of which Python objects are made one by one."""

import operator
import shutil
import textwrap
from collections.abc import Iterator, Sequence
from typing import ClassVar, Generic, Literal, Protocol, TypeVar, overload

from typing_extensions import Self

from ._core import ArrowTable

T_co = TypeVar("T_co", covariant=True)

ENDS = 5
"""How many rows `str` shows of each end."""
WIDTH = 120
"""How wide `str` is where no terminal says it."""
LONGEST, LONGEST_NUMBER = 32, 16
"""How many characters `str` shows of a text, and of a number with a fraction."""


class Rows(Protocol[T_co]):
    """What holds the rows: a native class for each kind of records."""

    @property
    def kind(self) -> str:
        """The name of the class of the rows."""
        ...

    def __len__(self) -> int: ...

    def item(self, position: int) -> T_co:
        """Give the row at a position from zero."""
        ...

    def chosen(self, positions: Sequence[int]) -> Self:
        """Give the rows at the positions."""
        ...

    def equals(self, other: Self) -> bool:
        """Tell whether the other has equal rows in the same order."""
        ...

    def to_arrow(self, decimals: Literal["exact", "float"]) -> ArrowTable:
        """Give the rows as a table."""
        ...


class Records(Generic[T_co]):
    """The records of a result, such as its fills: a sequence that other libraries read as a table.

    It has a length, indices and slices, is iterated, and is compared with records and lists. It
    makes a new Python object each time that it is asked for one, so loop over it once, or keep
    `list(records)`. It does not change, and can be pickled. `print(records)` shows the first and
    the last of them as a table.

    `polars.DataFrame(records)`, `pyarrow.table(records)`, `pandas.DataFrame.from_arrow(records)`
    and `duckdb.sql("from records")` read it without Python objects, through the Arrow C stream
    interface. `docs/other_tools.md` has the columns. It is no `list` and no
    `collections.abc.Sequence`, of which these libraries would make a column of objects.

    Examples
    --------
    >>> from barter_python import DefaultStrategy, MarketData, SystemConfig, run_backtest
    >>> history = "examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz"
    >>> data = MarketData.from_json_lines(history)
    >>> config = SystemConfig.from_json("examples/data/system_config.json")
    >>> bars = run_backtest(DefaultStrategy(), data, config).equity()["binance_spot_usdt"]
    >>> bars
    <Records of 2 EquityBar>
    >>> print(bars[:1])
    <Records of 1 EquityBar>
    asset_name         time                            equity    low   high   peak
    binance_spot_usdt  2025-03-25T23:07:00.773684644Z   10000  10000  10000  10000
    >>> bars[0].equity, [bar.low for bar in bars]
    (Decimal('10000'), [Decimal('10000'), Decimal('10000')])
    """

    __slots__ = ("_rows",)

    def __init__(self, rows: Rows[T_co], /) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int, /) -> T_co: ...
    @overload
    def __getitem__(self, index: slice, /) -> "Records[T_co]": ...
    def __getitem__(self, index: int | slice, /) -> "T_co | Records[T_co]":
        count = len(self._rows)
        if isinstance(index, slice):
            return self._chosen(range(*index.indices(count)))
        try:
            position = operator.index(index)
        except TypeError:
            found = type(index).__name__
            raise TypeError(f"an index must be an int or a slice, got {found}") from None
        if not -count <= position < count:
            raise IndexError(f"there are {count} records, so there is none at index {position}")
        return self._rows.item(position % count)

    def __iter__(self) -> Iterator[T_co]:
        return map(self._rows.item, range(len(self._rows)))

    def __eq__(self, other: object, /) -> bool:
        if isinstance(other, Records) and type(other._rows) is type(self._rows):
            return self._rows.equals(other._rows)
        if not isinstance(other, (Records, list)):
            return NotImplemented
        pairs = zip(self, other, strict=False)
        return len(self) == len(other) and all(mine == theirs for mine, theirs in pairs)

    __hash__: ClassVar[None] = None  # type: ignore[assignment] # as of a list, which it may be equal to

    def __repr__(self) -> str:
        return f"<Records of {len(self)} {self._rows.kind}>"

    def __str__(self) -> str:
        """Give a table of the first and the last rows, as wide as the terminal."""
        count = len(self)
        is_cut = count > 2 * ENDS
        places = [*range(ENDS), *range(count - ENDS, count)] if is_cut else [*range(count)]
        try:
            # No float is made: the texts are those of the decimals, and no decimal is too long.
            table = self._rows.chosen(places).to_arrow("float")
        except ValueError:  # a time that no table holds
            return repr(self)
        lines = _lines(table._texts(), shutil.get_terminal_size((WIDTH, ENDS)).columns)
        if is_cut:
            lines.insert(1 + ENDS, f"... {count - 2 * ENDS} more ...")
        return "\n".join([repr(self), *lines])

    def __reduce__(self) -> "tuple[type[Records[T_co]], tuple[Rows[T_co]]]":
        return type(self), (self._rows,)

    def to_arrow(self, *, decimals: Literal["exact", "float"] = "exact") -> ArrowTable:
        """Give the records as a table for other libraries.

        Parameters
        ----------
        decimals : {"exact", "float"}
            Exact decimals have the greatest scale of their column, and 38 digits at most; zeros at
            their ends are left out if they do not fit otherwise. Floats are the nearest to each
            decimal.

        Raises
        ------
        ValueError
            If `decimals` is neither, or a column needs more than 38 digits to be exact.

        Examples
        --------
        >>> from barter_python import DefaultStrategy, MarketData, SystemConfig, run_backtest
        >>> history = "examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz"
        >>> data = MarketData.from_json_lines(history)
        >>> config = SystemConfig.from_json("examples/data/system_config.json")
        >>> fills = run_backtest(DefaultStrategy(), data, config).fills
        >>> fills.to_arrow(decimals="float").column_names[-3:]
        ['price', 'quantity', 'fees']
        """
        return self._rows.to_arrow(decimals)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Give the stream of the Arrow PyCapsule interface, with exact decimals.

        Parameters
        ----------
        requested_schema : object, optional
            As of `ArrowTable`.

        Raises
        ------
        ValueError
            If a column needs more than 38 digits: `to_arrow(decimals="float")` gives floats.
        """
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def _chosen(self, positions: Sequence[int]) -> "Records[T_co]":
        return Records(self._rows.chosen(positions))


def _lines(columns: list[tuple[str, bool, list[str | None]]], width: int) -> list[str]:
    """Give the lines of a table: its head, its rows, and the names of what does not fit."""
    names = {name for name, _, _ in columns}
    shown: list[list[str]] = []
    left_out: list[str] = []
    for name, is_number, texts in columns:
        # An index has its name beside it.
        if f"{name}_name" in names or all(text is None for text in texts):
            continue
        cells = [
            name,
            *("" if text is None else _cell(text, is_number=is_number) for text in texts),
        ]
        widest = max(map(len, cells))
        if shown and (left_out or sum(2 + len(each[0]) for each in shown) + widest > width):
            left_out.append(name)
            continue
        shown.append([cell.rjust(widest) if is_number else cell.ljust(widest) for cell in cells])
    lines = ["  ".join(row).rstrip() for row in zip(*shown, strict=True)]
    if left_out:
        lines += textwrap.wrap(f"not shown: {', '.join(left_out)}", width)
    return lines


def _cell(text: str, *, is_number: bool) -> str:
    """Give a text that stays on its line, and not much of a long one."""
    plain = text if text.isprintable() else repr(text)[1:-1]
    longest = LONGEST_NUMBER if is_number and "." in text[:LONGEST_NUMBER] else LONGEST
    return plain if len(plain) <= longest else f"{plain[: longest - 3]}..."
