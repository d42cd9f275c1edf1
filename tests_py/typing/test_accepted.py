"""What mypy accepts must also run."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from inspect import getmembers, isfunction
from pathlib import Path

import pytest


def functions() -> list[tuple[str, Callable[[], None]]]:
    """Give the test functions of `accepted.py`, which pytest does not collect by itself."""
    spec = spec_from_file_location("accepted", Path(__file__).with_name("accepted.py"))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module  # where dataclasses look for their annotations
    spec.loader.exec_module(module)
    return [item for item in getmembers(module, isfunction) if item[0].startswith("test_")]


@pytest.mark.parametrize("function", [pytest.param(it, id=name) for name, it in functions()])
def test_accepted(function: Callable[[], None]) -> None:
    function()
