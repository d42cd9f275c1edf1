"""A copy of the project with an environment of its own, where changes can be tried."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path

from support import ROOT

from .row import Step

LIBRARY = {"darwin": "lib_core.dylib", "linux": "lib_core.so"}
"""What cargo calls the native module; elsewhere rows that need a build cannot be tried."""


FULL_DIFFERENCES = "verbosity_assertions=2"
CHEAPLY = [
    f"--config={setting}"
    for setting in (
        "build.incremental=true",
        "profile.release.package.barter-python.opt-level=0",
        "profile.release.package.barter-python.codegen-units=32",
    )
]
"""How cargo builds our own crate: these modules are tried once."""


@dataclass(frozen=True)
class Outcome:
    """How a command ended, and all that it said."""

    passed: bool
    output: str


class Scratch:
    """The copy, below a directory that may be kept for the next time."""

    def __init__(self, directory: Path) -> None:
        self.project = directory / "project"
        self.venv = directory / "venv"
        self.target = directory / "build"
        self.files = {name: (ROOT / name).read_bytes() for name in tracked()}
        self.restore()
        venv.create(self.venv, with_pip=False, symlinks=True)
        self.python = self.venv / "bin" / "python"
        paths = {"base": str(self.venv), "platbase": str(self.venv)}
        self.site = Path(sysconfig.get_path("purelib", vars=paths))
        # The tools are those of this environment; the package is the copy's own.
        (self.site / "tools.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
        for tool in ("pyrefly", "ty"):
            link = self.venv / "bin" / tool
            link.unlink(missing_ok=True)
            link.symlink_to(Path(sys.executable).with_name(tool))

    def restore(self) -> None:
        """Undo all changes. Files that have not changed keep their dates, by which cargo goes."""
        for path in [it for it in self.project.rglob("*") if it.is_file()]:
            name = path.relative_to(self.project).as_posix()
            if name not in self.files and name.startswith(("src/", "rust/", "tests_py/")):
                path.unlink()
        for name, content in self.files.items():
            self.write(name, content)

    def write(self, name: str, content: bytes) -> None:
        """Write a file if it is not so already."""
        path = self.project / name
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    def build(self) -> Outcome:
        """Build the native module."""
        options = ("--release", "--locked", "--quiet", "--lib")
        return self.run("cargo", "build", *options, *CHEAPLY)

    def native(self) -> Path:
        """Give the native module as cargo has built it."""
        return self.target / "release" / LIBRARY[sys.platform]

    def make_stub(self) -> Outcome:
        """Write the stub of what was built."""
        return self.run(str(self.python), "rust/stub_gen.py")

    def install(self, native: Path, name: str = "_core.abi3.so") -> None:
        """Put the package where an installed one would be."""
        package, stub = self.site / "barter_python", "stubs/barter_python/_core.pyi"
        shutil.rmtree(package, ignore_errors=True)
        shutil.copytree(self.project / "src" / "barter_python", package)
        shutil.copy(native, package / name)
        shutil.copy(self.project / stub, package / "_core.pyi")
        # For mypy, which reads the sources.
        shutil.copy(self.project / stub, self.project / "src" / "barter_python" / "_core.pyi")

    def check(self, step: Step) -> Outcome:
        """Run a step of the gate."""
        python = str(self.python)
        match step:
            case Step.STUBS:
                return self.run(python, "rust/stub_gen.py", "--check")
            case Step.STUBTEST:
                stubtest = ("mypy.stubtest", "barter_python", "--ignore-disjoint-bases")
                return self.run(python, "-m", *stubtest, directory=self.venv)
            case Step.MYPY:
                return self.run(python, "-m", "mypy")
            case Step.WHEEL:
                return self.check_wheel()
            case _:
                # Names must not be cut, and those of tests that pass must not be shown.
                options = ("-q", "--tb=short", "-p", "no:cacheprovider", "-o", FULL_DIFFERENCES)
                return self.run(python, "-m", "pytest", *options, step.value)

    def check_wheel(self) -> Outcome:
        """Build what is shipped, and check it."""
        shutil.rmtree(self.project / "dist", ignore_errors=True)
        for made_before in ("LICENSE-THIRD-PARTY", "LICENSE-RUST-STD.html"):
            (self.project / made_before).unlink(missing_ok=True)
        maturin = str(Path(sys.executable).with_name("maturin"))
        commands: list[tuple[str, ...]] = [
            (maturin, "sdist", "--out", "dist"),
            (str(self.python), "rust/third_party_licenses.py"),
            (maturin, "build", "--release", "--locked", "--quiet", "--out", "dist", *CHEAPLY),
        ]
        for command in commands:
            made = self.run(*command)
            if not made.passed:
                return made
        files = [str(*(self.project / "dist").glob(it)) for it in ("*.whl", "*.tar.gz")]
        return self.run(str(self.python), "tests_py/package/check_wheel.py", *files)

    def run(self, *command: str, directory: Path | None = None) -> Outcome:
        """Run a command in the copy, without a way to the real project."""
        away = ("MYPYPATH", "PYTHONPATH", "VIRTUAL_ENV", "PYTEST_ADDOPTS", "PYTEST_CURRENT_TEST")
        environment = {name: value for name, value in os.environ.items() if name not in away}
        environment |= {
            "CARGO_TARGET_DIR": str(self.target),
            "LD_LIBRARY_PATH": str(sysconfig.get_config_var("LIBDIR")),
            "PYO3_PYTHON": sys.executable,
        }
        done = subprocess.run(
            command,
            cwd=directory or self.project,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        return Outcome(done.returncode == 0, done.stdout)


def tracked() -> list[str]:
    """Give the files of the project, also those that are not committed yet."""
    command = ("git", "ls-files", "--cached", "--others", "--exclude-standard")
    listed = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, encoding="utf-8")
    return sorted(name for name in set(listed.stdout.splitlines()) if (ROOT / name).is_file())
