"""Writes LICENSE-THIRD-PARTY: the license texts of the crates linked into the native module.

    python rust/third_party_licenses.py

Also copies what the toolchain says about the standard library, to LICENSE-RUST-STD.html. Both files
go into the wheel; the crates are those of the platform that the script runs on. The tools that
others keep for this, cargo-about and cargo-bundle-licenses, take minutes to compile; cargo itself
knows all that is needed.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
THIRD_PARTY = REPOSITORY / "LICENSE-THIRD-PARTY"
STANDARD_LIBRARY = REPOSITORY / "LICENSE-RUST-STD.html"
PACKAGE = "barter-python"
LICENSE_FILE = re.compile(r"(?i)((un)?licen[sc]e|copying|copyright|notice)\b.*")
HEADER = """\
The native module of barter_python is linked from these crates. Each line names a crate, its
version, its license, and the numbers of its texts below.
"""


@dataclass(frozen=True)
class Crate:
    """A crate as cargo knows it."""

    name: str
    version: str
    license: str
    repository: str | None
    directory: Path

    def texts(self) -> list[str]:
        """Read the license files that the crate ships, vendored code included."""
        return [
            path.read_text(encoding="utf-8", errors="replace").strip()
            for path in sorted(self.directory.rglob("*"))
            if LICENSE_FILE.fullmatch(path.name)
            and path.suffix.lower() in ("", ".md", ".txt")
            and path.is_file()
        ]


def output(*command: str) -> str:
    """Run a command in the repository and give what it prints."""
    return subprocess.run(
        command, cwd=REPOSITORY, check=True, stdout=subprocess.PIPE, encoding="utf-8"
    ).stdout


def locked_crates() -> list[Crate]:
    """Give every crate of Cargo.lock, but for our own."""
    metadata = json.loads(output("cargo", "metadata", "--locked", "--format-version=1"))
    return [
        Crate(
            name=package["name"],
            version=package["version"],
            license=package["license"] or f"see {package['license_file']}",
            repository=package["repository"],
            directory=Path(package["manifest_path"]).parent,
        )
        for package in metadata["packages"]
        if package["source"] is not None
    ]


def linked_names() -> set[tuple[str, str]]:
    """Give name and version of each crate that is linked: no macros, no build scripts, no tests."""
    tree = output(
        *("cargo", "tree", "--locked", "--package", PACKAGE, "--edges", "normal,no-proc-macro"),
        *("--prefix", "none", "--format", "{p}"),
    )
    return {(name, version[1:]) for name, version, *_ in map(str.split, tree.splitlines())}


def texts_of(crate: Crate, locked: list[Crate], standard: Path) -> list[str]:
    """Give a crate's texts; where it ships none, those that stand for it.

    A crate of the same repository and license has the same holders. Of the standard texts, only
    that of Apache-2.0 is whole without the names of the holders.
    """
    if texts := crate.texts():
        return texts
    for other in locked:
        sister = (other.repository, other.license) == (crate.repository, crate.license)
        if sister and crate.repository and (texts := other.texts()):
            return texts
    if "Apache-2.0" in re.split(r" OR |/", crate.license):
        return [(standard / "Apache-2.0.txt").read_text(encoding="utf-8").strip()]
    message = f"{crate.name} {crate.version} ({crate.license}) ships no license text"
    raise SystemExit(f"third_party_licenses: {message}, nor does a crate of its repository")


def render(linked: list[Crate], locked: list[Crate], standard: Path) -> Iterator[str]:
    """Give the file's lines: first the crates, then each text once."""
    numbers: dict[str, int] = {}
    yield HEADER
    for crate in linked:
        texts = texts_of(crate, locked, standard)
        indices = sorted({numbers.setdefault(text, len(numbers) + 1) for text in texts})
        yield f"{crate.name} {crate.version}: {crate.license} [{', '.join(map(str, indices))}]"
    for text, number in numbers.items():
        yield f"\n{'=' * 40} [{number}] {'=' * 40}\n\n{text}"


def main() -> int:
    """Write both files."""
    toolchain = Path(output("rustc", "--print", "sysroot").strip()) / "share" / "doc" / "rust"
    locked = locked_crates()
    names = linked_names()
    linked = [crate for crate in locked if (crate.name, crate.version) in names]
    text = "\n".join(render(linked, locked, toolchain / "licenses")) + "\n"
    THIRD_PARTY.write_text(text, encoding="utf-8", newline="\n")
    shutil.copyfile(toolchain / "COPYRIGHT-library.html", STANDARD_LIBRARY)
    print(f"wrote {THIRD_PARTY.name}: {len(linked)} crates")
    return 0


if __name__ == "__main__":
    sys.exit(main())
