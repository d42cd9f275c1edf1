"""Sides, exchanges, assets and instruments: the crate `barter-instrument`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from ._core import (
    ExchangeId,
    IndexedAsset,
    IndexedInstrument,
    IndexedInstruments,
    InstrumentQuoteAsset,
    OptionExercise,
    OptionKind,
    Side,
)

__all__ = [
    "ExchangeId",
    "IndexedAsset",
    "IndexedInstrument",
    "IndexedInstruments",
    "InstrumentQuoteAsset",
    "OptionExercise",
    "OptionKind",
    "Side",
    "Underlying",
]

AssetKeyT_co = TypeVar("AssetKeyT_co", bound="int | str", covariant=True)


@dataclass(frozen=True)
class Underlying(Generic[AssetKeyT_co]):
    """The pair of assets behind an instrument (`barter_instrument::Underlying`).

    By asset names (`str`) in configurations, by asset indices (`int`) in filters and views.

    Parameters
    ----------
    base : int or str
        What is bought and sold.
    quote : int or str
        What it is paid with.

    Raises
    ------
    ValueError
        When an index is negative or a name is blank.
    TypeError
        When a key is neither an `int` nor a `str`.

    Examples
    --------
    >>> Underlying("btc", "usdt").base
    'btc'
    """

    base: AssetKeyT_co
    quote: AssetKeyT_co

    def __post_init__(self) -> None:
        """Check the keys."""
        for name, key in (("base", self.base), ("quote", self.quote)):
            if isinstance(key, bool) or not isinstance(key, (int, str)):
                raise TypeError(f"{name} must be an int or a str, got {type(key).__name__}")
            if isinstance(key, int) and key < 0:
                raise ValueError(f"{name} must not be negative, got {key}")
            if isinstance(key, str) and not key.strip():
                raise ValueError(f"{name} must not be blank, got {key!r}")
