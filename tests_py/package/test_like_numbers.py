"""Numbers that could be taken for each other are given by name.

No type checker tells a price from a quantity, and an order with the two swapped is an order.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Iterator
from decimal import Decimal
from types import FunctionType, NoneType

import pytest
from support.public import MODULES
from support.stub import CLASSES, FUNCTIONS, arms, evaluate, is_constructible, methods

from barter_python import _core

CONTRACT = {
    "InstrumentFilter.matches": "exchange and instrument",
    "InstrumentState": "instrument and exchange",
    "OrderKey": "exchange and instrument",
    "Position": "quantity_abs and entry_price",
    "PyOrderRequestOpen": "price and quantity",
    "RequestOpen": "price and quantity",
    "build_ioc_market_order_to_close_position": "exchange, instrument, quantity and price",
}
"""Signatures that existing strategies rely on, and what they take by position."""

PUBLIC = {
    name
    for module in MODULES.values()
    for name in module.__all__
    if getattr(module, name) is getattr(_core, name, None)
}
"""The native names that users see."""

Parameter = tuple[str, object]


def native() -> Iterator[tuple[str, list[Parameter]]]:
    """Give what can be passed by position to each native callable that users see."""
    for name in FUNCTIONS.keys() & (PUBLIC | {"build_ioc_market_order_to_close_position"}):
        node = FUNCTIONS[name].args
        yield name, [(it.arg, evaluate(it.annotation)) for it in node.posonlyargs + node.args]
    for name in CLASSES.keys() & PUBLIC:
        for method in methods(name):
            if method.name == "__new__" and is_constructible(name):
                place = name
            elif not method.name.startswith("_"):
                place = f"{name}.{method.name}"
            else:
                continue
            given = [it for it in method.args.posonlyargs + method.args.args if it.annotation]
            yield place, [(it.arg, evaluate(it.annotation)) for it in given]


def python() -> Iterator[tuple[str, list[Parameter]]]:
    """Give the same of the Python layer."""
    for module in MODULES.values():
        for name in module.__all__:
            item: object = getattr(module, name)
            if isinstance(item, FunctionType):
                yield name, positional(item)
            elif isinstance(item, type) and item.__module__.startswith("barter_python"):
                for method in vars(item).values():
                    function = getattr(method, "__func__", method)
                    if not isinstance(function, FunctionType):
                        continue
                    if function.__name__ == "__init__":
                        yield name, positional(function)
                    elif not function.__name__.startswith("_"):
                        yield f"{name}.{function.__name__}", positional(function)


def positional(function: FunctionType) -> list[Parameter]:
    """Give names and types of the parameters that can be passed by position."""
    hints = typing.get_type_hints(function)
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    parameters = inspect.signature(function).parameters.values()
    return [(it.name, hints.get(it.name)) for it in parameters if it.kind in kinds]


PLACES = dict(sorted([*native(), *python()]))


def is_number(expected: object) -> bool:
    """Tell whether a type is of numbers only."""
    return set(arms(expected)) - {NoneType} <= {Decimal, int, float} and expected is not NoneType


@pytest.mark.parametrize("place", sorted(PLACES.keys() - CONTRACT.keys()))
def test_no_two_numbers_are_taken_by_position(place: str) -> None:
    numbers = [name for name, expected in PLACES[place] if is_number(expected)]
    assert len(numbers) < 2, "make them keyword-only: #[signature(...)], #[pyo3(signature = ...)]"


def test_the_exceptions_are_needed() -> None:
    for place in CONTRACT:
        numbers = [name for name, expected in PLACES[place] if is_number(expected)]
        assert len(numbers) > 1, place


def test_the_prices_and_quantities_of_orders_are_seen() -> None:
    assert [name for name, _ in PLACES["InstrumentView.limit_order"]] == ["side"]
    assert PLACES["Level"] == PLACES["Balance"] == []
