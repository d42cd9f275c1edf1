"""Histories on their way to processes of this machine: a file that all read, and no copies."""

from __future__ import annotations

import io
import pickle
from pathlib import Path
from typing import TypeAlias

from .._core import MarketData

_Place: TypeAlias = tuple[str, str | None, str | None]
"""The path of a file, its mark if it could change, and what the history says that it comes from."""


class _Pickler(pickle.Pickler):
    """Writes where a history is in the place of its events."""

    def __init__(self, file: io.BytesIO, folder: Path) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._folder = folder
        self._places: dict[int, tuple[MarketData, _Place]] = {}

    def persistent_id(self, value: object, /) -> _Place | None:
        """Give where a history is; all else is written as ever."""
        if not isinstance(value, MarketData):
            return None
        if id(value) not in self._places:
            # The history is kept, so that no other has its id.
            self._places[id(value)] = value, self._place_of(value)
        return self._places[id(value)][1]

    def _place_of(self, history: MarketData) -> _Place:
        saved = history._saved_at()
        if saved is not None:
            path, mark = saved
            return str(path), mark, history._source()
        path = self._folder / f"{len(self._places)}.bph"
        history.save(path)
        return str(path), None, history._source()


class _Unpickler(pickle.Unpickler):
    """Reads each history from its file, once."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file)
        self._histories: dict[object, MarketData] = {}

    def persistent_load(self, place: _Place, /) -> MarketData:
        """Give the history of a place."""
        if place not in self._histories:
            self._histories[place] = MarketData._from_saved(*place)
        return self._histories[place]


def pack(value: object, folder: Path) -> bytes:
    """Pickle a value for processes of this machine, but for its histories.

    These are saved to the folder, unless `MarketData.save` has written a file of theirs that has
    not changed.
    """
    packed = io.BytesIO()
    _Pickler(packed, folder).dump(value)
    return packed.getvalue()


def unpack(packed: bytes) -> object:
    """Give the value that was packed, while its files are there."""
    return _Unpickler(io.BytesIO(packed)).load()
