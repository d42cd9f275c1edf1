"""The strategies of the examples, which are no package."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from types import ModuleType

from barter_python import Strategy

from . import ROOT


@cache
def example_module(name: str) -> ModuleType:
    """Import an example."""
    path = ROOT / "examples" / f"{name}.py"
    specification = importlib.util.spec_from_file_location(f"example_{name}", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    # Its dataclasses look their module up.
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    return module


def example(name: str, strategy: str) -> Callable[[Mapping[str, Decimal]], Strategy]:
    """Give the class of that name from an example."""
    found: Callable[[Mapping[str, Decimal]], Strategy]
    found = getattr(example_module(name), strategy)
    return found


def ema_cross() -> Callable[[Mapping[str, Decimal]], Strategy]:
    """Give the class of `examples/ema_cross.py` itself."""
    return example("ema_cross", "EmaCross")
