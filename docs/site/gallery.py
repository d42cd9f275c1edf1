"""The gallery: each example with its source, what it prints, and the report of its run."""

from __future__ import annotations

import ast
import contextlib
import importlib
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from unittest import mock

import barter_python as bp
from barter_python.backtest import sweep_to_html


def places(root: Path) -> dict[str, str]:
    """Give the examples and the pages that show them."""
    return {
        f"examples/{path.name}": f"gallery/{path.stem}.md"
        for path in sorted((root / "examples").glob("*.py"))
    }


@contextlib.contextmanager
def remembered() -> Iterator[list[tuple[bp.BacktestResult, bp.MarketData]]]:
    """Remember the runs of an example with their histories, which results do not keep."""
    runs: list[tuple[bp.BacktestResult, bp.MarketData]] = []
    original = bp.run_backtest

    def run(
        strategy: bp.AlgoStrategy, data: bp.MarketData, config: bp.SystemConfig, **options: object
    ) -> bp.BacktestResult:
        result: bp.BacktestResult = original(strategy, data, config, **options)  # type: ignore[arg-type] # handed on
        runs.append((result, data))
        return result

    with mock.patch.object(bp, "run_backtest", run):
        yield runs


def write_report(module: ModuleType, path: Path) -> str:
    """Run an example, write the report of its last run if it has one, and give what it prints."""
    printed = io.StringIO()
    with remembered() as runs, contextlib.redirect_stdout(printed):
        outcome: object = module.main()
    if runs:
        result, data = runs[-1]
        result.to_html(path, data)
    elif isinstance(outcome, bp.Records):
        sweep_to_html(outcome, path)
    return printed.getvalue()


def page(name: str, source: str, printed: str, *, has_report: bool) -> str:
    """Write the page of an example."""
    tree = ast.parse(source)
    text = ast.get_docstring(tree) or name
    # The first words name it: the navigation has no place for more.
    title = text.partition("\n")[0].partition(":")[0].rstrip(".")
    lines = [f"# {title}", "", text, ""]
    if has_report:
        lines += [
            "## Report",
            "",
            f"[The report by itself]({name}_report.html)",
            "",
            f'<iframe class="report" src="{name}_report.html" title="The report of {name}.py"'
            ' loading="lazy"></iframe>',
            "",
        ]
    lines += ["## Printed", "", "```text", printed.rstrip(), "```", ""]
    lines += [f"## `{name}.py`", "", "```python", source.rstrip(), "```", ""]
    return "\n".join(lines)


def write(root: Path, folder: Path) -> None:
    """Run all examples and write their pages and reports."""
    folder.mkdir(parents=True, exist_ok=True)
    sys.path.insert(0, str(root / "examples"))
    for path in sorted((root / "examples").glob("*.py")):
        report = folder / f"{path.stem}_report.html"
        printed = write_report(importlib.import_module(path.stem), report)
        text = page(
            path.stem, path.read_text(encoding="utf-8"), printed, has_report=report.exists()
        )
        (folder / f"{path.stem}.md").write_text(text, encoding="utf-8")
