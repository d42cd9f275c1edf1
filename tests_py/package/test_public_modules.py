"""Public classes and functions name the public module that has them, and work from there."""

from __future__ import annotations

import importlib
import inspect
import pickle
import pkgutil
import typing
from collections import defaultdict
from pathlib import Path
from types import FunctionType, GenericAlias

import pytest

import barter_python
from barter_python import _core

MODULES = [
    f"barter_python.{module.name}"
    for module in pkgutil.iter_modules(barter_python.__path__)
    if not module.name.startswith("_")
]

# Re-exported where they were before, and where configurations are read.
DOCUMENTED_IN = {
    "barter_python.system": {
        "FutureContract": "barter_python.instrument",
        "InstrumentConfig": "barter_python.instrument",
        "InstrumentSpec": "barter_python.instrument",
        "MockExecutionConfig": "barter_python.exchange",
        "OptionContract": "barter_python.instrument",
        "OrderQuantityUnits": "barter_python.instrument",
        "PerpetualContract": "barter_python.instrument",
        "Spot": "barter_python.instrument",
    },
}


def public_items() -> dict[tuple[str, str], type | FunctionType]:
    """Give the classes and functions of the public modules that are written in Python."""
    items: dict[tuple[str, str], type | FunctionType] = {}
    for module_name in MODULES:
        module = importlib.import_module(module_name)
        for name in module.__all__:
            item: object = getattr(module, name)
            # An alias such as `tuple[int, str]` passes for a class on CPython 3.10.
            if isinstance(item, GenericAlias):
                continue
            if isinstance(item, (type, FunctionType)) and item.__module__ != _core.__name__:
                items[module_name, name] = item
    return items


ITEMS = public_items()
CLASSES = {place: item for place, item in ITEMS.items() if isinstance(item, type)}


def label(place: object) -> str:
    """Name a place in the output of the tests."""
    return ".".join(place).removeprefix("barter_python.") if isinstance(place, tuple) else ""


@pytest.mark.parametrize("place", ITEMS, ids=label)
def test_the_public_module_is_their_module(place: tuple[str, str]) -> None:
    module, name = place
    item = ITEMS[place]
    home = DOCUMENTED_IN.get(module, {}).get(name, module)
    assert (item.__module__, item.__qualname__) == (home, name)
    assert getattr(importlib.import_module(home), name) is item


def test_each_is_public_in_one_place() -> None:
    places: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for (module, name), item in ITEMS.items():
        if name not in DOCUMENTED_IN.get(module, {}):
            places[id(item)].append((module, name))
    assert [found for found in places.values() if len(found) > 1] == []


def test_the_names_at_the_top_are_the_same_objects() -> None:
    of_modules = {id(item) for item in ITEMS.values()}
    for name in barter_python.__all__:
        item: object = getattr(barter_python, name)
        if isinstance(item, GenericAlias) or not isinstance(item, (type, FunctionType)):
            continue
        if item.__module__ != _core.__name__:
            assert id(item) in of_modules, name


@pytest.mark.parametrize("place", ITEMS, ids=label)
def test_they_are_pickled_by_their_public_name(place: tuple[str, str]) -> None:
    item = ITEMS[place]
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        packed = pickle.dumps(item, protocol)
        assert item.__module__.encode() in packed
        assert pickle.loads(packed) is item


@pytest.mark.parametrize("place", CLASSES, ids=label)
def test_annotations_of_classes_resolve(place: tuple[str, str]) -> None:
    hints = typing.get_type_hints(CLASSES[place])
    assert not [name for name, hint in hints.items() if isinstance(hint, str)]


def is_written(function: FunctionType) -> bool:
    """Tell a function of the package from one that `dataclass` has made."""
    return Path(function.__code__.co_filename).is_relative_to(Path(barter_python.__file__).parent)


@pytest.mark.parametrize("place", ITEMS, ids=label)
def test_they_have_a_signature_and_a_place_in_the_source(place: tuple[str, str]) -> None:
    item = ITEMS[place]
    module = inspect.getmodule(item)
    assert module is not None
    assert module.__name__ == item.__module__
    members = vars(item).values() if isinstance(item, type) else [item]
    for function in members:
        if isinstance(function, FunctionType) and is_written(function):
            assert f"def {function.__name__}(" in inspect.getsource(function)
            inspect.signature(function)
