"""The pages of the reference: one for each public module, from the docstrings."""

from __future__ import annotations

from pathlib import Path

import griffe

PACKAGE = "barter_python"
SHARED = {"FillPrice": "barter_python.exchange", "OrderReport": "barter_python.backtest"}
"""Native classes that two modules export, and the module whose page has them."""


def load(root: Path) -> griffe.Module:
    """Read the package and its stub, without importing them."""
    package = griffe.load(PACKAGE, search_paths=[root / "src"], allow_inspection=False)
    assert isinstance(package, griffe.Module)
    return package


def exported(module: griffe.Module) -> list[str]:
    """Give `__all__` of a module."""
    return [str(name) for name in module.exports or []]


def homes(package: griffe.Module) -> dict[str, dict[str, str]]:
    """Give the module whose page has a name, for each name of each public module.

    A name that several modules export is on the page of the one that defines it; `SHARED` says it
    for native names.
    """
    modules = {
        name: module
        for name, module in package.modules.items()
        if not name.startswith("_") and exported(module)
    }
    exports = {PACKAGE: exported(package)}
    exports |= {f"{PACKAGE}.{name}": exported(module) for name, module in modules.items()}
    places: dict[str, list[str]] = {}
    for module, names in exports.items():
        for name in names:
            places.setdefault(target(package, module, name), []).append(module)
    found: dict[str, dict[str, str]] = {}
    for module, names in exports.items():
        found[module] = {}
        for name in names:
            path = target(package, module, name)
            candidates = [each for each in places[path] if each != PACKAGE] or [PACKAGE]
            defining = [each for each in candidates if path.startswith(f"{each}.")]
            if name in SHARED:
                defining = [SHARED[name]]
            (home,) = defining or candidates
            found[module][name] = home
    return found


def target(package: griffe.Module, module: str, name: str) -> str:
    """Give the path of what a public name stands for."""
    parts = module.split(".")[1:]
    item = package[".".join([*parts, name])]
    return item.final_target.path if isinstance(item, griffe.Alias) else item.path


def page(module: griffe.Module, names: dict[str, str]) -> str:
    """Write the page of a module."""
    own = [name for name, home in names.items() if home == module.path]
    lines = [f"# `{module.path}`", ""]
    lines += [f"::: {module.path}", "    options:", "      members:"]
    lines += [f"        - {name}" for name in own] if own else ["        []"]
    others = [(name, home) for name, home in names.items() if home != module.path]
    if others:
        lines += ["", "## Names of other modules", "", "| here | documented in |", "|---|---|"]
        lines += [f"| [`{name}`][{home}.{name}] | `{home}` |" for name, home in others]
    return "\n".join([*lines, ""])


def write(root: Path, folder: Path) -> None:
    """Write all pages."""
    folder.mkdir(parents=True)
    package = load(root)
    for path, names in homes(package).items():
        module = package if path == PACKAGE else package.modules[path.split(".")[1]]
        name = path.removeprefix(f"{PACKAGE}.")
        (folder / f"{name}.md").write_text(page(module, names), encoding="utf-8")
