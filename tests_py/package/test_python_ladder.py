"""The rooms of the Python package stand on the ladder of CONTRIBUTING.md: no import climbs."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import grimp
import pytest

CONTRIBUTING = Path(__file__).parents[2] / "CONTRIBUTING.md"
PACKAGE = "barter_python"


def rungs() -> dict[str, int]:
    """Read the rung of each Python room from the table of rooms."""
    text = CONTRIBUTING.read_text(encoding="utf-8")
    rooms: dict[str, int] = {}
    for rung, cell in re.findall(r"^\| (\d+) \|[^|]*\|([^|]*)\|", text, re.MULTILINE):
        for room in re.findall(r"`(\w+)`", cell):
            assert room not in rooms, f"CONTRIBUTING.md has the room {room} twice"
            rooms[room] = int(rung)
    return rooms


def graph_of(package: str) -> grimp.ImportGraph:
    """Read all imports, also those in functions and those for type checkers only."""
    return grimp.build_graph(package, cache_dir=None)


def room_of(module: str) -> str:
    """Give the room of a module; the package itself, its table of contents, is of none."""
    return module.partition(".")[2].partition(".")[0]


def is_native(line: str) -> bool:
    """Tell an import of the native module, which is no Python source, from one of the package."""
    return re.match(r"from \.+ import (\w+, )*_core\b", line) is not None


def climbs(graph: grimp.ImportGraph, rooms: dict[str, int]) -> Iterator[str]:
    """Describe each import that does not lead to a lower rung."""
    for importer in sorted(graph.modules):
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            room, target = room_of(importer), room_of(imported)
            if not room or room == target:
                continue
            for detail in graph.get_import_details(importer=importer, imported=imported):
                line = detail["line_contents"]
                if not target and is_native(line):
                    continue
                if not target or rooms[target] >= rooms[room]:
                    where = f"{importer}, line {detail['line_number']}"
                    yield f"{where}: {line!r} leads to {imported}, which is not on a lower rung"


def circles(graph: grimp.ImportGraph) -> Iterator[str]:
    """Describe modules that import each other, directly or through others."""
    modules = [module for module in sorted(graph.modules) if room_of(module)]
    (root,) = graph.modules - set(modules)
    # The native module counts as the package itself, which imports all rooms.
    for imported in graph.find_modules_directly_imported_by(root):
        graph.remove_import(importer=root, imported=imported)
    for first, second in combinations(modules, 2):
        if graph.chain_exists(first, second) and graph.chain_exists(second, first):
            yield f"{first} and {second}"


def test_no_import_climbs() -> None:
    assert list(climbs(graph_of(PACKAGE), rungs())) == []


def test_no_modules_import_each_other() -> None:
    assert list(circles(graph_of(PACKAGE))) == []


def test_the_table_has_every_room() -> None:
    rooms = {room_of(module) for module in graph_of(PACKAGE).modules} - {""}
    assert rooms == set(rungs())


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Make a package with rooms on three rungs, which tests add imports to."""
    folder = tmp_path / "house"
    (folder / "middle").mkdir(parents=True)
    for name in ("__init__", "below", "beside", "above", "middle/__init__", "middle/part"):
        (folder / f"{name}.py").write_text("")
    (folder / "above.py").write_text("from . import _core, below\nfrom .middle import part\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield folder
    sys.modules.pop("house", None)


HOUSE = {"below": 1, "middle": 2, "beside": 2, "above": 3}


def test_imports_that_lead_down_are_allowed(house: Path) -> None:
    (house / "__init__.py").write_text("from . import above, below\n")
    (house / "middle" / "part.py").write_text("from ..below import x\nfrom .. import _core\n")
    graph = graph_of("house")
    assert list(climbs(graph, HOUSE)) == []
    assert list(circles(graph)) == []


@pytest.mark.parametrize(
    "line",
    [
        "from ..above import x",
        "from ..beside import x",
        "from .. import above",
        "import house",
        "from .. import x",
        "def f():\n    from ..above import x",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ..above import x",
    ],
)
def test_an_import_that_climbs_is_found(house: Path, line: str) -> None:
    (house / "middle" / "part.py").write_text(f"{line}\n")
    (fault,) = climbs(graph_of("house"), HOUSE)
    assert fault.startswith("house.middle.part, line ")
    assert "'house" not in fault
    assert fault.endswith(" which is not on a lower rung")


def test_a_circle_is_found(house: Path) -> None:
    (house / "middle" / "__init__.py").write_text("from .part import x\n")
    (house / "middle" / "part.py").write_text("from . import y\n")
    assert list(circles(graph_of("house"))) == ["house.middle and house.middle.part"]
