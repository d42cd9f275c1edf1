"""Orders, fills and the events of an account."""

from __future__ import annotations

from decimal import Decimal

import barter_python as bp
from barter_python import Side
from rejected.shared import ID, KEY

bp.Balance(total=1, free=0.5)  # type: ignore[arg-type]
bp.RequestOpen(Side.BUY, 1.5, Decimal(1), bp.OrderKind.MARKET, bp.TimeInForce.FILL_OR_KILL)  # type: ignore[arg-type]
bp.OrderRequestOpen(KEY)  # type: ignore[call-arg]
bp.OrderRequestCancel("cid")  # type: ignore[arg-type]
bp.OrderKey(0, 0, "typed", bp.ClientOrderId("cid"))  # type: ignore[arg-type]
bp.OrderKey(0, 0, ID, "cid")  # type: ignore[arg-type]
bp.OrderKey(0, 0, bp.ClientOrderId("cid"), bp.ClientOrderId("cid"))  # type: ignore[arg-type]
KEY.cid = bp.ClientOrderId("another")  # type: ignore[misc]


def with_events_of_accounts(event: bp.AccountEvent, failure: bp.OrderFailure) -> None:
    """Misuse the records."""
    bp.AccountEvent(0, bp.Balance(total=1, free=1))  # type: ignore[arg-type]
    bp.AccountEvent(0, event)  # type: ignore[arg-type]
    bp.AccountEvent(bp.ExchangeId.KRAKEN, bp.AccountSnapshot(0, [], []))  # type: ignore[arg-type]
    bp.AccountSnapshot(0, [bp.Balance(total=1, free=1)], [])  # type: ignore[list-item]
    bp.AccountReconnecting(0)  # type: ignore[arg-type]
    bp.OrderFailure("timeout")  # type: ignore[arg-type]
    bp.OrderFailure(bp.OrderFailureKind.CONNECTIVITY)  # type: ignore[attr-defined]
    bp.OrderFailure(bp.OrderFailureKind.SOCKET, message="lost")  # type: ignore[call-arg]
    failure.message = "another"  # type: ignore[misc]
    failure.detail.upper()  # type: ignore[union-attr]
    event.kind.quantity  # type: ignore[union-attr]
