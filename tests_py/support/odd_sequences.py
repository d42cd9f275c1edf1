"""Sequences that lie about their length, or raise when they are asked for it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from typing_extensions import override

T = TypeVar("T")

Hostile: TypeAlias = Any
"""What no type checker would let through."""


class Odd(Sequence[T]):
    """A sequence with whatever length: its items are right where they are asked for one by one."""

    def __init__(self, items: list[T], length: Callable[[], int]) -> None:
        self._items, self._length = items, length

    @override
    def __len__(self) -> int:
        return self._length()

    @override
    def __getitem__(self, position: Hostile) -> Hostile:
        return self._items[position]

    @override
    def __iter__(self) -> Iterator[T]:
        return OddIterator(iter(self._items), self._length)


@dataclass
class OddIterator(Iterator[T]):
    """Iterates, and lies about what is left."""

    items: Iterator[T]
    length: Callable[[], int]

    def __length_hint__(self) -> int:
        return self.length()

    @override
    def __next__(self) -> T:
        return next(self.items)


class AskedError(Exception):
    """Raised by what was asked for its length."""


def asked() -> int:
    raise AskedError


def interrupted() -> int:
    raise KeyboardInterrupt


LENGTHS: list[Callable[[], int]] = [
    lambda: sys.maxsize,
    lambda: sys.maxsize // 8,
    lambda: 10**11,
    lambda: -1,
    lambda: 10**30,
    asked,
    interrupted,
]
