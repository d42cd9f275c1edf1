"""The check of a release's version finds each file that has another."""

from __future__ import annotations

from pathlib import Path

import pytest
from package.check_version import faults

FILES = {
    "pyproject.toml": '[project]\nversion = "1.2.3"\n',
    "rust/Cargo.toml": '[package]\nversion = "1.2.3"\n',
    "CHANGELOG.md": "# Changelog\n\n## 1.2.3 - 2026-01-02\n\n## 1.2.2 - 2026-01-01\n",
}


@pytest.mark.parametrize(
    ("name", "text", "wrong"),
    [
        ("pyproject.toml", '[project]\nversion = "1.2.2"\n', "pyproject.toml has 1.2.2, not 1.2.3"),
        ("rust/Cargo.toml", "[package]\n", "rust/Cargo.toml has None, not 1.2.3"),
        ("CHANGELOG.md", "## Unreleased\n\n## 1.2.3 - 2026-01-02\n", "begins with 'Unreleased'"),
        ("CHANGELOG.md", "## 1.2.3\n", "begins with '1.2.3'"),
        ("CHANGELOG.md", "", "begins with 'no section'"),
    ],
)
def test_a_file_with_another_version(name: str, text: str, wrong: str, tmp_path: Path) -> None:
    (tmp_path / "rust").mkdir()
    for path, content in (FILES | {name: text}).items():
        (tmp_path / path).write_text(content, encoding="utf-8")
    (fault,) = faults("v1.2.3", tmp_path)
    assert wrong in fault


def test_a_release(tmp_path: Path) -> None:
    (tmp_path / "rust").mkdir()
    for path, content in FILES.items():
        (tmp_path / path).write_text(content, encoding="utf-8")
    assert list(faults("v1.2.3", tmp_path)) == []
    assert len(list(faults("v1.2.4", tmp_path))) == 3
