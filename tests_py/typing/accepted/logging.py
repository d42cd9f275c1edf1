"""barter's log."""

from __future__ import annotations

from collections.abc import Callable

import barter_python as bp


def test_levels_of_logging() -> None:
    for level in (10, "INFO"):
        bp.enable_logging(level)
    bp.disable_logging()
    start: Callable[[], None] = bp.enable_logging
    start()
    bp.disable_logging()
