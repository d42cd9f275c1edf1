"""The stub of the native module, read: its classes, functions and types."""

from __future__ import annotations

import ast
import importlib
import types
import typing
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from typeguard import CollectionCheckStrategy, TypeCheckError, check_type

import barter_python as bp
from barter_python import _core

STUB = ast.parse((Path(bp.__file__).parent / "_core.pyi").read_text(encoding="utf-8"))
CLASSES = {node.name: node for node in STUB.body if isinstance(node, ast.ClassDef)}
FUNCTIONS = {node.name: node for node in STUB.body if isinstance(node, ast.FunctionDef)}


def _names() -> dict[str, object]:
    names: dict[str, object] = dict(vars(_core))
    for node in STUB.body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.name.partition(".")[0]] = importlib.import_module(alias.name)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                names[alias.name] = importlib.import_module(f"{node.module}.{alias.name}")
    names["collections"] = importlib.import_module("collections")
    return names


NAMES = _names()


def evaluate(node: ast.expr | None) -> object:
    """Give the type that an annotation of the stub stands for."""
    assert node is not None, "the stub leaves a type out"
    expected: object = eval(ast.unparse(node), NAMES)
    return types.NoneType if expected is None else expected


def arms(expected: object) -> tuple[object, ...]:
    """Split a union."""
    if typing.get_origin(expected) in (typing.Union, types.UnionType):
        return typing.get_args(expected)
    return (expected,)


def is_a(value: object, expected: object) -> bool:
    """Tell whether a value is of a type, more strictly than PEP 484: an int is no float."""
    if expected is float:
        return isinstance(value, float)
    if isinstance(value, datetime) and value.utcoffset() != timedelta(0):
        return False
    try:
        check_type(value, expected, collection_check_strategy=CollectionCheckStrategy.ALL_ITEMS)
    except TypeCheckError:
        return False
    return True


def methods(class_name: str) -> Iterator[ast.FunctionDef]:
    """Give the functions of a class in the stub."""
    for node in CLASSES[class_name].body:
        if isinstance(node, ast.FunctionDef):
            yield node


def is_property(node: ast.FunctionDef) -> bool:
    """Tell a property from a method."""
    return any(isinstance(item, ast.Name) and item.id == "property" for item in node.decorator_list)


def is_static(node: ast.FunctionDef) -> bool:
    """Tell a static method from a method."""
    return any(
        isinstance(item, ast.Name) and item.id == "staticmethod" for item in node.decorator_list
    )


def is_overload(node: ast.FunctionDef) -> bool:
    """Tell one of several signatures of a method."""
    return any(ast.unparse(item) == "typing.overload" for item in node.decorator_list)


def properties(class_name: str) -> list[ast.FunctionDef]:
    """Give the properties of a class in the stub."""
    return [node for node in methods(class_name) if is_property(node)]


def parameters(node: ast.FunctionDef) -> list[tuple[str, object]]:
    """Give names and types of a function's parameters, without `self`, `cls` and `Never`."""
    found = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return [
        (argument.arg, evaluate(argument.annotation))
        for argument in found
        if argument.annotation is not None and "Never" not in ast.unparse(argument.annotation)
    ]


def is_constructible(class_name: str) -> bool:
    """Tell whether the stub lets a class be called."""
    return any(
        node.name == "__new__" and "Never" not in ast.unparse(node.args)
        for node in methods(class_name)
    )


def is_enum(class_name: str) -> bool:
    """Tell whether the stub says that a class is an `enum.Enum`."""
    return any(ast.unparse(base) == "enum.Enum" for base in CLASSES[class_name].bases)
