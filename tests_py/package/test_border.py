"""What enters the native module does so by one conversion of its kind: sequences, and times.

That of sequences asks for no length; those of times and lengths of time lose no nanoseconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[2] / "rust" / "src"
CONVERSION = SOURCES / "convert" / "sequence.rs"

# What pyo3 makes of a sequence or mapping by itself.
COLLECTION = re.compile(r"\b(Vec|VecDeque|HashMap|HashSet|BTreeMap|BTreeSet)<")
# What pyo3 makes of a time or a length of time by itself.
TIME = re.compile(r"\b(DateTime<|TimeDelta\b|Duration\b)")
# Ways around the conversion; a list of ours may be iterated.
DETOUR = re.compile(
    r"^(?!.*PyList::new).*try_iter\(\)|PyIterator::from_object|cast(_into)?::<Py(Sequence|Mapping)>"
    r"|extract::<(Vec|HashMap|BTreeMap)|Vec::with_capacity\((?!\d)",
    re.MULTILINE,
)
MACROS = {"enumeration.rs", "record.rs"}


def code_of(text: str) -> str:
    """Give the source without comments, strings and tests."""
    parts = r"//[^\n]*|(?P<string>\"(?:\\.|[^\"\\])*\")|'[{}()\"]'"
    text = re.sub(parts, lambda part: '""' if part["string"] else "", text, flags=re.DOTALL)
    return text.split("#[cfg(test)]\nmod tests {")[0]


def block(text: str, start: int, opening: str) -> str:
    """Give what stands between the next bracket and the one that closes it."""
    closing = {"(": ")", "{": "}"}[opening]
    begin = text.index(opening, start)
    depth = 0
    for position in range(begin, len(text)):
        depth += (text[position] == opening) - (text[position] == closing)
        if depth == 0:
            return text[begin : position + 1]
    raise AssertionError(f"no end of the block at {text[begin : begin + 80]!r}")


def arguments(text: str) -> Iterator[str]:
    """Give the arguments of each function in a text."""
    for found in re.finditer(r"\bfn\s+\w+(<[^(]*>)?\s*(?=\()", text):
        yield block(text, found.end(), "(")


def entrances(text: str) -> Iterator[str]:
    """Give all that pyo3 reads from Python objects: arguments, and fields."""
    for found in re.finditer(r"#\[(pyo3::|::pyo3::)?pymethods\]", text):
        yield from arguments(block(text, found.end(), "{"))
    for found in re.finditer(r"#\[pyfunction\]", text):
        function = re.compile(r"\bfn\s+\w+(<[^(]*>)?\s*(?=\()").search(text, found.end())
        assert function is not None
        yield block(text, function.end(), "(")
    for found in re.finditer(r"#\[derive\([^)]*\bFromPyObject\b[^)]*\)\]|\brecord! (?=\{)", text):
        rest = text[found.end() : found.end() + 200]
        opening = "(" if re.match(r"\s*(pub )?struct \w+\(", rest) else "{"
        yield block(text, found.end(), opening)


FILES = sorted(
    path
    for path in SOURCES.rglob("*.rs")
    if path.name not in MACROS and "bin" not in path.parts and "tests" not in path.parts
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCES)))
def test_pyo3_makes_no_collection_by_itself(path: Path) -> None:
    for entrance in entrances(code_of(path.read_text(encoding="utf-8"))):
        assert not COLLECTION.search(entrance), f"{path} takes a collection: {entrance}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCES)))
def test_nobody_reads_items_but_the_conversion(path: Path) -> None:
    if path != CONVERSION:
        assert not DETOUR.findall(code_of(path.read_text(encoding="utf-8"))), path


WRONG = """
#[gen_stub_pymethods]
#[pymethods]
impl Thing {
    fn right(&self) -> Vec<u8> { Vec::new() }
    fn wrong<'py>(&self, py: Python<'py>, items: Vec<u8>) {}
}
"""


@pytest.mark.parametrize(
    "source",
    [
        WRONG,
        "#[pyfunction]\n#[pyo3(signature = (x))]\npub fn wrong(x: Option<Vec<u8>>) {}",
        "#[derive(Clone, FromPyObject)]\nstruct Wrong { x: Vec<u8> }",
        "#[derive(FromPyObject)]\nenum Wrong { A { x: HashMap<u8, u8> } }",
        "#[derive(FromPyObject)]\nstruct Wrong(Vec<u8>);",
        "record! {\n    pub struct Wrong {\n        x: Vec<u8>,\n    }\n}",
    ],
)
def test_the_check_finds_what_is_wrong(source: str) -> None:
    assert any(COLLECTION.search(entrance) for entrance in entrances(source))


def test_the_check_finds_detours_and_entrances() -> None:
    for source in (
        "for x in object.try_iter()? {}",
        "object.extract::<Vec<u8>>()?",
        "Vec::with_capacity(items.len())",
        "object.cast::<PySequence>()?",
    ):
        assert DETOUR.search(source)
    assert not DETOUR.search("Vec::with_capacity(4)")
    found = [len([*entrances(code_of(path.read_text(encoding="utf-8")))]) for path in FILES]
    assert sum(found) > 300


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCES)))
def test_pyo3_makes_no_time_by_itself(path: Path) -> None:
    text = code_of(path.read_text(encoding="utf-8"))
    for entrance in entrances(text):
        assert not TIME.search(entrance), f"{path} takes a time: {entrance}"
    if path.name != "time.rs":
        assert not re.search(r"(DateTime<Utc>|TimeDelta) = [^;]*extract", text), path


def test_python_counts_no_microseconds() -> None:
    """`length // timedelta(microseconds=1)` loses what pandas' `Timedelta` has beyond them."""
    package = SOURCES.parents[1] / "src" / "barter_python"
    for path in sorted(package.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert "timedelta(microseconds=1)" not in text, path
