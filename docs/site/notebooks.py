"""The notebooks: scripts in the percent format, run by the build, with what their cells give."""

from __future__ import annotations

import ast
import contextlib
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

CELL = re.compile(r"^# %%(?P<markdown> \[markdown\])?.*\n", flags=re.MULTILINE)


def cells(source: str) -> Iterator[tuple[bool, str]]:
    """Give the cells of a script: whether each is Markdown, and its text."""
    marks = list(CELL.finditer(source))
    ends = [mark.start() for mark in marks[1:]] + [len(source)]
    for mark, end in zip(marks, ends, strict=True):
        text = source[mark.end() : end].strip("\n")
        is_markdown = mark["markdown"] is not None
        yield is_markdown, re.sub(r"^# ?", "", text, flags=re.MULTILINE) if is_markdown else text


def outcome(cell: str, name: str, names: dict[str, object]) -> str:
    """Run a cell, and give what it prints and its last expression as Markdown."""
    tree = ast.parse(cell, name)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    printed = io.StringIO()
    value: object = None
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, name, "exec"), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), name, "eval"), names)
    shown = printed.getvalue().rstrip()
    parts = [f"```text\n{shown}\n```"] if shown else []
    html = getattr(value, "_repr_html_", None)
    if callable(html):
        parts.append(f'<div class="output">{html()}</div>')
    elif value is not None:
        parts.append(f"```text\n{value!r}\n```")
    return "\n\n".join(parts)


def page(path: Path) -> str:
    """Run a notebook, and give it as a page."""
    module = ModuleType(path.stem)
    module.__file__ = str(path)
    # Dataclasses look their module up, and so does pickle.
    sys.modules[path.stem] = module
    parts: list[str] = []
    for is_markdown, text in cells(path.read_text(encoding="utf-8")):
        if is_markdown:
            parts.append(text)
            continue
        parts += [f"```python\n{text}\n```", outcome(text, str(path), vars(module))]
    return "\n\n".join(part for part in parts if part) + "\n"


def places(root: Path) -> dict[str, str]:
    """Give the notebooks and the pages that show them."""
    return {
        f"docs/notebooks/{path.name}": f"notebooks/{path.stem}.md"
        for path in sorted((root / "docs" / "notebooks").glob("*.py"))
    }
