"""Records of the native module are values: frozen, pickled, copied, shown."""

from __future__ import annotations

import copy
import pickle
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from support.samples import NANOSECONDS, SAMPLES
from support.stub import (
    CLASSES,
    NAMES,
    arms,
    evaluate,
    is_constructible,
    methods,
    parameters,
    properties,
)

import barter_python as bp
from barter_python._core import NativeFunction

RECORDS = [
    pytest.param(value, id=f"{type(value).__name__}-{position}")
    for position, value in enumerate(SAMPLES)
    if is_constructible(type(value).__name__) or isinstance(value, bp.InstrumentFilter)
    if not isinstance(value, (bp.Engine, bp.MarketScan, bp.StateReplica, NativeFunction))
]
FIELDS = {
    name: [field for field, _ in parameters(node)]
    for name in CLASSES
    for node in methods(name)
    if node.name == "__new__" and name != "IndexedInstruments"
}


@pytest.mark.parametrize("value", RECORDS)
def test_records_are_pickled_and_copied(value: object) -> None:
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(value, protocol))
        assert (again, type(again), hash(again)) == (value, type(value), hash(value))
    assert copy.copy(value) == value
    assert copy.deepcopy(value) == value


@pytest.mark.parametrize("value", RECORDS)
def test_nanoseconds_survive_pickling(value: object) -> None:
    again = pickle.loads(pickle.dumps(value))
    for node in properties(type(value).__name__):
        if node.name.endswith("_ns"):
            nanoseconds: object = getattr(value, node.name)
            assert getattr(again, node.name) == nanoseconds
            assert nanoseconds in (NANOSECONDS, NANOSECONDS + 1, None)


@pytest.mark.parametrize(
    ("name", "time"),
    [
        pytest.param(name, node.name, id=f"{name}.{node.name}")
        for name in CLASSES
        for node in properties(name)
        if datetime in arms(evaluate(node.returns))
    ],
)
def test_every_time_has_a_twin_in_nanoseconds(name: str, time: str) -> None:
    twins = {node.name: evaluate(node.returns) for node in properties(name)}
    assert f"{time}_ns" in twins
    assert int in arms(twins[f"{time}_ns"])
    for value in SAMPLES:
        if type(value).__name__ == name and getattr(value, time) is not None:
            since_1970 = getattr(value, time) - datetime(1970, 1, 1, tzinfo=timezone.utc)
            assert since_1970 // timedelta(microseconds=1) == getattr(value, f"{time}_ns") // 1000


@pytest.mark.parametrize("value", RECORDS)
def test_records_are_frozen(value: object) -> None:
    for node in properties(type(value).__name__):
        with pytest.raises(AttributeError):
            setattr(value, node.name, getattr(value, node.name))
    with pytest.raises(AttributeError):
        setattr(value, "another", 1)  # noqa: B010 - a checker would refuse the plain assignment


@pytest.mark.parametrize("value", RECORDS)
def test_repr_shows_every_field(value: object) -> None:
    shown = repr(value)
    assert shown.startswith(type(value).__name__)
    for field in FIELDS.get(type(value).__name__, []):
        assert f"{field}=" in shown


# What barter has indexed is no record: its repr lists names.
READABLE = [value for value in RECORDS if not isinstance(value.values[0], bp.IndexedInstruments)]


@pytest.mark.parametrize("value", READABLE)
def test_repr_reads_back(value: object) -> None:
    names = NAMES | {"Decimal": Decimal, "Underlying": bp.Underlying}
    again: object = eval(repr(value), names)
    assert again == value
