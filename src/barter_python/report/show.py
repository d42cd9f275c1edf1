"""Where a report is seen: in a notebook, or in the browser."""

from __future__ import annotations

import sys
import tempfile
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .text import escaped


@dataclass(frozen=True)
class Frame:
    """A page inside a notebook: a frame with a document of its own, without a server or a file."""

    html: str
    height: int

    def _repr_html_(self) -> str:
        return (
            f'<iframe srcdoc="{escaped(self.html)}" sandbox="allow-scripts" width="100%" '
            f'height="{self.height}" frameborder="0"></iframe>'
        )


def show(html: str, height: int) -> None:
    """Show a page in the running notebook, else in the browser."""
    display = _notebook()
    if display is not None:
        display(Frame(html, height))
        return
    # It must outlive this process: the browser may read it later.
    path = Path(tempfile.mkdtemp(prefix="barter-python-")) / "report.html"
    write(html, path)
    if not webbrowser.open(path.as_uri()):
        print(f"There is no browser to open; the report is {path}")


def write(html: str, path: Path) -> None:
    """Write a page, the same bytes on every platform."""
    path.write_text(html, encoding="utf-8", newline="\n")


def _notebook() -> Callable[[object], object] | None:
    """Give what displays an object, if this code runs in the kernel of a notebook."""
    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    if getattr(shell, "kernel", None) is None:
        return None
    display: Callable[[object], object] = sys.modules["IPython.display"].display
    return display
