"""The pages of the reference: one for each public module, from the docstrings."""

from __future__ import annotations

import re
from pathlib import Path

import griffe

PACKAGE = "barter_python"
SHARED = {"FillPrice": "barter_python.exchange", "OrderReport": "barter_python.backtest"}
"""Native classes that two modules export, and the module whose page has them."""

FIRST = (
    "run_backtest",
    "Strategy",
    "EngineView",
    "InstrumentView",
    "NO_ORDERS",
    "Side",
    "TimeInForce",
    "MarketData",
    "CandleColumns",
    "TradeColumns",
    "read_binance",
    "SystemConfig",
    "InstrumentConfig",
    "MockExecutionConfig",
    "ExchangeId",
    "Underlying",
    "BacktestResult",
    "Records",
    "RiskLimits",
    "StopOrder",
    "run_backtests",
)
"""The names that most programs use, in the order in which one meets them."""


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
    others = {name: home for name, home in names.items() if home != module.path}
    if module.path == PACKAGE:
        return first_page(module, own, others)
    lines = [f"# `{module.path}`", "", *documented(module.path, own)]
    if others:
        lines += ["", "## Names of other modules", "", *elsewhere(others)]
    return "\n".join([*lines, ""])


def first_page(package: griffe.Module, own: list[str], others: dict[str, str]) -> str:
    """Write the page of the package: what most people need stands before what few need."""
    lines = [f"# `{PACKAGE}`", "", *documented(PACKAGE, [])]
    lines += ["", "## What most programs use", "", "| name | what it is |", "|---|---|"]
    lines += [f"| {link(name, others[name])} | {summary(package, name)} |" for name in FIRST]
    lines += [
        "",
        "[`run_paper`][barter_python.live.run_paper] runs the same strategy on live data.",
    ]
    lines += ["", "## All names", "", *elsewhere(others)]
    for name in own:
        lines += ["", f"::: {PACKAGE}.{name}", "    options:", "      show_root_heading: true"]
    return "\n".join([*lines, ""])


def documented(path: str, names: list[str]) -> list[str]:
    """Give the lines that show a module's docstring and the names."""
    members = [f"        - {name}" for name in names] or ["        []"]
    return [f"::: {path}", "    options:", "      members:", *members]


def elsewhere(homes: dict[str, str]) -> list[str]:
    """Give the lines of a table of names, with the modules whose pages have them."""
    rows = [f"| {link(name, home)} | `{home}` |" for name, home in homes.items()]
    return ["| here | documented in |", "|---|---|", *rows]


def link(name: str, home: str) -> str:
    """Give a link to a name on the page of a module."""
    return f"[`{name}`][{home}.{name}]"


def summary(package: griffe.Module, name: str) -> str:
    """Give the first sentence of a name's docstring, without the path of barter's item."""
    docstring = package[name].docstring
    assert docstring is not None, f"{name} has no docstring"
    first = docstring.value.strip().partition("\n\n")[0].replace("\n", " ")
    return re.sub(r" \(`barter[^)]*`\)", "", first).replace("|", "\\|")


def write(root: Path, folder: Path) -> None:
    """Write all pages."""
    folder.mkdir(parents=True)
    package = load(root)
    for path, names in homes(package).items():
        module = package if path == PACKAGE else package.modules[path.split(".")[1]]
        name = path.removeprefix(f"{PACKAGE}.")
        (folder / f"{name}.md").write_text(page(module, names), encoding="utf-8")
