"""Strategies, from the files and modules that the command line names."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from ..strategy import AlgoStrategy
from .errors import StrategyError, UsageError
from .parameters import bind


def make_strategy(place: str, parameters: Sequence[str]) -> AlgoStrategy:
    """Import a class and call it with parameters such as `size=1`."""
    cls = strategy_class(place)
    bound = bind(cls, parameters)
    try:
        strategy: AlgoStrategy = cls(*bound.args, **bound.kwargs)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise StrategyError(error) from error
    return strategy


def strategy_class(place: str) -> type[AlgoStrategy]:
    """Import a class."""
    location, colon, name = place.rpartition(":")
    if not colon or not location or not name:
        raise UsageError(
            f"--strategy: expected path/to/file.py:Class or package.module:Class, got {place!r}"
        )
    module = _import(location)
    cls: object = getattr(module, name, None)
    if not isinstance(cls, type):
        known = ", ".join(
            key
            for key, value in vars(module).items()
            if isinstance(value, type)
            and value.__module__ == module.__name__
            and hasattr(value, "generate_algo_orders")
        )
        raise UsageError(
            f"--strategy: {location} has no class {name!r}; strategies: {known or '-'}"
        )
    if not callable(getattr(cls, "generate_algo_orders", None)):
        raise UsageError(f"--strategy: {name} has no method generate_algo_orders(state)")
    if inspect.isabstract(cls):
        missing = ", ".join(sorted(getattr(cls, "__abstractmethods__", ())))
        raise UsageError(f"--strategy: {name} is abstract: it lacks {missing}")
    return cls


def _import(location: str) -> ModuleType:
    """Import a file or a module, with its folder on the path as Python has it for scripts."""
    path = Path(location)
    is_file = path.suffix == ".py"
    if is_file and not path.is_file():
        raise UsageError(f"--strategy: no such file: {location}")
    if not is_file and not all(part.isidentifier() for part in location.split(".")):
        raise UsageError(f"--strategy: neither a file that ends in .py nor a module: {location}")
    sys.path.insert(0, str(path.resolve().parent if is_file else Path.cwd()))
    try:
        if not is_file:
            return importlib.import_module(location)
        # A name that no other module has, even when the file is called like one.
        spec = importlib.util.spec_from_file_location(f"strategy_file_{path.stem}", path.resolve())
        if spec is None or spec.loader is None:
            raise UsageError(f"--strategy: not a Python file: {location}")
        module = importlib.util.module_from_spec(spec)
        # Dataclasses look their module up.
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
    except (KeyboardInterrupt, UsageError):
        raise
    except BaseException as error:
        missing = error.name if isinstance(error, ModuleNotFoundError) else None
        if not is_file and missing is not None and f"{location}.".startswith(f"{missing}."):
            raise UsageError(f"--strategy: {error}") from error
        raise StrategyError(error) from error
    return module
