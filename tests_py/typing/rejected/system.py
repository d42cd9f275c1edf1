"""Configurations and their indices."""

from __future__ import annotations

from decimal import Decimal

from rejected.shared import CONFIG

CONFIG.risk_free_return = Decimal(0)  # type: ignore[misc]
