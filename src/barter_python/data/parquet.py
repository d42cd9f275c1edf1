"""Parquet, by a library that the user has."""

import importlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import cast

from ..errors import MarketDataError
from .arrow import ArrowStream


def open_parquet(path: Path, columns: Sequence[str]) -> ArrowStream:
    """Give the rows of a Parquet file, in pieces if pyarrow is installed, else by polars.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    columns : sequence of str
        Names of the columns that are read. All are read if the file does not have each of them.

    Raises
    ------
    ImportError
        If neither library is installed.
    MarketDataError
        If the file is no Parquet.
    OSError
        If the file cannot be opened.
    """
    with _parquet(path) as (pyarrow, polars):
        if pyarrow is not None:
            file = importlib.import_module("pyarrow.parquet").ParquetFile(path)
            wanted = _wanted(file.schema_arrow.names, columns)
            schema = pyarrow.schema([file.schema_arrow.field(name) for name in wanted])
            batches = file.iter_batches(columns=wanted)
            return cast("ArrowStream", pyarrow.RecordBatchReader.from_batches(schema, batches))
        wanted = _wanted(list(polars.read_parquet_schema(path)), columns)
        return cast("ArrowStream", polars.read_parquet(path, columns=wanted))


def parquet_columns(path: Path) -> list[str]:
    """Give the names of the columns of a Parquet file, with the errors of `open_parquet`."""
    with _parquet(path) as (pyarrow, polars):
        if pyarrow is not None:
            names: list[str] = importlib.import_module("pyarrow.parquet").read_schema(path).names
            return names
        return list(polars.read_parquet_schema(path))


@contextmanager
def _parquet(path: Path) -> Iterator[tuple[ModuleType | None, ModuleType]]:
    """Give pyarrow, if it is there, and what is there; turn their exceptions into ours."""
    pyarrow = _library("pyarrow")
    library = pyarrow or _library("polars")
    path.open("rb").close()  # The libraries have exceptions of their own for what cannot be opened.
    if library is None:
        raise ImportError("Parquet is read by pyarrow or polars: pip install pyarrow, or polars")
    try:
        yield pyarrow, library
    except Exception as error:
        reason = f"is not read as Parquet: {error}"
        raise MarketDataError(f"{path} {reason}", path=path, reason=reason) from error


def _wanted(names: Sequence[str], columns: Sequence[str]) -> list[str]:
    """Give the columns to read in the file's order; all if one is missing, for the error."""
    wanted = [name for name in names if name in columns]
    return wanted if len(set(wanted)) == len(columns) else list(names)


def _library(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None
