"""barter's log."""

from __future__ import annotations

import barter_python as bp

bp.enable_logging(1.5)  # type: ignore[arg-type]
bp.enable_logging(None)  # type: ignore[arg-type]
