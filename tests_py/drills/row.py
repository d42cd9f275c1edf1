"""What a row of the tables says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Step(Enum):
    """A step of the gate: the command that `scratch.py` runs for it."""

    STUBS = "stub_gen --check"
    STUBTEST = "stubtest"
    MYPY = "mypy"
    COMPLETENESS = "tests_py/typing/test_completeness.py"
    ACCEPTED = "tests_py/typing/test_checkers.py::test_correct_code_is_accepted[mypy-3.10]"
    REJECTED = "tests_py/typing/test_checkers.py::test_mypy_reports_them_with_their_codes"
    CONFORMANCE = "tests_py/package/test_conformance.py"
    PYTHON_CONFORMANCE = "tests_py/package/test_python_conformance.py"
    LIKE_NUMBERS = "tests_py/package/test_like_numbers.py"
    DOCSTRINGS = "tests_py/package/test_docstrings.py"
    EXAMPLES = "tests_py/package/test_docs.py::test_docstring"
    PUBLIC_NAMES = "tests_py/package/test_public_names.py"
    PUBLIC_MODULES = "tests_py/package/test_public_modules.py"
    CLOSING = "tests_py/strategy/test_closing_numbers.py"
    COMPILED = "tests_py/compiled/test_c_functions.py"
    MISSPELT_HOOKS = "tests_py/strategy/test_misspelt_hooks.py"
    WHEEL = "check_wheel"


class Stub(Enum):
    """What becomes of the committed stub after a change of the Rust source."""

    KEPT = "the author forgets `make stubs`"
    MADE = "the author runs `make stubs`, and commits what it writes"
    REFUSED = "the generator must refuse to write it"


@dataclass(frozen=True)
class Drill:
    """A change that must be caught.

    `item` is what is changed: rows of one item are never tried together. Each of `changes` replaces
    a text that the file has exactly once. `named` must be in the output of `step`, which fails.
    """

    item: str
    what: str
    file: str
    changes: tuple[tuple[str, str], ...]
    step: Step
    named: str
    stub: Stub = Stub.KEPT
    apart: bool = False
    """Whether nothing else can be seen beside it, such as a module that cannot be imported."""

    @property
    def label(self) -> str:
        """Say what is changed."""
        return f"{self.item}: {self.what}"

    @property
    def is_rust(self) -> bool:
        """Whether the native module has to be built for it."""
        return self.file.endswith(".rs")

    def applied_to(self, text: str) -> str:
        """Give the file's text with the change, or raise `LookupError` if it cannot be made."""
        for old, new in self.changes:
            count = text.count(old)
            if count != 1:
                raise LookupError(
                    f"{self.label}: {self.file} has {count} times, not once:\n{old}\n"
                    "Give the row a text that is there once."
                )
            text = text.replace(old, new)
        return text
