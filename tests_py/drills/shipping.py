"""Faults of what is shipped: the wheel, the archive of the sources, and their versions."""

from __future__ import annotations

from .row import Drill, Step

PROJECT = "pyproject.toml"
LIMITED = '{ path = "stubs/**/*.pyi", format = "sdist" },'

ROWS = (
    Drill(
        "version",
        "the project's is not the crate's",
        PROJECT,
        (('name = "barter-python"\nversion = "', 'name = "barter-python"\nversion = "1'),),
        Step.PYTHON_CONFORMANCE,
        "test_one_version",
    ),
    Drill(
        "py.typed",
        "left out of the wheel",
        PROJECT,
        (
            (
                'exclude = ["src/barter_python/_core.pyi"]',
                'exclude = ["src/barter_python/_core.pyi", "src/barter_python/py.typed"]',
            ),
        ),
        Step.WHEEL,
        "barter_python/py.typed is missing",
    ),
    Drill(
        "page.css",
        "left out of the wheel",
        PROJECT,
        (
            (
                'exclude = ["src/barter_python/_core.pyi"',
                'exclude = ["src/barter_python/report/page.css", "src/barter_python/_core.pyi"',
            ),
        ),
        Step.WHEEL,
        "barter_python/report/page.css is missing",
    ),
    Drill(
        "stub in the wheel",
        "left out",
        PROJECT,
        (('    { path = "_core.pyi", from = "out-dir", to = "barter_python/" },\n', ""),),
        Step.WHEEL,
        "barter_python/_core.pyi is missing",
    ),
    Drill(
        "stub in the archive",
        "left out",
        PROJECT,
        ((LIMITED, ""),),
        Step.WHEEL,
        "lacks stubs/barter_python/_core.pyi",
    ),
    Drill(
        "requirements",
        "one that nobody meant",
        PROJECT,
        (
            (
                'dependencies = ["typing-extensions>=4.6"]',
                'dependencies = ["numpy", "typing-extensions>=4.6"]',
            ),
        ),
        Step.WHEEL,
        "it requires ['numpy', 'typing-extensions']",
    ),
    Drill(
        "licenses",
        "those of the crates are left out",
        PROJECT,
        (('license-files = ["LICENSE*"]', 'license-files = ["LICENSE"]'),),
        Step.WHEEL,
        "the license file LICENSE-THIRD-PARTY is missing",
    ),
)
