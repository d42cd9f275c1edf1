"""What the Python layer declares is so: values, errors, overloads, versions.

`test_conformance.py` does the same for the native module, `test_docstrings.py` for docstrings.
"""

from __future__ import annotations

import ast
import copy
import dataclasses
import enum
import pickle
import re
import typing
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import ROOT
from support.public import MODULES
from support.python_samples import VALUES
from support.stub import is_a

import barter_python
from barter_python import _core, errors

PUBLIC: list[object] = [
    getattr(module, name) for module in MODULES.values() for name in module.__all__
]
VALUE_CLASSES = [it for it in PUBLIC if isinstance(it, type) and dataclasses.is_dataclass(it)]
NOT_HASHABLE = {
    "BacktestResult": "it holds the records of a run",
    "BacktestRun": "it holds parameters by their names",
    "MockExecutionConfig": "it holds balances by their names",
    "PaperResult": "it holds the records of a run",
    "Replay": "it holds the records of a run",
    "RunSettings": "it holds parameters by their names",
    "StreamOptions": "it holds addresses by their exchanges",
    "StrategyResult": "it holds the records of a run",
    "SystemConfig": "it holds `MockExecutionConfig`",
}
BASES = {
    "AccountEventError": ValueError,
    "AuditOrderError": ValueError,
    "BarterError": Exception,
    "CompiledStrategyError": RuntimeError,
    "ConfigError": ValueError,
    "EnginePoisonedError": RuntimeError,
    "MarketDataError": ValueError,
    "OrderRequestError": ValueError,
    "StrategyBusyError": RuntimeError,
    "StreamError": ConnectionError,
    "UnknownKeyError": LookupError,
    "ViewError": RuntimeError,
}
"""The builtin class beside `BarterError`, which code that knows no barter catches."""


def label(value: object) -> str:
    """Name a value in the output of the tests."""
    return type(value).__name__


def test_every_value_class_has_a_sample() -> None:
    names = {item.__name__ for item in VALUE_CLASSES}
    assert names == {type(value).__name__ for value in VALUES}


@pytest.mark.parametrize("value", VALUES, ids=label)
def test_values_are_frozen(value: object) -> None:
    assert dataclasses.is_dataclass(value)
    for field in dataclasses.fields(value):
        before: object = getattr(value, field.name)
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(value, field.name, before)
        with pytest.raises(dataclasses.FrozenInstanceError):
            delattr(value, field.name)
    with pytest.raises((dataclasses.FrozenInstanceError, TypeError, AttributeError)):
        setattr(value, "no_such_field", 1)  # noqa: B010 - checkers refuse it too


@pytest.mark.parametrize("value", VALUES, ids=label)
def test_fields_are_of_their_types(value: object) -> None:
    hints = typing.get_type_hints(type(value))
    assert dataclasses.is_dataclass(value)
    for field in dataclasses.fields(value):
        held: object = getattr(value, field.name)
        assert is_a(held, hints[field.name]), f"{field.name}: {held!r} is no {hints[field.name]}"


@pytest.mark.parametrize("value", VALUES, ids=label)
def test_values_compare_and_hash(value: object) -> None:
    again = copy.deepcopy(value)
    if not isinstance(getattr(value, "error", None), Exception):  # exceptions are never equal
        assert again == value
    assert value != object()
    if type(value).__name__ in NOT_HASHABLE:
        with pytest.raises(TypeError, match="unhashable type"):
            hash(value)
    else:
        assert hash(again) == hash(value)
        assert {value: 1}[again] == 1


@pytest.mark.parametrize("value", VALUES, ids=label)
def test_values_are_copied_and_pickled(value: object) -> None:
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(value, protocol))
        assert type(again) is type(value)
        assert repr(again) == repr(value)
    assert repr(copy.copy(value)) == repr(value)


@pytest.mark.parametrize("value", VALUES, ids=label)
def test_values_show_their_fields(value: object) -> None:
    shown = repr(value)
    assert dataclasses.is_dataclass(value)
    assert shown.startswith((type(value).__name__, "<"))
    if shown.startswith(f"{type(value).__name__}("):
        for field in dataclasses.fields(value):
            assert not field.repr or f"{field.name}=" in shown


def test_errors_have_their_bases() -> None:
    assert sorted(BASES) == errors.__all__
    for name, base in BASES.items():
        error = getattr(errors, name)
        assert issubclass(error, errors.BarterError)
        assert issubclass(error, base)
        others = {ValueError, RuntimeError, LookupError, TypeError, KeyError} - {base}
        assert not issubclass(error, tuple(others)), f"{name} is caught as something else too"


@pytest.mark.parametrize("name", errors.__all__)
def test_errors_are_pickled_with_their_attributes(name: str) -> None:
    error = getattr(errors, name)("what is wrong")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert (str(again), vars(again)) == ("what is wrong", vars(error))


def test_enums_of_the_python_layer_are_iterable_and_unique() -> None:
    enums = [it for it in PUBLIC if isinstance(it, type) and issubclass(it, enum.Enum)]
    assert [it for it in enums if it.__module__ != _core.__name__]
    for item in enums:
        assert len(item.__members__) == len(list(item)) > 0
        for member in item:
            assert item(member.value) is item[member.name] is member
            assert pickle.loads(pickle.dumps(member)) is member


def functions() -> Iterator[tuple[str, list[ast.FunctionDef]]]:
    """Give the overloads of each function, and its implementation last."""
    for file in sorted(Path(barter_python.__file__).parent.rglob("*.py")):
        for scope in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            found: defaultdict[str, list[ast.FunctionDef]] = defaultdict(list)
            for node in scope.body if isinstance(scope, (ast.Module, ast.ClassDef)) else []:
                if isinstance(node, ast.FunctionDef):
                    found[node.name].append(node)
            for name, nodes in found.items():
                if any(is_overload(node) for node in nodes):
                    yield f"{file.stem}.{name}", nodes


def is_overload(node: ast.FunctionDef) -> bool:
    """Tell an overload from an implementation."""
    return any(ast.unparse(it).endswith("overload") for it in node.decorator_list)


def defaults(node: ast.FunctionDef) -> dict[str, str]:
    """Give the defaults of a function as they are written."""
    given = node.args.posonlyargs + node.args.args
    found = dict(zip(reversed(given), reversed(node.args.defaults), strict=False))
    named = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    found |= {argument: default for argument, default in named if default is not None}
    return {argument.arg: ast.unparse(default) for argument, default in found.items()}


@pytest.mark.parametrize(("place", "nodes"), [pytest.param(*it, id=it[0]) for it in functions()])
def test_defaults_of_overloads_are_the_real_ones(place: str, nodes: list[ast.FunctionDef]) -> None:
    *overloads, implementation = nodes
    assert len(overloads) > 1
    assert not is_overload(implementation)
    real = defaults(implementation)
    for overload in overloads:
        for name, default in defaults(overload).items():
            assert real[name] == default, f"{place}({name}) at line {overload.lineno}"


def test_there_are_overloads() -> None:
    assert "closing.close_open_positions_with_market_orders" in dict(functions())


def test_one_version() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    crate = (ROOT / "rust" / "Cargo.toml").read_text(encoding="utf-8")
    workspace = (ROOT / "Cargo.toml").read_text(encoding="utf-8")
    version = re.compile(r'^version = "(.+)"$', re.MULTILINE)
    numbers = set(version.findall(project) + version.findall(crate) + version.findall(workspace))
    assert numbers == {barter_python.__version__}
