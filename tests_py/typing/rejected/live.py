"""Paper trading and running systems."""

from __future__ import annotations

import barter_python as bp
from barter_python import live


def with_system(system: live.System, config: bp.SystemConfig) -> None:
    """Misuse a running system."""
    system.trading_state("disabled")  # type: ignore[arg-type]
    system.close_positions([0])  # type: ignore[arg-type]
    system.wait(10)  # type: ignore[arg-type]
    system.wait().trips  # type: ignore[union-attr]
    system.abort(1)  # type: ignore[call-arg]
    system.result = None  # type: ignore[misc]
    live.run_paper(system, config)  # type: ignore[arg-type]
    live.System.start(bp.DefaultStrategy(), config, warmup=[])  # type: ignore[arg-type]
    live.KillSwitch(max_silence=30)  # type: ignore[arg-type]
    live.ShutdownPolicy(True)  # type: ignore[call-arg]
    next(live.AuditStream()).update()  # type: ignore[union-attr]
