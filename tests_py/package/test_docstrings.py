"""Docstrings say what the signature says: the names of parameters and of errors."""

from __future__ import annotations

import ast
import builtins
import inspect
import textwrap
from collections.abc import Iterator
from types import FunctionType
from typing import NamedTuple

import pytest
from support.docstring import names, sections
from support.public import MODULES
from support.stub import CLASSES, FUNCTIONS, methods

from barter_python import _core, errors


class Target(NamedTuple):
    """A documented class or function."""

    docstring: str | None
    parameters: list[str]
    raised: set[str]


def python_targets() -> Iterator[tuple[str, Target]]:
    """Give what is written in Python."""
    for module in MODULES.values():
        for name in module.__all__:
            item: object = getattr(module, name)
            if isinstance(item, FunctionType):
                yield name, of_function(item)
            elif isinstance(item, type) and item.__module__ != _core.__name__:
                yield name, Target(item.__doc__, signature(item), set())
                for attribute, member in vars(item).items():
                    function = getattr(member, "__func__", member)
                    if isinstance(function, FunctionType) and not attribute.startswith("_"):
                        yield f"{name}.{attribute}", of_function(function)


def signature(item: object) -> list[str]:
    """Give the parameters of a call, without `self`; an alias such as `list[int]` has none."""
    if not callable(item):
        return []
    try:
        found = list(inspect.signature(item).parameters)
    except ValueError:
        return []
    return [name for name in found if name not in ("self", "cls", "_")]


def of_function(function: FunctionType) -> Target:
    """Read a function, and what it raises itself."""
    body = ast.parse(textwrap.dedent(inspect.getsource(function)))
    calls = [node.exc for node in ast.walk(body) if isinstance(node, ast.Raise)]
    raised = {
        call.func.id
        for call in calls
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
    }
    return Target(function.__doc__, signature(function), raised)


def native_targets() -> Iterator[tuple[str, Target]]:
    """Give what is written in Rust, as the stub has it."""
    for name, node in FUNCTIONS.items():
        yield name, Target(ast.get_docstring(node), arguments(node), set())
    for name, owner in CLASSES.items():
        new = [it for it in methods(name) if it.name == "__new__"]
        yield name, Target(ast.get_docstring(owner), arguments(new[0]) if new else [], set())
        for method in methods(name):
            if not method.name.startswith("_"):
                place = f"{name}.{method.name}"
                yield place, Target(ast.get_docstring(method), arguments(method), set())


def arguments(node: ast.FunctionDef) -> list[str]:
    """Give the parameters of a function of the stub."""
    found = [*node.args.posonlyargs, *node.args.args, node.args.vararg]
    found += [*node.args.kwonlyargs, node.args.kwarg]
    return [it.arg for it in found if it is not None and it.arg not in ("self", "cls")]


TARGETS = {**{f"native {place}": it for place, it in native_targets()}, **dict(python_targets())}
ERRORS = {**vars(builtins), **vars(errors)}


@pytest.mark.parametrize("place", TARGETS)
def test_parameters_are_those_of_the_signature(place: str) -> None:
    target = TARGETS[place]
    documented = sections(target.docstring).get("Parameters")
    if documented is not None:
        assert sorted(names(documented)) == sorted(target.parameters)


@pytest.mark.parametrize("place", TARGETS)
def test_errors_that_are_named_exist(place: str) -> None:
    for name in names(sections(TARGETS[place].docstring).get("Raises", "")):
        error: object = ERRORS.get(name)
        assert isinstance(error, type), name
        assert issubclass(error, Exception), name


@pytest.mark.parametrize("place", [place for place, target in TARGETS.items() if target.raised])
def test_errors_that_are_raised_are_named(place: str) -> None:
    # A class may say it for all of its methods.
    documented = [TARGETS[it].docstring for it in (place, place.partition(".")[0])]
    named = {name for it in documented for name in names(sections(it).get("Raises", ""))}
    assert TARGETS[place].raised - named == set()


def test_docstrings_are_seen() -> None:
    assert names(sections(TARGETS["run_backtests"].docstring)["Parameters"])[0] == "factory"
    assert "native InstrumentView.limit_order" in TARGETS
    assert sum("Parameters" in sections(target.docstring) for target in TARGETS.values()) > 100
