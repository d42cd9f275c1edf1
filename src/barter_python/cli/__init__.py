"""The command `barter-python`: backtests and a look into market data from a terminal.

It needs the extra `cli`; typer and rich are imported when the command runs.
"""

from __future__ import annotations

from .._public import publish
from .app import main

__all__ = ["main"]

publish(__name__, globals(), __name__)
