"""Sides, and the names and indices of instruments."""

from __future__ import annotations

from typing import Literal

from typing_extensions import assert_never, assert_type

import barter_python as bp
from barter_python import Side


def describe_side(side: Side) -> str:
    """Match a side: mypy knows that there is no third."""
    match side:
        case Side.BUY:
            return "buy"
        case Side.SELL:
            return "sell"
        case _:
            assert_never(side)


def test_sides_and_other_enums() -> None:
    buy: Literal["buy"] = Side.BUY.value
    assert Side(buy) is Side.BUY
    assert_type(list(Side), list[Side])
    assert_type(Side("buy"), Side)
    by_name: Side = Side["BUY"]
    assert by_name is Side.BUY
    assert [describe_side(side) for side in Side] == ["buy", "sell"]


def test_underlyings_keep_the_type_of_their_keys() -> None:
    # Not of literals, which ty takes for types of their own.
    def check(name: str, index: int) -> None:
        names = bp.Underlying(name, name)
        assert_type(names, bp.Underlying[str])
        assert_type(names.base, str)
        indices = bp.Underlying(index, index)
        assert_type(indices, bp.Underlying[int])
        assert_type(indices.quote, int)
        assert (names.quote, indices.base) == (name, index)

    check("usdt", 0)
