"""What tests share: where things are, histories, configurations, strategies, hostile events."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).parents[2]
"""The repository."""

LONG_RUN = os.environ.get("BARTER_LONG_TESTS") == "1"
"""Whether random tests are to try as much as they can, and not what a minute allows."""
