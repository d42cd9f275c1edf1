"""Conversion of command line text, by the annotations of a strategy's constructor."""

from __future__ import annotations

import inspect
import json
import math
import re
import sys
import types
from collections.abc import (
    Callable,
    Collection,
    Iterable,
    Iterator,
    Mapping,
    MutableMapping,
    MutableSequence,
    Sequence,
)
from collections.abc import Set as AbstractSet
from dataclasses import InitVar
from datetime import timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import NewType, TypeVar, Union, get_args, get_origin, get_type_hints

from .._checks import check_duration
from .errors import UsageError, one_line

ValueT = TypeVar("ValueT")

_MICROSECONDS = {
    "ns": Fraction(1, 1000),
    "us": Fraction(1),
    "ms": Fraction(1000),
    "s": Fraction(1_000_000),
    "m": Fraction(60_000_000),
    "h": Fraction(3_600_000_000),
}
_DURATION = re.compile(r"([+-]?[0-9]+(?:\.[0-9]+)?)(ns|us|ms|s|m|h)", re.ASCII)
_UNIONS = (Union, types.UnionType)
_MAPPINGS = (dict, Mapping, MutableMapping)
_SEQUENCES: dict[object, Callable[[Iterable[object]], object]] = {
    list: list,
    MutableSequence: list,
    tuple: tuple,
    Sequence: tuple,
    Collection: tuple,
    Iterable: tuple,
    set: set,
    frozenset: frozenset,
    AbstractSet: frozenset,
}


class _UnconvertibleError(Exception):
    """The value does not fit the annotation."""


class _Number(str):
    """A number of JSON text, with its digits as written."""

    __slots__ = ()


def convert(text: str, annotation: object, name: str) -> object:
    """Convert text to the type of an annotation.

    Parameters
    ----------
    text : str
        The text; mappings and sequences are JSON.
    annotation : object
        A class, or a generic of classes.
    name : str
        The option or parameter, for error messages.

    Raises
    ------
    UsageError
        If the text cannot be converted.
    """
    _check_supported(annotation, annotation, name)
    try:
        return _from_text(text, annotation)
    except _UnconvertibleError:
        pass
    raise UsageError(f"{name}: expected {_describe(annotation)}, got {text!r}")


def convert_to(text: str, cls: type[ValueT], name: str) -> ValueT:
    """Convert text to a value of a class, as `convert` does."""
    value = convert(text, cls, name)
    if not isinstance(value, cls):
        raise TypeError(f"{name}: {value!r} is not a {cls.__name__}")
    return value


def positive_duration(option: str, text: str | None) -> timedelta | None:
    """Read a length of time, if it is given."""
    if text is None:
        return None
    duration = convert_to(text, timedelta, option)
    with one_line(option):
        check_duration(option, duration)
    return duration


def bind(
    cls: Callable[..., object], given: Sequence[str], option: str = "--param"
) -> inspect.BoundArguments:
    """Convert `name=value` texts to the arguments of a class's constructor.

    Parameters
    ----------
    cls : type
        The class.
    given : sequence of str
        The texts, each name once.
    option : str
        What they were given by, for errors.

    Raises
    ------
    UsageError
        If a parameter is unknown or missing, or a value cannot be converted.
    """
    texts: dict[str, str] = {}
    for item in given:
        name, equals, text = item.partition("=")
        if not equals or not name:
            raise UsageError(f"{option}: expected name=value, got {item!r}")
        if name in texts:
            raise UsageError(f"{option} {name} is given twice")
        texts[name] = text
    signature = inspect.signature(cls)
    parameters = {
        name: parameter
        for name, parameter in signature.parameters.items()
        if parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
    }
    called = getattr(cls, "__name__", str(cls))
    for name in texts:
        if name not in parameters:
            known = f"it has {', '.join(parameters)}" if parameters else "it has none"
            raise UsageError(f"{option} {name}: {called} has no such parameter; {known}")
    bound = signature.bind_partial()
    for name, parameter in parameters.items():
        if name in texts:
            hint = _annotation(cls, parameter)
            bound.arguments[name] = convert(texts[name], hint, f"{option} {name}")
    missing = [
        f"{option} {name}=... ({_needed(cls, parameter)})"
        for name, parameter in parameters.items()
        if name not in texts and parameter.default is parameter.empty
    ]
    if missing:
        raise UsageError(f"{called} needs {' and '.join(missing)}")
    return bound


def _needed(cls: Callable[..., object], parameter: inspect.Parameter) -> str:
    try:
        return _describe(_annotation(cls, parameter))
    except UsageError:
        return "which cannot be given here"


def _annotation(cls: Callable[..., object], parameter: inspect.Parameter) -> object:
    """Resolve one annotation; others may have names that exist for type checkers only."""
    if parameter.annotation is parameter.empty:
        raise UsageError(f"--param {parameter.name}: the parameter has no annotation to convert by")
    for namespace in _namespaces(cls):

        def probe() -> None:
            """Carry the annotation."""

        probe.__annotations__ = {"parameter": parameter.annotation}
        try:
            hint = inspect.get_annotations(probe, globals=namespace, eval_str=True)["parameter"]
            # `get_type_hints` of Python 3.10 refuses an `InitVar`.
            hint = hint.type if isinstance(hint, InitVar) else hint
            probe.__annotations__ = {"parameter": hint}
            return get_type_hints(probe, namespace)["parameter"]
        except (NameError, AttributeError, SyntaxError, TypeError):
            continue
    raise UsageError(
        f"--param {parameter.name}: the annotation {parameter.annotation!r} cannot be resolved"
    )


def _namespaces(cls: Callable[..., object]) -> Iterator[dict[str, object]]:
    """Give the namespaces of a constructor's annotations; dataclasses inherit fields."""
    constructor = inspect.unwrap(getattr(cls, "__init__", cls))
    yield getattr(constructor, "__globals__", {})
    for owner in inspect.getmro(cls) if isinstance(cls, type) else ():
        if owner.__module__ in sys.modules:
            yield vars(sys.modules[owner.__module__])


def _check_supported(annotation: object, whole: object, name: str) -> None:
    """Require an annotation that some text can be converted to."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if isinstance(annotation, NewType):
        return _check_supported(annotation.__supertype__, whole, name)
    if origin in _UNIONS or origin in _MAPPINGS or origin in _SEQUENCES:
        for argument in arguments:
            if argument is not ...:
                _check_supported(argument, whole, name)
        return None
    if annotation in (str, bool, int, float, Decimal, timedelta, type(None)):
        return None
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return None
    raise UsageError(f"{name}: no text can be converted to the annotation {_show(whole)}")


def _from_text(text: str, annotation: object) -> object:
    """Convert text from the command line."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if isinstance(annotation, NewType):
        return _from_text(text, annotation.__supertype__)
    if origin in _UNIONS:
        if type(None) in arguments and text.lower() == "none":
            return None
        return _first(arguments, lambda member: _from_text(text, member))
    if origin in _MAPPINGS or origin in _SEQUENCES:
        try:
            value: object = json.loads(
                text,
                parse_float=_Number,
                parse_int=_Number,
                parse_constant=_refuse_constant,
                object_pairs_hook=_object,
            )
        except (ValueError, RecursionError):
            raise _UnconvertibleError from None
        return _from_json(value, annotation)
    return _scalar(text, annotation)


def _from_json(value: object, annotation: object) -> object:  # noqa: PLR0911 - one for each kind of value
    """Convert a value of JSON text."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if isinstance(annotation, NewType):
        return _from_json(value, annotation.__supertype__)
    if origin in _UNIONS:
        return _first(arguments, lambda member: _from_json(value, member))
    if annotation is type(None) and value is None:
        return None
    if origin in _MAPPINGS and isinstance(value, dict):
        key_type, value_type = arguments
        return {_scalar(key, key_type): _from_json(item, value_type) for key, item in value.items()}
    if origin in _SEQUENCES and isinstance(value, list):
        if origin is tuple and arguments[1:] != (...,):
            if len(arguments) != len(value):
                raise _UnconvertibleError
            return tuple(map(_from_json, value, arguments))
        return _SEQUENCES[origin](_from_json(item, arguments[0]) for item in value)
    if isinstance(value, bool):
        if annotation is bool:
            return value
    elif isinstance(value, str) and not (annotation is str and isinstance(value, _Number)):
        return _scalar(value, annotation)
    raise _UnconvertibleError


def _first(members: Iterable[object], attempt: Callable[[object], object]) -> object:
    """Convert a value by the first member of a union that fits."""
    for member in members:
        try:
            return attempt(member)
        except _UnconvertibleError:
            continue
    raise _UnconvertibleError


def _scalar(text: str, annotation: object) -> object:
    if annotation is str:
        return text
    if annotation is bool and text.lower() in ("true", "false"):
        return text.lower() == "true"
    try:
        if annotation is int:
            return int(text)
        if annotation is timedelta:
            return _duration(text)
        if annotation is Decimal or annotation is float:
            number = annotation(text)
            if math.isfinite(number):
                return number
    except (ValueError, ArithmeticError):
        raise _UnconvertibleError from None
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        for member in annotation:
            if text in (str(member.value), member.name):
                return member
    raise _UnconvertibleError


def _duration(text: str) -> timedelta:
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError(text)
    microseconds = Fraction(match[1]) * _MICROSECONDS[match[2]]
    if microseconds.denominator != 1:
        raise ValueError(text)
    return timedelta(microseconds=int(microseconds))


def _refuse_constant(name: str) -> object:
    raise ValueError(name)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key is given twice")
    return value


def _describe(annotation: object) -> str:
    """Say in words what a value must be."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if isinstance(annotation, NewType):
        return _describe(annotation.__supertype__)
    if origin in _UNIONS:
        return " or ".join(map(_describe, arguments))
    if origin in _MAPPINGS:
        return f"a JSON object for {_show(annotation)}"
    if origin in _SEQUENCES:
        return f"a JSON array for {_show(annotation)}"
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return f"one of {', '.join(str(member.value) for member in annotation)}"
    words: dict[object, str] = {
        str: "a str",
        bool: "true or false",
        int: "an int",
        float: "a finite float",
        Decimal: "a finite Decimal",
        timedelta: "whole microseconds with a unit (ns, us, ms, s, m, h) such as 100ms",
        type(None): "none",
    }
    return words.get(annotation, _show(annotation))


def _show(annotation: object) -> str:
    """Write an annotation as in source text."""
    if isinstance(annotation, type) and not get_args(annotation):
        return annotation.__name__
    return re.sub(r"\b(?:\w+\.)+(?=\w)", "", str(annotation))
