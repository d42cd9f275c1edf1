"""The strategies of the examples, which are no package."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache

from barter_python import Strategy

from . import ROOT


@cache
def example(name: str, strategy: str) -> Callable[[Mapping[str, Decimal]], Strategy]:
    """Give the class of that name from an example."""
    path = ROOT / "examples" / f"{name}.py"
    specification = importlib.util.spec_from_file_location(f"example_{name}", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    # Its dataclasses look their module up.
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    found: Callable[[Mapping[str, Decimal]], Strategy] = getattr(module, strategy)
    return found


def ema_cross() -> Callable[[Mapping[str, Decimal]], Strategy]:
    """Give the class of `examples/ema_cross.py` itself."""
    return example("ema_cross", "EmaCross")
