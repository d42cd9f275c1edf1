"""What the checkers accept must also run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from inspect import getmembers, isfunction
from pkgutil import iter_modules

import accepted
import pytest


def functions() -> Iterator[tuple[str, Callable[[], None]]]:
    """Give the test functions of each topic, which pytest does not collect by itself."""
    for topic in iter_modules(accepted.__path__):
        module = import_module(f"accepted.{topic.name}")
        for name, function in getmembers(module, isfunction):
            if name.startswith("test_") and function.__module__ == module.__name__:
                yield f"{topic.name}-{name}", function


@pytest.mark.parametrize("function", [pytest.param(it, id=name) for name, it in functions()])
def test_accepted(function: Callable[[], None]) -> None:
    function()
