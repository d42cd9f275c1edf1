"""A second copy of the engine's state, on another thread, that follows the engine's audit.

The twin of barter's example of the same name. The audit says what the engine did with every event;
the replica does the same to its copy. So a dashboard, say, can read positions and prices without
holding up the engine.

Run it with `python examples/engine_sync_with_audit_replica_engine_state.py`.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import TypeAlias

from ema_cross import EmaCross
from typing_extensions import override

import barter_python as bp
from barter_python import AuditSnapshot, AuditTick, StateReplica

DATA = Path(__file__).parent / "data"

QUANTITIES = {
    "binancespot-btc_usdt": Decimal("0.001"),
    "binancespot-eth_usdt": Decimal("0.05"),
    "binancespot-sol_usdt": Decimal(1),
}

Audit: TypeAlias = "SimpleQueue[AuditSnapshot | AuditTick | None]"
"""From the engine to the replica; `None` at the end."""


class ReplicaThread(Thread):
    """Follows an audit."""

    def __init__(self, audit: Audit) -> None:
        """Take the queue of audit records."""
        super().__init__(name="replica")
        self.audit = audit
        self.outputs: Counter[str] = Counter()
        self.replica: StateReplica | None = None

    @override
    def run(self) -> None:
        """Start from the snapshot, and apply each tick."""
        while (item := self.audit.get()) is not None:
            if isinstance(item, AuditSnapshot):
                self.replica = StateReplica(item)
            elif self.replica is not None:
                self.replica.update(item)
                self.outputs.update(type(output).__name__ for output in item.outputs)


def held(position: bp.OpenPosition | None) -> str:
    """Describe a position without its unrealised profit, which the result values at the mid."""
    if position is None:
        return "nothing"
    return f"{position.side.value} {position.quantity_abs} at {position.price_entry_average}"


def main() -> tuple[bp.BacktestResult, bp.EngineView]:
    """Run the EMA crossing, and compare the replica's state with the result of the run."""
    audit: Audit = SimpleQueue()
    follower = ReplicaThread(audit)
    follower.start()
    try:
        result = bp.run_backtest(
            EmaCross(QUANTITIES),
            bp.MarketData.from_json_lines(DATA / "binance_spot_l1_trades_btc_eth_sol.jsonl.gz"),
            bp.SystemConfig.from_json(DATA / "system_config.json"),
            latency=timedelta(milliseconds=100),
            audit=audit.put,
        )
    finally:
        audit.put(None)
        follower.join()
    if follower.replica is None:
        raise RuntimeError("the run began without a snapshot")
    state = follower.replica.state
    print(f"The replica has seen {follower.replica.sequence} ticks, the last at {state.time}")
    for output, count in sorted(follower.outputs.items()):
        print(f"  {count} {output}")
    print("Its positions, and whether the run has the same:")
    opened = {position.instrument: held(position) for position in result.open_positions}
    for instrument in state.instruments:
        holds = held(instrument.position)
        print(f"  {instrument.name}: {holds}, {holds == opened.get(instrument.index, 'nothing')}")
    print("Its balances, and whether the run has the same:")
    for asset in state.assets:
        same = asset.balance == result.balances[f"{asset.exchange.value}_{asset.name}"]
        print(f"  {asset.name}: {asset.balance.total if asset.balance else 'none'}, {same}")
    return result, state


if __name__ == "__main__":
    main()
