"""What the readers of venues' files have in common."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from .._checks import check_path, check_type, shown
from .._core import ExchangeId
from ..errors import MarketDataError
from .columns import Columns

StrPath: TypeAlias = str | os.PathLike[str]
"""The path of a file."""

Paths: TypeAlias = StrPath | Sequence[StrPath]
"""The path of a file, or of several."""

Instrument: TypeAlias = str | tuple[ExchangeId, str]
"""An instrument, by a name, or by its exchange and the exchange's name."""

CsvFile: TypeAlias = tuple[str, Columns, Sequence[str] | None, Instrument | None]
"""A file, what its rows are, the names of its columns if the first row does not have them, and its
instrument if no column has it."""


def paths_of(path: Paths) -> list[str]:
    """Give the paths as a list of text."""
    if isinstance(path, (str, bytes, os.PathLike)):
        check_path("path", path)
        return [os.fspath(path)]
    check_type("path", path, str, os.PathLike, Sequence)
    paths = []
    for position, item in enumerate(path):
        check_path(f"path[{position}]", item)
        paths.append(os.fspath(item))
    if not paths:
        raise ValueError(f"path must not be empty, got {shown(path)}")
    return paths


def file_error(path: str, reason: str) -> MarketDataError:
    """Make the error of a file that is wrong as a whole."""
    return MarketDataError(f"{path}: {reason}", path=Path(path), reason=reason)
