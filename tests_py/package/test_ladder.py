"""The rooms of the Rust crate stand on the ladder of CONTRIBUTING.md: no import climbs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "rust" / "src"
# `lib.rs` registers what the rooms hold, and the program that writes the stub stands on the crate.
TOP = ("lib.rs", "bin")


def rungs() -> dict[str, int]:
    """Read the rung of each Rust room from the table of rooms."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rooms: dict[str, int] = {}
    for rung, cell in re.findall(r"^\| (\d+) \| ([^|]*) \|", text, re.MULTILINE):
        for room in re.findall(r"`(\w+)`", cell):
            assert room not in rooms, f"CONTRIBUTING.md has the room {room} twice"
            rooms[room] = int(rung)
    return rooms


@dataclass(frozen=True)
class Arrow:
    """An import: the file that has it, its room, the path, and the room that the path leads to."""

    file: str
    room: str
    path: str
    target: str

    def __str__(self) -> str:
        return f"rust/src/{self.file} ({self.room}) imports crate::{self.path} ({self.target})"


def without_comments(text: str) -> str:
    """Take comments and strings off, in which paths mean nothing."""
    parts = r"//[^\n]*|/\*.*?\*/|(?P<string>\"(?:\\.|[^\"\\])*\")"
    return re.sub(parts, lambda part: '""' if part["string"] else "", text, flags=re.DOTALL)


def tree_paths(tree: str) -> list[str]:
    """Write a tree of imports out: `a::{B, c::{D, E}}` is `a::B`, `a::c::D` and `a::c::E`."""
    head, brace, rest = tree.partition("{")
    if not brace:
        return [head.strip()]
    branches, depth, start = [], 0, 0
    inner = rest.rpartition("}")[0]
    for position, character in enumerate(inner):
        if character == "," and depth == 0:
            branches.append(inner[start:position])
            start = position + 1
        depth += {"{": 1, "}": -1}.get(character, 0)
    branches.append(inner[start:])
    trees = [branch for branch in branches if branch.strip()]
    return [head.strip() + path for branch in trees for path in tree_paths(branch)]


def paths(text: str, *, is_hub: bool) -> list[str]:
    """List the paths that begin at the crate's root, which is `super` in the file of a room."""
    text = without_comments(text)
    root = r"(?:crate|super)" if is_hub else r"crate"
    imports = re.compile(rf"\buse {root}::([^;]*);")
    found = [path for tree in imports.findall(text) for path in tree_paths(tree)]
    return found + re.findall(rf"\b{root}::(\w+(?:::\w+)*)", imports.sub("", text))


def arrows(sources: Path, rooms: dict[str, int]) -> list[Arrow]:
    """List the imports from one room to another."""
    found = []
    for file in sorted(sources.rglob("*.rs")):
        name = file.relative_to(sources)
        if name.parts[0] in TOP:
            continue
        room = name.parts[0].removesuffix(".rs")
        assert room in rooms, f"rust/src/{name} is of no room in the table of CONTRIBUTING.md"
        for path in paths(file.read_text(encoding="utf-8"), is_hub=len(name.parts) == 1):
            target = path.partition("::")[0]
            if target != room and target in rooms:
                found.append(Arrow(name.as_posix(), room, path, target))
    return found


def faults(found: list[Arrow], rooms: dict[str, int]) -> list[str]:
    """Tell of the imports that do not lead down."""
    wrong = []
    for arrow in found:
        rung, target = rooms[arrow.room], rooms[arrow.target]
        if target >= rung:
            pair = (arrow.target, arrow.room)
            back = [f"; and {other}" for other in found if (other.room, other.target) == pair]
            wrong.append(
                f"{arrow}, which is on rung {target}, not below {rung}" + "".join(back[:1])
            )
    return wrong


def test_no_import_climbs() -> None:
    rooms = rungs()
    wrong = faults(arrows(SOURCES, rooms), rooms)
    assert not wrong, "\n".join(wrong)


def test_every_room_of_the_table_is_there() -> None:
    missing = [room for room in rungs() if not (SOURCES / f"{room}.rs").is_file()]
    assert not missing


def test_no_path_leads_out_of_a_room_unseen() -> None:
    for file in SOURCES.rglob("*.rs"):
        text = without_comments(file.read_text(encoding="utf-8"))
        assert "super::super" not in text, f"{file} names its room's place with super::super"


CLIMBS = {
    "use crate::view::View;": "view::View",
    "use crate::{error::Error, view::{View, other::{A, B}}};": "view::other::B",
    "#[cfg(test)]\nmod tests {\n    use crate::{\n        view,\n    };\n}\n": "view",
    "fn f() -> crate::view::View { todo!() }": "view::View",
    "pub(crate) use crate::view::View;": "view::View",
}


@pytest.mark.parametrize("text", CLIMBS)
def test_an_import_that_climbs_is_found(tmp_path: Path, text: str) -> None:
    rooms = {"error": 1, "state": 2, "view": 3}
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "run.rs").write_text(text)
    (tmp_path / "view.rs").write_text("// use crate::engine;\nuse crate::state::Run;\n")
    last = faults(arrows(tmp_path, rooms), rooms)[-1]
    assert f"rust/src/state/run.rs (state) imports crate::{CLIMBS[text]} (view)" in last
    assert "rust/src/view.rs (view) imports crate::state::Run (state)" in last


def test_rooms_of_one_rung_do_not_import_each_other(tmp_path: Path) -> None:
    (tmp_path / "data.rs").write_text("use super::execution::Trade;\n")
    rooms = {"data": 1, "execution": 1}
    assert len(faults(arrows(tmp_path, rooms), rooms)) == 1
