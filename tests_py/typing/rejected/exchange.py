"""The configuration of the simulated exchange."""

from __future__ import annotations

import barter_python as bp
from rejected.shared import SPOT

bp.MockExecutionConfig(SPOT, {"usdt": 1}, maintenance_margin=0.005)  # type: ignore[arg-type]
bp.MockExecutionConfig(SPOT, {"usdt": 1.5})  # type: ignore[dict-item]
bp.MockExecutionConfig(SPOT, {"usdt": 1}, fee_rate=0.001)  # type: ignore[arg-type]
