"""Tables of other libraries."""

from typing import Protocol


class ArrowStream(Protocol):
    """A table that gives its rows by Arrow's C stream interface.

    Tables of polars, pyarrow, duckdb and, with pyarrow, of pandas are such.

    Examples
    --------
    >>> import polars as pl
    >>> table: ArrowStream = pl.DataFrame({"price": ["87232.50"]})
    """

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Give a capsule that holds the stream."""
