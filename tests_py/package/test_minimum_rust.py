"""The minimum Rust version is one number, and no crate of the lock file needs a later one."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[2]


def parse(version: str) -> tuple[int, ...]:
    """Give a version that compares."""
    return tuple(map(int, version.split(".")[:2]))


@pytest.fixture(scope="module")
def packages() -> list[dict[str, Any]]:
    """What cargo knows of each crate of the lock file."""
    metadata = subprocess.run(
        ["cargo", "metadata", "--locked", "--format-version=1"],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    found: list[dict[str, Any]] = json.loads(metadata.stdout)["packages"]
    return found


@pytest.fixture(scope="module")
def minimum(packages: list[dict[str, Any]]) -> str:
    """`rust-version` of our own crate."""
    (version,) = [str(package["rust_version"]) for package in packages if not package["source"]]
    return version


def test_no_crate_needs_a_later_rust(packages: list[dict[str, Any]], minimum: str) -> None:
    """Cargo refuses to build a crate that says that it needs a later Rust."""
    later = {
        f"{package['name']} {package['version']}": package["rust_version"]
        for package in packages
        if package["rust_version"] and parse(package["rust_version"]) > parse(minimum)
    }
    assert later == {}


@pytest.mark.parametrize(
    ("file", "promise"),
    [
        ("CONTRIBUTING.md", r"a Rust toolchain of (\d+\.\d+) or later"),
        (".github/workflows/ci.yml", r'RUSTUP_TOOLCHAIN: "(\d+\.\d+)"'),
    ],
)
def test_what_is_promised_is_what_cargo_holds(file: str, promise: str, minimum: str) -> None:
    """The guide and the job of CI name the same version as `rust-version`."""
    assert re.findall(promise, (REPOSITORY / file).read_text(encoding="utf-8")) == [minimum]
