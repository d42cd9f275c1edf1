"""What four libraries make of a table, as plain Python values."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa

from barter_python import ArrowTable, Records

Stream: TypeAlias = Records[object] | ArrowTable
Frame: TypeAlias = dict[str, list[object]]
"""By column, its values; a time is its nanoseconds since 1970."""


def with_pyarrow(stream: Stream) -> Frame:
    """Read a table with pyarrow."""
    table = pa.table(stream)
    return {
        field.name: (
            column.cast(pa.int64()) if pa.types.is_timestamp(field.type) else column
        ).to_pylist()
        for field, column in zip(table.schema, table.columns, strict=True)
    }


def with_polars(stream: Stream) -> Frame:
    """Read a table with polars."""
    frame = pl.DataFrame(stream)
    return {
        column.name: (
            column.dt.epoch("ns") if isinstance(column.dtype, pl.Datetime) else column
        ).to_list()
        for column in frame.get_columns()
    }


def with_pandas(stream: Stream) -> Frame:
    """Read a table with pandas, by way of pyarrow before pandas 3."""
    frame = to_pandas(stream)
    read: Frame = {}
    for name in frame.columns:
        column = frame[name]
        is_time = isinstance(column.dtype, pd.DatetimeTZDtype)
        values = column.tolist()
        read[name] = [
            None if is_missing(value) else value.value if is_time else plain(value)
            for value in values
        ]
    return read


def to_pandas(stream: Stream) -> pd.DataFrame:
    """Make a frame of pandas."""
    if hasattr(pd.DataFrame, "from_arrow"):
        return pd.DataFrame.from_arrow(stream)
    return pa.table(stream).to_pandas()


def is_missing(value: object) -> bool:
    """Tell what pandas has for a null."""
    return value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value))


def plain(value: object) -> object:
    """Give a list for an array."""
    return list(value) if isinstance(value, np.ndarray) else value


def with_duckdb(stream: Stream) -> Frame:
    """Read a table with DuckDB."""
    with duckdb.connect() as connection:
        connection.register("stream", stream)
        relation = connection.sql("from stream")
        columns = ", ".join(
            f'epoch_ns("{name}") as "{name}"' if "TIMESTAMP" in str(kind) else f'"{name}"'
            for name, kind in zip(relation.columns, relation.types, strict=True)
        )
        rows = connection.sql(f"select {columns} from stream").fetchall()
        names = relation.columns
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


READERS: dict[str, Callable[[Stream], Frame]] = {
    "duckdb": with_duckdb,
    "pandas": with_pandas,
    "polars": with_polars,
    "pyarrow": with_pyarrow,
}
