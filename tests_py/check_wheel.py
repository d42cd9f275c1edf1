"""Checks what a wheel, and the source distribution beside it, holds.

    python tests_py/check_wheel.py dist/*.whl [dist/*.tar.gz]

A checkout without symbolic links turns the stub beside the sources into a text file that holds a
path, and maturin ships that: every editor would see garbage, and nothing else would complain.
"""

from __future__ import annotations

import argparse
import re
import stat
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path, PurePosixPath

STUB = Path(__file__).parents[1] / "stubs" / "barter_python" / "_core.pyi"
PACKAGE = "barter_python"
NATIVE = re.compile(rf"{PACKAGE}/_core(\.abi3)?\.(so|pyd)")
RUNTIME_REQUIREMENTS = {"typing-extensions"}


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
        shipped, expected = wheel.read(stub_name), STUB.read_bytes()
        if not expected.strip():
            yield f"{STUB} is empty"
        if len(shipped) < 200 and shipped.strip().endswith(b".pyi"):
            yield f"{stub_name} holds the path {shipped!r}: checked out without symbolic links"
        elif shipped != expected:
            yield f"{stub_name} is not byte for byte {STUB}"
    if f"{PACKAGE}/py.typed" not in names:
        yield f"{PACKAGE}/py.typed is missing"
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
    for license_file in metadata.get_all("License-File", []):
        if not any(name.endswith(f".dist-info/licenses/{license_file}") for name in names):
            yield f"the license file {license_file} is missing"
    if not metadata.get_all("License-File", []):
        yield "METADATA names no license file"


def check_sdist(path: Path) -> Iterator[str]:
    """Give what is wrong with a source distribution."""
    with tarfile.open(path) as archive:
        members = {member.name.partition("/")[2]: member for member in archive.getmembers()}
        needed = ("Cargo.lock", "Cargo.toml", "rust/Cargo.toml", "rust/src/lib.rs", "LICENSE")
        for name in needed:
            if name not in members:
                yield f"{path.name} lacks {name}"
        for name in ("stubs/barter_python/_core.pyi", f"src/{PACKAGE}/_core.pyi"):
            member = members.get(name)
            if member is None:
                yield f"{path.name} lacks {name}"
            elif not member.isfile():
                yield f"{name} of {path.name} is no regular file"
            else:
                file = archive.extractfile(member)
                if file is None or file.read() != STUB.read_bytes():
                    yield f"{name} of {path.name} is not byte for byte {STUB}"
        stray = [name for name in members if name.startswith(("target/", ".venv", "dist/"))]
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
