"""Checks what a wheel, and the source distribution beside it, holds.

    python tests_py/package/check_wheel.py dist/*.whl [dist/*.tar.gz]

A wheel with a stale stub, or without one, misleads every editor, and nothing else would complain.
The license texts of the crates in the native module must go along with it.
"""

from __future__ import annotations

import argparse
import json
import re
import stat
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path, PurePosixPath

REPOSITORY = Path(__file__).parents[2]
STUB = REPOSITORY / "stubs" / "barter_python" / "_core.pyi"
PACKAGE = "barter_python"
NATIVE = re.compile(rf"{PACKAGE}/_core(\.abi3)?\.(so|pyd)")
PAGE_FILES = (
    "page.css",
    "page.js",
    "sort.js",
    "vendor/LICENSE",
    "vendor/README.md",
    "vendor/uplot.iife.min.js",
    "vendor/uplot.min.css",
)
RUNTIME_REQUIREMENTS = {"typing-extensions"}
LICENSE_FILES = {"LICENSE", "LICENSE-RUST-STD.html", "LICENSE-THIRD-PARTY"}
# A message of a panic holds the path of the source file, and with it the crate.
CRATE_IN_MODULE = re.compile(
    rb"[\\/]registry[\\/]src[\\/][^\\/]+[\\/]([A-Za-z][\w-]*)-(\d+\.\d+\.[\w.+-]+)[\\/]"
)
CRATE_WITH_TEXTS = re.compile(r"(?P<name>\S+) (?P<version>\S+): .+ \[(?P<texts>\d+(, \d+)*)\]")
TEXT = re.compile(r"^={40} \[(\d+)\] ={40}$", re.MULTILINE)

Crates = set[tuple[str, str]]


def check_wheel(path: Path) -> Iterator[str]:
    """Give what is wrong with a wheel."""
    python, abi, _, *rest = path.stem.split("-")[2:]
    if (python, abi, rest) != ("cp310", "abi3", []):
        yield f"{path.name} is not tagged cp310-abi3"
    with zipfile.ZipFile(path) as wheel:
        yield from check_files(wheel)
        names = wheel.namelist()
        metadata = [name for name in names if re.fullmatch(r"[^/]+\.dist-info/METADATA", name)]
        tags = [name for name in names if re.fullmatch(r"[^/]+\.dist-info/WHEEL", name)]
        if len(metadata) != 1 or len(tags) != 1:
            yield f"there must be one METADATA and one WHEEL, got {metadata} and {tags}"
            return
        yield from check_metadata(wheel.read(metadata[0]), names)
        yield from check_licenses(wheel, metadata[0].partition("/")[0])
        tag = str(message_from_bytes(wheel.read(tags[0]))["Tag"])
        if not tag.startswith("cp310-abi3-"):
            yield f"WHEEL has the tag {tag!r}, not cp310-abi3"


def check_files(wheel: zipfile.ZipFile) -> Iterator[str]:
    """Give what is wrong with the files of a wheel."""
    names = wheel.namelist()
    stub_name = f"{PACKAGE}/_core.pyi"
    if stub_name not in names:
        yield f"{stub_name} is missing"
    else:
        mode = wheel.getinfo(stub_name).external_attr >> 16
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            yield f"{stub_name} is no regular file: mode {mode:o}"
        expected = STUB.read_bytes()
        if not expected.strip():
            yield f"{STUB} is empty"
        if wheel.read(stub_name) != expected:
            yield f"{stub_name} is not byte for byte {STUB}"
    needed = ("py.typed", *(f"report/{name}" for name in PAGE_FILES))
    for name in needed:
        if f"{PACKAGE}/{name}" not in names:
            yield f"{PACKAGE}/{name} is missing"
    native = [name for name in names if name.endswith((".so", ".pyd", ".dylib", ".dll"))]
    if len(native) != 1 or not NATIVE.fullmatch(native[0]):
        yield f"there must be one native module {PACKAGE}/_core, got {native}"
    elif native[0].endswith(".so") and not native[0].endswith(".abi3.so"):
        yield f"{native[0]} is not named .abi3.so"
    tops = {PurePosixPath(name).parts[0] for name in names}
    stray = {top for top in tops - {PACKAGE} if not top.endswith(".dist-info")}
    if stray:
        yield f"there are stray names at the top: {sorted(stray)}"
    rubbish = [name for name in names if "__pycache__" in name or name.endswith((".pyc", ".rs"))]
    if rubbish:
        yield f"these do not belong into a wheel: {rubbish}"


def check_metadata(text: bytes, names: list[str]) -> Iterator[str]:
    """Give what is wrong with METADATA."""
    metadata = message_from_bytes(text)
    requirements = [str(item) for item in metadata.get_all("Requires-Dist", [])]
    required = {
        re.split(r"[ <>=!~;\[(]", item)[0] for item in requirements if "extra ==" not in item
    }
    if required != RUNTIME_REQUIREMENTS:
        yield f"it requires {sorted(required)}, not {sorted(RUNTIME_REQUIREMENTS)}"
    if not (metadata["License-Expression"] or metadata["License"]):
        yield "METADATA names no license"
    license_files = {str(name) for name in metadata.get_all("License-File", [])}
    if license_files != LICENSE_FILES:
        yield f"METADATA names {sorted(license_files)}, not {sorted(LICENSE_FILES)}"
    for license_file in LICENSE_FILES:
        if not any(name.endswith(f".dist-info/licenses/{license_file}") for name in names):
            yield f"the license file {license_file} is missing"


def check_licenses(wheel: zipfile.ZipFile, directory: str) -> Iterator[str]:
    """Give what is wrong with the license texts of the linked crates.

    The native module itself names some crates, the SBOM names too many, and cargo names all.
    """
    if LICENSE_FILES - {name.rpartition("/")[2] for name in wheel.namelist()}:
        return  # `check_metadata` says so
    standard_library = wheel.read(f"{directory}/licenses/LICENSE-RUST-STD.html").decode()
    if "The Rust Standard Library" not in standard_library:
        yield "LICENSE-RUST-STD.html does not speak of the standard library"
    listing, *texts = TEXT.split(wheel.read(f"{directory}/licenses/LICENSE-THIRD-PARTY").decode())
    lines = [match for line in listing.splitlines() if (match := CRATE_WITH_TEXTS.fullmatch(line))]
    listed = {(line["name"], line["version"]) for line in lines}
    whole = {number for number, text in zip(texts[::2], texts[1::2], strict=True) if text.strip()}
    for line in lines:
        if not set(line["texts"].split(", ")) <= whole:
            yield f"{line['name']} {line['version']} has no license text"
    native = next(name for name in wheel.namelist() if NATIVE.fullmatch(name))
    in_module = {
        (name.decode(), version.decode())
        for name, version in CRATE_IN_MODULE.findall(wheel.read(native))
    }
    if not in_module:
        yield f"{native} names no crate: nothing to compare the licenses with"
    sbom = json.loads(wheel.read(f"{directory}/sboms/barter-python.cyclonedx.json"))
    in_sbom = {(component["name"], component["version"]) for component in sbom["components"]}
    linked = linked_crates()
    for crates, fault in (
        (in_module - listed, "are in the native module, but LICENSE-THIRD-PARTY lacks them"),
        (linked - listed, "are linked, but LICENSE-THIRD-PARTY lacks them"),
        (listed - linked, "are in LICENSE-THIRD-PARTY, but not linked"),
        (listed - in_sbom, "are in LICENSE-THIRD-PARTY, but not in the SBOM"),
    ):
        if crates:
            yield f"these crates {fault}: {sorted(crates)}"


def linked_crates() -> Crates:
    """Give what cargo links: the tree of dependencies without the branches of macros."""
    command = (
        "cargo tree --locked --package=barter-python --edges=normal --prefix=depth --no-dedupe"
    )
    tree = subprocess.run(
        [*command.split(), "--format= {p}"],
        cwd=REPOSITORY,
        check=True,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ).stdout
    crates: Crates = set()
    macro_depth = sys.maxsize
    for line in tree.splitlines():
        depth, name, version, *rest = line.split()
        if int(depth) > macro_depth:
            continue
        macro_depth = int(depth) if "(proc-macro)" in rest else sys.maxsize
        if "(proc-macro)" not in rest and int(depth) > 0:
            crates.add((name, version.removeprefix("v")))
    return crates


def check_sdist(path: Path) -> Iterator[str]:
    """Give what is wrong with a source distribution."""
    with tarfile.open(path) as archive:
        members = {member.name.partition("/")[2]: member for member in archive.getmembers()}
        page = (f"src/{PACKAGE}/report/{name}" for name in PAGE_FILES)
        rust = ("Cargo.lock", "Cargo.toml", "rust/Cargo.toml", "rust/src/lib.rs")
        needed = (*rust, "LICENSE", *page)
        for name in needed:
            if name not in members:
                yield f"{path.name} lacks {name}"
        name = "stubs/barter_python/_core.pyi"
        file = archive.extractfile(members[name]) if name in members else None
        if file is None:
            yield f"{path.name} lacks {name}"
        elif file.read() != STUB.read_bytes():
            yield f"{name} of {path.name} is not byte for byte {STUB}"
        built = ("target/", ".venv", "dist/", f"src/{PACKAGE}/_core.", "LICENSE-")
        stray = [name for name in members if name.startswith(built)]
        if stray:
            yield f"{path.name} holds what was built: {stray[:5]}"


def main() -> int:
    """Check, and print what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("sdist", type=Path, nargs="?")
    arguments = parser.parse_args()
    failures = list(check_wheel(arguments.wheel))
    if arguments.sdist is not None:
        failures += check_sdist(arguments.sdist)
    for failure in failures:
        print(f"FAIL {failure}")
    if not failures:
        print(f"ok: {arguments.wheel.name}{' and the sdist' if arguments.sdist else ''}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
