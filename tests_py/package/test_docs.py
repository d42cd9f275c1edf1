"""Every example in the documentation runs, and says what it is said to say."""

from __future__ import annotations

import doctest
import inspect
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from types import GenericAlias

import pytest
from support import ROOT
from support.public import MODULES

import barter_python
from barter_python import cli, strategy

PACKAGE = Path(barter_python.__file__).parent

NOT_SHOWN = {
    "backtest.BacktestResult.show": "it opens a browser",
    "live.PaperResult.show": "it opens a browser",
}
"""What takes arguments and has no example, and why."""


def public_items() -> Iterator[tuple[str, object]]:
    """Give the functions and classes of the public modules by their dotted names."""
    for module_name, module in MODULES.items():
        for name in module.__all__:
            item: object = getattr(module, name)
            # On CPython 3.10 an alias such as `Orders` passes for the class that it is of.
            if not isinstance(item, GenericAlias) and callable(item):
                yield f"{module_name}.{name}", item


def members(item: object) -> dict[str, object]:
    """Give the public members of a class, but not the defaults of its fields."""
    found: dict[str, object] = {}
    if inspect.isclass(item):
        # Those of private bases are documented nowhere else.
        for base in reversed(item.__mro__):
            if base is item or base.__module__.startswith("barter_python._records"):
                found |= vars(base)
    return {
        name: member
        for name, member in found.items()
        if not name.startswith("_")
        if callable(member)
        or isinstance(member, (property, classmethod, staticmethod))
        or inspect.isdatadescriptor(member)
    }


def docstrings() -> dict[str, str]:
    """Docstrings of all public items; doctest itself passes over native ones."""
    found = {name: module.__doc__ or "" for name, module in MODULES.items()}
    for name, item in public_items():
        found[name] = inspect.getdoc(item) or ""
        for member_name, member in members(item).items():
            text = inspect.getdoc(getattr(item, member_name, member))
            found[f"{name}.{member_name}"] = text or ""
    for native in (
        barter_python.build_ioc_market_order_to_close_position,
        barter_python.wrapped_crates,
    ):
        found[f"native {native.__name__}"] = inspect.getdoc(native) or ""
    return found


EXAMPLES = {name: text for name, text in docstrings().items() if ">>>" in text}


@pytest.mark.parametrize("name", EXAMPLES)
def test_docstring(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    names = dict(vars(barter_python))
    if (module := MODULES.get(name.partition(".")[0])) is not None:
        names |= vars(module)
    test = doctest.DocTestParser().get_doctest(EXAMPLES[name], names, name, None, None)
    runner = doctest.DocTestRunner(verbose=False)
    report: list[str] = []
    runner.run(test, out=report.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(report)
    assert test.examples


def test_every_example_of_the_package_is_run() -> None:
    run = {line.strip() for text in EXAMPLES.values() for line in text.splitlines()}
    for path in (PACKAGE / "_core.pyi", *PACKAGE.rglob("*.py")):
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
        assert {line for line in lines if line.startswith(">>> ")} <= run, path


def code(text: str) -> str:
    """Give the lines of a docstring's examples."""
    lines = [line.strip() for line in text.splitlines()]
    return "\n".join(line for line in lines if line.startswith((">>> ", "... ")))


def with_arguments(item: type) -> Iterator[str]:
    """Give the public methods that take arguments, of a class and the package's bases of it."""
    for base in item.__mro__:
        if not base.__module__.startswith("barter_python"):
            continue
        for name, member in vars(base).items():
            function: object = getattr(member, "__func__", member)
            if name.startswith("_") or not inspect.isroutine(function):
                continue
            try:
                taken = inspect.signature(function).parameters.keys() - {"self", "cls"}
            except ValueError:
                taken = {"unknown"}
            if taken:
                yield name


def shown_in(item: type, method: str) -> str:
    """Give the examples that can show a method: its own, and those of the classes that have it."""
    texts = [inspect.getdoc(getattr(item, method)) or ""]
    texts += [base.__doc__ or "" for base in item.__mro__ if hasattr(base, method)]
    # A group of strategies has the hooks of a strategy.
    if hasattr(strategy.Strategy, method) and "generate_algo_orders" in dir(item):
        texts.append(strategy.Strategy.__doc__ or "")
    return "\n".join(code(text) for text in texts)


def test_every_function_and_class_has_an_example() -> None:
    lacking = [name for name, item in public_items() if not code(inspect.getdoc(item) or "")]
    assert lacking == []


def test_every_method_that_takes_arguments_is_shown() -> None:
    lacking = {
        f"{name}.{method}"
        for name, item in public_items()
        # The methods of enums and of dictionaries are Python's own.
        if isinstance(item, type) and not issubclass(item, (Enum, dict))
        for method in with_arguments(item)
        if not code(inspect.getdoc(getattr(item, method)) or "")
        and not re.search(rf"\b{method}\(", shown_in(item, method))
    }
    assert lacking == NOT_SHOWN.keys()


def test_everything_public_is_documented() -> None:
    silent = [
        name
        for name, text in docstrings().items()
        if not text.strip() and not name.startswith("instrument.ExchangeId.")
    ]
    assert silent == []


PAGES = sorted((ROOT / "docs").rglob("*.md"))
LANGUAGES = {"c", "console", "py", "pycon", "python", "rust", "text"}
"""`py` is code for other engines; `c`, `rust` and `text` are shown. The rest is run here."""


def page_name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_pages_say_what_happens(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    text = page.read_text(encoding="utf-8")
    assert set(re.findall(r"^```(\w+)$", text, flags=re.MULTILINE)) <= LANGUAGES
    report: list[str] = []
    test = doctest.DocTestParser().get_doctest(text, {}, page.name, str(page), 0)
    runner = doctest.DocTestRunner(verbose=False)
    runner.run(test, out=report.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(report)
    assert len(test.examples) == text.count(">>>")


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_code_of_pages_runs(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.syspath_prepend(ROOT)
    names: dict[str, object] = {"__name__": "page"}
    # Dataclasses look their module up.
    monkeypatch.setitem(sys.modules, "page", sys)
    text = page.read_text(encoding="utf-8")
    for block in re.findall(r"^```python\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE):
        exec(compile(block, page.name, "exec"), names)


README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str, page: str = README) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page, flags=re.DOTALL | re.MULTILINE)


def check_readme_shows(printed: str) -> None:
    """The README has the first lines, and leaves the rest to dots."""
    (block,) = blocks("text")
    shown, dots, rest = block.partition("...\n")
    assert (dots, rest) == ("...\n", "")
    assert len(shown.splitlines()) > 8
    assert printed.startswith(shown)


def test_readme_has_no_other_blocks() -> None:
    languages = re.findall(r"^```(\w+)$", README, flags=re.MULTILINE)
    assert set(languages) == {"console", "python", "text"}


def test_readme_python(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    strategy, *others = blocks("python")
    path = ROOT / "examples" / "ema_cross.py"
    example = path.read_text(encoding="utf-8")
    assert strategy in example
    names: dict[str, object] = {"__name__": "readme", "__file__": str(path)}
    # Dataclasses look their module up.
    monkeypatch.setitem(sys.modules, "readme", sys)
    for text in [example, *others]:
        exec(compile(text, "README.md", "exec"), names)
    check_readme_shows(capsys.readouterr().out)


@pytest.mark.parametrize("page", [ROOT / "README.md", *PAGES], ids=page_name)
def test_commands(
    page: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    installs = {"barter-python", "dist/*.whl", "barter-python[cli]", "barter-python[compiled]"}
    for line in "".join(blocks("console", page.read_text(encoding="utf-8"))).splitlines():
        words = shlex.split(line.removeprefix("$ "))
        match words:
            case ["make", target]:
                assert re.search(rf"^{target}:.*##", makefile, flags=re.MULTILINE), line
            case ["python", "-m", "pip", "install", what]:
                assert what in installs
            case ["barter-python", "backtest", *arguments]:
                assert cli.main(["backtest", *arguments]) == 0
                check_readme_shows(capsys.readouterr().out)
            case ["barter-python", *arguments]:
                assert cli.main(arguments) == 0
                assert "50000 events" in capsys.readouterr().out
            case _:
                pytest.fail(f"nothing runs {line!r}")


def test_example_prints_the_readme_s_table() -> None:
    run = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "ema_cross.py")],
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
        env={"PYTHONIOENCODING": "utf-8"},
    )
    check_readme_shows(run.stdout)
    assert run.stderr == ""
