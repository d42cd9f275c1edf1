"""The package itself."""

from __future__ import annotations

import barter_python as bp

bp.no_such_name  # type: ignore[attr-defined]
