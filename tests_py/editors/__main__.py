"""Asks basedpyright's and jedi's language servers, and IPython, and prints what is wrong.

As a control basedpyright is asked the same of a copy of the package without its stub: there the
answers must be missing. jedi would look into the native module itself.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import barter_python

from .probes import PRELUDE, PROBES, Probe
from .server import Server

BASEDPYRIGHT = ("-c", "from basedpyright.langserver import main; main()", "--stdio")
JEDI = ("-c", "from jedi_language_server.cli import cli; cli()")


def ask_all(root: Path, *command: str) -> list[str]:
    """Ask every question from a directory, and give the answers."""
    server = Server(root, *command)
    answers = [
        server.answer(root / f"case_{number}.py", probe.method, PRELUDE + probe.code)
        for number, probe in enumerate(PROBES)
    ]
    server.close()
    return answers


def lacking(probe: Probe, answer: str, wanted: tuple[str, ...]) -> list[str]:
    """Give what an answer lacks: of a completion, whole names."""
    if probe.method == "completion":
        return [name for name in wanted if f"\n{name}\n" not in answer]
    return [text for text in wanted if text not in answer]


def wrong(name: str, answers: list[str]) -> Iterator[str]:
    """Give what the answers of a server lack."""
    for probe, answer in zip(PROBES, answers, strict=True):
        wanted = probe.wanted if name != "jedi" or probe.jedi is None else probe.jedi
        if missing := lacking(probe, answer, wanted):
            yield f"{name}: {probe.method} at {probe.code!r} lacks {missing}"


def shell(root: Path) -> Iterator[str]:
    """Give what IPython's completion and `?` lack, if it is there: it is not for CPython 3.10."""
    if importlib.util.find_spec("IPython") is None:
        return
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("shell.py")],
        cwd=root,
        env={"IPYTHONDIR": str(root), "HOME": str(root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != 0:
        yield f"IPython: {done.stdout}"


def main() -> int:
    """Check, and print what is wrong."""
    with tempfile.TemporaryDirectory(prefix="editor-") as name:
        user, control = Path(name).resolve() / "user", Path(name).resolve() / "control"
        user.mkdir()
        hidden = shutil.ignore_patterns("*.pyi", "__pycache__")
        installed = Path(barter_python.__file__).parent
        shutil.copytree(installed, control / "barter_python", ignore=hidden)
        failures = list(wrong("basedpyright", ask_all(user, *BASEDPYRIGHT)))
        failures += wrong("jedi", ask_all(user, *JEDI))
        failures += shell(user)
        for probe, answer in zip(PROBES, ask_all(control, *BASEDPYRIGHT), strict=True):
            if probe.always == bool(lacking(probe, answer, probe.wanted)):
                failures.append(f"control: {probe.method} at {probe.code!r} proves nothing")
    for failure in failures:
        print(f"FAIL {failure}")
    print(f"{len(failures)} of {len(PROBES)} questions to each of two servers are answered wrongly")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
