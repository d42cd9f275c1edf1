"""The public modules: found in the package, so that none is forgotten."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

import barter_python

# Of a public package its name is public, not the modules inside.
MODULES: dict[str, ModuleType] = {
    module.name: importlib.import_module(f"barter_python.{module.name}")
    for module in pkgutil.iter_modules(barter_python.__path__)
    if not module.name.startswith("_")
}
"""By their names in `barter_python`."""
